//! Broken syntax in the words of an author: what the parser says and where it noticed become what was probably meant and where it went wrong.
//!
//! The parser stops late (an unclosed quote is noticed lines below) and speaks of tokens. Each submodule knows one family of mistakes and
//! looks at the text around the place; the first that recognises its own answers.

mod blocks;
mod brackets;
mod indentation;
mod levels;
mod line;
mod quotes;
mod tabs;
mod templates;
mod words;

use super::{build::too_deep, quote::quoted, text};
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
    /// It is about the indentation of a line inside brackets.
    pub(super) by_indentation: bool,
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
    // Without the rest of its line a list in brackets would not be closed; a template knows its end.
    let is_bounded = |value: &Range<usize>| place.unclosed().is_none_or(|opened| opened >= value.start);
    let value = value.filter(|value| problem.code == Code::UnquotedTemplate || is_bounded(value));
    let at = (problem.span().start as usize).min(place.text.len());
    let by_indentation = matches!(info, "invalid indentation in flow construct" | "invalid indentation");
    (problem, Broken { at, value, by_indentation })
}

/// A message of the parser that no family knows.
fn unknown(info: &str, place: &Place<'_>) -> Mistake {
    if info == "recursion limit exceeded" {
        return too_deep(place.span(place.at..place.at)).into();
    }
    let problem = place.error(place.rest_of_line(place.at), format!("this is not valid YAML: {info}"));
    problem.help("quote the text here, or compare its indentation and brackets with the lines around it").into()
}

/// A character that YAML does not have.
pub(super) fn control_character(id: SourceId, at: usize, character: char) -> Diagnostic {
    let code = u32::from(character);
    let span = Span::new(id, at..at + character.len_utf8());
    Diagnostic::error(Code::YamlSyntax, span, format!("the control character U+{code:04X} stands in the text"))
        .help(format!("remove it; where it is meant, write `\\u{code:04X}` inside double quotes"))
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

    /// A range of the text in quotes, as an author should write it.
    fn quoted(&self, range: &Range<usize>) -> String {
        quoted(&self.text[range.clone()])
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
