//! What is certain of an expression before anything runs, whatever its names will be.

use super::{
    ParseError, Root, Tree,
    ast::{Binary, Kind, Node, NodeId, StepKind, Unary},
};
use crate::Value;
use std::{ops::Range, sync::Arc};

/// Calls of methods that nothing has. Each is a fault when it is reached.
pub(super) fn unknown_methods(tree: &Tree) -> Vec<ParseError> {
    let paths = tree.ast.iter().filter_map(|node| if let Kind::Path { steps, .. } = &node.kind { Some(steps) } else { None });
    let mut found: Vec<_> = paths
        .flatten()
        .filter_map(|step| {
            let StepKind::NoMethod(problem, _) = &step.kind else { return None };
            let written = tree.text.get(step.range.clone()).unwrap_or_default();
            let dots = written.len() - written.trim_start_matches(['?', '.', ' ']).len();
            let end = written.find('(').unwrap_or(written.len());
            Some((**problem).clone().at(step.range.start + dots..step.range.start + end.max(dots)))
        })
        .collect();
    found.sort_by_key(|error| error.range.start);
    found
}

/// A schema that is named by something else than a text in the expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unwritten {
    /// The name that it is; `None` when a text is put together.
    pub(crate) name: Option<Arc<str>>,
    pub(crate) range: Range<usize>,
}

pub(super) fn unwritten_schemas(tree: &Tree) -> Vec<Unwritten> {
    let schemas = tree.ast.iter().filter_map(|node| match &node.kind {
        Kind::Call(call) if call.function.name == "matches_schema" => call.arguments.get(1),
        _ => None,
    });
    schemas
        .filter_map(|id| {
            let node = tree.ast.get(*id);
            let name = match &node.kind {
                Kind::Name { name, .. } => Some(name.clone()),
                Kind::Text(_) | Kind::Binary { operator: Binary::Add, .. } => None,
                _ => return None,
            };
            Some(Unwritten { name, range: node.range() })
        })
        .collect()
}

/// What the result is, in words, when it can be no boolean.
pub(super) fn no_boolean(tree: &Tree) -> Option<&'static str> {
    let Root::Expression(root) = tree.root else { return None };
    let node = result(tree, root);
    match &node.kind {
        Kind::Literal(Value::Bool(_)) => None,
        Kind::Literal(Value::Text(_)) | Kind::Text(_) => Some("a text"),
        Kind::Literal(Value::Null) => Some("nil"),
        Kind::Literal(value) if value.is_number() => Some("a number"),
        Kind::List(_) | Kind::Binary { operator: Binary::Range, .. } => Some("a list"),
        Kind::Map(_) => Some("an object"),
        Kind::Unary { operator: Unary::Minus | Unary::Plus, .. } => Some("a number"),
        Kind::Binary { operator, .. } => arithmetic(*operator),
        Kind::Call(call) => returned(call.function.name),
        Kind::Each { each, .. } => returned(each.name()),
        _ => None,
    }
}

/// The name that the whole expression is.
pub(super) fn only_name(tree: &Tree) -> Option<&str> {
    let Root::Expression(root) = tree.root else { return None };
    match &result(tree, root).kind {
        Kind::Name { name, .. } => Some(name),
        _ => None,
    }
}

/// The node that gives the result.
fn result(tree: &Tree, mut id: NodeId) -> &Node {
    loop {
        let node = tree.ast.get(id);
        match &node.kind {
            Kind::Let { body, .. } => id = *body,
            _ => return node,
        }
    }
}

fn arithmetic(operator: Binary) -> Option<&'static str> {
    match operator {
        Binary::Add => Some("a number or a text"),
        Binary::Subtract | Binary::Multiply | Binary::Divide | Binary::Remainder | Binary::Power => Some("a number"),
        _ => None,
    }
}

/// What functions give back whose authors forgot to compare it.
pub(super) fn returned(function: &str) -> Option<&'static str> {
    match function {
        "len" | "count" | "sum" | "int" | "float" | "abs" | "round" | "floor" | "ceil" | "indexOf" | "findIndex" => Some("a number"),
        "string" | "upper" | "lower" | "trim" | "type" | "join" | "toJSON" => Some("a text"),
        "map" | "filter" | "sort" | "sortBy" | "keys" | "values" | "split" | "uniq" => Some("a list"),
        _ => None,
    }
}
