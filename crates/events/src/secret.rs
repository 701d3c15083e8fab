//! Secret values: text that is used but never shown.
//!
//! Invariant: no formatting, debug output or serialisation of a [`Secret`] holds its text. Only
//! [`Secret::expose`] gives it, so that every use of the real value can be found by that word.

use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

/// What stands in the place of a secret wherever it would be shown.
pub(crate) const MASK: &str = "***";

/// The fewest characters of a secret. Masking shorter ones would hide half of every report, and
/// would tell from the gaps what the secret is.
pub(crate) const SHORTEST: usize = 4;

/// The text of a secret. It is cheap to clone, and every way of printing it gives `***`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Arc<str>);

/// Why a text cannot be a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is nothing to hide. An empty variable is often meant, so this is worth a warning
    /// rather than an error.
    #[error("the secret is empty, so there is nothing to mask")]
    Empty,
    /// The text has `len` characters, too few to be masked.
    #[error(
        "the secret has only {len} character{s}, and fewer than {SHORTEST} cannot be masked without \
         masking ordinary text too; use a longer value, or do not mark it as secret",
        s = if *len == 1 { "" } else { "s" }
    )]
    TooShort {
        /// How many characters the text has.
        len: usize,
    },
}

impl Secret {
    /// Takes `text` as a secret.
    ///
    /// # Errors
    ///
    /// A text under four characters is refused; see [`Refusal`].
    pub fn new(text: impl Into<Arc<str>>) -> Result<Secret, Refusal> {
        let text = text.into();
        match text.chars().take(SHORTEST).count() {
            0 => Err(Refusal::Empty),
            len if len < SHORTEST => Err(Refusal::TooShort { len }),
            _ => Ok(Secret(text)),
        }
    }

    /// The real text, for the place that uses it. It must not reach an event, a log or an error.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(MASK)
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(MASK)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_prints_a_secret_holds_it() {
        let secret = Secret::new("hunter22").unwrap();
        let printed = [
            format!("{secret}"),
            format!("{secret:?}"),
            format!("{secret:#?}"),
            format!("{secret:.8}"),
            serde_json::to_string(&secret).unwrap().replace('"', ""),
        ];
        assert_eq!(printed, ["***"; 5]);
        assert_eq!(secret.expose(), "hunter22");
    }

    #[test]
    fn short_texts_are_refused_by_characters_not_bytes() {
        let len = |len| Some(Refusal::TooShort { len });
        let cases =
            [("", Some(Refusal::Empty)), ("a", len(1)), ("abc", len(3)), ("äöü", len(3)), ("abcd", None), ("äöüß", None), ("    ", None)];
        for (text, refusal) in cases {
            assert_eq!(Secret::new(text).err(), refusal, "{text:?}");
        }
        assert!(Refusal::TooShort { len: 1 }.to_string().contains("only 1 character,"));
        assert!(Refusal::TooShort { len: 3 }.to_string().contains("only 3 characters,"));
    }
}
