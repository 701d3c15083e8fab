//! What is not there: where a path broke, and how that is told.

use super::{Evaluator, Stop};
use crate::{
    Code, Value,
    expr::{
        Fault, FaultKind, Space,
        ast::{Kind, Node, NodeId},
        fault::{Problem, count, describe},
        name_help,
    },
    nearest::nearest,
};
use std::{ops::Range, sync::Arc};

/// A break in a path.
#[derive(Debug)]
pub(super) struct Missing {
    /// The path, or the name that stands alone.
    node: NodeId,
    /// Which of its steps; `None`: its base.
    step: Option<usize>,
    why: Why,
    /// Whether nothing follows that would need it.
    last: bool,
}

#[derive(Debug)]
pub(super) enum Why {
    /// The object has no such member.
    Member(Value),
    /// The list has no such index.
    Index { index: i64, length: usize },
    /// What could have no member at all: null, a number, a text.
    NotThere(Value),
    /// The namespace holds an answer, which has no such member.
    AnswerMember(Space),
    /// The namespace has no such member.
    SpaceMember(Space),
    /// The namespace knows the member, which has no value.
    NoValue(String),
    /// Nothing of that name is known.
    Unknown,
    /// A function found nothing.
    Nothing(Problem),
}

impl Why {
    /// Whether it is an absence from something that is there, which `== nil` and `?.` may ask about.
    fn is_absence(&self) -> bool {
        matches!(self, Self::Member(_) | Self::AnswerMember(_) | Self::Index { .. } | Self::NoValue(_) | Self::Nothing(_))
    }
}

impl Missing {
    pub(super) fn new(node: NodeId, step: Option<usize>, steps: usize, why: Why) -> Self {
        let last = step.map_or(0, |step| step + 1) == steps;
        Self { node, step, why, last }
    }

    pub(super) fn nothing(node: NodeId, problem: Problem) -> Self {
        Self { node, step: None, why: Why::Nothing(problem), last: true }
    }

    /// A missing last member, which is nil to `== nil` and `?.`.
    pub(super) fn is_soft(&self) -> bool {
        self.last && self.why.is_absence()
    }

    /// Whether `?.` tolerates it: a member of something that is there.
    pub(super) fn is_absence(&self) -> bool {
        self.why.is_absence() && self.step.is_some()
    }

    /// Nothing can be nil to what goes on from here.
    #[must_use]
    pub(super) fn followed(mut self) -> Self {
        self.last = false;
        self
    }
}

impl<'a> Evaluator<'a> {
    /// A stop as the fault that is told.
    pub(super) fn settle(&self, stop: Stop) -> Fault {
        match stop {
            Stop::Fault(fault) => *fault,
            Stop::Missing(missing) => self.missing(&missing),
        }
    }

    /// What is missing, as the fault that it is to everything that cannot do without.
    pub(super) fn missing(&self, missing: &Missing) -> Fault {
        let (name, range, before) = self.place_of(missing);
        let member = |message: String| Fault::new(FaultKind::Mismatch, Code::MissingMember, range.clone(), message);
        match &missing.why {
            Why::Member(container) => {
                let names: Vec<&str> = container.as_map().map(|map| map.keys().map(Arc::as_ref).collect()).unwrap_or_default();
                let (message, help) = self.no_member(missing, &names, before, name.trim_matches(['[', ']']));
                member(message).help(help)
            }
            Why::AnswerMember(space) => {
                let known = self.context.scope.known_members(*space);
                let names: Vec<&str> = known.iter().map(Arc::as_ref).collect();
                let (message, help) = self.no_member(missing, &names, before, name);
                member(message).help(help)
            }
            Why::Index { index, length } => {
                let message = format!("`{before}` has {}: there is no index {index}", count(*length, "item"));
                let message = if *length == 0 { format!("`{before}` is empty: there is no index {index}") } else { message };
                member(message)
            }
            Why::NotThere(container) => not_there(container, name, before, member),
            Why::SpaceMember(space) => {
                let known = self.context.scope.known_members(*space);
                let message = format!("`{before}` has no `{name}`");
                let fault = Fault::new(FaultKind::Unresolved, Code::UnknownName, range, message);
                match nearest(name, known.iter().map(Arc::as_ref)) {
                    Some(near) => fault.help(format!("did you mean `{near}`?")),
                    None => fault,
                }
            }
            Why::NoValue(why) => {
                let whole = if before.is_empty() { name.to_owned() } else { format!("{before}.{name}") };
                Fault::new(FaultKind::NoValue, Code::Unresolved, range, format!("`{whole}` has no value: {why}"))
            }
            Why::Unknown => {
                let message = format!("nothing named `{name}` is known");
                let fault = Fault::new(FaultKind::Unresolved, Code::UnknownName, range, message);
                let known = self.context.scope.known_names();
                match name_help(name, known.iter().map(Arc::as_ref)) {
                    Some(help) => fault.help(help),
                    None => fault,
                }
            }
            Why::Nothing(problem) => Fault { code: Code::MissingMember, ..problem.clone().fault(range) },
        }
    }

    /// The name that is missing, its range, and the text of the path before it.
    fn place_of(&self, missing: &Missing) -> (&'a str, Range<usize>, &'a str) {
        let node = self.node(missing.node);
        let (Kind::Path { steps, .. }, Some(step)) = (&node.kind, missing.step) else {
            let base = match &node.kind {
                Kind::Path { base, .. } => self.node(*base),
                _ => node,
            };
            let name = match &base.kind {
                Kind::Name { name, .. } => name.as_ref(),
                _ => self.text_of(&base.range()),
            };
            return (name, base.range(), "");
        };
        let Some(step) = steps.get(step) else {
            return ("", node.range(), "");
        };
        let name = match &step.kind {
            crate::expr::ast::StepKind::Member(name) => name.as_ref(),
            _ => self.text_of(&step.range),
        };
        let before = self.text_of(&(node.range().start..step.range.start)).trim_end_matches(['.', '?']);
        (name, step.range.clone(), if before.is_empty() { self.base_name(node) } else { before })
    }

    /// The base of a path whose text is not there to be quoted.
    fn base_name(&self, path: &'a Node) -> &'a str {
        match &path.kind {
            Kind::Path { base, .. } => match &self.node(*base).kind {
                Kind::Name { name, .. } => name,
                Kind::Item => "#",
                _ => "…",
            },
            _ => "…",
        }
    }

    /// An object that is there has no such member.
    fn no_member(&self, missing: &Missing, names: &[&str], before: &str, name: &str) -> (String, String) {
        let node = self.node(missing.node);
        let of_item = matches!(&node.kind, Kind::Path { base, .. } if matches!(self.node(*base).kind, Kind::Item));
        let message = if of_item && !self.frames.is_empty() {
            format!("no item has `{}`", self.text_of(&node.range()))
        } else {
            format!("`{before}` has no member `{name}`")
        };
        let help = match nearest(name, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if names.is_empty() => "it has no members at all".to_owned(),
            None => format!(
                "it has `{}`{}",
                names.iter().take(12).copied().collect::<Vec<_>>().join("`, `"),
                if names.len() > 12 { " …" } else { "" }
            ),
        };
        (message, help)
    }
}

fn not_there(container: &Value, name: &str, before: &str, fault: impl Fn(String) -> Fault) -> Fault {
    let fault = fault(format!("`{before}` is {}, so it has no `{name}`", describe(container)));
    match container {
        Value::Null => fault.help(format!("for when it may be null write `{before}?.{name}`, or `… ?? default`")),
        Value::List(_) => fault.help(format!("a member of one item is `{before}[0].{name}`, of all items `map({before}, .{name})`")),
        Value::Text(text) if text.starts_with(['{', '[']) => fault.help(format!("if it is JSON, decode it: `fromJSON({before}).{name}`")),
        Value::Date(_) | Value::Duration(_) => fault.help(format!("methods are called with parentheses: `{before}.{name}()`")),
        _ => fault,
    }
}
