//! Equality and order of values.

use crate::{
    Value,
    expr::{fault::Problem, meter::Meter},
};
use std::{cmp::Ordering, sync::Arc};

/// Whether two values are equal; numbers by value, inside lists and objects too.
pub(in crate::expr) fn equal(meter: &mut Meter, a: &Value, b: &Value) -> Result<bool, Problem> {
    match (a, b) {
        (Value::List(a), Value::List(b)) => {
            if a.len() != b.len() {
                return Ok(false);
            }
            meter.steps(a.len())?;
            for (a, b) in a.iter().zip(b.iter()) {
                if !equal(meter, a, b)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        (Value::Map(a), Value::Map(b)) => {
            if Arc::ptr_eq(a, b) {
                return Ok(true);
            }
            if a.len() != b.len() {
                return Ok(false);
            }
            meter.steps(a.len())?;
            for (name, value) in a.iter() {
                match b.get(name) {
                    Some(other) if equal(meter, value, other)? => {}
                    _ => return Ok(false),
                }
            }
            Ok(true)
        }
        // Nothing below is nested.
        (a, b) => Ok(a == b),
    }
}

/// The order of two values; `None` when they have none.
pub(in crate::expr) fn order(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
        (Value::Date(a), Value::Date(b)) => Some(a.timestamp().cmp(&b.timestamp())),
        (Value::Duration(a), Value::Duration(b)) => Some(a.cmp(b)),
        _ => a.compare_numbers(b),
    }
}

/// Whether two values are a text and something that a text is never equal to: a silent `false` would hide a mistake.
pub(super) fn never_equal(a: &Value, b: &Value) -> bool {
    let ((Value::Text(_), other) | (other, Value::Text(_))) = (a, b) else {
        return false;
    };
    other.is_number() || matches!(other, Value::Bool(_) | Value::Date(_) | Value::Duration(_))
}
