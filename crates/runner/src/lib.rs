//! The engine: executes plans, emits events, runs many flows at once.
//!
//! An [`Action`] is one kind of step, typed by its author and erased once in [`Actions`]. [`run()`] takes plans and gives verdicts;
//! what happens on the way goes out as events to [`Sink`]s.
//!
//! Invariants: it knows no database, no HTTP server and no terminal; one executor serves every door; teardown is entered whatever came before;
//! an event is numbered, stamped and masked once.

/// How much stack a thread needs that runs executions, in bytes: steps inside steps run on one stack, up to 64 of them in each other.
pub const STACK: usize = 32 << 20;

mod action;
mod attempt;
mod clock;
mod config;
mod context;
mod control;
mod dial;
mod emitter;
mod execution;
mod nest;
mod pending;
mod phases;
mod recorder;
mod registry;
mod run;
mod step;
pub mod testing;
mod verdict;
mod walk;

pub use action::{Action, ActionError, Output, Spec, Time};
pub use clock::Clock;
pub use context::{Connections, ExecutionContext, StepContext};
pub use control::{Cause, Control};
pub use dial::Dialed;
pub use recorder::{Feeding, Recorder, Sink, SinkError};
pub use registry::Actions;
pub use run::{Options, Request, Stages, Summary, run};
