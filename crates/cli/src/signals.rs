//! Ctrl-C: once asks, twice insists. SIGTERM and the end of the terminal (SIGHUP) count the same.

use crate::output;
use testmesh_runner::{Cause, Control};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Listens until the task is aborted.
pub(crate) fn listen(control: Control) -> std::io::Result<tokio::task::JoinHandle<()>> {
    let mut signals = Signals::new()?;
    Ok(tokio::spawn(async move {
        signals.next().await;
        output::say("interrupted: tearing down (again: skip the teardown)");
        control.stop(Cause::Interrupt);
        signals.next().await;
        output::say("interrupted again: stopping without teardown");
        control.abandon();
    }))
}

/// Resolves at the first signal.
pub(crate) async fn first() -> std::io::Result<()> {
    Signals::new()?.next().await;
    Ok(())
}

/// The signals that ask a program to end.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
    hang_up: Signal,
}

impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            _ = self.hang_up.recv() => {}
        }
    }
}
