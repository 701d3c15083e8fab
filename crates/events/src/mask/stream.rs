//! Masking of a text that comes in chunks: what may still become a form is held back.

use super::scanner::{Piece, Scanner};
use super::spans::{Spans, Writer};
use super::{Masker, into_text};

/// Masks a text that comes in chunks, as [`Masker::mask`] masks it whole, wherever it was cut.
///
/// A chunk gives back what is safe to show by then: all but an end that may be the beginning of a
/// form, or of a character. So the pieces that come out are whole characters if the text is.
pub struct Stream {
    masker: Masker,
    scanners: Vec<Scanner>,
    /// The text from the position `base` on, which is not written yet or still needed.
    kept: Vec<u8>,
    base: usize,
    spans: Spans,
    writer: Writer,
}

impl Stream {
    pub(super) fn new(masker: Masker) -> Stream {
        let scanners =
            masker.forms().map_or_else(Vec::new, |forms| forms.readings().map(|it| Scanner::new(it, forms.automaton(it))).collect());
        let spans = masker.no_spans_yet();
        Stream { masker, scanners, kept: Vec::new(), base: 0, spans, writer: Writer::default() }
    }

    /// Takes the next bytes, and gives the masked ones that are safe to show now.
    pub fn push(&mut self, chunk: &[u8]) -> Vec<u8> {
        self.advance(chunk, false)
    }

    /// [`Stream::push`] for text.
    pub fn push_str(&mut self, chunk: &str) -> String {
        into_text(self.advance(chunk.as_bytes(), false))
    }

    /// Ends the text, and gives the rest of it.
    pub fn finish(mut self) -> Vec<u8> {
        self.advance(&[], true)
    }

    /// [`Stream::finish`] for text.
    pub fn finish_str(self) -> String {
        into_text(self.finish())
    }

    fn advance(&mut self, chunk: &[u8], last: bool) -> Vec<u8> {
        self.kept.extend_from_slice(chunk);
        let piece = Piece { bytes: &self.kept, base: self.base, last };
        let mut settled = piece.end();
        if let Some(forms) = self.masker.forms() {
            for scanner in &mut self.scanners {
                let automaton = forms.automaton(scanner.reading());
                scanner.scan(automaton, piece, &mut self.spans);
                settled = settled.min(scanner.settled(automaton));
            }
        }
        settled = if last { piece.end() } else { settled.min(piece.end() - begun_character(&self.kept)) };
        self.spans.sort();
        let written = self.writer.write(&self.kept, self.base, settled, &self.spans);
        self.spans.forget_until(self.writer.done());
        self.kept.drain(..settled.saturating_sub(self.base));
        self.base = settled;
        written
    }
}

/// How many bytes at the end of `text` begin a character of UTF-8 that needs more.
fn begun_character(text: &[u8]) -> usize {
    for (back, &byte) in text.iter().rev().take(3).enumerate() {
        let length = match byte {
            0x80..=0xBF => continue,
            0xC0..=0xDF => 2,
            0xE0..=0xEF => 3,
            0xF0..=0xF7 => 4,
            _ => 1,
        };
        return if length > back + 1 { back + 1 } else { 0 };
    }
    0
}
