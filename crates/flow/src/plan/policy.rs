//! When a step is tried again, and what its failure means for the flow.

use super::{Condition, Misfit, Text, Tree, fit};
use crate::{Value, duration, schema::Shape};
use serde_json::json;
use std::time::Duration;

/// What the failure of a step means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnError {
    Fail,
    /// Later steps run; the execution still does not pass.
    Continue,
    /// Tolerated, and shown as a warning.
    Ignore,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backoff {
    Fixed,
    Linear,
    Exponential,
}

/// What is worth another attempt.
#[derive(Clone, Debug)]
pub enum RetryOn {
    Failed,
    Errored,
    Timeout,
    /// This HTTP status, or whatever the output calls `status`.
    Status(i64),
    Expression(Box<Condition>),
}

/// When a step is tried again, and how long it may take.
#[derive(Clone, Debug)]
pub struct Policies {
    pub retry: Option<Tree>,
    pub retry_on: Box<[RetryOn]>,
    pub eventually: Option<Tree>,
    pub timeout: Option<Box<Text>>,
}

/// How often and how fast a step is tried again.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Retry {
    /// Counts all attempts, the first too.
    pub max_attempts: u32,
    pub delay: Duration,
    pub backoff: Backoff,
    pub max_delay: Duration,
    pub jitter: bool,
}

impl Retry {
    /// Reads a rendered `retry:`.
    pub fn read(value: Value) -> Result<Self, Misfit> {
        let value = fit(value, &retry_shape())?;
        let time = |key: &str, default: u64| {
            value.get(key).and_then(|value| duration::from_value(value).ok()).unwrap_or(Duration::from_secs(default))
        };
        let backoff = match value.get("backoff").and_then(Value::as_str) {
            Some("linear") => Backoff::Linear,
            Some("exponential") => Backoff::Exponential,
            _ => Backoff::Fixed,
        };
        Ok(Self {
            max_attempts: value.get("max_attempts").and_then(Value::as_i64).and_then(|count| u32::try_from(count).ok()).unwrap_or(3),
            delay: time("delay", 1),
            backoff,
            max_delay: time("max_delay", 30),
            jitter: value.get("jitter").and_then(Value::as_bool).unwrap_or(false),
        })
    }

    /// How long to wait after the given attempt, counted from 1. `chance`, from 0 up to 1, is the jitter's: it takes up to half away.
    pub fn wait_after(&self, attempt: u32, chance: f64) -> Duration {
        let factor = match self.backoff {
            Backoff::Fixed => 1.0,
            Backoff::Linear => f64::from(attempt),
            Backoff::Exponential => 2_f64.powi(i32::try_from(attempt.saturating_sub(1)).unwrap_or(i32::MAX)),
        };
        let seconds = (self.delay.as_secs_f64() * factor).min(self.max_delay.as_secs_f64());
        let kept = if self.jitter { 1.0 - chance.clamp(0.0, 1.0) / 2.0 } else { 1.0 };
        Duration::try_from_secs_f64(seconds * kept).unwrap_or(self.max_delay)
    }
}

/// How long and how often an `eventually` looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Eventually {
    pub timeout: Duration,
    pub interval: Duration,
}

impl Eventually {
    /// Reads a rendered `eventually:`.
    pub fn read(value: Value) -> Result<Self, Misfit> {
        let value = fit(value, &eventually_shape())?;
        let time = |key: &str, default: u64| {
            value.get(key).and_then(|value| duration::from_value(value).ok()).unwrap_or(Duration::from_secs(default))
        };
        // Looking without a pause would be a load test of whatever is looked at.
        Ok(Self { timeout: time("timeout", 30), interval: time("interval", 1).max(Duration::from_millis(1)) })
    }
}

pub(super) fn retry_shape() -> Shape {
    let time = json!({"x-type": "duration"});
    Shape::from_json_schema(&json!({"type": "object", "additionalProperties": false, "properties": {
        "max_attempts": {"type": "integer", "minimum": 1, "maximum": 10_000},
        "delay": time, "max_delay": time,
        "backoff": {"enum": ["fixed", "linear", "exponential"]},
        "jitter": {"type": "boolean"},
        "retry_on": {"x-kind": "expression"},
    }}))
}

pub(super) fn eventually_shape() -> Shape {
    let time = json!({"x-type": "duration"});
    Shape::from_json_schema(&json!({"type": "object", "additionalProperties": false, "properties": {"timeout": time, "interval": time}}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits() {
        let retry = |json: &str| Retry::read(serde_json::from_str(json).unwrap()).unwrap();
        let waits = |json: &str| (1..=4).map(|attempt| retry(json).wait_after(attempt, 0.5).as_millis()).collect::<Vec<_>>();
        assert_eq!(waits("{}"), [1000, 1000, 1000, 1000]);
        assert_eq!(waits(r#"{"delay":"100ms","backoff":"linear"}"#), [100, 200, 300, 400]);
        assert_eq!(waits(r#"{"delay":"100ms","backoff":"exponential","max_delay":"300ms"}"#), [100, 200, 300, 300]);
        assert_eq!(waits(r#"{"delay":"100ms","jitter":true}"#), [75, 75, 75, 75]);
        assert_eq!(retry("{}").wait_after(u32::MAX, 0.0), Duration::from_secs(1));
        let misfit = Retry::read(serde_json::from_str(r#"{"max_attempts":0}"#).unwrap()).unwrap_err();
        assert_eq!((misfit.path.as_str(), misfit.message.contains("below 1")), ("max_attempts", true));
    }
}
