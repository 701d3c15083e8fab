//! From a place in the decoded text of a scalar back to the source: a caret inside a folded block points at the very word.
//!
//! Nothing is kept from reading: when somebody asks, the scalar is decoded once more, and each piece notes where it comes from. A piece is
//! taken only when it gives the decoded text exactly, so that a place is right or, should the decoders ever differ, the whole scalar.

mod block;
mod flow;

use super::{Scalar, Style};
use crate::{Source, Span, source::floor_boundary};
use std::ops::Range;

/// The range of the source that gives a range of the decoded text. `span` is the place of the scalar.
pub(super) fn locate(scalar: &Scalar, source: &Source, span: Span, wanted: Range<usize>) -> Span {
    let text = &*scalar.text;
    let start = floor_boundary(text, wanted.start);
    let end = floor_boundary(text, wanted.end).max(start);
    let mut trail = Trail { source: source.text(), decoded: text, pieces: Vec::new(), done: 0, needed: end };
    let range = span.range();
    if source.text().get(range.clone()).is_none() {
        return span;
    }
    let followed = match scalar.style {
        Style::Plain => flow::follow(&mut trail, range),
        Style::SingleQuoted | Style::DoubleQuoted => flow::follow_quoted(&mut trail, range),
        Style::Literal => block::follow(&mut trail, range, false),
        Style::Folded => block::follow(&mut trail, range, true),
    };
    match followed.and_then(|()| trail.range(start..end)) {
        Some(found) => Span::new(span.source, found),
        None => span,
    }
}

/// A part of the decoded text and the part of the source that it comes from.
struct Piece {
    decoded: Range<usize>,
    source: Range<usize>,
    /// Whether both are the same bytes, so that each stands for itself.
    is_verbatim: bool,
}

/// The pieces of a scalar, up to what is needed.
struct Trail<'a> {
    source: &'a str,
    decoded: &'a str,
    pieces: Vec<Piece>,
    /// How much of the decoded text the pieces give.
    done: usize,
    needed: usize,
}

impl Trail<'_> {
    /// Whether the pieces reach far enough: one character more than is needed, for the place behind the last.
    fn is_enough(&self) -> bool {
        self.done > self.needed || self.done == self.decoded.len()
    }

    /// Adds a piece that stands for itself. `None` when that is not what the decoded text goes on with.
    fn verbatim(&mut self, source: Range<usize>) -> Option<()> {
        let written = self.source.get(source.clone())?;
        self.add(written.len(), source, true, |decoded| decoded == written)
    }

    /// Adds one character that is written otherwise.
    fn written_as(&mut self, character: char, source: Range<usize>) -> Option<()> {
        self.add(character.len_utf8(), source, false, |decoded| decoded.starts_with(character))
    }

    fn add(&mut self, length: usize, source: Range<usize>, is_verbatim: bool, fits: impl Fn(&str) -> bool) -> Option<()> {
        let decoded = self.done..self.done + length;
        if !fits(self.decoded.get(decoded.clone())?) {
            return None;
        }
        self.done = decoded.end;
        if length > 0 {
            self.pieces.push(Piece { decoded, source, is_verbatim });
        }
        Some(())
    }

    /// The source of a range of the decoded text.
    fn range(&self, wanted: Range<usize>) -> Option<Range<usize>> {
        let start = match self.pieces.get(self.pieces.partition_point(|piece| piece.decoded.end <= wanted.start)) {
            Some(piece) => piece.offset(wanted.start).unwrap_or(piece.source.start),
            None => self.pieces.last()?.source.end,
        };
        if wanted.is_empty() {
            return Some(start..start);
        }
        let last = self.pieces.get(self.pieces.partition_point(|piece| piece.decoded.end < wanted.end))?;
        let end = last.offset(wanted.end).unwrap_or(last.source.end);
        Some(start..end.max(start))
    }
}

impl Piece {
    /// The source of one place in it, when it stands for itself.
    fn offset(&self, decoded: usize) -> Option<usize> {
        self.is_verbatim.then(|| self.source.start + (decoded - self.decoded.start))
    }
}

/// The line break that is next: its length in bytes.
fn line_break(text: &str) -> Option<usize> {
    match text.as_bytes() {
        [b'\r', b'\n', ..] => Some(2),
        [b'\r' | b'\n', ..] => Some(1),
        _ => None,
    }
}
