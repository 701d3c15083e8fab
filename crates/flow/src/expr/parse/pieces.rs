//! Texts with templates in them: whole scalars, string literals of assertions, defaults of templates.

use super::{MAX_LENGTH, Parser};
use crate::{
    Code,
    expr::{
        ParseError,
        ast::{Fallback, Guard, Hole, Kind, NodeId, Piece, StepKind},
        lex::{self, Lexer, Token},
    },
};
use std::ops::Range;

/// Where a text with templates ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::expr) enum Stop {
    End,
    /// At the quote that closes a literal, in which escapes count.
    Quote(char),
    /// At the closing braces of the template whose default this is, inner braces balanced.
    Braces(&'static str),
}

/// Whether a text holds anything that reads as a template or as the literal form of one.
pub(super) fn may_hold_templates(text: &str) -> bool {
    text.contains("${") || text.contains("{{")
}

impl<'t> Parser<'t> {
    /// Reads text with templates from `start`; also gives where it stopped.
    pub(super) fn pieces(&mut self, start: usize, stop: Stop) -> Result<(Vec<Piece>, usize), ParseError> {
        let text = self.text;
        let mut pieces = Pieces { list: Vec::new(), run: start, stop };
        let mut at = start;
        let mut open_braces = 0_usize;
        while let Some(first) = text[at..].chars().next() {
            let rest = &text[at..];
            if let Some((literal, length)) = literal_opening(rest) {
                pieces.flush(text, at).map_err(|error| self.pin(error))?;
                pieces.push_text(literal);
                open_braces += literal.matches('{').count();
                at += length;
                pieces.run = at;
            } else if rest.starts_with("${") || rest.starts_with("{{") {
                pieces.flush(text, at).map_err(|error| self.pin(error))?;
                let (hole, end) = self.hole(at)?;
                pieces.list.push(Piece::Hole(Box::new(hole)));
                at = end;
                pieces.run = at;
            } else if stop.is_at(rest, open_braces) {
                break;
            } else {
                match first {
                    '{' => open_braces += 1,
                    '}' => open_braces = open_braces.saturating_sub(1),
                    _ => {}
                }
                at += stop.width(rest, first);
            }
        }
        pieces.flush(text, at).map_err(|error| self.pin(error))?;
        Ok((pieces.list, at))
    }

    /// A template that opens at `open`, and where it ends.
    fn hole(&mut self, open: usize) -> Result<(Hole, usize), ParseError> {
        let depth = self.depth;
        let outer = std::mem::replace(&mut self.options.templates, false);
        let limit = std::mem::replace(&mut self.limit, open + MAX_LENGTH);
        let entered = self.enter();
        let hole = entered.and_then(|()| self.hole_inside(open));
        self.depth = depth;
        self.options.templates = outer;
        self.limit = limit;
        hole
    }

    fn hole_inside(&mut self, open: usize) -> Result<(Hole, usize), ParseError> {
        let close = if self.text[open..].starts_with("{{") { "}}" } else { "}" };
        self.lexer = Lexer::new(self.text, open + 2, self.options);
        self.current = Token { kind: lex::Kind::Symbol, text: "", range: open..open + 2 };
        self.advance().map_err(|error| self.in_template(error, open, close))?;
        if self.current.is("}") {
            let range = open..self.current.range.end;
            return Err(self.template_error(range, "the template is empty").help("put a name or an expression between the braces"));
        }
        let expr = self.sequence().map_err(|error| self.in_template(error, open, close))?;
        let at = self.current.range.start;
        if self.current.is(":") {
            return self.default(expr, open, at, close);
        }
        if !self.current.is("}") || !self.text[at..].starts_with(close) {
            return Err(self.not_closed(open, close));
        }
        let end = at + close.len();
        Ok((Hole { expr, fallback: None, range: self.place(open..end) }, end))
    }

    /// `NAME:default`, `NAME:-default`: the current token is the colon, which stands at `colon`.
    fn default(&mut self, expr: NodeId, open: usize, colon: usize, close: &'static str) -> Result<(Hole, usize), ParseError> {
        if !self.is_dotted_name(expr) || self.text[open + 2..colon].contains(['[', '(']) {
            return Err(self
                .template_error(colon..colon + 1, "a default stands after one plain name only")
                .help("write `… ?? \"default\"`"));
        }
        self.found.ast.guard(expr, Guard::Any);
        let replaces_empty = self.text[colon + 1..].starts_with('-');
        let start = colon + 1 + usize::from(replaces_empty);
        let (mut pieces, at) = self.pieces(start, Stop::Braces(close))?;
        if !self.text[at..].starts_with(close) {
            return Err(self.never_closed(open, close));
        }
        if close == "}}" {
            trim(&mut pieces);
        }
        let end = at + close.len();
        let fallback = Some(Box::new(Fallback { pieces: pieces.into(), replaces_empty }));
        Ok((Hole { expr, fallback, range: self.place(open..end) }, end))
    }

    fn is_dotted_name(&self, id: NodeId) -> bool {
        match &self.found.ast.get(id).kind {
            Kind::Name { .. } => true,
            Kind::Path { base, steps, .. } => {
                self.is_dotted_name(*base) && steps.iter().all(|step| matches!(step.kind, StepKind::Member(_)) && !step.optional)
            }
            _ => false,
        }
    }

    /// A template as an operand; the current token is what opens it.
    pub(super) fn operand_hole(&mut self) -> Result<NodeId, ParseError> {
        let start = self.current.range.start;
        let (hole, end) = self.hole(start)?;
        self.resume(end)?;
        let node = self.add(Kind::Hole(Box::new(hole)), start..end)?;
        self.postfix(node, start)
    }

    /// The pieces of the string literal that is the current token, which is left behind.
    pub(super) fn text_pieces(&mut self, token: &Token<'t>) -> Result<Vec<Piece>, ParseError> {
        let quote = token.text.chars().next().unwrap_or('"');
        let start = token.range.start;
        if quote != '`' && token.text.contains(&format!("\\{quote}")) {
            // Its templates are written with escaped quotes: read what the literal says.
            let pieces = self.decoded_pieces(token)?;
            self.resume(token.range.end)?;
            return Ok(pieces);
        }
        let (pieces, end) = self.pieces(start + 1, Stop::Quote(quote))?;
        if !self.text[end..].starts_with(quote) {
            let message = format!("the text that opens here with {quote} does not end");
            return Err(self.pin(ParseError::syntax(start..start + 1, message)));
        }
        self.resume(end + 1)?;
        Ok(pieces)
    }

    fn decoded_pieces(&mut self, token: &Token<'t>) -> Result<Vec<Piece>, ParseError> {
        let decoded = self.decode(token)?;
        let mut inner = Parser::new(&decoded, 0, self.options);
        inner.pinned = Some(self.place(token.range.clone()));
        inner.depth = self.depth;
        inner.predicates.clone_from(&self.predicates);
        inner.locals.clone_from(&self.locals);
        inner.found = std::mem::take(&mut self.found);
        let (pieces, _) = inner.pieces(0, Stop::End)?;
        self.found = inner.found;
        Ok(pieces)
    }

    fn template_error(&self, range: Range<usize>, message: impl Into<String>) -> ParseError {
        self.pin(ParseError::new(Code::TemplateSyntax, range, message))
    }

    fn never_closed(&self, open: usize, close: &str) -> ParseError {
        let opening = &self.text[open..open + 2];
        let literal = if opening == "${" { "$${" } else { "{{{{" };
        self.template_error(open..open + 2, format!("the template that opens here with `{opening}` does not end"))
            .help(format!("close it with `{close}`; for a literal `{opening}` write `{literal}`"))
    }

    fn not_closed(&self, open: usize, close: &str) -> ParseError {
        if self.current.kind == lex::Kind::End || self.current.is("}") {
            return self.never_closed(open, close);
        }
        let error = self.unexpected(&format!("an operator or `{close}`"));
        ParseError { code: Code::TemplateSyntax, ..error }
    }

    /// An error inside a template that never ends is that, whatever else came of it.
    fn in_template(&self, error: ParseError, open: usize, close: &str) -> ParseError {
        let at_end = self.current.kind == lex::Kind::End && error.code == Code::ExpressionSyntax;
        let never_ends = !self.text[open + 2..].contains(close);
        if at_end || never_ends { self.never_closed(open, close) } else { error }
    }
}

/// `$${` and `{{{{`: what they say, and how long they are.
fn literal_opening(rest: &str) -> Option<(&'static str, usize)> {
    if rest.starts_with("$${") {
        Some(("${", 3))
    } else if rest.starts_with("{{{{") {
        Some(("{{", 4))
    } else {
        None
    }
}

impl Stop {
    fn is_at(self, rest: &str, open_braces: usize) -> bool {
        match self {
            Self::End => false,
            Self::Quote('`') => rest.starts_with('`') && !rest.starts_with("``"),
            Self::Quote(quote) => rest.starts_with(quote),
            Self::Braces(close) => open_braces == 0 && rest.starts_with(close),
        }
    }

    /// How many bytes of text to pass at once: an escape and a doubled back quote belong together.
    fn width(self, rest: &str, first: char) -> usize {
        let pair = match self {
            Self::Quote('`') => first == '`',
            Self::Quote(_) => first == '\\',
            _ => false,
        };
        rest.chars().take(if pair { 2 } else { 1 }).map(char::len_utf8).sum()
    }
}

struct Pieces {
    list: Vec<Piece>,
    /// Where the text begins that is not in the list yet.
    run: usize,
    stop: Stop,
}

impl Pieces {
    fn flush(&mut self, text: &str, end: usize) -> Result<(), ParseError> {
        let run = &text[self.run..end];
        match self.stop {
            Stop::Quote(quote) => {
                let decoded = lex::unescape(run, quote, self.run)?;
                self.push_text(&decoded);
            }
            _ => self.push_text(run),
        }
        Ok(())
    }

    fn push_text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if let Some(Piece::Text(last)) = self.list.last_mut() {
            last.push_str(text);
        } else {
            self.list.push(Piece::Text(text.to_owned()));
        }
    }
}

/// Between double braces the blanks around a default are no part of it.
fn trim(pieces: &mut [Piece]) {
    if let Some(Piece::Text(first)) = pieces.first_mut() {
        *first = first.trim_start().to_owned();
    }
    if let Some(Piece::Text(last)) = pieces.last_mut() {
        last.truncate(last.trim_end().len());
    }
}
