//! Finding: each segment turns the nodes found so far into the next ones.

use super::{
    TooDear,
    ast::{Anchor, Comparison, Operand, Path, Segment, Selector, Slice, Test},
    meter::Meter,
    pattern::{self, Extent, Pattern},
};
use crate::Value;
use regex::Regex;
use std::{borrow::Cow, cell::RefCell, cmp::Ordering, collections::HashMap};

/// One look at one document.
pub(super) struct Evaluation<'a> {
    root: &'a Value,
    /// The patterns that came from the document, compiled once each.
    patterns: RefCell<HashMap<(String, bool), Option<Regex>>>,
    meter: Meter,
}

type Nodes<'a> = Vec<&'a Value>;

impl<'a> Evaluation<'a> {
    pub(super) fn new(root: &'a Value) -> Self {
        Self { root, patterns: RefCell::default(), meter: Meter::default() }
    }

    pub(super) fn nodes(&self, segments: &'a [Segment], start: &'a Value) -> Result<Nodes<'a>, TooDear> {
        let mut nodes = vec![start];
        for segment in segments {
            let mut found = Vec::new();
            for node in nodes {
                if segment.descendant {
                    self.descend(segment, node, &mut found)?;
                } else {
                    self.children(segment, node, &mut found)?;
                }
            }
            nodes = found;
        }
        Ok(nodes)
    }

    fn children(&self, segment: &'a Segment, node: &'a Value, found: &mut Nodes<'a>) -> Result<(), TooDear> {
        segment.selectors.iter().try_for_each(|selector| self.apply(selector, node, found))
    }

    /// The children of the node and of all that is in it, a node before what it holds.
    fn descend(&self, segment: &'a Segment, node: &'a Value, found: &mut Nodes<'a>) -> Result<(), TooDear> {
        let mut waiting = vec![node];
        while let Some(node) = waiting.pop() {
            self.children(segment, node, found)?;
            let first = waiting.len();
            waiting.extend(children(node));
            if let Some(added) = waiting.get_mut(first..) {
                self.meter.steps(added.len())?;
                added.reverse();
            }
        }
        Ok(())
    }

    fn apply(&self, selector: &'a Selector, node: &'a Value, found: &mut Nodes<'a>) -> Result<(), TooDear> {
        let before = found.len();
        match selector {
            Selector::Name(name) => found.extend(node.get(name)),
            Selector::Index(index) => found.extend(item(node, *index)),
            Selector::Wildcard => found.extend(children(node)),
            Selector::Slice(slice) => {
                if let Value::List(items) = node {
                    let indices = slice_indices(**slice, items.len());
                    found.extend(indices.into_iter().filter_map(|index| items.get(index)));
                }
            }
            Selector::Filter(test) => {
                for child in children(node) {
                    if self.holds(test, child)? {
                        found.push(child);
                    }
                }
            }
        }
        self.meter.steps(1 + found.len() - before)
    }

    fn holds(&self, test: &'a Test, current: &'a Value) -> Result<bool, TooDear> {
        self.meter.steps(1)?;
        Ok(match test {
            Test::Any(tests) => {
                for test in tests {
                    if self.holds(test, current)? {
                        return Ok(true);
                    }
                }
                false
            }
            Test::All(tests) => {
                for test in tests {
                    if !self.holds(test, current)? {
                        return Ok(false);
                    }
                }
                true
            }
            Test::Not(test) => !self.holds(test, current)?,
            Test::Exists(path) => !self.path(path, current)?.is_empty(),
            Test::Compare(left, comparison, right) => {
                let (left, right) = (self.operand(left, current)?, self.operand(right, current)?);
                if let (Some(left), Some(right)) = (&left, &right) {
                    self.meter.comparison(left, right)?;
                }
                compare(left.as_deref(), *comparison, right.as_deref())
            }
            Test::Matches(text, pattern) => {
                let text = self.operand(text, current)?;
                let Some(text) = text.as_deref().and_then(Value::as_str) else { return Ok(false) };
                self.meter.text(text)?;
                match pattern {
                    Pattern::Known(regex) => regex.is_match(text),
                    Pattern::Computed(pattern, extent) => {
                        let pattern = self.operand(pattern, current)?;
                        match pattern.as_deref().and_then(Value::as_str) {
                            Some(pattern) => self.matches(text, pattern, *extent)?,
                            None => false,
                        }
                    }
                }
            }
        })
    }

    fn matches(&self, text: &str, pattern: &str, extent: Extent) -> Result<bool, TooDear> {
        let key = (pattern.to_owned(), extent == Extent::Whole);
        let mut patterns = self.patterns.borrow_mut();
        if !patterns.contains_key(&key) {
            self.meter.pattern()?;
        }
        let regex = patterns.entry(key).or_insert_with(|| pattern::compile(pattern, extent).ok());
        Ok(regex.as_ref().is_some_and(|regex| regex.is_match(text)))
    }

    fn path(&self, path: &'a Path, current: &'a Value) -> Result<Nodes<'a>, TooDear> {
        self.nodes(&path.segments, self.anchor(path, current))
    }

    fn anchor(&self, path: &Path, current: &'a Value) -> &'a Value {
        match path.anchor {
            Anchor::Root => self.root,
            Anchor::Current => current,
        }
    }

    fn operand(&self, operand: &'a Operand, current: &'a Value) -> Result<Option<Cow<'a, Value>>, TooDear> {
        Ok(match operand {
            Operand::Literal(value) => Some(Cow::Borrowed(value)),
            Operand::Path(path) => {
                self.meter.steps(path.segments.len())?;
                single(&path.segments, self.anchor(path, current)).map(Cow::Borrowed)
            }
            Operand::Length(of) => {
                let of = self.operand(of, current)?;
                if let Some(text) = of.as_deref().and_then(Value::as_str) {
                    self.meter.text(text)?;
                }
                of.as_deref().and_then(length).map(count)
            }
            Operand::Count(path) => Some(count(self.path(path, current)?.len())),
            Operand::Only(path) => match self.path(path, current)?.as_slice() {
                [only] => Some(Cow::Borrowed(*only)),
                _ => None,
            },
        })
    }
}

/// What singular segments lead to.
pub(super) fn single<'a>(segments: &[Segment], start: &'a Value) -> Option<&'a Value> {
    segments.iter().try_fold(start, |node, segment| step(node, segment.single()?))
}

/// The child that a name or an index leads to.
pub(super) fn step<'a>(node: &'a Value, selector: &Selector) -> Option<&'a Value> {
    match selector {
        Selector::Name(name) => node.get(name),
        Selector::Index(index) => item(node, *index),
        Selector::Wildcard | Selector::Slice(_) | Selector::Filter(_) => None,
    }
}

fn item(node: &Value, index: i64) -> Option<&Value> {
    let items = node.as_list()?;
    let index = if index < 0 { index + items.len() as i64 } else { index };
    items.get(usize::try_from(index).ok()?)
}

/// The items of a list or the members of an object; nothing else has children.
pub(super) fn children(node: &Value) -> impl Iterator<Item = &Value> {
    let items = node.as_list().unwrap_or_default().iter();
    items.chain(node.as_map().into_iter().flat_map(crate::Map::values))
}

fn count(count: usize) -> Cow<'static, Value> {
    Cow::Owned(Value::Int(count as i64))
}

fn length(value: &Value) -> Option<usize> {
    match value {
        Value::Text(text) => Some(text.chars().count()),
        Value::List(items) => Some(items.len()),
        Value::Map(map) => Some(map.len()),
        _ => None,
    }
}

/// RFC 9535 §2.3.4.2.2.
fn slice_indices(slice: Slice, length: usize) -> Vec<usize> {
    let length = length as i64;
    let normal = |index: i64| if index < 0 { length + index } else { index };
    let Slice { start, end, step } = slice;
    let (mut at, end) = match step {
        0 => return Vec::new(),
        1.. => (normal(start.unwrap_or(0)).clamp(0, length), normal(end.unwrap_or(length)).clamp(0, length)),
        _ => (start.map_or(length - 1, normal).clamp(-1, length - 1), end.map_or(-1, normal).clamp(-1, length - 1)),
    };
    let mut indices = Vec::new();
    while if step > 0 { at < end } else { at > end } {
        indices.extend(usize::try_from(at));
        at += step;
    }
    indices
}

/// RFC 9535 §2.3.5.2.2: only numbers and texts have an order, and nothing equals nothing.
fn compare(left: Option<&Value>, comparison: Comparison, right: Option<&Value>) -> bool {
    let equal = || left == right;
    let is = |wanted: Ordering| left.zip(right).and_then(|(left, right)| order(left, right)) == Some(wanted);
    match comparison {
        Comparison::Equal => equal(),
        Comparison::NotEqual => !equal(),
        Comparison::Less => is(Ordering::Less),
        Comparison::LessOrEqual => is(Ordering::Less) || equal(),
        Comparison::Greater => is(Ordering::Greater),
        Comparison::GreaterOrEqual => is(Ordering::Greater) || equal(),
    }
}

fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
        _ => left.compare_numbers(right),
    }
}
