//! The parts of a line as an author sees them: `  - key: value # comment`.

use crate::yaml::text::{closing_quote, line_content, line_end, trim_end};
use std::ops::Range;

pub(super) struct Line {
    /// The first character that is no white space.
    pub(super) content: usize,
    /// The same, behind the dashes of list items.
    pub(super) item: usize,
    /// The key, when there is one, without its `:`.
    pub(super) key: Option<Range<usize>>,
    /// The value behind the key or the dash; empty when there is none.
    pub(super) value: Range<usize>,
}

impl Line {
    /// The line on which `at` is.
    pub(super) fn at(text: &str, at: usize) -> Self {
        let content = line_content(text, at);
        let stop = line_end(text, content);
        let mut item = content;
        while let Some(rest) = text[item..stop].strip_prefix('-').filter(|rest| rest.is_empty() || rest.starts_with([' ', '\t'])) {
            item = stop - rest.trim_start_matches([' ', '\t']).len();
        }
        let colon = colon(text, item..stop);
        let key = colon.map(|colon| trim_end(text, item..colon));
        let value = colon.map_or(item, |colon| {
            let behind = &text[colon + 1..stop];
            stop - behind.trim_start_matches([' ', '\t']).len()
        });
        Self { content, item, key, value: value..end(text, value) }
    }

    /// Whether it begins with the dash of a list item.
    pub(super) fn is_item(&self) -> bool {
        self.item > self.content
    }

    /// What messages call the line: its key, else its beginning.
    pub(super) fn name<'a>(&self, text: &'a str) -> &'a str {
        let name = &text[self.named()];
        name.char_indices().nth(40).map_or(name, |(end, _)| &name[..end])
    }

    /// The place of that name.
    pub(super) fn named(&self) -> Range<usize> {
        self.key.clone().unwrap_or(self.item..self.value.end.max(self.item))
    }
}

/// The `:` of the key that stands at the start of a range of one line.
fn colon(text: &str, range: Range<usize>) -> Option<usize> {
    let line = &text[range.clone()];
    let from = if line.starts_with(['"', '\'']) { closing_quote(text, range.start).min(range.end) - range.start } else { 0 };
    let ends_key = |at: usize| line[at + 1..].is_empty() || line[at + 1..].starts_with([' ', '\t']);
    let found = line[from..].match_indices(':').map(|(at, _)| from + at).find(|at| ends_key(*at))?;
    let is_in_comment = line.find(" #").is_some_and(|comment| (from..found).contains(&comment));
    (!is_in_comment).then_some(range.start + found)
}

/// The end of what a line says from `at` on: before its comment and white space.
pub(super) fn end(text: &str, at: usize) -> usize {
    let stop = line_end(text, at);
    let from = if text[at..].starts_with(['"', '\'']) { closing_quote(text, at) } else { at };
    let comment = text.get(from..stop).and_then(|rest| rest.find(" #")).map_or(stop, |comment| from + comment);
    trim_end(text, at..comment).end
}
