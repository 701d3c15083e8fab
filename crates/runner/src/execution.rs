//! One execution: setup → steps → teardown, and the verdict (contract §3).

use crate::{
    attempt::{Attempting, Ended, rendered_duration},
    clock::{Clock, millis_since},
    context::ExecutionContext,
    control::{Bound, Bounds, Control},
    emitter::Emitter,
    registry::Actions,
    step::{Attempts, Gate},
};
use std::{sync::Arc, time::Duration};
use testmesh_events::{Counts, EventKind, Failure, FlowHead, NodePath, Phase, Skip, SourceRef, Status, StepHead, StepStatus, fingerprint};
use testmesh_flow::{
    Code, Diagnostic,
    plan::{OnError, Plan, Step, Text},
    scope::{Scope, View},
};
use tokio::time::Instant;

/// One flow being executed.
pub(crate) struct Execution<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) scope: Scope,
    pub(crate) actions: &'a Actions,
    pub(crate) context: ExecutionContext,
    pub(crate) clock: Clock,
    pub(crate) control: Control,
    pub(crate) emitter: Emitter,
    pub(crate) seed: String,
}

/// How the steps of a phase went.
#[derive(Default)]
struct PhaseEnd {
    worst: Option<Status>,
    /// At least one action was started, whatever came of it.
    ran: bool,
    /// At least one of them could say no.
    asserted: bool,
    /// Why later steps are not reached.
    halted: Option<String>,
    bound: Option<Bound>,
    /// Steps that a bound kept from running.
    not_run: Vec<String>,
}

impl PhaseEnd {
    fn count(&mut self, status: Status) {
        self.worst = Some(self.worst.map_or(status, |worst| worst.worse(status)));
    }
}

/// A teardown that says nothing else is given this long.
const TEARDOWN: Duration = Duration::from_mins(1);

impl Execution<'_> {
    /// Executes the flow; the events are out when it returns.
    pub(crate) async fn run(mut self) -> Status {
        let began = Instant::now();
        self.emit(self.started()).await;
        let plan = self.plan;
        let mut failure = None;
        let bounds = match self.deadline(plan.timeout.as_ref(), began) {
            Ok(deadline) => self.control.bounds(deadline.map(|end| (end, "the flow's `config.timeout`".to_owned()))),
            Err(bad) => {
                failure = Some(bad);
                self.control.bounds(None)
            }
        };
        let setup =
            self.first_phase(Phase::Setup, &plan.setup, &bounds, failure.as_ref().map(|_| "the flow could not begin".to_owned())).await;
        let halted = setup.halted.clone().or_else(|| failure.as_ref().map(|_| "the flow could not begin".to_owned()));
        let reached = halted.is_none() && setup.bound.is_none();
        let steps = self.first_phase(Phase::Steps, &plan.steps, &bounds, halted).await;
        if reached && !steps.ran && steps.bound.is_none() && steps.worst.is_none() {
            failure = Some(nothing_ran());
        }
        failure = failure.or_else(|| out_of_time(setup.bound.or(steps.bound), &bounds));
        let verdict = [setup.worst, steps.worst, failure.as_ref().map(|failure| failure.status)].into_iter().flatten().max();
        if steps.ran && !steps.asserted && verdict.is_none_or(|verdict| verdict == Status::Passed) {
            self.warn_of_nothing_asserted().await;
        }
        self.scope.set_status(verdict.unwrap_or(Status::Passed).name());
        let teardown = self.teardown(&plan.teardown).await;
        let status = [verdict, teardown.worst].into_iter().flatten().max().unwrap_or(Status::Passed);
        if failure.is_none() && verdict.is_none_or(|verdict| verdict == Status::Passed) && status != Status::Passed {
            failure = Some(teardown_failed(status));
        }
        let finished = EventKind::ExecutionFinished { status, duration_ms: millis_since(began), failure, left_behind: teardown.not_run };
        self.emit(finished).await;
        // An error is reported by whoever owns the sink.
        let _ = self.emitter.barrier().await;
        status
    }

    /// That no step could have said no is said before the run, unless a step that could was not executed.
    async fn warn_of_nothing_asserted(&mut self) {
        let Some(step) = self.plan.steps.iter().find(|step| !step.disabled && step.can_say_no()) else { return };
        let message = format!("nothing was asserted: step `{}` was not executed, and no other that was asserts anything", step.id);
        let diagnostic = Diagnostic::warning(Code::AssertsNothing, step.span, message);
        let diagnostic = diagnostic.help("look at its `when`, or add `assert:` to a step that always runs");
        self.emit(EventKind::Warned { path: None, diagnostic }).await;
    }

    async fn emit(&mut self, kind: EventKind) {
        self.emitter.emit(&self.scope, kind).await;
    }

    fn started(&self) -> EventKind {
        let plan = self.plan;
        let count = |steps: &[Step]| u32::try_from(steps.len()).unwrap_or(u32::MAX);
        let sources =
            plan.sources.iter().map(|(_, source)| SourceRef { name: source.name().to_string(), hash: fingerprint(source.text()) });
        EventKind::ExecutionStarted {
            flow: FlowHead {
                name: plan.name.to_string(),
                file: plan.file.to_string(),
                document: plan.document,
                description: plan.description.as_ref().map(ToString::to_string),
                suite: plan.suite.as_ref().map(ToString::to_string),
                tags: plan.tags.iter().map(ToString::to_string).collect(),
            },
            sources: sources.collect(),
            seed: self.seed.clone(),
            planned: Counts { setup: count(&plan.setup), steps: count(&plan.steps), teardown: count(&plan.teardown) },
        }
    }

    fn deadline(&self, timeout: Option<&Text>, began: Instant) -> Result<Option<Instant>, Failure> {
        let Some(text) = timeout else { return Ok(None) };
        let now = self.clock.zoned();
        let view = View::new(&self.scope, &now, "config");
        rendered_duration(text, &view, self.plan).map(|duration| began.checked_add(duration))
    }

    /// Setup or steps. `halted` says why nothing of it is reached.
    async fn first_phase(&mut self, phase: Phase, steps: &[Step], bounds: &Bounds, halted: Option<String>) -> PhaseEnd {
        let mut end = PhaseEnd { halted, ..PhaseEnd::default() };
        if steps.is_empty() {
            return end;
        }
        if end.halted.is_none() {
            self.emit(EventKind::PhaseStarted { phase }).await;
        }
        for (index, step) in steps.iter().enumerate() {
            let path = NodePath::top(phase, index);
            end.bound = end.bound.or_else(|| bounds.met());
            if end.bound.is_some() {
                let reason = bounds.failure(end.bound.unwrap_or(Bound::Cancelled), None).message;
                self.skip(step, path, Skip::Cancelled, reason).await;
                end.count(if end.bound == Some(Bound::Cancelled) { self.cancelled_status() } else { Status::Errored });
            } else if let Some(why) = end.halted.clone() {
                self.skip(step, path, Skip::NotReached, format!("not reached: {why}")).await;
            } else {
                self.one(step, path, bounds, &mut end).await;
            }
        }
        end
    }

    /// What an execution is that was stopped from outside.
    fn cancelled_status(&self) -> Status {
        if self.control.cause() == Some(crate::control::Cause::Timeout) { Status::Errored } else { Status::Cancelled }
    }

    /// Teardown always runs, under its own time; every step is tried.
    async fn teardown(&mut self, steps: &[Step]) -> PhaseEnd {
        let mut end = PhaseEnd::default();
        if steps.is_empty() {
            return end;
        }
        let began = Instant::now();
        self.emit(EventKind::PhaseStarted { phase: Phase::Teardown }).await;
        let (deadline, bad) = match self.deadline(self.plan.teardown_timeout.as_ref(), began) {
            Ok(deadline) => (deadline.unwrap_or(began + TEARDOWN), None),
            Err(bad) => (began + TEARDOWN, Some(bad)),
        };
        if let Some(bad) = bad {
            end.count(bad.status);
            let span = bad.span.unwrap_or_default();
            let message = format!("`config.teardown_timeout` has no value, 60 s were taken: {}", bad.message);
            self.emit(EventKind::Warned { path: None, diagnostic: Diagnostic::warning(bad.code, span, message) }).await;
        }
        let bounds = self.control.teardown_bounds((deadline, "the teardown's time".to_owned()));
        for (index, step) in steps.iter().enumerate() {
            let path = NodePath::top(Phase::Teardown, index);
            match bounds.met() {
                Some(bound) => {
                    let failure = bounds.failure(bound, None);
                    end.count(failure.status);
                    end.not_run.push(step.id.to_string());
                    self.skip(step, path, Skip::Cancelled, failure.message).await;
                }
                None => self.one(step, path, &bounds, &mut end).await,
            }
        }
        end
    }

    async fn skip(&mut self, step: &Step, path: NodePath, skip: Skip, reason: String) {
        let why = format!("step `{}` was skipped: {reason}", step.id);
        self.scope.explain_absence(&step.id, why.clone());
        for capture in &step.captures {
            self.scope.explain_absence(&capture.name, why.clone());
        }
        let head = self.head(step, path);
        self.emit(EventKind::StepSkipped { step: head, skip, reason }).await;
    }

    fn head(&self, step: &Step, path: NodePath) -> StepHead {
        let now = self.clock.zoned();
        let name = step.name.as_ref().map(|text| {
            // A name that cannot be rendered is shown as it is written: the step's own use of the value reports the problem.
            text.render_text(&View::new(&self.scope, &now, path.as_str()).at("name")).unwrap_or_else(|_| text.template.text().to_owned())
        });
        StepHead {
            path,
            id: step.id.to_string(),
            name: name.unwrap_or_else(|| step.id.to_string()),
            action: step.action.to_string(),
            span: step.span,
        }
    }

    /// Runs one step and counts it.
    async fn one(&mut self, step: &Step, path: NodePath, bounds: &Bounds, end: &mut PhaseEnd) {
        if step.disabled {
            return self.skip(step, path, Skip::Disabled, "the step is disabled".to_owned()).await;
        }
        let phase = path.phase();
        let attempting = Attempting {
            plan: self.plan,
            step,
            scope: &self.scope,
            actions: self.actions,
            context: &self.context,
            clock: &self.clock,
            bounds,
            place: path.as_str(),
        };
        let broken = match attempting.gate() {
            Gate::Open => None,
            Gate::Closed => return self.skip(step, path, Skip::Condition, "`when` was false".to_owned()).await,
            Gate::WithoutValue(failure) if phase == Phase::Teardown => {
                return self.skip(step, path, Skip::NoValue, failure.message).await;
            }
            Gate::WithoutValue(failure) | Gate::Broken(failure) => Some(failure),
        };
        if phase == Phase::Teardown
            && broken.is_none()
            && let Some(reason) = attempting.lacks_value()
        {
            return self.skip(step, path, Skip::NoValue, reason).await;
        }
        let began = Instant::now();
        let head = self.head(step, path.clone());
        self.emitter.emit(&self.scope, EventKind::StepStarted { step: head }).await;
        let attempts = match broken {
            Some(failure) => attempting.broken(&path, failure, &mut self.emitter).await,
            None => attempting.attempts(&path, &mut self.emitter).await,
        };
        self.finish(step, &path, attempts, began, end).await;
    }

    /// Records what a step was and decides what follows from it.
    async fn finish(&mut self, step: &Step, path: &NodePath, attempts: Attempts, began: Instant, end: &mut PhaseEnd) {
        let Attempts { last, count } = attempts;
        let status = last.record.status;
        // The flow's own time is not the step's error.
        let cut = matches!(last.ended, Ended::CutByBound(_));
        let tolerated = !matches!(status, Status::Passed | Status::Cancelled) && !cut && step.on_error == Some(OnError::Ignore);
        for capture in step.captures.iter().filter(|capture| !last.captures.iter().any(|(name, ..)| *name == capture.name)) {
            self.scope.explain_absence(&capture.name, format!("step `{}` {status} before it could capture it", step.id));
        }
        self.scope.explain_absence(&step.id, format!("step `{}` {status} without an output", step.id));
        self.scope.finish_step(path.phase().name(), &step.id, last.output, last.captures);
        end.ran |= last.asked;
        end.asserted |= last.asked && step.can_say_no();
        let finished = EventKind::StepFinished {
            path: path.clone(),
            status: StepStatus::from(status),
            attempts: count,
            duration_ms: millis_since(began),
            tolerated,
        };
        self.emit(finished).await;
        if tolerated {
            return;
        }
        end.count(status);
        if let Ended::CutByBound(bound) = last.ended {
            end.bound = Some(bound);
            if path.phase() == Phase::Teardown {
                end.not_run.push(step.id.to_string());
            }
        }
        let halts = match step.on_error {
            Some(OnError::Fail) => true,
            Some(OnError::Continue | OnError::Ignore) => false,
            None => self.plan.fail_fast || path.phase() == Phase::Setup,
        };
        if status != Status::Passed && halts && path.phase() != Phase::Teardown {
            end.halted = Some(format!("step `{}` {status}", step.id));
        }
    }
}

fn nothing_ran() -> Failure {
    Failure {
        code: Code::NothingRan,
        status: Status::Errored,
        message: "no step of `steps` was executed: all were skipped, disabled, or could not begin".to_owned(),
        help: Some("a flow that runs nothing tests nothing; look at `when` and `disabled`".to_owned()),
        span: None,
    }
}

fn teardown_failed(status: Status) -> Failure {
    Failure {
        code: Code::TeardownFailed,
        status,
        message: "the steps passed, and the teardown did not: something may be left behind".to_owned(),
        help: None,
        span: None,
    }
}

/// The failure of an execution whose time ran out.
fn out_of_time(bound: Option<Bound>, bounds: &Bounds) -> Option<Failure> {
    bound.map(|bound| bounds.failure(bound, None))
}

/// A plan with everything that it needs to be executed.
pub(crate) fn scope_of(plan: &Arc<Plan>, execution: &str, seed: testmesh_flow::random::Seed) -> Scope {
    let facts = testmesh_flow::scope::FlowFacts {
        flow_name: plan.name.clone(),
        flow_id: if plan.document == 0 { plan.file.clone() } else { format!("{}#{}", plan.file, plan.document).into() },
        execution_id: execution.into(),
    };
    Scope::new(plan, facts, seed)
}
