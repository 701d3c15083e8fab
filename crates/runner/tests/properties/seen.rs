//! Events as what was seen of each step; and what is illegal whatever the flow.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};
use testmesh_events::{AttemptRecord, Event, EventKind, ExecutionState, NodePath, Observation, Phase, Skip, Status, StepHead, StepStatus};

/// What was seen of a step. Times are microseconds since the execution began.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) head: StepHead,
    pub(crate) began: u64,
    /// Which of all events began it.
    pub(crate) order: usize,
    pub(crate) skipped: Option<(Skip, String)>,
    pub(crate) ended: Option<Ended>,
    pub(crate) attempts: Vec<(Arc<AttemptRecord>, u64)>,
    pub(crate) observed: Vec<(Observation, u64)>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Ended {
    pub(crate) at: u64,
    pub(crate) status: StepStatus,
    pub(crate) tolerated: bool,
    pub(crate) attempts: u32,
}

pub(crate) struct Seen {
    pub(crate) nodes: BTreeMap<String, Node>,
    /// When the first and the last thing happened below an address.
    pub(crate) spans: HashMap<String, (u64, u64)>,
    pub(crate) phases: Vec<Phase>,
    pub(crate) status: Status,
    pub(crate) left_behind: Vec<String>,
    pub(crate) ended: u64,
}

pub(crate) fn read(events: &[Event]) -> Seen {
    numbered(events);
    let seen = nodes(events);
    within_each_other(events);
    folds(events, &seen);
    seen
}

fn numbered(events: &[Event]) {
    for (index, event) in events.iter().enumerate() {
        assert_eq!(event.seq, index as u64, "numbers have no gaps");
        assert_eq!(event.execution, events[0].execution, "there is one execution");
    }
    assert!(events.windows(2).all(|pair| pair[0].at <= pair[1].at), "time goes on");
    let started = events.iter().filter(|event| matches!(event.kind, EventKind::ExecutionStarted { .. })).count();
    let finished = events.iter().filter(|event| matches!(event.kind, EventKind::ExecutionFinished { .. })).count();
    assert_eq!((started, finished), (1, 1));
    assert!(matches!(events[0].kind, EventKind::ExecutionStarted { .. }));
    assert!(matches!(events[events.len() - 1].kind, EventKind::ExecutionFinished { .. }), "nothing comes after the end");
}

fn nodes(events: &[Event]) -> Seen {
    let since = |event: &Event| u64::try_from(event.at.duration_since(events[0].at).as_micros()).unwrap();
    let mut nodes: BTreeMap<String, Node> = BTreeMap::new();
    let (mut phases, mut moments) = (Vec::new(), Vec::new());
    let mut end = None;
    let begin = |head: &StepHead, began, order, skipped: Option<(Skip, String)>| {
        let node = Node { head: head.clone(), began, order, skipped, ended: None, attempts: Vec::new(), observed: Vec::new() };
        let path = head.path.to_string();
        (path.clone(), node)
    };
    for (order, event) in events.iter().enumerate() {
        let at = since(event);
        match &event.kind {
            EventKind::StepStarted { step } => {
                let (path, node) = begin(step, at, order, None);
                moments.push((path.clone(), at));
                assert!(nodes.insert(path.clone(), node).is_none(), "{path} begins twice");
            }
            EventKind::StepSkipped { step, skip, reason } => {
                let (path, node) = begin(step, at, order, Some((*skip, reason.clone())));
                moments.push((path.clone(), at));
                assert!(nodes.insert(path.clone(), node).is_none(), "{path} begins twice");
            }
            EventKind::Observed { path, observation } => {
                moments.push((path.to_string(), at));
                still_open(&mut nodes, path).observed.push((observation.clone(), at));
            }
            EventKind::AttemptFinished { path, record } => {
                moments.push((path.to_string(), at));
                still_open(&mut nodes, path).attempts.push((record.clone(), at));
            }
            EventKind::StepFinished { path, status, attempts, tolerated, .. } => {
                moments.push((path.to_string(), at));
                still_open(&mut nodes, path).ended = Some(Ended { at, status: *status, tolerated: *tolerated, attempts: *attempts });
            }
            EventKind::PhaseStarted { phase } => phases.push(*phase),
            EventKind::ExecutionFinished { status, left_behind, .. } => {
                end = Some((*status, left_behind.clone(), at));
            }
            EventKind::ExecutionStarted { .. } | EventKind::Log { .. } | EventKind::Warned { .. } => {}
        }
    }
    let (status, left_behind, ended) = end.unwrap();
    for (path, node) in &nodes {
        assert!(node.skipped.is_some() || node.ended.is_some(), "{path} never ends");
        assert_eq!(node.skipped.is_some(), node.attempts.is_empty(), "{path} has attempts when it runs and only then");
    }
    Seen { nodes, spans: spans(&moments), phases, status, left_behind, ended }
}

/// Each moment is one of everything that it stands in.
fn spans(moments: &[(String, u64)]) -> HashMap<String, (u64, u64)> {
    let mut spans = HashMap::new();
    for (path, at) in moments {
        for (cut, _) in path.match_indices('/') {
            spans.entry(path[..cut].to_owned()).or_insert((*at, *at)).1 = *at;
        }
    }
    spans
}

fn still_open<'a>(nodes: &'a mut BTreeMap<String, Node>, path: &NodePath) -> &'a mut Node {
    let node = nodes.get_mut(path.as_str()).unwrap_or_else(|| panic!("{path} has events before it begins"));
    assert!(node.skipped.is_none() && node.ended.is_none(), "{path} has events after it has ended");
    node
}

/// The step that the step of this address stands in.
fn parent<'a>(path: &'a str, known: &HashMap<&str, bool>) -> Option<&'a str> {
    let mut above = path;
    while let Some(cut) = above.rfind('/') {
        above = &above[..cut];
        if known.contains_key(above) {
            return Some(above);
        }
    }
    None
}

/// A step begins and ends while the one around it runs.
fn within_each_other(events: &[Event]) {
    let mut running: HashMap<&str, bool> = HashMap::new();
    for event in events {
        let path = match &event.kind {
            EventKind::StepStarted { step } | EventKind::StepSkipped { step, .. } => step.path.as_str(),
            EventKind::Observed { path, .. } | EventKind::AttemptFinished { path, .. } | EventKind::StepFinished { path, .. } => {
                path.as_str()
            }
            _ => continue,
        };
        if let Some(parent) = parent(path, &running) {
            assert!(running[parent], "{path} has events when {parent} has ended");
        } else {
            assert_eq!(path.matches('/').count(), 1, "{path} stands in a step that never began");
        }
        match &event.kind {
            EventKind::StepStarted { .. } => drop(running.insert(path, true)),
            EventKind::StepSkipped { .. } | EventKind::StepFinished { .. } => drop(running.insert(path, false)),
            _ => {}
        }
    }
}

/// The one fold tells the same as reading event by event, also when events come twice.
fn folds(events: &[Event], seen: &Seen) {
    let mut state = ExecutionState::default();
    for event in events {
        state.apply(event);
        state.apply(&events[0]);
        state.apply(event);
    }
    assert_eq!((state.status, state.next_seq), (Some(seen.status), events.len() as u64));
    assert_eq!((state.steps.len(), &state.left_behind), (seen.nodes.len(), &seen.left_behind));
    for step in &state.steps {
        let node = &seen.nodes[step.head.path.as_str()];
        let status = node.ended.map_or(StepStatus::Skipped, |ended| ended.status);
        assert_eq!(step.status, Some(status));
        let records: Vec<_> = step.attempts.iter().filter_map(|attempt| attempt.record.as_ref()).collect();
        assert_eq!(records, node.attempts.iter().map(|(record, _)| record).collect::<Vec<_>>());
        let observed: usize = step.attempts.iter().map(|attempt| attempt.observations.len()).sum();
        assert_eq!(observed, node.observed.len(), "each look is one of an attempt");
    }
}
