//! Exit codes (contract §10). They are an interface: scripts and CI systems read them.

use std::process::ExitCode;
use testmesh_events::Status;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    Passed = 0,
    /// A flow failed.
    Failed = 1,
    /// A flow is invalid.
    Invalid = 2,
    /// Bad usage, or nothing was selected.
    Usage = 3,
    /// The environment: a service, a file, the transport.
    Errored = 4,
    /// Something that should not happen did.
    Internal = 5,
    Interrupted = 130,
}

impl Exit {
    pub(crate) fn code(self) -> u8 {
        self as u8
    }

    /// Of several that apply the first in this order: 130, 5, 2, 1, 4. Usage is no outcome of something that ran.
    const ORDER: [Self; 7] = [Self::Interrupted, Self::Internal, Self::Invalid, Self::Failed, Self::Errored, Self::Usage, Self::Passed];

    pub(crate) fn worse(self, other: Self) -> Self {
        Self::ORDER.into_iter().find(|exit| *exit == self || *exit == other).unwrap_or(self)
    }

    /// Where an exit code stands among those that may apply; the worst is 0.
    pub(crate) fn rank(code: u64) -> usize {
        Self::ORDER.iter().position(|exit| u64::from(exit.code()) == code).unwrap_or(0)
    }
}

impl From<Status> for Exit {
    fn from(status: Status) -> Self {
        match status {
            Status::Passed => Self::Passed,
            Status::Failed => Self::Failed,
            Status::Errored => Self::Errored,
            Status::Cancelled => Self::Interrupted,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_of_several_wins() {
        let all = [Exit::Passed, Exit::Errored, Exit::Failed, Exit::Invalid, Exit::Internal, Exit::Interrupted];
        for (index, worse) in all.iter().enumerate() {
            for better in &all[..=index] {
                assert_eq!((worse.worse(*better), better.worse(*worse)), (*worse, *worse));
            }
        }
    }
}
