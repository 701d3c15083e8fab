//! Blocks of text (`|`, `>`), lists and keys that begin where none can.

use super::{Mistake, Place, line::Line};
use crate::yaml::text;

pub(super) fn explain(info: &str, place: &Place<'_>) -> Option<Mistake> {
    match info {
        "while scanning a block scalar, did not find expected comment or line break"
        | "while scanning a block scalar, found an indentation indicator equal to 0" => Some(header(place)),
        "wrongly indented line in block scalar" => Some(first_line(place)),
        "block sequence entries are not allowed in this context" => Some(list_behind_key(place)),
        "mapping keys are not allowed in this context" => Some(question_mark(place)),
        "comment intercepting the multiline text" => Some(comment_in_text(place)),
        _ => None,
    }
}

/// Text behind the `|` or `>` that begins a block.
fn header(place: &Place<'_>) -> Mistake {
    let value = place.rest_of_line(place.at);
    let mark = &place.text[place.character(place.at)];
    let problem = place
        .error(value.clone(), format!("`{mark}` begins a block of text: nothing can follow on its line"))
        .help(format!("put the text into the lines below, deeper than the key; or quote the value, write `{}`", place.quoted(&value)));
    Mistake::confined(problem, value)
}

fn first_line(place: &Place<'_>) -> Mistake {
    let line = place.rest_of_line(text::line_content(place.text, place.at));
    place
        .error(line, "the first line of the block has less indentation than the blank line above it")
        .help("remove the white space of the blank line")
        .into()
}

fn list_behind_key(place: &Place<'_>) -> Mistake {
    let line = Line::at(place.text, place.at);
    let value = line.value.start.min(place.at)..line.value.end.max(place.character(place.at).end);
    let problem = place.error(place.character(place.at), "a list cannot begin on the line of its key");
    let problem = if line.value.start == place.at {
        problem.help(format!("put the `- ` into the next line; or quote the value, write `{}`", place.quoted(&value)))
    } else {
        problem.help("put each item into a line of its own, beginning with `- `; quote a text that begins so")
    };
    Mistake::confined(problem, value)
}

fn question_mark(place: &Place<'_>) -> Mistake {
    let value = place.rest_of_line(place.at);
    let problem = place.error(place.character(place.at), "a value cannot begin with `? `");
    let help = format!("quote it, write `{}`", place.quoted(&value));
    Mistake::confined(problem.help(help), value)
}

fn comment_in_text(place: &Place<'_>) -> Mistake {
    let line = Line::at(place.text, place.at);
    let comment = place.at..text::line_end(place.text, place.at);
    place
        .error(comment, "a comment stands inside a text that goes on in the next line")
        .with(place.span(line.value), "the text")
        .help("put the comment above, or quote the text; if the next line is a key, its `:` and a space are missing")
        .into()
}
