//! What people write in place of an operator, a quote or a number, and what to write instead.

use crate::expr::ParseError;
use std::ops::Range;

/// Operators of other languages, and what to write. Longest first.
const FOREIGN: [(&str, &str); 12] = [
    ("!==", "write `!=`"),
    ("===", "write `==`"),
    ("<=>", "compare with `<`, `==` or `>`"),
    ("<>", "write `!=`"),
    ("=>", "to compare write `>=`; a predicate has no parameter: `filter(items, .price > 0)`"),
    ("=<", "to compare write `<=`"),
    ("=~", "write `matches`"),
    ("!~", "write `not matches`"),
    ("&=", "write `&&` or `and`"),
    ("->", "a member is reached with `.`"),
    (":=", "write `let name = value;`"),
    ("+=", "nothing can be assigned"),
];

/// An operator of another language that stands at `start`.
pub(super) fn symbol(text: &str, start: usize) -> Option<ParseError> {
    let rest = &text[start..];
    let (symbol, help) = FOREIGN.iter().find(|(symbol, _)| rest.starts_with(symbol))?;
    Some(no_operator(symbol, start).help(*help))
}

fn no_operator(symbol: &str, start: usize) -> ParseError {
    ParseError::syntax(start..start + symbol.len(), format!("`{symbol}` is no operator"))
}

/// A character that begins no token.
pub(super) fn character(text: &str, start: usize) -> ParseError {
    let character = text[start..].chars().next().unwrap_or(' ');
    let range = start..start + character.len_utf8();
    match character {
        '“' | '”' | '„' | '«' | '»' => {
            ParseError::syntax(range, format!("`{character}` is a typographic quote")).help("write a plain \"")
        }
        '‘' | '’' | '‚' | '´' => ParseError::syntax(range, format!("`{character}` is a typographic quote")).help("write a plain '"),
        '–' | '—' | '−' => ParseError::syntax(range, format!("`{character}` is a typographic dash")).help("write a plain -"),
        '≠' => no_operator("≠", start).help("write `!=`"),
        '≤' => no_operator("≤", start).help("write `<=`"),
        '≥' => no_operator("≥", start).help("write `>=`"),
        '@' => ParseError::syntax(range, "`@` means nothing here").help("inside a predicate the item is `#`"),
        '~' => ParseError::syntax(range, "`~` means nothing here").help("for regular expressions write `matches`"),
        '\\' => ParseError::syntax(range, "a backslash means nothing outside a text").help("take it away, or put the text in quotes"),
        _ => ParseError::syntax(range, format!("the character `{}` means nothing here", character.escape_debug()))
            .help("take it away, or put the text in quotes"),
    }
}

/// A number that runs into a name.
pub(super) fn number(text: &str, range: Range<usize>) -> ParseError {
    let error = ParseError::syntax(range, format!("`{text}` is no number"));
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
    let unit = &text[digits..];
    if matches!(unit, "ms" | "s" | "m" | "h") {
        error.help(format!("for a length of time write `duration(\"{text}\")`"))
    } else {
        error.help("put it in quotes if it is a text; no name begins with a digit")
    }
}
