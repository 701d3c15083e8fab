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
mod rows;
mod tree;
mod variables;
mod written;

pub use capture::{Capture, CapturePath, Captured};
pub use control::{Branch, Call, Control, Exported, ExportedValue, Repeated};
pub use inputs::{Export, FileText, Files, FoundFlow, Input, Inputs, NoFlow, Passed};
pub use known::BUILT_INS;
pub(crate) use known::is_env_name;
pub use policy::{Backoff, Eventually, OnError, Policies, Retry, RetryOn};
pub use rows::{Row, Rows};
pub(crate) use tree::describe;
pub use tree::{Misfit, RenderFault, Text, Tree, fit};
pub use variables::{KnownSecrets, Origin, Variable, VariableValue, Variables};

use crate::{
    Diagnostic, Sources, Span,
    allow::Allowance,
    ast,
    catalog::{ActionSpec, Catalog},
    expr::{Expr, Fault},
    schema::Shape,
    yaml::Node,
};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};
use written::Written;

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
    /// Each is an execution of its own.
    pub rows: Option<Arc<Rows>>,
    /// It runs only when another flow calls it.
    pub library: bool,
    /// Of a library that is planned by itself: the names that its callers give values to.
    pub inputs: Vec<Arc<str>>,
    /// The names whose values the process environment gives.
    pub from_process: Vec<Arc<str>>,
    /// Names of variables and captures whose values are secret.
    pub secrets: Vec<Arc<str>>,
    /// Bounds setup and steps together.
    pub timeout: Option<Box<Text>>,
    /// Bounds the teardown; 60 s when nothing is said.
    pub teardown_timeout: Option<Box<Text>>,
    /// Flows of one run that share a name never run at the same time; those of called flows are among them. `all` runs alone.
    pub exclusive: Box<[Arc<str>]>,
    pub fail_fast: bool,
    pub setup: Vec<Step>,
    pub steps: Vec<Step>,
    pub teardown: Vec<Step>,
    /// What a parent's `run_flow` gets, read before the teardown.
    pub output: Vec<Exported>,
    /// Which outputs and captures a later expression can name; the rest is not kept.
    pub live: Arc<Live>,
    /// Schema files that expressions name, by the text they are named with.
    pub schemas: HashMap<Arc<str>, Arc<serde_json::Value>>,
    /// The warnings that the author has silenced, those too that come when it runs.
    pub allowed: Vec<Allowance>,
}

/// A step that can be executed.
#[derive(Clone, Debug)]
pub struct Step {
    pub id: Arc<str>,
    /// `setup`, `steps` or `teardown`.
    pub phase: &'static str,
    pub span: Span,
    pub name: Option<Box<Text>>,
    pub disabled: bool,
    /// The steps inside it, when it is one of control flow.
    pub control: Option<Box<Control>>,
    /// What is known of its action.
    pub action: Arc<ActionSpec>,
    /// What the output is declared to be.
    pub output: Shape,
    pub config: Tree,
    /// Where the values of the config's keys stand.
    pub places: Box<[(Arc<str>, Span)]>,
    pub when: Option<Box<Condition>>,
    pub asserts: Box<[Assertion]>,
    pub captures: Box<[Capture]>,
    /// `None` when the step says nothing of it.
    pub policies: Option<Box<Policies>>,
    /// `None`: `config.fail_fast` decides.
    pub on_error: Option<OnError>,
    /// Output fields that an assertion of the step, or a later expression through its id, names.
    pub asserted: Box<[Arc<str>]>,
    /// The names that its config, assertions and captures use.
    pub uses: Box<[Arc<str>]>,
}

/// Actions that fail by themselves when the answer is no.
pub(crate) const ASSERTING: [&str; 2] = ["wait_for", "exec"];

impl Step {
    pub fn retry(&self) -> Option<&Tree> {
        self.policies.as_ref()?.retry.as_ref()
    }

    pub fn retry_on(&self) -> &[RetryOn] {
        self.policies.as_ref().map_or(&[], |policies| &policies.retry_on)
    }

    pub fn eventually(&self) -> Option<&Tree> {
        self.policies.as_ref()?.eventually.as_ref()
    }

    pub fn timeout(&self) -> Option<&Text> {
        self.policies.as_ref()?.timeout.as_deref()
    }

    /// Whether it can say no to an answer that came.
    pub fn can_say_no(&self) -> bool {
        !self.asserts.is_empty() || ASSERTING.contains(&&*self.action.name) || self.control.as_deref().is_some_and(Control::can_say_no)
    }
}

/// What of an execution must be kept for later: names that no expression uses are dropped as soon as their step is recorded.
#[derive(Clone, Debug, Default)]
pub struct Live {
    /// The ids of all steps in order, and whether a later expression names their output.
    outputs: Box<[(Arc<str>, bool)]>,
    /// The names of all captures in order, and whether a later expression names them.
    captures: Box<[(Arc<str>, bool)]>,
    /// An expression looks names up that are known only when it runs.
    all: bool,
}

impl Live {
    pub fn output(&self, id: &str) -> bool {
        find(&self.outputs, id).is_some_and(|used| self.all || used)
    }

    pub fn capture(&self, name: &str) -> bool {
        find(&self.captures, name).is_some_and(|used| self.all || used)
    }

    /// Whether a step has this id.
    pub fn has_step(&self, id: &str) -> bool {
        find(&self.outputs, id).is_some()
    }

    /// Whether a step captures something under this name.
    pub fn has_capture(&self, name: &str) -> bool {
        find(&self.captures, name).is_some()
    }
}

fn find(names: &[(Arc<str>, bool)], name: &str) -> Option<bool> {
    let at = names.binary_search_by(|(known, _)| (**known).cmp(name)).ok()?;
    names.get(at).map(|(_, used)| *used)
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
    written: Written,
}

impl Condition {
    pub fn span(&self) -> Span {
        self.written.span
    }

    /// The scalar that the expression stands in.
    pub fn node(&self) -> Node {
        self.written.node(self.expr.shared_text())
    }

    /// A fault of the expression, with its place.
    pub fn fault(&self, fault: Fault) -> RenderFault {
        self.written.fault(self.expr.shared_text(), fault)
    }
}

/// What must hold.
#[derive(Clone, Debug)]
pub struct Assertion {
    pub condition: Condition,
    /// The author's words for its failure.
    pub message: Option<Box<Text>>,
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

    /// The rows that are executions of their own; `None` when the flow is executed once.
    pub fn each_row(&self) -> Option<&Arc<Rows>> {
        self.rows.as_ref().filter(|rows| rows.all.is_none())
    }

    /// Leaves those of its rows that are executions of their own and have one of these numbers. False when there is none.
    pub fn select_rows(&mut self, numbers: &[usize]) -> bool {
        let Some(rows) = self.rows.as_mut().filter(|rows| rows.all.is_none()) else { return false };
        let rows = Arc::make_mut(rows);
        rows.rows.retain(|row| numbers.contains(&row.number));
        !rows.rows.is_empty()
    }

    /// How many executions come of it.
    pub fn executions(&self) -> usize {
        self.each_row().map_or(1, |rows| rows.rows.len())
    }

    /// The secrets that are known before anything runs, those of called flows among them.
    pub fn known_secrets(&self) -> KnownSecrets {
        let mut secrets = self.variables.known_secrets();
        if let Some(rows) = &self.rows {
            secrets.texts.extend(rows.secrets.texts.iter().cloned());
            secrets.places.extend(rows.secrets.places.iter().copied());
        }
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
