//! What a literal text must look like. What a template makes of it is known when it runs.

use super::{Compiler, config::Key};
use crate::{Code, Diagnostic, ast, plan::Tree, schema::Format, yaml::Node};
use std::sync::Arc;

impl Compiler<'_> {
    pub(super) fn check_format(&mut self, node: &Node, tree: &Tree, format: &Format, about: &str, key: &Key) {
        // A template that cannot be read is reported.
        let literal = || node.as_scalar().is_some_and(|scalar| !ast::has_template(&scalar.text));
        let wrong = match (format, tree) {
            (Format::Url(schemes), Tree::Fixed(value)) if literal() => value.as_str().and_then(|text| bad_url(text, schemes)),
            (Format::Url(_), Tree::Text(text)) => relative(text.template.text()),
            (Format::Pattern(pattern), Tree::Fixed(value)) if literal() => value.as_str().and_then(|text| unlike(text, pattern, about)),
            _ => None,
        };
        if let Some((message, help)) = wrong {
            let code = key.code(Code::WrongConfigType, Code::WrongType);
            self.push(Diagnostic::error(code, node.place(), format!("`{}`: {message}", key.words())).help(help));
        }
    }
}

/// What is wrong, and what to do about it.
type Wrong = (String, String);

fn relative(text: &str) -> Option<Wrong> {
    let text = text.trim_end_matches(['\n', '\r']);
    let why = format!("the URL `{text}` is relative: it has no host");
    text.starts_with('/').then(|| (why, format!("write `http://HOST{text}`, or `${{BASE_URL}}{text}` with a variable")))
}

fn bad_url(text: &str, schemes: &[Arc<str>]) -> Option<Wrong> {
    let text = text.trim_end_matches(['\n', '\r']);
    let known = schemes.iter().map(|scheme| format!("`{scheme}://`")).collect::<Vec<_>>().join(" or ");
    let wrong = |why: String, help: String| Some((format!("the URL `{text}` {why}"), help));
    if text.is_empty() {
        return Some(("the URL is empty".to_owned(), format!("write {known}, a host and a path")));
    }
    if relative(text).is_some() {
        return relative(text);
    }
    if let Some(at) = text.chars().position(|c| c.is_whitespace() || c.is_control()) {
        let why = format!("has a space or a control character at character {}", at + 1);
        return wrong(why, "write a space as `%20`, or give the parameter under `query`, which encodes it".to_owned());
    }
    let Some((scheme, rest)) = text.split_once("://") else {
        return wrong("has no scheme".to_owned(), format!("begin it with {known}"));
    };
    if !schemes.iter().any(|known| known.eq_ignore_ascii_case(scheme)) {
        return wrong(format!("has the scheme `{scheme}`"), format!("begin it with {known}"));
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    // The colons of an IPv6 address stand in brackets.
    let (name, port) = match host.rsplit_once(':').filter(|(_, port)| !port.contains(']')) {
        Some((name, port)) => (name, Some(port)),
        None => (host, None),
    };
    if name.is_empty() {
        return wrong("has no host".to_owned(), "write a host behind the scheme".to_owned());
    }
    let is_port = |port: &str| port.is_empty() || port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok();
    if port.is_some_and(|port| !is_port(port)) {
        return wrong("has no valid port".to_owned(), "a port is a number from 0 to 65535".to_owned());
    }
    None
}

fn unlike(text: &str, pattern: &str, about: &str) -> Option<Wrong> {
    // A schema with a pattern that is none refuses nothing.
    let matches = regex::Regex::new(pattern).ok()?.is_match(text);
    (!matches).then(|| (format!("it cannot be `{text}`"), about.to_owned()))
}
