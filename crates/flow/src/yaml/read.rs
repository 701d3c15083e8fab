//! All problems of a text at once: where the syntax breaks, the broken part is blanked out in a copy and the copy is read again.
//!
//! Blanking keeps every place where it is. A document in which something was blanked is not given out, since it is not what was written.

use super::{
    Document, Read,
    build::{self, End, Pass},
    limits,
    syntax::Broken,
    text,
};
use crate::{Code, Diagnostic, Source, SourceId, Span, diagnostic};
use std::{borrow::Cow, ops::Range};

/// Breaks of the syntax that are looked for in one text.
const BREAKS: usize = 50;

/// Bytes that may be read again to find more of them.
const REREAD_BYTES: usize = 4 << 20;

pub(super) fn read(source: &Source, id: SourceId) -> Read {
    let text = source.text();
    if text.len() > limits::BYTES {
        return too_large(text.len(), id);
    }
    let mut reader = Reader { id, text: Cow::Borrowed(text), blanked: Vec::new(), diagnostics: Vec::new() };
    reader.diagnostics.extend(control_characters(text, id));
    let documents = reader.passes();
    let mut diagnostics = reader.diagnostics;
    if documents.is_empty() && !diagnostics.iter().any(Diagnostic::is_error) {
        diagnostics.push(empty(text, id));
    }
    diagnostic::sort(&mut diagnostics);
    Read { documents, diagnostics }
}

struct Reader<'a> {
    id: SourceId,
    text: Cow<'a, str>,
    /// What was blanked out.
    blanked: Vec<Range<usize>>,
    diagnostics: Vec<Diagnostic>,
}

impl Reader<'_> {
    /// Reads until nothing is broken, or nothing more can be blanked.
    fn passes(&mut self) -> Vec<Document> {
        let mut reread = 0;
        loop {
            let Pass { documents, diagnostics, end } = build::pass(&self.text, self.id);
            let news = diagnostics.into_iter().filter(|problem| !self.is_blanked(&problem.span().range()));
            self.diagnostics.extend(news.collect::<Vec<_>>());
            reread += self.text.len();
            let enough = self.blanked.len() >= BREAKS || reread > REREAD_BYTES;
            let goes_on = match end {
                End::Broken(broken) if !enough => self.blank(&broken),
                End::Broken(_) | End::Stopped | End::Whole => false,
            };
            if !goes_on {
                let whole = documents.into_iter().filter(|(range, _)| !self.is_blanked(range));
                return whole.map(|(_, document)| document).collect();
            }
        }
    }

    fn is_blanked(&self, range: &Range<usize>) -> bool {
        self.blanked.iter().any(|blanked| blanked.start < range.end.max(range.start + 1) && range.start < blanked.end)
    }

    /// Takes the broken part out: the value that is broken, else the document. Whether there was something left to take out.
    fn blank(&mut self, broken: &Broken) -> bool {
        if let Some(value) = broken.value.clone().filter(|value| !value.is_empty() && !self.is_blanked(value)) {
            self.replace(value, 'x');
            return true;
        }
        let document = document_around(&self.text, broken.at);
        let is_last = document.end == self.text.len();
        if is_last || self.text[document.clone()].trim().is_empty() {
            return false;
        }
        self.replace(document, ' ');
        true
    }

    /// Puts `filler` in place of every character of a range, line breaks and places kept.
    fn replace(&mut self, range: Range<usize>, filler: char) {
        // A character of several bytes becomes as many fillers: the copy is read with byte offsets of its own, which are the same.
        let blank: String = self.text[range.clone()]
            .chars()
            .flat_map(|c| std::iter::repeat_n(if matches!(c, '\n' | '\r') { c } else { filler }, c.len_utf8()))
            .collect();
        self.text.to_mut().replace_range(range.clone(), &blank);
        self.blanked.push(range);
    }
}

/// The document that `at` is in: from behind its `---` to the next.
fn document_around(text: &str, at: usize) -> Range<usize> {
    let is_marker = |line: &str| line.strip_prefix("---").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\n', '\r']));
    let mut range = 0..text.len();
    let mut start = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        if is_marker(line) {
            if start > at {
                range.end = start;
                break;
            }
            range.start = start + 3;
        }
        start += line.len();
    }
    range
}

fn too_large(bytes: usize, id: SourceId) -> Read {
    let message = format!("the file has {bytes} bytes; at most {} can be read", limits::BYTES);
    let problem =
        Diagnostic::error(Code::TooLarge, Span::new(id, 0..0), message).help("split the file, or move large data into files of their own");
    Read { documents: Vec::new(), diagnostics: vec![problem] }
}

fn empty(text: &str, id: SourceId) -> Diagnostic {
    let message = match () {
        () if text.trim().is_empty() => "the file is empty",
        () if text.contains('#') => "the file holds nothing but comments",
        () => "the file holds nothing",
    };
    Diagnostic::error(Code::EmptyFile, Span::new(id, 0..0), message).help("write a flow: at least `name` and `steps`")
}

/// Characters that YAML does not allow in a text: the first of each line.
fn control_characters(text: &str, id: SourceId) -> Vec<Diagnostic> {
    let is_control = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{85}') || matches!(c, '\u{FFFE}' | '\u{FFFF}');
    let mut found: Vec<Diagnostic> = Vec::new();
    let mut next_line = 0;
    for (at, character) in text.char_indices().filter(|(_, c)| is_control(*c)) {
        if at < next_line || found.len() == BREAKS {
            continue;
        }
        next_line = text::line_end(text, at);
        let message = format!("the control character U+{:04X} stands in the text", u32::from(character));
        let help = format!("remove it; where it is meant, write `\\u{:04X}` inside double quotes", u32::from(character));
        let span = Span::new(id, at..at + character.len_utf8());
        found.push(Diagnostic::error(Code::YamlSyntax, span, message).help(help));
    }
    found
}
