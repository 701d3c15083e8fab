//! One step: `when`, then retry( eventually( look )), then what its failure means (contract §2).

use crate::{
    attempt::{Attempting, Ended, Tried},
    clock::millis_since,
    context::Note,
    control::Bound,
    emitter::Emitter,
    verdict,
};
use std::time::Duration;
use testmesh_events::{EventKind, Failure, NodePath, Observation, Status};
use testmesh_flow::{
    Code, Diagnostic,
    expr::{self, Fault, FaultKind},
    plan::{Condition, Eventually, Misfit, RenderFault, Retry, RetryOn, Tree},
    scope::{Own, View},
};
use tokio::time::Instant;

/// All attempts of a step.
pub(crate) struct Attempts {
    pub(crate) last: Tried,
    pub(crate) count: u32,
}

/// Whether a step is to run.
pub(crate) enum Gate {
    Open,
    Closed,
    /// `when` needs a value that has none.
    WithoutValue(Failure),
    Broken(Failure),
}

impl Attempting<'_> {
    /// Evaluates `when`.
    pub(crate) fn gate(&self) -> Gate {
        let Some(Condition { expr, node }) = &self.step.when else { return Gate::Open };
        let now = self.clock.zoned();
        let view = View::new(self.scope, &now, self.place).at("when");
        match expr::evaluate(expr, &view).and_then(|value| expr.verdict(&value)) {
            Ok(true) => Gate::Open,
            Ok(false) => Gate::Closed,
            Err(fault) => {
                let absent = fault.kind == FaultKind::NoValue;
                let failure = verdict::unaskable(&RenderFault { fault, node: node.clone() }, &self.plan.sources);
                if absent { Gate::WithoutValue(failure) } else { Gate::Broken(Failure { code: Code::ConditionFailed, ..failure }) }
            }
        }
    }

    /// Runs the step's attempts; every one is recorded.
    pub(crate) async fn attempts(&self, path: &NodePath, emitter: &mut Emitter) -> Attempts {
        let retry = match self.retry() {
            Ok(retry) => retry,
            Err(failure) => return self.hopeless(path, failure, emitter).await,
        };
        let max = retry.map_or(1, |retry| retry.max_attempts);
        let mut number = 1;
        loop {
            let tried = self.attempt(number, path, emitter).await;
            self.record(path, &tried, emitter).await;
            let again = number < max && self.is_worth_another(&tried, path, emitter).await;
            let Some(retry) = retry.filter(|_| again) else { return Attempts { last: tried, count: number } };
            let wait = retry.wait_after(number, self.chance(number));
            tokio::select! {
                biased;
                bound = self.bounds.wait() => return Attempts { last: Tried { ended: Ended::CutByBound(bound), ..tried }, count: number },
                () = tokio::time::sleep(wait) => number += 1,
            }
        }
    }

    async fn hopeless(&self, path: &NodePath, failure: Failure, emitter: &mut Emitter) -> Attempts {
        let last = Tried::failed(1, failure, Ended::Hopeless);
        self.record(path, &last, emitter).await;
        Attempts { last, count: 1 }
    }

    /// A step whose `when` could not be evaluated.
    pub(crate) async fn broken(&self, path: &NodePath, failure: Failure, emitter: &mut Emitter) -> Attempts {
        self.hopeless(path, failure, emitter).await
    }

    /// Why the step cannot be asked anything: a value that it needs was never given one.
    pub(crate) fn lacks_value(&self) -> Option<String> {
        let now = self.clock.zoned();
        let view = View::new(self.scope, &now, self.place).at("1").at("0");
        let absent = |fault: Fault| (fault.kind == FaultKind::NoValue).then_some(fault.message);
        let config = self.step.config.render(&view.at("config"));
        let policies = [&self.step.retry, &self.step.eventually].into_iter().flatten();
        let policies = policies.filter_map(|tree| tree.render(&view.at("policy")).err());
        let timeout = self.step.timeout.iter().filter_map(|text| text.render(&view.at("timeout")).err());
        let lacking = policies.chain(timeout).find_map(|fault| absent(fault.fault));
        match config {
            Err(fault) => absent(fault.fault).or(lacking),
            Ok(config) => lacking.or_else(|| self.asserts_what_lacks(&config, &view)),
        }
    }

    /// The same for the assertions of `assert`, which are all that it does.
    fn asserts_what_lacks(&self, config: &testmesh_flow::Value, view: &View) -> Option<String> {
        let empty = testmesh_flow::Map::new();
        let data = config.get("data").and_then(testmesh_flow::Value::as_map).unwrap_or(&empty);
        let asserts = self.step.asserts.iter().filter(|_| &*self.step.action == "assert");
        let faults = asserts.filter_map(|assertion| expr::evaluate(&assertion.condition.expr, &view.with_first(data)).err());
        faults.filter(|fault| fault.kind == FaultKind::NoValue).map(|fault| fault.message).next()
    }

    async fn attempt(&self, number: u32, path: &NodePath, emitter: &mut Emitter) -> Tried {
        match self.eventually(number) {
            Ok(None) => self.look(number, 0, None, emitter).await,
            Ok(Some(eventually)) => self.observe(number, eventually, path, emitter).await,
            Err(failure) => Tried::failed(number, failure, Ended::Hopeless),
        }
    }

    /// Looks until everything holds. The last complete look decides when the time is over.
    async fn observe(&self, number: u32, eventually: Eventually, path: &NodePath, emitter: &mut Emitter) -> Tried {
        let began = Instant::now();
        let until = began.checked_add(eventually.timeout);
        let mut complete: Option<Tried> = None;
        let mut count = 0;
        loop {
            count += 1;
            let mut tried = self.look(number, count, until, emitter).await;
            tried.record.observations = count;
            match tried.ended {
                Ended::Hopeless | Ended::WithoutValue | Ended::CutByBound(_) => return tried,
                Ended::CutByEventually => return self.not_held(complete, tried, eventually.timeout, began),
                Ended::Complete | Ended::TimedOut => {}
            }
            emitter.emit(self.scope, EventKind::Observed { path: path.clone(), observation: observation(&tried, count, began) }).await;
            if tried.record.status == Status::Passed || refused_login(&tried) {
                tried.record.duration_ms = millis_since(began);
                return tried;
            }
            // A look that its own time cut says nothing; an earlier whole one still does.
            let cut = if tried.ended == Ended::TimedOut { Some(tried) } else { complete.replace(tried).and(None) };
            let Some(wait) = until.map_or(Some(eventually.interval), |until| pause(eventually.interval, until)) else {
                let cut = cut.unwrap_or_else(|| Tried::failed(number, self.never_complete(eventually.timeout), Ended::TimedOut));
                return self.not_held(complete, cut, eventually.timeout, began);
            };
            tokio::select! {
                biased;
                bound = self.bounds.wait() => return self.interrupted(complete.or(cut), number, bound),
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    fn interrupted(&self, seen: Option<Tried>, number: u32, bound: Bound) -> Tried {
        let failure =
            Failure { span: Some(self.step.span), ..self.bounds.failure(bound, Some("waiting for the next look of `eventually`")) };
        let mut tried = seen.unwrap_or_else(|| Tried::failed(number, failure.clone(), Ended::CutByBound(bound)));
        tried.record.failure = Some(failure);
        tried.ended = Ended::CutByBound(bound);
        tried.settle();
        tried
    }

    fn not_held(&self, complete: Option<Tried>, cut: Tried, timeout: Duration, began: Instant) -> Tried {
        let Some(mut last) = complete else {
            let mut tried = cut;
            if tried.ended == Ended::CutByEventually {
                tried.record.failure = Some(self.never_complete(timeout));
            }
            tried.record.duration_ms = millis_since(began);
            tried.settle();
            return tried;
        };
        if last.record.failure.is_none() {
            let times = last.record.observations;
            let plural = if times == 1 { "" } else { "s" };
            let message = format!("it did not hold within {}: {times} look{plural}", testmesh_flow::duration::show(timeout));
            let status = last.record.status;
            last.record.failure = Some(Failure { code: Code::NotHeld, status, message, help: None, span: Some(self.step.span) });
        }
        last.record.duration_ms = millis_since(began);
        last
    }

    fn never_complete(&self, timeout: Duration) -> Failure {
        Failure {
            code: Code::Timeout,
            status: Status::Errored,
            message: format!("nothing could be observed within the {} of `eventually`", testmesh_flow::duration::show(timeout)),
            help: Some("the first look took longer than that: raise `eventually.timeout`, or bound a look with `timeout`".to_owned()),
            span: Some(self.step.span),
        }
    }

    fn retry(&self) -> Result<Option<Retry>, Failure> {
        self.policy(self.step.retry.as_ref(), "retry", Retry::read)
    }

    fn eventually(&self, attempt: u32) -> Result<Option<Eventually>, Failure> {
        self.policy(self.step.eventually.as_ref(), &format!("eventually/{attempt}"), Eventually::read)
    }

    fn policy<T>(
        &self,
        tree: Option<&Tree>,
        place: &str,
        read: impl Fn(testmesh_flow::Value) -> Result<T, Misfit>,
    ) -> Result<Option<T>, Failure> {
        let Some(tree) = tree else { return Ok(None) };
        let now = self.clock.zoned();
        let view = View::new(self.scope, &now, self.place).at(place);
        let value = tree.render(&view).map_err(|fault| verdict::unaskable(&fault, &self.plan.sources))?;
        read(value).map(Some).map_err(|misfit| Failure {
            code: Code::ConfigRejected,
            status: Status::Errored,
            message: format!("`{}` {}", place.split('/').next().unwrap_or(place), misfit.message),
            help: None,
            span: Some(self.step.span),
        })
    }

    /// The jitter's chance, from 0 up to 1.
    fn chance(&self, attempt: u32) -> f64 {
        let now = self.clock.zoned();
        let seed = View::new(self.scope, &now, self.place).at("jitter").at(&attempt.to_string()).seed();
        seed.int(0..=999_999) as f64 / 1e6
    }

    async fn is_worth_another(&self, tried: &Tried, path: &NodePath, emitter: &mut Emitter) -> bool {
        let status = tried.record.status;
        if status == Status::Passed || matches!(tried.ended, Ended::Hopeless | Ended::WithoutValue | Ended::CutByBound(_)) {
            return false;
        }
        let mut undecided = None;
        for on in &self.step.retry_on {
            match self.matches(on, tried) {
                Ok(true) => return true,
                Ok(false) => {}
                Err(fault) => undecided = undecided.or(Some(fault)),
            }
        }
        if let Some(fault) = undecided {
            let message = format!("`retry_on` could not decide, and the step is not tried again: {}", fault.fault.message);
            let diagnostic = Diagnostic::warning(Code::ConditionFailed, fault.span(&self.plan.sources), message);
            emitter.emit(self.scope, EventKind::Warned { path: Some(path.clone()), diagnostic }).await;
        }
        self.step.retry_on.is_empty()
    }

    fn matches(&self, on: &RetryOn, tried: &Tried) -> Result<bool, RenderFault> {
        Ok(match on {
            RetryOn::Failed => tried.record.status == Status::Failed,
            RetryOn::Errored => tried.record.status == Status::Errored,
            RetryOn::Timeout => matches!(tried.ended, Ended::TimedOut | Ended::CutByEventually),
            RetryOn::Status(wanted) => tried.output.as_ref().and_then(|output| output.get("status")?.as_i64()) == Some(*wanted),
            RetryOn::Expression(condition) => return self.holds(condition, tried),
        })
    }

    /// Whether a condition holds over what an attempt gave; without an output there is nothing for it to hold over.
    fn holds(&self, Condition { expr, node }: &Condition, tried: &Tried) -> Result<bool, RenderFault> {
        let Some(output) = tried.output.as_deref() else { return Ok(false) };
        let now = self.clock.zoned();
        let captures: Vec<_> = tried.captures.iter().map(|(name, value, _)| (name.clone(), Some(value.clone()))).collect();
        let own = Own { phase: self.step.phase, declared: &self.step.output, id: &self.step.id, output, captures: &captures };
        let view = View::new(self.scope, &now, self.place).with_own(own);
        let value = expr::evaluate(expr, &view).and_then(|value| expr.verdict(&value));
        value.map_err(|fault| RenderFault { fault, node: node.clone() })
    }

    /// Emits what an attempt was, and what its action said on the way.
    async fn record(&self, path: &NodePath, tried: &Tried, emitter: &mut Emitter) {
        for note in &tried.notes {
            let kind = match note {
                Note::Log { level, message, data } => {
                    EventKind::Log { path: Some(path.clone()), level: *level, message: message.clone(), data: data.clone() }
                }
                Note::Warning { code, message, help, key } => {
                    let span = key
                        .as_ref()
                        .and_then(|key| self.step.places.iter().find(|(name, _)| **name == **key))
                        .map_or(self.step.span, |(_, span)| *span);
                    let diagnostic = Diagnostic::warning(*code, span, message.clone());
                    let diagnostic = help.iter().fold(diagnostic, |diagnostic, help| diagnostic.help(help.clone()));
                    EventKind::Warned { path: Some(path.clone()), diagnostic }
                }
            };
            emitter.emit(self.scope, kind).await;
        }
        for diagnostic in &tried.warnings {
            emitter.emit(self.scope, EventKind::Warned { path: Some(path.clone()), diagnostic: diagnostic.clone() }).await;
        }
        emitter.emit(self.scope, EventKind::AttemptFinished { path: path.clone(), record: tried.record.clone() }).await;
    }
}

/// How long to wait before the next look; `None` when there is no time left for one. The last comes shortly before the end, so that it is whole.
fn pause(interval: Duration, until: Instant) -> Option<Duration> {
    let left = until.saturating_duration_since(Instant::now());
    (left > interval / 10).then(|| interval.min(left * 9 / 10))
}

/// A login that is refused is refused again: looking on would only lock the account.
fn refused_login(tried: &Tried) -> bool {
    tried.record.failure.as_ref().is_some_and(|failure| failure.code == Code::LoginRefused)
}

/// What was seen, in a line: the deciding comparison, or why there was none.
fn observation(tried: &Tried, number: u32, began: Instant) -> Observation {
    let record = &tried.record;
    let failed = record.assertions.iter().find(|assertion| assertion.status != Status::Passed);
    let compared =
        failed.and_then(|assertion| assertion.explanation.as_ref()?.comparison.as_ref()).map(|comparison| comparison.left.to_json());
    let seen = match (&record.failure, failed, compared) {
        (Some(failure), ..) => failure.message.clone(),
        (None, Some(assertion), Some(left)) => format!("{left} ({})", assertion.expression),
        (None, Some(assertion), None) => match &assertion.failure {
            Some(failure) => failure.message.clone(),
            None => format!("false ({})", assertion.expression),
        },
        (None, None, _) => match record.captures.iter().find_map(|capture| capture.failure.as_ref()) {
            Some(failure) => failure.message.clone(),
            None => "everything holds".to_owned(),
        },
    };
    Observation { attempt: record.attempt, number, elapsed_ms: millis_since(began), status: record.status, seen }
}
