//! The escapes of each kind, read at the start of a text.

use super::super::entities::{LONGEST_NAME, named};
use super::{Escape, Unit};

/// The bytes between `&` and `;`. Numbers are as long as this with leading zeros, at most.
const LONGEST_REFERENCE: usize = 10;
const _: () = assert!(LONGEST_NAME <= LONGEST_REFERENCE);
const _: () = assert!(LONGEST_REFERENCE + 2 <= super::LONGEST_ESCAPE);

/// `%4A`, in either case.
pub(super) fn percent(text: &[u8]) -> Unit {
    match text {
        [b'%', digits @ ..] => match hex::<2>(digits) {
            Digits::Number(number) => u8::try_from(number).map_or(Unit::Plain, |byte| Unit::Escape(Escape::byte(byte, 3))),
            Digits::Cut => Unit::Cut,
            Digits::Other => Unit::Plain,
        },
        _ => Unit::Plain,
    }
}

/// `\n`, `\"`, `\/`, `\u004a`, `\ud83d\ude00`.
pub(super) fn json(text: &[u8]) -> Unit {
    let byte = match text {
        [b'\\'] => return Unit::Cut,
        [b'\\', b'u', digits @ ..] => return json_unicode(digits),
        [b'\\', byte @ (b'"' | b'\\' | b'/'), ..] => *byte,
        [b'\\', b'b', ..] => 0x08,
        [b'\\', b'f', ..] => 0x0c,
        [b'\\', b'n', ..] => b'\n',
        [b'\\', b'r', ..] => b'\r',
        [b'\\', b't', ..] => b'\t',
        _ => return Unit::Plain,
    };
    Unit::Escape(Escape::byte(byte, 2))
}

/// What follows `\u`. A surrogate counts with its other half only: alone it is no character.
fn json_unicode(digits: &[u8]) -> Unit {
    let unit = match hex::<4>(digits) {
        Digits::Number(unit) => unit,
        Digits::Cut => return Unit::Cut,
        Digits::Other => return Unit::Plain,
    };
    if let Some(character) = char::from_u32(unit) {
        return Unit::Escape(Escape::character(character, 6));
    }
    let low = match digits.get(4..).unwrap_or_default() {
        [] | [b'\\'] => Digits::Cut,
        [b'\\', b'u', digits @ ..] => hex::<4>(digits),
        _ => Digits::Other,
    };
    match (unit, low) {
        (0xD800..0xDC00, Digits::Number(low @ 0xDC00..0xE000)) => {
            let point = 0x1_0000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
            match char::from_u32(point) {
                Some(character) => Unit::Escape(Escape::character(character, 12)),
                None => Unit::Plain,
            }
        }
        (0xD800..0xDC00, Digits::Cut) => Unit::Cut,
        _ => Unit::Plain,
    }
}

/// `&amp;`, `&#38;`, `&#x26;`.
pub(super) fn entity(text: &[u8]) -> Unit {
    let [b'&', reference @ ..] = text else { return Unit::Plain };
    let reference = reference.get(..=LONGEST_REFERENCE).unwrap_or(reference);
    let end = reference.iter().position(|b| !b.is_ascii_alphanumeric() && *b != b'#');
    let Some(end) = end else {
        return if reference.len() > LONGEST_REFERENCE { Unit::Plain } else { Unit::Cut };
    };
    let character = match reference.split_at(end) {
        ([b'#', b'x' | b'X', digits @ ..], [b';', ..]) => number(digits, 16),
        ([b'#', digits @ ..], [b';', ..]) => number(digits, 10),
        (name, [b';', ..]) => named(name),
        _ => None,
    };
    character.map_or(Unit::Plain, |it| Unit::Escape(Escape::character(it, end + 2)))
}

fn number(digits: &[u8], radix: u32) -> Option<char> {
    let digits = str::from_utf8(digits).ok()?;
    u32::from_str_radix(digits, radix).ok().and_then(char::from_u32)
}

enum Digits {
    Number(u32),
    Cut,
    Other,
}

/// The number that the first `COUNT` hex digits spell.
fn hex<const COUNT: usize>(text: &[u8]) -> Digits {
    let mut number = 0;
    for index in 0..COUNT {
        let Some(&byte) = text.get(index) else { return Digits::Cut };
        let Some(digit) = char::from(byte).to_digit(16) else { return Digits::Other };
        number = number * 16 + digit;
    }
    Digits::Number(number)
}
