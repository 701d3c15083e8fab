//! What a program writes, within bounds.

use tokio::io::{AsyncRead, AsyncReadExt};

/// So many bytes of a stream are kept, from its beginning.
pub(super) const KEPT: usize = 1 << 20;
/// So many lines and characters of its end stand in the message of a failure.
const LINES: usize = 10;
const LETTERS: usize = 2000;

#[derive(Default)]
pub(super) struct Captured {
    bytes: Vec<u8>,
    truncated: bool,
}

impl Captured {
    /// Reads to the end, so that the program is never held up, and keeps what is kept.
    pub(super) async fn read(&mut self, pipe: Option<impl AsyncRead + Unpin>) {
        let Some(mut pipe) = pipe else { return };
        let mut piece = vec![0; 16 << 10];
        // A pipe that cannot be read has ended for us.
        while let Ok(read @ 1..) = pipe.read(&mut piece).await {
            let room = KEPT - self.bytes.len();
            self.truncated |= read > room;
            self.bytes.extend_from_slice(piece.get(..read.min(room)).unwrap_or_default());
        }
    }

    pub(super) fn is_truncated(&self) -> bool {
        self.truncated
    }

    /// The text, and whether it is not all that was written.
    pub(super) fn text(&self) -> (String, bool) {
        let end = match std::str::from_utf8(&self.bytes) {
            // A character that the bound cut in two is no fault of the program.
            Err(error) if self.truncated && error.error_len().is_none() => error.valid_up_to(),
            _ => self.bytes.len(),
        };
        let text = String::from_utf8_lossy(self.bytes.get(..end).unwrap_or_default());
        let lossy = matches!(text, std::borrow::Cow::Owned(_));
        (text.into_owned(), lossy)
    }
}

/// The last lines of a text that says something. A line is cut at its end only, where masking knows a secret by its beginning.
pub(super) fn last_lines(text: &str) -> Option<String> {
    let mut left = LETTERS;
    let mut shown = Vec::new();
    for line in text.trim().lines().rev().take(LINES) {
        let length = line.chars().count();
        if length > left {
            if shown.is_empty() {
                shown.push(line.chars().take(left).chain(['…']).collect());
            }
            break;
        }
        left -= length;
        shown.push(line.to_owned());
    }
    shown.reverse();
    let shown = shown.join("\n");
    (!shown.is_empty()).then_some(shown)
}
