//! What to write where a value has the wrong type.

use crate::{
    ast,
    plan::fit,
    schema::{Key, Object, Shape},
    yaml::Node,
};

/// What to write under the key `name`, for what stands there.
pub(super) fn cure(name: &str, shape: &Shape, found: &Node) -> String {
    if let Some(only) = only_item(found, shape) {
        return format!("write it without the list: `{name}: {only}`");
    }
    if matches!(shape, Shape::Map(_) | Shape::Object(_))
        && found.as_list().is_some_and(|items| items.iter().any(|item| item.as_map().is_some()))
    {
        return format!("take the dashes away: the keys stand under `{name}:` as they are");
    }
    let scalar = found.as_scalar().or_else(|| found.as_list()?.first()?.as_scalar());
    let text = scalar.map_or("", |scalar| scalar.text.as_ref());
    match shape {
        Shape::Bool => ast::yes_or_no(text).unwrap_or_else(|| "write `true` or `false`".into()),
        Shape::Text(choices) if !choices.is_empty() => {
            let quoted: Vec<_> = choices.iter().map(|choice| format!("`{choice}`")).collect();
            format!("write {}", any_of(&quoted))
        }
        Shape::Map(_) => in_object(name, text),
        Shape::Object(object) => in_known_object(name, object, found),
        Shape::OneOf(shapes) => {
            let all: Vec<_> = shapes.iter().map(|shape| cure(name, shape, found)).collect();
            format!("write {}", any_of(&all.iter().map(|cure| cure.trim_start_matches("write ")).collect::<Vec<_>>()))
        }
        Shape::Text(_) => format!("write one text: `{name}: …`"),
        _ => format!("write for example `{name}: {}`", example(shape)),
    }
}

/// The one item of a list, where the item alone would do.
fn only_item(found: &Node, shape: &Shape) -> Option<String> {
    let [only] = found.as_list()? else { return None };
    let text = only.as_scalar()?.text.to_string();
    fit(only.to_value(), shape).is_ok().then_some(text)
}

/// `Accept: text/plain` and `page=2` were meant as an object of one member.
fn in_object(name: &str, text: &str) -> String {
    let pair = text.split_once(": ").or_else(|| text.split_once('='));
    match pair.map(|(key, value)| (key.trim(), value.trim())) {
        Some((key, value)) if !key.is_empty() && !value.is_empty() && !key.contains(char::is_whitespace) => {
            format!("write `{name}: {{{key}: {value}}}`")
        }
        _ => format!("write `{name}: {{NAME: value}}`"),
    }
}

/// A scalar that fits the required key, or the first, was probably meant for it.
fn in_known_object(name: &str, object: &Object, found: &Node) -> String {
    let contained = || object.keys.iter().filter(|(_, key)| key.in_build);
    let first = contained().find(|(_, key)| key.required).or_else(|| contained().next());
    let value = found.as_scalar().filter(|scalar| !scalar.is_null());
    if let (Some((key, Key { shape, .. })), Some(value)) = (first, value)
        && fit(value.value(), shape).is_ok()
    {
        return format!("write `{name}: {{{key}: {}}}`", value.text);
    }
    let keys: Vec<_> = contained().map(|(key, _)| key.as_ref()).collect();
    format!("write an object with the keys {}", keys.join(", "))
}

fn example(shape: &Shape) -> &'static str {
    match shape {
        Shape::Integer { .. } => "3",
        Shape::Number => "1.5",
        Shape::Duration => "10s",
        Shape::List(_) => "[one, two]",
        _ => "true",
    }
}

/// `a`, `a or b`, `a, b or c`.
fn any_of(words: &[impl AsRef<str>]) -> String {
    let words: Vec<_> = words.iter().map(AsRef::as_ref).collect();
    match words.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Source, SourceId, yaml};
    use serde_json::json;

    fn check(yaml: &str, schema: &serde_json::Value, wanted: &str) {
        let source = Source::new("f.yaml", yaml);
        let read = yaml::read(&source, SourceId(0));
        let found = read.documents[0].root.get("k").unwrap();
        assert_eq!(cure("k", &Shape::from_json_schema(schema), found), wanted, "{yaml}");
    }

    #[test]
    fn cures() {
        let object = json!({"type": "object", "properties": {"max": {"type": "integer"}, "delay": {"x-type": "duration"}}});
        for (yaml, schema, wanted) in [
            ("k: no", json!({"type": "boolean"}), "in YAML 1.2 only `true` and `false` are booleans: write `false`"),
            ("k: maybe", json!({"type": "boolean"}), "write `true` or `false`"),
            ("k: [a]", json!({"type": "string"}), "write it without the list: `k: a`"),
            ("k: [a, b]", json!({"type": "string"}), "write one text: `k: …`"),
            ("k: c", json!({"enum": ["a", "b"]}), "write `a` or `b`"),
            ("k: 'a: b'", json!({"type": "object"}), "write `k: {a: b}`"),
            ("k: a=b", json!({"type": "object"}), "write `k: {a: b}`"),
            ("k: [a=b]", json!({"type": "object"}), "write `k: {a: b}`"),
            ("k: 5", json!({"type": "object"}), "write `k: {NAME: value}`"),
            ("k: 5", object.clone(), "write `k: {max: 5}`"),
            ("k: [{max: 5}]", object.clone(), "take the dashes away: the keys stand under `k:` as they are"),
            ("k: x", object.clone(), "write an object with the keys max, delay"),
            ("k: 5", json!({"anyOf": [{"type": "object"}, {"enum": ["off"]}]}), "write `k: {NAME: value}` or `off`"),
        ] {
            check(yaml, &schema, wanted);
        }
    }
}
