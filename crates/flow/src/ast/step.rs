//! Steps as they are written.

use super::{
    Name,
    fields::Fields,
    inner::{self, Inner},
    keys::STEP,
    read::{Reader, has_template},
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
    /// Empty when it is missing or no text, which is reported.
    pub action: Name,
    pub config: Option<Node>,
    /// The lists of steps inside it, when it is one of control flow.
    pub inner: Vec<Inner>,
    pub when: Option<Node>,
    pub asserts: Vec<Node>,
    pub output: Vec<(Name, Node)>,
    pub retry: Option<Node>,
    pub eventually: Option<Node>,
    pub timeout: Option<Node>,
    pub on_error: Option<Node>,
    /// Keys that a step does not have and that are reported: perhaps they belong to the action.
    pub strays: Vec<Arc<str>>,
}

/// Reads a list of steps, which gives them their default ids.
pub(super) fn steps(flow: &Fields, list: &str, reader: &mut Reader) -> Vec<Step> {
    listed(flow.list(list, reader), list, reader)
}

/// The steps of a list that is called `list`.
pub(super) fn listed(items: &[Node], list: &str, reader: &mut Reader) -> Vec<Step> {
    let steps: Vec<_> = items.iter().enumerate().filter_map(|(index, item)| step(item, list, index, reader)).collect();
    check_ids(&steps, list, reader);
    steps
}

fn step(node: &Node, list: &str, index: usize, reader: &mut Reader) -> Option<Step> {
    let fields = reader.fields(node, &STEP)?;
    let id = fields.text("id", reader);
    if let Some(id) = &id {
        check_id(id, reader);
    }
    fields.text("description", reader);
    let nowhere = |text: Arc<str>| Name { text, span: node.head() };
    let action = fields.required_text("action", reader).filter(|name| !has_template(&name.text)).unwrap_or_else(|| nowhere("".into()));
    Some(Step {
        span: node.head(),
        id: id.unwrap_or_else(|| nowhere(format!("{list}_{index}").into())),
        name: fields.scalar("name", reader).cloned(),
        tags: fields.tags("tags", reader),
        disabled: fields.bool("disabled", reader).unwrap_or(false),
        config: fields.take("config").cloned(),
        when: fields.take("when").cloned(),
        asserts: fields.items("assert"),
        output: fields.pairs("output", reader),
        retry: fields.take("retry").cloned(),
        eventually: fields.take("eventually").cloned(),
        timeout: fields.take("timeout").cloned(),
        on_error: fields.take("on_error").cloned(),
        inner: inner::read(&action.text, fields.take("config"), reader),
        action,
        strays: fields.strays,
    })
}

fn check_id(id: &Name, reader: &mut Reader) {
    let legal = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if has_template(&id.text) {
        return reader.refuse_template(id, "id");
    }
    if id.text.is_empty() {
        let empty = Diagnostic::error(Code::BadId, id.span, "the id is empty");
        return reader.push(empty.help("write one such as `create_user`, or leave `id:` out"));
    }
    if !id.text.chars().all(legal) {
        let message = format!("`{}` cannot be an id: it is made of letters from a to z, digits, `_` and `-`", id.text);
        let cured: String = id.text.chars().map(|c| if legal(c) { c } else { '_' }).collect();
        reader.push(Diagnostic::error(Code::BadId, id.span, message).help(format!("write for example `{cured}`")));
    }
}

fn check_ids(steps: &[Step], list: &str, reader: &mut Reader) {
    let mut seen: HashMap<&Arc<str>, &Step> = HashMap::new();
    for step in steps {
        let first = *seen.entry(&step.id.text).or_insert(step);
        if std::ptr::eq(first, step) {
            continue;
        }
        let message = format!("two steps of `{list}` have the id `{}`", step.id.text);
        let is_default = |step: &Step| step.id.span == step.span;
        let place = if is_default(first) { "the first has it because it has no `id:`" } else { "the first stands here" };
        let twice = Diagnostic::error(Code::DuplicateId, step.id.span, message).with(first.id.span, place);
        reader.push(twice.help("give one of them another id"));
    }
}

/// A list of steps without a step.
pub(super) fn empty_list(list: &str, at: Span) -> Diagnostic {
    let whose = if list == "steps" { "the flow would test nothing" } else { "nothing would run" };
    Diagnostic::error(Code::EmptySteps, at, format!("`{list}` holds no step: {whose}"))
        .help("add a step, for example `- {id: health, action: http_request, config: {url: …}}`")
}
