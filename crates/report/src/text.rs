//! Text made fit to be shown: control characters made visible, widths counted as a terminal counts them, long texts shortened.
//!
//! Whatever comes from outside (a body, a log line, a file name) may hold escape codes; none reaches a terminal.

use std::borrow::Cow;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The text with everything that would steer a terminal or reorder the line written as an escape (`\u{1b}`), in one line.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    if !text.chars().any(steers) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '\t' => out.push_str("    "),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            other if steers(other) => out.extend(other.escape_unicode()),
            other => out.push(other),
        }
    }
    Cow::Owned(out)
}

/// Control characters, and those that change the direction of what follows.
fn steers(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Columns that a text takes.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// The longest start of the text that fits into `columns`, with `ellipsis` where something was cut off.
pub(crate) fn cut(text: &str, columns: usize, ellipsis: &str) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    match columns.checked_sub(width(ellipsis)) {
        Some(room) => format!("{}{ellipsis}", start(text, room)),
        None => start(text, columns).to_owned(),
    }
}

/// A part of the text that fits into `columns` and shows what stands at the byte `around`.
pub(crate) fn window(text: &str, around: usize, columns: usize, ellipsis: &str) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let room = columns.saturating_sub(2 * width(ellipsis)).max(8);
    let around = floor(text, around);
    let (before, after) = text.split_at(around);
    // A third of the room goes to what stands before, so that the reader sees how the texts part; what one side does not need the other gets.
    let lead = end(before, (room / 3).max(room.saturating_sub(width(after))));
    let tail = start(after, room.saturating_sub(width(lead)));
    let left = if lead.len() < before.len() { ellipsis } else { "" };
    let right = if tail.len() < after.len() { ellipsis } else { "" };
    format!("{left}{lead}{tail}{right}")
}

/// The first byte at which two texts part, on a character boundary of both.
pub(crate) fn first_difference(left: &str, right: &str) -> usize {
    let common = left.chars().zip(right.chars()).take_while(|(a, b)| a == b);
    common.map(|(character, _)| character.len_utf8()).sum()
}

/// The text padded with spaces on the right.
pub(crate) fn pad(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

fn start(text: &str, columns: usize) -> &str {
    let mut used = 0;
    let end = text.char_indices().find(|(_, character)| {
        used += character.width().unwrap_or(0);
        used > columns
    });
    end.map_or(text, |(at, _)| text.get(..at).unwrap_or(text))
}

fn end(text: &str, columns: usize) -> &str {
    let mut used = 0;
    let last_out = text.char_indices().rev().find(|(_, character)| {
        used += character.width().unwrap_or(0);
        used > columns
    });
    last_out.map_or(text, |(at, character)| text.get(at + character.len_utf8()..).unwrap_or(""))
}

/// The greatest character boundary that is at most `offset`.
pub(crate) fn floor(text: &str, offset: usize) -> usize {
    let mut at = offset.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_the_terminal() {
        for (text, shown) in [
            ("plain é 日", "plain é 日"),
            ("\u{1b}[31mred", "\\u{1b}[31mred"),
            ("a\r\nb\tc", "a\\r\\nb    c"),
            ("x\u{202e}y\u{9b}z", "x\\u{202e}y\\u{9b}z"),
        ] {
            assert_eq!(clean(text), shown);
        }
    }

    #[test]
    fn long_texts_are_cut_by_columns() {
        assert_eq!(cut("abcdef", 6, "…"), "abcdef");
        assert_eq!(cut("abcdefg", 6, "…"), "abcde…");
        assert_eq!(cut("日本語日本語", 7, "…"), "日本語…");
        assert_eq!(cut("abcd", 3, "..."), "...");
        assert_eq!(cut("abcd", 2, "..."), "ab");
    }

    #[test]
    fn a_window_shows_what_it_is_about() {
        let text = format!("{}needle{}", "x".repeat(50), "y".repeat(50));
        assert_eq!(window(&text, 50, 20, "…"), "…xxxxxxneedleyyyyyy…");
        assert_eq!(window(&text, 0, 10, "…"), "xxxxxxxx…");
        assert_eq!(window(&text, 999, 10, "…"), "…yyyyyyyy");
        assert_eq!(window("日本語日本語日本語", 4, 12, "…"), "日本語日本…");
        assert_eq!(window("short", 2, 12, "…"), "short");
    }

    #[test]
    fn texts_part_on_whole_characters() {
        assert_eq!(first_difference("aéx", "aéy"), 3);
        assert_eq!(first_difference("é", "è"), 0);
        assert_eq!(first_difference("ab", "abc"), 2);
    }
}
