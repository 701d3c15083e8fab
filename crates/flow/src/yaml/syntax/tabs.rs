//! Tabs where YAML wants spaces.

use super::{Mistake, Place};
use crate::{Code, Diagnostic, yaml::text};

pub(super) fn explain(info: &str, place: &Place<'_>) -> Option<Mistake> {
    let text = place.text;
    let found = match info {
        "tabs disallowed within this context (block indentation)" | "tab cannot be used as indentation" => indenting(text, place.at),
        "while scanning a plain scalar, found a tab" | "a block scalar content cannot start with a tab" => {
            text[place.at..].match_indices('\t').map(|(tab, _)| place.at + tab).find(|tab| indenting(text, *tab) == Some(*tab))
        }
        "'-' must be followed by a valid YAML whitespace"
        | "':' must be followed by a valid YAML whitespace"
        | "tabs disallowed in this context" => {
            return text[..place.at]
                .rfind('\t')
                .or(text[place.at..].starts_with('\t').then_some(place.at))
                .map(|tab| separating(place, tab));
        }
        _ if super::levels::is_about_lines(info) => {
            indenting(text, place.at).or_else(|| indenting(text, text::skip_blank(text, place.cursor)))
        }
        _ => return None,
    };
    found.map(|tab| {
        Diagnostic::error(Code::TabIndent, place.span(tab..tab + 1), "the line is indented with a tab")
            .help("YAML indents with spaces only: put spaces in place of the tab, usually two for each level")
            .into()
    })
}

fn separating(place: &Place<'_>, tab: usize) -> Mistake {
    let mark = place.text[..tab].trim_end_matches(['\t', ' ']).chars().last().unwrap_or(':');
    Diagnostic::error(Code::TabIndent, place.span(tab..tab + 1), format!("a tab stands behind the `{mark}`"))
        .help("put a space in place of the tab")
        .into()
}

/// The tab in the indentation of the line of `at`.
fn indenting(text: &str, at: usize) -> Option<usize> {
    let start = text::line_start(text, at);
    text[start..text::line_content(text, at)].find('\t').map(|tab| start + tab)
}
