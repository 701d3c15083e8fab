//! Templates that YAML takes apart because they are not quoted.

use super::{Mistake, Place, brackets, line::Line};
use crate::{
    Code, Diagnostic,
    yaml::{
        template::{end, unquoted},
        text,
    },
};
use std::ops::Range;

pub(super) fn explain(info: &str, place: &Place<'_>) -> Option<Mistake> {
    let is_inside_brackets = brackets::is_about_brackets(info);
    if !is_inside_brackets && !super::levels::is_about_lines(info) {
        return None;
    }
    let (text, at) = (place.text, place.at);
    let value = Line::at(text, at).value;
    let begins = |range: &Range<usize>| text[range.clone()].starts_with("{{");
    if begins(&value) && value.start <= at {
        return Some(Mistake::confined(unquoted(place.id, value.clone(), text), value));
    }
    let opened = place.unclosed().filter(|_| is_inside_brackets);
    // The innermost brace may be the second of the two.
    let opened = opened.map(|opened| opened - usize::from(text[..opened].ends_with('{')));
    if let Some(opened) = opened.map(|opened| place.rest_of_line(opened)).filter(begins) {
        return Some(Mistake::confined(unquoted(place.id, opened.clone(), text), opened));
    }
    let before = &text[value.start..at.clamp(value.start, value.end)];
    // The parser may have stopped between `$` and `{`.
    let start = value.start + before.rfind("${").max(before.rfind("{{")).or(before.ends_with('$').then(|| before.len() - 1))?;
    if is_inside_brackets {
        return Some(inside_brackets(place, start, value.end));
    }
    let is_split = end(text, start).is_none_or(|end| end > at);
    (is_split && !text[value.clone()].starts_with(['"', '\'', '|', '>'])).then(|| holds_colon(place, value))
}

/// A template in a list or object in brackets: its own brackets and commas count as theirs.
fn inside_brackets(place: &Place<'_>, start: usize, line_end: usize) -> Mistake {
    let text = place.text;
    let line = text::line_start(text, start)..start;
    let before = &text[line.clone()];
    let opened = before.rfind(['[', '{', ',']).map(|at| at + 1);
    let keyed = before.rfind(": ").map(|at| at + 2);
    let begin = line.start + opened.max(keyed).unwrap_or(0);
    let begin = start - text[begin..start].trim_start().len();
    let behind = end(text, start).unwrap_or(line_end).min(line_end);
    let end = text[behind..line_end].find([',', ']', '}']).map_or(line_end, |stop| behind + stop);
    let range = text::trim_end(text, begin..end.max(start));
    let problem = Diagnostic::error(Code::UnquotedTemplate, place.span(range.clone()), "a template inside `[ ]` or `{ }` must be quoted")
        .saying("YAML reads its braces as an object")
        .help(format!("write `{}`", place.quoted(&range)));
    Mistake::confined(problem, range)
}

fn holds_colon(place: &Place<'_>, value: Range<usize>) -> Mistake {
    let problem = Diagnostic::error(Code::UnquotedTemplate, place.span(value.clone()), "a template that has `: ` in it must be quoted")
        .with(place.span(place.character(place.at)), "YAML reads the end of a key here")
        .help(format!("write `{}`", place.quoted(&value)));
    Mistake::confined(problem, value)
}
