//! What a step asked and what came back, trimmed around what decided.

use super::{assertion, curl, members};
use crate::{
    page::{Page, plain, quiet, strong},
    style::Sign,
    units::{bytes, millis},
    value::{Member, Path, chain},
};
use testmesh_events::{AttemptRecord, StepHead};
use testmesh_flow::{Map, Value};

pub(super) fn write(page: &mut Page, record: &AttemptRecord, head: &StepHead) {
    let focus = focus(record, head);
    if curl::is_http(&head.action, &record.config, &record.output) {
        return http(page, record, focus.as_deref());
    }
    if record.config.as_map().is_some_and(|map| !map.is_empty()) {
        page.section("asked", |page| members::write(page, &record.config, None));
    }
    if !record.output.is_null() {
        page.section("answered", |page| members::write(page, &record.output, focus.as_deref()));
    }
}

/// The path in the output that the first failed assertion or capture has to do with.
fn focus(record: &AttemptRecord, head: &StepHead) -> Option<Path> {
    let output = &record.output;
    if let Some(explanation) = record.assertions.iter().filter(|it| it.failure.is_some()).find_map(|it| it.explanation.as_ref()) {
        return in_output(assertion::focus(explanation)?, output, head);
    }
    let capture = record.captures.iter().find(|capture| capture.failure.is_some())?;
    match capture.path.strip_prefix('$') {
        // A JSONPath searches the body first.
        Some(rest) if output.get("body").is_some() => Some([Member::Name("body".into())].into_iter().chain(chain(rest)?).collect()),
        Some(rest) => chain(rest),
        None => in_output(chain(&capture.path)?, output, head),
    }
}

/// The path without the names that mean the whole output.
fn in_output(mut path: Path, output: &Value, head: &StepHead) -> Option<Path> {
    let means_all = |name: &str| ["response", "result", head.id.as_str()].contains(&name) && output.get(name).is_none();
    if matches!(path.first(), Some(Member::Name(name)) if means_all(name)) {
        path.remove(0);
    }
    match path.first() {
        Some(Member::Name(name)) if output.get(name).is_some() => Some(path),
        _ => None,
    }
}

fn http(page: &mut Page, record: &AttemptRecord, focus: Option<&[Member]>) {
    let AttemptRecord { config, output, .. } = record;
    page.section("exchange", |page| {
        let arrow = page.sign(Sign::Arrow);
        let asked = format!("{} {}", curl::method(config), curl::url(config));
        page.line([strong(asked), plain(format!(" {arrow} {}", answer(output)))]);
        part(page, "request headers", config.get("headers"), None);
        part(page, "request body", ["body", "graphql", "form", "form_data", "multipart"].iter().find_map(|key| config.get(key)), None);
        part(page, "response headers", output.get("headers"), None);
        let in_body = focus.and_then(|focus| focus.split_first()).filter(|(first, _)| **first == Member::Name("body".into()));
        part(page, &body_name(output), output.get("body"), in_body.map(|(_, rest)| rest));
    });
    page.section("reproduce", |page| {
        let command = curl::command(config);
        let from_file = command.contains(curl::BODY_FILE);
        page.line([plain(command)]);
        if from_file {
            page.line([quiet("with the request body, which is long, saved as `request-body`")]);
        }
    });
}

/// `500 in 12 ms`, or that there was no answer.
fn answer(output: &Value) -> String {
    let Some(status) = output.get("status") else {
        return "no answer".to_owned();
    };
    let time = output.get("duration_ms").and_then(Value::as_f64).map(|ms| format!(" in {}", millis(ms)));
    format!("{}{}", status.to_json(), time.unwrap_or_default())
}

fn body_name(output: &Value) -> String {
    let kind = output.get("content_type").and_then(Value::as_str).map(str::to_owned);
    let size = output.get("size").and_then(Value::as_i64).and_then(|size| u64::try_from(size).ok()).map(bytes);
    let known = kind.into_iter().chain(size).collect::<Vec<_>>();
    if known.is_empty() { "response body".to_owned() } else { format!("response body ({})", known.join(", ")) }
}

fn part(page: &mut Page, name: &str, value: Option<&Value>, focus: Option<&[Member]>) {
    let Some(value) = value.filter(|value| !value.is_null()) else { return };
    if value.as_map().is_some_and(Map::is_empty) {
        return;
    }
    page.line([quiet(format!("{name}:"))]);
    page.deeper(|page| match value {
        Value::Map(headers) if name.ends_with("headers") => members::headers(page, headers),
        _ => members::body(page, value, focus),
    });
}
