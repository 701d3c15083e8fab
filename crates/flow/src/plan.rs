//! The plan: a flow whose every name, expression and key was looked at, ready to be executed.
//!
//! [`plan`] reports all problems at once; only a flow without an error has a plan. A plan holds no value of the run: it can be executed many times.

mod capture;
mod check;
mod compile;
mod control;
mod inputs;
mod known;
mod policy;
mod tree;
mod variables;

pub use capture::{Capture, CapturePath, Captured};
pub use control::{Branch, Call, Control, Exported, ExportedValue, Repeated};
pub use inputs::{FileText, Files, FoundFlow, Input, Inputs, NoFlow, Passed};
pub use known::BUILT_INS;
pub(crate) use known::is_env_name;
pub use policy::{Backoff, Eventually, OnError, Retry, RetryOn};
pub use tree::{Misfit, RenderFault, Text, Tree, fit};
pub use variables::{KnownSecrets, Origin, Variable, VariableValue, Variables};

use crate::{Diagnostic, Sources, Span, ast, catalog::ActionTimeout, catalog::Catalog, expr::Expr, schema::Shape, yaml::Node};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

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
    /// What a parent's `run_flow` gets, read before the teardown.
    pub output: Vec<Exported>,
    /// Which outputs and captures a later expression can name; the rest is not kept.
    pub live: Live,
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
    /// The steps inside it, when it is one of control flow.
    pub control: Option<Box<Control>>,
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
        !self.asserts.is_empty() || ASSERTING.contains(&&*self.action) || self.control.as_deref().is_some_and(Control::can_say_no)
    }
}

/// What of an execution must be kept for later: names that no expression uses are dropped as soon as their step is recorded.
#[derive(Clone, Debug, Default)]
pub struct Live {
    /// Ids of steps whose output a later expression names.
    pub outputs: HashSet<Arc<str>>,
    /// Names of captures.
    pub captures: HashSet<Arc<str>>,
    /// An expression looks names up that are known only when it runs.
    pub all: bool,
}

impl Live {
    pub fn output(&self, id: &str) -> bool {
        self.all || self.outputs.contains(id)
    }

    pub fn capture(&self, name: &str) -> bool {
        self.all || self.captures.contains(name)
    }
}

/// Walks steps, each before those inside it.
struct AllSteps<'a> {
    open: Vec<std::slice::Iter<'a, Step>>,
}

impl<'a> Iterator for AllSteps<'a> {
    type Item = &'a Step;

    fn next(&mut self) -> Option<&'a Step> {
        loop {
            let Some(step) = self.open.last_mut()?.next() else {
                self.open.pop();
                continue;
            };
            if let Some(control) = &step.control {
                self.open.extend(control.lists().rev().map(<[Step]>::iter));
            }
            return Some(step);
        }
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
    /// The names that the flow uses.
    used: HashSet<Arc<str>>,
    /// It looks names up that are known only when it runs.
    uses_all: bool,
}

/// Plans one flow. `sources` are the texts read so far, the flow's own among them.
pub fn plan(flow: &ast::Flow, sources: Sources, catalog: &Catalog, files: &dyn Files, inputs: &Inputs) -> Planned {
    compile::plan(flow, sources, catalog, files, inputs)
}

impl Plan {
    pub fn place(&self, span: Span) -> String {
        self.sources.place(span)
    }

    /// The secrets that are known before anything runs, those of called flows among them.
    pub fn known_secrets(&self) -> KnownSecrets {
        let mut secrets = self.variables.known_secrets();
        for call in self.calls() {
            let mut called = call.plan.known_secrets();
            secrets.texts.append(&mut called.texts);
            secrets.places.append(&mut called.places);
        }
        secrets
    }

    /// The calls of other flows.
    pub fn calls(&self) -> impl Iterator<Item = &Call> {
        self.all_steps().filter_map(|step| if let Some(Control::RunFlow(call)) = step.control.as_deref() { Some(call) } else { None })
    }

    /// Every step of the three lists and those inside them, each before the steps inside it. Those of called flows are not among them.
    pub fn all_steps(&self) -> impl Iterator<Item = &Step> {
        AllSteps { open: vec![self.teardown.iter(), self.steps.iter(), self.setup.iter()] }
    }
}
