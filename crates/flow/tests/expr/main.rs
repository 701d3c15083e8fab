//! The expression language beyond the corpus: what is ours, what is told, what is bounded.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(clippy::needless_raw_string_hashes, reason = "the cases are quoted in one way, whatever is in them")]

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
