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
    plan::{Live, Origin, Plan, Variable, VariableValue, Variables},
    random::Seed,
};
use std::{
    collections::HashMap,
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
    /// How many steps had finished with that one.
    at: u64,
}

/// A step that ended with an output.
#[derive(Clone, Debug)]
struct Done {
    phase: &'static str,
    id: Arc<str>,
    output: Arc<Map>,
    captures: Vec<(Arc<str>, Value)>,
    /// How many steps had finished with it.
    at: u64,
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

/// What the expressions of one flow see while it is executed, as far as it is the same in all its branches.
struct Ground {
    variables: Arc<Variables>,
    /// Names whose values are secret, besides the variables that are marked.
    secret_names: Vec<Arc<str>>,
    schemas: HashMap<Arc<str>, Arc<serde_json::Value>>,
    live: Arc<Live>,
    facts: FlowFacts,
    seed: Seed,
    given: Given,
    /// All rows of data, of a flow that takes them at once.
    rows: Option<Value>,
    /// Values of `env` that were needed so far.
    memo: Mutex<HashMap<Arc<str>, Result<Value, Fault>>>,
    fakes: Mutex<Vec<String>>,
}

impl Ground {
    /// Masks what is known to be secret before the first step, so that no event shows it.
    fn learn_secrets(&self, plan: &Plan) {
        let of_rows = plan.rows.iter().filter(|rows| rows.all.is_some()).flat_map(|rows| rows.secrets.texts.iter().cloned());
        for text in self.variables.known_secrets().texts.into_iter().chain(of_rows) {
            self.given.secrets.add(&Value::Text(text));
        }
        for (name, value) in self.given.exports.iter().chain(self.given.values.iter()) {
            if self.variables.get(name).is_some_and(|variable| variable.secret) {
                // Whether it is long enough is said where it is used.
                self.given.secrets.add(value);
            }
        }
    }
}

/// What an execution is given when it begins.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// Values of variables that are [`Later`](VariableValue::Later).
    pub values: Arc<Map>,
    /// Values of those that flows export which run before all others; called flows have them too.
    pub exports: Arc<Map>,
    /// Where the row of data stands that they are of.
    pub row: Option<Span>,
    /// What `run_flow` passes, under `input`.
    pub input: Map,
    /// Those of the whole execution: called flows share them.
    pub secrets: Arc<Secrets>,
}

/// The texts that are masked in everything an execution says. It only grows.
#[derive(Debug, Default)]
pub struct Secrets(Mutex<Vec<Arc<str>>>);

impl Secrets {
    /// Masks these from the beginning.
    pub fn of(texts: Vec<Arc<str>>) -> Self {
        Self(Mutex::new(texts))
    }

    /// Masks a value from now on: every text in it. False when one is too short to be masked.
    pub fn add(&self, value: &Value) -> bool {
        let mut texts = Vec::new();
        value.leaf_texts(&mut texts);
        let sound = texts.iter().all(|text| text.is_empty() || text.chars().count() >= SHORTEST_SECRET);
        let mut secrets = lock(&self.0);
        for text in texts.into_iter().filter(|text| text.chars().count() >= SHORTEST_SECRET) {
            if !secrets.contains(&text) {
                secrets.push(text);
            }
        }
        sound
    }

    /// How many are known.
    pub fn count(&self) -> usize {
        lock(&self.0).len()
    }

    pub fn all(&self) -> Vec<Arc<str>> {
        lock(&self.0).clone()
    }
}

/// What a step gave, while steps go on: a flow that is executed, or a branch of it.
pub struct Scope {
    ground: Arc<Ground>,
    captures: HashMap<Arc<str>, Held>,
    /// The latest of each phase and id.
    done: Vec<Done>,
    /// Where in `done` the steps of an id stand.
    by_id: HashMap<Arc<str>, Vec<usize>>,
    /// How many steps have finished: what is later has more.
    count: u64,
    /// Why a capture or a step has no value, by name.
    without: HashMap<Arc<str>, String>,
    /// Items and their indices, the innermost last.
    loops: Vec<(Arc<str>, Value)>,
    status: &'static str,
    /// What the latest `run_flow` gave, and how many steps had finished with it.
    called: Option<(u64, Arc<Map>)>,
}

/// The least number of characters that a secret must have to be masked.
pub const SHORTEST_SECRET: usize = 4;

impl Scope {
    pub fn new(plan: &Plan, facts: FlowFacts, seed: Seed, given: Given) -> Self {
        let ground = Ground {
            variables: plan.variables.clone(),
            secret_names: plan.secrets.clone(),
            schemas: plan.schemas.clone(),
            live: plan.live.clone(),
            facts,
            seed,
            given,
            rows: plan.rows.as_ref().and_then(|rows| rows.all.clone()),
            memo: Mutex::default(),
            fakes: Mutex::default(),
        };
        ground.learn_secrets(plan);
        Self {
            ground: Arc::new(ground),
            captures: HashMap::new(),
            done: Vec::new(),
            by_id: HashMap::new(),
            count: 0,
            without: HashMap::new(),
            loops: Vec::new(),
            status: "running",
            called: None,
        }
    }

    /// The scope of a branch: what was known when it parted, and from then on its own.
    #[must_use]
    pub fn fork(&self) -> Self {
        Self {
            ground: self.ground.clone(),
            captures: self.captures.clone(),
            done: self.done.clone(),
            by_id: self.by_id.clone(),
            count: self.count,
            without: self.without.clone(),
            loops: self.loops.clone(),
            status: self.status,
            called: self.called.clone(),
        }
    }

    /// Takes over what a branch has learned since it parted from this scope. Branches are joined in written order: the last one wins.
    pub fn join(&mut self, branch: Self, parted: u64) {
        for (name, held) in branch.captures {
            if held.at > parted {
                self.captures.insert(name, held);
            }
        }
        for done in branch.done.into_iter().filter(|done| done.at > parted) {
            self.keep(done);
        }
        self.called = branch.called.filter(|(at, _)| *at > parted).or(self.called.take());
        self.without.extend(branch.without);
        self.count = self.count.max(branch.count);
    }

    /// How many steps have finished so far.
    pub fn moment(&self) -> u64 {
        self.count
    }

    /// The captures that were taken after a moment.
    pub fn captured_since(&self, moment: u64) -> Map {
        let mut names: Vec<_> = self.captures.iter().filter(|(_, held)| held.at > moment).collect();
        names.sort_by(|a, b| a.0.cmp(b.0));
        names.into_iter().map(|(name, held)| (name.clone(), held.value.clone())).collect()
    }

    /// Enters a round of a loop: its item and index are seen until [`Scope::leave`].
    pub fn enter(&mut self, names: [(Arc<str>, Value); 2]) {
        self.loops.extend(names);
    }

    pub fn leave(&mut self) {
        self.loops.truncate(self.loops.len().saturating_sub(2));
    }

    /// Records what a step gave, as far as a later expression may name it. What it captured is visible from now on; an earlier capture of
    /// that name is replaced.
    pub fn finish_step(&mut self, phase: &'static str, id: &Arc<str>, output: Option<Arc<Map>>, captures: Vec<(Arc<str>, Value, Span)>) {
        self.count += 1;
        let at = self.count;
        let has_output = output.is_some() || !captures.is_empty();
        for (name, value, span) in &captures {
            if self.ground.live.capture(name) {
                self.captures.insert(name.clone(), Held { value: value.clone(), step: id.clone(), span: *span, at });
            }
        }
        if has_output && self.ground.live.output(id) {
            let captures = captures.into_iter().map(|(name, value, _)| (name, value)).collect();
            self.keep(Done { phase, id: id.clone(), output: output.unwrap_or_default(), captures, at });
        }
    }

    /// Keeps what a step gave in place of what one of that phase and id gave before.
    fn keep(&mut self, done: Done) {
        let known = self.by_id.entry(done.id.clone()).or_default();
        let same = known.iter().copied().find(|index| self.done.get(*index).is_some_and(|kept| kept.phase == done.phase));
        if let Some(kept) = same.and_then(|index| self.done.get_mut(index)) {
            *kept = done;
        } else {
            known.push(self.done.len());
            self.done.push(done);
        }
    }

    /// Says why a name has no value: "step `create` was skipped: `when` was false".
    pub fn explain_absence(&mut self, name: &Arc<str>, why: impl FnOnce() -> String) {
        if self.ground.live.output(name) || self.ground.live.capture(name) {
            self.without.insert(name.clone(), why());
        }
    }

    /// The verdict so far, for `flow.status`.
    pub fn set_status(&mut self, status: &'static str) {
        self.status = status;
        self.called = None;
    }

    /// What a called flow gave, for `flow.status` and `flow.output`.
    pub fn set_called(&mut self, called: Arc<Map>) {
        self.called = Some((self.count + 1, called));
    }

    /// Whether a capture of this name is secret although it does not say so.
    pub fn is_secret_name(&self, name: &str) -> bool {
        self.ground.secret_names.iter().any(|secret| **secret == *name)
    }

    /// Masks a value from now on: every text in it. False when one is too short to be masked.
    pub fn add_secret(&self, value: &Value) -> bool {
        self.ground.given.secrets.add(value)
    }

    /// What flows export that run before all others.
    pub fn exports(&self) -> &Arc<Map> {
        &self.ground.given.exports
    }

    /// The secrets of the execution.
    pub fn secrets(&self) -> &Arc<Secrets> {
        &self.ground.given.secrets
    }

    /// The seed of what is random in it.
    pub fn seed(&self) -> Seed {
        self.ground.seed
    }

    /// The id of the execution, which called flows share.
    pub fn execution_id(&self) -> Arc<str> {
        self.ground.facts.execution_id.clone()
    }

    /// Where the value of a name came from: a loop's, a capture's or a variable's.
    pub fn provenance(&self, name: &str, now: &jiff::Zoned) -> Option<Provenance> {
        if let Some((_, value)) = self.loops.iter().rev().find(|(known, _)| **known == *name) {
            return Some(Provenance { value: value.clone(), origin: "of the loop".to_owned(), span: None });
        }
        if let Some(held) = self.captures.get(name) {
            return Some(Provenance {
                value: held.value.clone(),
                origin: format!("captured by step {}", held.step),
                span: Some(held.span),
            });
        }
        let variable = self.ground.variables.get(name)?;
        let variable = self.holder(name, variable)?;
        let value = self.variable(name, variable, now).ok()?;
        let span = if variable.origin == Origin::Row { self.ground.given.row } else { variable.span };
        Some(Provenance { value, origin: variable.origin.to_string(), span })
    }

    /// The value of a variable by its name, for a flow that is called: `None` when there is none of that name.
    pub fn variable_value(&self, name: &str, now: &jiff::Zoned) -> Option<Result<Value, Fault>> {
        self.ground.variables.get(name).map(|variable| self.variable(name, variable, now))
    }

    /// What has the value of a variable here: a column that the row lacks leaves it to what is weaker.
    fn holder<'v>(&self, name: &str, variable: &'v Variable) -> Option<&'v Variable> {
        let is_here = |it: &&Variable| !matches!(it.value, VariableValue::Later { .. }) || self.later(name, it).is_some();
        variable.chain().find(is_here)
    }

    /// The value of a variable; a template is evaluated once.
    fn variable(&self, name: &str, variable: &Variable, now: &jiff::Zoned) -> Result<Value, Fault> {
        let variable = self.holder(name, variable).unwrap_or(variable);
        let tree = match &variable.value {
            VariableValue::Given(value) => return Ok(value.clone()),
            VariableValue::Later { .. } => return self.given(name, variable),
            VariableValue::Template(tree) => tree,
        };
        if let Some(known) = lock(&self.ground.memo).get(name) {
            return known.clone();
        }
        let view = View::of_env(self, name, now);
        let value = tree.render(&view).map_err(|fault| {
            let message = format!("the variable `{name}` has no value: {}", fault.fault.message);
            Fault { help: fault.fault.help, ..Fault::new(FaultKind::Unresolved, Code::Unresolved, 0..0, message) }
        });
        let value = value.and_then(|value| self.masked(name, variable, value));
        lock(&self.ground.memo).insert(name.into(), value.clone());
        value
    }

    fn given(&self, name: &str, variable: &Variable) -> Result<Value, Fault> {
        if let Some(value) = self.later(name, variable) {
            return self.masked(name, variable, value.clone());
        }
        let message = format!("`{name}` has no value: {} does not give one", variable.origin);
        Err(Fault::new(FaultKind::NoValue, Code::Unresolved, 0..0, message))
    }

    /// The value of a variable that comes when the execution begins.
    fn later(&self, name: &str, variable: &Variable) -> Option<&Value> {
        let given = &self.ground.given;
        if matches!(variable.origin, Origin::Before(_)) { given.exports.get(name) } else { given.values.get(name) }
    }

    /// The value of a variable, whose texts are masked when it is secret.
    fn masked(&self, name: &str, variable: &Variable, value: Value) -> Result<Value, Fault> {
        if variable.secret && !self.add_secret(&value) {
            let message = format!("the secret `{name}` is under {SHORTEST_SECRET} characters and cannot be masked");
            return Err(Fault::new(FaultKind::Unresolved, Code::SecretTooShort, 0..0, message));
        }
        Ok(value)
    }

    /// The latest finished step of an id; of one phase, when that is asked for.
    fn latest(&self, id: &str, phase: Option<&str>) -> Option<usize> {
        let all = self.by_id.get(id)?.iter().copied();
        let meant = |index: &usize| self.done.get(*index).is_some_and(|done| phase.is_none_or(|phase| done.phase == phase));
        all.filter(meant).max_by_key(|index| self.done.get(*index).map_or(0, |done| done.at))
    }

    fn why_without(&self, name: &str) -> String {
        self.without.get(name).cloned().unwrap_or_else(|| "what gives it one did not run".to_owned())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is guarded is whole at every moment, so a panic elsewhere does not spoil it.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
