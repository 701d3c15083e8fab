//! Lines whose indentation is wrong: between two levels, deeper than a value that is complete, an item among keys, a key among items.

use super::{Mistake, Open, Place, line::Line};
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
    match around.filter(|open| column(text, open.start) == here) {
        Some(open) if open.is_list => no_dash(place, &line, open.start),
        Some(open) if line.is_item() => no_item_here(place, &line, open.start),
        _ => between(place, &line),
    }
}

fn no_dash(place: &Place<'_>, line: &Line, list: usize) -> Mistake {
    let name = line.name(place.text);
    let inside = column(place.text, Line::at(place.text, list).item);
    place
        .error(line.named(), format!("`- ` is missing: `{name}` stands where the next item of the list begins"))
        .with(place.span(place.character(list)), "the list begins here")
        .help(format!("write `- {name}` for a new item, or indent it by {} to belong to the item above", spaces(inside)))
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
    let problem = place
        .error(line.named(), format!("`{name}` is indented deeper than `{key}`, which has a value already"))
        .with(place.span(above.value.clone()), "this value");
    if name.contains([' ', '"', '\'']) {
        return problem.help(format!("write `{key}: |` and the whole text below it, if the lines are one text")).into();
    }
    let help = match column(text, above.item) {
        0 => format!("begin `{name}` at the left edge, like `{key}`, or take the value away"),
        indent => format!("indent `{name}` by {}, like `{key}`, or take the value away", spaces(indent)),
    };
    problem.help(help).into()
}

fn between(place: &Place<'_>, line: &Line) -> Mistake {
    let text = place.text;
    let here = column(text, line.content);
    // A key belongs to an object, an item to a list, or to the key of one that has no items yet.
    let fits = |open: &&Open| column(text, open.start) < here && (line.is_item() || !open.is_list);
    let outer = place.open.iter().rev().find(fits).map(|open| (column(text, open.start), Line::at(text, open.start).named()));
    let deeper_lines = lines_above(text, line.content).take_while(|above| column(text, above.content) > here);
    let inner = deeper_lines.last().map(|above| {
        let start = if line.is_item() { above.content } else { above.item };
        (column(text, start), above.named())
    });
    let levels: Vec<(usize, Range<usize>)> = outer.into_iter().chain(inner).collect();
    let message = format!("`{}` stands between two levels: it is indented by {}", line.name(text), spaces(here));
    let problem = levels.iter().fold(place.error(line.named(), message), |problem: Diagnostic, (column, named)| {
        problem.with(place.span(named.clone()), level(*column))
    });
    let counts: Vec<String> = levels.iter().map(|(column, _)| column.to_string()).collect();
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
