//! String literals: where they end and what they say.

use crate::expr::ParseError;
use std::{borrow::Cow, ops::Range};

/// Where the literal that opens at `start` ends, its closing quote included.
pub(in crate::expr) fn end_of_literal(text: &str, start: usize) -> Result<usize, ParseError> {
    let mut characters = text[start..].char_indices();
    let Some((_, quote)) = characters.next() else {
        return Ok(start);
    };
    while let Some((at, character)) = characters.next() {
        match character {
            // In back quotes two of them are one, and nothing is escaped.
            '`' if quote == '`' && text[start + at + 1..].starts_with('`') => {
                characters.next();
            }
            '\\' if quote != '`' => {
                characters.next();
            }
            '\n' if quote != '`' => break,
            _ if character == quote => return Ok(start + at + character.len_utf8()),
            _ => {}
        }
    }
    Err(ParseError::syntax(start..start + 1, format!("the text that opens here with {quote} does not end"))
        .help(format!("close it with {quote}")))
}

/// What the inside of a literal says; `start` is where that inside begins, for errors.
pub(in crate::expr) fn unescape(inside: &str, quote: char, start: usize) -> Result<Cow<'_, str>, ParseError> {
    if quote == '`' {
        return Ok(if inside.contains("``") { Cow::Owned(inside.replace("``", "`")) } else { Cow::Borrowed(inside) });
    }
    if !inside.contains(['\\', '\r']) {
        return Ok(Cow::Borrowed(inside));
    }
    let mut out = String::with_capacity(inside.len());
    let mut rest = inside;
    while let Some(at) = rest.find(['\\', '\r']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix('\r') {
            out.push('\n');
            rest = after.strip_prefix('\n').unwrap_or(after);
            continue;
        }
        let place = start + inside.len() - rest.len();
        let (character, length) = escape(&rest[1..], quote).ok_or_else(|| bad_escape(rest, place))?;
        out.push(character);
        rest = &rest[1 + length..];
    }
    out.push_str(rest);
    Ok(Cow::Owned(out))
}

/// One escape, without its backslash: the character, and how many bytes it took.
fn escape(after: &str, quote: char) -> Option<(char, usize)> {
    let first = after.chars().next()?;
    let simple = match first {
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{b}',
        '\\' => '\\',
        _ if first == quote => quote,
        'x' => return coded(after, 1..3, 16),
        'u' if after[1..].starts_with('{') => {
            let end = after.find('}')?;
            let (character, length) = coded(after, 2..end, 16).filter(|_| end <= 8)?;
            return Some((character, length + 1));
        }
        'u' => return coded(after, 1..5, 16),
        'U' => return coded(after, 1..9, 16),
        '0'..='3' => return coded(after, 0..3, 8),
        _ => return None,
    };
    Some((simple, first.len_utf8()))
}

fn coded(after: &str, digits: Range<usize>, radix: u32) -> Option<(char, usize)> {
    let end = digits.end;
    let digits = after.get(digits).filter(|digits| digits.chars().all(|c| c.is_digit(radix)))?;
    let code = u32::from_str_radix(digits, radix).ok()?;
    // As Go's: half of a surrogate pair is written as the replacement character.
    let character = char::from_u32(code).or_else(|| (0xD800..0xE000).contains(&code).then_some(char::REPLACEMENT_CHARACTER))?;
    Some((character, end))
}

fn bad_escape(rest: &str, place: usize) -> ParseError {
    let length: usize = rest.chars().take(2).map(char::len_utf8).sum();
    ParseError::syntax(place..place + length, format!("`{}` means nothing in a text", &rest[..length]))
        .help("for a backslash write `\\\\`, or put the text in back quotes, where nothing is escaped")
}
