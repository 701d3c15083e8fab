//! `==`, `<` and their kin: what is compared, what is refused, and what to write instead.

use super::{Evaluator, Outcome, Stop, compare};
use crate::{
    Value,
    expr::{
        Fault,
        ast::{Binary, Kind, NodeId, StepKind},
        fault::describe,
        methods::Method,
    },
};
use std::{cmp::Ordering, ops::Range};

impl Evaluator<'_> {
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

    pub(super) fn equality(&mut self, operator: Binary, left: NodeId, right: NodeId, range: &Range<usize>) -> Outcome {
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

    pub(super) fn ordering(
        &mut self,
        operator: Binary,
        (left, a): (NodeId, &Value),
        (right, b): (NodeId, &Value),
        range: &Range<usize>,
    ) -> Outcome {
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

    /// Two values that cannot be compared: what they are, and what to write.
    fn mixed(&self, operator: Binary, (left, a): (NodeId, &Value), (right, b): (NodeId, &Value), range: &Range<usize>) -> Fault {
        let symbol = operator.symbol();
        let is_literal = |id: NodeId| matches!(self.node(id).kind, Kind::Literal(_));
        let told = |id: NodeId, value: &Value| format!("`{}` is {}", self.text_of(&self.node(id).range()), describe(value));
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
        let written = self.text_of(&self.node(id).range());
        let other_written = self.text_of(&self.node(other_id).range());
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

    /// Whether a node is a month or weekday, a text whose number `int` knows.
    fn is_named_number(&self, id: NodeId) -> bool {
        let Kind::Path { steps, .. } = &self.node(id).kind else {
            return false;
        };
        matches!(steps.last().map(|step| &step.kind), Some(StepKind::Method(Method::Month | Method::Weekday, _)))
    }
}
