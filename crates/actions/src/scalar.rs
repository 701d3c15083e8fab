//! Values where a protocol wants text: headers, query parameters, arguments.

use testmesh_flow::Value;

/// Text as it is, numbers as they are written, `true` and `false`; `None` for everything that is no single thing.
pub(crate) fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null | Value::List(_) | Value::Map(_) => None,
        other => other.to_text().ok(),
    }
}

/// The value, or the members of a list, as texts; a null says nothing.
///
/// # Errors
/// What has no text, in words.
pub(crate) fn texts(value: &Value) -> Result<Vec<String>, String> {
    let items = value.as_list().unwrap_or(std::slice::from_ref(value));
    items.iter().filter(|item| !item.is_null()).map(|item| text(item).ok_or_else(|| named(item))).collect()
}

/// The type of a value with its article: `an object`.
pub(crate) fn named(value: &Value) -> String {
    let name = value.type_name();
    match name {
        "null" | "text" => name.to_owned(),
        _ if name.starts_with(['a', 'e', 'i', 'o', 'u']) => format!("an {name}"),
        _ => format!("a {name}"),
    }
}
