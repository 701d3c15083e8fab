//! The expression language beyond the corpus: what is ours, what is told, what is bounded.

mod bounds;
mod functions;
mod missing;
mod names;
mod never_panics;
mod support;
mod templates;
mod told;
mod traces;
mod values;
