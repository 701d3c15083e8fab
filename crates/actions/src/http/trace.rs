//! W3C Trace Context: the header that joins a request to the traces of the services it passes.

use testmesh_runner::StepContext;

/// A `traceparent` that is sampled. The same seed gives the same one.
pub(crate) fn parent(cx: &StepContext<'_>) -> String {
    let trace = u128::from(cx.random("trace high")) << 64 | u128::from(cx.random("trace low"));
    let span = cx.random("span");
    // All zeros mean that there is none.
    format!("00-{:032x}-{:016x}-01", trace.max(1), span.max(1))
}
