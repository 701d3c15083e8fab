//! Variables: every name that has a value before the first step, merged by strength.

use super::{Tree, tree::Text};
use crate::{Span, Value};
use std::{collections::HashMap, fmt, sync::Arc};

/// Where a variable's value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    EnvFile(Arc<str>),
    FlowEnv,
    /// The `env` of the flow that calls this one.
    Inherited,
    /// In the caller's words: `--var`, `environment staging`.
    Outside(Arc<str>),
    Process,
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::EnvFile(name) => write!(formatter, "env file {name}"),
            Self::FlowEnv => formatter.write_str("env of the flow"),
            Self::Inherited => formatter.write_str("env of the calling flow"),
            Self::Outside(words) => formatter.write_str(words),
            Self::Process => formatter.write_str("process environment"),
        }
    }
}

#[derive(Clone, Debug)]
pub enum VariableValue {
    Given(Value),
    /// Evaluated when it is first needed, once per execution.
    Template(Tree),
    /// Given when the execution begins: by the flow that calls this one, by a row of data.
    Later,
}

#[derive(Clone, Debug)]
pub struct Variable {
    pub value: VariableValue,
    pub origin: Origin,
    pub span: Option<Span>,
    pub secret: bool,
}

impl Variable {
    /// The value, when it does not depend on the run.
    pub(crate) fn known(&self) -> Option<&Value> {
        match &self.value {
            VariableValue::Given(value) | VariableValue::Template(Tree::Fixed(value)) => Some(value),
            VariableValue::Template(_) | VariableValue::Later => None,
        }
    }
}

/// Secrets that are known before anything runs.
#[derive(Clone, Debug, Default)]
pub struct KnownSecrets {
    pub texts: Vec<Arc<str>>,
    /// Where they are written, in whatever spelling their file has for them.
    pub places: Vec<Span>,
}

/// The merged variables of a plan.
#[derive(Clone, Debug, Default)]
pub struct Variables {
    pub(crate) by_name: HashMap<Arc<str>, Variable>,
    /// What a flow's `X: "${X}"` refers to: the weaker value that it stands before.
    pub(crate) weaker: HashMap<Arc<str>, Variable>,
    /// The process environment as far as flows may see it.
    pub(crate) process: HashMap<String, String>,
    /// Names that the flow calls secret; those of the process environment are among them.
    pub(crate) secret_process: Vec<Arc<str>>,
}

impl Variables {
    pub fn get(&self, name: &str) -> Option<&Variable> {
        self.by_name.get(name)
    }

    pub fn names(&self) -> impl Iterator<Item = &Arc<str>> {
        self.by_name.keys()
    }

    /// Sets a variable; a weaker one of that name is kept for what refers to it.
    pub(super) fn set(&mut self, name: Arc<str>, variable: Variable) {
        if let Some(weaker) = self.by_name.insert(name.clone(), variable) {
            self.weaker.insert(name, weaker);
        }
    }

    /// The secret variables, as far as they do not depend on the run; those too that a stronger value hides.
    pub fn known_secrets(&self) -> KnownSecrets {
        let mut secrets = KnownSecrets::default();
        let variables = self.by_name.values().chain(self.weaker.values());
        for (variable, value) in variables.filter(|variable| variable.secret).filter_map(|it| Some((it, it.known()?))) {
            value.leaf_texts(&mut secrets.texts);
            secrets.places.extend(variable.span);
        }
        let process = self.secret_process.iter().filter_map(|name| self.process.get(&**name));
        secrets.texts.extend(process.map(|text| Arc::from(text.as_str())));
        secrets
    }

    /// What `name` inside its own definition means: the weaker value, else the process environment.
    pub(crate) fn outside(&self, name: &str) -> Option<Value> {
        if let Some(Variable { value: VariableValue::Given(value), .. }) = self.weaker.get(name) {
            return Some(value.clone());
        }
        self.process.get(name).map(|text| Value::text(text.as_str()))
    }

    /// Whether `name` inside its own definition can mean something.
    pub(crate) fn has_outside(&self, name: &str) -> bool {
        self.outside(name).is_some() || self.weaker.get(name).is_some_and(|weaker| matches!(weaker.value, VariableValue::Later))
    }

    pub(crate) fn each_text<'a>(&'a self, seen: &mut dyn FnMut(&'a Arc<str>, &'a Text)) {
        for (name, variable) in &self.by_name {
            if let VariableValue::Template(tree) = &variable.value {
                tree.each_text(&mut |text| seen(name, text));
            }
        }
    }
}
