//! Indices and slices of lists and texts. As in Go, those of texts count bytes.

use crate::Value;

/// The item at an index, counted from the end when negative.
pub(in crate::expr) fn at(value: &Value, index: i64) -> Option<Value> {
    match value {
        Value::List(items) => items.get(place(index, items.len())?).cloned(),
        Value::Text(text) => {
            let byte = text.as_bytes().get(place(index, text.len())?)?;
            Some(Value::Int((*byte).into()))
        }
        _ => None,
    }
}

/// An index as a place; `None` when it is before the start.
pub(super) fn place(index: i64, length: usize) -> Option<usize> {
    match usize::try_from(index) {
        Ok(index) => Some(index),
        Err(_negative) => length.checked_sub(usize::try_from(index.unsigned_abs()).ok()?),
    }
}

/// The part between two bounds, which are shortened to what exists; `None` for what has no parts.
pub(super) fn slice(value: &Value, from: Option<i64>, to: Option<i64>) -> Option<Value> {
    let bounds = |length: usize| {
        let clamp = |bound: i64| place(bound, length).unwrap_or(0).min(length);
        let to = to.map_or(length, clamp);
        from.map_or(0, clamp).min(to)..to
    };
    match value {
        Value::List(items) => {
            let bounds = bounds(items.len());
            Some(Value::list(items.get(bounds).unwrap_or_default().to_vec()))
        }
        Value::Text(text) => {
            let bytes = text.as_bytes().get(bounds(text.len())).unwrap_or_default();
            Some(Value::from(String::from_utf8_lossy(bytes).as_ref()))
        }
        _ => None,
    }
}
