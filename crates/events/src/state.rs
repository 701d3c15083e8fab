//! The one fold: from events to the state of an execution.

use crate::{
    Counts, Event, EventKind, ExecutionId, Failure, FlowHead, Level, NodePath, Observation, Phase, RowHead, Skip, SourceRef, Stage, Status,
    StepHead, StepStatus, step::AttemptRecord,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use testmesh_flow::{Diagnostic, Value};

/// What is known of an execution so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ExecutionState {
    pub id: Option<ExecutionId>,
    pub flow: FlowHead,
    /// It runs before or after all others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// The row of the flow's data that it is the execution of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<RowHead>,
    pub sources: Vec<SourceRef>,
    /// The names whose values the process environment gives.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub environment: Vec<String>,
    pub seed: String,
    pub planned: Counts,
    pub started: Option<Timestamp>,
    pub finished: Option<Timestamp>,
    /// `None` while it runs.
    pub status: Option<Status>,
    pub phase: Option<Phase>,
    pub duration_ms: f64,
    /// In the order in which they began.
    pub steps: Vec<StepState>,
    pub logs: Vec<LogEntry>,
    pub warnings: Vec<Diagnostic>,
    pub failure: Option<Failure>,
    pub left_behind: Vec<String>,
    /// The `seq` that comes next; an event below it was seen already.
    pub next_seq: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepState {
    pub head: StepHead,
    /// `None` while it runs.
    pub status: Option<StepStatus>,
    pub skip: Option<(Skip, String)>,
    pub attempts: Vec<Attempt>,
    pub duration_ms: f64,
    pub tolerated: bool,
    /// It was one look of a poll around it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub observed: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attempt {
    pub number: u32,
    pub observations: Vec<Observation>,
    /// `None` while it runs.
    pub record: Option<Arc<AttemptRecord>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LogEntry {
    pub at: Timestamp,
    pub path: Option<NodePath>,
    pub level: Level,
    pub message: String,
    pub data: Value,
}

impl ExecutionState {
    /// Takes in the next event. One that was seen already changes nothing.
    pub fn apply(&mut self, event: &Event) {
        if event.seq < self.next_seq {
            return;
        }
        self.next_seq = event.seq.saturating_add(1);
        match &event.kind {
            EventKind::ExecutionStarted { flow, stage, row, sources, environment, seed, planned } => {
                self.environment.clone_from(environment);
                self.id = Some(event.execution);
                self.flow = flow.clone();
                self.stage = *stage;
                self.row.clone_from(row);
                self.sources.clone_from(sources);
                self.seed.clone_from(seed);
                self.planned = *planned;
                self.started = Some(event.at);
            }
            EventKind::PhaseStarted { phase } => self.phase = Some(*phase),
            EventKind::StepStarted { step } => self.steps.push(StepState::of(step)),
            EventKind::StepSkipped { step, skip, reason } => {
                let skipped = Some((*skip, reason.clone()));
                self.steps.push(StepState { status: Some(StepStatus::Skipped), skip: skipped, ..StepState::of(step) });
            }
            EventKind::Observed { path, observation } => self.observed(path, observation),
            EventKind::AttemptFinished { path, record } => {
                if let Some(attempt) = self.attempt(path, record.attempt) {
                    attempt.record = Some(record.clone());
                }
            }
            EventKind::StepFinished { path, status, duration_ms, tolerated, observed, .. } => {
                if let Some(step) = self.step_mut(path) {
                    step.status = Some(*status);
                    step.duration_ms = *duration_ms;
                    step.tolerated = *tolerated;
                    step.observed = *observed;
                }
            }
            EventKind::Log { path, level, message, data } => {
                let entry = LogEntry { at: event.at, path: path.clone(), level: *level, message: message.clone(), data: data.clone() };
                self.logs.push(entry);
            }
            EventKind::Warned { diagnostic, .. } => self.warnings.push(diagnostic.clone()),
            EventKind::ExecutionFinished { status, duration_ms, failure, left_behind } => {
                self.status = Some(*status);
                self.duration_ms = *duration_ms;
                self.failure.clone_from(failure);
                self.left_behind.clone_from(left_behind);
                self.finished = Some(event.at);
            }
        }
    }

    pub fn step(&self, path: &NodePath) -> Option<&StepState> {
        self.steps.iter().rev().find(|step| step.head.path == *path)
    }

    fn step_mut(&mut self, path: &NodePath) -> Option<&mut StepState> {
        self.steps.iter_mut().rev().find(|step| step.head.path == *path)
    }

    fn attempt(&mut self, path: &NodePath, number: u32) -> Option<&mut Attempt> {
        let attempts = &mut self.step_mut(path)?.attempts;
        if attempts.last().is_none_or(|last| last.number != number) {
            attempts.push(Attempt { number, observations: Vec::new(), record: None });
        }
        attempts.last_mut()
    }

    fn observed(&mut self, path: &NodePath, observation: &Observation) {
        if let Some(attempt) = self.attempt(path, observation.attempt) {
            attempt.observations.push(observation.clone());
        }
    }
}

impl StepState {
    fn of(head: &StepHead) -> Self {
        Self { head: head.clone(), status: None, skip: None, attempts: Vec::new(), duration_ms: 0.0, tolerated: false, observed: false }
    }

    /// The last attempt's record, if one ended.
    pub fn last(&self) -> Option<&AttemptRecord> {
        self.attempts.iter().rev().find_map(|attempt| attempt.record.as_deref())
    }
}
