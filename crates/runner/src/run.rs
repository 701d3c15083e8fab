//! Many executions at once: they wait on the network, so there may be far more than there are cores.

use crate::{
    clock::Clock,
    context::ExecutionContext,
    control::{Cause, Control},
    emitter::Emitter,
    execution::{Done, Execution, Head, scope_of},
    pending::{Exports, Next, Pending},
    recorder::Recorder,
    registry::Actions,
};
use std::{collections::HashMap, ops::Range, path::PathBuf, sync::Arc, time::Duration};
use testmesh_events::{ExecutionId, Line, Masker, SourceText, Stage, Status, fingerprint};
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
    /// What it shares with others that must not run at the same time, besides what the flow says itself.
    pub exclusive: Vec<Arc<str>>,
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

/// What a run executes.
#[derive(Clone, Default)]
pub struct Stages {
    /// First, one after another. If one does not pass, the rest of them and `flows` are not begun.
    pub before: Vec<Request>,
    pub flows: Vec<Request>,
    /// Last, one after another, whatever came of the others.
    pub after: Vec<Request>,
}

impl From<Vec<Request>> for Stages {
    fn from(flows: Vec<Request>) -> Self {
        Self { flows, ..Self::default() }
    }
}

/// Executes everything; what happened is with the recorder when it returns.
pub async fn run(stages: impl Into<Stages>, actions: &Actions, options: &Options, control: &Control, recorder: &Recorder) -> Summary {
    let Stages { before, flows, after } = stages.into();
    record_sources(before.iter().chain(&flows).chain(&after), recorder).await;
    let bound = options.timeout.map(|timeout| watchdog(timeout, control.clone()));
    let mut going = Going { actions, options, recorder, summary: Summary::default(), exports: Exports::default() };
    if going.in_order(before, Stage::Before, control).await {
        going.at_once(flows, control).await;
    } else {
        going.summary.not_run.extend(Pending::new(flows, None, &going.exports).not_begun());
    }
    if let Some(bound) = bound {
        bound.abort();
    }
    let last = control.after();
    let bound = options.timeout.map(|_| watchdog(AFTER, last.clone()));
    going.in_order(after, Stage::After, &last).await;
    if let Some(bound) = bound {
        bound.abort();
    }
    going.summary
}

/// Of a run that is bounded the flows after all others have this long, as a teardown has.
const AFTER: Duration = Duration::from_mins(1);

fn watchdog(timeout: Duration, control: Control) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        tokio::time::sleep(timeout).await;
        control.stop(Cause::Timeout);
    })
}

/// A run on its way.
struct Going<'a> {
    actions: &'a Actions,
    options: &'a Options,
    recorder: &'a Recorder,
    summary: Summary,
    exports: Exports,
}

impl Going<'_> {
    /// One after another. Flows of `before` that follow one that did not pass are not begun; whether all passed.
    async fn in_order(&mut self, requests: Vec<Request>, stage: Stage, control: &Control) -> bool {
        let mut all_passed = true;
        for request in requests {
            let mut pending = Pending::new(vec![request], Some(stage), &self.exports);
            let may_begin = !control.is_stopped() && (all_passed || stage == Stage::After);
            let Some(next) = may_begin.then(|| pending.next()).flatten() else {
                self.summary.not_run.extend(pending.not_begun());
                all_passed = false;
                continue;
            };
            let secrets = next.given.secrets.clone();
            let mut running = JoinSet::new();
            self.spawn(next, control, &mut running);
            let Some(ended) = running.join_next().await else { continue };
            all_passed &= matches!(&ended, Ok(done) if done.status == Status::Passed);
            if let (Stage::Before, Ok(done)) = (stage, &ended) {
                self.exports.add(&done.output, secrets.all());
            }
            self.take(ended);
        }
        all_passed
    }

    async fn at_once(&mut self, requests: Vec<Request>, control: &Control) {
        let mut pending = Pending::new(requests, None, &self.exports);
        let mut running: JoinSet<Done> = JoinSet::new();
        // Which flow a task executes.
        let mut flows: HashMap<tokio::task::Id, usize> = HashMap::new();
        loop {
            let failed = self.options.fail_fast && self.summary.worst().is_some_and(|worst| worst != Status::Passed);
            let may_begin = running.len() < self.options.parallel.max(1) && !failed && !control.is_stopped();
            if let Some(next) = may_begin.then(|| pending.next()).flatten() {
                let flow = next.flow;
                let task = self.spawn(next, control, &mut running);
                flows.insert(task, flow);
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
            self.take(ended.map(|(_, done)| done));
        }
        self.summary.not_run.extend(pending.not_begun());
    }

    fn spawn(&self, next: Next, control: &Control, running: &mut JoinSet<Done>) -> tokio::task::Id {
        let (actions, options, control, recorder) = (self.actions.clone(), self.options.clone(), control.clone(), self.recorder.clone());
        running.spawn(async move { execute(next, &actions, &options, control, recorder).await }).id()
    }

    fn take(&mut self, ended: Result<Done, tokio::task::JoinError>) {
        match ended {
            Ok(done) => self.summary.count(done.status),
            Err(error) => self.summary.broken.push(error.to_string()),
        }
    }
}

async fn execute(next: Next, actions: &Actions, options: &Options, control: Control, recorder: Recorder) -> Done {
    let Next { request, place, sources, stage, row, given, .. } = next;
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
    let head = Head { run_seed: options.seed.to_string(), sources: sources.to_vec(), stage, row };
    Box::pin(execution.run(plan, scope, head)).await
}

/// Records each source text once, with every secret that is known before anything runs taken out in place, so that spans stay true.
async fn record_sources(requests: impl Iterator<Item = &Request> + Clone, recorder: &Recorder) {
    let known: Vec<KnownSecrets> = requests.clone().map(|request| request.plan.known_secrets()).collect();
    let masker = Masker::new(known.iter().flat_map(|secrets| &secrets.texts).map(AsRef::as_ref));
    // The documents of a file share its text, and each has places of its own.
    let mut places: HashMap<(String, Arc<str>), Vec<Range<usize>>> = HashMap::new();
    let mut order = Vec::new();
    for (request, secrets) in requests.zip(&known) {
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
