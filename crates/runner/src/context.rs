//! What an action is given: time, cancellation, the network, the execution's connections, and a way to speak.

use crate::action::ActionError;
use std::{
    any::{Any, TypeId},
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use testmesh_events::Level;
use testmesh_flow::{Code, Map, Value};
use tokio_util::sync::CancellationToken;

/// What the steps of one execution share.
#[derive(Default)]
pub struct ExecutionContext {
    pub connections: Connections,
    /// The folder of the flow file, for paths in configs; empty when there is none.
    pub folder: std::path::PathBuf,
}

/// Things that live as long as the execution and are closed with it: one of each type (a connection pool, a cookie jar).
#[derive(Default)]
pub struct Connections(Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl Connections {
    /// The execution's one value of this type, made when it is first asked for.
    pub fn get<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        let mut all = lock(&self.0);
        let kept = all.entry(TypeId::of::<T>()).or_insert_with(|| Arc::new(T::default())).clone();
        kept.downcast::<T>().unwrap_or_default()
    }
}

/// What the action waits for at the moment; a timeout says so.
#[derive(Clone, Debug)]
pub(crate) struct Waiting {
    pub(crate) code: Code,
    pub(crate) doing: String,
}

/// Something that the action says beside its output.
pub(crate) enum Note {
    Log { level: Level, message: String, data: Value },
    Warning { code: Code, message: String, help: Option<String>, key: Option<String> },
}

/// How an expression of a config is evaluated: in the scope of the step, with some names before it.
pub(crate) type Evaluate<'a> = dyn Fn(&str, &Map) -> Result<Value, ActionError> + Send + Sync + 'a;

/// What an action sees of the step that it runs for.
pub struct StepContext<'a> {
    pub execution: &'a ExecutionContext,
    /// Cancelled when the step is to end at once. The engine drops the action then; this is for what runs beside it.
    pub cancel: CancellationToken,
    /// What is left of the step's time when it began; `None` without a bound.
    pub time_left: Option<Duration>,
    pub(crate) waiting: Mutex<Option<Waiting>>,
    pub(crate) notes: Mutex<Vec<Note>>,
    pub(crate) asserted: &'a [Arc<str>],
    pub(crate) evaluate: &'a Evaluate<'a>,
    pub(crate) random: &'a (dyn Fn(&str) -> u64 + Send + Sync),
}

impl StepContext<'_> {
    /// Says what the action waits for from now on, with the code that a timeout then has: "waiting for the first byte".
    pub fn phase(&self, code: Code, doing: impl Into<String>) {
        *lock(&self.waiting) = Some(Waiting { code, doing: doing.into() });
    }

    /// A line for the record, shown with the step.
    pub fn log(&self, level: Level, message: impl Into<String>, data: Value) {
        lock(&self.notes).push(Note::Log { level, message: message.into(), data });
    }

    /// A doubt that does not change the verdict; `key` is the config key that it is about.
    pub fn warn(&self, code: Code, message: impl Into<String>, help: Option<String>, key: Option<&str>) {
        lock(&self.notes).push(Note::Warning { code, message: message.into(), help, key: key.map(str::to_owned) });
    }

    /// Whether an assertion of the step, or a later expression through the step's id, names this output field.
    pub fn asserts(&self, field: &str) -> bool {
        self.asserted.iter().any(|name| **name == *field)
    }

    /// Evaluates an expression of the config; the names of `first` come before everything else.
    pub fn evaluate(&self, expression: &str, first: &Map) -> Result<Value, ActionError> {
        (self.evaluate)(expression, first)
    }

    /// A number that is a function of the run's seed, of the place of this step and of `salt`.
    pub fn random(&self, salt: &str) -> u64 {
        (self.random)(salt)
    }
}

/// A lock that outlives a panic elsewhere: what it guards is valid at every moment.
pub(crate) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
