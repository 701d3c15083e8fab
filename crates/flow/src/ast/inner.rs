//! The steps inside a step of control flow: which config keys hold them, and what such a list is called.

use super::{
    Name, Step,
    keys::BRANCH,
    read::Reader,
    step::{empty_list, listed},
};
use crate::{
    Code, Diagnostic, Span,
    catalog::{ControlKind, control_kind},
    yaml::Node,
};
use std::sync::Arc;

/// One list of steps inside a step.
#[derive(Clone, Debug)]
pub struct Inner {
    pub list: InnerList,
    /// Where its key or its branch stands.
    pub span: Span,
    pub steps: Vec<Step>,
}

/// Which list it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InnerList {
    Then,
    Else,
    /// Of `for_each` and `wait_until`.
    Steps,
    /// A branch of `parallel`, by its name.
    Branch(Arc<str>),
}

/// Reads the lists that the config of a step holds; an action that is no control flow has none.
pub(super) fn read(action: &str, config: Option<&Node>, reader: &mut Reader) -> Vec<Inner> {
    let (Some(kind), Some(config)) = (control_kind(action), config) else { return Vec::new() };
    let mut one = |key: &str, list: InnerList| one(config, key, list, reader);
    match kind {
        ControlKind::Condition => [one("then", InnerList::Then), one("else", InnerList::Else)].into_iter().flatten().collect(),
        ControlKind::ForEach | ControlKind::WaitUntil => one("steps", InnerList::Steps).into_iter().collect(),
        ControlKind::Parallel => branches(config, reader),
        ControlKind::RunFlow => Vec::new(),
    }
}

fn one(config: &Node, key: &str, list: InnerList, reader: &mut Reader) -> Option<Inner> {
    let entry = config.entry(key).filter(|entry| !entry.value.is_null())?;
    let span = entry.key.span;
    let steps = steps(&entry.value, key, span, reader);
    Some(Inner { list, span, steps })
}

/// The steps under a key, which must be a list with at least one.
fn steps(node: &Node, key: &str, at: Span, reader: &mut Reader) -> Vec<Step> {
    match node.as_list() {
        Some([]) => reader.push(empty_list(key, at)),
        Some(items) => return listed(items, key, reader),
        None => reader.no_list(key, node),
    }
    Vec::new()
}

fn branches(config: &Node, reader: &mut Reader) -> Vec<Inner> {
    let Some(entry) = config.entry("branches").filter(|entry| !entry.value.is_null()) else { return Vec::new() };
    let Some(items) = entry.value.as_list() else {
        let message = format!("`branches` must be a list of branches, and this is {}", entry.value.describe());
        reader.push(Diagnostic::error(Code::WrongType, entry.value.head(), message).help("write `- {name: left, steps: […]}` for each"));
        return Vec::new();
    };
    if items.is_empty() {
        let none = Diagnostic::error(Code::EmptySteps, entry.key.span, "`branches` holds no branch: nothing would run");
        reader.push(none.help("write `- {name: left, steps: […]}` for each"));
    }
    let branches: Vec<_> = items.iter().enumerate().filter_map(|(index, item)| branch(item, index, reader)).collect();
    check_names(&branches, reader);
    branches
}

fn branch(node: &Node, index: usize, reader: &mut Reader) -> Option<Inner> {
    let fields = reader.fields(node, &BRANCH)?;
    let name = fields.fixed_text("name", reader).unwrap_or_else(|| Name { text: format!("branch_{index}").into(), span: node.head() });
    let steps = if let Some(entry) = fields.entry("steps") {
        steps(&entry.value, "steps", entry.key.span, reader)
    } else {
        fields.report_missing("steps", reader);
        Vec::new()
    };
    Some(Inner { list: InnerList::Branch(name.text), span: name.span, steps })
}

/// The output of the step has a member for each branch.
fn check_names(branches: &[Inner], reader: &mut Reader) {
    for (index, branch) in branches.iter().enumerate() {
        let InnerList::Branch(name) = &branch.list else { continue };
        if let Some(first) = branches.iter().take(index).find(|earlier| earlier.list == branch.list) {
            let twice = Diagnostic::error(Code::DuplicateId, branch.span, format!("two branches are called `{name}`"));
            reader.push(twice.with(first.span, "the first stands here").help("give one of them another name"));
        }
    }
}
