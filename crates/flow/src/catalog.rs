//! The catalog: what is known of each action, as data. The planner checks against it, an editor completes from it, `testmesh actions` prints it.

mod control;
mod known;

pub(crate) use control::{ControlKind, control_kind};
pub(crate) use known::family;

use crate::schema::Shape;
use serde_json::Value as Json;
use std::{sync::Arc, time::Duration};

/// What there is to know of one action.
#[derive(Clone, Debug)]
pub struct ActionSpec {
    pub name: Arc<str>,
    pub aliases: Vec<Arc<str>>,
    /// What it does, in a line.
    pub about: Arc<str>,
    /// The schemas as they were published; the shapes are read from them.
    pub config_schema: Arc<Json>,
    pub output_schema: Arc<Json>,
    pub config: Shape,
    pub output: Shape,
    /// The output field that a JSONPath searches first.
    pub subject: Option<Arc<str>>,
    pub timeout: ActionTimeout,
    /// Whether this build contains it. One that it lacks is known by its names only.
    pub in_build: bool,
}

/// Who keeps the `timeout` key of an action's config.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionTimeout {
    /// The engine: the call is cut there. This long when the config says nothing.
    Engine(Duration),
    /// The action, which has something to say when the time is over; or there is no such key.
    Own,
}

/// All actions of the language.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    actions: Vec<Arc<ActionSpec>>,
}

impl Catalog {
    /// The actions of a build, and beside them what the language knows and the build lacks.
    pub fn new(contained: Vec<ActionSpec>) -> Self {
        let mut catalog = Self { actions: contained.into_iter().chain(control::specs()).map(Arc::new).collect() };
        for (name, aliases) in known::ACTIONS {
            if catalog.find(name).is_none() {
                catalog.actions.push(Arc::new(ActionSpec::lacking(name, aliases)));
            }
        }
        catalog.actions.sort_by(|a, b| a.name.cmp(&b.name));
        catalog
    }

    /// The action of this name or alias.
    pub fn find(&self, name: &str) -> Option<&Arc<ActionSpec>> {
        self.actions
            .iter()
            .find(|action| *action.name == *name)
            .or_else(|| self.actions.iter().find(|action| action.aliases.iter().any(|alias| **alias == *name)))
    }

    pub fn actions(&self) -> &[Arc<ActionSpec>] {
        &self.actions
    }

    /// All names and aliases.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.actions.iter().flat_map(|action| std::iter::once(&action.name).chain(&action.aliases)).map(AsRef::as_ref)
    }
}

impl ActionSpec {
    fn lacking(name: &str, aliases: &[&str]) -> Self {
        Self {
            name: name.into(),
            aliases: aliases.iter().map(|alias| Arc::from(*alias)).collect(),
            about: "".into(),
            config_schema: Arc::default(),
            output_schema: Arc::default(),
            config: Shape::Any,
            output: Shape::Any,
            subject: None,
            timeout: ActionTimeout::Own,
            in_build: false,
        }
    }
}
