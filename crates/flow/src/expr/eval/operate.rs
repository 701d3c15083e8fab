//! Operators, conditions, `exists`.

use super::{Evaluator, Outcome, Stop, arithmetic, compare};
use crate::{
    Value,
    expr::{
        Fault,
        ast::{Binary, Kind, NodeId, StepKind, Unary},
        fault::{Problem, describe},
        methods::Method,
    },
};
use std::{cmp::Ordering, ops::Range};

impl Evaluator<'_> {
    pub(super) fn unary(&mut self, operator: Unary, operand: NodeId, range: &Range<usize>) -> Outcome {
        if operator == Unary::Not {
            return self.boolean(operand, "`!`").map(|value| Value::Bool(!value));
        }
        let value = self.value(operand)?;
        let result = if operator == Unary::Minus { arithmetic::negate(&value) } else { arithmetic::keep(value) };
        result.map_err(|problem| problem.fault(range.clone()).into())
    }

    pub(super) fn binary(&mut self, operator: Binary, left: NodeId, right: NodeId, range: &Range<usize>) -> Outcome {
        match operator {
            Binary::And | Binary::Or => self.logical(operator, left, right, range),
            Binary::Coalesce => self.coalesce(left, right),
            Binary::Equal | Binary::NotEqual => self.equality(operator, left, right, range),
            Binary::In => self.contained(left, right, range),
            Binary::Range => self.range(left, right, range),
            _ => {
                let a = self.value(left)?;
                let b = self.value(right)?;
                match operator {
                    _ if operator.is_ordering() => {
                        let result = self.ordering(operator, (left, &a), (right, &b), range);
                        self.note_comparison(range, operator.symbol(), &a, &b);
                        result
                    }
                    Binary::Matches => {
                        self.note_comparison(range, operator.symbol(), &a, &b);
                        self.matches_dynamic(&a, &b, left, right)
                    }
                    Binary::Contains | Binary::StartsWith | Binary::EndsWith => {
                        let result = self.part_of(operator, (left, &a), (right, &b));
                        self.note_comparison(range, operator.symbol(), &a, &b);
                        result
                    }
                    _ => arithmetic::calculate(&mut self.context.meter, operator, &a, &b)
                        .map_err(|problem| problem.fault(range.clone()).into()),
                }
            }
        }
    }

    /// A value that must be a boolean; `who` asks.
    pub(super) fn boolean(&mut self, id: NodeId, who: &str) -> Result<bool, Stop> {
        match self.value(id)? {
            Value::Bool(value) => Ok(value),
            other => {
                let range = self.node(id).range.clone();
                let written = self.text_of(&range);
                Err(not_boolean(&other, written, range, who).into())
            }
        }
    }

    fn logical(&mut self, operator: Binary, left: NodeId, right: NodeId, range: &Range<usize>) -> Outcome {
        let who = if operator == Binary::And { "`&&`" } else { "`||`" };
        let decides = operator == Binary::Or;
        if self.boolean(left, who)? == decides {
            self.note_unevaluated(right);
            return Ok(Value::Bool(decides));
        }
        let result = self.boolean(right, who)?;
        if result != decides {
            // Neither side alone: both had to say so, but for the last of a conjunction.
            self.note_decided(operator, range);
        }
        Ok(Value::Bool(result))
    }

    fn coalesce(&mut self, left: NodeId, right: NodeId) -> Outcome {
        match self.eval(left) {
            Ok(Value::Null) | Err(Stop::Missing(_)) => self.eval(right),
            other => {
                self.note_unevaluated(right);
                other
            }
        }
    }

    /// Whether there is a value, and it is not null.
    pub(super) fn exists(&mut self, operand: NodeId) -> Outcome {
        match self.eval(operand) {
            Ok(value) => Ok(Value::Bool(!value.is_null())),
            Err(Stop::Missing(_)) => Ok(Value::Bool(false)),
            Err(stop) => Err(stop),
        }
    }

    pub(super) fn conditional(&mut self, condition: NodeId, yes: NodeId, no: NodeId) -> Outcome {
        if self.boolean(condition, "the condition")? {
            let value = self.eval(yes);
            self.note_unevaluated(no);
            return value;
        }
        if yes != condition {
            self.note_unevaluated(yes);
        }
        self.eval(no)
    }

    /// A side of a comparison whose other side is nil: a missing last member is nil to it.
    fn nil_side(&mut self, id: NodeId) -> Outcome {
        match self.eval(id) {
            Err(Stop::Missing(missing)) if missing.is_soft() => Ok(Value::Null),
            Err(stop @ Stop::Missing(_)) => Err(self.settle(stop).into()),
            other => other,
        }
    }

    fn is_nil(&self, id: NodeId) -> bool {
        matches!(self.node(id).kind, Kind::Literal(Value::Null))
    }

    fn equality(&mut self, operator: Binary, left: NodeId, right: NodeId, range: &Range<usize>) -> Outcome {
        let with_nil = self.is_nil(left) || self.is_nil(right);
        let a = if with_nil { self.nil_side(left) } else { self.value(left) }?;
        let b = if with_nil { self.nil_side(right) } else { self.value(right) }?;
        self.note_comparison(range, operator.symbol(), &a, &b);
        if compare::never_equal(&a, &b) {
            return Err(self.mixed(operator, (left, &a), (right, &b), range).into());
        }
        let equal = compare::equal(&mut self.context.meter, &a, &b).map_err(|problem| Stop::from(problem.fault(range.clone())))?;
        Ok(Value::Bool(equal == (operator == Binary::Equal)))
    }

    fn ordering(&mut self, operator: Binary, (left, a): (NodeId, &Value), (right, b): (NodeId, &Value), range: &Range<usize>) -> Outcome {
        let Some(order) = compare::order(a, b) else {
            // A float that is not a number is neither less nor greater.
            if a.is_number() && b.is_number() {
                return Ok(Value::Bool(false));
            }
            return Err(self.mixed(operator, (left, a), (right, b), range).into());
        };
        Ok(Value::Bool(match operator {
            Binary::Less => order == Ordering::Less,
            Binary::LessEqual => order != Ordering::Greater,
            Binary::Greater => order == Ordering::Greater,
            _ => order != Ordering::Less,
        }))
    }

    /// `in`: an item of a list, a member of an object.
    fn contained(&mut self, left: NodeId, right: NodeId, range: &Range<usize>) -> Outcome {
        let needle = self.value(left)?;
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
                    return Err(Fault::mismatch(self.node(left).range.clone(), message).into());
                }
            },
            other => {
                let message = format!("`in` looks into a list or an object, not {}", describe(other));
                let fault = Fault::mismatch(self.node(right).range.clone(), message);
                return Err(match other {
                    Value::Text(_) => fault.help("for a part of a text write `text contains part`"),
                    _ => fault,
                }
                .into());
            }
        };
        Ok(Value::Bool(found))
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

    fn range(&mut self, left: NodeId, right: NodeId, range: &Range<usize>) -> Outcome {
        let from = self.value(left)?;
        let from = self.integer(&from, left)?;
        let to = self.value(right)?;
        let to = self.integer(&to, right)?;
        let size = (i128::from(to) - i128::from(from) + 1).max(0);
        self.limited(range, |meter| meter.items(usize::try_from(size).unwrap_or(usize::MAX)))?;
        Ok(Value::list((from..=to).map(Value::Int).collect()))
    }

    /// `contains`, `startsWith`, `endsWith`. As in Go, null holds nothing and is in nothing.
    fn part_of(&mut self, operator: Binary, (left, a): (NodeId, &Value), (right, b): (NodeId, &Value)) -> Outcome {
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
        let fault = Fault::mismatch(self.node(id).range.clone(), message);
        Err(match value {
            Value::List(_) if operator == Binary::Contains => fault.help("for an item of a list write `item in list`"),
            Value::Map(_) if operator == Binary::Contains => fault.help("for the member of an object write `\"name\" in object`"),
            Value::List(_) | Value::Map(_) => fault,
            _ => fault.help(format!("make it a text: `string({})`", self.text_of(&self.node(id).range))),
        }
        .into())
    }

    pub(super) fn matches(&mut self, operand: NodeId, regex: &regex::Regex, range: &Range<usize>) -> Outcome {
        let value = self.value(operand)?;
        if self.recorder.is_some() {
            self.note_comparison(range, "matches", &value, &Value::from(regex.as_str()));
        }
        if value.is_null() {
            return Ok(Value::Bool(false));
        }
        let text = self.operand_text(Binary::Matches, &value, operand)?;
        Ok(Value::Bool(regex.is_match(text)))
    }

    fn matches_dynamic(&mut self, a: &Value, b: &Value, left: NodeId, right: NodeId) -> Outcome {
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
        let regex =
            crate::expr::regex::compile(pattern).map_err(|message| self.fault_at(Problem::coded(crate::Code::BadRegex, message), right))?;
        let matched = regex.is_match(text);
        self.pattern = Some((pattern.clone(), regex));
        Ok(Value::Bool(matched))
    }
}

impl Evaluator<'_> {
    /// Two values that cannot be compared: what they are, and what to write.
    fn mixed(&self, operator: Binary, (left, a): (NodeId, &Value), (right, b): (NodeId, &Value), range: &Range<usize>) -> Fault {
        let symbol = operator.symbol();
        let is_literal = |id: NodeId| matches!(self.node(id).kind, Kind::Literal(_));
        let told = |id: NodeId, value: &Value| format!("`{}` is {}", self.text_of(&self.node(id).range), describe(value));
        let message = match (is_literal(left), is_literal(right)) {
            (false, false) => format!("{} and {}: `{symbol}` cannot compare them", told(left, a), told(right, b)),
            (true, false) => format!("{}: `{symbol}` cannot compare it with {}", told(right, b), describe(a)),
            (false, true) => format!("{}: `{symbol}` cannot compare it with {}", told(left, a), describe(b)),
            (true, true) => format!("`{symbol}` cannot compare {} with {}", describe(a), describe(b)),
        };
        let fault = Fault::mismatch(range.clone(), message);
        let help = match (a, b) {
            (Value::Text(text), other) => self.convert(left, text, right, other),
            (other, Value::Text(text)) => self.convert(right, text, left, other),
            (Value::Null, _) | (_, Value::Null) => Some("give a value for when there is none: `(x ?? 0)`".to_owned()),
            (Value::Duration(_), _) | (_, Value::Duration(_)) => {
                Some("take a number from the duration: `.Seconds()`, `.Milliseconds()`".to_owned())
            }
            _ => None,
        };
        match help {
            Some(help) => fault.help(help),
            None => fault,
        }
    }

    /// How to compare a text, written at `id`, with something that is none.
    fn convert(&self, id: NodeId, text: &str, other_id: NodeId, other: &Value) -> Option<String> {
        let written = self.text_of(&self.node(id).range);
        let other_written = self.text_of(&self.node(other_id).range);
        let reads_as = super::text::typed(Value::from(text));
        let is_literal = matches!(self.node(id).kind, Kind::Literal(_));
        Some(match other {
            Value::Date(_) => format!("make the text a date: `date({written})`"),
            Value::Duration(_) => format!("make the text a duration: `duration({written})`"),
            _ if is_literal && !matches!(reads_as, Value::Text(_)) => {
                format!("write `{text}` without quotes")
            }
            Value::Bool(value) => format!("compare with a text: `{written} == \"{value}\"`"),
            _ if matches!(reads_as, Value::Int(_)) || self.is_named_number(id) => format!("write `int({written})`"),
            _ if reads_as.is_number() => format!("write `float({written})`"),
            other if other.is_number() => format!("compare as texts: `string({other_written})`"),
            _ => return None,
        })
    }
}

impl Evaluator<'_> {
    /// Whether a node is a month or weekday, a text whose number `int` knows.
    fn is_named_number(&self, id: NodeId) -> bool {
        let Kind::Path { steps, .. } = &self.node(id).kind else {
            return false;
        };
        matches!(steps.last().map(|step| &step.kind), Some(StepKind::Method(Method::Month | Method::Weekday, _)))
    }
}

/// A condition that is no boolean.
pub(in crate::expr) fn not_boolean(value: &Value, written: &str, range: Range<usize>, who: &str) -> Fault {
    let found = describe(value);
    let message = match value {
        Value::Null => format!("{who} needs a boolean; `{written}` is null"),
        _ => format!("{who} needs a boolean; `{written}` is {found}"),
    };
    let fault = Fault::mismatch(range, message);
    match value {
        Value::Null => fault.help(format!("to ask whether it is there write `{written} != nil`")),
        Value::Text(text) => fault.help(format!("compare it: `{written} == {}`", Value::Text(text.clone()).to_json())),
        Value::List(_) | Value::Map(_) => fault.help(format!("for example `len({written}) > 0`")),
        other if other.is_number() => fault.help(format!("compare it: `{written} == {}`", other.to_json())),
        _ => fault,
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
