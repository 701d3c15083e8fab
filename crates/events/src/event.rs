//! Events: what happened in an execution, in the one order there is.

use crate::{
    Counts,
    id::{ExecutionId, NodePath, Phase},
    status::{Skip, Status, StepStatus},
    step::{AttemptRecord, Failure, Observation},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use testmesh_flow::{Diagnostic, Span, Value};

/// One thing that happened. `seq` counts from 0 within the execution, without gaps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    pub execution: ExecutionId,
    pub seq: u64,
    pub at: Timestamp,
    pub kind: EventKind,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum EventKind {
    ExecutionStarted {
        flow: FlowHead,
        /// It runs before or after all others; `None` of one that was selected.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stage: Option<Stage>,
        /// The row of the flow's data that this is the execution of.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        row: Option<RowHead>,
        /// The texts that spans point into: `SourceId` is the index.
        sources: Vec<SourceRef>,
        /// The names whose values the process environment gives, sorted.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        environment: Vec<String>,
        /// The seed that repeats this run.
        seed: String,
        /// How many steps each phase has at its top.
        planned: Counts,
    },
    PhaseStarted {
        phase: Phase,
    },
    StepStarted {
        step: StepHead,
    },
    /// The step did not run; it has no other event.
    StepSkipped {
        step: StepHead,
        skip: Skip,
        reason: String,
    },
    Observed {
        path: NodePath,
        observation: Observation,
    },
    AttemptFinished {
        path: NodePath,
        /// Shared: whoever keeps it does not copy it.
        record: Arc<AttemptRecord>,
    },
    StepFinished {
        path: NodePath,
        status: StepStatus,
        attempts: u32,
        duration_ms: f64,
        /// It did not pass, and `on_error: ignore` says that this is no matter.
        #[serde(default)]
        tolerated: bool,
        /// It did not pass, and what polls around it looks again: whether that holds in the end is the verdict of the poll.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        observed: bool,
    },
    Log {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        path: Option<NodePath>,
        level: Level,
        message: String,
        #[serde(default)]
        data: Value,
    },
    /// A doubt that does not change the verdict.
    Warned {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        path: Option<NodePath>,
        diagnostic: Diagnostic,
    },
    ExecutionFinished {
        status: Status,
        duration_ms: f64,
        /// What made it not pass apart from its steps: the time, that nothing ran.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        failure: Option<Failure>,
        /// Teardown steps that were not run: what they would have undone is left behind.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        left_behind: Vec<String>,
    },
}

/// What tells a flow from others.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FlowHead {
    pub name: String,
    pub file: String,
    /// Which document of the file, counted from 0.
    #[serde(default)]
    pub document: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suite: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
}

/// When an execution that was not selected has its turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Before all others: if it does not pass, no other runs.
    Before,
    /// After all others, whatever came of them.
    After,
}

impl Stage {
    /// Its name, as it is written in records.
    pub fn name(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::After => "after",
        }
    }
}

/// What tells a row of data from the others of its flow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowHead {
    /// From 1, in the order of the data.
    pub number: u64,
    /// How many there are.
    pub of: u64,
    /// The value of its first column, as text; empty when there is none to show.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
    /// Where it stands.
    pub span: Span,
}

/// A source text by its fingerprint; the text itself is recorded once for the run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRef {
    pub name: String,
    pub hash: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepHead {
    pub path: NodePath,
    pub id: String,
    /// The author's name for it, rendered; the id when there is none.
    pub name: String,
    pub action: String,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    Debug,
    Info,
    Warn,
    Error,
}
