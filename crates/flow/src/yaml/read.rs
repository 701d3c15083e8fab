//! All problems of a text at once: what breaks the syntax is blanked out in a copy, and the copy is read again.
//!
//! Blanking keeps every place where it is. A document in which something is broken is not given out, since it is not what was written.

use super::{
    Document, Read,
    build::{self, End, Pass},
    comments, limits,
    syntax::{self, Broken},
};
use crate::{Code, Diagnostic, Source, SourceId, Span, diagnostic};
use std::{borrow::Cow, iter::repeat_n, ops::Range};

/// Breaks of the syntax that are looked for in one text.
const BREAKS: usize = 50;

/// Bytes that may be read again to find more of them.
const REREAD_BYTES: usize = 4 << 20;

/// Bytes that may be read again to move closing brackets.
const MOVED_BYTES: usize = 32 << 20;

pub(super) fn read(source: &Source, id: SourceId) -> Read {
    let text = source.text();
    if text.len() > limits::BYTES {
        return Read { diagnostics: vec![too_large(text.len(), id)], ..Read::default() };
    }
    let mut reader = Reader { id, text: Cow::Borrowed(text), blanked: Vec::new(), broken: Vec::new(), diagnostics: Vec::new() };
    reader.take_out_control_characters();
    let (documents, texts_with_marks) = reader.passes();
    let comments = comments::comments(text, &texts_with_marks).map(|range| Span::new(id, range)).collect();
    let mut diagnostics = reader.diagnostics;
    keep_widest_templates(&mut diagnostics);
    if documents.is_empty() && !diagnostics.iter().any(Diagnostic::is_error) {
        diagnostics.push(empty(text, id));
    }
    diagnostic::sort(&mut diagnostics);
    Read { documents, diagnostics, comments }
}

struct Reader<'a> {
    id: SourceId,
    text: Cow<'a, str>,
    /// What was blanked out.
    blanked: Vec<Range<usize>>,
    /// The documents in which something is broken.
    broken: Vec<Range<usize>>,
    diagnostics: Vec<Diagnostic>,
}

impl Reader<'_> {
    /// Reads until nothing is broken, or nothing more can be blanked. Gives the places of texts that hold a `#`, too.
    fn passes(&mut self) -> (Vec<Document>, Vec<Range<usize>>) {
        let (mut reread, mut moved) = (0, 0);
        loop {
            let Pass { documents, diagnostics, texts_with_marks, end } = build::pass(&self.text, self.id);
            if let End::Broken(broken) = &end
                && broken.by_indentation
                && moved < MOVED_BYTES
                && self.move_bracket(broken.at)
            {
                moved += self.text.len();
                continue;
            }
            let news = diagnostics.into_iter().filter(|problem| !meets(&self.blanked, &problem.span().range()));
            self.diagnostics.extend(news);
            reread += self.text.len();
            let goes_on = match end {
                End::Broken(broken) => self.blank(&broken) && self.blanked.len() < BREAKS && reread < REREAD_BYTES,
                End::Stopped | End::Whole => false,
            };
            if !goes_on {
                let whole = documents.into_iter().filter(|(range, _)| !meets(&self.broken, range));
                return (whole.map(|(_, document)| document).collect(), texts_with_marks);
            }
        }
    }

    /// A closing bracket may stand as far to the left as the key above it: elsewhere readers of YAML take no notice of the indentation inside
    /// brackets, and flows are written so. For ours the line break before it becomes a space. Whether that was done.
    fn move_bracket(&mut self, at: usize) -> bool {
        let Some((before, rest)) = self.text.split_at_checked(at) else { return false };
        let start = before.trim_end().len();
        let line = before.get(..start).unwrap_or_default().rsplit('\n').next().unwrap_or_default();
        let gap = before.get(start..).unwrap_or_default();
        // A comment would swallow the bracket.
        if !rest.starts_with([']', '}']) || !gap.contains('\n') || line.contains('#') || !gap.is_ascii() {
            return false;
        }
        let spaces = " ".repeat(gap.len());
        self.text.to_mut().replace_range(start..at, &spaces);
        true
    }

    /// Takes the broken part out: the value that is broken, else the document. Whether that was not done before.
    fn blank(&mut self, broken: &Broken) -> bool {
        let document = document_around(&self.text, broken.at);
        self.broken.push(document.clone());
        let value = broken.value.clone().filter(|value| !value.is_empty() && !meets(&self.blanked, value));
        let (range, filler) = match value {
            Some(value) => (value, 'x'),
            None => (document, ' '),
        };
        if self.text[range.clone()].trim().is_empty() {
            return false;
        }
        self.replace(range, filler);
        true
    }

    /// Puts `filler` in place of every byte of a range, but for line breaks.
    fn replace(&mut self, range: Range<usize>, filler: char) {
        let fill = |c: char| repeat_n(if matches!(c, '\n' | '\r') { c } else { filler }, c.len_utf8());
        let blank: String = self.text[range.clone()].chars().flat_map(fill).collect();
        self.text.to_mut().replace_range(range.clone(), &blank);
        self.blanked.push(range);
    }

    /// Reports and blanks characters that YAML does not have, the first of each line.
    fn take_out_control_characters(&mut self) {
        let mut found = Vec::new();
        let mut start = 0;
        for line in self.text.split_inclusive(['\n', '\r']) {
            found.extend(line.char_indices().find(|(_, c)| is_control(*c)).map(|(at, c)| (start + at, c)));
            start += line.len();
        }
        if found.is_empty() {
            return;
        }
        let blank = |c: char| if is_control(c) { repeat_n('x', c.len_utf8()) } else { repeat_n(c, 1) };
        self.text = self.text.chars().flat_map(blank).collect::<String>().into();
        for (at, character) in found.into_iter().take(BREAKS) {
            self.diagnostics.push(syntax::control_character(self.id, at, character));
            self.broken.push(document_around(&self.text, at));
        }
    }
}

/// Whether YAML does not have the character: the control characters of ASCII but for white space, and what is no character.
fn is_control(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}

fn meets(ranges: &[Range<usize>], range: &Range<usize>) -> bool {
    ranges.iter().any(|other| other.start < range.end.max(range.start + 1) && range.start < other.end)
}

/// The document that `at` is in: from behind its `---` to the next.
fn document_around(text: &str, at: usize) -> Range<usize> {
    let mut range = 0..text.len();
    let mut start = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let is_marker = line.strip_prefix("---").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\n', '\r']));
        if is_marker && start > at {
            range.end = start;
            break;
        }
        if is_marker {
            range.start = start + 3;
        }
        start += line.len();
    }
    range
}

/// A template is found as an object in braces first, then as the value that begins with it: the value is what to quote.
fn keep_widest_templates(diagnostics: &mut Vec<Diagnostic>) {
    let templates = diagnostics.iter().filter(|problem| problem.code == Code::UnquotedTemplate);
    let mut ranges: Vec<Range<usize>> = templates.map(|problem| problem.span().range()).collect();
    ranges.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
    ranges.dedup_by(|next, kept| kept.start <= next.start && next.end <= kept.end);
    let is_widest = |range: &Range<usize>| {
        let found = ranges.binary_search_by_key(&range.start, |widest| widest.start);
        found.ok().and_then(|at| ranges.get(at)) == Some(range)
    };
    diagnostics.retain(|problem| problem.code != Code::UnquotedTemplate || is_widest(&problem.span().range()));
}

fn too_large(bytes: usize, id: SourceId) -> Diagnostic {
    let message = format!("the file has {bytes} bytes; at most {} can be read", limits::BYTES);
    Diagnostic::error(Code::TooLarge, Span::new(id, 0..0), message).help("split the file, or move large data into files of their own")
}

fn empty(text: &str, id: SourceId) -> Diagnostic {
    let message = match () {
        () if text.trim().is_empty() => "the file is empty",
        () if text.contains('#') => "the file holds nothing but comments",
        () => "the file holds nothing",
    };
    Diagnostic::error(Code::EmptyFile, Span::new(id, 0..0), message).help("write a flow: at least `name` and `steps`")
}
