//! Expressions: parsed once, checked before anything runs, evaluated against a [`Scope`].
//!
//! The language is expr's (`expr-lang.org`) as Go's `expr` v1.17 evaluates it, with the differences that the language reference names.
//! The way of a text: [`parse()`] makes an [`Expr`], a flat tree whose functions and regular expressions are resolved;
//! [`Expr::names`] says what it needs; [`evaluate`] walks it, [`evaluate_recorded`] also keeps what each part was.
//!
//! Invariants: nothing panics on any text or value; depth, length, steps and sizes are bounded; evaluation asks only its scope.

mod ast;
mod builtins;
mod certain;
mod doubt;
mod eval;
mod fault;
mod lex;
mod meter;
mod methods;
mod names;
mod parse;
mod regex;
mod scope;
mod time;
mod trace;

pub(crate) use certain::Unwritten;
pub(crate) use doubt::Doubt;
pub use fault::{Fault, FaultKind, ParseError};
pub(crate) use names::takes_predicate;
pub use names::{NameUse, name_help};
pub use scope::{Lookup, Scope, Space};
pub use trace::{Comparison, Part, Trace};

use crate::Value;
use ast::{Ast, Binary, Kind, NodeId, Piece};
use parse::{Found, Parser};
use std::{ops::Range, sync::Arc};

/// How a text is read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'a> {
    /// Declared step ids that hold a dash; each is one name where no space surrounds the dash.
    pub dashed: &'a [Arc<str>],
    /// Whether `{{x}}` and `${x}` are operands and may stand inside string literals, as in assertions.
    pub templates: bool,
}

/// A parsed expression. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Expr(Arc<Tree>);

/// What was parsed, of an expression or a template.
#[derive(Debug)]
pub(crate) struct Tree {
    text: Arc<str>,
    root: Root,
    ast: Ast,
    declared: Option<Box<Declared>>,
    /// Whether its value is one that the scope gave: nothing is built that could hold dates or be huge.
    only_reads: bool,
}

/// What few expressions have.
#[derive(Debug)]
struct Declared {
    lets: Vec<(Arc<str>, Range<usize>)>,
    schemas: Vec<(Arc<str>, Range<usize>)>,
}

#[derive(Debug)]
enum Root {
    Expression(NodeId),
    Template(Box<[Piece]>),
}

/// Parses a whole text as one expression.
pub fn parse(text: impl Into<Arc<str>>, options: Options) -> Result<Expr, ParseError> {
    let text = text.into();
    let (root, found) = Parser::new(&text, 0, options).whole()?;
    Ok(Expr(Arc::new(Tree::new(text, Root::Expression(root), found))))
}

/// Parses the longest expression that begins at `start`, and says where it ends.
pub fn parse_prefix(text: &str, start: usize, options: Options) -> Result<(Expr, usize), ParseError> {
    let start = crate::source::floor_boundary(text, start);
    let (root, found, end) = Parser::new(text, start, options).prefix()?;
    Ok((Expr(Arc::new(Tree::new(text.into(), Root::Expression(root), found))), end))
}

impl Tree {
    fn new(text: Arc<str>, root: Root, found: Found) -> Self {
        let Found { mut ast, lets, schemas } = found;
        ast.shrink();
        let only_reads = !ast.iter().any(|node| {
            matches!(
                node.kind,
                Kind::Call(_) | Kind::Each { .. } | Kind::List(_) | Kind::Map(_) | Kind::Binary { operator: Binary::Range, .. }
            )
        });
        let declares = !lets.is_empty() || !schemas.is_empty();
        Self { text, root, ast, declared: declares.then(|| Box::new(Declared { lets, schemas })), only_reads }
    }

    /// Parses a whole text as a template.
    pub(crate) fn template(text: Arc<str>, options: Options) -> Result<Self, ParseError> {
        let (pieces, found) = Parser::new(&text, 0, options).template()?;
        Ok(Self::new(text, Root::Template(pieces.into()), found))
    }

    /// Where in its text it stands.
    fn range(&self) -> Range<usize> {
        match &self.root {
            Root::Expression(root) => self.ast.get(*root).range(),
            Root::Template(_) => 0..self.text.len(),
        }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn shared_text(&self) -> &Arc<str> {
        &self.text
    }

    /// Whether it is a template without a hole.
    pub(crate) fn is_plain(&self) -> bool {
        match &self.root {
            Root::Expression(_) => false,
            Root::Template(pieces) => !pieces.iter().any(|piece| matches!(piece, Piece::Hole(_))),
        }
    }

    pub(crate) fn names(&self) -> Vec<NameUse> {
        names::collect(self)
    }

    /// Calls of methods that nothing has.
    pub(crate) fn unknown_methods(&self) -> Vec<ParseError> {
        certain::unknown_methods(self)
    }

    /// Schemas that are named by something else than a text in the expression.
    pub(crate) fn unwritten_schemas(&self) -> Vec<Unwritten> {
        certain::unwritten_schemas(self)
    }

    pub(crate) fn lets(&self) -> &[(Arc<str>, Range<usize>)] {
        self.declared.as_ref().map_or(&[], |declared| &declared.lets)
    }

    pub(crate) fn schemas(&self) -> &[(Arc<str>, Range<usize>)] {
        self.declared.as_ref().map_or(&[], |declared| &declared.schemas)
    }

    pub(crate) fn render(&self, scope: &dyn Scope) -> Result<Value, Fault> {
        eval::run(self, scope)
    }

    pub(crate) fn render_text(&self, scope: &dyn Scope) -> Result<String, Fault> {
        eval::run_text(self, scope)
    }
}

impl Expr {
    /// The text that the expression was parsed from, all of it.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    pub(crate) fn shared_text(&self) -> &Arc<str> {
        &self.0.text
    }

    /// Where in that text the expression stands.
    pub fn range(&self) -> Range<usize> {
        self.0.range()
    }

    /// The names it uses, in the order of the text.
    pub fn names(&self) -> Vec<NameUse> {
        self.0.names()
    }

    /// Calls of methods that nothing has.
    pub(crate) fn unknown_methods(&self) -> Vec<ParseError> {
        self.0.unknown_methods()
    }

    pub(crate) fn unwritten_schemas(&self) -> Vec<Unwritten> {
        self.0.unwritten_schemas()
    }

    /// What the result is, in words, when it can be no boolean.
    pub(crate) fn no_boolean(&self) -> Option<&'static str> {
        certain::no_boolean(&self.0)
    }

    /// What of a condition is decided before anything runs. `shape_of` gives what is known of a name, and of the member behind it.
    pub(crate) fn doubts(&self, shape_of: &doubt::ShapeOf) -> Vec<Doubt> {
        doubt::doubts(&self.0, shape_of)
    }

    /// The name that the whole expression is.
    pub(crate) fn only_name(&self) -> Option<&str> {
        certain::only_name(&self.0)
    }

    /// The variables that its `let`s declare. One that the scope knows as a name is an error, which the planner reports.
    pub fn lets(&self) -> &[(Arc<str>, Range<usize>)] {
        self.0.lets()
    }

    /// The schema files that it names, for the planner to read.
    pub fn schemas(&self) -> &[(Arc<str>, Range<usize>)] {
        self.0.schemas()
    }

    /// What `value`, a result of this expression, says as a condition; anything but a boolean is a fault.
    pub fn verdict(&self, value: &Value) -> Result<bool, Fault> {
        value.as_bool().ok_or_else(|| {
            let written = self.text().get(self.range()).unwrap_or_default();
            eval::not_boolean(value, written, self.range(), "a condition")
        })
    }
}

/// Evaluates. Dates and durations leave as text.
pub fn evaluate(expr: &Expr, scope: &dyn Scope) -> Result<Value, Fault> {
    eval::run(&expr.0, scope)
}

/// Evaluates and records what each part was.
pub fn evaluate_recorded(expr: &Expr, scope: &dyn Scope) -> (Result<Value, Fault>, Trace) {
    eval::run_recorded(&expr.0, scope)
}
