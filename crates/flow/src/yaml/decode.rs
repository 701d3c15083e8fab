//! Bytes to text.

use crate::{Code, Diagnostic, SourceId, Span};

/// Why bytes are no text that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotText {
    /// The text as far as it can be shown: make a [`crate::Source`] of it, into which the diagnostic's span points.
    pub text: String,
    /// The place in `text`.
    pub offset: usize,
    pub message: String,
    pub help: String,
}

impl NotText {
    pub fn diagnostic(&self, id: SourceId) -> Diagnostic {
        let end = self.text[self.offset..].chars().next().map_or(0, char::len_utf8) + self.offset;
        Diagnostic::error(Code::NotUtf8, Span::new(id, self.offset..end), self.message.clone()).help(self.help.clone())
    }
}

/// The text of a file: UTF-8, a byte order mark dropped.
pub fn decode(bytes: &[u8]) -> Result<String, NotText> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    std::str::from_utf8(bytes).map(str::to_owned).map_err(|error| NotText {
        text: String::from_utf8_lossy(bytes).into_owned(),
        offset: error.valid_up_to(),
        message: "the file is not UTF-8 text".to_owned(),
        help: "save the file as UTF-8".to_owned(),
    })
}
