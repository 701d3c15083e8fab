//! `wait_until`: the steps inside run again and again until a condition is true. A round that does not pass is an observation.

use super::{Inside, Nest, Stopped, evaluate, failed};
use crate::{
    attempt::{Ended, Look},
    clock::millis_since,
    phases::Culprit,
    step::pause,
    verdict,
};
use std::time::Duration;
use testmesh_events::{EventKind, Failure, Observation, Status};
use testmesh_flow::{
    Code, Map, Value, duration,
    expr::FaultKind,
    plan::{Condition, Step},
    scope::{Scope, View},
};
use tokio::time::Instant;

/// What was seen in a round.
struct Seen {
    status: Status,
    words: String,
    culprit: Option<Culprit>,
}

impl Nest<'_> {
    pub(super) async fn wait_until(
        &self,
        condition: &Condition,
        steps: &[Step],
        config: &Value,
        scope: &mut Scope,
        look: Look,
    ) -> Result<Inside, Stopped> {
        let time = |key: &str, default: u64| {
            config.get(key).and_then(|value| duration::from_value(value).ok()).unwrap_or(Duration::from_secs(default))
        };
        let (timeout, interval) = (time("timeout", 30), time("interval", 1).max(Duration::from_millis(1)));
        let began = Instant::now();
        let until = began + timeout;
        let bounds = self.bounds.until(Some(until), "the time of `wait_until`");
        let nest = Nest { bounds: &bounds, observing: true, ..*self };
        let mut inside = Inside::new(Map::new());
        // Looking is asking.
        inside.asserted = true;
        let mut last: Option<Seen> = None;
        for number in 1_u32.. {
            let mut end = nest.walk(steps, &format!("round/{number}"), scope).await;
            let (bound, hopeless) = (end.bound.take(), end.hopeless);
            inside.add(&mut end);
            inside.output = Map::from_iter([("attempts", Value::from(i64::from(number)))]);
            if bound.is_some() {
                return Ok(self.over(inside, last, timeout, number - 1));
            }
            let seen = match end.culprit.filter(|culprit| culprit.status != Status::Passed) {
                Some(culprit) => {
                    Seen { status: culprit.status, words: format!("step `{}` {}", culprit.id, culprit.status), culprit: Some(culprit) }
                }
                None => self.look(condition, scope, number)?,
            };
            self.observed(&seen, look.attempt, number, began).await;
            if seen.status == Status::Passed {
                return Ok(inside);
            }
            if hopeless {
                inside.failure = seen.culprit.map(|culprit| failed(&culprit, format!("round {number}: {}", seen.words)));
                inside.hopeless = true;
                return Ok(inside);
            }
            last = Some(seen);
            let Some(wait) = pause(interval, until) else { return Ok(self.over(inside, last, timeout, number)) };
            tokio::select! {
                biased;
                bound = self.bounds.wait() => {
                    inside.bound = Some(bound);
                    return Ok(inside);
                }
                () = tokio::time::sleep(wait) => {}
            }
        }
        Ok(inside)
    }

    /// Whether the condition holds after a round.
    fn look(&self, condition: &Condition, scope: &Scope, round: u32) -> Result<Seen, Stopped> {
        let now = self.at.now();
        let view = View::new(scope, &now, self.address).at("condition").at(&round.to_string());
        let text = condition.expr.text().trim().to_owned();
        match evaluate(condition, &view) {
            Ok(true) => Ok(Seen { status: Status::Passed, words: "it holds".to_owned(), culprit: None }),
            Ok(false) => Ok(Seen { status: Status::Failed, words: format!("false ({text})"), culprit: None }),
            // What does not fit the answer may fit the next one.
            Err(fault) if fault.kind == FaultKind::Mismatch => Ok(Seen { status: Status::Failed, words: fault.message, culprit: None }),
            Err(fault) if fault.kind == FaultKind::NoValue => {
                let failure = verdict::unaskable(&condition.fault(fault), self.at.sources());
                Err((failure, Ended::WithoutValue))
            }
            Err(fault) => Err(self.undecided(condition, fault)),
        }
    }

    async fn observed(&self, seen: &Seen, attempt: u32, number: u32, began: Instant) {
        let observation = Observation { attempt, number, elapsed_ms: millis_since(began), status: seen.status, seen: seen.words.clone() };
        self.at.flow.emit(EventKind::Observed { path: self.at.path.clone(), observation }).await;
    }

    /// The time is over: the last whole round decides.
    fn over(&self, mut inside: Inside, last: Option<Seen>, timeout: Duration, rounds: u32) -> Inside {
        if let Some(bound) = self.bounds.met() {
            inside.bound = Some(bound);
            return inside;
        }
        let within = duration::show(timeout);
        let of = |code, status, message, span| Failure { code, status, message, help: None, span: Some(span) };
        inside.failure = Some(match last {
            None => of(Code::Timeout, Status::Errored, format!("no round was whole within {within}"), self.step().span),
            Some(seen) => {
                let plural = if rounds == 1 { "" } else { "s" };
                let message = format!("it did not hold within {within}: {rounds} round{plural}, the last: {}", seen.words);
                let span = seen.culprit.map_or(self.step().span, |culprit| culprit.span);
                of(Code::NotHeld, seen.status, message, span)
            }
        });
        inside
    }
}
