//! What names an execution and a step of it.

use serde::{Deserialize, Serialize};
use std::{fmt, sync::Arc};

/// One execution of one flow (or of one data row of it): a UUID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ExecutionId(pub uuid::Uuid);

impl fmt::Display for ExecutionId {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// The three lists of steps, in the order in which they run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    Setup,
    Steps,
    Teardown,
}

impl Phase {
    pub fn name(self) -> &'static str {
        match self {
            Self::Setup => "setup",
            Self::Steps => "steps",
            Self::Teardown => "teardown",
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// The address of a step in its flow, stable between runs: `steps/3`, and below a step that holds others `steps/3/then/0`,
/// `steps/3/branch/1/0`, `steps/3/iteration/7/0`, `steps/3/round/2/0`, `steps/3/flow/setup/0`. Iterations and branches count from 0, rounds
/// from 1. When the step around is tried again, `attempt/2` or `look/2` stands before that.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NodePath(pub Arc<str>);

impl NodePath {
    pub fn top(phase: Phase, index: usize) -> Self {
        Self(format!("{phase}/{index}").into())
    }

    /// A step of a list: `steps/3/then` and 0 give `steps/3/then/0`.
    pub fn of(list: &str, index: usize) -> Self {
        Self(format!("{list}/{index}").into())
    }

    pub fn phase(&self) -> Phase {
        match self.0.split('/').next() {
            Some("setup") => Phase::Setup,
            Some("teardown") => Phase::Teardown,
            _ => Phase::Steps,
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for NodePath {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
