//! The protocols: what a step can do.
//!
//! Each action is a module with its config, its output and its tests. [`all`] gives them as the engine wants them.
//!
//! Invariants: the network is reached through [`StepContext::dial`](testmesh_runner::StepContext::dial) alone; what an action opens is held by the
//! future that runs it or by the execution, so that dropping either closes it; nothing is kept in the process beyond the [`Actions`].

pub mod assert;
pub mod delay;
pub mod exec;
pub mod http;
pub mod log;
mod scalar;
#[cfg(test)]
mod testing;
pub mod transform;
pub mod wait_for;

use std::sync::Arc;
use testmesh_runner::Actions;

/// Every action that this build contains.
pub fn all() -> Actions {
    with_roots(Arc::default())
}

/// Every action, trusting these certificate authorities.
fn with_roots(roots: Arc<http::Roots>) -> Actions {
    Actions::default()
        .with(http::HttpRequest::new(roots.clone()))
        .with(wait_for::WaitFor::new(roots))
        .with(assert::Assert)
        .with(transform::Transform)
        .with(log::Log)
        .with(delay::Delay)
        .with(exec::Exec)
}
