//! The ways to read a text in which a secret may be escaped.
//!
//! A reading cuts a text into units, each a plain byte or an escape that stands for some bytes. It
//! accepts every mix: which characters an encoder escapes, and in which case of hex, is its own
//! choice, so a matcher over units covers all encoders of a kind at once.
//!
//! Invariant: a unit is decided by the bytes of the unit alone, never by what stands before it, and
//! by at most [`LONGEST_ESCAPE`] bytes (for the readings that read twice: by so many outer units).

mod escape;

use escape::{entity, json, percent};

/// The bytes of the longest escape of a single reading: `\ud83d\ude00`.
const LONGEST_ESCAPE: usize = 12;

/// One way to read a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// As it stands.
    Raw,
    /// `%41` is a byte, as in URLs.
    Percent,
    /// As in form bodies: `+` is a space too.
    Form,
    /// Escapes of JSON strings.
    Json,
    /// Entities of HTML and XML.
    Entity,
    /// Escaped twice, in any two of the ways above: JSON in JSON, JSON in a form, a URL in a URL.
    Twice,
    /// As [`Reading::Twice`], with `+` for a space on the outside.
    TwiceForm,
    /// Wrapped into lines, as MIME and PEM wrap base64 and dumps wrap hex; the line breaks may be
    /// escaped themselves.
    Wrapped,
}

/// What stands at the start of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// A byte that stands for itself.
    Plain,
    Escape(Escape),
    /// The text ends before it can be told.
    Cut,
}

/// `len` bytes of text that stand for other bytes: up to four, or none for a line break that wraps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Escape {
    decoded: [u8; 4],
    count: usize,
    pub(super) len: usize,
}

impl Escape {
    fn byte(byte: u8, len: usize) -> Escape {
        Escape { decoded: [byte, 0, 0, 0], count: 1, len }
    }

    fn character(character: char, len: usize) -> Escape {
        let mut decoded = [0; 4];
        let count = character.encode_utf8(&mut decoded).len();
        Escape { decoded, count, len }
    }

    fn nothing(len: usize) -> Escape {
        Escape { decoded: [0; 4], count: 0, len }
    }

    pub(super) fn decoded(&self) -> &[u8] {
        self.decoded.get(..self.count).unwrap_or_default()
    }
}

impl Reading {
    /// How far it is to the first byte that may begin an escape; `None` when there is no such byte.
    pub(super) fn find_escape(self, text: &[u8]) -> Option<usize> {
        let mut bytes = text.iter();
        match self {
            Reading::Raw => None,
            Reading::Percent => bytes.position(|&b| b == b'%'),
            Reading::Form => bytes.position(|&b| b == b'%' || b == b'+'),
            Reading::Json => bytes.position(|&b| b == b'\\'),
            Reading::Entity => bytes.position(|&b| b == b'&'),
            Reading::Twice => bytes.position(|&b| begins_escape(b)),
            Reading::TwiceForm => bytes.position(|&b| begins_escape(b) || b == b'+'),
            Reading::Wrapped => bytes.position(|&b| begins_escape(b) || is_line_break(b)),
        }
    }

    /// The unit at the start of `text`. With `last`, no more text follows, so nothing is
    /// [`Unit::Cut`] but the empty text.
    pub(super) fn unit(self, text: &[u8], last: bool) -> Unit {
        let unit = match self {
            Reading::Raw => Unit::Plain,
            Reading::Percent => percent(text),
            Reading::Form => form(text, percent),
            Reading::Json => json(text),
            Reading::Entity => entity(text),
            Reading::Twice => twice(text, last, any),
            Reading::TwiceForm => twice(text, last, |text| form(text, any)),
            Reading::Wrapped => wrapped(text),
        };
        match unit {
            _ if text.is_empty() => Unit::Cut,
            Unit::Cut if last => Unit::Plain,
            unit => unit,
        }
    }

    /// A whole text, read.
    pub(super) fn decode(self, mut text: &[u8]) -> Vec<u8> {
        let mut decoded = Vec::with_capacity(text.len());
        while let Some((&byte, after)) = text.split_first() {
            text = match self.unit(text, true) {
                Unit::Escape(escape) => {
                    decoded.extend_from_slice(escape.decoded());
                    text.get(escape.len..).unwrap_or_default()
                }
                Unit::Plain | Unit::Cut => {
                    decoded.push(byte);
                    after
                }
            };
        }
        decoded
    }
}

fn begins_escape(byte: u8) -> bool {
    matches!(byte, b'%' | b'\\' | b'&')
}

fn is_line_break(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

/// The escape of whichever kind stands here.
fn any(text: &[u8]) -> Unit {
    match text.first() {
        Some(b'%') => percent(text),
        Some(b'\\') => json(text),
        Some(b'&') => entity(text),
        _ => Unit::Plain,
    }
}

fn form(text: &[u8], otherwise: impl Fn(&[u8]) -> Unit) -> Unit {
    match text.first() {
        Some(b'+') => Unit::Escape(Escape::byte(b' ', 1)),
        _ => otherwise(text),
    }
}

fn wrapped(text: &[u8]) -> Unit {
    match (any(text), text.first()) {
        (Unit::Plain, Some(&byte)) if is_line_break(byte) => Unit::Escape(Escape::nothing(1)),
        (Unit::Escape(escape), _) if escape.decoded().iter().all(|&b| is_line_break(b)) => Unit::Escape(Escape::nothing(escape.len)),
        (unit, _) => unit,
    }
}

/// Reads `outer` units until they show whether they spell an escape themselves.
fn twice(text: &[u8], last: bool, outer: impl Fn(&[u8]) -> Unit) -> Unit {
    let mut spelt = Spelt::default();
    let mut first = Unit::Cut;
    while let Some(rest) = text.get(spelt.read..).filter(|rest| !rest.is_empty()) {
        let unit = match outer(rest) {
            Unit::Cut if !last => break,
            Unit::Cut => Unit::Plain,
            unit => unit,
        };
        match &unit {
            Unit::Escape(escape) => spelt.push(escape.decoded(), escape.len),
            Unit::Plain | Unit::Cut => spelt.push(rest.get(..1).unwrap_or_default(), 1),
        }
        if first == Unit::Cut {
            first = unit;
        }
        if spelt.is_enough() {
            break;
        }
    }
    match any(spelt.bytes()) {
        Unit::Escape(inner) => Unit::Escape(Escape { len: spelt.end(inner.len), ..inner }),
        Unit::Cut if !last => Unit::Cut,
        Unit::Cut | Unit::Plain => first,
    }
}

/// What some units spell, up to the length of the longest escape.
#[derive(Default)]
struct Spelt {
    bytes: [u8; LONGEST_ESCAPE],
    /// By byte: the end of its unit in the text.
    ends: [usize; LONGEST_ESCAPE],
    count: usize,
    /// How much of the text has been read.
    read: usize,
}

impl Spelt {
    fn push(&mut self, decoded: &[u8], len: usize) {
        self.read += len;
        let free = self.bytes.iter_mut().zip(&mut self.ends).skip(self.count);
        for ((byte, end), &it) in free.zip(decoded) {
            (*byte, *end) = (it, self.read);
            self.count += 1;
        }
    }

    fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.count).unwrap_or_default()
    }

    /// Where the first `count` bytes end in the text.
    fn end(&self, count: usize) -> usize {
        count.checked_sub(1).and_then(|index| self.ends.get(index)).map_or(self.read, |&end| end)
    }

    fn is_enough(&self) -> bool {
        self.count == LONGEST_ESCAPE || any(self.bytes()) != Unit::Cut
    }
}

#[cfg(test)]
mod tests;
