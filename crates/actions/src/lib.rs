//! The protocols: what a step can do.
//!
//! Each action is a module with its config, its output and its tests. [`all`] gives them as the engine wants them.
//!
//! Invariants: the network is reached through [`StepContext::dial`](testmesh_runner::StepContext::dial) alone; what an action opens is held by the
//! future that runs it or by the execution, so that dropping either closes it; nothing is kept in the process beyond the [`Actions`].

pub mod assert;
pub mod delay;
pub mod http;
pub mod log;
mod scalar;
#[cfg(test)]
mod testing;

use testmesh_runner::Actions;

/// Every action that this build contains.
pub fn all() -> Actions {
    Actions::default().with(http::HttpRequest::default()).with(assert::Assert).with(log::Log).with(delay::Delay)
}
