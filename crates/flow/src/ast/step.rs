//! Steps as they are written.

use super::{
    Name,
    read::{KeyDef, Reader},
};
use crate::{Code, Diagnostic, Span, yaml::Node};
use std::collections::HashMap;
use std::sync::Arc;

/// One step. What holds templates or expressions is kept as it stands.
#[derive(Clone, Debug)]
pub struct Step {
    pub span: Span,
    /// As written, or `<list>_<index>`.
    pub id: Name,
    pub name: Option<Node>,
    pub tags: Vec<Name>,
    pub disabled: bool,
    pub action: Name,
    pub config: Option<Node>,
    pub when: Option<Node>,
    pub asserts: Vec<Node>,
    pub output: Vec<(Name, Node)>,
    pub retry: Option<Node>,
    pub eventually: Option<Node>,
    pub timeout: Option<Node>,
    pub on_error: Option<Node>,
}

const STEP_KEYS: &[KeyDef] = &[
    KeyDef::new("id"),
    KeyDef::new("name"),
    KeyDef::new("description"),
    KeyDef::new("tags"),
    KeyDef::new("disabled"),
    KeyDef::new("action"),
    KeyDef::new("config"),
    KeyDef::aliased("when", &["if"]),
    KeyDef::new("assert"),
    KeyDef::new("output"),
    KeyDef::new("retry"),
    KeyDef::new("eventually"),
    KeyDef::new("timeout"),
    KeyDef::new("on_error"),
    KeyDef::lacking("track", &[]),
    KeyDef::lacking("auto_track", &[]),
];

/// Reads a list of steps; `list` gives them their default ids.
pub(super) fn steps(node: Option<&Node>, list: &str, reader: &mut Reader) -> Vec<Step> {
    let Some(node) = node else { return Vec::new() };
    let Some(items) = node.as_list() else {
        reader.wrong_type(list, "a list of steps", node);
        return Vec::new();
    };
    let steps: Vec<_> = items.iter().enumerate().filter_map(|(index, item)| step(item, list, index, reader)).collect();
    check_ids(&steps, list, reader);
    steps
}

fn step(node: &Node, list: &str, index: usize, reader: &mut Reader) -> Option<Step> {
    let mut fields = reader.fields(node, "the step", STEP_KEYS)?;
    let id = fields.text("id", reader);
    if let Some(id) = &id {
        check_id(id, reader);
    }
    fields.text("description", reader);
    let action = fields.required_text("action", node.span, reader);
    if let Some(action) = &action {
        reader.refuse_template(action, "action");
    }
    Some(Step {
        span: node.span,
        id: id.unwrap_or_else(|| Name { text: format!("{list}_{index}").into(), span: node.span }),
        name: fields.take("name").cloned(),
        tags: fields.fixed_names("tags", reader),
        disabled: fields.bool("disabled", reader).unwrap_or(false),
        config: fields.take("config").cloned(),
        when: fields.take("when").cloned(),
        asserts: fields.items("assert"),
        output: fields.pairs("output", reader),
        retry: fields.take("retry").cloned(),
        eventually: fields.take("eventually").cloned(),
        timeout: fields.take("timeout").cloned(),
        on_error: fields.take("on_error").cloned(),
        action: action?,
    })
}

fn check_id(id: &Name, reader: &mut Reader) {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if id.text.contains("${") || id.text.contains("{{") {
        return reader.refuse_template(id, "id");
    }
    if id.text.is_empty() || !id.text.bytes().all(legal) {
        let message = format!("`{}` cannot be an id", id.text);
        reader.push(Diagnostic::error(Code::BadId, id.span, message).help("an id is made of letters, digits, `_` and `-`"));
    }
}

fn check_ids(steps: &[Step], list: &str, reader: &mut Reader) {
    let mut seen: HashMap<&Arc<str>, &Step> = HashMap::new();
    for step in steps {
        if let Some(first) = seen.insert(&step.id.text, step) {
            let message = format!("two steps of `{list}` have the id `{}`", step.id.text);
            let twice = Diagnostic::error(Code::DuplicateId, step.id.span, message).with(first.id.span, "the first stands here");
            reader.push(twice.help("give one of them another id"));
        }
    }
}
