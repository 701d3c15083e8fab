//! Calls and their answers as text, told to one service in order.
//!
//! ```text
//! POST /api/v1/users {"email":"a@example.com","name":"A"}    a call: method, path, body
//!   Content-Type: text/plain                                 a header of the call
//! 201 {"id":"<user: uuid>", "created_at":"<time>"}           its answer: status, body
//! user.created {"user_id":"<user>"}                          the newest message of a topic
//! ```
//!
//! A JSON body must be equal, member for member. `<uuid>` and `<time>` stand for any such text, `<NAME: uuid>` also
//! keeps it, and `<NAME>` is what was kept, in calls too. A body that is not JSON must be equal as text.

use std::collections::BTreeMap;

use reqwest::{Client, Method, RequestBuilder, redirect};
use serde_json::{Map, Value};
use testmesh_demo::Shop;

use crate::url_of;

pub(crate) struct Story<'a> {
    shop: &'a Shop,
    url: String,
    client: Client,
    kept: BTreeMap<String, String>,
}

impl<'a> Story<'a> {
    pub(crate) fn of(shop: &'a Shop, service: &str) -> Self {
        let client = Client::builder().redirect(redirect::Policy::none()).build().unwrap();
        Self { shop, url: url_of(shop, service), client, kept: BTreeMap::new() }
    }

    /// Tells `text` and panics at the first answer that is another one.
    pub(crate) async fn check(&mut self, text: &str) -> &mut Self {
        let mut call: Option<(&str, RequestBuilder)> = None;
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (first, rest) = line.split_once(' ').unwrap_or((line, ""));
            if let Ok(status) = first.parse() {
                let (told, request) = call.take().expect("an answer follows its call");
                self.expect(told, request, status, rest).await;
            } else if let Some(name) = first.strip_suffix(':') {
                call = call.map(|(told, request)| (told, request.header(name, self.filled(rest))));
            } else if first.contains('.') {
                self.expect_message(first, rest);
            } else {
                call = Some((line, self.request(first, rest)));
            }
        }
        assert!(call.is_none(), "a call without its answer at the end of the story");
        self
    }

    /// What was kept as `name`.
    pub(crate) fn kept(&self, name: &str) -> &str {
        &self.kept[name]
    }

    fn request(&self, method: &str, rest: &str) -> RequestBuilder {
        let rest = self.filled(rest);
        let (path, body) = rest.split_once(' ').unwrap_or((&rest, ""));
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        self.client.request(method, format!("{}{path}", self.url)).body(body.to_owned())
    }

    async fn expect(&mut self, call: &str, request: RequestBuilder, status: u16, body: &str) {
        let answer = request.send().await.unwrap();
        let answered = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        assert_eq!(answered, status, "{call}\n{text}");
        match serde_json::from_str(body) {
            Ok(pattern) => {
                let actual: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{call}\n{text}"));
                self.matches(&pattern, &actual).unwrap_or_else(|why| panic!("{call}\n{text}\n{why}"));
            }
            Err(_) => assert_eq!(text, self.filled(body), "{call}"),
        }
    }

    fn expect_message(&mut self, topic: &str, pattern: &str) {
        let messages = self.shop.messages(topic);
        let newest = messages.last().unwrap_or_else(|| panic!("no message in {topic}"));
        let pattern = serde_json::from_str(pattern).unwrap();
        self.matches(&pattern, &newest.value).unwrap_or_else(|why| panic!("{topic}\n{newest:?}\n{why}"));
    }

    fn matches(&mut self, pattern: &Value, actual: &Value) -> Result<(), String> {
        match (pattern, actual) {
            (Value::Object(pattern), Value::Object(actual)) => self.members_match(pattern, actual),
            (Value::Array(pattern), Value::Array(actual)) if pattern.len() == actual.len() => {
                pattern.iter().zip(actual).try_for_each(|(pattern, actual)| self.matches(pattern, actual))
            }
            (Value::String(pattern), Value::String(actual)) => self.text_matches(pattern, actual),
            _ if pattern == actual => Ok(()),
            _ => Err(format!("{actual} is not {pattern}")),
        }
    }

    fn members_match(&mut self, pattern: &Map<String, Value>, actual: &Map<String, Value>) -> Result<(), String> {
        if let Some(extra) = actual.keys().find(|key| !pattern.contains_key(*key)) {
            return Err(format!("{extra} is one too many"));
        }
        pattern.iter().try_for_each(|(key, pattern)| match actual.get(key) {
            Some(actual) => self.matches(pattern, actual).map_err(|why| format!("{key}: {why}")),
            None => Err(format!("{key} is missing")),
        })
    }

    fn text_matches(&mut self, pattern: &str, actual: &str) -> Result<(), String> {
        let inner = pattern.strip_prefix('<').and_then(|pattern| pattern.strip_suffix('>'));
        let (name, kind) = match inner.map(|inner| inner.split_once(": ").unwrap_or(("", inner))) {
            Some((name, kind @ ("uuid" | "time"))) => (name, kind),
            _ if self.filled(pattern) == actual => return Ok(()),
            _ => return Err(format!("{actual:?} is not {:?}", self.filled(pattern))),
        };
        let valid = if kind == "uuid" { is_uuid(actual) } else { is_time(actual) };
        if !valid {
            return Err(format!("{actual:?} is no {kind}"));
        }
        self.kept.insert(name.to_owned(), actual.to_owned());
        Ok(())
    }

    fn filled(&self, text: &str) -> String {
        self.kept.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("<{name}>"), value))
    }
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36 && uuid::Uuid::parse_str(text).is_ok()
}

/// RFC 3339 in UTC with six decimals.
fn is_time(text: &str) -> bool {
    text.len() == "2026-01-01T00:00:00.000000Z".len() && text.parse::<jiff::Timestamp>().is_ok()
}
