//! `assert`: puts data before the assertions of its step.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use std::borrow::Cow;
use testmesh_flow::{Map, Value, catalog::ActionTimeout};
use testmesh_runner::{Action, ActionError, Spec, StepContext};

/// Gives its `data` as output. What is asserted of it, the engine evaluates as assertions of the step.
pub struct Assert;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// What is asserted of: the members of an object by their names, anything else as `data`.
    ///
    /// Its names come before everything else.
    #[serde(default)]
    #[schemars(with = "serde_json::Value")]
    pub data: Option<Value>,
    /// An expression or a list of them; an item may be `{expression, message}` or `{response, matches_schema}`.
    #[serde(default)]
    #[schemars(with = "serde_json::Value", extend("x-kind" = "expression"))]
    pub assertions: Value,
    /// One assertion.
    #[serde(default)]
    #[schemars(with = "serde_json::Value", extend("x-kind" = "expression"))]
    pub expression: Value,
}

/// Members of the author's choice.
pub struct Output(pub(crate) Map);

impl Action for Assert {
    const SPEC: Spec = Spec {
        name: "assert",
        aliases: &[],
        about: "Asserts over values that earlier steps gave.",
        subject: None,
        timeout: ActionTimeout::Own,
    };
    type Config = Config;
    type Output = Output;

    async fn run(&self, config: Config, _: &StepContext<'_>) -> Result<Output, ActionError> {
        Ok(Output(match config.data {
            None => Map::new(),
            Some(Value::Map(map)) => (*map).clone(),
            Some(other) => Map::from_iter([("data", other)]),
        }))
    }
}

impl testmesh_runner::Output for Output {
    fn into_map(self) -> Map {
        self.0
    }
}

impl JsonSchema for Output {
    fn schema_name() -> Cow<'static, str> {
        "Members".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "object", "additionalProperties": true})
    }
}
