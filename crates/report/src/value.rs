//! Values as people read them: in one line with the type, or laid out over several lines with a path in the middle.

mod layout;
mod path;

pub(crate) use layout::{Budget, fits, layout};
pub(crate) use path::{Member, Path, chain, jsonpath};

use crate::text::{clean, first_difference, window};
use testmesh_flow::Value;

/// Compact JSON in at most `columns`; when it is too long, the part where it leaves `other` is kept.
pub(crate) fn one_line(value: &Value, other: Option<&Value>, columns: usize, ellipsis: &str) -> String {
    let text = value.to_json();
    let around = other.map_or(0, |other| first_difference(&text, &other.to_json()));
    clean(&window(&text, around, columns, ellipsis)).into_owned()
}

/// `integer`, `text`, `list of 3`, `object of 2`.
pub(crate) fn kind(value: &Value) -> String {
    match value {
        Value::List(items) => format!("list of {}", items.len()),
        Value::Map(map) => format!("object of {}", map.len()),
        other => other.type_name().to_owned(),
    }
}

/// The value with its type, as `500 (integer)`; what says its type itself stands alone.
pub(crate) fn typed(value: &Value, other: Option<&Value>, columns: usize, ellipsis: &str) -> String {
    let text = one_line(value, other, columns, ellipsis);
    match value {
        Value::Null | Value::Bool(_) => text,
        _ => format!("{text} ({})", kind(value)),
    }
}
