//! The YAML layer: text in, tree and diagnostics out.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod cases;
mod comments;
mod decode;
mod dump;
mod hostile;
mod places;
mod properties;
mod values;
