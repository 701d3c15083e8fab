//! Lines that are not where they belong: between two levels, without `:` or `- `, deeper than a value that is complete.

use super::{Mistake, Place, line::Line};
use crate::{
    Diagnostic,
    yaml::text::{column, line_content, line_start, skip_blank},
};
use std::ops::Range;

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
    if ends_first_key {
        if let Some(above) = line_above(text, line.content) {
            let is_deeper = column(text, line.item) > column(text, above.item);
            return if above.key.is_none() {
                no_key(place, above.item)
            } else if is_deeper {
                deeper(place, &line, &above)
            } else {
                misplaced(place)
            };
        }
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

/// A line whose indentation or kind does not fit the lists and objects around it.
fn misplaced(place: &Place<'_>) -> Mistake {
    let text = place.text;
    let line = Line::at(text, place.at);
    let here = column(text, line.content);
    if let Some(above) = line_above(text, line.content).filter(|above| above.key.is_some() && !above.value.is_empty()) {
        if here > column(text, above.item) {
            return deeper(place, &line, &above);
        }
    }
    let around = place.open.iter().rev().find(|open| column(text, open.start) <= here);
    let is_item = line.item > line.content;
    match around {
        Some(open) if column(text, open.start) == here && open.is_list => no_dash(place, &line, open.start),
        Some(open) if column(text, open.start) == here && is_item => no_item_here(place, &line, open.start),
        _ => between(place, &line, around.map(|open| open.start)),
    }
}

fn no_dash(place: &Place<'_>, line: &Line, list: usize) -> Mistake {
    let name = line.name(place.text);
    place
        .error(line.named(), format!("`- ` is missing: `{name}` stands where the next item of the list begins"))
        .with(place.span(place.character(list)), "the list begins here")
        .help(format!(
            "write `- {name}` for a new item; indent it by two spaces more to belong to the item above, by fewer to end the list"
        ))
        .into()
}

fn no_item_here(place: &Place<'_>, line: &Line, object: usize) -> Mistake {
    let first = Line::at(place.text, object).named();
    place
        .error(place.character(line.content), "an item of a list stands among the keys of an object")
        .with(place.span(first), "the object begins here")
        .help("put a key above it that holds the list, or remove the `- `")
        .into()
}

/// A line under `key: value` that is indented deeper than the key.
fn deeper(place: &Place<'_>, line: &Line, above: &Line) -> Mistake {
    let text = place.text;
    let (name, key) = (line.name(text), above.name(text));
    place
        .error(line.named(), format!("`{name}` is indented deeper than `{key}`, which has a value already"))
        .with(place.span(above.value.clone()), "this value")
        .help(match column(text, above.item) {
            0 => format!("begin `{name}` at the left edge, like `{key}`, or take the value away"),
            indent => format!("indent `{name}` by {}, like `{key}`, or take the value away", spaces(indent)),
        })
        .into()
}

fn between(place: &Place<'_>, line: &Line, outer: Option<usize>) -> Mistake {
    let text = place.text;
    let name = line.name(text);
    let here = column(text, line.content);
    let inner = lines_above(text, line.content).take_while(|above| column(text, above.content) > here).last();
    let outer = outer.map(|outer| Line::at(text, outer));
    let mut levels: Vec<(usize, Range<usize>)> =
        [outer, inner].into_iter().flatten().map(|level| (column(text, level.content), level.named())).collect();
    levels.dedup_by_key(|(column, _)| *column);
    let counts: Vec<String> = levels.iter().map(|(column, _)| column.to_string()).collect();
    let message = format!("`{name}` stands between two levels: it is indented by {}", spaces(here));
    let problem = levels.iter().fold(place.error(line.named(), message), |problem: Diagnostic, (column, named)| {
        problem.with(place.span(named.clone()), level(*column))
    });
    problem.help(format!("indent it by {} spaces, like the lines that it belongs to", counts.join(" or "))).into()
}

fn spaces(count: usize) -> String {
    if count == 1 { "1 space".to_owned() } else { format!("{count} spaces") }
}

fn level(column: usize) -> String {
    if column == 0 { "at the left edge".to_owned() } else { format!("indented by {}", spaces(column)) }
}

/// The lines above a place, nearest first, without those that say nothing.
fn lines_above(text: &str, at: usize) -> impl Iterator<Item = Line> {
    let mut start = line_start(text, at);
    std::iter::from_fn(move || {
        while start > 0 {
            let end = start - 1;
            start = line_start(text, end);
            let content = line_content(text, end);
            if content < end && !text[content..].starts_with('#') && text[start..end].trim() != "" {
                return Some(Line::at(text, content));
            }
        }
        None
    })
}

fn line_above(text: &str, at: usize) -> Option<Line> {
    lines_above(text, at).next()
}
