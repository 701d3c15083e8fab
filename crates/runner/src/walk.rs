//! A list of steps, one after another: which of them run, and what their ends mean for those that follow (contract §2, §3).

use crate::{
    attempt::{Attempting, Ended},
    clock::millis_since,
    control::{Bound, Bounds},
    phases::{Culprit, FlowRun},
    step::{Attempts, Gate, refused_login},
};
use futures_util::future::BoxFuture;
use testmesh_events::{EventKind, NodePath, Skip, Status, StepStatus};
use testmesh_flow::{
    plan::{OnError, Step},
    scope::Scope,
};
use tokio::time::Instant;

/// How the steps of a list went.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about the list")]
pub(crate) struct ListEnd {
    pub(crate) worst: Option<Status>,
    /// The first step that ended as badly as the list.
    pub(crate) culprit: Option<Culprit>,
    /// The same when those that were cancelled are left out.
    pub(crate) uncancelled: Option<Culprit>,
    /// At least one action was started, whatever came of it.
    pub(crate) ran: bool,
    /// At least one of them could say no.
    pub(crate) asserted: bool,
    /// Why later steps are not reached.
    pub(crate) halted: Option<String>,
    pub(crate) bound: Option<Bound>,
    /// Teardown steps that a bound kept from running.
    pub(crate) left_behind: Vec<String>,
    /// A step cannot be helped by another try: a name is unresolved, a login was refused.
    pub(crate) hopeless: bool,
    /// What does not pass is looked at again by a poll around the list.
    pub(crate) observing: bool,
}

impl ListEnd {
    pub(crate) fn count(&mut self, status: Status, step: Option<&Step>) {
        let culprit = step.map(|step| Culprit { id: step.id.to_string(), span: step.span, status });
        if status != Status::Cancelled && self.uncancelled.as_ref().is_none_or(|worst| worst.status < status) {
            self.uncancelled.clone_from(&culprit);
        }
        if self.worst.is_none_or(|worst| worst < status) {
            self.worst = Some(status);
            self.culprit = culprit;
        }
    }
}

impl FlowRun<'_> {
    /// Goes through a list; `address` is that of the list.
    pub(crate) fn walk<'w>(
        &'w self,
        steps: &'w [Step],
        address: &'w str,
        bounds: &'w Bounds,
        scope: &'w mut Scope,
        end: &'w mut ListEnd,
    ) -> BoxFuture<'w, ()> {
        Box::pin(async move {
            for (index, step) in steps.iter().enumerate() {
                let path = NodePath::of(address, index);
                end.bound = end.bound.or_else(|| bounds.met());
                if let Some(bound) = end.bound {
                    let failure = bounds.failure(bound, None);
                    self.skip(step, path, Skip::Cancelled, failure.message, scope).await;
                    end.count(failure.status, Some(step));
                    if is_teardown(step) {
                        end.left_behind.push(step.id.to_string());
                    }
                } else if let Some(why) = end.halted.clone() {
                    self.skip(step, path, Skip::NotReached, format!("not reached: {why}"), scope).await;
                } else {
                    self.one(step, path, bounds, scope, end).await;
                }
            }
        })
    }

    /// Runs one step and counts it.
    async fn one(&self, step: &Step, path: NodePath, bounds: &Bounds, scope: &mut Scope, end: &mut ListEnd) {
        if step.disabled {
            return self.skip(step, path, Skip::Disabled, "the step is disabled".to_owned(), scope).await;
        }
        let attempting = Attempting { flow: *self, step, bounds, path: &path, observing: end.observing };
        let broken = match attempting.gate(scope) {
            Gate::Open => None,
            Gate::Closed => return self.skip(step, path.clone(), Skip::Condition, "`when` was false".to_owned(), scope).await,
            Gate::WithoutValue(failure) if is_teardown(step) => {
                return self.skip(step, path.clone(), Skip::NoValue, failure.message, scope).await;
            }
            Gate::WithoutValue(failure) | Gate::Broken(failure) => Some(failure),
        };
        if broken.is_none()
            && let Some((skip, reason)) = attempting.needs_no_run(scope)
        {
            return self.skip(step, path.clone(), skip, reason, scope).await;
        }
        let began = Instant::now();
        let head = self.head(step, path.clone(), scope);
        self.emit(EventKind::StepStarted { step: head }).await;
        let attempts = match broken {
            Some(failure) => attempting.hopeless(failure).await,
            None => attempting.attempts(scope).await,
        };
        if attempts.last.record.status == Status::Passed {
            self.doubt_name(step, &path, scope).await;
        }
        self.finish(step, &path, attempts, began, scope, end).await;
    }

    /// Records what a step was and decides what follows from it.
    async fn finish(&self, step: &Step, path: &NodePath, attempts: Attempts, began: Instant, scope: &mut Scope, end: &mut ListEnd) {
        let Attempts { last, count } = attempts;
        let status = last.record.status;
        // The flow's own time is not the step's error.
        let cut = matches!(last.ended, Ended::CutByBound(_));
        let tolerated = !matches!(status, Status::Passed | Status::Cancelled) && !cut && step.on_error == Some(OnError::Ignore);
        for capture in step.captures.iter().filter(|capture| !last.captures.iter().any(|(name, ..)| *name == capture.name)) {
            scope.explain_absence(&capture.name, || format!("step `{}` {status} before it could capture it", step.id));
        }
        if last.output.is_none() {
            scope.explain_absence(&step.id, || format!("step `{}` {status} without an output", step.id));
        }
        end.ran |= last.asked;
        end.asserted |= last.asked && last.asserted;
        end.hopeless |= !tolerated && (last.ended == Ended::Hopeless || refused_login(&last));
        end.left_behind.extend(last.left_behind);
        scope.finish_step(step.phase, &step.id, last.output, last.captures);
        let observed = end.observing && status != Status::Passed && !tolerated;
        let finished = EventKind::StepFinished {
            path: path.clone(),
            status: StepStatus::from(status),
            attempts: count,
            duration_ms: millis_since(began),
            tolerated,
            observed,
        };
        self.emit(finished).await;
        if tolerated {
            return;
        }
        end.count(status, Some(step));
        if let Ended::CutByBound(bound) = last.ended {
            end.bound = Some(bound);
            if is_teardown(step) {
                end.left_behind.push(step.id.to_string());
            }
        }
        let halts = match step.on_error {
            Some(OnError::Fail) => true,
            Some(OnError::Continue | OnError::Ignore) => false,
            None => self.plan.fail_fast || step.phase == "setup",
        };
        if status != Status::Passed && halts && !is_teardown(step) {
            end.halted = Some(format!("step `{}` {status}", step.id));
        }
    }
}

/// Every step of a teardown is tried, those inside steps too.
pub(crate) fn is_teardown(step: &Step) -> bool {
    step.phase == "teardown"
}
