//! What names mean while a flow runs: variables, captures, finished steps, built-ins (contract §4, §5 "Names").
//!
//! A [`Scope`] is the state of one execution; a [`View`] looks at it from one place: what stands nearer there, and which randomness belongs to it.

mod built_in;
mod view;

pub use built_in::FlowFacts;
pub use view::{Own, View};

use crate::{
    Code, Map, Span, Value,
    expr::{Fault, FaultKind},
    plan::{Plan, Variable, VariableValue, Variables},
    random::Seed,
};
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// A capture that has a value, and where it came from.
#[derive(Clone, Debug)]
pub struct Held {
    pub value: Value,
    /// The id of the step that captured it.
    pub step: Arc<str>,
    /// Where its path stands.
    pub span: Span,
}

/// A step that ended with an output.
#[derive(Clone, Debug)]
struct Done {
    phase: &'static str,
    id: Arc<str>,
    output: Arc<Map>,
    captures: Vec<(Arc<str>, Value)>,
}

impl Done {
    fn named(&self) -> impl Iterator<Item = (&Arc<str>, &Value)> {
        self.captures.iter().map(|(name, value)| (name, value))
    }
}

/// Where the value of a name came from, for the report of a failure.
#[derive(Clone, Debug)]
pub struct Provenance {
    pub value: Value,
    pub origin: String,
    pub span: Option<Span>,
}

/// The names of one execution and their values so far.
pub struct Scope {
    variables: Arc<Variables>,
    /// Names whose values are secret, besides the variables that are marked.
    secret_names: Vec<Arc<str>>,
    schemas: HashMap<Arc<str>, Arc<serde_json::Value>>,
    facts: FlowFacts,
    seed: Seed,
    /// Captures that some step declares.
    declared: HashSet<Arc<str>>,
    /// Ids that some step has.
    ids: HashSet<Arc<str>>,
    captures: HashMap<Arc<str>, Held>,
    done: Vec<Done>,
    /// Why a capture or a step has no value, by name.
    without: HashMap<Arc<str>, String>,
    /// Values of `env` that were needed so far.
    memo: Mutex<HashMap<Arc<str>, Result<Value, Fault>>>,
    fakes: Mutex<Vec<String>>,
    secrets: Mutex<Vec<Arc<str>>>,
    status: &'static str,
}

/// The least number of characters that a secret must have to be masked.
pub const SHORTEST_SECRET: usize = 4;

impl Scope {
    pub fn new(plan: &Plan, facts: FlowFacts, seed: Seed) -> Self {
        let scope = Self {
            variables: plan.variables.clone(),
            secret_names: plan.secrets.clone(),
            schemas: plan.schemas.clone(),
            facts,
            seed,
            declared: plan.all_steps().flat_map(|step| step.captures.iter().map(|capture| capture.name.clone())).collect(),
            ids: plan.all_steps().map(|step| step.id.clone()).collect(),
            captures: HashMap::new(),
            done: Vec::new(),
            without: HashMap::new(),
            memo: Mutex::default(),
            fakes: Mutex::default(),
            secrets: Mutex::default(),
            status: "running",
        };
        for text in scope.variables.known_secrets().texts {
            scope.add_secret(&Value::Text(text));
        }
        scope
    }

    /// Records what a step gave. What it captured is visible from now on; an earlier capture of that name is replaced.
    pub fn finish_step(&mut self, phase: &'static str, id: &Arc<str>, output: Option<Arc<Map>>, captures: Vec<(Arc<str>, Value, Span)>) {
        for (name, value, span) in &captures {
            self.captures.insert(name.clone(), Held { value: value.clone(), step: id.clone(), span: *span });
        }
        if output.is_some() || !captures.is_empty() {
            let captures = captures.into_iter().map(|(name, value, _)| (name, value)).collect();
            self.done.push(Done { phase, id: id.clone(), output: output.unwrap_or_default(), captures });
        }
    }

    /// Says why a name has no value: "step `create` was skipped: `when` was false".
    pub fn explain_absence(&mut self, name: &Arc<str>, why: impl Into<String>) {
        self.without.insert(name.clone(), why.into());
    }

    /// The verdict so far, for `flow.status`.
    pub fn set_status(&mut self, status: &'static str) {
        self.status = status;
    }

    /// Whether a capture of this name is secret although it does not say so.
    pub fn is_secret_name(&self, name: &str) -> bool {
        self.secret_names.iter().any(|secret| **secret == *name)
    }

    /// Masks a value from now on: every text in it. False when one is too short to be masked.
    pub fn add_secret(&self, value: &Value) -> bool {
        let mut texts = Vec::new();
        value.leaf_texts(&mut texts);
        let sound = texts.iter().all(|text| text.is_empty() || text.chars().count() >= SHORTEST_SECRET);
        let mut secrets = lock(&self.secrets);
        for text in texts.into_iter().filter(|text| text.chars().count() >= SHORTEST_SECRET) {
            if !secrets.contains(&text) {
                secrets.push(text);
            }
        }
        sound
    }

    /// How many secrets are known; it only grows.
    pub fn secret_count(&self) -> usize {
        lock(&self.secrets).len()
    }

    pub fn secrets(&self) -> Vec<Arc<str>> {
        lock(&self.secrets).clone()
    }

    /// Where the value of a name came from: a capture's or a variable's.
    pub fn provenance(&self, name: &str, now: &jiff::Zoned) -> Option<Provenance> {
        if let Some(held) = self.captures.get(name) {
            return Some(Provenance {
                value: held.value.clone(),
                origin: format!("captured by step {}", held.step),
                span: Some(held.span),
            });
        }
        let variable = self.variables.get(name)?;
        let value = self.variable(name, variable, now).ok()?;
        Some(Provenance { value, origin: variable.origin.to_string(), span: variable.span })
    }

    /// The value of a variable; a template is evaluated once.
    fn variable(&self, name: &str, variable: &Variable, now: &jiff::Zoned) -> Result<Value, Fault> {
        let tree = match &variable.value {
            VariableValue::Given(value) => return Ok(value.clone()),
            VariableValue::Template(tree) => tree,
        };
        if let Some(known) = lock(&self.memo).get(name) {
            return known.clone();
        }
        let view = View::of_env(self, name, now);
        let value = tree.render(&view).map_err(|fault| {
            let message = format!("the variable `{name}` has no value: {}", fault.fault.message);
            Fault { help: fault.fault.help, ..Fault::new(FaultKind::Unresolved, Code::Unresolved, 0..0, message) }
        });
        let value = value.and_then(|value| {
            if variable.secret && !self.add_secret(&value) {
                let message = format!("the secret `{name}` is under {SHORTEST_SECRET} characters and cannot be masked");
                return Err(Fault::new(FaultKind::Unresolved, Code::SecretTooShort, 0..0, message));
            }
            Ok(value)
        });
        lock(&self.memo).insert(name.into(), value.clone());
        value
    }

    /// The latest finished step of an id; of one phase, when that is asked for.
    fn latest(&self, id: &str, phase: Option<&str>) -> Option<usize> {
        self.done.iter().rposition(|done| *done.id == *id && phase.is_none_or(|phase| done.phase == phase))
    }

    fn why_without(&self, name: &str) -> String {
        self.without.get(name).cloned().unwrap_or_else(|| "what gives it one did not run".to_owned())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is guarded is whole at every moment, so a panic elsewhere does not spoil it.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
