//! The engine's rules as cases: a flow, and what happens (contract §2, §3, §8, §12).

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

mod absence;
mod allowed;
mod calls;
mod deep;
mod nested;
mod order;
mod policies;
mod rows;
mod secrets;
mod stages;
mod stopping;
mod values;
mod worst;
