//! What is masked in records by default, secret or not: credentials in headers, cookies, passwords in URLs (contract §8).

use std::sync::Arc;
use testmesh_flow::{Map, Value};

const HEADERS: [&str; 4] = ["authorization", "proxy-authorization", "cookie", "set-cookie"];
const HEADER_MAPS: [&str; 3] = ["headers", "headers_all", "metadata"];

/// Masks the credentials in a config or output, and adds the texts it took out to `taken`, so that they can be masked elsewhere too.
pub fn redact(value: &mut Value, taken: &mut Vec<String>) {
    if let Some(redacted) = walk(value, Place::Anywhere, taken) {
        *value = redacted;
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    Anywhere,
    /// The value of a headers map.
    Headers,
    /// A cookies map or list, or the value of a header that carries credentials.
    Credentials,
}

fn walk(value: &Value, place: Place, taken: &mut Vec<String>) -> Option<Value> {
    match value {
        Value::Text(text) if place == Place::Credentials => take(text, taken),
        Value::Text(text) => without_password(text, taken).map(Value::text),
        Value::List(items) => {
            let mut copy: Option<Vec<Value>> = None;
            for (index, item) in items.iter().enumerate() {
                if let Some(redacted) = walk(item, place, taken) {
                    copy.get_or_insert_with(|| items.to_vec())[index] = redacted;
                }
            }
            copy.map(Value::list)
        }
        Value::Map(map) => walk_map(map, place, taken),
        _ => None,
    }
}

fn walk_map(map: &Arc<Map>, place: Place, taken: &mut Vec<String>) -> Option<Value> {
    let mut copy: Option<Map> = None;
    for (name, value) in map.iter() {
        let inner = match place {
            Place::Credentials => Place::Credentials,
            Place::Headers if HEADERS.iter().any(|header| name.eq_ignore_ascii_case(header)) => Place::Credentials,
            Place::Headers => Place::Headers,
            Place::Anywhere if HEADER_MAPS.contains(&name.as_ref()) => Place::Headers,
            Place::Anywhere if name.as_ref() == "cookies" && !matches!(value, Value::Text(_)) => Place::Credentials,
            Place::Anywhere => Place::Anywhere,
        };
        if let Some(redacted) = walk(value, inner, taken) {
            copy.get_or_insert_with(|| map.as_ref().clone()).insert(name.clone(), redacted);
        }
    }
    copy.map(Value::map)
}

/// A credential is masked whole; what it is made of (`Bearer x`, `a=1; b=2`) is remembered in parts.
fn take(text: &str, taken: &mut Vec<String>) -> Option<Value> {
    if text.is_empty() {
        return None;
    }
    taken.push(text.to_owned());
    let first = text.split(';').next().unwrap_or(text);
    let inner = first.split_once(' ').or_else(|| first.split_once('=')).map(|(_, value)| value.trim());
    taken.extend(inner.filter(|value| !value.is_empty()).map(str::to_owned));
    Some(Value::text("***"))
}

/// `scheme://user:password@host` → `scheme://user:***@host`, everywhere in a text.
fn without_password(text: &str, taken: &mut Vec<String>) -> Option<String> {
    let mut out = String::new();
    let mut changed = false;
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        out.push_str(before);
        let authority = after.split(['/', '?', '#', ' ', '"', '\n', '<', '>']).next().unwrap_or(after);
        let userinfo = authority.rsplit_once('@').and_then(|(user, _)| user.split_once(':'));
        match userinfo {
            Some((user, password)) if !password.is_empty() && password != "***" => {
                changed = true;
                taken.push(password.to_owned());
                out.push_str(user);
                out.push_str(":***");
                rest = after.get(user.len() + 1 + password.len()..).unwrap_or_default();
            }
            _ => rest = after,
        }
    }
    changed.then(|| out + rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: &str, expected: &str, expected_taken: &[&str]) {
        let mut value: Value = serde_json::from_str(value).unwrap();
        let mut taken = Vec::new();
        redact(&mut value, &mut taken);
        assert_eq!(value.to_json(), expected);
        assert_eq!(taken, expected_taken);
    }

    #[test]
    fn credentials_are_masked() {
        check(
            r#"{"headers":{"Authorization":"Bearer abc","X":"y"}}"#,
            r#"{"headers":{"Authorization":"***","X":"y"}}"#,
            &["Bearer abc", "abc"],
        );
        check(r#"{"headers_all":{"set-cookie":["a=12; Path=/"]}}"#, r#"{"headers_all":{"set-cookie":["***"]}}"#, &["a=12; Path=/", "12"]);
        check(
            r#"{"cookies":{"sid":"s3cr"},"url":"http://u:pw@h/p"}"#,
            r#"{"cookies":{"sid":"***"},"url":"http://u:***@h/p"}"#,
            &["s3cr", "pw"],
        );
        check(r#"["see postgres://a:b@c:5432/d and http://x/y@z:1"]"#, r#"["see postgres://a:***@c:5432/d and http://x/y@z:1"]"#, &["b"]);
        check(r#"{"body":{"cookies":"many"},"headers":{"X":"a: b"}}"#, r#"{"body":{"cookies":"many"},"headers":{"X":"a: b"}}"#, &[]);
    }
}
