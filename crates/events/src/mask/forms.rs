//! The literal forms of a secret: those that no escape-by-escape reading of a text finds.
//!
//! Each secret gives a few *spellings*: the text itself, with other line breaks, without the white
//! space around it, and with its own escapes decoded, which is what an encoder that leaves existing
//! escapes alone ends up with. Each spelling is looked for as it is, as hex, and as base64; as it is also
//! in small letters, as the names of hosts are shown, and each of its lines by itself, since texts of
//! many lines are shown in parts.
//!
//! **Base64 inside of a longer text.** Three bytes become four characters, so a secret that begins at
//! any offset looks one of three ways. The characters at its borders hold bits of its neighbours too;
//! they are no part of the form, and up to four bits of the first and the last byte stay visible
//! there. At the end of the encoded text there is no neighbour: there the last character and the
//! padding are part of the form. The shortest secret, four bytes, has a core of at least
//! four characters at each offset: 24 bits, which ordinary text does not hit by chance.

use std::collections::BTreeSet;

use super::automaton::Automaton;
use super::reading::Reading;
use crate::secret::SHORTEST;

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL_SAFE: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Shorter lines of a longer secret are words and brackets that other texts have too.
const SHORTEST_LINE: usize = 8;

/// Everything that is looked for.
pub(super) struct Forms {
    all: Automaton,
    /// Hex and base64 only, which may be wrapped into lines.
    packed: Automaton,
    /// A form holds a space, which form encoding writes as `+`.
    spaced: bool,
}

impl Forms {
    /// `None` when there are too many of them for an automaton.
    pub(super) fn new<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Option<Forms> {
        let mut packed = BTreeSet::new();
        let mut all = BTreeSet::new();
        for secret in secrets {
            let spellings = spellings(secret);
            // What is packed is often JSON: the payload of a token, a stored document.
            let quoted = serde_json::Value::from(secret).to_string();
            let inner = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
            for text in spellings.iter().map(String::as_str).chain([inner]) {
                packed.extend(hex(text.as_bytes()));
                for alphabet in [STANDARD, URL_SAFE] {
                    packed.extend((0..3).flat_map(|offset| base64(text.as_bytes(), offset, alphabet)));
                }
            }
            all.extend(parts(secret).chain(spellings).map(String::into_bytes));
        }
        all.extend(packed.iter().cloned());
        let spaced = all.iter().any(|form| form.contains(&b' '));
        Some(Forms { all: Automaton::new(&all)?, packed: Automaton::new(&packed)?, spaced })
    }

    /// The readings that a text needs.
    pub(super) fn readings(&self) -> impl Iterator<Item = Reading> {
        let plain = [Reading::Raw, Reading::Percent, Reading::Json, Reading::Entity, Reading::Twice, Reading::Wrapped];
        let spaced = [Reading::Form, Reading::TwiceForm];
        plain.into_iter().chain(spaced.into_iter().filter(|_| self.spaced))
    }

    pub(super) fn automaton(&self, reading: Reading) -> &Automaton {
        match reading {
            Reading::Wrapped => &self.packed,
            _ => &self.all,
        }
    }
}

/// The spellings of a secret, but for those that are too short to be masked.
fn spellings(secret: &str) -> BTreeSet<String> {
    let mut texts = vec![secret.to_owned()];
    for reading in [Reading::Percent, Reading::Json, Reading::Entity] {
        texts.extend(String::from_utf8(reading.decode(secret.as_bytes())));
    }
    let mut spellings = BTreeSet::new();
    for text in &texts {
        for text in [text, text.trim()] {
            let lines = text.replace("\r\n", "\n");
            spellings.extend([lines.replace('\n', "\r\n"), lines, text.to_owned()]);
        }
    }
    spellings.retain(|text| text.chars().nth(SHORTEST - 1).is_some());
    spellings
}

/// What is shown of a secret where not all of it is: it in small letters, and its lines.
fn parts(secret: &str) -> impl Iterator<Item = String> {
    let lines = secret.lines().map(str::trim).filter(|line| line.chars().nth(SHORTEST_LINE - 1).is_some());
    let lines = lines.filter(move |line| *line != secret).map(str::to_owned);
    std::iter::once(secret.to_lowercase()).chain(lines).filter(|text| text.chars().nth(SHORTEST - 1).is_some())
}

fn hex(bytes: &[u8]) -> [Vec<u8>; 2] {
    let digits = |alphabet: &[u8; 16]| {
        let pairs = bytes.iter().flat_map(|&byte| [byte >> 4, byte & 15]);
        pairs.filter_map(|digit| alphabet.get(usize::from(digit)).copied()).collect()
    };
    [digits(b"0123456789abcdef"), digits(b"0123456789ABCDEF")]
}

/// The base64 of `bytes` that begin `offset` bytes into a group of three: the characters that they
/// alone determine, and those up to the end when the text ends with them, without and with padding.
fn base64(bytes: &[u8], offset: usize, alphabet: &[u8; 64]) -> Vec<Vec<u8>> {
    let byte = |index: usize| {
        let inside = index.checked_sub(offset).and_then(|index| bytes.get(index));
        u16::from(inside.copied().unwrap_or(0))
    };
    let character = |index: usize| {
        let bit = index * 6;
        let two = byte(bit / 8) << 8 | byte(bit / 8 + 1);
        let sextet = (two >> (10 - bit % 8)) & 63;
        alphabet.get(usize::from(sextet)).copied()
    };
    let bits = (offset + bytes.len()) * 8;
    let core: Vec<u8> = ((offset * 8).div_ceil(6)..bits / 6).filter_map(character).collect();
    let padding: &[u8] = match bits % 6 {
        0 => return vec![core],
        2 => b"==",
        _ => b"=",
    };
    let mut end = core.clone();
    end.extend(character(bits / 6));
    let padded = [&end, padding].concat();
    vec![core, end, padded]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_are_the_texts_a_secret_may_turn_into() {
        let cases: &[(&str, &[&str])] = &[
            ("abcd", &["abcd"]),
            (" abcd ", &[" abcd ", "abcd"]),
            ("ab\ncd\r\n", &["ab\ncd", "ab\r\ncd", "ab\ncd\n", "ab\ncd\r\n", "ab\r\ncd\r\n"]),
            ("ab%20cd", &["ab cd", "ab%20cd"]),
            (r"ab\/cd", &["ab/cd", r"ab\/cd"]),
            ("a&lt;bcd", &["a&lt;bcd", "a<bcd"]),
            ("%41bc", &["%41bc"]),
            ("%ffabcd", &["%ffabcd"]),
        ];
        for (secret, expected) in cases {
            let spellings = spellings(secret);
            let expected: BTreeSet<_> = expected.iter().map(|text| (*text).to_owned()).collect();
            assert_eq!(spellings, expected, "{secret:?}");
        }
    }

    #[test]
    fn parts_are_what_is_shown_of_a_secret() {
        let cases: &[(&str, &[&str])] = &[
            ("abcd", &["abcd"]),
            ("API-Key", &["api-key"]),
            ("Über", &["über"]),
            (
                "-----BEGIN KEY-----\nMIIEvQ+/Aa==\n  abc\n",
                &["-----begin key-----\nmiievq+/aa==\n  abc\n", "-----BEGIN KEY-----", "MIIEvQ+/Aa=="],
            ),
        ];
        for (secret, expected) in cases {
            assert_eq!(parts(secret).collect::<Vec<_>>(), *expected, "{secret:?}");
        }
    }

    #[test]
    fn base64_at_each_offset() {
        let cases: [(&str, usize, &[&str]); 4] = [
            ("abc", 0, &["YWJj"]),
            ("abcd", 0, &["YWJjZ", "YWJjZA", "YWJjZA=="]),
            ("abcd", 1, &["FiY2", "FiY2Q", "FiY2Q="]),
            ("abcd", 2, &["hYmNk"]),
        ];
        for (text, offset, expected) in cases {
            let found = base64(text.as_bytes(), offset, STANDARD);
            let found: Vec<_> = found.iter().map(|form| String::from_utf8_lossy(form)).collect();
            assert_eq!(found, expected, "{text} at {offset}");
        }
        assert_eq!(base64(b"???~", 0, URL_SAFE)[0], b"Pz8_f");
    }

    #[test]
    fn hex_in_both_cases() {
        assert_eq!(hex(b"\x0b/z"), [b"0b2f7a".to_vec(), b"0B2F7A".to_vec()]);
    }
}
