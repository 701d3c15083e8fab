//! Single characters and words that YAML keeps for itself.

use super::{Mistake, Place, line::Line};
use crate::{Code, Diagnostic, yaml::text};

/// What the parser says, what that means and what to do, where no look at the text is needed.
const PLAIN: [(&str, &str, &str); 7] = [
    ("expected whitespace", "no key stands behind the `?`", "quote a text that begins with `?`"),
    (
        "comments must be separated from other tokens by whitespace",
        "a space is missing before the comment",
        "write ` #`; quote the whole value if the `#` belongs to it",
    ),
    (
        "a byte order mark must not appear inside a document",
        "a byte order mark (U+FEFF) stands inside the text",
        "remove it; it is invisible: delete what is before the next character, or type the line anew",
    ),
    ("invalid content after document end marker", "nothing can follow `...` on its line", "put it into the next line"),
    (
        "missing explicit document end marker before directive",
        "a line that begins with `%` cannot stand inside a document",
        "quote a text that begins with `%`, or indent it",
    ),
    ("duplicate version directive", "`%YAML` stands twice before one document", "remove the line"),
    ("invalid indentation for anchor", "the anchor stands apart from its value", "indent it like the value that it names"),
];

pub(super) fn explain(info: &str, place: &Place<'_>) -> Option<Mistake> {
    if let Some((_, message, help)) = PLAIN.iter().find(|(says, _, _)| *says == info) {
        let rest = place.rest_of_line(place.at);
        return Some(Mistake::confined(place.error(rest.clone(), *message).help(*help), rest));
    }
    match info {
        "while scanning an anchor or alias, did not find expected alphabetic or numeric character" => Some(anchor(place)),
        "the handle wasn't declared" => Some(tag(place)),
        "while parsing a node, did not find expected node content" => {
            let is_block = place.unclosed().is_none();
            is_block.then(|| if place.text[place.at..].starts_with(',') { reserved(place) } else { no_value(place) })
        }
        _ if info.starts_with("unexpected character: `") => Some(reserved(place)),
        _ if info.contains("directive") || info.contains("TAG") => Some(directive(place)),
        _ if info.contains(" tag") => Some(tag(place)),
        _ => None,
    }
}

fn no_value(place: &Place<'_>) -> Mistake {
    place
        .error(place.rest_of_line(place.at), "no value can begin here")
        .help("write keys as `key: value`, items as `- value`; quote a text that begins with `?` or `:`")
        .into()
}

fn directive(place: &Place<'_>) -> Mistake {
    place
        .error(place.rest_of_line(place.at), "a line that begins with `%` is a directive, and this one cannot be read")
        .help("remove the line; quote a text that begins with `%`")
        .into()
}

/// A value that begins with a character that none can begin with.
fn reserved(place: &Place<'_>) -> Mistake {
    let line = Line::at(place.text, place.at);
    let value = place.at..line.value.end.max(place.character(place.at).end);
    let mark = &place.text[place.character(place.at)];
    let problem = place
        .error(place.character(place.at), format!("a value cannot begin with `{mark}`"))
        .help(format!("quote it, write `{}`", place.quoted(&value)));
    Mistake::confined(problem, value)
}

fn tag(place: &Place<'_>) -> Mistake {
    let word = place.at..text::word_end(place.text, place.at).max(place.character(place.at).end);
    let value = place.rest_of_line(place.at);
    let value = value.start..value.end.max(word.end);
    let written = &place.text[word.clone()];
    let problem = place
        .error(word, format!("`{written}` cannot be read as a tag"))
        .help(format!("a text that begins with `!` must be quoted, write `{}`", place.quoted(&value)));
    Mistake::confined(problem, value)
}

fn anchor(place: &Place<'_>) -> Mistake {
    let value = place.rest_of_line(place.at);
    let mark = &place.text[place.character(place.at)];
    let what = if mark == "*" { "an alias" } else { "an anchor" };
    let problem =
        Diagnostic::error(Code::BadAlias, place.span(place.character(place.at)), format!("`{mark}` begins {what}, and no name follows"))
            .help(format!("a text that begins with `{mark}` must be quoted, write `{}`", place.quoted(&value)));
    Mistake::confined(problem, value)
}
