//! `JSONPath` as RFC 9535 has it, over [`Value`].
//!
//! [`parse`] gives a [`Query`] or an error that names the cause, the place and the cure. [`Query::select`] finds values in the order of the RFC,
//! and [`Query::first_break`] tells how far a path got that found nothing. Numbers compare exactly; the names of HTTP headers match without case.
//!
//! Invariants: no text and no value makes it panic or overflow the stack. Nesting in a query is bounded, and
//! so is what it looks at; descending into values needs no recursion.

mod ast;
mod breaks;
mod cursor;
mod eval;
mod filter;
mod functions;
mod meter;
mod parser;
mod pattern;
mod string;
#[cfg(test)]
mod tests;
mod wrong;

pub use breaks::{Break, Missing};
pub use meter::{MAX_STEPS, TooDear};

use crate::Value;
use std::{fmt, ops::Range, sync::Arc};

/// Filters, parentheses and functions nest this deep in a query.
pub const MAX_NESTING: usize = 48;

/// A path, ready to be asked many times.
#[derive(Clone, Debug)]
pub struct Query {
    text: Arc<str>,
    segments: Arc<[ast::Segment]>,
    singular: bool,
}

/// Why a text is no `JSONPath`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// The bytes of the text that are wrong; empty at its end when something is missing there.
    pub range: Range<usize>,
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

impl fmt::Display for ParseError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)?;
        match &self.help {
            Some(help) => write!(formatter, "; {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ParseError {}

/// Reads a query. It begins with `$`, and no white space stands before or after it.
pub fn parse(text: impl Into<Arc<str>>) -> Result<Query, ParseError> {
    let text = text.into();
    let segments = parser::Parser::new(&text).query()?;
    let singular = ast::is_singular(&segments);
    Ok(Query { text, segments: segments.into(), singular })
}

/// Queries are equal when they are written the same.
impl PartialEq for Query {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Query {}

impl Query {
    /// The query as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the query can find one value at most: names and indices only.
    pub fn is_singular(&self) -> bool {
        self.singular
    }

    /// The values found, in the order of RFC 9535; one that is found twice is there twice.
    ///
    /// # Errors
    /// When that takes more than [`MAX_STEPS`].
    pub fn select(&self, root: &Value) -> Result<Vec<Value>, TooDear> {
        self.find(root).map(|found| found.into_iter().cloned().collect())
    }

    /// As [`select`](Self::select), without taking the values along.
    pub fn find<'a>(&'a self, root: &'a Value) -> Result<Vec<&'a Value>, TooDear> {
        if self.singular {
            return Ok(eval::single(&self.segments, root).into_iter().collect());
        }
        eval::Evaluation::new(root).nodes(&self.segments, root)
    }

    /// Where a singular query that finds nothing leaves what is there. `None` when it finds its value, or is not singular.
    pub fn first_break(&self, root: &Value) -> Option<Break> {
        if self.singular { breaks::first_break(&self.segments, root) } else { None }
    }
}
