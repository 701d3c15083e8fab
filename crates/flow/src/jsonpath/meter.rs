//! How much one look may do: filters inside filters multiply what they look at.

use crate::Value;
use std::{cell::Cell, fmt};

/// Values looked at. As many are a second where nothing is optimised.
pub const MAX_STEPS: usize = 5_000_000;
/// What a pattern costs that comes from the document.
const PATTERN: usize = 5_000;
/// So many bytes of text are looked at in one step.
const BYTES: usize = 64;

/// A query that takes more than [`MAX_STEPS`] for a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooDear;

impl TooDear {
    /// What to do about it.
    pub fn help(self) -> &'static str {
        "each filter looks at all that the one around it looks at: name the members that lead to the value, and write fewer `..`"
    }
}

impl fmt::Display for TooDear {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the path takes more than {MAX_STEPS} steps")
    }
}

impl std::error::Error for TooDear {}

#[derive(Debug)]
pub(super) struct Meter(Cell<usize>);

impl Default for Meter {
    fn default() -> Self {
        Self(Cell::new(MAX_STEPS))
    }
}

impl Meter {
    pub(super) fn steps(&self, count: usize) -> Result<(), TooDear> {
        let left = self.0.get().checked_sub(count).ok_or(TooDear)?;
        self.0.set(left);
        Ok(())
    }

    pub(super) fn text(&self, text: &str) -> Result<(), TooDear> {
        self.steps(text.len() / BYTES)
    }

    pub(super) fn pattern(&self) -> Result<(), TooDear> {
        self.steps(PATTERN)
    }

    /// What comparing two values costs: only those of one kind and length are gone through.
    pub(super) fn comparison(&self, left: &Value, right: &Value) -> Result<(), TooDear> {
        let alike = match (left, right) {
            (Value::List(left), Value::List(right)) => left.len() == right.len(),
            (Value::Map(left), Value::Map(right)) => left.len() == right.len(),
            (Value::Text(left), Value::Text(_)) => return self.text(left),
            _ => false,
        };
        let mut waiting = if alike { vec![left] } else { Vec::new() };
        while let Some(value) = waiting.pop() {
            let first = waiting.len();
            waiting.extend(super::eval::children(value));
            self.steps(waiting.len() - first)?;
        }
        Ok(())
    }
}
