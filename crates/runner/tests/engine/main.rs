//! The engine's rules as cases: a flow, and what happens (contract §2, §3, §8, §12).

mod support;

mod order;
mod policies;
mod secrets;
mod stopping;
mod values;
