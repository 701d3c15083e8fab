//! What is masked in records by default, secret or not: credentials in headers, cookies, passwords in URLs (contract §8).

use crate::secret::MASK;
use std::{ops::Range, sync::Arc};
use testmesh_flow::{Map, Value};

const HEADERS: [&str; 4] = ["authorization", "proxy-authorization", "cookie", "set-cookie"];
const HEADER_MAPS: [&str; 3] = ["headers", "headers_all", "metadata"];

/// Masks the headers and cookies in a config or output that hold credentials, and adds these and the passwords of URLs to `taken`, so that they
/// can be masked elsewhere too.
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
        Value::Text(text) => {
            taken.extend(passwords(text).into_iter().filter_map(|password| text.get(password)).map(str::to_owned));
            None
        }
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
    Some(Value::text(MASK))
}

/// Masks the passwords of URLs, everywhere in a text: `scheme://user:password@host` → `scheme://user:***@host`. `None` when there is none.
///
/// It comes after secrets have been masked: a secret that holds an `@` would be cut by it, and not be known again.
pub fn without_passwords(text: &str) -> Option<String> {
    let found = passwords(text);
    let mut copy = (!found.is_empty()).then(|| text.to_owned())?;
    for password in found.into_iter().rev() {
        copy.replace_range(password, MASK);
    }
    Some(copy)
}

/// Where the passwords of URLs stand in a text.
fn passwords(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    // Every text of the record comes by here, and a single character is sought far faster than a text.
    for (colon, _) in text.match_indices(':') {
        let Some(rest) = text.get(colon..).filter(|_| colon >= from).and_then(|rest| rest.strip_prefix("://")) else { continue };
        let start = colon + 3;
        let authority = rest.split(['/', '?', '#', ' ', '"', '\n', '<', '>']).next().unwrap_or(rest);
        let userinfo = authority.rsplit_once('@').and_then(|(userinfo, _)| userinfo.split_once(':'));
        if let Some((user, password)) = userinfo.filter(|(_, password)| !password.is_empty() && *password != MASK) {
            from = start + user.len() + 1 + password.len();
            found.push(from - password.len()..from);
        }
    }
    found
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
            r#"{"cookies":{"sid":"***"},"url":"http://u:pw@h/p"}"#,
            &["s3cr", "pw"],
        );
        let urls = r#"["see postgres://a:b@c:5432/d and http://x/y@z:1"]"#;
        check(urls, urls, &["b"]);
        check(r#"{"body":{"cookies":"many"},"headers":{"X":"a: b"}}"#, r#"{"body":{"cookies":"many"},"headers":{"X":"a: b"}}"#, &[]);
    }

    #[test]
    fn passwords_are_masked() {
        for (text, expected) in [
            ("see postgres://a:b@c:5432/d and http://x/y@z:1", Some("see postgres://a:***@c:5432/d and http://x/y@z:1")),
            ("http://a:b@c http://d:e:f@g", Some("http://a:***@c http://d:***@g")),
            ("the URL `http://me:pass@a b/` has a space", Some("the URL `http://me:***@a b/` has a space")),
            ("ws://u:***@h amqp://:p@h", Some("ws://u:***@h amqp://:***@h")),
            ("http://u@h/ http://h:80/@ :// @", None),
        ] {
            assert_eq!(without_passwords(text).as_deref(), expected);
        }
    }
}
