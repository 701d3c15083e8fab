//! The one word for a run.

use crate::{style::Role, tally::Tally};
use serde::Serialize;
use testmesh_events::{RunFooter, RunHeader};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verdict {
    Passed,
    Failed,
    Errored,
    Cancelled,
    /// A file was wrong and did not run.
    Invalid,
    /// All passed, and there were warnings where none were allowed.
    WarningsDenied,
    NothingRan,
    Internal,
    /// The record breaks off.
    Unfinished,
}

impl Verdict {
    /// The exit code decides, since it weighs all that went wrong; but success is believed only if the record itself shows it.
    pub(crate) fn of(header: Option<&RunHeader>, footer: Option<&RunFooter>, tally: &Tally) -> Self {
        let invalid = header.is_some_and(|header| !header.invalid.is_empty());
        let Some(footer) = footer else { return Self::Unfinished };
        match footer.exit_code {
            0 | 2 if invalid => Self::Invalid,
            0 => Self::shown_by(tally),
            1 => Self::Failed,
            2 => Self::WarningsDenied,
            3 => Self::NothingRan,
            4 => Self::Errored,
            130 => Self::Cancelled,
            _ => Self::Internal,
        }
    }

    fn shown_by(tally: &Tally) -> Self {
        let executions = &tally.executions;
        match () {
            () if executions.unfinished > 0 => Self::Unfinished,
            () if executions.cancelled > 0 => Self::Cancelled,
            () if executions.failed > 0 => Self::Failed,
            () if executions.errored > 0 => Self::Errored,
            () if executions.passed == 0 => Self::NothingRan,
            () => Self::Passed,
        }
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Passed => "PASSED",
            Self::Failed => "FAILED",
            Self::Errored => "ERRORED",
            Self::Cancelled => "CANCELLED",
            Self::Invalid => "INVALID",
            Self::WarningsDenied => "WARNINGS DENIED",
            Self::NothingRan => "NOTHING RAN",
            Self::Internal => "INTERNAL ERROR",
            Self::Unfinished => "UNFINISHED",
        }
    }

    pub(crate) fn role(self) -> Role {
        match self {
            Self::Passed => Role::Passed,
            Self::Failed | Self::Invalid | Self::Internal => Role::Failed,
            Self::Errored | Self::NothingRan | Self::Unfinished => Role::Errored,
            Self::Cancelled | Self::WarningsDenied => Role::Warning,
        }
    }
}
