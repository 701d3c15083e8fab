//! What is recorded of a step's attempts: each assertion, each capture, and why it did not pass.

use crate::status::Status;
use serde::{Deserialize, Serialize};
use testmesh_flow::{Code, Span, Value};

/// Why something did not pass, with the place in the flow that it has to do with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    pub code: Code,
    /// `Failed` or `Errored` or `Cancelled`, never `Passed`.
    pub status: Status,
    pub message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
}

/// One try of a step: what was asked, what came back, and what was made of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AttemptRecord {
    /// Counted from 1.
    pub attempt: u32,
    pub status: Status,
    /// The config as it was rendered; null when rendering failed.
    #[serde(default)]
    pub config: Value,
    /// The action's output; null when there is none.
    #[serde(default)]
    pub output: Value,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub captures: Vec<CaptureRecord>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assertions: Vec<AssertionRecord>,
    /// What went wrong outside captures and assertions: rendering, the action itself, the time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    /// The variables, captures and built-ins that the attempt used, when it did not pass.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uses: Vec<Use>,
    pub duration_ms: f64,
    /// How often an `eventually` looked; 0 without one.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub observations: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaptureRecord {
    pub name: String,
    /// The path or expression as it was written.
    pub path: String,
    pub span: Span,
    /// Null when it failed.
    #[serde(default)]
    pub value: Value,
    #[serde(default)]
    pub secret: bool,
    /// The default stood in for a value that was not there.
    #[serde(default)]
    pub defaulted: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssertionRecord {
    /// The expression as it was written.
    pub expression: String,
    pub span: Span,
    pub status: Status,
    /// The author's own words for its failure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explanation: Option<Explanation>,
    /// False when it read something that the record holds masked only, so that it cannot be evaluated again from the record.
    pub replayable: bool,
}

/// The values that led to an assertion's verdict.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Explanation {
    pub parts: Vec<Part>,
    /// The part of the expression that decided.
    pub decided: Span,
    /// The two sides of the comparison that decided, if one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comparison: Option<Comparison>,
}

/// A sub-expression and its value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    pub text: String,
    pub span: Span,
    /// How deep it stands in the expression.
    pub depth: u32,
    /// `None` when it was not evaluated or is missing; `note` says which.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub value: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Inside a predicate: the index of the item that decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<u64>,
}

/// A member that stands there is a value, null too.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    pub operator: String,
    pub left: Value,
    pub right: Value,
}

/// A name that a step used, and where its value came from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Use {
    pub name: String,
    pub value: Value,
    /// `captured by step create`, `env of the flow`, `--var`, `built-in`.
    pub origin: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
}

/// One look of an `eventually`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    pub attempt: u32,
    /// Counted from 1.
    pub number: u32,
    /// Since the attempt began.
    pub elapsed_ms: f64,
    pub status: Status,
    /// What was seen, in a line.
    pub seen: String,
}
