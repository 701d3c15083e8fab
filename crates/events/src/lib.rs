//! The record of a run and its executions.
//!
//! An [`Event`] is the whole interface between the engine and the world: console, reports, storage and the live view are peers that read it.
//! [`ExecutionState`] is the one fold over events. A [`Line`] is what a recording holds, so that any report can be rendered from it again.
//!
//! Invariants: pure (no IO, no async, no clock); events change by addition, old recordings keep loading; an event is masked once, as it is
//! emitted, and nothing after that point sees a secret.

mod event;
mod id;
mod mask;
mod masking;
mod redact;
mod run;
mod secret;
mod state;
mod status;
mod step;

pub use event::{Event, EventKind, FlowHead, Level, RowHead, SourceRef, Stage, StepHead};
pub use id::{ExecutionId, NodePath, Phase};
pub use mask::{Masker, Stream};
pub use masking::Mask;
pub use redact::{redact, without_passwords};
pub use run::{Counts, InvalidFile, LeftOut, Line, Repetition, RunFooter, RunHeader, SourceText, fingerprint};
pub use secret::{Refusal, Secret};
pub use state::{Attempt, ExecutionState, LogEntry, StepState};
pub use status::{Skip, Status, StepStatus};
pub use step::{AssertionRecord, AttemptRecord, CaptureRecord, Comparison, Explanation, Failure, Observation, Part, Use};
