//! What a run may have come to, worked out from the flow, what happened to the steps inside, and the journal of the action.
//!
//! Where two things happen in the same millisecond either may come first: then more than one status is right.

mod flow;
mod inside;
mod list;
mod look;
mod step;

use crate::{
    act::Call,
    drive::Ran,
    model::{Asserts, Case, Flow, Step},
    seen::{self, Node, Seen},
};
use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap, VecDeque},
};
use testmesh_events::{Phase, Status};

/// When what runs must end, in microseconds, and as what.
#[derive(Clone, Copy, Debug)]
struct End {
    at: u64,
    status: Status,
}

/// Where a list stands.
#[derive(Clone)]
struct Place<'a> {
    flow: &'a Flow,
    phase: Phase,
    /// The iterations around, as the action is told.
    iterations: String,
    ends: Vec<End>,
}

impl Place<'_> {
    fn and(&self, at: u64, status: Status) -> Self {
        let mut place = self.clone();
        place.ends.push(End { at, status });
        place
    }

    /// How something may end because its time is over by that moment. Called flows are torn down after that.
    fn ends_by(&self, at: u64) -> Vec<Status> {
        self.ends.iter().filter(|end| end.at <= at).map(|end| end.status).collect()
    }
}

/// What a part of the run came to.
#[derive(Debug, Default)]
struct Part {
    /// One of these is right.
    statuses: Vec<Status>,
    /// An action was called.
    ran: bool,
    /// Something in it may keep another try from being made.
    hopeless: bool,
}

struct Oracle<'a> {
    case: &'a Case,
    seen: &'a Seen,
    /// What nothing has accounted for yet.
    nodes: RefCell<BTreeMap<String, Node>>,
    calls: RefCell<HashMap<(usize, String), VecDeque<Call>>>,
}

pub(crate) fn check(case: &Case, ran: &Ran) {
    let seen = seen::read(&ran.events);
    let calls = ran.journal.lock().unwrap().iter().map(|(key, calls)| (key.clone(), calls.iter().cloned().collect())).collect();
    let oracle = Oracle { case, seen: &seen, nodes: seen.nodes.clone().into(), calls: RefCell::new(calls) };
    oracle.execution();
    let strays = oracle.nodes.take();
    assert!(strays.is_empty(), "steps that should not be: {:?}", strays.keys());
    let uncounted: Vec<_> = oracle.calls.take().into_iter().filter(|(_, calls)| !calls.is_empty()).collect();
    assert!(uncounted.is_empty(), "calls that no attempt records: {uncounted:?}");
    let counted = [ran.summary.passed, ran.summary.failed, ran.summary.errored, ran.summary.cancelled];
    assert_eq!((counted.iter().sum::<u64>(), ran.summary.worst(), &ran.summary.broken), (1, Some(seen.status), &Vec::new()));
}

impl Oracle<'_> {
    fn take(&self, path: &str) -> Node {
        let node = self.nodes.borrow_mut().remove(path);
        node.unwrap_or_else(|| panic!("{path} was neither run nor skipped"))
    }

    fn is_seen(&self, below: &str) -> bool {
        self.nodes.borrow().range(format!("{below}/")..).next().is_some_and(|(path, _)| path.starts_with(&format!("{below}/")))
    }

    /// When the first and the last thing below an address happened.
    fn span(&self, below: &str) -> Option<(u64, u64)> {
        self.seen.spans.get(below).copied()
    }

    /// The calls of a step at a place that began until then.
    fn calls(&self, step: &Step, iterations: &str, until: u64) -> Vec<Call> {
        let mut all = self.calls.borrow_mut();
        let Some(calls) = all.get_mut(&(step.id, iterations.to_owned())) else { return Vec::new() };
        let count = calls.iter().take_while(|call| call.began <= until).count();
        calls.drain(..count).collect()
    }
}

/// What the assertion of a step that holds steps makes of one that passed.
fn asserted(step: &Step) -> Status {
    if step.asserts == Asserts::WhatDoesNot { Status::Failed } else { Status::Passed }
}

fn is_bad(status: Status) -> bool {
    status != Status::Passed
}
