//! One look at the world: render, act, capture, assert.

use crate::{
    clock::millis_since,
    context::{Note, StepContext, Waiting, lock},
    control::{Bound, Bounds, sleep_until},
    phases::FlowRun,
    verdict,
};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use testmesh_events::{AttemptRecord, Failure, NodePath, Status, Use};
use testmesh_flow::{
    Code, Diagnostic, Map, Sources, Span, Value,
    catalog::ActionTimeout,
    duration,
    expr::{self, FaultKind},
    plan::{Misfit, Plan, RenderFault, Step, Text, fit},
    scope::{Own, Scope, View},
};
use tokio::time::Instant;

/// What one step of one execution is tried with.
#[derive(Clone, Copy)]
pub(crate) struct Attempting<'a> {
    pub(crate) flow: FlowRun<'a>,
    pub(crate) step: &'a Step,
    pub(crate) bounds: &'a Bounds,
    /// The step's address, from which its randomness comes.
    pub(crate) path: &'a NodePath,
    /// What does not pass is looked at again by a poll around the step.
    pub(crate) observing: bool,
}

/// Which look it is.
#[derive(Clone, Copy)]
pub(crate) struct Look {
    /// Counted from 1.
    pub(crate) attempt: u32,
    /// Of an `eventually`, counted from 1; 0 without one.
    pub(crate) observation: u32,
    /// The end of the `eventually` around it.
    pub(crate) until: Option<Instant>,
    /// Another look may follow.
    pub(crate) repeats: bool,
}

/// What came of it.
pub(crate) struct Tried {
    pub(crate) record: AttemptRecord,
    pub(crate) output: Option<Arc<Map>>,
    pub(crate) captures: Vec<(Arc<str>, Value, Span)>,
    pub(crate) notes: Vec<Note>,
    pub(crate) warnings: Vec<Diagnostic>,
    pub(crate) ended: Ended,
    /// The action was started, or one inside.
    pub(crate) asked: bool,
    /// What was asked could have been answered with no.
    pub(crate) asserted: bool,
    /// Teardown steps of called flows that did not run.
    pub(crate) left_behind: Vec<String>,
}

/// How the look itself ended, whatever was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// It was complete: there is an answer, or a reason why there is none.
    Complete,
    /// Looking again cannot help: a name is unresolved, a config does not fit.
    Hopeless,
    /// A name that it needs has no value because its producer did not give one.
    WithoutValue,
    /// The step's own time was over.
    TimedOut,
    /// The `eventually` around it was over.
    CutByEventually,
    /// The execution was stopped or out of time.
    CutByBound(Bound),
}

impl<'a> Attempting<'a> {
    pub(crate) fn now(&self) -> jiff::Zoned {
        self.flow.execution.clock.zoned()
    }

    pub(crate) fn place(&self) -> &'a str {
        self.path.as_str()
    }

    pub(crate) fn sources(&self) -> &'a Sources {
        &self.flow.plan.sources
    }

    fn view<'v>(&self, scope: &'v Scope, now: &'v jiff::Zoned, look: Look) -> View<'v> {
        View::new(scope, now, self.place()).at(&look.attempt.to_string()).at(&look.observation.to_string())
    }

    /// Looks once.
    pub(crate) async fn look(&self, scope: &mut Scope, look: Look) -> Tried {
        let began = Instant::now();
        let now = self.now();
        let mut tried = Tried::empty(look.attempt);
        let config = self.config(&self.view(scope, &now, look));
        match (config, self.step.control.as_deref()) {
            (Ok(config), None) => {
                tried.record.config = config.clone();
                tried.asserted = self.step.can_say_no();
                self.act(config, &self.view(scope, &now, look), look.until, &mut tried).await;
                self.judge(&self.view(scope, &now, look), scope, &mut tried).await;
            }
            (Ok(config), Some(control)) => {
                tried.record.config = config.clone();
                tried.asserted = !self.step.asserts.is_empty();
                self.nest(control, &config, scope, look, &mut tried).await;
                self.judge(&self.view(scope, &now, look), scope, &mut tried).await;
            }
            (Err((failure, ended)), _) => {
                tried.record.failure = Some(failure);
                tried.ended = ended;
            }
        }
        tried.settle();
        if tried.record.status != Status::Passed {
            tried.record.uses = self.uses(scope, &now);
        }
        tried.record.duration_ms = millis_since(began);
        tried
    }

    pub(crate) fn config(&self, view: &View) -> Result<Value, (Failure, Ended)> {
        let rendered = self.step.config.render(&view.at("config")).map_err(|fault| self.unrendered(&fault))?;
        fit(rendered, &self.step.action.config).map_err(|misfit| (self.misfit(&misfit), Ended::Hopeless))
    }

    pub(crate) fn unrendered(&self, fault: &RenderFault) -> (Failure, Ended) {
        let failure = verdict::unaskable(fault, self.sources());
        let ended = if fault.fault.kind == FaultKind::NoValue { Ended::WithoutValue } else { Ended::Hopeless };
        (failure, ended)
    }

    fn misfit(&self, misfit: &Misfit) -> Failure {
        let path = if misfit.path.is_empty() { "config" } else { &misfit.path };
        Failure {
            code: Code::ConfigRejected,
            status: Status::Errored,
            message: format!("`{path}` does not fit the action: {}", misfit.message),
            help: None,
            span: Some(self.span_of(path)),
        }
    }

    /// Where a config key's value stands.
    fn span_of(&self, path: &str) -> Span {
        let key = path.split('.').next().unwrap_or(path);
        let place = self.step.places.iter().find(|(name, _)| **name == *key).map(|(_, span)| *span);
        place.unwrap_or(self.step.span)
    }

    async fn act(&self, config: Value, view: &View<'_>, until: Option<Instant>, tried: &mut Tried) {
        let began = Instant::now();
        let (deadline, whose) = match self.deadline(&config, view, began) {
            Ok(deadline) => deadline,
            Err((failure, ended)) => {
                tried.record.failure = Some(failure);
                tried.ended = ended;
                return;
            }
        };
        let Some(run) = self.flow.execution.actions.get(&self.step.action.name).cloned() else {
            tried.record.failure =
                Some(self.failure(Code::Internal, format!("the action `{}` is not in this build", self.step.action.name)));
            return;
        };
        tried.asked = true;
        let evaluate = |text: &str, first: &Map| Self::evaluate(text, first, view);
        let random = |salt: &str| view.seed().derive(salt).u64();
        let cx = StepContext {
            execution: &self.flow.execution.context,
            cancel: self.bounds.cancel.child_token(),
            time_left: [deadline, until].into_iter().flatten().min().map(|end| end.saturating_duration_since(began)),
            waiting: Mutex::default(),
            notes: Mutex::default(),
            asserted: &self.step.asserted,
            evaluate: &evaluate,
            random: &random,
        };
        let result = tokio::select! {
            biased;
            result = run(config, &cx) => Ok(result),
            bound = self.bounds.wait() => Err(Ended::CutByBound(bound)),
            () = sleep_until(until) => Err(Ended::CutByEventually),
            () = sleep_until(deadline) => Err(Ended::TimedOut),
        };
        cx.cancel.cancel();
        let waiting = lock(&cx.waiting).take();
        tried.notes = std::mem::take(&mut *lock(&cx.notes));
        match result {
            Ok(Ok(output)) => tried.answer(output, began),
            Ok(Err(error)) => {
                let span = Some(self.span_of(error.key.as_deref().unwrap_or_default()));
                tried.record.failure =
                    Some(Failure { code: error.code, status: error.status, message: error.message, help: error.help, span });
                if matches!(error.code, Code::ConfigRejected | Code::BadUrl | Code::BadJsonPath) {
                    tried.ended = Ended::Hopeless;
                }
                if let Some(output) = error.output {
                    tried.answer(output, began);
                }
            }
            Err(ended) => {
                tried.ended = ended;
                tried.record.failure = Some(self.cut(ended, waiting, &whose));
            }
        }
    }

    /// When the look must be over, and whose time that is.
    pub(crate) fn deadline(&self, config: &Value, view: &View, began: Instant) -> Result<(Option<Instant>, String), (Failure, Ended)> {
        let own = self.step.timeout().map(|text| self.duration(text, view)).transpose()?;
        let action = match self.step.action.timeout {
            ActionTimeout::Engine(default) => {
                Some(config.get("timeout").and_then(|value| duration::from_value(value).ok()).unwrap_or(default))
            }
            ActionTimeout::Own => None,
        };
        Ok(match (own, action) {
            (Some(own), action) if action.is_none_or(|action| own <= action) => {
                (began.checked_add(own), format!("the step's `timeout` of {}", duration::show(own)))
            }
            (_, Some(action)) => (began.checked_add(action), format!("the action's `timeout` of {}", duration::show(action))),
            _ => (None, String::new()),
        })
    }

    fn duration(&self, text: &Text, view: &View) -> Result<Duration, (Failure, Ended)> {
        rendered_duration(text, &view.at("timeout"), self.flow.plan).map_err(|failure| (failure, Ended::Hopeless))
    }

    /// What is said of an action that was cut.
    fn cut(&self, ended: Ended, waiting: Option<Waiting>, whose: &str) -> Failure {
        let doing = waiting.as_ref().map(|waiting| waiting.doing.as_str());
        if let Ended::CutByBound(bound) = ended {
            return Failure { span: Some(self.step.span), ..self.bounds.failure(bound, doing) };
        }
        let during = doing.map_or(String::new(), |doing| format!(" while {doing}"));
        let whose = if ended == Ended::CutByEventually { "the time of `eventually`" } else { whose };
        let code = waiting.map_or(Code::Timeout, |waiting| waiting.code);
        let failure = self.failure(code, format!("{whose} ran out{during}"));
        Failure { help: Some("is it up and answering? if it only needs longer, raise the timeout".to_owned()), ..failure }
    }

    pub(crate) fn failure(&self, code: Code, message: String) -> Failure {
        Failure { code, status: Status::Errored, message, help: None, span: Some(self.step.span) }
    }

    /// An expression of the config, for the action.
    fn evaluate(text: &str, first: &Map, view: &View) -> Result<Value, crate::ActionError> {
        use crate::ActionError;
        let options = expr::Options { dashed: &[], templates: true };
        let parsed = expr::parse(text, options).map_err(|error| {
            let failure = ActionError::errored(error.code, format!("`{text}`: {}", error.message));
            ActionError { help: error.help, ..failure }
        })?;
        expr::evaluate(&parsed, &view.with_first(first).at(text)).map_err(|fault| {
            let status = if fault.kind == FaultKind::Mismatch { Status::Failed } else { Status::Errored };
            ActionError { status, help: fault.help, ..ActionError::errored(fault.code, format!("`{text}`: {}", fault.message)) }
        })
    }

    /// Captures and assertions, when there is an output to look at.
    async fn judge(&self, view: &View<'_>, scope: &Scope, tried: &mut Tried) {
        let Some(output) = tried.output.clone() else { return };
        let captures = verdict::captures(self.step, &output, scope, view, self.sources());
        let own =
            Own { phase: self.step.phase, declared: &self.step.output, id: &self.step.id, output: &output, captures: &captures.values };
        let view = view.with_own(own);
        let hiding = if self.step.asserts.is_empty() { None } else { self.flow.execution.emitter.hiding().await };
        tried.record.assertions = verdict::assertions(self.step, &view, self.sources(), hiding.as_ref(), &mut tried.warnings);
        tried.record.captures = captures.records;
        tried.warnings.extend(captures.warnings);
        if verdict::lacks_value(&tried.record) {
            tried.ended = Ended::WithoutValue;
        }
        let captured = captures.values.into_iter().zip(captures.spans);
        tried.captures = captured.filter_map(|((name, value), span)| Some((name, value?, span))).collect();
    }

    fn uses(&self, scope: &Scope, now: &jiff::Zoned) -> Vec<Use> {
        let used = |name: &Arc<str>| {
            let found = scope.provenance(name, now)?;
            Some(Use { name: name.to_string(), value: found.value, origin: found.origin, span: found.span })
        };
        self.step.uses.iter().filter_map(used).collect()
    }
}

/// Renders a duration.
pub(crate) fn rendered_duration(text: &Text, view: &View, plan: &Plan) -> Result<Duration, Failure> {
    let value = text.render(view).map_err(|fault| verdict::unaskable(&fault, &plan.sources))?;
    duration::from_value(&value).map_err(|bad| Failure {
        code: Code::BadDuration,
        status: Status::Errored,
        message: bad.message,
        help: Some(bad.help),
        span: Some(text.span()),
    })
}

impl Tried {
    fn empty(attempt: u32) -> Self {
        Self {
            record: no_record(attempt, Status::Passed),
            output: None,
            captures: Vec::new(),
            notes: Vec::new(),
            warnings: Vec::new(),
            ended: Ended::Complete,
            asked: false,
            asserted: false,
            left_behind: Vec::new(),
        }
    }

    /// An attempt that could not begin.
    pub(crate) fn failed(attempt: u32, failure: Failure, ended: Ended) -> Self {
        let mut tried = Self { ended, ..Self::empty(attempt) };
        tried.record.failure = Some(failure);
        tried.settle();
        tried
    }

    pub(crate) fn answer(&mut self, mut output: Map, began: Instant) {
        if !output.contains("duration_ms") {
            output.insert("duration_ms", millis_since(began));
        }
        let output = Arc::new(output);
        self.record.output = Value::Map(output.clone());
        self.output = Some(output);
    }

    /// Gives the record away; how it ended stays known.
    pub(crate) fn take_record(&mut self) -> AttemptRecord {
        let AttemptRecord { attempt, status, failure, .. } = &self.record;
        let kept = AttemptRecord { failure: failure.clone(), ..no_record(*attempt, *status) };
        std::mem::replace(&mut self.record, kept)
    }

    /// The action decides, else the worst of everything.
    pub(crate) fn settle(&mut self) {
        let record = &mut self.record;
        let failures = record.failure.iter().chain(record.captures.iter().filter_map(|capture| capture.failure.as_ref()));
        let worst = failures.map(|failure| failure.status).chain(record.assertions.iter().map(|assertion| assertion.status)).max();
        // What the action itself says comes first: assertions over half an answer do not make an error a failure.
        record.status = record.failure.as_ref().map(|failure| failure.status).or(worst).unwrap_or(Status::Passed);
    }
}

/// The record of an attempt of which nothing is known yet.
fn no_record(attempt: u32, status: Status) -> AttemptRecord {
    AttemptRecord {
        attempt,
        status,
        config: Value::Null,
        output: Value::Null,
        captures: Vec::new(),
        assertions: Vec::new(),
        failure: None,
        uses: Vec::new(),
        duration_ms: 0.0,
        observations: 0,
    }
}
