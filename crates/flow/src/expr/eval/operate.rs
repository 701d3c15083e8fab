//! Operators, conditions, `exists`.

use super::{Evaluator, Outcome, Stop, arithmetic};
use crate::{
    Value,
    expr::{
        Fault,
        ast::{Binary, NodeId, Unary},
        fault::describe,
    },
};
use std::ops::Range;

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
                let range = self.node(id).range();
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

    fn range(&mut self, left: NodeId, right: NodeId, range: &Range<usize>) -> Outcome {
        let from = self.bound(left)?;
        let to = self.bound(right)?;
        let size = (i128::from(to) - i128::from(from) + 1).max(0);
        self.limited(range, |meter| meter.items(usize::try_from(size).unwrap_or(usize::MAX)))?;
        Ok(Value::list((from..=to).map(Value::Int).collect()))
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
