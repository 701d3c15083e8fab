//! Segments and selectors. Filters are in `filter`, what to say about mistakes in `wrong`.

use super::{
    MAX_NESTING, ParseError,
    ast::{Segment, Selector, Slice},
};
use crate::json::path::{is_name_char, is_name_first};

/// The integers that every JSON implementation has: ±(2⁵³−1).
const MAX_INTEGER: i64 = 9_007_199_254_740_991;

pub(super) struct Parser<'a> {
    pub(super) text: &'a str,
    /// The byte that is read next, at the border of a character.
    pub(super) at: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0, depth: 0 }
    }

    pub(super) fn query(mut self) -> Result<Vec<Segment>, ParseError> {
        if !self.take("$") {
            return Err(self.no_root());
        }
        let segments = self.segments()?;
        if self.at == self.text.len() { Ok(segments) } else { Err(self.trailing()) }
    }

    /// Reads segments as long as there are any; white space after the last one stays.
    pub(super) fn segments(&mut self) -> Result<Vec<Segment>, ParseError> {
        let mut segments = Vec::new();
        loop {
            let before = self.at;
            self.skip_space();
            let start = self.at;
            let descendant = self.take("..");
            let selectors = if self.rest().starts_with('[') && (descendant || start == self.at) {
                self.bracketed()?
            } else if descendant || self.take(".") {
                vec![self.after_dot(start)?]
            } else {
                self.at = before;
                return Ok(segments);
            };
            segments.push(Segment { descendant, selectors: selectors.into(), range: start..self.at });
        }
    }

    /// Reads the name or `*` after the dots at `dots`.
    fn after_dot(&mut self, dots: usize) -> Result<Selector, ParseError> {
        if self.take("*") {
            return Ok(Selector::Wildcard);
        }
        if !self.peek().is_some_and(is_name_first) {
            return Err(self.no_name(dots));
        }
        Ok(Selector::Name(self.take_while(is_name_char).into()))
    }

    fn bracketed(&mut self) -> Result<Vec<Selector>, ParseError> {
        let opening = self.at;
        self.at += 1;
        let mut selectors = Vec::new();
        loop {
            self.skip_space();
            selectors.push(self.selector(opening, selectors.is_empty())?);
            self.skip_space();
            if self.take("]") {
                return Ok(selectors);
            }
            if !self.take(",") {
                return Err(self.not_closed(opening));
            }
        }
    }

    fn selector(&mut self, opening: usize, first: bool) -> Result<Selector, ParseError> {
        match self.peek() {
            Some('\'' | '"') => Ok(Selector::Name(self.string()?.into())),
            Some('*') => {
                self.at += 1;
                Ok(Selector::Wildcard)
            }
            Some('?') => {
                self.at += 1;
                self.skip_space();
                self.nested(Self::filter).map(|test| Selector::Filter(Box::new(test)))
            }
            Some('-' | ':' | '0'..='9') => self.index_or_slice(),
            _ => Err(self.no_selector(opening, first)),
        }
    }

    fn index_or_slice(&mut self) -> Result<Selector, ParseError> {
        let start = self.integer()?;
        let after_start = self.at;
        self.skip_space();
        if !self.take(":") {
            self.at = after_start;
            // Without a `:` it began with `-` or a digit, so there is an integer.
            return start.map(Selector::Index).ok_or_else(|| self.no_selector(after_start, false));
        }
        self.skip_space();
        let end = self.integer()?;
        self.skip_space();
        let mut step = None;
        if self.take(":") {
            self.skip_space();
            step = self.integer()?;
        }
        Ok(Selector::Slice(Box::new(Slice { start, end, step: step.unwrap_or(1) })))
    }

    /// Reads an integer if one begins here.
    fn integer(&mut self) -> Result<Option<i64>, ParseError> {
        let start = self.at;
        let negative = self.take("-");
        let digits = self.take_while(|character| character.is_ascii_digit());
        let written = &self.text[start..self.at];
        if written.is_empty() {
            return Ok(None);
        }
        let fits = |value: &i64| (-MAX_INTEGER..=MAX_INTEGER).contains(value);
        let plain = !digits.starts_with('0') || written == "0";
        match written.parse::<i64>().ok().filter(fits).filter(|_| plain) {
            Some(value) => Ok(Some(value)),
            None => Err(Self::bad_integer(start..self.at, negative, digits)),
        }
    }

    /// Reads something that may hold more of its kind, within bounds.
    pub(super) fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, ParseError>) -> Result<T, ParseError> {
        if self.depth == MAX_NESTING {
            let message = format!("filters and parentheses nest deeper than {MAX_NESTING}");
            return Err(ParseError::new(self.at..self.at, message));
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }
}
