//! Source texts and places in them. A [`Span`] is a range of bytes; lines and columns are worked out when somebody reads them.

use serde::{Deserialize, Serialize};
use std::{ops::Range, sync::Arc};

/// Which text of a [`Sources`] table a span points into.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SourceId(pub u32);

/// A range of bytes in one source text: `start` inclusive, `end` exclusive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    pub source: SourceId,
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub fn new(source: SourceId, range: Range<usize>) -> Self {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { source, start: clamp(range.start), end: clamp(range.end) }
    }

    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Whether the other begins within it.
    pub fn contains(self, other: Span) -> bool {
        self.source == other.source && (self.start..=self.end).contains(&other.start)
    }

    /// The span from the start of `self` to the end of `other`, which must be in the same source.
    #[must_use]
    pub fn to(self, other: Span) -> Span {
        Span { end: other.end.max(self.end), ..self }
    }
}

/// A place as people count: both from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position {
    pub line: u32,
    pub column: u32,
}

/// One text with the name people know it by (a path as it was given, `<stdin>`).
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    name: Arc<str>,
    text: Arc<str>,
    line_starts: Vec<u32>,
}

impl Source {
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        let after_newline = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let mut line_starts: Vec<u32> =
            std::iter::once(0).chain(after_newline.map(|(at, _)| u32::try_from(at + 1).unwrap_or(u32::MAX))).collect();
        line_starts.shrink_to_fit();
        Self { name: name.into(), text, line_starts }
    }

    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// The text of a range, shortened to what exists and to whole characters.
    pub fn slice(&self, range: Range<usize>) -> &str {
        let start = floor_boundary(&self.text, range.start);
        let end = floor_boundary(&self.text, range.end).max(start);
        &self.text[start..end]
    }

    /// Where a byte offset is; an offset past the end is the end.
    pub fn position(&self, offset: u32) -> Position {
        let line = self.line_starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = self.line_starts.get(line).copied().unwrap_or(0);
        let before = self.slice(start as usize..offset as usize);
        let count = |n: usize| u32::try_from(n + 1).unwrap_or(u32::MAX);
        Position { line: count(line), column: count(before.chars().count()) }
    }

    /// The text of a line, counted from 1, without its line end.
    pub fn line(&self, line: u32) -> Option<&str> {
        let index = (line as usize).checked_sub(1)?;
        let start = *self.line_starts.get(index)? as usize;
        let end = self.line_starts.get(index + 1).map_or(self.text.len(), |next| *next as usize);
        Some(self.slice(start..end).trim_end_matches(['\n', '\r']))
    }

    pub fn line_count(&self) -> u32 {
        u32::try_from(self.line_starts.len()).unwrap_or(u32::MAX)
    }
}

/// The greatest character boundary of `text` that is at most `offset`.
pub(crate) fn floor_boundary(text: &str, offset: usize) -> usize {
    let mut at = offset.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The texts that the spans of one file or plan point into.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources(Vec<Arc<Source>>);

impl Sources {
    pub fn add(&mut self, source: Arc<Source>) -> SourceId {
        let id = SourceId(u32::try_from(self.0.len()).unwrap_or(u32::MAX));
        self.0.push(source);
        id
    }

    /// The place of a text that was added before.
    pub fn find(&self, source: &Source) -> Option<SourceId> {
        self.iter().find(|(_, known)| known.name == source.name && known.text == source.text).map(|(id, _)| id)
    }

    pub fn get(&self, id: SourceId) -> Option<&Arc<Source>> {
        self.0.get(id.0 as usize)
    }

    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Arc<Source>)> {
        (0..).map(SourceId).zip(&self.0)
    }

    /// `file.yaml:12:7`, or the bare name of an unknown place.
    pub fn place(&self, span: Span) -> String {
        self.get(span.source).map_or_else(
            || "<unknown>".to_owned(),
            |source| {
                let Position { line, column } = source.position(span.start);
                format!("{}:{line}:{column}", source.name())
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_from_one() {
        let source = Source::new("f.yaml", "é: 1\nab: ü\n");
        let at = |offset| {
            let Position { line, column } = source.position(offset);
            (line, column)
        };
        assert_eq!(at(0), (1, 1));
        assert_eq!(at(2), (1, 2));
        assert_eq!(at(6), (2, 1));
        assert_eq!(at(12), (2, 6));
        assert_eq!(at(999), (3, 1));
        assert_eq!(source.line(2), Some("ab: ü"));
        assert_eq!(source.line(0), None);
        assert_eq!(source.slice(1..3), "é:");
    }
}
