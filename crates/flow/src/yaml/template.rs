//! Templates where YAML reads something else: `{{` begins an object to it, and `: ` in a text ends a key.

use super::quote::quoted;
use crate::{Code, Diagnostic, SourceId, Span};
use std::ops::Range;

/// A value that begins with `{{`, at `range`.
pub(super) fn unquoted(id: SourceId, range: Range<usize>, text: &str) -> Diagnostic {
    let written = &text[range.clone()];
    let problem = Diagnostic::error(Code::UnquotedTemplate, Span::new(id, range), "a value that begins with `{{` must be quoted")
        .saying("YAML reads an object here");
    if written.contains(['\n', '\r']) {
        return problem.help("put the whole value in quotes, on one line");
    }
    problem.help(format!("write `{}`", quoted(written)))
}

/// The end of the template that begins at `start` with `${` or `{{`: behind its closing brace. `None` when the line has none.
pub(super) fn end(text: &str, start: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, character) in text[start..].char_indices() {
        match character {
            '{' => depth += 1,
            '}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(start + at + 1);
                }
            }
            '\n' | '\r' => return None,
            _ => {}
        }
    }
    None
}
