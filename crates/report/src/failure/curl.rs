//! An HTTP step as a `curl` command. Values stand as they are recorded, so a secret is `***`.

use std::fmt::Write;
use testmesh_flow::{Map, Value};

/// A body above this many bytes is not written into the command.
const LONGEST_BODY: usize = 4_000;

/// What a command names in place of a long body.
pub(super) const BODY_FILE: &str = "@request-body";

/// Whether the step was an HTTP request that curl can repeat.
pub(super) fn is_http(action: &str, config: &Value, output: &Value) -> bool {
    let url = config.get("url").and_then(Value::as_str).unwrap_or("");
    let answered = output.get("status").is_some() && output.get("headers").is_some();
    (url.starts_with("http://") || url.starts_with("https://")) && (answered || matches!(action, "http_request" | "http"))
}

pub(super) fn method(config: &Value) -> String {
    let text = config.get("method").and_then(Value::as_str);
    let posts = config.get("graphql").is_some();
    text.map_or(if posts { "POST" } else { "GET" }.to_owned(), str::to_uppercase)
}

/// The URL with the query keys of the config.
pub(super) fn url(config: &Value) -> String {
    let mut url = config.get("url").and_then(Value::as_str).unwrap_or("").to_owned();
    let query = ["query", "query_params", "params"].iter().find_map(|key| config.get(key)?.as_map());
    for (name, value) in query.into_iter().flat_map(Map::iter) {
        for value in one_or_many(value) {
            url.push(if url.contains('?') { '&' } else { '?' });
            url.push_str(&encoded(name));
            url.push('=');
            url.push_str(&encoded(&text(value)));
        }
    }
    url
}

pub(super) fn command(config: &Value) -> String {
    let (method, body) = (method(config), data(config));
    let mut command = "curl -sS -i".to_owned();
    let mut argument = |option: &str, value: &str| {
        command.push(' ');
        command.push_str(option);
        if !value.is_empty() {
            command.push(' ');
            command.push_str(&quoted(value));
        }
    };
    match method.as_str() {
        // With a body, curl would send a POST.
        "GET" if body.is_empty() => {}
        "HEAD" => argument("--head", ""),
        _ => argument("-X", &method),
    }
    if config.get("follow_redirects").and_then(Value::as_bool) != Some(false) {
        argument("-L", "");
    }
    if config.get("verify_ssl").and_then(Value::as_bool) == Some(false) {
        argument("-k", "");
    }
    argument(&quoted(&url(config)), "");
    for (name, value) in config.get("headers").and_then(Value::as_map).into_iter().flat_map(Map::iter) {
        for value in one_or_many(value) {
            argument("-H", &format!("{name}: {}", text(value)));
        }
    }
    for (option, value) in auth(config.get("auth")).into_iter().chain(cookies(config)).chain(body) {
        argument(option, &value);
    }
    command
}

fn auth(auth: Option<&Value>) -> Option<(&'static str, String)> {
    let member = |name| auth?.get(name).map(text);
    match member("type")?.as_str() {
        "basic" | "digest" => Some(("-u", format!("{}:{}", member("username")?, member("password").unwrap_or_default()))),
        "bearer" => Some(("-H", format!("Authorization: Bearer {}", member("token")?))),
        _ => None,
    }
}

fn cookies(config: &Value) -> Option<(&'static str, String)> {
    let cookies = config.get("cookies")?.as_map()?;
    let pairs = cookies.iter().map(|(name, value)| format!("{name}={}", text(value)));
    Some(("-b", pairs.collect::<Vec<_>>().join("; ")))
}

fn data(config: &Value) -> Vec<(&'static str, String)> {
    let pairs = |map: &Map| map.iter().map(|(name, value)| format!("{name}={}", text(value))).collect::<Vec<_>>();
    let form = config.get("form").or_else(|| config.get("form_data")).and_then(Value::as_map);
    if let Some(form) = form {
        return pairs(form).into_iter().map(|pair| ("--data-urlencode", pair)).collect();
    }
    if let Some(multipart) = config.get("multipart").and_then(Value::as_map) {
        return pairs(multipart).into_iter().map(|pair| ("-F", pair)).collect();
    }
    let Some(body) = config.get("graphql").or_else(|| config.get("body")) else {
        return Vec::new();
    };
    let json = (!matches!(body, Value::Text(_)) && !names_its_type(config)).then(|| ("-H", "Content-Type: application/json".to_owned()));
    let body = body.as_str().map_or_else(|| body.to_json(), str::to_owned);
    let body = if body.len() > LONGEST_BODY { ("--data-binary", BODY_FILE.to_owned()) } else { ("--data-raw", body) };
    json.into_iter().chain([body]).collect()
}

fn names_its_type(config: &Value) -> bool {
    let headers = config.get("headers").and_then(Value::as_map);
    headers.into_iter().flat_map(Map::keys).any(|name| name.eq_ignore_ascii_case("content-type"))
}

fn one_or_many(value: &Value) -> &[Value] {
    value.as_list().unwrap_or(std::slice::from_ref(value))
}

fn text(value: &Value) -> String {
    value.to_text().unwrap_or_default()
}

/// As one word of a POSIX shell; with control characters inside, of bash and its kin.
fn quoted(text: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || "-_./:=@,+%".contains(c);
    if !text.is_empty() && text.chars().all(is_bare) {
        return text.to_owned();
    }
    if !text.chars().any(char::is_control) {
        return format!("'{}'", text.replace('\'', "'\\''"));
    }
    let mut out = "$'".to_owned();
    for character in text.chars() {
        match character {
            '\'' | '\\' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // Writing to a `String` cannot fail.
            other if other.is_control() => drop(write!(out, "\\u{:04x}", u32::from(other))),
            other => out.push(other),
        }
    }
    out + "'"
}

/// Percent-encoded but for what may stand in a query; `*` stays, so that a mask can be seen.
fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~*".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a `String` cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    fn check(config: &str, command: &str) {
        assert_eq!(super::command(&serde_json::from_str(config).unwrap()), command, "{config}");
    }

    #[test]
    fn requests_become_commands() {
        check(r#"{"url":"http://h/p"}"#, "curl -sS -i -L http://h/p");
        check(r#"{"url":"http://h/p?a=1","query":{"q":"x y","n":[1,2]}}"#, "curl -sS -i -L 'http://h/p?a=1&q=x%20y&n=1&n=2'");
        check(
            r#"{"method":"post","url":"https://h","headers":{"X":"it's"},"body":{"a":1},"verify_ssl":false,"follow_redirects":false}"#,
            r#"curl -sS -i -X POST -k https://h -H 'X: it'\''s' -H 'Content-Type: application/json' --data-raw '{"a":1}'"#,
        );
        check(r#"{"url":"http://h","body":null}"#, "curl -sS -i -X GET -L http://h -H 'Content-Type: application/json' --data-raw null");
        check(r#"{"method":"PUT","url":"http://h","body":"a\nb'"}"#, r"curl -sS -i -X PUT -L http://h --data-raw $'a\nb\''");
        check(
            r#"{"method":"HEAD","url":"http://h","auth":{"type":"basic","username":"u","password":"***"}}"#,
            "curl -sS -i --head -L http://h -u 'u:***'",
        );
        check(
            r#"{"method":"POST","url":"http://h","form":{"a":"b c"},"cookies":{"s":"***"}}"#,
            "curl -sS -i -X POST -L http://h -b 's=***' --data-urlencode 'a=b c'",
        );
        check(
            r#"{"url":"http://h","graphql":{"query":"{a}"}}"#,
            r#"curl -sS -i -X POST -L http://h -H 'Content-Type: application/json' --data-raw '{"query":"{a}"}'"#,
        );
    }
}
