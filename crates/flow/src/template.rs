//! Templates: text with holes that hold expressions, as in `${name}` and `{{name}}`.
//!
//! The grammar of expressions decides where a hole ends, so that braces and quotes inside it are no trouble.
//! `$${` and `{{{{` are the literals; a lone `$`, `{` or `}` is text.

use crate::{
    Value,
    expr::{Fault, NameUse, Options, ParseError, Scope, Tree, Unwritten},
};
use std::{ops::Range, sync::Arc};

/// A parsed template. Ranges are in the text it was parsed from. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Template(Arc<Tree>);

impl Template {
    /// Parses a whole scalar. Text without templates is one too.
    pub fn parse(text: impl Into<Arc<str>>, options: Options) -> Result<Self, ParseError> {
        Tree::template(text.into(), options).map(|tree| Self(Arc::new(tree)))
    }

    /// The text that it was parsed from.
    pub fn text(&self) -> &str {
        self.0.text()
    }

    pub(crate) fn shared_text(&self) -> &Arc<str> {
        self.0.shared_text()
    }

    /// Whether it has no hole.
    pub fn is_plain(&self) -> bool {
        self.0.is_plain()
    }

    /// The names it uses, in the order of the text; those with a default are guarded.
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

    /// The variables that its expressions declare with `let`; see [`Expr::lets`](crate::expr::Expr::lets).
    pub fn lets(&self) -> &[(Arc<str>, Range<usize>)] {
        self.0.lets()
    }

    /// The schema files that its expressions name, for the planner to read.
    pub fn schemas(&self) -> &[(Arc<str>, Range<usize>)] {
        self.0.schemas()
    }

    /// One hole and nothing else keeps the value's type; anything else is text.
    ///
    /// A missing member is a fault anywhere, null in other text too.
    pub fn render(&self, scope: &dyn Scope) -> Result<Value, Fault> {
        self.0.render(scope)
    }

    /// As text, whatever it is; null is a fault.
    pub fn render_text(&self, scope: &dyn Scope) -> Result<String, Fault> {
        self.0.render_text(scope)
    }
}
