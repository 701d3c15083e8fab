//! Mistakes outside of filters: cause, place and cure.

mod filters;

use super::{ParseError, cursor::is_space, parser::Parser};
use crate::json::path::{is_name_char, is_name_first, push_quoted};
use std::ops::Range;

impl ParseError {
    pub(super) fn new(range: Range<usize>, message: impl Into<String>) -> Self {
        Self { range, message: message.into(), help: None }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl Parser<'_> {
    /// The character that stands here.
    pub(super) fn here(&self) -> Range<usize> {
        self.at..self.at + self.peek().map_or(0, char::len_utf8)
    }

    /// What stands here, as it is called in a message.
    pub(super) fn found(&self) -> String {
        let Some(first) = self.peek() else { return "the end of the path".to_owned() };
        let word = self.run_here(is_name_char);
        match word {
            "" if first.is_control() => format!("`{}`", first.escape_default()),
            "" => format!("`{first}`"),
            word => format!("`{word}`"),
        }
    }

    /// The characters from here on that fit.
    fn run_here(&self, fits: impl Fn(char) -> bool) -> &str {
        let rest = self.rest();
        &rest[..rest.find(|character| !fits(character)).unwrap_or(rest.len())]
    }

    pub(super) fn no_root(&self) -> ParseError {
        let error = |message: &str| ParseError::new(self.here(), message);
        match self.peek() {
            None => error("the path is empty").help("write `$` for the whole value"),
            Some(space) if is_space(space) => error("white space stands before the path").help("remove it"),
            Some('@') => error("`@` has a meaning inside a filter only").help(format!("write `${}`", &self.text[1..])),
            Some('.' | '[') => error("a path begins with `$`").help(format!("write `${}`", self.text)),
            Some(first) if is_name_first(first) => error("a path begins with `$`").help(format!("write `$.{}`", self.text)),
            Some(_) => error("a path begins with `$`"),
        }
    }

    /// Something after the last segment.
    pub(super) fn trailing(&self) -> ParseError {
        let rest = self.rest();
        let range = self.here();
        let before = &self.text[..self.at];
        match self.peek() {
            _ if rest.trim_start_matches(is_space).is_empty() => {
                ParseError::new(self.at..self.text.len(), "white space stands after the path").help("remove it")
            }
            Some(first) if is_name_char(first) && before == "$" => {
                ParseError::new(self.at..self.text.len(), format!("expected `.` or `[` after `$`, found {}", self.found()))
                    .help(format!("write `$.{rest}`"))
            }
            Some('-') => self.dashed_name(),
            Some('(') => ParseError::new(range, "functions stand inside filters only")
                .help("an expression such as `len(body.items)` counts, `body.items[-1]` takes the last"),
            Some(']') => ParseError::new(range, "this `]` closes nothing").help("remove it"),
            Some('?') => ParseError::new(range, "a filter stands in brackets").help("write `[?…]`"),
            Some(_) if before.ends_with(']') && rest.starts_with(is_name_first) => {
                ParseError::new(range, format!("expected `.` or `[`, found {}", self.found())).help(format!("write `{before}.{rest}`"))
            }
            Some(_) if rest.trim_start_matches(is_space).starts_with(['=', '!', '<', '>', '~']) => {
                ParseError::new(self.at..self.text.len(), "a path by itself compares nothing")
                    .help("a comparison stands inside a filter, as in `$[?@.a == 1]`")
            }
            _ => ParseError::new(range, format!("expected `.` or `[`, found {}", self.found())),
        }
    }

    /// A name after a dot that goes on with a dash.
    fn dashed_name(&self) -> ParseError {
        let before = &self.text[..self.at];
        let name = before.trim_end_matches(is_name_char);
        let rest = self.run_here(|c| is_name_char(c) || c == '-');
        let whole = format!("{}{rest}", &before[name.len()..]);
        let error = ParseError::new(self.here(), "`-` cannot stand in a name after a dot");
        let end = self.at + rest.len();
        match name.strip_suffix('.') {
            Some(path) => error.help(format!("write `{}[{}]{}`", path, quoted(&whole), self.text.get(end..).unwrap_or_default())),
            None => error,
        }
    }

    /// No name after the dot or dots that begin at `dots`.
    pub(super) fn no_name(&self, dots: usize) -> ParseError {
        let written = &self.text[dots..self.at];
        let before = &self.text[..dots];
        let rest = self.rest();
        match self.peek() {
            None => ParseError::new(dots..self.at, format!("a name is missing after `{written}`"))
                .help(format!("write a name or `*` after it, or end at `{before}`")),
            Some('[') => {
                ParseError::new(dots..self.at + 1, "`[` cannot follow a dot").help(format!("write `{before}{rest}`, without the dot"))
            }
            Some('.') => ParseError::new(dots..self.at + 1, "one dot too many").help("one dot leads to a child, two to everything below"),
            Some(space) if is_space(space) => {
                ParseError::new(self.here(), format!("white space stands after `{written}`")).help("remove it")
            }
            Some('0'..='9') => self.name_from_digit(before, written),
            Some('\'' | '"') => ParseError::new(self.here(), "a quoted name stands in brackets").help(format!(
                "write `{}[{}]`",
                bracket_prefix(before, written),
                self.run_here(|c| c != '.')
            )),
            Some('-') => {
                let name = self.run_here(|c| is_name_char(c) || c == '-');
                ParseError::new(self.here(), "`-` cannot stand in a name after a dot").help(format!(
                    "write `{}[{}]`",
                    bracket_prefix(before, written),
                    quoted(name)
                ))
            }
            Some(_) => ParseError::new(self.here(), format!("expected a name after `{written}`, found {}", self.found())),
        }
    }

    fn name_from_digit(&self, before: &str, written: &str) -> ParseError {
        let name = self.run_here(|c| is_name_char(c) || c == '-');
        let range = self.at..self.at + name.len();
        let prefix = bracket_prefix(before, written);
        let error = ParseError::new(range, "a name after a dot cannot begin with a digit");
        let plain = name == "0" || !name.starts_with('0');
        if plain && name.bytes().all(|byte| byte.is_ascii_digit()) {
            error.help(format!("write `{prefix}[{name}]` for the item of a list, `{prefix}['{name}']` for a member"))
        } else {
            error.help(format!("write `{prefix}[{}]`", quoted(name)))
        }
    }

    /// No selector where one is expected, inside the bracket at `opening`.
    pub(super) fn no_selector(&self, opening: usize, first: bool) -> ParseError {
        match self.peek() {
            None => Self::bracket_never_closed(opening),
            Some(']') if first => {
                ParseError::new(opening..self.at + 1, "nothing stands in the brackets").help("write `[*]` for all, `[0]` for the first")
            }
            Some(']' | ',') => ParseError::new(self.here(), "a name or an index is missing here"),
            Some('(') => {
                ParseError::new(self.here(), "JSONPath has no scripts").help("a filter is written `[?…]`, the last item is `[-1]`")
            }
            Some('@' | '!') => ParseError::new(self.here(), "a filter begins with `?`").help("write `[?…]`"),
            Some('$') => {
                ParseError::new(self.here(), "a path cannot stand in brackets by itself").help("a filter is written `[?…]`, a name `['…']`")
            }
            Some('+') => ParseError::new(self.here(), "`+` cannot stand before an index"),
            Some(first) if is_name_first(first) => {
                let name = self.run_here(|c| is_name_char(c) || matches!(c, '-' | '.'));
                ParseError::new(self.at..self.at + name.len(), format!("`{name}` is not quoted"))
                    .help(format!("write `[{}]`", quoted(name)))
            }
            Some(_) => ParseError::new(self.here(), format!("expected a name in quotes, an index, `*` or `?`, found {}", self.found())),
        }
    }

    /// Neither `,` nor `]` after a selector of the bracket at `opening`.
    pub(super) fn not_closed(&self, opening: usize) -> ParseError {
        match self.peek() {
            None => Self::bracket_never_closed(opening),
            Some('.') if self.text[..self.at].ends_with(|c: char| c.is_ascii_digit()) => {
                ParseError::new(self.here(), "an index has no fraction")
            }
            Some(_) => self.foreign_word().unwrap_or_else(|| {
                let name = self.run_here(|c| is_name_char(c) || c == '-');
                let error = ParseError::new(self.here(), format!("expected `,` or `]`, found {}", self.found()));
                let before = &self.text[opening + 1..self.at];
                let digits = before.bytes().all(|byte| byte.is_ascii_digit());
                if digits && !name.is_empty() { error.help(format!("write `[{}]`", quoted(&format!("{before}{name}")))) } else { error }
            }),
        }
    }

    /// A sign and digits that are no index.
    pub(super) fn bad_integer(range: Range<usize>, negative: bool, digits: &str) -> ParseError {
        let sign = if negative { "-" } else { "" };
        match digits.trim_start_matches('0') {
            "" if digits.is_empty() => {
                ParseError::new(range, "a number is missing after `-`").help("write for example `-1`, the last item")
            }
            "" => ParseError::new(range, format!("`{sign}{digits}` is no index")).help("write `0`"),
            plain if plain.len() < digits.len() => {
                ParseError::new(range, format!("the index `{sign}{digits}` begins with `0`")).help(format!("write `{sign}{plain}`"))
            }
            _ => ParseError::new(range, "the index is beyond ±(2⁵³−1)"),
        }
    }

    fn bracket_never_closed(opening: usize) -> ParseError {
        ParseError::new(opening..opening + 1, "this `[` is never closed").help("add `]`")
    }

    pub(super) fn unclosed_quote(opening: usize, quote: char) -> ParseError {
        let message = format!("the text that begins with this `{quote}` is never closed");
        ParseError::new(opening..opening + 1, message).help(format!("add `{quote}`"))
    }
}

/// What stands before a bracket that takes the place of a dot: two dots stay.
fn bracket_prefix(before: &str, dots: &str) -> String {
    if dots == ".." { format!("{before}..") } else { before.to_owned() }
}

fn quoted(name: &str) -> String {
    let mut out = String::new();
    push_quoted(&mut out, name);
    out
}
