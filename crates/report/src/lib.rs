//! Events to text: diagnostics, the console, and the report of a run as one JSON document.
//!
//! [`diagnostics()`] draws problems for people, [`diagnostics_json`] gives the same to programs. A [`Console`] is told the [`Line`]s of a run one by
//! one as they come, and a [`JsonReport`] collects them; both show a recording as they showed the run, to the same bytes.
//!
//! Invariants: nothing is opened, no clock and no environment is read: width, colour and whether somebody watches are arguments. No sequence of
//! lines makes it panic. Text that comes from outside reaches a terminal only with its control characters made visible. Failed and errored are
//! told apart everywhere, and nothing selected, nothing run or a record that breaks off is never shown as success.
//!
//! [`Line`]: testmesh_events::Line

mod console;
mod diagnostics;
mod diff;
mod failure;
mod json;
mod page;
mod repeated;
mod snippet;
mod style;
mod tally;
mod text;
mod texts;
mod units;
mod value;
mod verdict;

pub use console::{Console, ConsoleOptions, Verbosity};
pub use diagnostics::{diagnostics, diagnostics_json};
pub use json::JsonReport;
pub use style::Style;
