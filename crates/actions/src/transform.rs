//! `transform`: makes values of a value.

mod rule;
#[cfg(test)]
mod tests;

use rule::Rule;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};
use serde_json::Value as Any;
use std::collections::BTreeMap;
use testmesh_flow::{Map, Value, catalog::ActionTimeout};
use testmesh_runner::{Action, ActionError, Spec, StepContext};

use crate::assert::Output;

/// Makes values of a value.
pub struct Transform;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// What to take from: any value.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Any")]
    pub input: Option<Value>,
    /// A JSON or YAML file to take from, read before the run; its path is relative to the flow file, else to the project.
    #[serde(default)]
    pub input_file: Option<String>,
    /// Results by name: `"$.x"`, `"$name"`, `{expr: "…"}`, `{path, default}`, or a constant. Without it the input is the result.
    ///
    /// `"$.x"` is a path into the input, `"$name"` its member of that name, `{expr: "…"}` an expression over its members and `input`, and
    /// `{path, default}` a path that need not find anything. Other objects and lists may hold such rules.
    #[serde(default)]
    #[schemars(with = "Option<BTreeMap<String, Any>>", extend("x-kind" = "rules"))]
    pub transforms: Option<Map>,
}

fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

impl Action for Transform {
    const SPEC: Spec =
        Spec { name: "transform", aliases: &[], about: "Makes values of a value.", subject: None, timeout: ActionTimeout::Own };
    type Config = Config;
    type Output = Output;

    async fn run(&self, config: Config, cx: &StepContext<'_>) -> Result<Output, ActionError> {
        // The planner has put what the file holds under `input`.
        let Config { input, input_file: _, transforms } = config;
        let input = input.unwrap_or_default();
        let Some(transforms) = transforms else {
            return Ok(Output(match input {
                Value::Map(map) => (*map).clone(),
                other => Map::from_iter([("result", other)]),
            }));
        };
        let results = transforms.iter().map(|(name, rule)| {
            let value = Rule { input: &input, cx, key: &format!("transforms.{name}") }.apply(rule)?;
            Ok((name.clone(), value))
        });
        results.collect::<Result<Map, ActionError>>().map(Output)
    }
}
