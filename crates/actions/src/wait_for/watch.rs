//! How long and how often an address is looked at, and what is said when that was not enough.

use super::{
    Config, Output,
    check::{Check, Seen},
};
use std::time::Duration;
use testmesh_events::Status;
use testmesh_flow::{Code, Value, duration};
use testmesh_runner::{ActionError, Output as _, StepContext, Time};
use tokio::time::{Instant, timeout_at};

const INTERVAL: Duration = Duration::from_secs(1);
const TIMEOUT: Duration = Duration::from_secs(30);
/// An attempt is given up after this long: what hangs now may answer another one.
const ATTEMPT: Duration = Duration::from_secs(10);
/// The engine cuts at the end of the step's time; what was seen is told this long before.
const MARGIN: Duration = Duration::from_millis(30);

/// How long and how often.
pub(super) struct Watch {
    began: Instant,
    end: Option<Instant>,
    pub(super) interval: Duration,
    attempts: u32,
    max_attempts: Option<u32>,
    cut: bool,
}

pub(super) enum Look {
    Seen(Seen),
    /// The time was over before there was anything to see.
    Cut,
}

impl Watch {
    pub(super) fn new(config: &Config, cx: &StepContext<'_>) -> Self {
        let began = Instant::now();
        let own = match (config.timeout, config.max_attempts) {
            (Some(Time(timeout)), _) => Some(timeout),
            (None, Some(_)) => None,
            (None, None) => Some(TIMEOUT),
        };
        let steps = cx.time_left.map(|left| left.saturating_sub(MARGIN.min(left / 10)));
        let time = [own, steps].into_iter().flatten().min();
        // Looking without pause would be an attack.
        let interval = config.interval.map_or(INTERVAL, |Time(interval)| interval.max(Duration::from_millis(1)));
        Self {
            began,
            end: time.and_then(|time| began.checked_add(time)),
            interval,
            attempts: 0,
            max_attempts: config.max_attempts,
            cut: false,
        }
    }

    pub(super) async fn look(&mut self, check: &Check<'_>, cx: &StepContext<'_>) -> Result<Look, ActionError> {
        let until = Instant::now() + ATTEMPT;
        let (until, last) = match self.end {
            Some(end) if end <= until => (end, true),
            _ => (until, false),
        };
        let looked = timeout_at(until, check.look(cx)).await;
        if looked.is_err() && last {
            self.cut = true;
            return Ok(Look::Cut);
        }
        self.attempts += 1;
        looked.unwrap_or_else(|_elapsed| Ok(Seen::hangs(ATTEMPT))).map(Look::Seen)
    }

    pub(super) fn is_over(&self) -> bool {
        let too_often = self.max_attempts.is_some_and(|max| self.attempts >= max);
        self.cut || too_often || self.end.is_some_and(|end| Instant::now() + self.interval >= end)
    }

    pub(super) fn output(&self, ready: bool, last_result: Value) -> Output {
        let duration_ms = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        Output { ready, attempts: self.attempts, duration_ms, last_result }
    }

    /// The last thing that was seen decides whether the answer is no, or the question could not be asked.
    pub(super) fn not_ready(&self, check: &Check<'_>, last: Option<Seen>) -> ActionError {
        let rounded = Duration::from_millis(u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX));
        let took = duration::show(rounded);
        let attempts = if self.attempts == 1 { "1 attempt".to_owned() } else { format!("{} attempts", self.attempts) };
        let Some((seen, fault)) = last.and_then(|seen| Some((seen.value, seen.verdict.err()?))) else {
            return ActionError::errored(Code::Timeout, format!("{check} gave no answer within {took}"))
                .help("is it up? if it only needs longer, raise `timeout`")
                .key(check.key())
                .output(self.output(false, Value::Null).into_map());
        };
        let message = format!("{check} was not ready after {attempts} in {took}: {}", fault.message);
        let error = if fault.status == Status::Failed {
            ActionError::failed(fault.code, message)
        } else {
            ActionError::errored(fault.code, message)
        };
        error
            .help(fault.help.unwrap_or_else(|| "if it only needs longer, raise `timeout`".to_owned()))
            .key(check.key())
            .output(self.output(false, seen).into_map())
    }
}
