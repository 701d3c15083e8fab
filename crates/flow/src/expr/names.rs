//! The names that an expression uses, for whoever checks them before anything runs.

use super::{
    Root, Tree,
    ast::{Guard, Kind, NodeId, Step, StepKind},
};
use crate::nearest::nearest;
use std::{ops::Range, sync::Arc};

/// One use of a name that the scope must know. Variables of `let`, functions and predicate items are none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameUse {
    pub name: Arc<str>,
    pub range: Range<usize>,
    /// The name stands under `exists` or `??`: an unknown one is only a warning.
    pub guarded: bool,
    /// The constant members that follow, until an index, a call, or `.length`: `body.items[0].id` gives `items`.
    pub path: Vec<(Arc<str>, Range<usize>)>,
    /// A missing member is meant to be possible: under `exists`, `??`, `== nil`, `!= nil`, or with `?.`.
    pub path_guarded: bool,
}

/// All uses that can be reached from the root, in the order of the text.
pub(super) fn collect(tree: &Tree) -> Vec<NameUse> {
    let mut open: Vec<NodeId> = Vec::new();
    match &tree.root {
        Root::Expression(id) => open.push(*id),
        Root::Template(pieces) => {
            for piece in pieces {
                piece.for_each_child(&mut |id| open.push(id));
            }
        }
    }
    let mut seen = vec![false; tree.ast.iter().count()];
    let mut uses = Vec::new();
    while let Some(id) = open.pop() {
        // A comparison chain shares its middle: once is enough.
        if std::mem::replace(&mut seen[id.index()], true) {
            continue;
        }
        let node = tree.ast.get(id);
        let mut base_of = None;
        match &node.kind {
            Kind::Name { name, guard } => {
                uses.push(one(name, &node.range(), *guard, *guard, &[]));
            }
            Kind::Path { base, steps, guard } => {
                let node = tree.ast.get(*base);
                if let Kind::Name { name, guard: of_name } = &node.kind {
                    uses.push(one(name, &node.range(), *of_name, *guard, steps));
                    base_of = Some(*base);
                }
            }
            _ => {}
        }
        node.kind.for_each_child(&mut |child| {
            if Some(child) != base_of {
                open.push(child);
            }
        });
    }
    uses.sort_by_key(|name| (name.range.start, name.range.end));
    uses
}

fn one(name: &Arc<str>, range: &Range<usize>, of_name: Guard, of_path: Guard, steps: &[Step]) -> NameUse {
    let mut path = Vec::new();
    for step in steps {
        match &step.kind {
            StepKind::Member(member) if &**member != "length" => {
                path.push((member.clone(), step.range.clone()));
            }
            _ => break,
        }
    }
    let is_optional = steps.iter().any(|step| step.optional);
    NameUse {
        name: name.clone(),
        range: range.clone(),
        guarded: of_name == Guard::Any,
        path,
        path_guarded: of_path >= Guard::Last || is_optional,
    }
}

/// Literals of other languages.
const FOREIGN: [(&str, &str); 10] = [
    ("True", "true"),
    ("TRUE", "true"),
    ("False", "false"),
    ("FALSE", "false"),
    ("None", "nil"),
    ("NULL", "nil"),
    ("Null", "nil"),
    ("NIL", "nil"),
    ("undefined", "nil"),
    ("NaN", "nil"),
];

/// What the author of an unknown name may have meant: a literal of another language, or the nearest of the `known` names.
pub fn name_help<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let foreign = FOREIGN.iter().find(|(foreign, _)| *foreign == name).map(|(_, ours)| *ours);
    let near = foreign.or_else(|| nearest(name, known));
    match near {
        Some(near) => Some(format!("did you mean `{near}`?")),
        None if super::builtins::find(name).is_some() || super::ast::Each::parse(name).is_some() => {
            Some(format!("`{name}` is a function: write `{name}(…)`"))
        }
        None => None,
    }
}

/// Whether a function of this name takes a predicate, in which `#` is the item.
pub(crate) fn takes_predicate(name: &str) -> bool {
    super::ast::Each::parse(name).is_some()
}
