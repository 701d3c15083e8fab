//! Functions of numbers.

use super::{ANY, Arguments, Context, Function, function};
use crate::{
    Value,
    expr::{
        fault::{Problem, describe},
        meter::Meter,
    },
};
use std::cmp::Ordering;

pub(super) const FUNCTIONS: &[Function] = &[
    function("abs", "abs(x)", (1, 1), abs),
    function("ceil", "ceil(x)", (1, 1), |_, a| rounded(a, f64::ceil)),
    function("floor", "floor(x)", (1, 1), |_, a| rounded(a, f64::floor)),
    function("round", "round(x)", (1, 1), |_, a| rounded(a, f64::round)),
    function("int", "int(x)", (1, 1), int),
    function("float", "float(x)", (1, 1), float),
    function("max", "max(a, b, …) or max(list)", (1, ANY), |context, arguments| extreme(context, arguments, "max", Ordering::Less)),
    function("min", "min(a, b, …) or min(list)", (1, ANY), |context, arguments| extreme(context, arguments, "min", Ordering::Greater)),
    function("mean", "mean(list)", (1, ANY), mean),
    function("median", "median(list)", (1, ANY), median),
];

fn abs(_: &mut Context, arguments: &Arguments) -> Result<Value, Problem> {
    match arguments.get(0) {
        Value::Int(value) => value.checked_abs().map(Value::Int).ok_or_else(|| overflow(&format!("abs({value})"))),
        value @ Value::UInt(_) => Ok(value.clone()),
        Value::Float(value) => Ok(Value::Float(value.abs())),
        Value::Spelled(spelled) => Ok(Value::Float(spelled.value().abs())),
        _ => Err(arguments.wrong(0, "a number")),
    }
}

fn rounded(arguments: &Arguments, round: fn(f64) -> f64) -> Result<Value, Problem> {
    match arguments.get(0).as_f64() {
        Some(value) => Ok(Value::Float(round(value))),
        None => Err(arguments.wrong(0, "a number")),
    }
}

/// An integer beyond 64 bits.
pub(in crate::expr) fn overflow(what: &str) -> Problem {
    Problem::new(format!("{what} is beyond the integers of 64 bits"))
}

fn int(_: &mut Context, arguments: &Arguments) -> Result<Value, Problem> {
    let value = arguments.get(0);
    match value {
        Value::Int(_) => Ok(value.clone()),
        Value::UInt(value) => Err(overflow(&value.to_string())),
        Value::Float(_) | Value::Spelled(_) => {
            let float = value.as_f64().unwrap_or_default();
            Value::Float(float.trunc()).as_i64().map(Value::Int).ok_or_else(|| overflow(&value.to_json()))
        }
        Value::Text(text) => text.parse().map(Value::Int).map_err(|_error| {
            let problem = Problem::new(format!("{} is no integer", describe(value))).about(0);
            if text.parse::<f64>().is_ok() { problem.help("read it as a float first: `int(float(x))`") } else { problem }
        }),
        Value::Duration(nanos) => Ok(Value::Int(*nanos)),
        _ => Err(arguments.wrong(0, "a number or a text that is one")),
    }
}

fn float(_: &mut Context, arguments: &Arguments) -> Result<Value, Problem> {
    let value = arguments.get(0);
    match value {
        Value::Text(text) => {
            text.parse().map(Value::Float).map_err(|_error| Problem::new(format!("{} is no number", describe(value))).about(0))
        }
        _ => match value.as_f64() {
            Some(value) => Ok(Value::Float(value)),
            None => Err(arguments.wrong(0, "a number or a text that is one")),
        },
    }
}

/// The first of the numbers that none is beyond; lists count with all that is in them.
fn extreme(context: &mut Context, arguments: &Arguments, name: &str, replaced_when: Ordering) -> Result<Value, Problem> {
    // As in Go: one argument that is no list is the answer, whatever it is.
    if let [only] = arguments.all()
        && !matches!(only, Value::List(_))
    {
        return Ok(only.clone());
    }
    let mut best: Option<Value> = None;
    for_each_number(&mut context.meter, arguments.all(), name, &mut |number| {
        let replaced = match &best {
            None => true,
            Some(best) => best.compare_numbers(number) == Some(replaced_when),
        };
        if replaced {
            best = Some(number.clone());
        }
    })?;
    // After the numbers were visited: their count is bounded then.
    if let Some(index) = arguments.all().iter().position(|value| value.as_list().is_some_and(holds_empty_list)) {
        return Err(Problem::new(format!("`{name}` of an empty list among others is no number")).about(index));
    }
    Ok(best.unwrap_or(Value::Null))
}

/// Whether an item, at any depth, is an empty list: of that there is no least and no greatest.
fn holds_empty_list(items: &[Value]) -> bool {
    items.iter().filter_map(Value::as_list).any(|inner| inner.is_empty() || holds_empty_list(inner))
}

fn for_each_number(meter: &mut Meter, values: &[Value], name: &str, visit: &mut dyn FnMut(&Value)) -> Result<(), Problem> {
    meter.steps(values.len())?;
    for value in values {
        match value {
            Value::List(items) => for_each_number(meter, items, name, visit)?,
            number if number.is_number() => visit(number),
            other => {
                return Err(Problem::new(format!("`{name}` takes numbers and lists of numbers, not {}", describe(other))));
            }
        }
    }
    Ok(())
}

fn floats(context: &mut Context, arguments: &Arguments, name: &str) -> Result<Vec<f64>, Problem> {
    let mut floats = Vec::new();
    for_each_number(&mut context.meter, arguments.all(), name, &mut |number| {
        floats.extend(number.as_f64());
    })?;
    Ok(floats)
}

fn mean(context: &mut Context, arguments: &Arguments) -> Result<Value, Problem> {
    let floats = floats(context, arguments, "mean")?;
    let sum: f64 = floats.iter().sum();
    Ok(Value::Float(if floats.is_empty() { 0.0 } else { sum / floats.len() as f64 }))
}

fn median(context: &mut Context, arguments: &Arguments) -> Result<Value, Problem> {
    let mut floats = floats(context, arguments, "median")?;
    floats.sort_by(f64::total_cmp);
    let middle = floats.len() / 2;
    let at = |index: usize| floats.get(index).copied().unwrap_or_default();
    Ok(Value::Float(if floats.len() % 2 == 1 { at(middle) } else { f64::midpoint(at(middle.wrapping_sub(1)), at(middle)) }))
}
