//! Lists and objects in brackets: not closed, closed by another bracket, items without commas.

use super::{Mistake, Place, indentation::line_above, line::Line, quotes::next_quote};
use crate::yaml::text::{at_word, closing_quote, column, line_end, line_number, skip_blank};

/// What the parser says about the inside of brackets.
pub(super) fn is_about_brackets(info: &str) -> bool {
    matches!(
        info,
        "while parsing a flow mapping, did not find expected ',' or '}'"
            | "while parsing a flow sequence, expected ',' or ']'"
            | "while parsing a node, did not find expected node content"
            | "illegal placement of ':' indicator"
            | "invalid indentation in flow construct"
            | "invalid indentation"
            | "\"-\" is only valid inside a block"
            | "plain scalar cannot start with '-' followed by ,[]{}"
            | "':' may not precede any of `[{` in flow mapping"
    )
}

pub(super) fn explain(info: &str, place: &Place<'_>) -> Option<Mistake> {
    let at = place.at;
    if info == "misplaced bracket" {
        return Some(misplaced(place));
    }
    if !is_about_brackets(info) {
        return None;
    }
    // Where a bracket was opened matters little to what follows: the last one will do.
    let last = || place.text[..at].rfind(['[', '{']);
    let opened = place.unclosed().or_else(last)?;
    if place.is_past_brackets(opened) {
        return Some(unclosed(place, opened));
    }
    let here = place.character(at);
    Some(match info {
        "illegal placement of ':' indicator" => place
            .error(here, "the `:` must stand on the line of its key")
            .help("write key, `:` and value on one line, or quote the text")
            .into(),
        "\"-\" is only valid inside a block" | "plain scalar cannot start with '-' followed by ,[]{}" => place
            .error(here, "`-` begins no item inside brackets")
            .help("separate the items with commas: `[one, other]`; a text that is `-` must be quoted")
            .into(),
        "':' may not precede any of `[{` in flow mapping" => {
            place.error(here, "a space is missing behind the `:`").help("write `key: value`").into()
        }
        "while parsing a node, did not find expected node content" => {
            let mark = &place.text[here.clone()];
            place
                .error(here.clone(), format!("an item is missing before the `{mark}`"))
                .help("remove the comma that is too many, or quote the text")
                .into()
        }
        _ if place.text[at..].starts_with([']', '}']) => mismatch(place, opened),
        _ => no_comma(place),
    })
}

/// Two items without a comma between them.
pub(super) fn no_comma(place: &Place<'_>) -> Mistake {
    let opened = place.unclosed();
    let line = Line::at(place.text, place.at);
    // An item that is noticed by its `:`: the comma is missing at the end of the line above.
    let is_first = line.key.is_some_and(|key| key.end <= place.at && place.text[key.end..place.at].trim().is_empty());
    let above = line_above(place.text, line.content).filter(|above| is_first && opened.is_some_and(|opened| opened < above.content));
    let range = above.map_or(place.character(place.at), |above| above.value.clone());
    let problem = place
        .error(range, "a `,` is missing between two items")
        .help("separate the items with `,`; quote a text that has brackets, braces, a comma or `: ` in it");
    match opened {
        Some(opened) => problem.with(place.span(place.character(opened)), "inside these brackets").into(),
        None => problem.into(),
    }
}

fn unclosed(place: &Place<'_>, opened: usize) -> Mistake {
    let bracket = place.character(opened);
    let (open, close) = pair(&place.text[bracket.clone()]);
    let line = line_number(place.text, opened);
    let problem = place
        .error(bracket, format!("the `{open}` is not closed"))
        .saying("opened here")
        .help(format!("write `{close}` where it ends, in line {line} perhaps; quote the value if it is meant as a text"));
    Mistake::confined(problem, opened..line_end(place.text, opened))
}

fn mismatch(place: &Place<'_>, opened: usize) -> Mistake {
    let (open, close) = pair(&place.text[place.character(opened)]);
    let found = place.character(place.at);
    let mark = &place.text[found.clone()];
    place
        .error(found, format!("`{mark}` cannot close `{open}`"))
        .with(place.span(place.character(opened)), "opened here")
        .help(format!("write `{close}` before it, or in its place"))
        .into()
}

fn misplaced(place: &Place<'_>) -> Mistake {
    let found = place.character(place.at);
    let mark = &place.text[found.clone()];
    let open = if mark == "]" { '[' } else { '{' };
    let line = Line::at(place.text, place.at);
    let problem = place
        .error(found.clone(), format!("the `{mark}` closes nothing"))
        .help(format!("write `{open}` where it begins, or remove it; a text that begins with `{mark}` must be quoted"));
    Mistake::confined(problem, line.value.start.max(line.item).min(found.start)..line.value.end.max(found.end))
}

fn pair(open: &str) -> (char, char) {
    if open == "{" { ('{', '}') } else { ('[', ']') }
}

impl Place<'_> {
    /// The innermost bracket that is open where the parser gave up.
    pub(super) fn unclosed(&self) -> Option<usize> {
        let is_bracket = |start: usize| self.text[start..].starts_with(['[', '{']);
        let outermost = self.open.iter().map(|open| open.start).find(|start| is_bracket(*start));
        // The parser may be far ahead of what it gave out: what follows is read here once more, roughly.
        let mut open: Vec<usize> = Vec::new();
        let mut at = outermost.unwrap_or(self.cursor);
        let mut quote = next_quote(self.text, at);
        while at < self.at {
            if quote.is_some_and(|quote| quote < at) {
                quote = next_quote(self.text, at);
            }
            let rest = &self.text[at..];
            match rest.chars().next()? {
                '"' | '\'' if quote == Some(at) => {
                    at = closing_quote(self.text, at);
                    continue;
                }
                '#' if at_word(&self.text[..at]) => {
                    at = skip_blank(self.text, at);
                    continue;
                }
                '[' | '{' if !open.is_empty() || self.begins_value(at) => open.push(at),
                ']' | '}' => drop(open.pop()),
                _ => {}
            }
            at = self.character(at).end;
        }
        open.pop()
    }

    /// Whether a bracket stands where a value begins, so that it is one.
    fn begins_value(&self, at: usize) -> bool {
        let before = self.text[..at].trim_end_matches([' ', '\t']);
        let is_known = || self.open.iter().any(|open| open.start == at);
        before.is_empty() || before.ends_with([':', '-', '?', '\n', '\r']) || is_known()
    }

    /// Whether the place where the parser gave up is no longer what the brackets were meant to hold: the end, or a line that looks
    /// like a key or an item of the lines around them.
    fn is_past_brackets(&self, opened: usize) -> bool {
        let line = Line::at(self.text, self.at);
        let is_later = line_end(self.text, opened) < self.at;
        let is_outside = column(self.text, line.content) <= column(self.text, Line::at(self.text, opened).content);
        let at_end = skip_blank(self.text, self.at) == self.text.len();
        at_end || is_later && is_outside && !self.text[line.content..].starts_with([']', '}', ','])
    }
}
