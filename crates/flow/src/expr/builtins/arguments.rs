//! The arguments of a call, read with errors that say which function wanted what.

use crate::{
    Map, Value,
    expr::fault::{Problem, describe},
};
use std::sync::Arc;

/// The values that a function was called with; their number was checked when the call was parsed.
pub(in crate::expr) struct Arguments<'a> {
    function: &'static str,
    values: &'a [Value],
}

impl<'a> Arguments<'a> {
    pub(super) fn new(function: &'static str, values: &'a [Value]) -> Self {
        Self { function, values }
    }

    pub(super) fn all(&self) -> &'a [Value] {
        self.values
    }

    pub(super) fn get(&self, index: usize) -> &'a Value {
        self.values.get(index).unwrap_or(&Value::Null)
    }

    pub(super) fn given(&self, index: usize) -> Option<&'a Value> {
        self.values.get(index)
    }

    /// The argument is not what the function takes.
    pub(super) fn wrong(&self, index: usize, wanted: &str) -> Problem {
        let value = self.get(index);
        let message = format!("`{}` takes {wanted} here, not {}", self.function, describe(value));
        let problem = Problem::new(message).about(index);
        match value {
            Value::Null => problem.help("give a value for when there is none: `x ?? …`"),
            Value::Int(_) | Value::Float(_) | Value::Bool(_) if wanted == "a text" => problem.help("make it one: `string(x)`"),
            Value::Text(_) if wanted.contains("integer") || wanted.contains("number") => {
                problem.help("make it one: `int(x)` or `float(x)`")
            }
            _ => problem,
        }
    }

    pub(super) fn text(&self, index: usize) -> Result<&'a Arc<str>, Problem> {
        match self.get(index) {
            Value::Text(text) => Ok(text),
            _ => Err(self.wrong(index, "a text")),
        }
    }

    pub(super) fn list(&self, index: usize) -> Result<&'a Arc<Vec<Value>>, Problem> {
        match self.get(index) {
            Value::List(items) => Ok(items),
            _ => Err(self.wrong(index, "a list")),
        }
    }

    pub(super) fn map(&self, index: usize) -> Result<&'a Arc<Map>, Problem> {
        match self.get(index) {
            Value::Map(map) => Ok(map),
            _ => Err(self.wrong(index, "an object")),
        }
    }

    /// An integer, which a float is not even without a fraction.
    pub(super) fn integer(&self, index: usize) -> Result<i64, Problem> {
        match self.get(index) {
            Value::Int(value) => Ok(*value),
            _ => Err(self.wrong(index, "an integer")),
        }
    }

    /// An integer, or a float without a fraction.
    pub(super) fn whole(&self, index: usize) -> Result<i64, Problem> {
        self.get(index).as_i64().ok_or_else(|| self.wrong(index, "an integer"))
    }
}
