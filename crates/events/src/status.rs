//! How things end. *Failed* means that the answer is no, *errored* that the question could not be asked.

use serde::{Deserialize, Serialize};
use std::fmt;

/// How an attempt or an execution ended, from best to worst: the greater of two is the worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    Passed,
    Errored,
    Failed,
    Cancelled,
}

impl Status {
    pub fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Errored => "errored",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    #[must_use]
    pub fn worse(self, other: Self) -> Self {
        self.max(other)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StepStatus {
    Passed,
    Failed,
    Errored,
    Skipped,
    Cancelled,
}

impl StepStatus {
    pub fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Errored => "errored",
            Self::Skipped => "skipped",
            Self::Cancelled => "cancelled",
        }
    }

    /// What the step adds to the verdict of its execution; a skipped step adds nothing.
    pub fn verdict(self) -> Option<Status> {
        match self {
            Self::Passed => Some(Status::Passed),
            Self::Failed => Some(Status::Failed),
            Self::Errored => Some(Status::Errored),
            Self::Cancelled => Some(Status::Cancelled),
            Self::Skipped => None,
        }
    }
}

impl From<Status> for StepStatus {
    fn from(status: Status) -> Self {
        match status {
            Status::Passed => Self::Passed,
            Status::Failed => Self::Failed,
            Status::Errored => Self::Errored,
            Status::Cancelled => Self::Cancelled,
        }
    }
}

impl fmt::Display for StepStatus {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// Why a step was skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Skip {
    /// `disabled: true`.
    Disabled,
    /// `when` was false, or the other branch of a condition ran.
    Condition,
    /// A loop of setup or teardown has no item.
    NoItem,
    /// Something before it did not pass.
    NotReached,
    /// A teardown step needs a value whose producer did not run or did not capture it.
    NoValue,
    /// The execution was cancelled or out of time before it.
    Cancelled,
}
