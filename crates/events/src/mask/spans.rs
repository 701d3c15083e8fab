//! The places of a text that are masked, and the ways to mask them.
//!
//! Spans that share a byte are one place, whatever found them, so no fragment of a secret that
//! overlaps another one, or holds it, is left.

use std::ops::Range;

use crate::secret::MASK;

#[derive(Default)]
pub(super) struct Spans(Vec<Range<usize>>);

impl Spans {
    /// One span over everything, however long.
    pub(super) fn everything() -> Spans {
        let mut spans = Spans::default();
        spans.add(0..usize::MAX);
        spans
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds a span. Spans come in the order of their ends, mostly, so what overlaps is next to it.
    pub(super) fn add(&mut self, mut span: Range<usize>) {
        while let Some(before) = self.0.pop_if(|it| it.end > span.start && span.end > it.start) {
            span = before.start.min(span.start)..before.end.max(span.end);
        }
        self.0.push(span);
    }

    pub(super) fn sort(&mut self) {
        self.0.sort_unstable_by_key(|span| span.start);
    }

    /// Forgets what ends at `position` or before.
    pub(super) fn forget_until(&mut self, position: usize) {
        self.0.retain(|span| span.end > position);
    }
}

/// Writes a text that comes in order, with a mask in the place of each span.
#[derive(Default)]
pub(super) struct Writer {
    /// The position up to which the text has been written or masked.
    done: usize,
}

impl Writer {
    /// Writes `text`, which begins at the position `base`, up to the position `end`. The spans that
    /// begin before `end` must all be there, sorted.
    pub(super) fn write(&mut self, text: &[u8], base: usize, end: usize, spans: &Spans) -> Vec<u8> {
        let plain = |from: usize, to: usize| {
            let range = from.saturating_sub(base)..to.saturating_sub(base);
            text.get(range).unwrap_or_default()
        };
        let mut written = Vec::with_capacity(text.len());
        for span in spans.0.iter().take_while(|span| span.start < end) {
            if span.start >= self.done {
                written.extend_from_slice(plain(self.done, span.start));
                written.extend_from_slice(MASK.as_bytes());
            }
            self.done = self.done.max(span.end);
        }
        written.extend_from_slice(plain(self.done, end));
        self.done = self.done.max(end);
        written
    }

    pub(super) fn done(&self) -> usize {
        self.done
    }
}

/// Masks a whole text without moving a byte: the mask is padded with spaces, and line breaks stay.
pub(super) fn overwrite(text: &mut [u8], spans: &Spans) {
    let mut done = 0;
    let mut signs = MASK.bytes();
    for span in &spans.0 {
        if span.start >= done {
            signs = MASK.bytes();
        }
        let range = span.start.max(done)..span.end.min(text.len());
        for byte in text.get_mut(range).unwrap_or_default() {
            if !matches!(byte, b'\n' | b'\r') {
                *byte = signs.next().unwrap_or(b' ');
            }
        }
        done = done.max(span.end);
    }
}
