//! One step: `when`, then retry( eventually( look )), then what its failure means (contract §2).

use crate::{
    attempt::{Attempting, Ended, Look, Tried},
    clock::millis_since,
    context::Note,
    control::Bound,
    verdict,
    walk::is_teardown,
};
use std::time::Duration;
use testmesh_events::{EventKind, Failure, Observation, Skip, Status};
use testmesh_flow::{
    Code, Diagnostic,
    expr::{self, Fault, FaultKind},
    plan::{Condition, Control, Eventually, Misfit, RenderFault, Retry, RetryOn, Tree},
    scope::{Own, Scope, View},
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
    pub(crate) fn gate(&self, scope: &Scope) -> Gate {
        let Some(condition) = self.step.when.as_deref() else { return Gate::Open };
        let now = self.now();
        let view = View::new(scope, &now, self.place()).at("when");
        match expr::evaluate(&condition.expr, &view).and_then(|value| condition.expr.verdict(&value)) {
            Ok(true) => Gate::Open,
            Ok(false) => Gate::Closed,
            Err(fault) => {
                let absent = fault.kind == FaultKind::NoValue;
                let failure = verdict::unaskable(&condition.fault(fault), self.sources());
                if absent { Gate::WithoutValue(failure) } else { Gate::Broken(Failure { code: Code::ConditionFailed, ..failure }) }
            }
        }
    }

    /// Runs the step's attempts; every one is recorded.
    pub(crate) async fn attempts(&self, scope: &mut Scope) -> Attempts {
        let retry = match self.retry(scope) {
            Ok(retry) => retry,
            Err(failure) => return self.hopeless(failure).await,
        };
        let max = retry.map_or(1, |retry| retry.max_attempts);
        let before = self.before(scope, max > 1);
        let mut number = 1;
        loop {
            let mut tried = self.attempt(scope, number, number < max).await;
            self.record(&mut tried).await;
            let again = number < max && self.is_worth_another(scope, &tried).await;
            let Some(retry) = retry.filter(|_| again) else { return Attempts { last: tried, count: number } };
            let wait = retry.wait_after(number, self.chance(scope, number));
            tokio::select! {
                biased;
                bound = self.bounds.wait() => return Attempts { last: Tried { ended: Ended::CutByBound(bound), ..tried }, count: number },
                () = tokio::time::sleep(wait) => number += 1,
            }
            restore(scope, before.as_ref());
        }
    }

    /// What was known before the steps inside ran, when they may run again: each try begins with the same.
    fn before(&self, scope: &Scope, may_repeat: bool) -> Option<Scope> {
        (may_repeat && self.step.control.is_some()).then(|| scope.fork())
    }

    /// A step that cannot be tried, as its one attempt.
    pub(crate) async fn hopeless(&self, failure: Failure) -> Attempts {
        let mut last = Tried::failed(1, failure, Ended::Hopeless);
        self.record(&mut last).await;
        Attempts { last, count: 1 }
    }

    /// Why a step is skipped that could run: one of the teardown needs a value that was never given, a loop of setup or teardown has no item.
    pub(crate) fn needs_no_run(&self, scope: &Scope) -> Option<(Skip, String)> {
        if is_teardown(self.step)
            && let Some(reason) = self.lacks_value(scope)
        {
            return Some((Skip::NoValue, reason));
        }
        self.has_no_item(scope).then(|| (Skip::NoItem, "there is no item".to_owned()))
    }

    /// Why the step cannot be asked anything: a value that it needs was never given one.
    fn lacks_value(&self, scope: &Scope) -> Option<String> {
        let now = self.now();
        let view = View::new(scope, &now, self.place()).at("1").at("0");
        let absent = |fault: Fault| (fault.kind == FaultKind::NoValue).then_some(fault.message);
        let config = self.step.config.render(&view.at("config"));
        let policies = [self.step.retry(), self.step.eventually()].into_iter().flatten();
        let policies = policies.filter_map(|tree| tree.render(&view.at("policy")).err());
        let timeout = self.step.timeout().into_iter().filter_map(|text| text.render(&view.at("timeout")).err());
        let decides = match self.step.control.as_deref() {
            Some(Control::Condition { condition, .. }) => expr::evaluate(&condition.expr, &view.at("condition")).err(),
            _ => None,
        };
        let lacking = policies.chain(timeout).find_map(|fault| absent(fault.fault)).or_else(|| decides.and_then(absent));
        match config {
            Err(fault) => absent(fault.fault).or(lacking),
            Ok(config) => lacking.or_else(|| self.asserts_what_lacks(&config, &view)),
        }
    }

    /// The same for the assertions of `assert`, which are all that it does.
    fn asserts_what_lacks(&self, config: &testmesh_flow::Value, view: &View) -> Option<String> {
        let empty = testmesh_flow::Map::new();
        let data = config.get("data").and_then(testmesh_flow::Value::as_map).unwrap_or(&empty);
        let asserts = self.step.asserts.iter().filter(|_| &*self.step.action.name == "assert");
        let faults = asserts.filter_map(|assertion| expr::evaluate(&assertion.condition.expr, &view.with_first(data)).err());
        faults.filter(|fault| fault.kind == FaultKind::NoValue).map(|fault| fault.message).next()
    }

    async fn attempt(&self, scope: &mut Scope, number: u32, more: bool) -> Tried {
        match self.eventually(scope, number) {
            Ok(None) => self.look(scope, Look { attempt: number, observation: 0, until: None, repeats: more }).await,
            Ok(Some(eventually)) => self.observe(scope, number, eventually).await,
            Err(failure) => Tried::failed(number, failure, Ended::Hopeless),
        }
    }

    /// Looks until everything holds. The last complete look decides when the time is over.
    async fn observe(&self, scope: &mut Scope, number: u32, eventually: Eventually) -> Tried {
        let began = Instant::now();
        let until = began.checked_add(eventually.timeout);
        let before = self.before(scope, true);
        let mut complete: Option<Tried> = None;
        let mut count = 0;
        loop {
            count += 1;
            restore(scope, before.as_ref());
            let mut tried = self.look(scope, Look { attempt: number, observation: count, until, repeats: true }).await;
            tried.record.observations = count;
            match tried.ended {
                Ended::Hopeless | Ended::WithoutValue | Ended::CutByBound(_) => return tried,
                Ended::CutByEventually => return self.not_held(complete, tried, eventually.timeout, began),
                Ended::Complete | Ended::TimedOut => {}
            }
            self.flow.emit(EventKind::Observed { path: self.path.clone(), observation: observation(&tried, count, began) }).await;
            if tried.record.status == Status::Passed || refused_login(&tried) {
                tried.record.duration_ms = millis_since(began);
                return tried;
            }
            // A look that its own time cut says nothing; an earlier whole one still does.
            let cut = if tried.ended == Ended::TimedOut { Some(tried) } else { complete.replace(tried).and(None) };
            let Some(wait) = until.map_or(Some(eventually.interval), |until| pause(eventually.interval, until)) else {
                let cut = cut.unwrap_or_else(|| Tried::failed(number, self.never_complete(eventually.timeout, true), Ended::TimedOut));
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
            let by_step = tried.ended == Ended::TimedOut || tried.record.observations > 1;
            tried.record.failure = Some(self.never_complete(timeout, by_step));
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

    /// `by_step`: looks were cut by the step's own `timeout`.
    fn never_complete(&self, timeout: Duration, by_step: bool) -> Failure {
        let help = if by_step {
            "each look was cut by the step's `timeout`: raise that"
        } else {
            "the first look took longer than that: raise `eventually.timeout`, or bound a look with `timeout`"
        };
        Failure {
            code: Code::Timeout,
            status: Status::Errored,
            message: format!("nothing could be observed within the {} of `eventually`", testmesh_flow::duration::show(timeout)),
            help: Some(help.to_owned()),
            span: Some(self.step.span),
        }
    }

    fn retry(&self, scope: &Scope) -> Result<Option<Retry>, Failure> {
        self.policy(scope, self.step.retry(), "retry", Retry::read)
    }

    fn eventually(&self, scope: &Scope, attempt: u32) -> Result<Option<Eventually>, Failure> {
        self.policy(scope, self.step.eventually(), &format!("eventually/{attempt}"), Eventually::read)
    }

    fn policy<T>(
        &self,
        scope: &Scope,
        tree: Option<&Tree>,
        place: &str,
        read: impl Fn(testmesh_flow::Value) -> Result<T, Misfit>,
    ) -> Result<Option<T>, Failure> {
        let Some(tree) = tree else { return Ok(None) };
        let now = self.now();
        let view = View::new(scope, &now, self.place()).at(place);
        let value = tree.render(&view).map_err(|fault| verdict::unaskable(&fault, self.sources()))?;
        read(value).map(Some).map_err(|misfit| Failure {
            code: Code::ConfigRejected,
            status: Status::Errored,
            message: format!("`{}` {}", place.split('/').next().unwrap_or(place), misfit.message),
            help: None,
            span: Some(self.step.span),
        })
    }

    /// The jitter's chance, from 0 up to 1.
    fn chance(&self, scope: &Scope, attempt: u32) -> f64 {
        let now = self.now();
        let seed = View::new(scope, &now, self.place()).at("jitter").at(&attempt.to_string()).seed();
        seed.int(0..=999_999) as f64 / 1e6
    }

    async fn is_worth_another(&self, scope: &Scope, tried: &Tried) -> bool {
        let status = tried.record.status;
        if status == Status::Passed || matches!(tried.ended, Ended::Hopeless | Ended::WithoutValue | Ended::CutByBound(_)) {
            return false;
        }
        let mut undecided = None;
        for on in self.step.retry_on() {
            match self.matches(scope, on, tried) {
                Ok(true) => return true,
                Ok(false) => {}
                Err(fault) => undecided = undecided.or(Some(fault)),
            }
        }
        if let Some(fault) = undecided {
            let message = format!("`retry_on` could not decide, and the step is not tried again: {}", fault.fault.message);
            let diagnostic = Diagnostic::warning(Code::ConditionFailed, fault.span(self.sources()), message);
            self.flow.warn(Some(self.path), diagnostic).await;
        }
        self.step.retry_on().is_empty()
    }

    fn matches(&self, scope: &Scope, on: &RetryOn, tried: &Tried) -> Result<bool, RenderFault> {
        Ok(match on {
            RetryOn::Failed => tried.record.status == Status::Failed,
            RetryOn::Errored => tried.record.status == Status::Errored,
            RetryOn::Timeout => matches!(tried.ended, Ended::TimedOut | Ended::CutByEventually),
            RetryOn::Status(wanted) => tried.output.as_ref().and_then(|output| output.get("status")?.as_i64()) == Some(*wanted),
            RetryOn::Expression(condition) => return self.holds(scope, condition, tried),
        })
    }

    /// Whether a condition holds over what an attempt gave; without an output there is nothing for it to hold over.
    fn holds(&self, scope: &Scope, condition: &Condition, tried: &Tried) -> Result<bool, RenderFault> {
        let Some(output) = tried.output.as_deref() else { return Ok(false) };
        let now = self.now();
        let captures: Vec<_> = tried.captures.iter().map(|(name, value, _)| (name.clone(), Some(value.clone()))).collect();
        let own = Own { phase: self.step.phase, declared: &self.step.output, id: &self.step.id, output, captures: &captures };
        let view = View::new(scope, &now, self.place()).with_own(own);
        let value = expr::evaluate(&condition.expr, &view).and_then(|value| condition.expr.verdict(&value));
        value.map_err(|fault| condition.fault(fault))
    }

    /// Emits what an attempt was, and what its action said on the way. Of the record, how it ended stays.
    async fn record(&self, tried: &mut Tried) {
        let path = self.path;
        for note in std::mem::take(&mut tried.notes) {
            self.note(note).await;
        }
        for diagnostic in std::mem::take(&mut tried.warnings) {
            self.flow.warn(Some(path), diagnostic).await;
        }
        self.flow.emit(EventKind::AttemptFinished { path: path.clone(), record: tried.take_record().into() }).await;
    }

    async fn note(&self, note: Note) {
        match note {
            Note::Log { level, message, data } => {
                self.flow.emit(EventKind::Log { path: Some(self.path.clone()), level, message, data }).await;
            }
            Note::Warning { code, message, help, key } => {
                let place = key.and_then(|key| self.step.places.iter().find(|(name, _)| **name == *key));
                let diagnostic = Diagnostic::warning(code, place.map_or(self.step.span, |(_, span)| *span), message);
                self.flow.warn(Some(self.path), help.into_iter().fold(diagnostic, Diagnostic::help)).await;
            }
        }
    }
}

fn restore(scope: &mut Scope, before: Option<&Scope>) {
    if let Some(before) = before {
        *scope = before.fork();
    }
}

/// How long to wait before the next look; `None` when there is no time left for one. The last comes shortly before the end, so that it is whole.
pub(crate) fn pause(interval: Duration, until: Instant) -> Option<Duration> {
    let left = until.saturating_duration_since(Instant::now());
    (left > interval / 10).then(|| interval.min(left * 9 / 10))
}

/// A login that is refused is refused again: looking on would only lock the account.
pub(crate) fn refused_login(tried: &Tried) -> bool {
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
