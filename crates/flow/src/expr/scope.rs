//! What an expression can see: names, namespaces, the time and randomness, all asked of the caller.

use super::Fault;
use crate::Value;
use std::sync::Arc;

/// A handle for a namespace (`env`, `vars`, `steps`, a step id …) whose members are looked up one by one, when they are needed.
/// What the number means is the business of the [`Scope`] that gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Space(pub u32);

/// What a name means.
#[derive(Debug)]
pub enum Lookup {
    Value(Value),
    Space(Space),
    /// Declared, but nothing has given it a value; the text says why, as a clause (`step `create` was skipped`).
    NoValue(String),
    Unknown,
    /// Of a namespace: it is what the answer gave, and the answer has no such member.
    Missing,
    /// Its value could not be worked out.
    Fault(Fault),
}

/// The surroundings of an expression.
pub trait Scope {
    /// A top-level name. `$env` is asked for only where the whole scope is meant.
    fn lookup(&self, name: &str) -> Lookup;

    /// A member of a namespace.
    fn member(&self, space: Space, name: &str) -> Lookup;

    /// A whole namespace as an object, for those that use it as one.
    fn space_value(&self, space: Space) -> Result<Value, Fault>;

    /// Names for "did you mean".
    fn known_names(&self) -> Vec<Arc<str>>;

    /// The members of a namespace, for "did you mean".
    fn known_members(&self, _space: Space) -> Vec<Arc<str>> {
        Vec::new()
    }

    /// The time, the same for all that is evaluated in one attempt.
    fn now(&self) -> jiff::Zoned;

    /// Random bytes: a function of the execution's seed, the place that is evaluated, and the salt.
    fn random(&self, salt: &str) -> [u8; 16];

    /// A schema file that was read when the flow was planned; see [`Expr::schemas`](super::Expr::schemas).
    fn schema(&self, path: &str) -> Option<Arc<serde_json::Value>>;
}
