//! Lines whose indentation is wrong: between two levels, deeper than a value that is complete, an item among keys, a key among items.

use super::{Mistake, Place, line::Line};
use crate::{
    Diagnostic,
    yaml::text::{column, line_content, line_start},
};
use std::ops::Range;

/// A line whose indentation or kind does not fit the lists and objects around it.
pub(super) fn misplaced(place: &Place<'_>) -> Mistake {
    let text = place.text;
    let line = Line::at(text, place.at);
    let here = column(text, line.content);
    let complete = line_above(text, line.content).filter(|above| above.key.is_some() && !above.value.is_empty());
    if let Some(above) = complete.filter(|above| here > column(text, above.item)) {
        return deeper(place, &line, &above);
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

pub(super) fn line_above(text: &str, at: usize) -> Option<Line> {
    lines_above(text, at).next()
}
