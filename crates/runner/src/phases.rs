//! One flow, the execution's own or a called one: setup → steps → output → teardown, and what comes of them (contract §3).

use crate::{
    attempt::rendered_duration,
    control::{Bound, Bounds},
    execution::Execution,
    verdict,
    walk::ListEnd,
};
use std::time::Duration;
use testmesh_events::{EventKind, Failure, NodePath, Phase, Skip, Status, StepHead};
use testmesh_flow::{
    Code, Diagnostic, Map, Span, Value, expr,
    plan::{Exported, ExportedValue, Plan, RenderFault, Step, Text},
    scope::{Scope, View},
};
use tokio::time::Instant;

/// A flow of an execution.
#[derive(Clone, Copy)]
pub(crate) struct FlowRun<'a> {
    pub(crate) execution: &'a Execution<'a>,
    pub(crate) plan: &'a Plan,
    /// What stands before the names of its phases in the addresses of its steps: `steps/3/flow/` of a called one.
    pub(crate) above: &'a str,
}

/// What came of a flow.
pub(crate) struct FlowEnd {
    pub(crate) status: Status,
    /// What made it not pass apart from its steps.
    pub(crate) failure: Option<Failure>,
    /// The first step that made it not pass.
    pub(crate) culprit: Option<Culprit>,
    pub(crate) output: Map,
    /// An action was started.
    pub(crate) ran: bool,
    /// One that could say no.
    pub(crate) asserted: bool,
    /// Teardown steps that did not run.
    pub(crate) left_behind: Vec<String>,
    /// The bound that ended it.
    pub(crate) bound: Option<Bound>,
    /// Something in it cannot be helped by another try.
    pub(crate) hopeless: bool,
}

/// A step that did not pass.
#[derive(Clone, Debug)]
pub(crate) struct Culprit {
    pub(crate) id: String,
    pub(crate) span: Span,
    pub(crate) status: Status,
}

/// A teardown that says nothing else is given this long.
const TEARDOWN: Duration = Duration::from_mins(1);
const NOT_BEGUN: &str = "the flow could not begin";

impl FlowRun<'_> {
    /// Goes through the phases. `outer` bounds setup and steps from outside; the teardown has its own bounds.
    pub(crate) async fn phases(&self, mut scope: Scope, outer: &Bounds) -> FlowEnd {
        let plan = self.plan;
        let deadline = self.deadline(plan.timeout.as_deref(), &scope, Instant::now());
        let (deadline, mut failure) = match deadline {
            Ok(deadline) => (deadline, None),
            Err(bad) => (None, Some(bad)),
        };
        let bounds = outer.until(deadline, "the flow's `config.timeout`");
        let halted = failure.as_ref().map(|_| NOT_BEGUN.to_owned());
        let setup = self.phase(Phase::Setup, &mut scope, &bounds, halted.clone()).await;
        let halted = setup.halted.clone().or(halted);
        let reached = halted.is_none() && setup.bound.is_none();
        let steps = self.phase(Phase::Steps, &mut scope, &bounds, halted).await;
        if reached && !steps.ran && steps.bound.is_none() && steps.worst.is_none_or(|worst| worst == Status::Passed) {
            failure = Some(nothing_ran());
        }
        let bound = setup.bound.or(steps.bound);
        failure = failure.or_else(|| bound.map(|bound| bounds.failure(bound, None)));
        let mut verdict = [setup.worst, steps.worst, failure.as_ref().map(|failure| failure.status)].into_iter().flatten().max();
        if steps.ran && !steps.asserted && verdict.is_none_or(|verdict| verdict == Status::Passed) {
            self.warn_of_nothing_asserted().await;
        }
        let passed = verdict.is_none_or(|verdict| verdict == Status::Passed);
        let output = match self.output(&scope, passed) {
            Ok(output) => output,
            Err(bad) => {
                verdict = Some(verdict.map_or(bad.status, |verdict| verdict.worse(bad.status)));
                failure = failure.or(Some(bad));
                Map::new()
            }
        };
        let before = verdict.unwrap_or(Status::Passed);
        scope.set_status(before.name());
        let teardown = self.teardown(&mut scope).await;
        let status = [Some(before), teardown.worst].into_iter().flatten().max().unwrap_or(Status::Passed);
        if failure.is_none() && before == Status::Passed && status != Status::Passed {
            failure = Some(teardown_failed(status));
        }
        FlowEnd {
            status,
            failure,
            culprit: [setup.culprit, steps.culprit, teardown.culprit].into_iter().flatten().find(|culprit| culprit.status == status),
            output,
            ran: setup.ran || steps.ran || teardown.ran,
            asserted: steps.asserted,
            left_behind: [setup.left_behind, steps.left_behind, teardown.left_behind].concat(),
            bound: if outer.met().is_some() { bound } else { None },
            hopeless: setup.hopeless || steps.hopeless,
        }
    }

    /// That no step could have said no is said before the run, unless a step that could was not executed.
    async fn warn_of_nothing_asserted(&self) {
        let Some(step) = self.plan.steps.iter().find(|step| !step.disabled && step.can_say_no()) else { return };
        let message = format!("nothing was asserted: step `{}` was not executed, and no other that was asserts anything", step.id);
        let diagnostic = Diagnostic::warning(Code::AssertsNothing, step.span, message);
        let diagnostic = diagnostic.help("look at its `when`, or add `assert:` to a step that always runs");
        self.warn(None, diagnostic).await;
    }

    pub(crate) async fn emit(&self, kind: EventKind) {
        self.execution.emitter.emit(kind).await;
    }

    /// A doubt about a step of this flow, or about all of it.
    pub(crate) async fn warn(&self, path: Option<&NodePath>, diagnostic: Diagnostic) {
        self.execution.emitter.warn(self.plan, path.cloned(), diagnostic).await;
    }

    /// The phases of a called flow are those of its caller.
    async fn enter(&self, phase: Phase) {
        if self.above.is_empty() {
            self.emit(EventKind::PhaseStarted { phase }).await;
        }
    }

    fn deadline(&self, timeout: Option<&Text>, scope: &Scope, began: Instant) -> Result<Option<Instant>, Failure> {
        let Some(text) = timeout else { return Ok(None) };
        let now = self.execution.clock.zoned();
        let view = View::new(scope, &now, "config");
        rendered_duration(text, &view, self.plan).map(|duration| began.checked_add(duration))
    }

    fn steps_of(&self, phase: Phase) -> &[Step] {
        match phase {
            Phase::Setup => &self.plan.setup,
            Phase::Steps => &self.plan.steps,
            Phase::Teardown => &self.plan.teardown,
        }
    }

    /// Setup or steps. `halted` says why nothing of it is reached.
    async fn phase(&self, phase: Phase, scope: &mut Scope, bounds: &Bounds, halted: Option<String>) -> ListEnd {
        let mut end = ListEnd { halted, ..ListEnd::default() };
        let steps = self.steps_of(phase);
        if steps.is_empty() {
            return end;
        }
        if end.halted.is_none() {
            self.enter(phase).await;
        }
        self.walk(steps, &format!("{}{phase}", self.above), bounds, scope, &mut end).await;
        end
    }

    /// Teardown always runs, under its own time; every step is tried.
    async fn teardown(&self, scope: &mut Scope) -> ListEnd {
        let mut end = ListEnd::default();
        if self.plan.teardown.is_empty() {
            return end;
        }
        let began = Instant::now();
        self.enter(Phase::Teardown).await;
        let deadline = match self.deadline(self.plan.teardown_timeout.as_deref(), scope, began) {
            Ok(deadline) => deadline.unwrap_or(began + TEARDOWN),
            Err(bad) => {
                end.count(bad.status, None);
                let span = bad.span.unwrap_or_default();
                let message = format!("`config.teardown_timeout` has no value, 60 s were taken: {}", bad.message);
                self.warn(None, Diagnostic::warning(bad.code, span, message)).await;
                began + TEARDOWN
            }
        };
        let bounds = self.execution.control.teardown_bounds((deadline, "the teardown's time".to_owned()));
        self.walk(&self.plan.teardown, &format!("{}{}", self.above, Phase::Teardown), &bounds, scope, &mut end).await;
        end
    }

    /// What the caller gets. Of a flow that did not pass it is what there is.
    fn output(&self, scope: &Scope, passed: bool) -> Result<Map, Failure> {
        let now = self.execution.clock.zoned();
        let mut output = Map::new();
        for exported in &self.plan.output {
            match value_of(exported, &View::new(scope, &now, "output").at(&exported.name)) {
                Ok(value) => {
                    output.insert(exported.name.clone(), value);
                }
                Err(_) if !passed => {}
                Err(fault) => {
                    let failure = verdict::unaskable(&fault, &self.plan.sources);
                    let message = format!("the output `{}` has no value: {}", exported.name, failure.message);
                    return Err(Failure { message, ..failure });
                }
            }
        }
        Ok(output)
    }

    /// Records a step that does not run.
    pub(crate) async fn skip(&self, step: &Step, path: NodePath, skip: Skip, reason: String, scope: &mut Scope) {
        explain(step, &format!("step `{}` was skipped: {reason}", step.id), scope);
        let head = self.head(step, path, scope);
        self.emit(EventKind::StepSkipped { step: head, skip, reason }).await;
    }

    pub(crate) fn head(&self, step: &Step, path: NodePath, scope: &Scope) -> StepHead {
        let name = match (&step.name, self.name(step, &path, scope)) {
            // A name that cannot be rendered is shown as it is written.
            (Some(text), Err(_)) => text.template.text().to_owned(),
            (_, Ok(Some(name))) => name,
            (_, _) => step.id.to_string(),
        };
        StepHead { path, id: step.id.to_string(), name, action: step.action.name.to_string(), span: step.span }
    }

    /// The step's name as it is rendered.
    fn name(&self, step: &Step, path: &NodePath, scope: &Scope) -> Result<Option<String>, RenderFault> {
        let now = self.execution.clock.zoned();
        let render = |text: &Text| text.render_text(&View::new(scope, &now, path.as_str()).at("name"));
        step.name.as_deref().map(render).transpose()
    }

    /// Warns that a step which passed has a name that cannot be rendered; in one that did not, its failure is what matters.
    pub(crate) async fn doubt_name(&self, step: &Step, path: &NodePath, scope: &Scope) {
        let Err(fault) = self.name(step, path, scope) else { return };
        let message = format!("the step's name is shown as it is written: {}", fault.fault.message);
        let warning = Diagnostic::warning(Code::RenderFailed, fault.span(&self.plan.sources), message);
        let diagnostic = match fault.fault.help {
            Some(help) => warning.help(help),
            None => warning,
        };
        self.warn(Some(path), diagnostic).await;
    }
}

fn value_of(exported: &Exported, view: &View) -> Result<Value, RenderFault> {
    match &exported.value {
        ExportedValue::Expression(condition) => {
            expr::evaluate(&condition.expr, view).map(Value::leave).map_err(|fault| condition.fault(fault))
        }
        ExportedValue::Data(tree) => tree.render(view),
    }
}

/// Says why what a step gives, and what those inside it give, has no value.
fn explain(step: &Step, why: &str, scope: &mut Scope) {
    scope.explain_absence(&step.id, || why.to_owned());
    for capture in &step.captures {
        scope.explain_absence(&capture.name, || why.to_owned());
    }
    for inner in step.control.iter().flat_map(|control| control.lists()).flatten() {
        explain(inner, why, scope);
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
