//! The engine: executes plans, emits events, runs many flows at once.
//!
//! An [`Action`] is one kind of step, typed by its author and erased once in [`Actions`]. [`run`](run::run) takes plans and gives verdicts;
//! what happens on the way goes out as events to [`Sink`]s.
//!
//! Invariants: it knows no database, no HTTP server and no terminal; one executor serves every door; teardown is entered whatever came before;
//! an event is numbered, stamped and masked once.

mod action;
mod config;
mod context;
mod dial;
mod registry;
pub mod testing;

pub use action::{Action, ActionError, Output, Spec, Time};
pub use context::{Connections, ExecutionContext, StepContext};
pub use dial::Dialed;
pub use registry::Actions;
