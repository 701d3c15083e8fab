//! What is wrong with a text, in words that say what to write instead where that is known.

use super::{
    Error,
    reader::{Kind, Reader},
};

impl Reader<'_> {
    pub(super) fn error(&self, message: impl Into<String>) -> Error {
        self.error_at(self.at, message)
    }

    pub(super) fn error_at(&self, offset: usize, message: impl Into<String>) -> Error {
        Error::new(self.text, offset, message)
    }

    pub(super) fn expected(&self, what: &str) -> Error {
        self.error(format!("expected {what}, found {}", self.found()))
    }

    /// What stands here, as it is called in a message.
    pub(super) fn found(&self) -> String {
        let Some(character) = self.rest().chars().next() else {
            return "the end of the text".to_owned();
        };
        match self.word_here() {
            "" if character.is_control() => format!("`{}`", character.escape_default()),
            "" => format!("`{character}`"),
            // A word that is no word of a language may be part of a secret, which is masked as a whole only.
            word if is_known(word) => format!("`{word}`"),
            word if word.bytes().all(|byte| byte.is_ascii_digit()) => "a number".to_owned(),
            _ => "a word without quotes".to_owned(),
        }
    }

    /// A list or object whose next item or closing bracket is not here.
    pub(super) fn not_closed(&self, kind: Kind) -> Error {
        let (bracket, name) = match kind {
            Kind::List => (']', "a list"),
            Kind::Object => ('}', "an object"),
        };
        if self.peek().is_none() {
            return self.error(format!("the text ends inside {name}: expected `,` or `{bracket}`"));
        }
        self.not_json().unwrap_or_else(|| self.expected(&format!("`,` or `{bracket}`")))
    }

    /// The place of a member's name, where none is.
    pub(super) fn no_name(&self) -> Error {
        match self.peek() {
            None => self.error("the text ends inside an object: expected the name of a member"),
            Some(b'}') => self.error("a trailing `,` before `}`; JSON has none"),
            Some(b'\'') => self.error("names stand in double quotes, not in single ones"),
            Some(byte) if byte.is_ascii_alphanumeric() || byte == b'_' => self.error("the name of a member needs double quotes"),
            Some(_) => self.not_json().unwrap_or_else(|| self.expected("the name of a member in double quotes")),
        }
    }

    /// The place of a value, where none is.
    pub(super) fn no_value(&self) -> Error {
        let before = self.text[..self.at].trim_end_matches([' ', '\t', '\n', '\r']);
        match self.peek() {
            None if before.is_empty() => self.error("the text is empty; expected a value"),
            None => self.error("the text ends where a value is expected"),
            Some(b']') if before.ends_with(',') => self.error("a trailing `,` before `]`; JSON has none"),
            Some(b'\'') => self.error("texts stand in double quotes, not in single ones"),
            Some(b'+') => self.error("a number cannot begin with `+`"),
            Some(b'.') => self.error("a number needs a digit before its `.`"),
            _ => self.not_json().or_else(|| self.foreign_word()).unwrap_or_else(|| self.expected("a value")),
        }
    }

    /// More text after the value.
    pub(super) fn more(&self) -> Error {
        self.not_json().unwrap_or_else(|| self.error(format!("the value is complete, but {} follows", self.found())))
    }

    /// What other formats allow between values.
    fn not_json(&self) -> Option<Error> {
        let rest = self.rest();
        if rest.starts_with("//") || rest.starts_with("/*") || rest.starts_with('#') {
            return Some(self.error("JSON has no comments"));
        }
        let space = rest.chars().next().filter(|c| c.is_whitespace() || *c == '\u{feff}')?;
        let message = match space {
            '\u{feff}' if self.at == 0 => "the text begins with a byte order mark".to_owned(),
            _ => {
                format!("the character U+{:04X} is no white space to JSON", u32::from(space))
            }
        };
        Some(self.error(message))
    }

    /// Values of other languages, and words without quotes.
    fn foreign_word(&self) -> Option<Error> {
        let word = self.word_here();
        let instead = match word.to_ascii_lowercase().as_str() {
            "" => return None,
            "true" => "true",
            "false" => "false",
            "null" | "none" | "nil" | "undefined" => "null",
            "nan" | "infinity" | "inf" => {
                return Some(self.error(format!("`{word}` is a number that JSON cannot write")));
            }
            _ => return Some(self.error("a word that is no value; a text needs double quotes")),
        };
        Some(self.error(format!("`{word}` is written `{instead}` in JSON")))
    }

    fn word_here(&self) -> &str {
        let rest = self.rest();
        let end = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        &rest[..end.count()]
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }
}

/// Words that stand for a value in one language or another.
fn is_known(word: &str) -> bool {
    let words = ["true", "false", "null", "none", "nil", "undefined", "nan", "infinity", "inf"];
    words.contains(&word.to_ascii_lowercase().as_str())
}
