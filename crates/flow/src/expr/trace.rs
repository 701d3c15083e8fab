//! The record of one evaluation: what each part was, and which part decided.

use crate::Value;
use std::ops::Range;

/// What an evaluation went through. Ranges are in the text that the expression was parsed from.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// The sub-expressions in the order of the text, a parent before its parts; literals are left out.
    pub parts: Vec<Part>,
    /// The sub-expression that decided: the false side of `&&`, the failing comparison, inside the first item for which a predicate said no.
    pub decided: Range<usize>,
    /// Both sides, when a comparison decided.
    pub comparison: Option<Comparison>,
}

/// A sub-expression and what it was.
#[derive(Clone, Debug)]
pub struct Part {
    pub range: Range<usize>,
    /// `None`: not evaluated, or missing; the note says which.
    pub value: Option<Value>,
    pub note: Option<String>,
    /// How many other parts it stands in.
    pub depth: usize,
    /// The item's index, inside a predicate.
    pub item: Option<usize>,
}

/// The two sides of a comparison.
#[derive(Clone, Debug)]
pub struct Comparison {
    pub left: Value,
    pub right: Value,
    /// As it is written: `==`, `<`, `in`, `contains` …
    pub operator: &'static str,
}
