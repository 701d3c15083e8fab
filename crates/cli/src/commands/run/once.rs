//! One run: its header, what is executed, its footer and exit code.

use super::Call;
use crate::{
    exit::Exit,
    load::{Loaded, Problems},
    output,
};
use jiff::Timestamp;
use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    sync::{Arc, atomic::Ordering},
    time::Instant,
};
use testmesh_events::{Line, Mask, Repetition, RunFooter, RunHeader, SourceText, fingerprint};
use testmesh_flow::{plan::Plan, random::Seed};
use testmesh_runner::{Cause, Clock, Control, Options, Request, Stages, Summary};

impl Call<'_> {
    /// Makes one run: all flows, once.
    pub(super) async fn run(&self, seed: Seed, repetition: Option<Repetition>, control: &Control) -> Exit {
        let began = Instant::now();
        let started = Timestamp::now();
        let warned = || self.noticed.warnings.load(Ordering::Relaxed);
        let warned_before = warned();
        for mut line in opening(self, started, seed, repetition) {
            match &mut line {
                Line::Source(_) => line.mask(&|text| Some(self.masker.mask_in_place(text).into_owned())),
                line => line.mask(&|text| Some(self.masker.mask(text).into_owned())),
            }
            self.recorder.line(line).await;
        }
        let (stages, blocked) = self.stages();
        let options = Options {
            parallel: self.settings.parallel,
            fail_fast: self.args.fail_fast,
            timeout: self.settings.timeout,
            seed,
            clock: Clock::starting_at(started, self.settings.zone.clone()),
        };
        let mut summary = testmesh_runner::run(stages, self.actions, &options, control, self.recorder).await;
        summary.not_run.extend(blocked);
        let mut exit = exit_of(&summary, self.loaded, control);
        if self.args.selection.deny.is_some() && warned() > warned_before {
            exit = exit.worse(Exit::Invalid);
        }
        if self.noticed.mistakes.load(Ordering::Relaxed) > 0 {
            exit = exit.worse(Exit::Internal);
        }
        self.recorder.line(Line::End(footer(&summary, exit, began))).await;
        for broken in &summary.broken {
            output::error(&format!("an execution ended in a way that should not happen: {broken}"));
        }
        exit
    }
}

impl Call<'_> {
    /// What is to be executed, and what cannot be: when the flows around all others are wrong, none is.
    fn stages(&self) -> (Stages, Vec<String>) {
        let loaded = self.loaded;
        let around = &loaded.stages;
        // What nothing follows needs no ground.
        if loaded.plans.is_empty() && loaded.staged == 0 {
            return (Stages::default(), Vec::new());
        }
        if around.blocked {
            return (Stages::default(), loaded.plans.iter().map(|plan| plan.file.to_string()).collect());
        }
        let request = |plan: &Arc<Plan>| Request { plan: plan.clone(), folder: folder_of(&plan.file), exclusive: loaded.exclusive(plan) };
        let requests = |plans: &[Arc<Plan>]| plans.iter().map(request).collect::<Vec<_>>();
        (Stages { before: requests(&around.before), flows: requests(&loaded.plans), after: requests(&around.after) }, Vec::new())
    }
}

/// The header, and the texts of files that there is something to say about.
fn opening(call: &Call, started: Timestamp, seed: Seed, repetition: Option<Repetition>) -> Vec<Line> {
    let Call { args, loaded, .. } = call;
    let mut selection = args.selection.paths.clone();
    selection.extend(args.selection.tags.iter().map(|tags| format!("--tag {tags}")));
    selection.extend(args.selection.suite.iter().map(|suite| format!("--suite {suite}")));
    selection.extend(args.selection.rows.iter().map(|row| format!("--row {row}")));
    selection.extend(args.values.environment.iter().map(|name| format!("--env {name}")));
    let header = RunHeader {
        format: 1,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        host: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        started,
        seed: seed.to_string(),
        repetition,
        selection,
        executions: loaded.executions(),
        invalid: loaded.invalid.iter().map(Problems::record).collect(),
        warned: loaded.warned.iter().map(Problems::record).collect(),
        left_out: loaded.not_taken(),
    };
    let mut lines = vec![Line::Run(header)];
    let mut seen = HashSet::new();
    for (_, source) in loaded.invalid.iter().chain(&loaded.warned).flat_map(|file| file.sources.iter()) {
        let hash = fingerprint(source.text());
        if seen.insert(hash.clone()) {
            lines.push(Line::Source(SourceText { hash, name: source.name().to_string(), text: source.text().to_string() }));
        }
    }
    lines
}

fn footer(summary: &Summary, exit: Exit, began: Instant) -> RunFooter {
    RunFooter {
        finished: Timestamp::now(),
        duration_ms: (began.elapsed().as_secs_f64() * 1e6).round() / 1e3,
        status: summary.worst(),
        exit_code: exit.code(),
        passed: summary.passed,
        failed: summary.failed,
        errored: summary.errored,
        cancelled: summary.cancelled,
        not_run: summary.not_run.clone(),
    }
}

/// When several apply: 130, 5, 2, 1, 4.
fn exit_of(summary: &Summary, loaded: &Loaded, control: &Control) -> Exit {
    let statuses = [(summary.cancelled, Exit::Interrupted), (summary.failed, Exit::Failed), (summary.errored, Exit::Errored)];
    let mut exit = statuses.into_iter().filter(|(count, _)| *count > 0).fold(Exit::Passed, |exit, (_, other)| exit.worse(other));
    if !summary.broken.is_empty() {
        exit = exit.worse(Exit::Internal);
    }
    if !loaded.invalid.is_empty() {
        exit = exit.worse(Exit::Invalid);
    }
    match control.cause() {
        Some(Cause::Interrupt) => exit.worse(Exit::Interrupted),
        Some(Cause::Timeout) => exit.worse(Exit::Errored),
        None => exit,
    }
}

fn folder_of(file: &str) -> PathBuf {
    Path::new(file).parent().map(Path::to_path_buf).unwrap_or_default()
}
