//! `in`, `contains`, `startsWith`, `endsWith`, `matches`: what is in what.

use super::{Evaluator, Outcome, Stop, compare};
use crate::{
    Code, Value,
    expr::{
        Fault,
        ast::{Binary, Kind, NodeId},
        fault::{Problem, describe},
        regex,
    },
};
use std::ops::Range;

impl Evaluator<'_> {
    /// `in`: an item of a list, a member of an object.
    pub(super) fn contained(&mut self, left: NodeId, right: NodeId, range: &Range<usize>) -> Outcome {
        let needle = self.value(left)?;
        if let Kind::Binary { operator: Binary::Range, left: from, right: to } = &self.node(right).kind
            && needle.is_number()
        {
            return self.in_range(&needle, *from, *to);
        }
        let within = self.value(right)?;
        self.note_comparison(range, "in", &needle, &within);
        let found = match &within {
            Value::Null => false,
            Value::List(items) => {
                if let Some(problem) = kinds_apart(&needle, items) {
                    return Err(problem.fault(range.clone()).into());
                }
                self.any_equal(&needle, items).map_err(|problem| problem.fault(range.clone()))?
            }
            Value::Map(map) => match &needle {
                Value::Text(name) => map.contains(name),
                Value::Null => false,
                other => {
                    let message = format!("the names of members are texts, not {}", describe(other));
                    return Err(Fault::mismatch(self.node(left).range(), message).into());
                }
            },
            other => {
                let message = format!("`in` looks into a list or an object, not {}", describe(other));
                let fault = Fault::mismatch(self.node(right).range(), message);
                return Err(match other {
                    Value::Text(_) => fault.help("for a part of a text write `text contains part`"),
                    _ => fault,
                }
                .into());
            }
        };
        Ok(Value::Bool(found))
    }

    /// Whether a number is an integer of a range, without making the list.
    fn in_range(&mut self, needle: &Value, from: NodeId, to: NodeId) -> Outcome {
        let from = self.bound(from)?;
        let to = self.bound(to)?;
        let within = needle.as_i64().is_some_and(|number| (from..=to).contains(&number));
        Ok(Value::Bool(within))
    }

    fn any_equal(&mut self, needle: &Value, items: &[Value]) -> Result<bool, Problem> {
        self.context.meter.steps(items.len())?;
        for item in items {
            if compare::equal(&mut self.context.meter, item, needle)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// `contains`, `startsWith`, `endsWith`. As in Go, null holds nothing and is in nothing.
    pub(super) fn part_of(&mut self, operator: Binary, (left, a): (NodeId, &Value), (right, b): (NodeId, &Value)) -> Outcome {
        if a.is_null() || b.is_null() {
            return Ok(Value::Bool(false));
        }
        let text = self.operand_text(operator, a, left)?;
        let part = self.operand_text(operator, b, right)?;
        Ok(Value::Bool(match operator {
            Binary::Contains => text.contains(part),
            Binary::StartsWith => text.starts_with(part),
            _ => text.ends_with(part),
        }))
    }

    fn operand_text<'v>(&self, operator: Binary, value: &'v Value, id: NodeId) -> Result<&'v str, Stop> {
        if let Value::Text(text) = value {
            return Ok(text);
        }
        let symbol = operator.symbol();
        let message = format!("`{symbol}` takes texts, not {}", describe(value));
        let fault = Fault::mismatch(self.node(id).range(), message);
        Err(match value {
            Value::List(_) if operator == Binary::Contains => fault.help("for an item of a list write `item in list`"),
            Value::Map(_) if operator == Binary::Contains => fault.help("for the member of an object write `\"name\" in object`"),
            Value::List(_) | Value::Map(_) => fault,
            _ => fault.help(format!("make it a text: `string({})`", self.text_of(&self.node(id).range()))),
        }
        .into())
    }

    pub(super) fn matches(&mut self, operand: NodeId, pattern: &regex::Pattern, id: NodeId, range: &Range<usize>) -> Outcome {
        let value = self.value(operand)?;
        if self.recorder.is_some() {
            self.note_comparison(range, "matches", &value, &Value::Text(pattern.text().clone()));
        }
        if value.is_null() {
            return Ok(Value::Bool(false));
        }
        let text = self.operand_text(Binary::Matches, &value, operand)?;
        let regex = pattern.regex().map_err(|message| self.fault_at(Problem::coded(Code::BadRegex, message), id))?;
        Ok(Value::Bool(regex.is_match(text)))
    }

    pub(super) fn matches_dynamic(&mut self, a: &Value, b: &Value, left: NodeId, right: NodeId) -> Outcome {
        if a.is_null() || b.is_null() {
            return Ok(Value::Bool(false));
        }
        let text = self.operand_text(Binary::Matches, a, left)?;
        self.operand_text(Binary::Matches, b, right)?;
        let Value::Text(pattern) = b else {
            return Ok(Value::Bool(false));
        };
        if let Some((known, regex)) = &self.pattern
            && known == pattern
        {
            return Ok(Value::Bool(regex.is_match(text)));
        }
        let regex = regex::compile(pattern).map_err(|message| self.fault_at(Problem::coded(Code::BadRegex, message), right))?;
        let matched = regex.is_match(text);
        self.pattern = Some((pattern.clone(), regex));
        Ok(Value::Bool(matched))
    }
}

/// A number or boolean sought among texts only, or a text among none: that can never be, so it is a mistake.
fn kinds_apart(needle: &Value, items: &[Value]) -> Option<Problem> {
    let is_plain = |value: &Value| value.is_number() || matches!(value, Value::Bool(_));
    let is_text = |value: &Value| matches!(value, Value::Text(_));
    if items.is_empty() {
        return None;
    }
    let (what, help) = if is_plain(needle) && items.iter().all(is_text) {
        ("texts", "write `string(x) in list`, or take the quotes off the items")
    } else if is_text(needle) && items.iter().all(is_plain) {
        ("numbers and booleans", "write `int(x) in list`, or put the items in quotes")
    } else {
        return None;
    };
    let message = format!("{} cannot be in a list that holds only {what}", describe(needle));
    Some(Problem::new(message).help(help))
}
