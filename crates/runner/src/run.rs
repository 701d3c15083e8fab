//! Many executions at once: they wait on the network, so there may be far more than there are cores.

use crate::{
    clock::Clock,
    context::ExecutionContext,
    control::{Cause, Control},
    emitter::Emitter,
    execution::{Execution, Head, scope_of},
    pending::{Next, Pending},
    recorder::Recorder,
    registry::Actions,
};
use std::{collections::HashMap, ops::Range, path::PathBuf, sync::Arc, time::Duration};
use testmesh_events::{ExecutionId, Line, Masker, SourceText, Status, fingerprint};
use testmesh_flow::{
    plan::{KnownSecrets, Plan},
    random::Seed,
};
use tokio::task::JoinSet;

/// A flow to execute: once, or once for each row of its data.
#[derive(Clone)]
pub struct Request {
    pub plan: Arc<Plan>,
    /// The folder of its file, for paths in configs.
    pub folder: PathBuf,
}

/// How a run goes about its executions.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many executions run at the same time, at most.
    pub parallel: usize,
    /// Begin no further execution after one that did not pass.
    pub fail_fast: bool,
    /// Bounds the whole run.
    pub timeout: Option<Duration>,
    pub seed: Seed,
    pub clock: Clock,
}

/// What came of the executions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    pub passed: u64,
    pub failed: u64,
    pub errored: u64,
    pub cancelled: u64,
    /// Files of flows that were selected and not begun; rows of their data with their numbers.
    pub not_run: Vec<String>,
    /// Executions that ended in a way that should not happen, in words.
    pub broken: Vec<String>,
}

impl Summary {
    /// The worst of all executions; `None` when none ran.
    pub fn worst(&self) -> Option<Status> {
        let counts = [
            (self.cancelled, Status::Cancelled),
            (self.failed, Status::Failed),
            (self.errored, Status::Errored),
            (self.passed, Status::Passed),
        ];
        counts.into_iter().find(|(count, _)| *count > 0).map(|(_, status)| status)
    }

    fn count(&mut self, status: Status) {
        match status {
            Status::Passed => self.passed += 1,
            Status::Failed => self.failed += 1,
            Status::Errored => self.errored += 1,
            Status::Cancelled => self.cancelled += 1,
        }
    }
}

/// Executes all requests; everything that happened is with the recorder when it returns.
pub async fn run(requests: Vec<Request>, actions: &Actions, options: &Options, control: &Control, recorder: &Recorder) -> Summary {
    record_sources(&requests, recorder).await;
    let watchdog = options.timeout.map(|timeout| {
        let control = control.clone();
        tokio::spawn(async move {
            tokio::time::sleep(timeout).await;
            control.stop(Cause::Timeout);
        })
    });
    let summary = all(requests, actions, options, control, recorder).await;
    if let Some(watchdog) = watchdog {
        watchdog.abort();
    }
    summary
}

async fn all(requests: Vec<Request>, actions: &Actions, options: &Options, control: &Control, recorder: &Recorder) -> Summary {
    let mut summary = Summary::default();
    let mut pending = Pending::new(requests);
    let mut running: JoinSet<Status> = JoinSet::new();
    // Which flow a task executes.
    let mut flows: HashMap<tokio::task::Id, usize> = HashMap::new();
    loop {
        let failed = options.fail_fast && summary.worst().is_some_and(|worst| worst != Status::Passed);
        let may_begin = running.len() < options.parallel.max(1) && !failed && !control.is_stopped();
        if let Some(next) = may_begin.then(|| pending.next()).flatten() {
            let (actions, options, control, recorder) = (actions.clone(), options.clone(), control.clone(), recorder.clone());
            let flow = next.flow;
            let task = running.spawn(async move { execute(next, &actions, &options, control, recorder).await });
            flows.insert(task.id(), flow);
            continue;
        }
        let Some(ended) = running.join_next_with_id().await else { break };
        let id = match &ended {
            Ok((id, _)) => *id,
            Err(error) => error.id(),
        };
        if let Some(flow) = flows.remove(&id) {
            pending.ended(flow);
        }
        match ended {
            Ok((_, status)) => summary.count(status),
            Err(error) => summary.broken.push(error.to_string()),
        }
    }
    summary.not_run = pending.not_begun();
    summary
}

async fn execute(next: Next, actions: &Actions, options: &Options, control: Control, recorder: Recorder) -> Status {
    let Next { request, place, sources, row, given, .. } = next;
    let plan = &request.plan;
    let seed = options.seed.derive(&place);
    let id = ExecutionId(seed.derive("execution").uuid());
    let secrets = given.secrets.clone();
    let scope = scope_of(plan, id.to_string().into(), seed, given);
    let execution = Execution {
        actions,
        context: ExecutionContext { folder: request.folder.clone(), ..ExecutionContext::default() },
        clock: options.clock.clone(),
        control,
        emitter: Emitter::new(recorder, id, options.clock.clone(), secrets),
    };
    let head = Head { run_seed: options.seed.to_string(), sources: sources.to_vec(), row };
    Box::pin(execution.run(plan, scope, head)).await
}

/// Records each source text once, with every secret that is known before anything runs taken out in place, so that spans stay true.
async fn record_sources(requests: &[Request], recorder: &Recorder) {
    let known: Vec<KnownSecrets> = requests.iter().map(|request| request.plan.known_secrets()).collect();
    let masker = Masker::new(known.iter().flat_map(|secrets| &secrets.texts).map(AsRef::as_ref));
    // The documents of a file share its text, and each has places of its own.
    let mut places: HashMap<(String, Arc<str>), Vec<Range<usize>>> = HashMap::new();
    let mut order = Vec::new();
    for (request, secrets) in requests.iter().zip(&known) {
        for (id, source) in request.plan.sources.iter() {
            let key = (fingerprint(source.text()), source.name().clone());
            if !places.contains_key(&key) {
                order.push((key.clone(), source));
            }
            places.entry(key).or_default().extend(secrets.places.iter().filter(|place| place.source == id).map(|place| place.range()));
        }
    }
    for (key, source) in order {
        let shown = masker.mask_source(source, places.get(&key).map_or(&[], Vec::as_slice));
        let (hash, name) = key;
        recorder.line(Line::Source(SourceText { hash, name: name.to_string(), text: shown.text().to_string() })).await;
    }
}
