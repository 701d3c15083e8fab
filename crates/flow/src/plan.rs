//! The plan: a flow whose every name, expression and key was looked at, ready to be executed.
//!
//! [`plan`] reports all problems at once; only a flow without an error has a plan. A plan holds no value of the run: it can be executed many times.

mod capture;
mod check;
mod compile;
mod inputs;
mod known;
mod policy;
mod tree;
mod variables;

pub use capture::{Capture, CapturePath, Captured};
pub use inputs::{FileText, Files, Input, Inputs};
pub use known::BUILT_INS;
pub(crate) use known::is_env_name;
pub use policy::{Backoff, Eventually, OnError, Retry, RetryOn};
pub use tree::{Misfit, RenderFault, Text, Tree, fit};
pub use variables::{KnownSecrets, Origin, Variable, VariableValue, Variables};

use crate::{Diagnostic, Sources, Span, ast, catalog::ActionTimeout, catalog::Catalog, expr::Expr, schema::Shape, yaml::Node};
use std::{collections::HashMap, sync::Arc};

/// A flow that can be executed.
#[derive(Clone, Debug)]
pub struct Plan {
    pub name: Arc<str>,
    pub description: Option<Arc<str>>,
    pub suite: Option<Arc<str>>,
    pub tags: Vec<Arc<str>>,
    /// The name of the file, as people know it.
    pub file: Arc<str>,
    /// Which document of the file, counted from 0.
    pub document: u32,
    pub sources: Sources,
    pub variables: Arc<Variables>,
    /// Names of variables and captures whose values are secret.
    pub secrets: Vec<Arc<str>>,
    /// Bounds setup and steps together.
    pub timeout: Option<Text>,
    /// Bounds the teardown; 60 s when nothing is said.
    pub teardown_timeout: Option<Text>,
    pub fail_fast: bool,
    pub setup: Vec<Step>,
    pub steps: Vec<Step>,
    pub teardown: Vec<Step>,
    /// Schema files that expressions name, by the text they are named with.
    pub schemas: HashMap<Arc<str>, Arc<serde_json::Value>>,
}

/// A step that can be executed.
#[derive(Clone, Debug)]
pub struct Step {
    pub id: Arc<str>,
    /// `setup`, `steps` or `teardown`.
    pub phase: &'static str,
    pub span: Span,
    pub name: Option<Text>,
    pub disabled: bool,
    /// The action's proper name.
    pub action: Arc<str>,
    pub timeout_by: ActionTimeout,
    /// What the rendered config must look like.
    pub shape: Shape,
    /// What the output is declared to be.
    pub output: Shape,
    /// The output field that a JSONPath searches first.
    pub subject: Option<Arc<str>>,
    pub config: Tree,
    /// Where the values of the config's keys stand.
    pub places: Vec<(Arc<str>, Span)>,
    pub when: Option<Condition>,
    pub asserts: Vec<Assertion>,
    pub captures: Vec<Capture>,
    pub retry: Option<Tree>,
    pub retry_on: Vec<RetryOn>,
    pub eventually: Option<Tree>,
    pub timeout: Option<Text>,
    /// `None`: `config.fail_fast` decides.
    pub on_error: Option<OnError>,
    /// Output fields that an assertion of the step, or a later expression through its id, names.
    pub asserted: Vec<Arc<str>>,
    /// The names that its config, assertions and captures use.
    pub uses: Vec<Arc<str>>,
}

/// Actions that fail by themselves when the answer is no.
pub(crate) const ASSERTING: [&str; 2] = ["wait_for", "exec"];

impl Step {
    /// Whether it can say no to an answer that came.
    pub fn can_say_no(&self) -> bool {
        !self.asserts.is_empty() || ASSERTING.contains(&&*self.action)
    }
}

/// An expression that must be a boolean, and where it stands.
#[derive(Clone, Debug)]
pub struct Condition {
    pub expr: Expr,
    pub node: Node,
}

/// What must hold.
#[derive(Clone, Debug)]
pub struct Assertion {
    pub condition: Condition,
    /// The author's words for its failure.
    pub message: Option<Text>,
}

/// What came of planning: a plan unless there is an error, and everything there is to say.
#[derive(Debug)]
pub struct Planned {
    pub plan: Option<Plan>,
    pub diagnostics: Vec<Diagnostic>,
    /// The texts that were given, and those that were read on the way.
    pub sources: Sources,
    /// The secrets that are known before anything runs, so that no message about the texts shows one.
    pub secrets: KnownSecrets,
}

/// Plans one flow. `sources` are the texts read so far, the flow's own among them.
pub fn plan(flow: &ast::Flow, sources: Sources, catalog: &Catalog, files: &dyn Files, inputs: &Inputs) -> Planned {
    compile::plan(flow, sources, catalog, files, inputs)
}

impl Plan {
    pub fn place(&self, span: Span) -> String {
        self.sources.place(span)
    }

    /// Every step of the three lists.
    pub fn all_steps(&self) -> impl Iterator<Item = &Step> {
        self.setup.iter().chain(&self.steps).chain(&self.teardown)
    }
}
