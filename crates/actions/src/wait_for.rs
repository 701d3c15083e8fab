//! `wait_for`: looks at an address until it is ready.

mod check;
#[cfg(test)]
mod tests;
mod watch;

use crate::http::Roots;
use check::Check;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};
use serde_json::Value as Any;
use std::sync::Arc;
use testmesh_flow::{Code, Map, Value, catalog::ActionTimeout};
use testmesh_runner::{Action, ActionError, Spec, StepContext, Time};
use watch::{Look, Watch};

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
    #[schemars(extend("format" = "uri", "x-schemes" = ["http", "https"]))]
    pub url: Option<String>,
    /// Where to connect to: `localhost` unless said otherwise.
    #[serde(default)]
    pub host: Option<String>,
    /// The port to connect to.
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
