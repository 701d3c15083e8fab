//! The source texts that spans point into. A recording may lack one: then the file is named and nothing is invented about lines.

use std::{collections::BTreeMap, ops::Range, sync::Arc};
use testmesh_events::{SourceRef, SourceText};
use testmesh_flow::{Source, SourceId, Sources, Span, source::Position};

/// Texts by the fingerprint under which a run records them.
#[derive(Debug, Default)]
pub(crate) struct Library(BTreeMap<String, Arc<Source>>);

impl Library {
    pub(crate) fn add(&mut self, source: &SourceText) {
        self.0.entry(source.hash.clone()).or_insert_with(|| Arc::new(Source::new(source.name.as_str(), source.text.as_str())));
    }

    /// The table that the spans of one execution or one invalid file point into.
    pub(crate) fn texts(&self, sources: &[SourceRef]) -> Texts {
        let text = |source: &SourceRef| {
            let name: Arc<str> = source.name.as_str().into();
            // One text may be known by several names; that of the first is shared.
            let known = self
                .0
                .get(&source.hash)
                .map(|known| if *known.name() == name { known.clone() } else { Arc::new(Source::new(name.clone(), known.text().clone())) });
            Text { name, source: known }
        };
        Texts(sources.iter().map(text).collect())
    }
}

/// Texts by their place in a table.
#[derive(Debug, Default)]
pub(crate) struct Texts(Vec<Text>);

#[derive(Debug)]
pub(crate) struct Text {
    pub(crate) name: Arc<str>,
    pub(crate) source: Option<Arc<Source>>,
}

impl From<&Sources> for Texts {
    fn from(sources: &Sources) -> Self {
        Self(sources.iter().map(|(_, source)| Text { name: source.name().clone(), source: Some(source.clone()) }).collect())
    }
}

impl Texts {
    pub(crate) fn get(&self, id: SourceId) -> Option<&Text> {
        self.0.get(id.0 as usize)
    }

    /// `file.yaml:12:7`; the bare name when the text is not known.
    pub(crate) fn place(&self, span: Span) -> String {
        match self.get(span.source) {
            None => "<unknown>".to_owned(),
            Some(Text { name, source: None }) => name.to_string(),
            Some(Text { name, source: Some(source) }) => {
                let Position { line, column } = start_of(source, span);
                format!("{name}:{line}:{column}")
            }
        }
    }
}

/// The line and column where a span is shown to begin.
pub(crate) fn start_of(source: &Source, span: Span) -> Position {
    position(source, range_in(source, span).start)
}

/// The line and column where a span is shown to end.
pub(crate) fn end_of(source: &Source, span: Span) -> Position {
    position(source, range_in(source, span).end)
}

fn position(source: &Source, offset: usize) -> Position {
    source.position(u32::try_from(offset).unwrap_or(u32::MAX))
}

/// Where a span is to be shown in its text: whole characters, inside the text, in the line where it begins when it holds nothing but line ends.
///
/// The end of a file after its last line end is shown at the end of the last line.
pub(crate) fn range_in(source: &Source, span: Span) -> Range<usize> {
    let text = source.text();
    let mut start = crate::text::floor(text, span.range().start);
    let end = crate::text::floor(text, span.range().end).max(start);
    let (before, after) = text.split_at(start);
    if after.is_empty() && before.ends_with('\n') {
        start -= 1;
    }
    let (before, after) = text.split_at(start);
    if after.starts_with('\n') && before.ends_with('\r') {
        start -= 1;
    }
    let inner = text.get(start..end).unwrap_or("").trim_end_matches(['\n', '\r']);
    start..start + inner.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_stay_in_their_line() {
        let source = Source::new("f", "ab\r\né\n");
        let range = |start: u32, end: u32| range_in(&source, Span { source: SourceId(0), start, end });
        assert_eq!(range(0, 2), 0..2);
        assert_eq!(range(1, 4), 1..2, "the line's end is not drawn");
        assert_eq!(range(3, 4), 2..2, "a place at the line feed of a CRLF is the end of the line");
        assert_eq!(range(4, 5), 4..4, "half a character");
        assert_eq!(range(6, 7), 6..6);
        assert_eq!(range(99, 120), 6..6, "the end of the file");
        assert_eq!(range(5, 1), 4..4, "a range the wrong way round");
    }
}
