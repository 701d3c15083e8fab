//! The syntax tree: a flat arena, so that dropping it needs no recursion whatever was parsed into it.
//!
//! Invariant: a node's children were added before it, and no node is higher than [`MAX_HEIGHT`]; so walking down from any node is bounded.

mod operator;

pub(super) use operator::{Binary, Each, Unary};

use super::{ParseError, builtins::Function, fault::Problem, methods::Method, regex::Pattern};
use crate::{Code, Value};
use std::{ops::Range, sync::Arc};

/// How deep an expression may be. The evaluator recurses once for each level.
pub(super) const MAX_HEIGHT: u16 = 200;

/// A node of one [`Ast`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NodeId(u32);

impl NodeId {
    /// Its place among the nodes.
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

#[derive(Debug)]
pub(super) struct Node {
    pub(super) kind: Kind,
    start: u32,
    end: u32,
    height: u16,
}

impl Node {
    /// Where it stands in the text, in bytes.
    pub(super) fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

#[derive(Debug)]
pub(super) enum Kind {
    Literal(Value),
    /// A name of the scope; `guard` is what is tolerated about it.
    Name {
        name: Arc<str>,
        guard: Guard,
    },
    /// A variable of `let`, by its place on the stack of variables.
    Local(usize),
    /// `#`, or what stands before a `.field` shorthand.
    Item,
    /// `#index`.
    Index,
    /// `#acc`.
    Accumulator,
    Path {
        base: NodeId,
        steps: Box<[Step]>,
        guard: Guard,
    },
    Unary {
        operator: Unary,
        operand: NodeId,
    },
    Binary {
        operator: Binary,
        left: NodeId,
        right: NodeId,
    },
    /// `matches` with a constant pattern.
    Matches {
        operand: NodeId,
        pattern: Box<Pattern>,
    },
    Exists(NodeId),
    Conditional {
        condition: NodeId,
        yes: NodeId,
        no: NodeId,
    },
    Let {
        value: NodeId,
        body: NodeId,
    },
    Sequence(Box<[NodeId]>),
    List(Box<[NodeId]>),
    Map(Box<[(NodeId, NodeId)]>),
    Call(Box<Call>),
    /// A function with a predicate; `extra` is the order of `sortBy` and the start of `reduce`.
    Each {
        each: Each,
        list: NodeId,
        predicate: Option<NodeId>,
        extra: Option<NodeId>,
    },
    /// A template as an operand.
    Hole(Box<Hole>),
    /// Text with templates in it.
    Text(Box<[Piece]>),
}

/// A call of a built-in function.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) function: &'static Function,
    pub(super) arguments: Box<[NodeId]>,
}

/// One step of a path. The range is that of the step alone.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) kind: StepKind,
    pub(super) range: Range<usize>,
    /// Whether `?.` leads to it.
    pub(super) optional: bool,
}

#[derive(Debug)]
pub(super) enum StepKind {
    Member(Arc<str>),
    At(i64),
    Index(NodeId),
    Slice(Option<NodeId>, Option<NodeId>),
    Method(Method, Box<[NodeId]>),
    /// A call of a method that nothing has: a fault when it is reached.
    NoMethod(Box<Problem>, Box<[NodeId]>),
}

/// What is tolerated about a name or path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Guard {
    #[default]
    Nothing,
    /// Compared with nil: a missing last member.
    Last,
    /// Under `exists` or `??`: any break, and an unknown name.
    Any,
}

/// A piece of a text with templates.
#[derive(Debug)]
pub(super) enum Piece {
    Text(String),
    Hole(Box<Hole>),
}

/// A template: an expression, perhaps with a default.
#[derive(Debug)]
pub(super) struct Hole {
    pub(super) expr: NodeId,
    pub(super) fallback: Option<Box<Fallback>>,
    /// With its braces.
    pub(super) range: Range<usize>,
}

/// The default of a template: text, which may hold templates.
#[derive(Debug)]
pub(super) struct Fallback {
    pub(super) pieces: Box<[Piece]>,
    /// `:-`, which replaces the empty text too.
    pub(super) replaces_empty: bool,
}

#[derive(Debug, Default)]
pub(super) struct Ast {
    nodes: Vec<Node>,
}

impl Ast {
    /// Adds a node over children that are here already.
    pub(super) fn add(&mut self, kind: Kind, range: Range<usize>) -> Result<NodeId, ParseError> {
        let mut below = 0;
        kind.for_each_child(&mut |child| below = below.max(self.get(child).height));
        if below >= MAX_HEIGHT {
            return Err(too_deep(range, MAX_HEIGHT));
        }
        // A longer text is refused before it is parsed: a YAML file has fewer bytes.
        let at = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        let id = NodeId(at(self.nodes.len()));
        self.nodes.push(Node { kind, start: at(range.start), end: at(range.end), height: below + 1 });
        Ok(id)
    }

    pub(super) fn get(&self, id: NodeId) -> &Node {
        // Ids come from `add` of the same arena, and nothing is ever taken out.
        &self.nodes[id.0 as usize]
    }

    pub(super) fn get_mut(&mut self, id: NodeId) -> &mut Node {
        &mut self.nodes[id.0 as usize]
    }

    /// Gives back the memory that adding took in advance.
    pub(super) fn shrink(&mut self) {
        self.nodes.shrink_to_fit();
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter()
    }

    /// Says what is tolerated about an operand: itself, or the branches that may become it.
    pub(super) fn guard(&mut self, id: NodeId, wanted: Guard) {
        let inner = match &mut self.get_mut(id).kind {
            Kind::Name { guard, .. } | Kind::Path { guard, .. } => {
                *guard = wanted.max(*guard);
                None
            }
            Kind::Conditional { yes, no, .. } => Some((*yes, Some(*no))),
            Kind::Binary { operator: Binary::Coalesce, right, .. } => Some((*right, None)),
            Kind::Let { body, .. } => Some((*body, None)),
            Kind::Sequence(items) => items.last().map(|last| (*last, None)),
            _ => None,
        };
        // A path tolerates what it is told to, and its base with it when the name itself may be unknown.
        if let Kind::Path { base, .. } = &self.get(id).kind {
            let base = *base;
            if wanted == Guard::Any {
                self.guard(base, wanted);
            }
        }
        if let Some((first, second)) = inner {
            self.guard(first, wanted);
            if let Some(second) = second {
                self.guard(second, wanted);
            }
        }
    }
}

pub(super) fn too_deep(range: Range<usize>, most: u16) -> ParseError {
    ParseError::new(Code::TooDeep, range, format!("the expression is nested more than {most} deep here"))
        .help("split it: put parts of it into variables or captures")
}

impl Kind {
    pub(super) fn for_each_child(&self, visit: &mut dyn FnMut(NodeId)) {
        match self {
            Self::Literal(_) | Self::Name { .. } | Self::Local(_) | Self::Item | Self::Index | Self::Accumulator => {}
            Self::Path { base, steps, .. } => {
                visit(*base);
                for step in steps {
                    step.kind.for_each_child(visit);
                }
            }
            Self::Unary { operand, .. } | Self::Matches { operand, .. } | Self::Exists(operand) => {
                visit(*operand);
            }
            Self::Binary { left, right, .. } => [*left, *right].into_iter().for_each(visit),
            Self::Conditional { condition, yes, no } => {
                [*condition, *yes, *no].into_iter().for_each(visit);
            }
            Self::Let { value, body } => [*value, *body].into_iter().for_each(visit),
            Self::Sequence(items) | Self::List(items) => items.iter().copied().for_each(visit),
            Self::Call(call) => call.arguments.iter().copied().for_each(visit),
            Self::Map(members) => {
                members.iter().flat_map(|(key, value)| [*key, *value]).for_each(visit);
            }
            Self::Each { list, predicate, extra, .. } => {
                [Some(*list), *predicate, *extra].into_iter().flatten().for_each(visit);
            }
            Self::Hole(hole) => hole.for_each_child(visit),
            Self::Text(pieces) => pieces.iter().for_each(|piece| piece.for_each_child(visit)),
        }
    }
}

impl StepKind {
    fn for_each_child(&self, visit: &mut dyn FnMut(NodeId)) {
        match self {
            Self::Member(_) | Self::At(_) => {}
            Self::Index(index) => visit(*index),
            Self::Slice(from, to) => [*from, *to].into_iter().flatten().for_each(visit),
            Self::Method(_, arguments) | Self::NoMethod(_, arguments) => arguments.iter().copied().for_each(visit),
        }
    }
}

impl Piece {
    pub(super) fn for_each_child(&self, visit: &mut dyn FnMut(NodeId)) {
        if let Self::Hole(hole) = self {
            hole.for_each_child(visit);
        }
    }
}

impl Hole {
    fn for_each_child(&self, visit: &mut dyn FnMut(NodeId)) {
        visit(self.expr);
        if let Some(fallback) = &self.fallback {
            fallback.pieces.iter().for_each(|piece| piece.for_each_child(visit));
        }
    }
}
