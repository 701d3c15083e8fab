//! Paths into values: `$.items[1].price`.

use std::fmt::Write;
use testmesh_flow::Value;

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Member {
    Name(String),
    Index(usize),
}

pub(crate) type Path = Vec<Member>;

/// `$.items[1]["a b"]`, the way RFC 9535 writes it.
pub(crate) fn jsonpath(path: &[Member]) -> String {
    let mut out = "$".to_owned();
    for member in path {
        // Writing to a `String` cannot fail.
        let _ = match member {
            Member::Index(index) => write!(out, "[{index}]"),
            Member::Name(name) if is_plain(name) => write!(out, ".{name}"),
            Member::Name(name) => write!(out, "[{}]", Value::text(name.as_str()).to_json()),
        };
    }
    out
}

fn is_plain(name: &str) -> bool {
    !name.starts_with(|first: char| first.is_ascii_digit()) && !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// Reads an expression that only reaches into something: `body.items[0]?.price`, `headers["x"]`, and inside a predicate `.price`.
/// `None` for any other expression.
pub(crate) fn chain(expression: &str) -> Option<Path> {
    let mut path = Path::new();
    let mut rest = expression.trim();
    if !rest.starts_with(['.', '[', '#']) {
        rest = take_name(rest, &mut path)?;
    }
    rest = rest.strip_prefix('#').unwrap_or(rest);
    while !rest.is_empty() {
        rest = match rest.strip_prefix("?.").or_else(|| rest.strip_prefix('.')) {
            Some(after) if !after.starts_with('[') => take_name(after, &mut path)?,
            Some(after) => take_index(after, &mut path)?,
            None => take_index(rest, &mut path)?,
        };
    }
    Some(path)
}

fn take_name<'t>(text: &'t str, path: &mut Path) -> Option<&'t str> {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')).unwrap_or(text.len());
    let (name, rest) = text.split_at_checked(end)?;
    let starts_well = name.starts_with(|first: char| first.is_alphabetic() || first == '_');
    path.push(Member::Name(name.to_owned()));
    starts_well.then_some(rest)
}

fn take_index<'t>(text: &'t str, path: &mut Path) -> Option<&'t str> {
    let (inside, rest) = text.strip_prefix('[')?.split_once(']')?;
    let inside = inside.trim();
    let quoted = |quote| inside.strip_prefix(quote)?.strip_suffix(quote);
    let member = match quoted('"').or_else(|| quoted('\'')) {
        Some(name) => Member::Name(name.to_owned()),
        None => Member::Index(inside.parse().ok()?),
    };
    path.push(member);
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains_are_read_and_written() {
        for (expression, path) in [
            ("body.items[0].price", Some("$.body.items[0].price")),
            ("body?.a?.[1]", Some("$.body.a[1]")),
            (r#"headers["content-type"]"#, Some(r#"$.headers["content-type"]"#)),
            ("create-user.body", Some(r#"$["create-user"].body"#)),
            (".price", Some("$.price")),
            ("#.price", Some("$.price")),
            ("#", Some("$")),
            ("status == 200", None),
            ("len(body)", None),
            ("body[i]", None),
            ("1.5", None),
            ("body.", None),
            ("a[", None),
            ("", None),
        ] {
            assert_eq!(chain(expression).map(|path| jsonpath(&path)).as_deref(), path, "{expression}");
        }
    }
}
