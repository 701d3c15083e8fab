//! The steps of a path: what each leads to from a value.

use super::{Evaluator, Stop, index, missing::Why};
use crate::{
    Value,
    expr::{
        Fault,
        ast::{NodeId, Step, StepKind},
        builtins::length,
        fault::describe,
    },
};

/// Why a step leads nowhere.
pub(super) enum Broken {
    Why(Why),
    Stop(Stop),
}

impl From<Stop> for Broken {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

impl<'a> Evaluator<'a> {
    /// A step that is more than a look-up, or one that finds nothing.
    pub(super) fn step(&mut self, id: NodeId, step: &'a Step, at: Value, in_headers: bool) -> Result<Value, Broken> {
        match &step.kind {
            StepKind::Member(name) => member(at, name),
            StepKind::At(index) => item(at, *index, in_headers),
            StepKind::Index(node) => {
                let key = self.value(*node)?;
                self.by_key(at, &key, *node, in_headers)
            }
            StepKind::Slice(from, to) => {
                let from = from.map(|from| self.bound(from)).transpose()?;
                let to = to.map(|to| self.bound(to)).transpose()?;
                let part = index::slice(&at, from, to).ok_or_else(|| {
                    let message = format!("only lists and texts have parts, not {}", describe(&at));
                    Stop::from(Fault::mismatch(step.range.clone(), message))
                })?;
                let made = part.as_list().map_or(0, <[Value]>::len);
                self.limited(&step.range, |meter| meter.items(made))?;
                Ok(part)
            }
            StepKind::NoMethod(problem, _) => {
                let fault = problem.as_ref().clone().fault(step.range.clone());
                Err(Broken::Stop(fault.into()))
            }
            StepKind::Method(method, arguments) => {
                let result = self.with_arguments(arguments, |_, values| method.call(&at, values))?;
                result.map_err(|problem| {
                    let about = problem.argument.and_then(|index| arguments.get(index));
                    let whole = self.node(id).range().start..step.range.end;
                    let range = about.map_or(whole, |argument| self.node(*argument).range());
                    Broken::Stop(problem.fault(range).into())
                })
            }
        }
    }

    fn by_key(&mut self, at: Value, key: &Value, node: NodeId, in_headers: bool) -> Result<Value, Broken> {
        match (key, &at) {
            (Value::Text(name), Value::Map(_) | Value::Null) => member(at, name),
            (_, Value::Map(_)) if key.is_number() => {
                // What `groupBy` made of numbers is found under them again.
                member(at, &key.to_text().unwrap_or_default())
            }
            (_, Value::List(_) | Value::Text(_) | Value::Null) => {
                let index = self.integer(key, node)?;
                item(at, index, in_headers)
            }
            (_, Value::Map(_)) => {
                let message = format!("the name of a member is a text, not {}", describe(key));
                Err(Broken::Stop(Fault::mismatch(self.node(node).range(), message).into()))
            }
            _ => Err(Broken::Why(Why::NotThere(at))),
        }
    }

    /// A bound of a slice or a range.
    pub(super) fn bound(&mut self, node: NodeId) -> Result<i64, Stop> {
        let value = self.value(node)?;
        self.integer(&value, node)
    }

    /// An index or bound: an integer, or a float without a fraction.
    fn integer(&self, value: &Value, node: NodeId) -> Result<i64, Stop> {
        value.as_i64().ok_or_else(|| {
            let range = self.node(node).range();
            let message = format!("an index or a bound is an integer, not {}", describe(value));
            Fault::mismatch(range, message).into()
        })
    }

    /// Whether any item of the list has the whole path, so that it is nil where it is absent.
    pub(super) fn some_item_has(&mut self, id: NodeId, steps: &'a [Step]) -> Result<bool, Stop> {
        let Some(frame) = self.frames.last() else {
            return Ok(false);
        };
        if let Some((_, known)) = frame.known.iter().find(|(path, _)| *path == id) {
            return Ok(*known);
        }
        let items = frame.items.clone();
        let mut keys = Vec::with_capacity(steps.len());
        let mut is_constant = true;
        for step in steps {
            keys.push(match &step.kind {
                StepKind::Index(node) => {
                    is_constant = false;
                    Some(self.value(*node)?)
                }
                _ => None,
            });
        }
        self.limited(&self.node(id).range(), |meter| meter.steps(items.len()))?;
        let found = items.iter().any(|item| has(item, steps, &keys));
        if is_constant && let Some(frame) = self.frames.last_mut() {
            frame.known.push((id, found));
        }
        Ok(found)
    }
}

/// A step that only looks something up, and finds it.
pub(super) fn simple<'v>(at: &'v Value, step: &Step) -> Option<&'v Value> {
    match (&step.kind, at) {
        (StepKind::Member(name), Value::Map(map)) => map.get(name),
        (StepKind::At(index), Value::List(items)) => items.get(index::place(*index, items.len())?),
        _ => None,
    }
}

fn member(at: Value, name: &str) -> Result<Value, Broken> {
    match &at {
        Value::Map(map) => match map.get(name) {
            Some(value) => Ok(value.clone()),
            None => Err(Broken::Why(Why::Member(at))),
        },
        Value::List(_) | Value::Text(_) if name == "length" => length(&at).ok_or(Broken::Why(Why::NotThere(at))),
        _ => Err(Broken::Why(Why::NotThere(at))),
    }
}

fn item(at: Value, index: i64, in_headers: bool) -> Result<Value, Broken> {
    let length = match &at {
        // A header is its first value; the old form of a list of values is still read.
        Value::Text(_) if in_headers && index == 0 => return Ok(at),
        Value::Text(_) if in_headers => 1,
        Value::List(items) => items.len(),
        Value::Text(text) => text.len(),
        Value::Map(_) => return member(at, &index.to_string()),
        _ => return Err(Broken::Why(Why::NotThere(at))),
    };
    let found = if in_headers { None } else { index::at(&at, index) };
    found.ok_or(Broken::Why(Why::Index { index, length }))
}

/// Whether an item has all of a path, as far as it only looks things up.
fn has(item: &Value, steps: &[Step], keys: &[Option<Value>]) -> bool {
    let mut at = item;
    for (step, key) in steps.iter().zip(keys) {
        let next = match (&step.kind, key) {
            (StepKind::Index(_), Some(key)) => match (at, key) {
                (Value::Map(map), Value::Text(name)) => map.get(name),
                (Value::List(items), key) => {
                    key.as_i64().and_then(|index| index::place(index, items.len())).and_then(|place| items.get(place))
                }
                _ => None,
            },
            (StepKind::Member(name), _) if &**name == "length" && simple(at, step).is_none() => {
                return length(at).is_some() && !matches!(at, Value::Map(_));
            }
            (StepKind::Member(_) | StepKind::At(_), _) => simple(at, step),
            _ => return true,
        };
        match next {
            Some(next) => at = next,
            None => return false,
        }
    }
    true
}
