//! `testmesh run`.

mod repeat;

use crate::{
    args::{Format, Run},
    exit::Exit,
    load::{Loaded, Problems},
    output,
    project::Project,
    signals,
    sinks::{self, ConsoleSink, JsonSink, Warnings},
};
use jiff::{Timestamp, tz::TimeZone};
use std::{
    collections::HashSet,
    io::IsTerminal,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use testmesh_events::{Line, Mask, Masker, Repetition, RunFooter, RunHeader, SourceText, fingerprint};
use testmesh_flow::{
    Code, duration,
    plan::{self, Inputs, Step},
    random::{NoSeed, Seed},
};
use testmesh_report::{ConsoleOptions, Verbosity};
use testmesh_runner::{Actions, Cause, Clock, Control, Options, Recorder, Request, STACK, Sink, Stages, Summary};
use tokio::runtime::Builder;

pub(super) fn run(args: &Run) -> anyhow::Result<Exit> {
    let actions = testmesh_actions::all();
    let project = match super::project() {
        Ok(project) => project,
        Err(exit) => return Ok(exit),
    };
    let settings = match Settings::read(args, project.as_ref()) {
        Ok(settings) => settings,
        Err(words) => {
            output::error(&words);
            return Ok(Exit::Usage);
        }
    };
    let (loaded, inputs) = match super::loaded(&args.selection, &args.values, project.as_ref(), &actions.catalog()) {
        Ok(loaded) => loaded,
        Err(exit) => return Ok(exit),
    };
    if args.plan_only {
        return dry_run(args, &loaded);
    }
    if loaded.is_empty() {
        output::refuse(Code::NothingSelected, &loaded.why_nothing(&args.selection));
        return Ok(Exit::Usage);
    }
    let alone = loaded.executions() == 1;
    let executing = execute(args, &actions, settings, &loaded, &inputs);
    if alone { on_one_thread(executing) } else { run_on(Builder::new_multi_thread().thread_stack_size(STACK), executing) }
}

/// Runs one flow. It waits far more than it computes: handing what happens from thread to thread would cost more than all the rest.
fn on_one_thread(executing: impl Future<Output = anyhow::Result<Exit>> + Send) -> anyhow::Result<Exit> {
    std::thread::scope(|scope| {
        let running = || run_on(&mut Builder::new_current_thread(), executing);
        let thread = std::thread::Builder::new().name("testmesh-run".to_owned()).stack_size(STACK).spawn_scoped(scope, running)?;
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

fn run_on(builder: &mut Builder, executing: impl Future<Output = anyhow::Result<Exit>>) -> anyhow::Result<Exit> {
    let runtime = builder.enable_all().build()?;
    let exit = runtime.block_on(executing);
    // A host name that is being looked up cannot be interrupted; it is not waited for.
    runtime.shutdown_timeout(Duration::from_millis(100));
    exit
}

/// What the command line says about how to run.
struct Settings {
    parallel: usize,
    timeout: Option<Duration>,
    seed: Seed,
    zone: TimeZone,
}

impl Settings {
    fn read(args: &Run, project: Option<&Project>) -> Result<Self, String> {
        let parallel = args.parallel.map(|count| count as usize).or_else(|| project.and_then(|project| project.parallel)).unwrap_or(100);
        let timeout = args.timeout.as_deref().map(duration::parse).transpose().map_err(|bad| format!("`--timeout`: {bad}"))?;
        if timeout.is_some_and(|timeout| timeout.is_zero()) {
            return Err("`--timeout`: no flow can run in no time; leave it out for a run without a bound".to_owned());
        }
        let seed = match &args.seed {
            Some(text) => {
                text.parse().map_err(|NoSeed| format!("`--seed {text}` is no seed: it is the number that an earlier run printed"))?
            }
            None => fresh_seed(),
        };
        // The zones stand in a tree of files, which is not looked through for the one that needs none.
        let zone = if args.tz == "UTC" { Ok(TimeZone::UTC) } else { TimeZone::get(&args.tz) };
        let zone = zone.map_err(|error| format!("`--tz {}`: {error}", args.tz))?;
        Ok(Self { parallel, timeout, seed, zone })
    }
}

/// A seed that no other run has.
fn fresh_seed() -> Seed {
    use std::hash::{BuildHasher, Hasher, RandomState};
    let mut hasher = RandomState::new().build_hasher();
    hasher.write_u128(Timestamp::now().as_nanosecond().unsigned_abs());
    hasher.write_u32(std::process::id());
    Seed::new(hasher.finish())
}

/// What the runs of a call share.
struct Call<'a> {
    args: &'a Run,
    actions: &'a Actions,
    settings: &'a Settings,
    loaded: &'a Loaded,
    /// Hides what is secret in what is said before anything runs.
    masker: Masker,
    recorder: &'a Recorder,
    warned: &'a AtomicU64,
}

async fn execute(args: &Run, actions: &Actions, settings: Settings, loaded: &Loaded, inputs: &Inputs) -> anyhow::Result<Exit> {
    let warned = Arc::new(AtomicU64::new(0));
    let sinks = match sinks(args) {
        Ok(sinks) => sinks,
        Err(words) => {
            output::error(&words);
            return Ok(Exit::Errored);
        }
    };
    if args.format == Format::Human {
        say_warnings(loaded);
    }
    let control = Control::default();
    let listening = signals::listen(control.clone())?;
    // Required, so that every warning is counted when the run returns: the exit code depends on it.
    let (recorder, feeding) = Recorder::start(vec![Box::new(Warnings(warned.clone()))], sinks);
    let masker =
        Masker::new(inputs.caller.iter().chain(&inputs.environment).filter(|input| input.secret).filter_map(|input| input.value.as_str()));
    let call = Call { args, actions, settings: &settings, loaded, masker, recorder: &recorder, warned: &warned };
    let repeated = repeat::all(&call, &control).await;
    listening.abort();
    drop(recorder);
    let failures = feeding.finish().await;
    for failure in failures.iter().filter(|failure| !failure.contains("Broken pipe")) {
        output::error(&format!("{failure}; what was written is not complete"));
    }
    if args.format == Format::Human {
        output::print(&repeated.words())?;
    }
    Ok(if failures.is_empty() { repeated.exit } else { repeated.exit.worse(Exit::Errored) })
}

impl Call<'_> {
    /// Makes one run: all flows, once.
    async fn run(&self, seed: Seed, repetition: Option<Repetition>, control: &Control) -> Exit {
        let began = Instant::now();
        let started = Timestamp::now();
        let warned_before = self.warned.load(Ordering::Relaxed);
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
        if self.args.selection.deny.is_some() && self.warned.load(Ordering::Relaxed) > warned_before {
            exit = exit.worse(Exit::Invalid);
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
        if around.blocked {
            return (Stages::default(), loaded.plans.iter().map(|plan| plan.file.to_string()).collect());
        }
        let request =
            |plan: &Arc<plan::Plan>| Request { plan: plan.clone(), folder: folder_of(&plan.file), exclusive: loaded.exclusive(plan) };
        let requests = |plans: &[Arc<plan::Plan>]| plans.iter().map(request).collect::<Vec<_>>();
        (Stages { before: requests(&around.before), flows: requests(&loaded.plans), after: requests(&around.after) }, Vec::new())
    }
}

fn sinks(args: &Run) -> Result<Vec<Box<dyn Sink>>, String> {
    let mut sinks: Vec<Box<dyn Sink>> = Vec::new();
    match args.format {
        Format::Human => {
            let verbosity = match (args.quiet, args.verbose) {
                (true, _) => Verbosity::Quiet,
                (_, true) => Verbosity::Verbose,
                _ => Verbosity::Normal,
            };
            let live = std::io::stdout().is_terminal() && verbosity == Verbosity::Normal;
            sinks.push(Box::new(ConsoleSink::new(ConsoleOptions { style: output::stdout_style(), live, verbosity })));
        }
        Format::Json => sinks.push(Box::new(JsonSink::default())),
        Format::Jsonl => sinks.push(Box::new(sinks::stdout_lines())),
    }
    if let Some(path) = &args.record {
        let record = sinks::record(path).map_err(|error| format!("the record {} cannot be written: {error}", path.display()))?;
        sinks.push(Box::new(record));
    }
    Ok(sinks)
}

fn say_warnings(loaded: &Loaded) {
    for file in &loaded.warned {
        output::say(&testmesh_report::diagnostics(&file.diagnostics, &file.sources, &output::stderr_style()));
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

fn folder_of(file: &str) -> std::path::PathBuf {
    Path::new(file).parent().map(Path::to_path_buf).unwrap_or_default()
}

/// Prints what would run.
fn dry_run(args: &Run, loaded: &Loaded) -> anyhow::Result<Exit> {
    super::validate::say_problems(loaded);
    if loaded.is_empty() {
        output::refuse(Code::NothingSelected, &loaded.why_nothing(&args.selection));
        return Ok(Exit::Usage);
    }
    let mut text = String::new();
    for (plan, stage) in super::in_order(loaded) {
        let stage = stage.map(|stage| format!("  {}", stage.name())).unwrap_or_default();
        text.push_str(&format!("{} ({}){stage}\n", plan.name, plan.file));
        let exclusive = loaded.exclusive(plan);
        if !exclusive.is_empty() {
            text.push_str(&format!("  exclusive: {}\n", exclusive.join(", ")));
        }
        for row in super::rows(plan) {
            text.push_str(&format!("  {row}\n"));
        }
        for (phase, steps) in [("setup", &plan.setup), ("steps", &plan.steps), ("teardown", &plan.teardown)] {
            for step in steps {
                planned(step, phase, 0, &mut text);
            }
        }
    }
    output::print(&text)?;
    Ok(if loaded.invalid.is_empty() { Exit::Passed } else { Exit::Invalid })
}

/// A step and those inside it, each deeper by two; of a called flow the name.
fn planned(step: &Step, phase: &str, depth: usize, text: &mut String) {
    let disabled = if step.disabled { "  disabled" } else { "" };
    let id = format!("{:indent$}{}", "", step.id, indent = depth * 2);
    let called = match step.control.as_deref() {
        Some(plan::Control::RunFlow(call)) => format!("  {} ({})", call.plan.name, call.plan.file),
        _ => String::new(),
    };
    text.push_str(&format!("  {phase:<9} {id:<30} {}{called}{disabled}\n", step.action.name));
    for inner in step.control.iter().flat_map(|control| control.lists()).flatten() {
        planned(inner, "", depth + 1, text);
    }
}
