//! `+ - * / % **` and signs. Integers are signed 64-bit and exact or an error; dates and durations take part as in Go.

use super::power::power;
use crate::{
    Value,
    expr::{
        ast::Binary,
        builtins::overflow,
        fault::{Problem, describe},
        meter::Meter,
        time,
    },
};

pub(super) fn calculate(meter: &mut Meter, operator: Binary, a: &Value, b: &Value) -> Result<Value, Problem> {
    if let Some(result) = with_time(operator, a, b) {
        return result;
    }
    match (operator, a, b) {
        (Binary::Add, Value::Text(a), Value::Text(b)) => {
            meter.bytes(a.len() + b.len())?;
            Ok(Value::from([a.as_ref(), b].concat()))
        }
        (Binary::Divide, ..) => {
            let (x, y) = floats(operator, a, b)?;
            if y == 0.0 { Err(by_zero(a)) } else { Ok(Value::Float(x / y)) }
        }
        (Binary::Power, ..) => {
            let (x, y) = floats(operator, a, b)?;
            Ok(Value::Float(power(x, y)))
        }
        _ => match (a.as_wide(), b.as_wide()) {
            (Some(x), Some(y)) => integers(operator, x, y, a, b),
            _ if operator == Binary::Remainder => Err(refused(operator, a, b)),
            _ => {
                let (x, y) = floats(operator, a, b)?;
                Ok(Value::Float(match operator {
                    Binary::Add => x + y,
                    Binary::Subtract => x - y,
                    _ => x * y,
                }))
            }
        },
    }
}

/// Exact arithmetic on two integers of at most 64 bits.
fn integers(operator: Binary, x: i128, y: i128, a: &Value, b: &Value) -> Result<Value, Problem> {
    let result = match operator {
        Binary::Add => x + y,
        Binary::Subtract => x - y,
        Binary::Multiply => x.saturating_mul(y),
        _ if y == 0 => return Err(by_zero(a)),
        _ => x % y,
    };
    i64::try_from(result).map(Value::Int).map_err(|_error| {
        overflow(&format!("{} {} {}", a.to_json(), operator.symbol(), b.to_json())).help("make one of them a float: `float(x)`")
    })
}

fn by_zero(a: &Value) -> Problem {
    Problem::new(format!("{} is divided by zero", describe(a)))
}

fn floats(operator: Binary, a: &Value, b: &Value) -> Result<(f64, f64), Problem> {
    match (a.as_f64(), b.as_f64()) {
        (Some(x), Some(y)) => Ok((x, y)),
        _ => Err(refused(operator, a, b)),
    }
}

/// What dates and durations do; `None` when there is none of them.
fn with_time(operator: Binary, a: &Value, b: &Value) -> Option<Result<Value, Problem>> {
    let checked = |result: Option<i64>| result.map(Value::Duration).ok_or_else(|| Problem::new("the duration is too long"));
    Some(match (operator, a, b) {
        (Binary::Add, Value::Date(date), Value::Duration(nanos)) | (Binary::Add, Value::Duration(nanos), Value::Date(date)) => {
            time::shift(date, *nanos)
        }
        (Binary::Subtract, Value::Date(date), Value::Duration(nanos)) => match nanos.checked_neg() {
            Some(nanos) => time::shift(date, nanos),
            None => checked(None),
        },
        (Binary::Subtract, Value::Date(a), Value::Date(b)) => time::between(a, b),
        (Binary::Add, Value::Duration(a), Value::Duration(b)) => checked(a.checked_add(*b)),
        (Binary::Subtract, Value::Duration(a), Value::Duration(b)) => checked(a.checked_sub(*b)),
        (Binary::Multiply, Value::Duration(a), Value::Duration(b) | Value::Int(b))
        | (Binary::Multiply, Value::Int(a), Value::Duration(b)) => checked(a.checked_mul(*b)),
        (Binary::Multiply, Value::Duration(nanos), float @ (Value::Float(_) | Value::Spelled(_)))
        | (Binary::Multiply, float @ (Value::Float(_) | Value::Spelled(_)), Value::Duration(nanos)) => {
            // As in Go the factor is cut to an integer first; a silent loss, so it is an error with a fraction.
            match float.as_i64() {
                Some(factor) => checked(nanos.checked_mul(factor)),
                None => Err(refused(operator, a, b)),
            }
        }
        _ => return None,
    })
}

fn refused(operator: Binary, a: &Value, b: &Value) -> Problem {
    let symbol = operator.symbol();
    let problem = Problem::new(format!("`{symbol}` does not go with {} and {}", describe(a), describe(b)));
    match (operator, a, b) {
        (_, Value::Null, _) | (_, _, Value::Null) => problem.help("give a value for when there is none: `(x ?? 0)`"),
        (Binary::Add, Value::Text(_), other) | (Binary::Add, other, Value::Text(_)) if other.is_number() => {
            problem.help("make both texts with `string(x)`, or both numbers with `int(x)` or `float(x)`")
        }
        (_, Value::Text(_), _) | (_, _, Value::Text(_)) if operator != Binary::Add => {
            problem.help("make the text a number: `int(x)` or `float(x)`")
        }
        (Binary::Add, Value::List(_), Value::List(_)) => problem.help("lists are joined with `concat(a, b)`"),
        (Binary::Remainder, ..) => problem.help("it takes two integers"),
        _ => problem,
    }
}

/// `-x`.
pub(super) fn negate(value: &Value) -> Result<Value, Problem> {
    match value {
        Value::Float(value) => Ok(Value::Float(-value)),
        Value::Spelled(spelled) => Ok(Value::Float(-spelled.value())),
        Value::Int(_) | Value::UInt(_) => {
            let negated = value.as_wide().and_then(|value| i64::try_from(-value).ok());
            negated.map(Value::Int).ok_or_else(|| overflow(&format!("-({})", value.to_json())))
        }
        other => Err(Problem::new(format!("`-` takes a number, not {}", describe(other)))),
    }
}

/// `+x`, which is the number itself.
pub(super) fn keep(value: Value) -> Result<Value, Problem> {
    if value.is_number() {
        return Ok(value);
    }
    Err(Problem::new(format!("`+` takes a number, not {}", describe(&value))))
}
