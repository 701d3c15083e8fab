//! How much one evaluation may do and make: whatever is written, it ends, and soon.

use super::fault::Problem;
use crate::{Code, Value};

/// Nodes evaluated and values visited. A million is some tens of milliseconds.
const STEPS: u32 = 5_000_000;
/// Items of lists and members of objects made.
const ITEMS: usize = 1_000_000;
/// Bytes of text made.
const BYTES: usize = 64 * 1024 * 1024;
/// How deep lists and objects may be that a loop makes.
const DEPTH: usize = 256;

#[derive(Debug)]
pub(super) struct Meter {
    steps: u32,
    items: usize,
    bytes: usize,
}

impl Default for Meter {
    fn default() -> Self {
        Self { steps: STEPS, items: ITEMS, bytes: BYTES }
    }
}

impl Meter {
    pub(super) fn steps(&mut self, count: usize) -> Result<(), Problem> {
        match u32::try_from(count).ok().and_then(|count| self.steps.checked_sub(count)) {
            Some(left) => {
                self.steps = left;
                Ok(())
            }
            None => Err(too_dear(format!("the evaluation takes more than {STEPS} steps"))),
        }
    }

    pub(super) fn items(&mut self, count: usize) -> Result<(), Problem> {
        match self.items.checked_sub(count) {
            Some(left) => {
                self.items = left;
                Ok(())
            }
            None => Err(too_dear(format!("the evaluation makes more than {ITEMS} items"))),
        }
    }

    pub(super) fn bytes(&mut self, count: usize) -> Result<(), Problem> {
        match self.bytes.checked_sub(count) {
            Some(left) => {
                self.bytes = left;
                Ok(())
            }
            None => Err(too_dear(format!("the evaluation makes more than {BYTES} bytes of text"))),
        }
    }

    /// Visits a whole value. Parts that are shared count each time: a small expression can make a value that is huge written out.
    pub(super) fn visit(&mut self, value: &Value) -> Result<(), Problem> {
        self.visit_below(value, DEPTH)
    }

    /// Pays for a value before it is written out, each level indented by so much: a text that a value holds a thousand times is written as often.
    /// What escapes add is known, and paid for, when it is written.
    pub(super) fn write(&mut self, value: &Value, indent: usize) -> Result<(), Problem> {
        self.visit(value)?;
        self.write_below(value, indent, indent)
    }

    fn write_below(&mut self, value: &Value, indent: usize, before: usize) -> Result<(), Problem> {
        match value {
            Value::Text(text) => self.bytes(text.len()),
            Value::List(items) => items.iter().try_for_each(|item| {
                self.bytes(before)?;
                self.write_below(item, indent, before + indent)
            }),
            Value::Map(map) => map.iter().try_for_each(|(name, item)| {
                self.bytes(before + name.len())?;
                self.write_below(item, indent, before + indent)
            }),
            _ => Ok(()),
        }
    }

    fn visit_below(&mut self, value: &Value, depth: usize) -> Result<(), Problem> {
        let Some(below) = depth.checked_sub(1) else {
            return Err(too_dear(format!("the value is nested more than {DEPTH} deep")));
        };
        match value {
            Value::List(items) => {
                self.steps(items.len())?;
                items.iter().try_for_each(|item| self.visit_below(item, below))
            }
            Value::Map(map) => {
                self.steps(map.len())?;
                map.values().try_for_each(|item| self.visit_below(item, below))
            }
            _ => Ok(()),
        }
    }
}

fn too_dear(message: String) -> Problem {
    Problem::coded(Code::TooDeep, message)
}
