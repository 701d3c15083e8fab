//! The face of an action: what its author writes.

use crate::context::StepContext;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use std::{borrow::Cow, future::Future, time::Duration};
use testmesh_events::Status;
use testmesh_flow::{Code, Map, Value, catalog::ActionTimeout, duration};

/// One kind of step.
///
/// `run` is dropped when the step is cancelled or out of time: whatever it holds must let go when dropped.
/// It tells what it waits for with [`StepContext::phase`], so that a timeout can say so.
pub trait Action: Send + Sync + 'static {
    const SPEC: Spec;
    /// What an author writes under `config:`, with `deny_unknown_fields`; doc comments are its documentation.
    type Config: DeserializeOwned + JsonSchema + Send;
    /// What assertions and captures see, described by its schema.
    type Output: Output;

    fn run(&self, config: Self::Config, cx: &StepContext) -> impl Future<Output = Result<Self::Output, ActionError>> + Send;
}

/// What is known of an action beside its schemas.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    pub name: &'static str,
    pub aliases: &'static [&'static str],
    /// What it does, in a line.
    pub about: &'static str,
    /// The output field that a JSONPath searches first.
    pub subject: Option<&'static str>,
    pub timeout: ActionTimeout,
}

/// What an action gives back: fields by name.
pub trait Output: JsonSchema + Send {
    fn into_map(self) -> Map;
}

/// A length of time in a config: `10s`, or a number of seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time(pub Duration);

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        duration::from_value(&value).map(Self).map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Time {
    fn schema_name() -> Cow<'static, str> {
        "Duration".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": ["string", "number"], "x-type": "duration"})
    }
}

/// Why an action gave no output, in words for the author of the flow.
#[derive(Clone, Debug)]
pub struct ActionError {
    pub code: Code,
    /// `Errored`: the question could not be asked. `Failed`: it was asked and the answer is no.
    pub status: Status,
    pub message: String,
    /// The next step.
    pub help: Option<String>,
    /// The config key that it has to do with.
    pub key: Option<Cow<'static, str>>,
    /// What is known all the same: it stands in the record, and captures may read it.
    pub output: Option<Map>,
}

impl ActionError {
    /// The question could not be asked.
    pub fn errored(code: Code, message: impl Into<String>) -> Self {
        Self { code, status: Status::Errored, message: message.into(), help: None, key: None, output: None }
    }

    /// The question was asked, and the answer is no.
    pub fn failed(code: Code, message: impl Into<String>) -> Self {
        Self { status: Status::Failed, ..Self::errored(code, message) }
    }

    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    #[must_use]
    pub fn key(mut self, key: impl Into<Cow<'static, str>>) -> Self {
        self.key = Some(key.into());
        self
    }

    #[must_use]
    pub fn output(mut self, output: Map) -> Self {
        self.output = Some(output);
        self
    }
}
