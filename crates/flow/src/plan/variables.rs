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
    /// Exported by a flow that runs before all others: its name.
    Before(Arc<str>),
    /// A row of data.
    Row,
    /// In the caller's words: `--var`, `environment staging`.
    Outside(Arc<str>),
    Process,
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::EnvFile(name) => write!(formatter, "env file {name}"),
            Self::FlowEnv => formatter.write_str("env of the flow"),
            Self::Before(flow) => write!(formatter, "exported by the flow `{flow}`"),
            Self::Row => formatter.write_str("row of the data"),
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
    /// Given when the execution begins: by the flow that calls this one, by a row of data. A row may lack it; then the weaker value counts.
    Later {
        always: bool,
    },
}

#[derive(Clone, Debug)]
pub struct Variable {
    pub value: VariableValue,
    pub origin: Origin,
    pub span: Option<Span>,
    pub secret: bool,
    /// The value of that name that this one stands before.
    pub weaker: Option<Box<Variable>>,
}

impl Variable {
    pub(super) fn new(value: VariableValue, origin: Origin, span: Option<Span>, secret: bool) -> Self {
        Self { value, origin, span, secret, weaker: None }
    }

    /// Itself, and what it stands before, weaker and weaker.
    pub(crate) fn chain(&self) -> impl Iterator<Item = &Variable> {
        std::iter::successors(Some(self), |variable| variable.weaker.as_deref())
    }

    /// Those of the chain that may be the value of an execution: up to the first that is always there.
    fn possible(&self) -> impl Iterator<Item = &Variable> {
        let mut sure = false;
        self.chain().take_while(move |variable| !std::mem::replace(&mut sure, variable.is_always_there()))
    }

    fn is_always_there(&self) -> bool {
        !matches!(self.value, VariableValue::Later { always: false })
    }

    /// Whether it has a value in every execution.
    pub(crate) fn is_sure(&self) -> bool {
        self.chain().any(Self::is_always_there)
    }

    /// The value, when it does not depend on the run.
    pub(crate) fn known(&self) -> Option<&Value> {
        match &self.value {
            VariableValue::Given(value) | VariableValue::Template(Tree::Fixed(value)) => Some(value),
            VariableValue::Template(_) | VariableValue::Later { .. } => None,
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
    pub(super) fn set(&mut self, name: Arc<str>, mut variable: Variable) {
        variable.weaker = self.by_name.remove(&name).map(Box::new);
        self.by_name.insert(name, variable);
    }

    /// The secret variables, as far as they do not depend on the run; those too that a stronger value hides.
    pub fn known_secrets(&self) -> KnownSecrets {
        let mut secrets = KnownSecrets::default();
        let variables = self.by_name.values().flat_map(Variable::chain);
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
        self.by_name.get(name)?;
        match self.behind(name) {
            Some(VariableValue::Given(value)) => Some(value.clone()),
            _ => self.process.get(name).map(|text| Value::text(text.as_str())),
        }
    }

    /// Whether `name` inside its own definition means what the process environment gives.
    pub(crate) fn is_from_process(&self, name: &str) -> bool {
        let stands_alone = self.behind(name).is_none_or(|behind| matches!(behind, VariableValue::Template(_)));
        self.by_name.contains_key(name) && stands_alone && self.process.contains_key(name)
    }

    /// What stands behind the definition of `name`: the weaker one.
    fn behind(&self, name: &str) -> Option<&VariableValue> {
        let definition = self.by_name.get(name)?.chain().find(|variable| matches!(variable.value, VariableValue::Template(_)))?;
        definition.weaker.as_deref().map(|weaker| &weaker.value)
    }

    pub(crate) fn each_text<'a>(&'a self, seen: &mut dyn FnMut(&'a Arc<str>, &'a Text)) {
        for (name, variable) in &self.by_name {
            for possible in variable.possible() {
                if let VariableValue::Template(tree) = &possible.value {
                    tree.each_text(&mut |text| seen(name, text));
                }
            }
        }
    }
}
