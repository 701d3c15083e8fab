//! Places in the text: from the parser's count of characters to bytes, and to where a value really begins and ends.

/// Bytes between two noted places.
const STRIDE: usize = 256;

/// Byte offsets of characters, which the parser counts.
pub(super) struct Offsets<'a> {
    text: &'a str,
    /// The byte offset of every `STRIDE`th character; empty when characters are bytes.
    notes: Vec<usize>,
}

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
        let rest = &self.text[*start..];
        rest.char_indices().nth(character % STRIDE).map_or(self.text.len(), |(at, _)| start + at)
    }
}

/// What stands before a value.
pub(super) struct Properties<'a> {
    pub(super) anchor: Option<&'a str>,
    /// The tag as written, with its place.
    pub(super) tag: Option<(usize, &'a str)>,
    /// Where the value begins.
    pub(super) end: usize,
}

/// Reads the anchor and the tag that stand at `start`, in either order.
pub(super) fn skip_properties(text: &str, start: usize) -> Properties<'_> {
    let mut found = Properties { anchor: None, tag: None, end: start };
    loop {
        let at = skip_blank(text, found.end);
        let rest = &text[at..];
        let word = &rest[..rest.find([' ', '\t', '\n', '\r', ',', '[', ']', '{', '}']).unwrap_or(rest.len())];
        if found.anchor.is_none() && word.starts_with('&') {
            found.anchor = Some(&word[1..]);
        } else if found.tag.is_none() && word.starts_with('!') {
            found.tag = Some((at, word));
        } else {
            found.end = at;
            return found;
        }
        found.end = at + word.len();
    }
}

/// The first place from `at` where neither white space nor a comment stands.
pub(super) fn skip_blank(text: &str, at: usize) -> usize {
    let mut at = at;
    loop {
        let rest = &text[at..];
        let next = at + (rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len());
        let comment = text[next..].starts_with('#') && (next == 0 || text[..next].ends_with([' ', '\t', '\n', '\r']));
        if !comment {
            return next;
        }
        at = next + text[next..].find(['\n', '\r']).unwrap_or(text.len() - next);
    }
}

/// Behind the `mark` that stands at `at`, or after white space and comments; `at` when there is none.
pub(super) fn skip_to(text: &str, at: usize, mark: char) -> usize {
    let next = skip_blank(text, at);
    if text[next..].starts_with(mark) { next + mark.len_utf8() } else { at }
}
