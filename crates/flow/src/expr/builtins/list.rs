//! Functions of lists and objects.

use super::{ANY, Arguments, Context, Function, function};
use crate::{
    Map, Value,
    expr::{
        eval::{compare, index},
        fault::{Problem, describe},
        meter::Meter,
    },
};

pub(super) const FUNCTIONS: &[Function] = &[
    function("len", "len(x)", (1, 1), len),
    function("first", "first(list)", (1, 1), |_, a| Ok(end(a.get(0), 0))),
    function("last", "last(list)", (1, 1), |_, a| Ok(end(a.get(0), -1))),
    function("get", "get(list or object, index or name)", (2, 2), get),
    function("take", "take(list, count)", (2, 2), take),
    function("keys", "keys(object)", (1, 1), |context, a| collect(context, a.map(0)?.keys().map(|name| Value::Text(name.clone())))),
    function("values", "values(object)", (1, 1), |context, a| collect(context, a.map(0)?.values().cloned())),
    function("toPairs", "toPairs(object)", (1, 1), |context, a| {
        let pair = |(name, value): (&std::sync::Arc<str>, &Value)| Value::list(vec![Value::Text(name.clone()), value.clone()]);
        collect(context, a.map(0)?.iter().map(pair))
    }),
    function("fromPairs", "fromPairs(list of [name, value])", (1, 1), from_pairs),
    function("reverse", "reverse(list)", (1, 1), |context, a| collect(context, a.list(0)?.iter().rev().cloned())),
    function("uniq", "uniq(list)", (1, 1), uniq),
    function("concat", "concat(list, list, …)", (1, ANY), concat),
    function("flatten", "flatten(list)", (1, 1), flatten),
    function("sort", "sort(list) or sort(list, \"desc\")", (1, 2), sort),
];

fn collect(context: &mut Context, items: impl ExactSizeIterator<Item = Value>) -> Result<Value, Problem> {
    context.meter.items(items.len())?;
    Ok(Value::list(items.collect()))
}

fn len(_: &mut Context, arguments: &Arguments) -> Result<Value, Problem> {
    length(arguments.get(0)).ok_or_else(|| arguments.wrong(0, "a list, an object or a text"))
}

/// How many items, members or characters a value has.
pub(in crate::expr) fn length(value: &Value) -> Option<Value> {
    let length = match value {
        Value::List(items) => items.len(),
        Value::Map(map) => map.len(),
        Value::Text(text) => text.chars().count(),
        _ => return None,
    };
    Some(Value::unsigned(length as u64))
}

/// The item at one end; null when there is none.
fn end(value: &Value, at: i64) -> Value {
    index::at(value, at).unwrap_or(Value::Null)
}

/// As indexing, but null where there is nothing.
fn get(_: &mut Context, arguments: &Arguments) -> Result<Value, Problem> {
    let found = match (arguments.get(0), arguments.get(1)) {
        (Value::Map(map), Value::Text(name)) => map.get(name).cloned(),
        (Value::Map(_), Value::Null) => None,
        (Value::Map(_), _) => return Err(arguments.wrong(1, "the name of a member")),
        (value @ (Value::List(_) | Value::Text(_)), _) => index::at(value, arguments.whole(1)?),
        _ => None,
    };
    Ok(found.unwrap_or(Value::Null))
}

fn take(context: &mut Context, arguments: &Arguments) -> Result<Value, Problem> {
    let (items, count) = (arguments.list(0)?, arguments.integer(1)?);
    let count = usize::try_from(count).map_err(|_error| Problem::new(format!("`take` cannot take {count} items")).about(1))?;
    collect(context, items.iter().take(count).cloned())
}

fn from_pairs(context: &mut Context, arguments: &Arguments) -> Result<Value, Problem> {
    let pairs = arguments.list(0)?;
    context.meter.items(pairs.len())?;
    let mut map = Map::new();
    for (index, pair) in pairs.iter().enumerate() {
        let Some([Value::Text(name), value]) = pair.as_list() else {
            return Err(
                Problem::new(format!("`fromPairs` takes pairs of a name and a value, not {} (item {index})", describe(pair))).about(0)
            );
        };
        map.insert(name.clone(), value.clone());
    }
    Ok(Value::map(map))
}

fn uniq(context: &mut Context, arguments: &Arguments) -> Result<Value, Problem> {
    let mut kept: Vec<Value> = Vec::new();
    for item in arguments.list(0)?.iter() {
        let mut known = false;
        for other in &kept {
            if compare::equal(&mut context.meter, item, other)? {
                known = true;
                break;
            }
        }
        if !known {
            kept.push(item.clone());
        }
    }
    collect(context, kept.into_iter())
}

fn concat(context: &mut Context, arguments: &Arguments) -> Result<Value, Problem> {
    let mut items = Vec::new();
    for index in 0..arguments.all().len() {
        let list = arguments.list(index)?;
        context.meter.items(list.len())?;
        items.extend(list.iter().cloned());
    }
    Ok(Value::list(items))
}

fn flatten(context: &mut Context, arguments: &Arguments) -> Result<Value, Problem> {
    let mut flat = Vec::new();
    flatten_into(&mut context.meter, arguments.list(0)?, &mut flat)?;
    Ok(Value::list(flat))
}

fn flatten_into(meter: &mut Meter, items: &[Value], flat: &mut Vec<Value>) -> Result<(), Problem> {
    meter.items(items.len())?;
    for item in items {
        match item {
            Value::List(inner) => flatten_into(meter, inner, flat)?,
            other => flat.push(other.clone()),
        }
    }
    Ok(())
}

fn sort(context: &mut Context, arguments: &Arguments) -> Result<Value, Problem> {
    let descending = descending(arguments.given(1)).map_err(|problem| problem.about(1))?;
    // As in Go, what is no list sorts to an empty one.
    let items = arguments.get(0).as_list().unwrap_or_default();
    context.meter.items(items.len())?;
    let mut items = items.to_vec();
    sort_by(&mut items, descending, |item| item)?;
    Ok(Value::list(items))
}

/// The order that is asked for: `asc`, which is the default, or `desc`.
pub(in crate::expr) fn descending(order: Option<&Value>) -> Result<bool, Problem> {
    match order {
        None => Ok(false),
        Some(Value::Text(order)) if order.as_ref() == "asc" => Ok(false),
        Some(Value::Text(order)) if order.as_ref() == "desc" => Ok(true),
        Some(other) => Err(Problem::new(format!("the order is \"asc\" or \"desc\", not {}", describe(other)))),
    }
}

/// Sorts by keys that must all compare with each other; equal ones keep their order.
pub(in crate::expr) fn sort_by<T>(items: &mut [T], descending: bool, key: impl Fn(&T) -> &Value) -> Result<(), Problem> {
    let mut problem = None;
    items.sort_by(|a, b| {
        let (a, b) = if descending { (key(b), key(a)) } else { (key(a), key(b)) };
        compare::order(a, b).unwrap_or_else(|| {
            problem.get_or_insert_with(|| {
                let (a, b) = (describe(a), describe(b));
                Problem::new(format!("{a} and {b} have no order, so they cannot be sorted"))
            });
            std::cmp::Ordering::Equal
        })
    });
    problem.map_or(Ok(()), Err)
}
