//! `wait_for`: looks at an address until it is ready.

mod check;
#[cfg(test)]
mod tests;

use crate::http::Roots;
use check::{Check, Seen};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};
use serde_json::Value as Any;
use std::{sync::Arc, time::Duration};
use testmesh_events::Status;
use testmesh_flow::{Code, Map, Value, catalog::ActionTimeout, duration};
use testmesh_runner::{Action, ActionError, Spec, StepContext, Time};
use tokio::time::{Instant, timeout_at};

/// Looks at an address until it is ready.
#[derive(Default)]
pub struct WaitFor {
    roots: Arc<Roots>,
}

impl WaitFor {
    /// An action that trusts these certificate authorities.
    pub fn new(roots: Arc<Roots>) -> Self {
        Self { roots }
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// `http`: a GET is answered as it should be; `tcp`: a connection can be made. By default what the other keys are of.
    #[serde(default, rename = "type")]
    pub kind: Option<Kind>,
    /// What to GET.
    #[serde(default)]
    pub url: Option<String>,
    /// Where to connect to: `localhost` unless said otherwise.
    #[serde(default)]
    pub host: Option<String>,
    #[serde(default)]
    pub port: Option<u16>,
    /// The status that is ready; any from 200 to 299 by default.
    #[serde(default)]
    pub status_code: Option<u16>,
    /// A text that the body must hold.
    #[serde(default)]
    pub body_contains: Option<String>,
    /// A path that must find something in the body.
    #[serde(default)]
    #[schemars(extend("x-kind" = "jsonpath"))]
    pub json_path: Option<String>,
    /// What the path must find; of a path that can find several values, one of them.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Any")]
    pub json_value: Option<Value>,
    /// How long to wait between two attempts: 1s.
    #[serde(default)]
    pub interval: Option<Time>,
    /// How long to go on: 30s, or as long as `max_attempts` take.
    #[serde(default)]
    pub timeout: Option<Time>,
    /// How often to look at most.
    #[serde(default)]
    #[schemars(range(min = 1))]
    pub max_attempts: Option<u32>,
}

fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Http,
    Tcp,
}

#[derive(JsonSchema)]
pub struct Output {
    /// Whether it was ready in time.
    pub ready: bool,
    /// How often it was looked at.
    pub attempts: u32,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// What was seen last: `{status, body}` of an answer, `{address}` of a connection, else `{error}`.
    #[schemars(with = "Any")]
    pub last_result: Value,
}

const INTERVAL: Duration = Duration::from_secs(1);
const TIMEOUT: Duration = Duration::from_secs(30);
/// An attempt is given up after this long: what hangs now may answer another one.
const ATTEMPT: Duration = Duration::from_secs(10);
/// The engine cuts at the end of the step's time; what was seen is told this long before.
const MARGIN: Duration = Duration::from_millis(30);

impl Action for WaitFor {
    const SPEC: Spec = Spec {
        name: "wait_for",
        aliases: &[],
        about: "Looks at an HTTP or TCP address until it is ready.",
        subject: None,
        timeout: ActionTimeout::Own,
    };
    type Config = Config;
    type Output = Output;

    async fn run(&self, config: Config, cx: &StepContext<'_>) -> Result<Output, ActionError> {
        let check = Check::new(&config, &self.roots)?;
        let mut watch = Watch::new(&config, cx);
        let mut last = None;
        loop {
            cx.phase(Code::Timeout, format!("waiting for {check} to be ready"));
            match watch.look(&check, cx).await? {
                Look::Seen(seen) if seen.verdict.is_ok() => return Ok(watch.output(true, seen.value)),
                Look::Seen(seen) => last = Some(seen),
                Look::Cut => {}
            }
            if watch.is_over() {
                return Err(watch.not_ready(&check, last));
            }
            tokio::time::sleep(watch.interval).await;
        }
    }
}

/// How long and how often.
struct Watch {
    began: Instant,
    end: Option<Instant>,
    interval: Duration,
    attempts: u32,
    max_attempts: Option<u32>,
    cut: bool,
}

enum Look {
    Seen(Seen),
    /// The time was over before there was anything to see.
    Cut,
}

impl Watch {
    fn new(config: &Config, cx: &StepContext<'_>) -> Self {
        let began = Instant::now();
        let own = match (config.timeout, config.max_attempts) {
            (Some(Time(timeout)), _) => Some(timeout),
            (None, Some(_)) => None,
            (None, None) => Some(TIMEOUT),
        };
        let steps = cx.time_left.map(|left| left.saturating_sub(MARGIN.min(left / 10)));
        let time = [own, steps].into_iter().flatten().min();
        let interval = config.interval.map_or(INTERVAL, |Time(interval)| interval);
        Self {
            began,
            end: time.and_then(|time| began.checked_add(time)),
            interval,
            attempts: 0,
            max_attempts: config.max_attempts,
            cut: false,
        }
    }

    async fn look(&mut self, check: &Check<'_>, cx: &StepContext<'_>) -> Result<Look, ActionError> {
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

    fn is_over(&self) -> bool {
        let too_often = self.max_attempts.is_some_and(|max| self.attempts >= max);
        self.cut || too_often || self.end.is_some_and(|end| Instant::now() + self.interval >= end)
    }

    fn output(&self, ready: bool, last_result: Value) -> Output {
        let duration_ms = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        Output { ready, attempts: self.attempts, duration_ms, last_result }
    }

    /// The last thing that was seen decides whether the answer is no, or the question could not be asked.
    fn not_ready(&self, check: &Check<'_>, last: Option<Seen>) -> ActionError {
        let rounded = Duration::from_millis(u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX));
        let took = duration::show(rounded);
        let attempts = if self.attempts == 1 { "1 attempt".to_owned() } else { format!("{} attempts", self.attempts) };
        let Some((seen, fault)) = last.and_then(|seen| Some((seen.value, seen.verdict.err()?))) else {
            return ActionError::errored(Code::Timeout, format!("{check} gave no answer within {took}"))
                .help("is it up? if it only needs longer, raise `timeout`")
                .output(testmesh_runner::Output::into_map(self.output(false, Value::Null)));
        };
        let message = format!("{check} was not ready after {attempts} in {took}: {}", fault.message);
        let error = if fault.status == Status::Failed {
            ActionError::failed(fault.code, message)
        } else {
            ActionError::errored(fault.code, message)
        };
        error
            .help(fault.help.unwrap_or_else(|| "if it only needs longer, raise `timeout`".to_owned()))
            .output(testmesh_runner::Output::into_map(self.output(false, seen)))
    }
}

impl testmesh_runner::Output for Output {
    fn into_map(self) -> Map {
        Map::from_iter([
            ("ready", Value::from(self.ready)),
            ("attempts", Value::Int(self.attempts.into())),
            ("duration_ms", self.duration_ms.into()),
            ("last_result", self.last_result),
        ])
    }
}
