//! Mistakes inside of filters.

use super::quoted;
use crate::{
    jsonpath::{ParseError, filter::Term, functions::FUNCTIONS, parser::Parser},
    nearest::nearest,
};
use std::ops::Range;

/// Operators of other languages, the longer before what they begin with, and ours.
const FOREIGN: [(&str, &str); 9] = [
    ("===", "`==`"),
    ("!==", "`!=`"),
    ("=~", "`match(…, '…')` or `search(…, '…')`"),
    ("<>", "`!=`"),
    ("=>", "`>=`"),
    ("=<", "`<=`"),
    ("~=", "`match(…, '…')` or `search(…, '…')`"),
    ("!~", "`!match(…, '…')`"),
    ("=", "`==`"),
];

/// Words that stand between two terms in other languages.
const WORDS: [(&str, &str); 12] = [
    ("and", "write `&&`"),
    ("or", "write `||`"),
    ("eq", "write `==`"),
    ("ne", "write `!=`"),
    ("is", "write `==`"),
    ("in", "compare with each value: `@.a == 1 || @.a == 2`"),
    ("nin", "compare with each value: `@.a != 1 && @.a != 2`"),
    ("not", "write `!(…)` around the test"),
    ("contains", "write `search(@.a, '…')`"),
    ("matches", "write `match(@.a, '…')`"),
    ("like", "write `search(@.a, '…')`"),
    ("exists", "a path by itself asks that: `[?@.a]`"),
];

impl Parser<'_> {
    /// An operator that is none of ours, after a term.
    pub(in crate::jsonpath) fn foreign_operator(&self, left: &Term) -> Option<ParseError> {
        let rest = self.rest();
        if let Some((written, ours)) = FOREIGN.iter().find(|(written, _)| {
            // `=` alone only: `==` is ours.
            rest.starts_with(written) && !(*written == "=" && rest.starts_with("=="))
        }) {
            let range = self.at..self.at + written.len();
            let error = ParseError::new(range, format!("`{written}` compares nothing in JSONPath"));
            return Some(error.help(format!("write {ours}")));
        }
        let arithmetic = rest.starts_with(['+', '-', '*', '/', '%']);
        if arithmetic && left.range.end < self.text.len() {
            let message = format!("JSONPath has no arithmetic: `{}`", &rest[..1]);
            let error = ParseError::new(self.here(), message);
            let help = if rest.starts_with('-') {
                "a name with a dash is written `@['a-b']`"
            } else {
                "an expression can compute: `filter(body, .a + .b > 1)`"
            };
            return Some(error.help(help));
        }
        self.foreign_word()
    }

    /// A word or half an operator that joins nothing here.
    pub(in crate::jsonpath) fn foreign_word(&self) -> Option<ParseError> {
        let rest = self.rest();
        for single in ["&", "|"] {
            if rest.starts_with(single) && !rest.starts_with(&single.repeat(2)) {
                let error = ParseError::new(self.here(), format!("`{single}` alone joins nothing"));
                return Some(error.help(format!("write `{single}{single}`")));
            }
        }
        let end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
        let word = rest[..end].to_ascii_lowercase();
        let (word, help) = WORDS.iter().find(|(known, _)| *known == word)?;
        let message = format!("`{word}` is no operator of JSONPath");
        Some(ParseError::new(self.at..self.at + end, message).help(*help))
    }

    /// Nothing that a filter can compare or test.
    pub(in crate::jsonpath) fn no_term(&self) -> ParseError {
        let error = |message: &str| ParseError::new(self.here(), message);
        match self.peek() {
            None => error("the path ends inside a filter"),
            Some('.') => error("a path inside a filter begins with `@`, the item, or `$`").help("write `@` before the dot"),
            Some(']') => error("a filter needs a test before its `]`").help("write for example `[?@.a == 1]`"),
            Some(')') => error("a value is missing before `)`"),
            Some('[' | '{') => {
                error("lists and objects cannot be written in a filter").help("compare with each value: `@.a == 1 || @.a == 2`")
            }
            Some('/') => error("a pattern is a text").help("write `match(@.a, '…')` or `search(@.a, '…')`"),
            Some('!') => error("`!` stands before a test, once"),
            Some('+') => error("a number cannot begin with `+`").help("remove it"),
            Some(_) => ParseError::new(self.here(), format!("expected `@`, `$`, a text, a number or a function, found {}", self.found())),
        }
    }

    pub(in crate::jsonpath) fn negated_comparison(start: usize) -> ParseError {
        ParseError::new(start..start + 1, "`!` before a comparison needs parentheses")
            .help("write `!(… == …)`, or turn the comparison around")
    }

    pub(in crate::jsonpath) fn second_comparison(&self, start: usize, written: &str) -> ParseError {
        let first = &self.text[start..self.at];
        let message = if first.starts_with(['(', '!']) {
            format!("`{written}` cannot compare a test")
        } else {
            format!("`{written}` cannot follow a comparison")
        };
        ParseError::new(self.at..self.at + written.len(), message).help("a comparison has two sides; join comparisons by `&&` and `||`")
    }

    pub(in crate::jsonpath) fn parenthesis_not_closed(&self, opening: usize) -> ParseError {
        match self.peek() {
            None | Some(']') => ParseError::new(opening..opening + 1, "this `(` is never closed").help("add `)`"),
            Some(_) => self.foreign_word().unwrap_or_else(|| ParseError::new(self.here(), format!("expected `)`, found {}", self.found()))),
        }
    }

    pub(in crate::jsonpath) fn bad_number(&self, start: usize, written: &str) -> ParseError {
        let error = ParseError::new(start..self.at, format!("`{written}` is no number"));
        let digits = written.trim_start_matches('-');
        match written {
            "-" => ParseError::new(start..self.at, "a number is missing after `-`"),
            _ if digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.") => {
                error.help("a number cannot begin with `0` and another digit")
            }
            _ if digits.ends_with('.') || digits.contains(".e") || digits.contains(".E") => error.help("a digit belongs after the `.`"),
            _ if written.len() > 300 || written.contains(['e', 'E']) => {
                error.help("an exponent needs a digit, and must not lead beyond 64-bit floats")
            }
            _ => error,
        }
    }

    /// A word that is no literal and no call.
    pub(in crate::jsonpath) fn bare_word(&self, start: usize, word: &str) -> ParseError {
        let range = start..self.at;
        let folded = word.to_ascii_lowercase();
        if self.rest().trim_start().starts_with('(') && FUNCTIONS.iter().any(|(n, _)| *n == word) {
            return ParseError::new(range, format!("a space stands between `{word}` and its `(`")).help("remove it");
        }
        let instead = match folded.as_str() {
            "true" | "false" | "null" => folded,
            "none" | "nil" | "undefined" => "null".to_owned(),
            "not" => return ParseError::new(range, "`not` is no operator of JSONPath").help("write `!`"),
            _ => {
                return ParseError::new(range, format!("`{word}` is not quoted"))
                    .help(format!("write `{}` for a text, `@.{word}` for a member", quoted(word)));
            }
        };
        ParseError::new(range, format!("`{word}` is no literal")).help(format!("write `{instead}`"))
    }

    pub(in crate::jsonpath) fn unknown_function(name: &str, start: usize) -> ParseError {
        let known = FUNCTIONS.map(|(known, _)| known);
        let error = ParseError::new(start..start + name.len(), format!("there is no function `{name}`"));
        let other = match name {
            "len" | "size" => Some("length"),
            "matches" | "regex" | "test" => Some("match"),
            "contains" => Some("search"),
            _ => nearest(name, known),
        };
        match other {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error.help(format!("the functions are `{}`", known.join("`, `"))),
        }
    }

    pub(in crate::jsonpath) fn wrong_count(&self, name: &str, start: usize, wanted: usize, found: usize) -> ParseError {
        let takes = if wanted == 1 { "one argument".to_owned() } else { format!("{wanted} arguments") };
        let error = ParseError::new(start..self.at, format!("`{name}` takes {takes}, not {found}"));
        match name {
            "match" | "search" => error.help(format!("write `{name}(@.a, 'pattern')`")),
            _ => error.help(format!("write `{name}(@.a)`")),
        }
    }

    /// A value by itself where true or false is wanted.
    pub(in crate::jsonpath) fn not_compared(&self, range: &Range<usize>) -> ParseError {
        let written = &self.text[range.clone()];
        ParseError::new(range.clone(), format!("`{written}` is a value, not a test")).help(format!("compare it, as in `@.a == {written}`"))
    }

    pub(in crate::jsonpath) fn not_singular(&self, range: &Range<usize>) -> ParseError {
        let written = &self.text[range.clone()];
        ParseError::new(range.clone(), format!("`{written}` can find several values where one is needed"))
            .help(format!("write `value({written})` when there is one, `count({written})` to count them"))
    }

    pub(in crate::jsonpath) fn compared_test(&self, range: &Range<usize>) -> ParseError {
        let written = &self.text[range.clone()];
        ParseError::new(range.clone(), format!("`{written}` is true or false already, and is no value"))
            .help("write it by itself, or with `!` before it")
    }

    pub(in crate::jsonpath) fn no_nodes(&self, range: &Range<usize>, function: &str) -> ParseError {
        let written = &self.text[range.clone()];
        let error = ParseError::new(range.clone(), format!("`{function}` takes a path, not `{written}`"));
        error.help(format!("write `{function}(@.a)`; `length` takes a value"))
    }

    pub(in crate::jsonpath) fn bad_pattern(range: Range<usize>, reason: &str) -> ParseError {
        ParseError::new(range, format!("the pattern is no regular expression: {reason}"))
    }
}
