//! Directives: lines that begin with `%` before a document. The parser gives no events for them.

use super::{Builder, GO_ON, Step};
use crate::{Code, Diagnostic, Span, yaml::text};

impl Builder<'_> {
    /// Looks at what stands between two documents, from the cursor on.
    pub(super) fn directives(&mut self) -> Step {
        loop {
            self.cursor = text::skip_blank(self.text, self.cursor);
            if self.text[self.cursor..].starts_with(BYTE_ORDER_MARK) {
                self.cursor += BYTE_ORDER_MARK.len_utf8();
            }
            let line = text::trim_end(self.text, self.cursor..text::line_end(self.text, self.cursor));
            let written = &self.text[line.clone()];
            if !written.starts_with(['%', '.']) || !self.begins_line(line.start) {
                return GO_ON;
            }
            if let Some(words) = written.strip_prefix('%') {
                let problem = directive(words, self.span(line.clone()));
                if problem.as_ref().is_some_and(Diagnostic::is_error) && !written.is_ascii() {
                    // The parser counts the bytes of such a directive in place of its characters: what follows would be misplaced.
                    return problem.map_or(GO_ON, |problem| self.stop(problem));
                }
                self.diagnostics.extend(problem);
            } else if !written.starts_with("...") {
                return GO_ON;
            }
            self.cursor = line.end;
        }
    }

    fn begins_line(&self, at: usize) -> bool {
        self.text[text::line_start(self.text, at)..at].chars().all(|c| c == BYTE_ORDER_MARK)
    }
}

/// May stand before each document.
const BYTE_ORDER_MARK: char = '\u{FEFF}';

/// What is wrong with a directive, given without its `%`.
fn directive(words: &str, span: Span) -> Option<Diagnostic> {
    let mut words = words.split_whitespace();
    match (words.next().unwrap_or_default(), words.next().unwrap_or_default()) {
        ("YAML", "1.2") => None,
        ("YAML", version) => Some(
            Diagnostic::warning(Code::YamlTrap, span, format!("the file is read as YAML 1.2, not {version}"))
                .help("remove the line; in YAML 1.2 `yes`, `no`, `on` and `off` are texts, and `0123` is no number"),
        ),
        ("TAG", _) => Some(
            Diagnostic::error(Code::YamlSyntax, span, "a file has no tags of its own").help("remove the line and the tags that need it"),
        ),
        (name, _) => Some(
            Diagnostic::error(Code::YamlSyntax, span, format!("the directive `%{name}` is not known"))
                .help("remove the line; a text that begins with `%` must be quoted"),
        ),
    }
}
