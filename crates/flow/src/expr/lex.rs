//! Tokens, read one at a time: what follows an expression (the rest of a template) is never looked at further than one token.

mod mistakes;
mod text;

pub(super) use text::unescape;

use super::{Options, ParseError};
use std::{ops::Range, sync::Arc};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Name,
    /// A word that is an operator: `not`, `in`, `and`, `let`, `if` …
    Word,
    Number,
    /// A string literal, quotes included.
    Text,
    /// `#`, `#index`, `#acc`.
    Pointer,
    /// An operator or a bracket.
    Symbol,
    /// `${` or `{{`, where templates are operands.
    Hole,
    End,
}

#[derive(Clone, Debug)]
pub(super) struct Token<'t> {
    pub(super) kind: Kind,
    pub(super) text: &'t str,
    pub(super) range: Range<usize>,
}

impl Token<'_> {
    pub(super) fn is(&self, symbol: &str) -> bool {
        matches!(self.kind, Kind::Symbol | Kind::Word) && self.text == symbol
    }

    /// The token in a message.
    pub(super) fn describe(&self) -> String {
        match self.kind {
            Kind::End => "the end".to_owned(),
            _ => format!("`{}`", super::fault::shorten(self.text, 40)),
        }
    }
}

/// A place in a text from which tokens are read.
#[derive(Clone, Debug)]
pub(super) struct Lexer<'t> {
    text: &'t str,
    at: usize,
    options: Options<'t>,
}

const WORDS: [&str; 11] = ["not", "in", "or", "and", "matches", "contains", "startsWith", "endsWith", "let", "if", "else"];

/// Longest first: the first that fits is the token.
const SYMBOLS: [&str; 35] = [
    "&&", "||", "==", "!=", "<=", ">=", "**", "??", "?.", "..", "::", "(", ")", "[", "]", "{", "}", ",", ";", ":", "?", ".", "+", "-", "*",
    "/", "%", "^", "|", "<", ">", "!", "=", "&", "#",
];

impl<'t> Lexer<'t> {
    pub(super) fn new(text: &'t str, at: usize, options: Options<'t>) -> Self {
        Self { text, at, options }
    }

    pub(super) fn next(&mut self) -> Result<Token<'t>, ParseError> {
        self.skip_blanks()?;
        let start = self.at;
        let rest = self.rest();
        let Some(first) = rest.chars().next() else {
            return Ok(self.token(Kind::End, start));
        };
        if self.options.templates && (rest.starts_with("${") || rest.starts_with("{{")) {
            self.at += 2;
            return Ok(self.token(Kind::Hole, start));
        }
        if let Some(id) = self.dashed_here() {
            self.at += id.len();
            return Ok(self.token(Kind::Name, start));
        }
        match first {
            '\'' | '"' | '`' => {
                self.at = text::end_of_literal(self.text, start)?;
                Ok(self.token(Kind::Text, start))
            }
            '0'..='9' => self.number(start),
            '.' if rest[1..].starts_with(|c: char| c.is_ascii_digit()) => self.number(start),
            '#' => {
                self.at += 1;
                self.skip_name();
                Ok(self.token(Kind::Pointer, start))
            }
            _ if is_name_start(first) => {
                self.skip_name();
                let is_word = WORDS.contains(&&self.text[start..self.at]);
                Ok(self.token(if is_word { Kind::Word } else { Kind::Name }, start))
            }
            _ => self.symbol(start),
        }
    }

    /// What stands after a dot: a declared id with dashes is one name there too when `dashed` says so.
    pub(super) fn next_member(&mut self, dashed: bool) -> Result<Token<'t>, ParseError> {
        let mut plain = self.clone();
        if !dashed {
            plain.options.dashed = &[];
        }
        let token = plain.next()?;
        self.at = plain.at;
        Ok(token)
    }

    fn token(&self, kind: Kind, start: usize) -> Token<'t> {
        Token { kind, text: &self.text[start..self.at], range: start..self.at }
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn symbol(&mut self, start: usize) -> Result<Token<'t>, ParseError> {
        if let Some(error) = mistakes::symbol(self.text, start) {
            return Err(error);
        }
        match SYMBOLS.iter().find(|symbol| self.rest().starts_with(**symbol)) {
            Some(symbol) => {
                self.at += symbol.len();
                Ok(self.token(Kind::Symbol, start))
            }
            None => Err(mistakes::character(self.text, start)),
        }
    }

    fn skip_name(&mut self) {
        let rest = self.rest();
        self.at += rest.find(|c| !is_name_part(c)).unwrap_or(rest.len());
    }

    fn skip_blanks(&mut self) -> Result<(), ParseError> {
        loop {
            let rest = self.rest();
            let blank = rest.len() - rest.trim_start().len();
            if blank > 0 {
                self.at += blank;
            } else if rest.starts_with("//") {
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else if rest.starts_with("/*") {
                let Some(end) = rest.find("*/") else {
                    let range = self.at..self.at + 2;
                    return Err(ParseError::syntax(range, "the comment does not end").help("end it with `*/`"));
                };
                self.at += end + 2;
            } else {
                return Ok(());
            }
        }
    }

    /// The longest declared id with dashes that stands here as a whole word.
    fn dashed_here(&self) -> Option<&'t Arc<str>> {
        let rest = self.rest();
        self.options
            .dashed
            .iter()
            .filter(|id| rest.starts_with(id.as_ref()))
            .filter(|id| !goes_on(&rest[id.len()..]))
            .max_by_key(|id| id.len())
    }

    /// As Go's expr scans a number: any digits, points and exponents first, their sense later.
    fn number(&mut self, start: usize) -> Result<Token<'t>, ParseError> {
        let bytes = self.text.as_bytes();
        let digits: &[u8] = match bytes.get(start..start + 2) {
            Some(b"0x" | b"0X") => b"0123456789abcdefABCDEF_",
            Some(b"0o" | b"0O") => b"01234567_",
            Some(b"0b" | b"0B") => b"01_",
            _ => b"0123456789_",
        };
        let run = |mut at: usize| {
            while bytes.get(at).is_some_and(|byte| digits.contains(byte)) {
                at += 1;
            }
            at
        };
        let is_decimal = digits.len() == 11;
        self.at = run(if is_decimal { start } else { start + 2 });
        let is = |at: usize, wanted: &[u8]| bytes.get(at).is_some_and(|b| wanted.contains(b));
        if is(self.at, b".") && !is(self.at + 1, b".") {
            self.at = run(self.at + 1);
        }
        if is_decimal && is(self.at, b"eE") {
            let sign = usize::from(is(self.at + 1, b"+-"));
            self.at = run(self.at + 1 + sign);
        }
        if self.rest().starts_with(is_name_part) {
            self.skip_name();
            return Err(mistakes::number(&self.text[start..self.at], start..self.at));
        }
        Ok(self.token(Kind::Number, start))
    }
}

/// Whether what follows an id belongs to the same word: the id `a-b` is not in `a-bc`, nor in `a-b-c`.
fn goes_on(rest: &str) -> bool {
    rest.strip_prefix('-').unwrap_or(rest).starts_with(is_name_part)
}

pub(super) fn is_name_start(c: char) -> bool {
    c == '_' || c == '$' || c.is_alphabetic()
}

pub(super) fn is_name_part(c: char) -> bool {
    is_name_start(c) || c.is_numeric()
}
