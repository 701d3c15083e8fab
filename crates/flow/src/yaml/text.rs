//! Places in the text: from the parser's count of characters to bytes, and to where a value really begins and ends.
//!
//! All offsets are bytes on character boundaries; each function takes such and gives such.

use std::ops::Range;

/// What YAML skips between two words.
const BLANK: [char; 4] = [' ', '\t', '\n', '\r'];

/// Byte offsets of characters, which the parser counts.
pub(super) struct Offsets<'a> {
    text: &'a str,
    /// The byte offset of every [`STRIDE`]th character; empty when characters are bytes.
    notes: Vec<usize>,
}

const STRIDE: usize = 256;

impl<'a> Offsets<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let notes = if text.is_ascii() { Vec::new() } else { text.char_indices().step_by(STRIDE).map(|(at, _)| at).collect() };
        Self { text, notes }
    }

    /// The byte offset of a character; the end of the text for one beyond it.
    pub(super) fn byte(&self, character: usize) -> usize {
        if self.notes.is_empty() {
            return character.min(self.text.len());
        }
        let Some(start) = self.notes.get(character / STRIDE) else { return self.text.len() };
        let mut rest = self.text[*start..].char_indices();
        rest.nth(character % STRIDE).map_or(self.text.len(), |(at, _)| start + at)
    }
}

/// The anchor and the tag of a value.
#[derive(Default)]
pub(super) struct Properties<'a> {
    /// The name of the anchor, with the place of its `&`.
    pub(super) anchor: Option<(usize, &'a str)>,
    /// The tag as written, with its place.
    pub(super) tag: Option<(usize, &'a str)>,
    /// Behind the last of them.
    pub(super) end: usize,
    /// Where the value begins, if there is one.
    pub(super) value: usize,
}

/// Reads the anchor and the tag that stand at `start`, in either order.
pub(super) fn properties(text: &str, start: usize) -> Properties<'_> {
    let mut found = Properties { end: start, ..Properties::default() };
    loop {
        found.value = skip_blank(text, found.end);
        let word = &text[found.value..word_end(text, found.value)];
        if found.anchor.is_none() && word.starts_with('&') {
            found.anchor = Some((found.value, &word[1..]));
        } else if found.tag.is_none() && word.starts_with('!') {
            found.tag = Some((found.value, word));
        } else {
            return found;
        }
        found.end = found.value + word.len();
    }
}

/// The end of the anchor, alias or tag at `at`.
pub(super) fn word_end(text: &str, at: usize) -> usize {
    let rest = &text[at..line_end(text, at)];
    let end = if rest.starts_with("!<") { rest.find('>').map(|end| end + 1) } else { rest.find([' ', '\t', ',', '[', ']', '{', '}']) };
    at + end.unwrap_or(rest.len())
}

/// The first place from `at` where neither white space nor a comment stands.
pub(super) fn skip_blank(text: &str, mut at: usize) -> usize {
    loop {
        let rest = &text[at..];
        let next = at + rest.len() - rest.trim_start_matches(BLANK).len();
        let is_comment = text[next..].starts_with('#') && at_word(&text[..next]);
        if !is_comment {
            return next;
        }
        at = line_end(text, next);
    }
}

/// Behind the `mark` that is next after `at`; `at` when something else is.
pub(super) fn skip_mark(text: &str, at: usize, mark: char) -> usize {
    let next = skip_blank(text, at);
    if text[next..].starts_with(mark) { next + mark.len_utf8() } else { at }
}

/// The header (`|`, `>-`, …) of the block scalar that comes next after `at`, its indicators included.
pub(super) fn block_header(text: &str, at: usize) -> Range<usize> {
    let mut start = skip_blank(text, at);
    loop {
        let rest = &text[start..];
        let next = match rest.chars().next() {
            Some('|' | '>') => {
                let length = rest.find(|c: char| !"|>+-0123456789".contains(c)).unwrap_or(rest.len());
                return start..start + length;
            }
            Some('&' | '!') => properties(text, start).end,
            Some(':' | '?' | '-') => start + 1,
            _ => return at..at,
        };
        start = skip_blank(text, next);
    }
}

/// Behind the quote that closes the scalar whose opening quote is at `start`; the end of the text when none does.
pub(super) fn closing_quote(text: &str, start: usize) -> usize {
    let rest = &text[start..];
    let single = rest.starts_with('\'');
    let mut bytes = rest.bytes().enumerate().skip(1).peekable();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\'' if single => match bytes.peek() {
                Some((_, b'\'')) => drop(bytes.next()),
                _ => return start + at + 1,
            },
            b'"' if !single => return start + at + 1,
            b'\\' if !single => drop(bytes.next()),
            _ => {}
        }
    }
    text.len()
}

/// `range` without the white space at its end.
pub(super) fn trim_end(text: &str, range: Range<usize>) -> Range<usize> {
    range.start..range.start + text[range.clone()].trim_end_matches(BLANK).len()
}

/// Where the line begins on which `at` is.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind(['\n', '\r']).map_or(0, |line_break| line_break + 1)
}

/// Where the line ends on which `at` is, before its break.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    text[at..].find(['\n', '\r']).map_or(text.len(), |line_break| at + line_break)
}

/// The first place of the line of `at` that is no white space, or the end of the line.
pub(super) fn line_content(text: &str, at: usize) -> usize {
    let line = line_start(text, at)..line_end(text, at);
    let content = text[line.clone()].trim_start_matches([' ', '\t']);
    line.end - content.len()
}

/// The column of a place, counted from 0 in characters.
pub(super) fn column(text: &str, at: usize) -> usize {
    text[line_start(text, at)..at].chars().count()
}

/// The number of the line of a place, as [`crate::Source::position`] counts.
pub(super) fn line_number(text: &str, at: usize) -> usize {
    1 + text[..at].matches('\n').count()
}

/// Whether a word or comment can begin behind `before`: it is empty, or ends in white space.
pub(super) fn at_word(before: &str) -> bool {
    before.is_empty() || before.ends_with(BLANK)
}
