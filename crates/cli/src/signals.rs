//! Ctrl-C: once asks, twice insists.

use crate::output;
use testmesh_runner::{Cause, Control};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Listens for SIGINT and SIGTERM until the task is aborted.
pub(crate) fn listen(control: Control) -> std::io::Result<tokio::task::JoinHandle<()>> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(tokio::spawn(async move {
        either(&mut interrupt, &mut terminate).await;
        output::say("interrupted: tearing down (again: skip the teardown)");
        control.stop(Cause::Interrupt);
        either(&mut interrupt, &mut terminate).await;
        output::say("interrupted again: stopping without teardown");
        control.abandon();
    }))
}

async fn either(interrupt: &mut Signal, terminate: &mut Signal) {
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}

/// Resolves at the first SIGINT or SIGTERM.
pub(crate) async fn first() -> std::io::Result<()> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    either(&mut interrupt, &mut terminate).await;
    Ok(())
}
