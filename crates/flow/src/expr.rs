//! Expressions: parsed once, checked before anything runs, evaluated against a [`Scope`].

mod fault;
mod names;
mod scope;
mod trace;

pub use fault::{Fault, FaultKind, ParseError};
pub use names::NameUse;
pub use scope::{Lookup, Scope, Space};
pub use trace::{Comparison, Part, Trace};

use crate::{Code, Value};
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

#[derive(Debug)]
struct Tree {
    text: Arc<str>,
    range: Range<usize>,
}

/// Parses a whole text as one expression.
pub fn parse(text: &str, options: Options) -> Result<Expr, ParseError> {
    parse_prefix(text, 0, options).map(|(expr, _)| expr)
}

/// Parses the longest expression that begins at `start`, and says where it ends.
pub fn parse_prefix(text: &str, start: usize, _options: Options) -> Result<(Expr, usize), ParseError> {
    let tree = Tree { text: text.into(), range: start..text.len() };
    Ok((Expr(Arc::new(tree)), text.len()))
}

impl Expr {
    /// The text that the expression was parsed from, all of it.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// Where in that text the expression stands.
    pub fn range(&self) -> Range<usize> {
        self.0.range.clone()
    }

    /// The names it uses, in the order of the text.
    pub fn names(&self) -> Vec<NameUse> {
        Vec::new()
    }

    /// The schema files that it names, for the planner to read.
    pub fn schemas(&self) -> Vec<(Arc<str>, Range<usize>)> {
        Vec::new()
    }

    /// What `value`, a result of this expression, says as a condition; anything but a boolean is a fault.
    pub fn verdict(&self, value: &Value) -> Result<bool, Fault> {
        value.as_bool().ok_or_else(|| Fault::mismatch(self.range(), "not a boolean"))
    }
}

/// Evaluates. Dates and durations leave as text.
pub fn evaluate(expr: &Expr, _scope: &dyn Scope) -> Result<Value, Fault> {
    Err(Fault::new(FaultKind::Internal, Code::Internal, expr.range(), "not evaluated yet"))
}

/// Evaluates and records what each part was.
pub fn evaluate_recorded(expr: &Expr, scope: &dyn Scope) -> (Result<Value, Fault>, Trace) {
    (evaluate(expr, scope), Trace::default())
}
