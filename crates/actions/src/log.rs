//! `log`: says something in the record.

use schemars::JsonSchema;
use serde::Deserialize;
use testmesh_events::Level;
use testmesh_flow::{Map, Value, catalog::ActionTimeout};
use testmesh_runner::{Action, ActionError, Spec, StepContext};

/// Writes a line into the record of the step.
pub struct Log;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// What to say; an object or a list is shown as JSON.
    #[schemars(with = "serde_json::Value")]
    pub message: Value,
    /// How much it matters.
    #[serde(default)]
    pub level: LevelName,
    /// A value to show under the message.
    #[serde(default)]
    #[schemars(with = "serde_json::Value")]
    pub data: Value,
}

#[derive(Clone, Copy, Default, Deserialize, serde::Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LevelName {
    Debug,
    #[default]
    Info,
    Warn,
    Warning,
    Error,
}

#[derive(JsonSchema)]
pub struct Output {
    /// What was said.
    pub message: String,
}

impl Action for Log {
    const SPEC: Spec =
        Spec { name: "log", aliases: &[], about: "Writes a line into the record of the step.", subject: None, timeout: ActionTimeout::Own };
    type Config = Config;
    type Output = Output;

    async fn run(&self, config: Config, cx: &StepContext<'_>) -> Result<Output, ActionError> {
        let message = config.message.to_text().unwrap_or_else(|_| "null".to_owned());
        cx.log(config.level.into(), message.clone(), config.data);
        Ok(Output { message })
    }
}

impl From<LevelName> for Level {
    fn from(name: LevelName) -> Self {
        match name {
            LevelName::Debug => Self::Debug,
            LevelName::Info => Self::Info,
            LevelName::Warn | LevelName::Warning => Self::Warn,
            LevelName::Error => Self::Error,
        }
    }
}

impl testmesh_runner::Output for Output {
    fn into_map(self) -> Map {
        Map::from_iter([("message", self.message)])
    }
}
