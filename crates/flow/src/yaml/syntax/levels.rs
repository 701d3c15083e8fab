//! Lines that are no `key: value`, and text behind what is complete: a value, the document.

use super::{
    Mistake, Place,
    indentation::{line_above, misplaced},
    line::Line,
};
use crate::yaml::text::{column, skip_blank};

/// What the parser says about lines and their order.
pub(super) fn is_about_lines(info: &str) -> bool {
    matches!(
        info,
        "mapping values are not allowed in this context"
            | "simple key expect ':'"
            | "simple key expected"
            | "while parsing a block mapping, did not find expected key"
            | "while parsing a block collection, did not find expected '-' indicator"
            | "did not find expected <document start>"
            | "invalid indentation"
    )
}

pub(super) fn explain(info: &str, place: &Place<'_>) -> Option<Mistake> {
    if !is_about_lines(info) {
        return None;
    }
    Some(match info {
        "mapping values are not allowed in this context" => colon(place),
        "simple key expect ':'" | "simple key expected" => no_key(place, skip_blank(place.text, place.cursor)),
        _ if !place.begins_line(place.at) => behind_value(place),
        "did not find expected <document start>" => outside(place),
        _ => misplaced(place),
    })
}

/// A `:` where no key can end.
fn colon(place: &Place<'_>) -> Mistake {
    let (text, at) = (place.text, place.at);
    let line = Line::at(text, at);
    let ends_first_key = line.key.as_ref().is_some_and(|key| key.end <= at && text[key.end..at].trim().is_empty());
    if ends_first_key && let Some(above) = line_above(text, line.content) {
        return if above.key.is_some() { misplaced(place) } else { no_key(place, above.item) };
    }
    let whole = line.value.clone();
    let problem = place
        .error(place.character(at), "a text that has `: ` in it must be quoted")
        .saying("YAML reads the end of a key here")
        .help(format!("write `{}`", place.quoted(&whole)));
    Mistake::confined(problem, whole)
}

/// A line among the keys of an object that is none. `at` is in it.
fn no_key(place: &Place<'_>, at: usize) -> Mistake {
    let text = place.text;
    let line = Line::at(text, at);
    let range = place.rest_of_line(line.item);
    let written = &text[range.clone()];
    let is_key = |colon: &usize| *colon > 0 && !written[*colon..].starts_with("://") && !written.starts_with(['"', '\'', '{', '[']);
    let colon = written.find(':').filter(is_key);
    if let Some(colon) = colon {
        let (key, value) = (&written[..colon], &written[colon + 1..]);
        let mark = range.start + colon;
        return place.error(mark..mark + 1, "a space is missing behind the `:`").help(format!("write `{key}: {value}`")).into();
    }
    place
        .error(range, "a `:` is missing: this line is no `key: value`")
        .help("write a key, `:`, a space and the value; an item of a list begins with `- `")
        .into()
}

/// Something behind a value that is complete, on its line.
fn behind_value(place: &Place<'_>) -> Mistake {
    let line = Line::at(place.text, place.at);
    let value = line.value.start.min(place.at)..line.value.end.max(place.at);
    let problem = place
        .error(place.rest_of_line(place.at), "nothing can follow here: the value before it is complete")
        .help(format!("quote the whole value if it is a text, write `{}`", place.quoted(&value)));
    Mistake::confined(problem, value)
}

/// A line left of where the document began, or behind a document that is complete.
fn outside(place: &Place<'_>) -> Mistake {
    let text = place.text;
    let line = Line::at(text, place.at);
    let first = Line::at(text, skip_blank(text, place.document_start));
    let name = line.name(text);
    if first.content < line.content && column(text, first.content) > column(text, line.content) {
        let message = format!("`{name}` stands further left than the first line of the document");
        let problem = place.error(line.named(), message).with(place.span(first.named()), "the document begins here");
        return problem.help("give the keys of one object the same indentation").into();
    }
    let directive = line_above(text, line.content).filter(|above| text[above.content..].starts_with('%'));
    if let Some(directive) = directive {
        return place
            .error(directive.content..directive.value.end, "a line `---` must follow the directive")
            .help("write `---` below it, or remove it")
            .into();
    }
    place
        .error(line.named(), format!("the document is complete: `{name}` cannot follow it"))
        .help("begin another document with a line `---`, or give the lines of this one the same indentation")
        .into()
}
