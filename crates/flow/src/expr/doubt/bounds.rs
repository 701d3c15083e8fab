//! Bounds: comparisons of one thing with literals, and whether several leave a value over.

use super::Judge;
use crate::{
    Value,
    expr::ast::{Binary, Kind, NodeId},
};
use std::cmp::Ordering;

/// `x < 5`: what is compared, how, and with what.
#[derive(Clone, Debug)]
pub(super) struct Bound {
    pub(super) of: NodeId,
    operator: Binary,
    value: Value,
}

impl Bound {
    pub(super) fn at_least(of: NodeId, value: f64) -> Self {
        Self { of, operator: Binary::GreaterEqual, value: Value::Float(value) }
    }

    /// What holds when it does not.
    pub(super) fn opposite(&self) -> Self {
        let operator = match self.operator {
            Binary::Equal => Binary::NotEqual,
            Binary::NotEqual => Binary::Equal,
            Binary::Less => Binary::GreaterEqual,
            Binary::LessEqual => Binary::Greater,
            Binary::Greater => Binary::LessEqual,
            _ => Binary::Less,
        };
        Self { operator, ..self.clone() }
    }
}

/// Whether no value is within all of them, which are bounds of one thing.
pub(super) fn leave_nothing(bounds: &[Bound]) -> bool {
    let equal: Vec<&Value> = bounds.iter().filter(|bound| bound.operator == Binary::Equal).map(|bound| &bound.value).collect();
    let excluded = bounds.iter().filter(|bound| bound.operator == Binary::NotEqual).map(|bound| &bound.value);
    let differ = |a: &Value, b: &Value| match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => a.partial_cmp(&b) != Some(Ordering::Equal),
        _ => a != b,
    };
    if equal.iter().any(|value| equal.iter().any(|other| differ(value, other)))
        || excluded.into_iter().any(|value| equal.iter().any(|other| !differ(value, other)))
    {
        return true;
    }
    let (mut low, mut high) = ((f64::NEG_INFINITY, true), (f64::INFINITY, true));
    for bound in bounds {
        let Some(value) = bound.value.as_f64() else { continue };
        let (raises, lowers, within) = match bound.operator {
            Binary::Equal => (true, true, true),
            Binary::Greater => (true, false, false),
            Binary::GreaterEqual => (true, false, true),
            Binary::Less => (false, true, false),
            Binary::LessEqual => (false, true, true),
            _ => continue,
        };
        // Of two bounds at one place the one that leaves it out is narrower.
        if raises && (value > low.0 || value >= low.0 && !within) {
            low = (value, within);
        }
        if lowers && (value < high.0 || value <= high.0 && !within) {
            high = (value, within);
        }
    }
    low.0 > high.0 || low.0 >= high.0 && !(low.1 && high.1)
}

impl Judge<'_> {
    /// The bounds that the parts of an `&&` set together, or those that hold when an `||` is false; of the first thing that has several.
    pub(super) fn bounds(&self, operator: Binary, id: NodeId) -> Vec<Bound> {
        let mut all = Vec::new();
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            match *self.kind(id) {
                Kind::Binary { operator: inner, left, right } if inner == operator => open.extend([left, right]),
                _ => all.extend(self.bound(id).map(|bound| if operator == Binary::And { bound } else { bound.opposite() })),
            }
        }
        let of_one = |first: &Bound| all.iter().filter(|bound| self.is_same(bound.of, first.of)).cloned().collect::<Vec<_>>();
        let groups = all.iter().map(of_one);
        groups.into_iter().find(|group| leave_nothing(group)).unwrap_or_default()
    }

    /// A comparison with a literal.
    pub(super) fn bound(&self, id: NodeId) -> Option<Bound> {
        let Kind::Binary { operator, left, right } = *self.kind(id) else { return None };
        if !matches!(operator, Binary::Equal | Binary::NotEqual) && !operator.is_ordering() {
            return None;
        }
        match (self.literal(left), self.literal(right)) {
            (None, Some(value)) => Some(Bound { of: left, operator, value }),
            (Some(value), None) => Some(Bound { of: right, operator: mirrored(operator), value }),
            _ => None,
        }
    }

    fn literal(&self, id: NodeId) -> Option<Value> {
        let is_constant = self.is_constant(id) && !matches!(self.kind(id), Kind::List(_) | Kind::Map(_));
        let value = is_constant.then(|| crate::expr::eval::constant(self.tree, id, &super::types::Nothing)).flatten()?;
        (value.is_number() || value.as_str().is_some() || value.as_bool().is_some()).then_some(value)
    }
}

fn mirrored(operator: Binary) -> Binary {
    match operator {
        Binary::Less => Binary::Greater,
        Binary::LessEqual => Binary::GreaterEqual,
        Binary::Greater => Binary::Less,
        Binary::GreaterEqual => Binary::LessEqual,
        other => other,
    }
}
