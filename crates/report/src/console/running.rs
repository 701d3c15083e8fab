//! The executions that run, and what is written about them while they do.

use crate::{
    failure::{self, log},
    page::{Page, plain, quiet, word},
    repeated::Repeated,
    style::Role,
    text::pad,
    units::millis,
};
use std::collections::BTreeMap;
use testmesh_events::{Event, ExecutionId, ExecutionState, NodePath, Skip, StepState, StepStatus};
use testmesh_flow::Diagnostic;

#[derive(Default)]
pub(super) struct Running {
    executions: BTreeMap<ExecutionId, Execution>,
    /// How many have begun: their order.
    begun: u64,
}

/// An execution so far, without what nobody will ask for.
#[derive(Default)]
pub(super) struct Execution {
    begun: u64,
    pub(super) state: ExecutionState,
    /// Taken out of the state, each once.
    pub(super) warned: Repeated<Diagnostic>,
}

/// Log lines kept of one execution: the last ones, and up to as many again.
const LOGS: usize = 1_000;

impl Running {
    /// Folds an event in, and gives the state after it; `None` when the event was seen already.
    pub(super) fn apply(&mut self, event: &Event) -> Option<&ExecutionState> {
        let begun = &mut self.begun;
        let execution = self.executions.entry(event.execution).or_insert_with(|| {
            *begun += 1;
            Execution { begun: *begun, ..Execution::default() }
        });
        if event.seq < execution.state.next_seq {
            return None;
        }
        execution.state.apply(event);
        execution.state.warnings.drain(..).for_each(|warning| execution.warned.add(warning));
        if execution.state.logs.len() > 2 * LOGS {
            execution.state.logs.drain(..LOGS);
        }
        Some(&execution.state)
    }

    pub(super) fn get(&self, id: ExecutionId) -> Option<&ExecutionState> {
        self.executions.get(&id).map(|execution| &execution.state)
    }

    /// Drops a step that ended well, or was skipped for a reason of the author's: no failure tells of it.
    pub(super) fn forget(&mut self, id: ExecutionId, path: &NodePath) {
        let Some(Execution { state, .. }) = self.executions.get_mut(&id) else { return };
        let Some(place) = state.steps.iter().rposition(|step| step.head.path == *path) else { return };
        let of_no_interest = state.steps.get(place).is_some_and(|step| match step.skip {
            Some((skip, _)) => matches!(skip, Skip::Disabled | Skip::Condition),
            None => step.status == Some(StepStatus::Passed),
        });
        if of_no_interest {
            state.steps.remove(place);
            state.logs.retain(|log| log.path.as_ref() != Some(path));
        }
    }

    pub(super) fn remove(&mut self, id: ExecutionId) -> Option<Execution> {
        self.executions.remove(&id)
    }

    pub(super) fn len(&self) -> usize {
        self.executions.len()
    }

    /// The states in the order in which they began.
    pub(super) fn in_order(&self) -> Vec<&ExecutionState> {
        let mut executions = self.executions.values().collect::<Vec<_>>();
        executions.sort_by_key(|execution| execution.begun);
        executions.into_iter().map(|execution| &execution.state).collect()
    }

    /// All of them, in the order in which they began.
    pub(super) fn take(&mut self) -> Vec<Execution> {
        let mut executions = std::mem::take(&mut self.executions).into_values().collect::<Vec<_>>();
        executions.sort_by_key(|execution| execution.begun);
        executions
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
