//! Many executions at once: they wait on the network, so there may be far more than there are cores.

use crate::{
    clock::Clock,
    context::ExecutionContext,
    control::{Cause, Control},
    emitter::Emitter,
    execution::{Execution, scope_of},
    recorder::Recorder,
    registry::Actions,
};
use std::{
    collections::HashMap,
    ops::Range,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use testmesh_events::{ExecutionId, Line, Masker, SourceText, Status, fingerprint};
use testmesh_flow::{
    plan::{KnownSecrets, Plan},
    random::Seed,
    scope::Given,
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::JoinSet,
};

/// A flow to execute.
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
    /// Files of flows that were selected and not begun.
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
    let slots = Arc::new(Semaphore::new(options.parallel.max(1)));
    let mut running: JoinSet<Ended> = JoinSet::new();
    for (request, place) in places(&requests).into_iter().zip(requests).map(|(place, request)| (request, place)) {
        let slot = loop {
            tokio::select! {
                biased;
                () = control.stopped() => break None,
                Some(ended) = running.join_next() => take(&mut summary, ended),
                slot = slots.clone().acquire_owned() => break slot.ok(),
            }
        };
        let failed = options.fail_fast && summary.worst().is_some_and(|worst| worst != Status::Passed);
        let Some(slot) = slot.filter(|_| !failed && !control.is_stopped()) else {
            summary.not_run.push(request.plan.file.to_string());
            continue;
        };
        let (actions, options, control, recorder) = (actions.clone(), options.clone(), control.clone(), recorder.clone());
        running.spawn(async move {
            let status = execute(&request, &place, &actions, &options, control, recorder).await;
            Ended { status, _slot: slot }
        });
    }
    while let Some(ended) = running.join_next().await {
        take(&mut summary, ended);
    }
    summary
}

/// An execution that has ended. It keeps its slot until it is counted, so that whoever gets the slot next knows of it.
struct Ended {
    status: Status,
    _slot: OwnedSemaphorePermit,
}

fn take(summary: &mut Summary, ended: Result<Ended, tokio::task::JoinError>) {
    match ended {
        Ok(ended) => summary.count(ended.status),
        Err(error) => summary.broken.push(error.to_string()),
    }
}

async fn execute(request: &Request, place: &str, actions: &Actions, options: &Options, control: Control, recorder: Recorder) -> Status {
    let plan = &request.plan;
    let seed = options.seed.derive(place);
    let id = ExecutionId(seed.derive("execution").uuid());
    let given = Given::default();
    let secrets = given.secrets.clone();
    let scope = scope_of(plan, id.to_string().into(), seed, given);
    let execution = Execution {
        actions,
        context: ExecutionContext { folder: request.folder.clone(), ..ExecutionContext::default() },
        clock: options.clock.clone(),
        control,
        emitter: Emitter::new(recorder, id, options.clock.clone(), secrets),
    };
    Box::pin(execution.run(plan, scope, &options.seed.to_string())).await
}

/// What tells the executions of a run apart, and their randomness: the stem of the file, the document and the flow's name, so that a seed
/// repeats wherever the folder stands. Of several that are alike the later ones are counted.
fn places(requests: &[Request]) -> Vec<String> {
    let mut seen: HashMap<String, u32> = HashMap::new();
    let place = |request: &Request| {
        let plan = &request.plan;
        let stem = Path::new(&*plan.file).file_stem().map_or_else(|| plan.file.to_string(), |stem| stem.to_string_lossy().into_owned());
        let place = format!("{stem}/{}/{}", plan.document, plan.name);
        let count = seen.entry(place.clone()).or_default();
        *count += 1;
        if *count == 1 { place } else { format!("{place}/{count}") }
    };
    requests.iter().map(place).collect()
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
