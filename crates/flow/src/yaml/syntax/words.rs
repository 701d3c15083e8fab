//! Single characters and words that YAML keeps for itself.

use super::{Mistake, Place, line::Line};
use crate::{
    Code, Diagnostic,
    yaml::{quote::quoted, text},
};

pub(super) fn explain(info: &str, place: &Place<'_>) -> Option<Mistake> {
    if info.starts_with("unexpected character: `") {
        return Some(reserved(place));
    }
    if info.contains(" tag") || info.contains("TAG") || info == "the handle wasn't declared" {
        return Some(tag(place));
    }
    let here = place.character(place.at);
    match info {
        "while scanning an anchor or alias, did not find expected alphabetic or numeric character" => Some(anchor(place)),
        "while parsing a node, did not find expected node content" if place.text[here.clone()] == *"," && place.unclosed().is_none() => {
            Some(reserved(place))
        }
        "comments must be separated from other tokens by whitespace" => Some(
            place
                .error(here, "a space is missing before the comment")
                .help("write ` #`; a text that has `#` behind a quote or bracket must be quoted as a whole")
                .into(),
        ),
        "found unprintable character" => Some(place.error(here, "a control character stands in the text").help("remove it").into()),
        "a byte order mark must not appear inside a document" => Some(
            place
                .error(here, "a byte order mark (U+FEFF) stands inside the text")
                .help("remove it: it is invisible; retype the line, or delete the character before its first letter")
                .into(),
        ),
        "invalid content after document end marker" => {
            Some(place.error(place.rest_of_line(place.at), "nothing can follow `...` on its line").help("put it into the next line").into())
        }
        "missing explicit document end marker before directive" => Some(
            place
                .error(place.rest_of_line(place.at), "a line that begins with `%` cannot stand inside a document")
                .help("quote a text that begins with `%`, or indent it")
                .into(),
        ),
        _ if info.contains("directive") => Some(
            place
                .error(place.rest_of_line(place.at), "a line that begins with `%` is a directive, and this one cannot be read")
                .help("remove the line; a text that begins with `%` must be quoted")
                .into(),
        ),
        "invalid indentation for anchor" => Some(
            place
                .error(place.rest_of_line(place.at), "the anchor stands apart from its value")
                .help("indent it like the value that it names")
                .into(),
        ),
        _ => None,
    }
}

/// A value that begins with a character that none can begin with.
fn reserved(place: &Place<'_>) -> Mistake {
    let line = Line::at(place.text, place.at);
    let value = place.at..line.value.end.max(place.character(place.at).end);
    let mark = &place.text[place.character(place.at)];
    let problem = place
        .error(place.character(place.at), format!("a value cannot begin with `{mark}`"))
        .help(format!("quote it, write {}", quoted(&place.text[value.clone()])));
    Mistake::confined(problem, value)
}

fn tag(place: &Place<'_>) -> Mistake {
    let word = place.at..text::word_end(place.text, place.at).max(place.character(place.at).end);
    let value = place.rest_of_line(place.at);
    let value = value.start..value.end.max(word.end);
    let written = &place.text[word.clone()];
    let problem = place
        .error(word, format!("`{written}` cannot be read as a tag"))
        .help(format!("a text that begins with `!` must be quoted, write {}", quoted(&place.text[value.clone()])));
    Mistake::confined(problem, value)
}

fn anchor(place: &Place<'_>) -> Mistake {
    let value = place.rest_of_line(place.at);
    let mark = &place.text[place.character(place.at)];
    let what = if mark == "*" { "an alias" } else { "an anchor" };
    let problem =
        Diagnostic::error(Code::BadAlias, place.span(place.character(place.at)), format!("`{mark}` begins {what}, and no name follows"))
            .help(format!("a text that begins with `{mark}` must be quoted, write {}", quoted(&place.text[value.clone()])));
    Mistake::confined(problem, value)
}
