//! Process groups: a program together with whatever it starts.

use std::{
    process::ExitStatus,
    sync::{Mutex, PoisonError},
};
use tokio::process::Child;

/// The group that a child leads, killed when this is dropped.
#[derive(Debug)]
pub(super) struct Group {
    #[cfg(unix)]
    leader: Option<rustix::process::Pid>,
}

/// The groups that outlive their leaders, until the execution ends.
#[derive(Default)]
pub(super) struct Groups(Mutex<Vec<Group>>);

impl Groups {
    pub(super) fn keep(&self, group: Group) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(group);
    }
}

#[cfg(unix)]
impl Group {
    pub(super) fn led_by(child: &Child) -> Self {
        let leader = child.id().and_then(|id| i32::try_from(id).ok()).and_then(rustix::process::Pid::from_raw);
        Self { leader }
    }

    /// The group again, when its leader has ended and somebody else is in it still.
    pub(super) fn survivors(mut self) -> Option<Self> {
        // As long as somebody is in it, its number is given to nobody else.
        let leader = self.leader.take()?;
        rustix::process::test_kill_process_group(leader).ok().map(|()| Self { leader: Some(leader) })
    }
}

#[cfg(unix)]
impl Drop for Group {
    fn drop(&mut self) {
        if let Some(leader) = self.leader {
            // It fails when all have ended already.
            let _ = rustix::process::kill_process_group(leader, rustix::process::Signal::KILL);
        }
    }
}

#[cfg(not(unix))]
impl Group {
    pub(super) fn led_by(_: &Child) -> Self {
        Self {}
    }

    pub(super) fn survivors(self) -> Option<Self> {
        None
    }
}

/// The signal that killed a program, in words.
pub(super) fn signal(status: ExitStatus) -> Option<String> {
    let number = signal_number(status)?;
    let name = match number {
        1 => " (HUP)",
        2 => " (INT)",
        3 => " (QUIT)",
        4 => " (ILL)",
        6 => " (ABRT)",
        8 => " (FPE)",
        9 => " (KILL)",
        11 => " (SEGV)",
        13 => " (PIPE)",
        14 => " (ALRM)",
        15 => " (TERM)",
        _ => "",
    };
    Some(format!("signal {number}{name}"))
}

#[cfg(unix)]
pub(super) fn signal_number(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
pub(super) fn signal_number(_: ExitStatus) -> Option<i32> {
    None
}
