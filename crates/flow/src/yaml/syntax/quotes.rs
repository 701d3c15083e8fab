//! Quotes that are not closed, text behind them, escapes that are none.

use super::{Mistake, Place, brackets::no_comma};
use crate::yaml::text::{at_word, closing_quote, line_end, line_number, skip_blank};
use std::ops::Range;

pub(super) fn explain(info: &str, place: &Place<'_>) -> Option<Mistake> {
    match info {
        "while scanning a quoted scalar, found unexpected end of stream"
        | "while scanning a quoted scalar, found unexpected document indicator"
        | "invalid indentation in quoted scalar" => Some(unclosed(place, place.at)),
        "invalid trailing content after double-quoted scalar" => Some(trailing(place)),
        "while parsing a quoted scalar, found unknown escape character"
        | "while parsing a quoted scalar, did not find expected hexadecimal number"
        | "while parsing a quoted scalar, found invalid Unicode character escape code" => Some(escape(place)),
        _ => None,
    }
}

fn unclosed(place: &Place<'_>, opening: usize) -> Mistake {
    let quote = place.character(opening);
    let mark = &place.text[quote.clone()];
    let help = if mark == "'" {
        "write `'` at the end of the text; inside single quotes an apostrophe is written twice: `''`"
    } else {
        "write `\"` at the end of the text; inside double quotes a quote is written `\\\"`"
    };
    let problem = place.error(quote, format!("the quote {mark} is not closed")).saying("opened here").help(help);
    Mistake::confined(problem, opening..line_end(place.text, opening))
}

fn trailing(place: &Place<'_>) -> Mistake {
    let text = place.text;
    let at = place.at;
    let Some(quoted_text) = quoted_before(text, place.cursor, at) else {
        let problem = place.error(place.rest_of_line(at), "text stands behind a closing quote");
        return problem.help("put the quotes around the whole text").into();
    };
    if text[quoted_text.clone()].contains('\n') {
        let Mistake { problem, value } = unclosed(place, quoted_text.start);
        let closing = quoted_text.end - 1..quoted_text.end;
        let line = line_number(text, closing.start);
        let problem = problem.with(place.span(closing), format!("the next quote, in line {line}, ends the text"));
        return Mistake { problem, value };
    }
    let is_apostrophe = text[quoted_text.clone()].ends_with('\'') && quoted_text.end == at;
    if !is_apostrophe && place.unclosed().is_some() {
        return no_comma(place);
    }
    let rest = place.rest_of_line(at);
    let value = quoted_text.start..rest.end.max(at);
    let problem = place.error(rest, "text stands behind the closing quote").with(place.span(quoted_text), "the value is complete here");
    let problem = if is_apostrophe {
        problem.help("inside single quotes an apostrophe is written twice: `''`; or use double quotes")
    } else {
        problem.help(format!("quote the whole value, write `{}`", place.quoted(&value)))
    };
    Mistake::confined(problem, value)
}

/// The last scalar in quotes that ends before `at`, looking from `from` on.
fn quoted_before(text: &str, from: usize, at: usize) -> Option<Range<usize>> {
    let mut found = None;
    let mut next = from;
    while let Some(start) = next_quote(text, next).filter(|start| *start < at) {
        let end = closing_quote(text, start);
        if end > at {
            break;
        }
        found = Some(start..end);
        next = end;
    }
    found
}

/// The next quote that opens a scalar: one at the beginning of a word, outside of comments.
pub(super) fn next_quote(text: &str, from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += text[at..].find(['"', '\'', '#'])?;
        let before = &text[..at];
        if text[at..].starts_with('#') {
            at = if at_word(before) { skip_blank(text, line_end(text, at)) } else { at + 1 };
        } else if at_word(before) || before.ends_with(['[', '{', ',', ':']) {
            return Some(at);
        } else {
            at += 1;
        }
    }
}

/// An escape sequence that is none, in the double quotes that open at the place.
fn escape(place: &Place<'_>) -> Mistake {
    let text = place.text;
    let end = closing_quote(text, place.at);
    let value = place.at..end;
    let Some((at, length)) = bad_escape(&text[value.clone()]) else {
        return unclosed(place, place.at);
    };
    let range = place.at + at..place.at + at + length;
    let written = &text[range.clone()];
    let digits = written.as_bytes().get(1).copied().filter(|letter| b"xuU".contains(letter)).map(digits_of);
    let (message, help) = match digits {
        Some(digits) if written.len() == 2 + digits => (
            format!("`{written}` is no character"),
            match surrogates(&text[range.start..end]) {
                Some(character) => format!("write `{character}` itself: YAML has no halves of characters, as JSON has"),
                None => "write the character itself".to_owned(),
            },
        ),
        Some(digits) => (format!("`{written}` needs {digits} hexadecimal digits"), "write all digits, or the character itself".to_owned()),
        _ => (
            format!("`{written}` is no escape sequence of double quotes"),
            format!("write `\\{written}` for a backslash, or use single quotes: nothing is escaped there"),
        ),
    };
    Mistake::confined(place.error(range, message).help(help), value)
}

/// The place and length of the first escape sequence in double quotes that is none.
fn bad_escape(quotes: &str) -> Option<(usize, usize)> {
    let mut at = 0;
    loop {
        at += quotes[at..].find('\\')?;
        let letter = quotes[at + 1..].chars().next()?;
        let behind = at + 1 + letter.len_utf8();
        if !"0abtnvfre \"/\\N_LPxuU\t\n\r".contains(letter) {
            return Some((at, behind - at));
        }
        at = behind;
        if "xuU".contains(letter) {
            let digits: String = quotes[behind..].chars().take(digits_of(letter as u8)).take_while(char::is_ascii_hexdigit).collect();
            let code = u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32);
            if digits.len() < digits_of(letter as u8) || code.is_none() {
                return Some((behind - 2, 2 + digits.len()));
            }
            at += digits.len();
        }
    }
}

fn digits_of(letter: u8) -> usize {
    match letter {
        b'x' => 2,
        b'u' => 4,
        _ => 8,
    }
}

/// The character that two escaped halves make in JSON: `\ud83d\ude00`.
fn surrogates(text: &str) -> Option<char> {
    let half = |at: usize| {
        let escape = text.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(escape, 16).ok()
    };
    char::decode_utf16([half(0)?, half(6)?]).next()?.ok()
}
