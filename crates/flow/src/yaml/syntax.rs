//! Broken syntax in the words of an author: what the parser says and where it noticed become what was probably meant and where it went wrong.
//!
//! The parser stops late (an unclosed quote is noticed lines below) and speaks of tokens. Each submodule knows one family of mistakes and
//! looks at the text around the place; the first that recognises its own answers.

mod blocks;
mod brackets;
mod levels;
mod line;
mod quotes;
mod tabs;
mod templates;
mod words;

use super::{build::too_deep, text};
use crate::{Code, Diagnostic, SourceId, Span};
use std::ops::Range;

/// Where the parser gave up.
pub(super) struct Place<'a> {
    pub(super) text: &'a str,
    pub(super) id: SourceId,
    /// Where the parser noticed it.
    pub(super) at: usize,
    /// The end of the last value that was read. The parser may be ahead of it by what could still become a key.
    pub(super) cursor: usize,
    pub(super) document_start: usize,
    /// The lists and objects that are not complete, outermost first.
    pub(super) open: Vec<Open>,
}

pub(super) struct Open {
    pub(super) start: usize,
    pub(super) is_list: bool,
}

/// What to take out of the text to read on.
pub(super) struct Broken {
    /// Where the mistake is.
    pub(super) at: usize,
    /// The value that is broken, when only that is.
    pub(super) value: Option<Range<usize>>,
}

/// A mistake that was recognised.
struct Mistake {
    problem: Diagnostic,
    value: Option<Range<usize>>,
}

impl From<Diagnostic> for Mistake {
    fn from(problem: Diagnostic) -> Self {
        Self { problem, value: None }
    }
}

impl Mistake {
    /// A mistake that is confined to a value: without that the text could be read on.
    fn confined(problem: Diagnostic, value: Range<usize>) -> Self {
        Self { problem, value: Some(value) }
    }
}

/// The diagnostic for what the parser calls `info`.
pub(super) fn explain(info: &str, place: &Place<'_>) -> (Diagnostic, Broken) {
    let families =
        [words::explain, tabs::explain, templates::explain, quotes::explain, brackets::explain, blocks::explain, levels::explain];
    let mistake = families.iter().find_map(|family| family(info, place));
    let Mistake { problem, value } = mistake.unwrap_or_else(|| unknown(info, place));
    let at = (problem.span().start as usize).min(place.text.len());
    (problem, Broken { at, value })
}

/// A message of the parser that no family knows.
fn unknown(info: &str, place: &Place<'_>) -> Mistake {
    if info == "recursion limit exceeded" {
        return too_deep(place.span(place.at..place.at)).into();
    }
    place.error(place.rest_of_line(place.at), format!("this is not valid YAML: {info}")).into()
}

impl Place<'_> {
    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.id, range)
    }

    fn error(&self, range: Range<usize>, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(Code::YamlSyntax, self.span(range), message)
    }

    /// The character at a place, as a range; empty at the end.
    fn character(&self, at: usize) -> Range<usize> {
        at..at + self.text[at..].chars().next().map_or(0, char::len_utf8)
    }

    /// From a place to the end of its line, without white space and comment.
    fn rest_of_line(&self, at: usize) -> Range<usize> {
        at..line::end(self.text, at)
    }

    /// Whether nothing but white space, and the dashes of list items, stands before a place on its line.
    fn begins_line(&self, at: usize) -> bool {
        self.text[text::line_start(self.text, at)..at].chars().all(|c| matches!(c, ' ' | '\t' | '-'))
    }
}
