//! How many of each: what a run comes down to.

use serde::Serialize;
use testmesh_events::{ExecutionState, Status, StepState, StepStatus};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Tally {
    pub(crate) executions: Executions,
    pub(crate) steps: Steps,
    pub(crate) assertions: Assertions,
    /// As they came, repetitions included.
    pub(crate) warnings: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Executions {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) errored: u64,
    pub(crate) cancelled: u64,
    /// Begun, and their end is not in the record.
    pub(crate) unfinished: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Steps {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) errored: u64,
    pub(crate) cancelled: u64,
    pub(crate) skipped: u64,
    pub(crate) unfinished: u64,
}

/// Of the last attempt of each step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Assertions {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl Tally {
    /// Counts an execution with everything in it.
    pub(crate) fn add(&mut self, state: &ExecutionState) {
        for step in &state.steps {
            self.step(step);
        }
        self.execution(state.status);
        self.warnings += state.warnings.len() as u64;
    }

    pub(crate) fn execution(&mut self, status: Option<Status>) {
        *match status {
            Some(Status::Passed) => &mut self.executions.passed,
            Some(Status::Failed) => &mut self.executions.failed,
            Some(Status::Errored) => &mut self.executions.errored,
            Some(Status::Cancelled) => &mut self.executions.cancelled,
            None => &mut self.executions.unfinished,
        } += 1;
    }

    /// Counts a step that ended, or that will not end any more.
    pub(crate) fn step(&mut self, step: &StepState) {
        *match step.status {
            Some(StepStatus::Passed) => &mut self.steps.passed,
            Some(StepStatus::Failed) => &mut self.steps.failed,
            Some(StepStatus::Errored) => &mut self.steps.errored,
            Some(StepStatus::Cancelled) => &mut self.steps.cancelled,
            Some(StepStatus::Skipped) => &mut self.steps.skipped,
            None => &mut self.steps.unfinished,
        } += 1;
        for assertion in step.last().into_iter().flat_map(|record| &record.assertions) {
            let held = assertion.status == Status::Passed;
            *(if held { &mut self.assertions.passed } else { &mut self.assertions.failed }) += 1;
        }
    }
}

impl Executions {
    pub(crate) fn all(&self) -> u64 {
        self.passed + self.not_passed()
    }

    pub(crate) fn not_passed(&self) -> u64 {
        self.failed + self.errored + self.cancelled + self.unfinished
    }
}

impl Steps {
    /// Those that ran: all but the skipped ones.
    pub(crate) fn ran(&self) -> u64 {
        self.passed + self.failed + self.errored + self.cancelled + self.unfinished
    }
}

impl Assertions {
    pub(crate) fn all(&self) -> u64 {
        self.passed + self.failed
    }
}
