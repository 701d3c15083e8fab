//! Secrets that are not whole: messages show the beginning of a long text, and `…` for the rest of it.
//!
//! The beginning of a form that stands right before an ellipsis is masked as the form would be. Streams are whole texts in pieces, and are not
//! looked at in this way.

use super::{
    forms::Forms,
    reading::Reading,
    scanner::{Piece, Scanner},
    spans::Spans,
};
use crate::secret::SHORTEST;

const ELLIPSIS: &[u8] = "…".as_bytes();

/// No message shows more of a text than this, in whatever spelling.
const SHOWN: usize = 1024;

/// Adds the beginnings of forms that an ellipsis cuts off.
pub(super) fn find(forms: &Forms, text: &[u8], spans: &mut Spans) {
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(position).map(|at| from + at) {
        let base = at.saturating_sub(SHOWN).max(from);
        if let Some(bytes) = text.get(base..at) {
            forms.readings().for_each(|reading| before(forms, reading, Piece { bytes, base, last: true }, spans));
        }
        from = at + ELLIPSIS.len();
    }
}

fn position(text: &[u8]) -> Option<usize> {
    text.windows(ELLIPSIS.len()).position(|window| window == ELLIPSIS)
}

fn before(forms: &Forms, reading: Reading, piece: Piece<'_>, spans: &mut Spans) {
    if reading != Reading::Raw && reading.find_escape(piece.bytes).is_none() {
        return;
    }
    let automaton = forms.automaton(reading);
    let mut scanner = Scanner::starting_at(piece.base, reading, automaton);
    scanner.scan(automaton, piece, &mut Spans::default());
    // What is shorter tells nothing, and every text ends in it.
    if let Some(begun) = scanner.begun(automaton, SHORTEST) {
        spans.add(begun..piece.end());
    }
}
