//! An action that does what its script says, and keeps a journal of what it did: the truth that events are held against.

use crate::model::{Answer, Deed};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};
use testmesh_flow::{Code, Map, Value, catalog::ActionTimeout};
use testmesh_runner::{Action, ActionError, Output, Spec, StepContext};
use tokio::time::Instant;

/// The time that the engine gives it.
pub(crate) const TIMEOUT: u64 = 30_000;

/// One call. Times are microseconds since the run began.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) began: u64,
    pub(crate) ended: u64,
    /// `None` when it was cut.
    pub(crate) answer: Option<Answer>,
}

/// The calls of each step at each place, in order.
pub(crate) type Journal = Arc<Mutex<HashMap<(usize, String), Vec<Call>>>>;

pub(crate) struct Scripted {
    pub(crate) began: Instant,
    pub(crate) journal: Journal,
    /// How often each step was called, wherever.
    pub(crate) calls: Mutex<HashMap<usize, usize>>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    step: usize,
    place: String,
    script: Vec<Entry>,
    #[serde(default)]
    #[schemars(with = "serde_json::Value")]
    needs: Value,
}

#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Entry {
    wait: u64,
    #[schemars(with = "serde_json::Value")]
    #[serde(deserialize_with = "answer")]
    answer: Answer,
}

fn answer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Answer, D::Error> {
    let value = Value::deserialize(deserializer)?;
    Ok(match (value.as_str(), value.get("holds").and_then(Value::as_i64)) {
        (_, Some(n)) => Answer::Holds(n),
        (Some("denies"), _) => Answer::Denies,
        (Some("gap"), _) => Answer::Gap,
        (Some("says_no"), _) => Answer::SaysNo,
        (Some("errs"), _) => Answer::Errs,
        (Some("bad_config"), _) => Answer::BadConfig,
        (Some("refused_login"), _) => Answer::RefusedLogin,
        (Some("hangs"), _) => Answer::Hangs,
        _ => return Err(serde::de::Error::custom("no such answer")),
    })
}

#[derive(JsonSchema)]
pub(crate) struct Answered {
    #[schemars(with = "serde_json::Value")]
    body: Value,
}

impl Output for Answered {
    fn into_map(self) -> Map {
        Map::from_iter([("body", self.body)])
    }
}

/// Notes the end of a call also when it is dropped.
struct Noting<'a> {
    of: &'a Scripted,
    key: (usize, String),
    began: u64,
    answer: Option<Answer>,
}

impl Drop for Noting<'_> {
    fn drop(&mut self) {
        let call = Call { began: self.began, ended: self.of.elapsed(), answer: self.answer };
        self.of.journal.lock().unwrap().entry(self.key.clone()).or_default().push(call);
    }
}

impl Scripted {
    fn elapsed(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_micros()).unwrap()
    }

    fn next(&self, config: &Config) -> Deed {
        let mut calls = self.calls.lock().unwrap();
        let count = calls.entry(config.step).or_default();
        let entry = config.script[(*count).min(config.script.len() - 1)];
        *count += 1;
        Deed { wait: entry.wait, answer: entry.answer }
    }
}

impl Action for Scripted {
    const SPEC: Spec = Spec {
        name: "act",
        aliases: &[],
        about: "",
        subject: Some("body"),
        timeout: ActionTimeout::Engine(Duration::from_millis(TIMEOUT)),
    };
    type Config = Config;
    type Output = Answered;

    async fn run(&self, config: Config, _: &StepContext<'_>) -> Result<Answered, ActionError> {
        let deed = self.next(&config);
        let _ = config.needs;
        let mut noting = Noting { of: self, key: (config.step, config.place), began: self.elapsed(), answer: None };
        if deed.wait > 0 {
            tokio::time::sleep(Duration::from_millis(deed.wait)).await;
        }
        if deed.answer == Answer::Hangs {
            std::future::pending::<()>().await;
        }
        noting.answer = Some(deed.answer);
        let body = |members: &[(&str, Value)]| Ok(Answered { body: Value::map(members.iter().cloned().collect()) });
        match deed.answer {
            Answer::Holds(n) => body(&[("ok", Value::Bool(true)), ("n", Value::Int(n))]),
            Answer::Denies => body(&[("ok", Value::Bool(false)), ("n", Value::Int(0))]),
            Answer::Gap => body(&[("ok", Value::Bool(true))]),
            Answer::SaysNo => Err(ActionError::failed(Code::ActionFailed, "no")),
            Answer::Errs => Err(ActionError::errored(Code::Refused, "err")),
            Answer::BadConfig => Err(ActionError::errored(Code::ConfigRejected, "bad config")),
            Answer::RefusedLogin => Err(ActionError::errored(Code::LoginRefused, "login refused")),
            Answer::Hangs => unreachable!("it never gets here"),
        }
    }
}
