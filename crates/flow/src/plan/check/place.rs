//! Where a name stands, which decides what it sees.

use crate::{Source, Sources, Span, yaml::Node};
use std::{ops::Range, sync::Arc};

/// Which names are seen.
#[derive(Clone, Copy, Debug)]
pub(in crate::plan) enum At {
    /// In a step, outside its captures and assertions: the index in the order of execution.
    Step(usize),
    /// In the captures of a step, after so many of them.
    Captures(usize, usize),
    /// In the assertions of a step.
    Asserts(usize),
    /// Behind the steps inside a step, before it has an output: the condition of `wait_until`.
    After(usize),
    /// In the flow's `output`, before the step of this number and all later ones.
    Output(usize),
    /// In `env` and the keys of the flow: variables and built-ins only.
    Flow,
}

impl At {
    /// The index of the step that it is in.
    pub(super) fn step(self) -> Option<usize> {
        match self {
            Self::Step(step) | Self::Captures(step, _) | Self::Asserts(step) | Self::After(step) => Some(step),
            Self::Output(_) | Self::Flow => None,
        }
    }
}

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::plan) enum TextKind {
    Template,
    Expression,
}

/// The text that a name stands in.
pub(in crate::plan) struct Place<'a> {
    node: &'a Node,
    source: Option<&'a Arc<Source>>,
    pub(super) at: At,
    pub(super) kind: TextKind,
    /// The variable whose value the text is: it is never what was meant.
    pub(super) owner: Option<&'a str>,
}

impl<'a> Place<'a> {
    pub(in crate::plan) fn new(node: &'a Node, at: At, kind: TextKind, sources: &'a Sources) -> Self {
        Self { node, source: sources.get(node.span.source), at, kind, owner: None }
    }

    /// The value of a variable.
    pub(in crate::plan) fn of_variable(name: &'a str, node: &'a Node, sources: &'a Sources) -> Self {
        Self { owner: Some(name), ..Self::new(node, At::Flow, TextKind::Template, sources) }
    }

    /// The text, its escapes undone.
    pub(super) fn text(&self) -> &str {
        self.node.as_scalar().map_or("", |scalar| &scalar.text)
    }

    pub(in crate::plan) fn span(&self, range: &Range<usize>) -> Span {
        self.source.map_or(self.node.span, |source| self.node.span_at(source, range.clone()))
    }

    /// The place of a member, without the dot before it.
    pub(super) fn member(&self, range: &Range<usize>) -> Span {
        let written = self.text().get(range.clone()).unwrap_or_default();
        let dots = written.len() - written.trim_start_matches(['?', '.', ' ']).len();
        self.span(&(range.start + dots..range.end))
    }
}
