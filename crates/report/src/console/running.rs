//! The executions that run, and what is written about them while they do.

use crate::{
    failure::{self, log},
    page::{Page, plain, quiet, word},
    style::Role,
    text::pad,
    units::millis,
};
use std::collections::BTreeMap;
use testmesh_events::{Event, ExecutionId, ExecutionState, NodePath, StepState, StepStatus};

#[derive(Default)]
pub(super) struct Running {
    states: BTreeMap<ExecutionId, (u64, ExecutionState)>,
    /// How many have begun: their order.
    begun: u64,
}

impl Running {
    /// Folds an event in, and gives the state after it; `None` when the event was seen already.
    pub(super) fn apply(&mut self, event: &Event) -> Option<&ExecutionState> {
        let begun = &mut self.begun;
        let (_, state) = self.states.entry(event.execution).or_insert_with(|| {
            *begun += 1;
            (*begun, ExecutionState::default())
        });
        if event.seq < state.next_seq {
            return None;
        }
        state.apply(event);
        Some(state)
    }

    pub(super) fn get(&self, id: ExecutionId) -> Option<&ExecutionState> {
        self.states.get(&id).map(|(_, state)| state)
    }

    /// Drops what is known of a step that passed: nobody will ask.
    pub(super) fn forget(&mut self, id: ExecutionId, path: &NodePath) {
        let Some((_, state)) = self.states.get_mut(&id) else { return };
        let step = state.steps.iter_mut().rev().find(|step| step.head.path == *path);
        if let Some(step) = step.filter(|step| step.status == Some(StepStatus::Passed)) {
            step.attempts = Vec::new();
            state.logs.retain(|log| log.path.as_ref() != Some(path));
        }
    }

    pub(super) fn remove(&mut self, id: ExecutionId) -> Option<ExecutionState> {
        self.states.remove(&id).map(|(_, state)| state)
    }

    pub(super) fn len(&self) -> usize {
        self.states.len()
    }

    /// The states in the order in which they began.
    pub(super) fn in_order(&self) -> Vec<&ExecutionState> {
        let mut states = self.states.values().collect::<Vec<_>>();
        states.sort_by_key(|(begun, _)| *begun);
        states.into_iter().map(|(_, state)| state).collect()
    }

    pub(super) fn take(&mut self) -> Vec<ExecutionState> {
        let mut states = std::mem::take(&mut self.states).into_values().collect::<Vec<_>>();
        states.sort_by_key(|(begun, _)| *begun);
        states.into_iter().map(|(_, state)| state).collect()
    }
}

/// A step that ended: `  passed   checkout | steps/0 create (http_request) 12 ms`.
pub(super) fn finished(page: &mut Page, state: &ExecutionState, path: &NodePath) {
    let Some(step) = state.step(path) else { return };
    let why = step.last().map(failure::why).filter(|why| !why.is_empty() && step.status != Some(StepStatus::Passed));
    let attempts = if step.attempts.len() > 1 { format!(", {} attempts", step.attempts.len()) } else { String::new() };
    let tail = format!(" {}{attempts}", millis(step.duration_ms));
    line(page, state, step, &tail);
    if let Some(why) = why {
        page.deeper(|page| page.deeper(|page| page.lines(Role::Plain, &why)));
    }
}

/// A step that did not run, with its reason.
pub(super) fn skipped(page: &mut Page, state: &ExecutionState, path: &NodePath) {
    let Some(step) = state.step(path) else { return };
    let reason = step.skip.as_ref().map(|(_, reason)| format!(": {reason}")).unwrap_or_default();
    line(page, state, step, &reason);
}

fn line(page: &mut Page, state: &ExecutionState, step: &StepState, tail: &str) {
    let (role, status) = step.status.map_or((Role::Plain, "running"), |status| (status.into(), status.name()));
    let head = &step.head;
    let name = if head.name == head.id || head.name.is_empty() { String::new() } else { format!(" \"{}\"", head.name) };
    page.line([
        word(role, format!("  {}", pad(status, 9))),
        quiet(format!(" {} | {} ", failure::name(state), head.path)),
        plain(format!("{}{name}", head.id)),
        quiet(format!(" ({}){tail}", head.action)),
    ]);
}

/// The log line that came last.
pub(super) fn logged(page: &mut Page, state: &ExecutionState) {
    let Some(entry) = state.logs.last() else { return };
    let path = entry.path.as_ref().map(|path| format!(" | {path}")).unwrap_or_default();
    page.line([plain("  log       "), quiet(format!(" {}{path}", failure::name(state)))]);
    page.deeper(|page| page.deeper(|page| log(page, entry)));
}
