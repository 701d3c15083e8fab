//! Bytes to text. Files are UTF-8; what is not is named, with its place and what to do.

use super::text::{column, line_number};
use crate::{Code, Diagnostic, SourceId, Span};

/// Why bytes are no text that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotText {
    /// The text as far as it can be shown, with U+FFFD for what cannot: make a [`crate::Source`] of it, into which the diagnostic's span points.
    pub text: String,
    /// The place in `text`, a character boundary.
    pub offset: usize,
    pub message: String,
    pub help: &'static str,
}

impl NotText {
    /// The problem, with its place in the source `id` that was made of [`text`](Self::text).
    pub fn diagnostic(&self, id: SourceId) -> Diagnostic {
        let shown = self.text.get(self.offset..).and_then(|rest| rest.chars().next());
        let end = self.offset + shown.map_or(0, char::len_utf8);
        Diagnostic::error(Code::NotUtf8, Span::new(id, self.offset..end), self.message.as_str()).help(self.help)
    }
}

/// The text of a file: UTF-8, without a byte order mark at its beginning.
pub fn decode(bytes: &[u8]) -> Result<String, NotText> {
    if let Some(name) = other_encoding(bytes) {
        let message = format!("the file is {name} text, not UTF-8");
        let help = "save it as UTF-8: most editors offer the encoding when they save";
        return Err(NotText { text: String::new(), offset: 0, message, help });
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    std::str::from_utf8(bytes).map(str::to_owned).map_err(|error| invalid_byte(bytes, error.valid_up_to()))
}

/// The encoding that the first bytes tell: by a byte order mark, or by the zeros around a first character of ASCII.
fn other_encoding(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] | [0, 0, 0, 1..=127, ..] | [1..=127, 0, 0, 0, ..] => Some("UTF-32"),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0, 1..=127, 0, ..] | [1..=127, 0, 1..=127, 0, ..] => Some("UTF-16"),
        _ => None,
    }
}

fn invalid_byte(bytes: &[u8], at: usize) -> NotText {
    let (before, rest) = bytes.split_at(at.min(bytes.len()));
    let before = String::from_utf8_lossy(before);
    let (line, column) = (line_number(&before, before.len()), 1 + column(&before, before.len()));
    let byte = rest.first().copied().unwrap_or_default();
    NotText {
        text: String::from_utf8_lossy(bytes).into_owned(),
        offset: before.len(),
        message: format!("the file is not UTF-8 text: the byte 0x{byte:02X} in line {line}, column {column} begins no character"),
        help: "save the file as UTF-8; a letter with an accent that was saved as Latin-1 or Windows-1252 looks like this",
    }
}
