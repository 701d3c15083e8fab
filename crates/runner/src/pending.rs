//! What a run has still to begin: the executions of its flows in order, those of one flow's rows a few at a time.

use crate::run::Request;
use std::{
    collections::{HashMap, HashSet},
    path::Path,
    sync::Arc,
};
use testmesh_events::{RowHead, SourceRef, Stage, fingerprint};
use testmesh_flow::{
    Map,
    plan::Plan,
    scope::{Given, Secrets},
};

/// The flows of a run, and how far each has come.
pub(crate) struct Pending {
    flows: Vec<Flow>,
    /// Flows before this one have begun all their executions.
    first: usize,
    /// They run before or after all others.
    stage: Option<Stage>,
    exports: Arc<Map>,
    /// Masked from the beginning.
    secrets: Vec<Arc<str>>,
    /// What executions that run share with others, and how many run.
    held: HashSet<Arc<str>>,
    running: usize,
}

/// What flows that ran before have given to all others.
#[derive(Default)]
pub(crate) struct Exports {
    values: Arc<Map>,
    secrets: Vec<Arc<str>>,
}

impl Exports {
    /// Adds what a flow exports, and what was secret in it.
    pub(crate) fn add(&mut self, output: &Map, secrets: Vec<Arc<str>>) {
        let values = Arc::make_mut(&mut self.values);
        for (name, value) in output.iter() {
            values.insert(name.clone(), value.clone());
        }
        self.secrets = secrets;
    }
}

/// The name that is shared with every flow: what has it runs alone.
const ALL: &str = "all";

struct Flow {
    request: Request,
    /// What tells it from the other flows of the run.
    place: String,
    sources: Arc<[SourceRef]>,
    /// How many executions it has in all.
    of: usize,
    /// What it shares with flows that must not run at the same time.
    exclusive: Vec<Arc<str>>,
    begun: usize,
    running: usize,
}

/// An execution that is to begin.
pub(crate) struct Next {
    /// The ordinal of its flow, for [`Pending::ended`].
    pub(crate) flow: usize,
    pub(crate) request: Request,
    /// Where it stands in the run: its randomness comes from that.
    pub(crate) place: String,
    pub(crate) sources: Arc<[SourceRef]>,
    pub(crate) stage: Option<Stage>,
    pub(crate) row: Option<RowHead>,
    pub(crate) given: Given,
}

impl Pending {
    pub(crate) fn new(requests: Vec<Request>, stage: Option<Stage>, exports: &Exports) -> Self {
        let places = places(&requests, stage);
        let flow = |(request, place): (Request, String)| {
            let exclusive = request.plan.exclusive.iter().chain(&request.exclusive).cloned().collect();
            let sources = request.plan.sources.iter();
            let sources = sources.map(|(_, source)| SourceRef { name: source.name().to_string(), hash: fingerprint(source.text()) });
            Flow { sources: sources.collect(), place, of: request.plan.executions(), exclusive, begun: 0, running: 0, request }
        };
        Self {
            flows: requests.into_iter().zip(places).map(flow).collect(),
            first: 0,
            stage,
            exports: exports.values.clone(),
            secrets: exports.secrets.clone(),
            held: HashSet::new(),
            running: 0,
        }
    }

    /// The next execution that may begin: the first of the first flow that does not run as many of its rows as it may, and shares nothing with
    /// what runs. Others overtake one that waits, so no slot is idle; as flows are finite, each has its turn.
    pub(crate) fn next(&mut self) -> Option<Next> {
        while self.flows.get(self.first).is_some_and(|flow| flow.begun == flow.of) {
            self.first += 1;
        }
        let Self { held, running, .. } = self;
        let free = |flow: &Flow| flow.may_begin() && flow.is_apart(held, *running);
        let (ordinal, flow) = self.flows.iter_mut().enumerate().skip(self.first).find(|(_, flow)| free(flow))?;
        self.held.extend(flow.exclusive.iter().cloned());
        self.running += 1;
        let mut next = flow.begin(ordinal);
        next.stage = self.stage;
        next.given.exports = self.exports.clone();
        next.given.secrets = Arc::new(Secrets::of(self.secrets.clone()));
        Some(next)
    }

    /// An execution of the flow has ended.
    pub(crate) fn ended(&mut self, flow: usize) {
        self.running = self.running.saturating_sub(1);
        if let Some(flow) = self.flows.get_mut(flow) {
            flow.running = flow.running.saturating_sub(1);
            // Nothing else that runs has one of these names.
            self.held.retain(|name| !flow.exclusive.contains(name));
        }
    }

    /// What was not begun, by the names of the files; rows with their numbers.
    pub(crate) fn not_begun(&self) -> Vec<String> {
        let left = self.flows.iter().filter(|flow| flow.begun < flow.of);
        let name = |flow: &Flow| {
            let file = &flow.request.plan.file;
            let rows = flow.request.plan.each_row().and_then(|rows| rows.rows.get(flow.begun..));
            match rows.unwrap_or_default() {
                [] => file.to_string(),
                [row] => format!("{file} [row {}]", row.number),
                rows @ [first, .., last] if last.number - first.number + 1 == rows.len() => {
                    format!("{file} [rows {} to {}]", first.number, last.number)
                }
                rows => {
                    let numbers: Vec<_> = rows.iter().map(|row| row.number.to_string()).collect();
                    format!("{file} [rows {}]", numbers.join(", "))
                }
            }
        };
        left.map(name).collect()
    }
}

impl Flow {
    fn may_begin(&self) -> bool {
        let at_once = self.request.plan.each_row().map_or(usize::MAX, |rows| rows.parallel.get());
        self.begun < self.of && self.running < at_once
    }

    /// Whether nothing that runs shares a name with it.
    fn is_apart(&self, held: &HashSet<Arc<str>>, running: usize) -> bool {
        let is_alone = |name: &Arc<str>| &**name == ALL;
        let all_may = !held.contains(ALL) && (running == 0 || !self.exclusive.iter().any(is_alone));
        all_may && !self.exclusive.iter().any(|name| held.contains(name))
    }

    fn begin(&mut self, ordinal: usize) -> Next {
        let index = self.begun;
        self.begun += 1;
        self.running += 1;
        let (row, given) = match self.row(index) {
            Some((head, given)) => (Some(head), given),
            None => (None, Given::default()),
        };
        let place = row.as_ref().map_or_else(|| self.place.clone(), |row| format!("{}/row/{}", self.place, row.number));
        Next { flow: ordinal, request: self.request.clone(), place, sources: self.sources.clone(), stage: None, row, given }
    }

    fn row(&self, index: usize) -> Option<(RowHead, Given)> {
        let rows = self.request.plan.each_row()?;
        let row = rows.rows.get(index)?;
        let head = RowHead { number: row.number as u64, of: rows.of as u64, label: rows.label(row), span: row.span };
        Some((head, Given { values: row.values.clone(), row: Some(row.span), ..Given::default() }))
    }
}

/// What tells the flows of a run apart, and their randomness: the stem of the file, the document and the flow's name, so that a seed
/// repeats wherever the folder stands. Of several that are alike the later ones are counted.
fn places(requests: &[Request], stage: Option<Stage>) -> Vec<String> {
    let prefix = stage.map(|stage| format!("{}/", stage.name())).unwrap_or_default();
    let mut seen: HashMap<String, u32> = HashMap::new();
    let place = |request: &Request| {
        let plan: &Plan = &request.plan;
        let stem = Path::new(&*plan.file).file_stem().map_or_else(|| plan.file.to_string(), |stem| stem.to_string_lossy().into_owned());
        let place = format!("{prefix}{stem}/{}/{}", plan.document, plan.name);
        let count = seen.entry(place.clone()).or_default();
        *count += 1;
        if *count == 1 { place } else { format!("{place}/{count}") }
    };
    requests.iter().map(place).collect()
}
