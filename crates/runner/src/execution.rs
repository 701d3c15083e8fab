//! One execution: its head, the phases of its flow, its verdict (contract §3).

use crate::{
    clock::{Clock, millis_since},
    context::ExecutionContext,
    control::Control,
    emitter::Emitter,
    phases::FlowRun,
    registry::Actions,
};
use std::{collections::BTreeSet, sync::Arc};
use testmesh_events::{Counts, EventKind, FlowHead, RowHead, SourceRef, Stage, Status};
use testmesh_flow::{
    Map,
    plan::{self, Plan, Step},
    random::Seed,
    scope::{FlowFacts, Given, Scope},
};
use tokio::time::Instant;

/// What all parts of one execution share.
pub(crate) struct Execution<'a> {
    pub(crate) actions: &'a Actions,
    pub(crate) context: ExecutionContext,
    pub(crate) clock: Clock,
    pub(crate) control: Control,
    pub(crate) emitter: Emitter,
}

impl Execution<'_> {
    /// Executes a flow; the events are out when it returns.
    pub(crate) async fn run(self, plan: &Plan, scope: Scope, head: Head) -> Done {
        let began = Instant::now();
        self.emitter.emit(started(plan, head)).await;
        let flow = FlowRun { execution: &self, plan, above: "" };
        let end = flow.phases(scope, &self.control.bounds(None)).await;
        let finished = EventKind::ExecutionFinished {
            status: end.status,
            duration_ms: millis_since(began),
            failure: end.failure,
            left_behind: end.left_behind,
        };
        self.emitter.emit(finished).await;
        // An error is reported by whoever owns the sink.
        let _ = self.emitter.barrier().await;
        Done { status: end.status, output: end.output }
    }
}

/// What the first event of an execution says besides its flow.
pub(crate) struct Head {
    /// The seed that repeats the whole run.
    pub(crate) run_seed: String,
    pub(crate) sources: Vec<SourceRef>,
    pub(crate) stage: Option<Stage>,
    pub(crate) row: Option<RowHead>,
}

/// What came of an execution.
pub(crate) struct Done {
    pub(crate) status: Status,
    /// What the flow exports.
    pub(crate) output: Map,
}

fn started(plan: &Plan, head: Head) -> EventKind {
    let count = |steps: &[Step]| u32::try_from(steps.len()).unwrap_or(u32::MAX);
    EventKind::ExecutionStarted {
        flow: FlowHead {
            name: plan.name.to_string(),
            file: plan.file.to_string(),
            document: plan.document,
            description: plan.description.as_ref().map(ToString::to_string),
            suite: plan.suite.as_ref().map(ToString::to_string),
            tags: plan.tags.iter().map(ToString::to_string).collect(),
        },
        stage: head.stage,
        row: head.row,
        sources: head.sources,
        environment: from_process(plan).into_iter().map(ToString::to_string).collect(),
        seed: head.run_seed,
        planned: Counts { setup: count(&plan.setup), steps: count(&plan.steps), teardown: count(&plan.teardown) },
    }
}

/// The names that the process environment gives to a flow and those that it calls.
fn from_process(plan: &Plan) -> BTreeSet<&Arc<str>> {
    let called = plan.all_steps().filter_map(|step| match step.control.as_deref() {
        Some(plan::Control::RunFlow(call)) => Some(from_process(&call.plan)),
        _ => None,
    });
    plan.from_process.iter().chain(called.flatten()).collect()
}

/// A plan with everything that it needs to be executed.
pub(crate) fn scope_of(plan: &Plan, execution: Arc<str>, seed: Seed, given: Given) -> Scope {
    let facts = FlowFacts {
        flow_name: plan.name.clone(),
        flow_id: if plan.document == 0 { plan.file.clone() } else { format!("{}#{}", plan.file, plan.document).into() },
        execution_id: execution,
    };
    Scope::new(plan, facts, seed, given)
}
