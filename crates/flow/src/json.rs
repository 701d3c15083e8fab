//! JSON as RFC 8259 has it, from text to [`Value`], with nothing lost in silence.
//!
//! Integers are exact from −2⁶³ to 2⁶⁴−1; a float that JavaScript would write otherwise keeps its spelling. What a program that reads JSON usually
//! drops without a word is told: numbers that a float cannot hold, and members that a later one of the same name replaces.
//!
//! Invariants: no input panics or overflows the stack; the time is linear in the length of the text.

mod names;
mod notes;
mod number;
pub(crate) mod path;
mod reader;
mod string;
#[cfg(test)]
mod tests;
mod wrong;

use crate::{Value, source::Position};
use std::fmt;

/// Lists and objects nest this deep; a text that goes deeper is refused.
pub const MAX_DEPTH: usize = 128;

/// What a text says.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    pub value: Value,
    /// The `JSONPath` of each number that lost digits, in the order of the text.
    pub lossy: Vec<String>,
    /// The `JSONPath` of each member that replaced one of the same name before it.
    pub duplicates: Vec<String>,
    /// Whether `lossy` or `duplicates` leave some out: what they hold is bounded, so that no text makes them larger than itself.
    pub unlisted: bool,
}

/// Why a text is no JSON, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The byte at which the text stops being JSON; its length when it ends too early.
    pub offset: usize,
    /// The same place as line and column.
    pub position: Position,
    pub message: String,
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Position { line, column } = self.position;
        write!(formatter, "{} (line {line}, column {column})", self.message)
    }
}

impl std::error::Error for Error {}

impl Error {
    fn new(text: &str, offset: usize, message: impl Into<String>) -> Self {
        let before = &text[..crate::source::floor_boundary(text, offset)];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let count = |n: usize| u32::try_from(n + 1).unwrap_or(u32::MAX);
        let position = Position { line: count(before.matches('\n').count()), column: count(before[line_start..].chars().count()) };
        Self { offset, position, message: message.into() }
    }
}

/// Reads a text that is one JSON value, space around it aside.
///
/// # Errors
/// The first place where the text is no JSON, or holds what a [`Value`] cannot: half a surrogate pair, a number beyond the floats, lists and objects
/// nested deeper than [`MAX_DEPTH`].
pub fn parse(text: &str) -> Result<Parsed, Error> {
    reader::Reader::new(text).document()
}
