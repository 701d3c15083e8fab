//! Where values really stand. The parser's places have properties of values in them (`&a `, `!!str `), white space and comments behind
//! quotes and brackets, the line behind a block, and for what is not written the place of whatever comes next.

use super::{Body, Builder};
use crate::yaml::{Style, text};
use std::ops::Range;

/// The place of a value.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Its tag as written, with the place of that.
    pub(super) tag: Option<(usize, &'a str)>,
}

impl<'a> Builder<'a> {
    /// The place of a scalar that the parser puts at `marked`, with or without properties.
    pub(super) fn place_of_scalar(&mut self, content: &str, style: Style, marked: Range<usize>, has_properties: bool) -> Place<'a> {
        let properties = self.properties(marked.start, has_properties);
        let start = properties.value;
        let range = match style {
            Style::Plain if content.is_empty() && has_properties => properties.end..properties.end,
            Style::Plain if content.is_empty() => self.place_of_nothing(),
            Style::Plain => start..marked.end.max(start),
            Style::SingleQuoted | Style::DoubleQuoted => start..text::closing_quote(self.text, start),
            Style::Literal | Style::Folded => self.place_of_block(content, start..marked.end.max(start), has_properties),
        };
        Place { start: range.start, end: range.end, tag: properties.tag }
    }

    /// The place of a list or object that the parser puts at `marked`.
    /// Its end is not known yet.
    pub(super) fn place_of_start(&mut self, marked: usize, has_properties: bool) -> Place<'a> {
        let properties = self.properties(marked, has_properties);
        let start = properties.value;
        if self.text[start..].starts_with(['-', '[', '{']) {
            self.cursor = self.cursor.max(start);
        }
        Place { start, end: start, tag: properties.tag }
    }

    /// The range of a list or object in brackets; `None` when it is written in lines.
    pub(super) fn place_of_brackets(&self, start: usize, end: usize) -> Option<Range<usize>> {
        let opened = self.text[start..].starts_with(['[', '{']);
        let closed = end > start && self.text[end..].starts_with([']', '}']);
        (opened && closed).then(|| start..end + 1)
    }

    fn properties(&mut self, start: usize, expected: bool) -> text::Properties<'a> {
        if !expected {
            return text::Properties { end: start, value: start, ..text::Properties::default() };
        }
        let found = text::properties(self.text, start);
        if let Some((at, name)) = found.anchor {
            self.anchor_names.insert(name, self.span(at..at + 1 + name.len()));
        }
        found
    }

    /// The lines of a block scalar, without its header; the header when there are none.
    fn place_of_block(&self, content: &str, marked: Range<usize>, has_properties: bool) -> Range<usize> {
        let lines_before = content.len() - content.trim_start_matches('\n').len();
        if lines_before == content.len() {
            return text::block_header(self.text, if has_properties { marked.start } else { self.cursor });
        }
        let mut start = marked.start;
        if has_properties {
            for _ in 0..=lines_before {
                start = next_line(self.text, start);
            }
            // The text's own indentation belongs to it, that of the block does not.
            start += leading_spaces(&self.text[start..]).saturating_sub(leading_spaces(&content[lines_before..]));
        }
        text::trim_end(self.text, start..marked.end.max(start))
    }

    /// Where something would stand that is not written.
    fn place_of_nothing(&mut self) -> Range<usize> {
        match self.stack.last().map(|frame| &frame.body) {
            Some(Body::List(_)) => {
                // The key of a list without indentation of its own may be the last thing that was read.
                let behind_key = text::skip_mark(self.text, self.cursor, ':');
                self.cursor = text::skip_mark(self.text, behind_key, '-');
            }
            Some(Body::Map(map)) if map.wants_key() => self.cursor = text::skip_blank(self.text, self.cursor),
            Some(Body::Map(_)) => self.cursor = text::skip_mark(self.text, self.cursor, ':'),
            None => {}
        }
        self.cursor..self.cursor
    }
}

fn leading_spaces(text: &str) -> usize {
    text.len() - text.trim_start_matches(' ').len()
}

/// The start of the line behind that of `at`.
fn next_line(text: &str, at: usize) -> usize {
    let end = text::line_end(text, at);
    match &text.as_bytes()[end..] {
        [b'\r', b'\n', ..] => end + 2,
        [_, ..] => end + 1,
        [] => end,
    }
}
