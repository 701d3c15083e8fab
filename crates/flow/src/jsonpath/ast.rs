//! A query as a tree. Typing rules (RFC 9535 §2.4.3) are in its shape: what does not fit cannot be built.

use super::pattern::Pattern;
use crate::Value;
use std::{ops::Range, sync::Arc};

/// One step: what it selects among the children of each node, or among those of all its descendants too.
#[derive(Debug)]
pub(super) struct Segment {
    pub(super) descendant: bool,
    pub(super) selectors: Box<[Selector]>,
    /// Where it stands in the text.
    pub(super) range: Range<usize>,
}

#[derive(Debug)]
pub(super) enum Selector {
    Name(Arc<str>),
    Wildcard,
    Index(i64),
    Slice(Box<Slice>),
    Filter(Box<Test>),
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Slice {
    pub(super) start: Option<i64>,
    pub(super) end: Option<i64>,
    pub(super) step: i64,
}

/// A query inside a filter.
#[derive(Debug)]
pub(super) struct Path {
    pub(super) anchor: Anchor,
    pub(super) segments: Vec<Segment>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    /// `$`
    Root,
    /// `@`
    Current,
}

/// What is true or false of the current node.
#[derive(Debug)]
pub(super) enum Test {
    Any(Vec<Test>),
    All(Vec<Test>),
    Not(Box<Test>),
    Exists(Path),
    Compare(Operand, Comparison, Operand),
    /// `match` (the whole text) or `search` (a part of it); the pattern says which.
    Matches(Operand, Pattern),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// What is one value, or nothing.
#[derive(Debug)]
pub(super) enum Operand {
    Literal(Value),
    /// A singular path.
    Path(Path),
    Length(Box<Operand>),
    Count(Path),
    /// `value(…)`: the value of a path that finds exactly one.
    Only(Path),
}

/// Whether the segments can lead to one value at most.
pub(super) fn is_singular(segments: &[Segment]) -> bool {
    segments.iter().all(|segment| segment.single().is_some())
}

impl Segment {
    /// The one name or index that this step is.
    pub(super) fn single(&self) -> Option<&Selector> {
        match &*self.selectors {
            [single @ (Selector::Name(_) | Selector::Index(_))] if !self.descendant => Some(single),
            _ => None,
        }
    }
}
