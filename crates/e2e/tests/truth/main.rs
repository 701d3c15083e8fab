//! The binary does not lie: it passes what is true, and nothing else; it says why; it shows no secret; it ends, and leaves nothing behind.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod calls;
mod examples;
mod lies;
mod secrets;
mod seeds;
#[cfg(target_os = "linux")]
mod stopping;
mod support;
mod worlds;
