//! `delay`: waits.

use schemars::JsonSchema;
use serde::Deserialize;
use testmesh_flow::{Code, Map, catalog::ActionTimeout, duration};
use testmesh_runner::{Action, ActionError, Spec, StepContext, Time};

/// Waits for a fixed time.
pub struct Delay;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// How long.
    pub duration: Time,
}

#[derive(JsonSchema)]
pub struct Output {
    /// The time that was waited, in milliseconds.
    pub duration_ms: u64,
}

impl Action for Delay {
    const SPEC: Spec = Spec {
        name: "delay",
        aliases: &[],
        about: "Waits for a fixed time; `eventually` and `wait_for` wait for something to become true.",
        subject: None,
        timeout: ActionTimeout::Own,
    };
    type Config = Config;
    type Output = Output;

    async fn run(&self, Config { duration: Time(time) }: Config, cx: &StepContext<'_>) -> Result<Output, ActionError> {
        cx.phase(Code::Timeout, format!("waiting for {}", duration::show(time)));
        tokio::time::sleep(time).await;
        Ok(Output { duration_ms: u64::try_from(time.as_millis()).unwrap_or(u64::MAX) })
    }
}

impl testmesh_runner::Output for Output {
    fn into_map(self) -> Map {
        Map::from_iter([("duration_ms", self.duration_ms)])
    }
}
