//! Operands: literals, names, lists, objects, parentheses.

use super::Parser;
use crate::{
    Value,
    expr::{
        ParseError,
        ast::{Guard, Kind, NodeId, Unary},
        lex::{self, Token},
    },
};
use std::ops::Range;

impl<'t> Parser<'t> {
    pub(super) fn unary(&mut self) -> Result<NodeId, ParseError> {
        let is_operator = matches!(self.current.kind, lex::Kind::Symbol | lex::Kind::Word);
        match Unary::parse(self.current.text) {
            Some(operator) if is_operator => {
                let start = self.advance()?.range.start;
                let operand = self.expression(operator.precedence())?;
                self.add(Kind::Unary { operator, operand }, start..self.last_end)
            }
            _ => {
                let start = self.current.range.start;
                let operand = self.primary()?;
                self.existence(operand, start)
            }
        }
    }

    /// `x exists`: a name in any other place.
    fn existence(&mut self, operand: NodeId, start: usize) -> Result<NodeId, ParseError> {
        if self.current.kind != lex::Kind::Name || self.current.text != "exists" {
            return Ok(operand);
        }
        self.advance()?;
        self.found.ast.guard(operand, Guard::Any);
        self.add(Kind::Exists(operand), start..self.last_end)
    }

    fn primary(&mut self) -> Result<NodeId, ParseError> {
        match self.current.kind {
            lex::Kind::Name => self.name(),
            lex::Kind::Number => {
                let token = self.advance()?;
                let value = number(token.text).map_err(|message| self.pin(ParseError::syntax(token.range.clone(), message)))?;
                self.literal(value, token.range)
            }
            lex::Kind::Text => self.text(),
            lex::Kind::Pointer => self.pointer(),
            lex::Kind::Hole => self.operand_hole(),
            lex::Kind::Symbol => self.bracketed(),
            lex::Kind::Word | lex::Kind::End => Err(self.unexpected("a value")),
        }
    }

    fn bracketed(&mut self) -> Result<NodeId, ParseError> {
        match self.current.text {
            "(" => self.parenthesis(),
            "[" => self.list(),
            "{" => self.map(),
            // The item of a predicate is left out before a dot.
            "." if !self.predicates.is_empty() => {
                let at = self.current.range.start;
                let item = self.add(Kind::Item, at..at)?;
                self.postfix(item, at)
            }
            "::" => {
                self.advance()?;
                let name = self.function_name()?;
                let call = self.call(&name, None)?;
                self.postfix(call, name.range.start)
            }
            _ => Err(self.unexpected("a value")),
        }
    }

    fn name(&mut self) -> Result<NodeId, ParseError> {
        let token = self.advance()?;
        let start = token.range.start;
        if self.current.is("(") {
            let call = self.call(&token, None)?;
            return self.postfix(call, start);
        }
        match token.text {
            "true" => return self.literal(true, token.range),
            "false" => return self.literal(false, token.range),
            "nil" | "null" => return self.literal(Value::Null, token.range),
            _ => {}
        }
        let base = match self.dotted_call(&token)? {
            Some(call) => call,
            None => self.variable_or_name(&token)?,
        };
        self.postfix(base, start)
    }

    fn variable_or_name(&mut self, token: &Token<'t>) -> Result<NodeId, ParseError> {
        let kind = match self.locals.iter().rposition(|local| local.as_ref() == token.text) {
            Some(slot) => Kind::Local(slot),
            None => Kind::Name { name: token.text.into(), guard: Guard::Nothing },
        };
        self.add(kind, token.range.clone())
    }

    fn pointer(&mut self) -> Result<NodeId, ParseError> {
        let token = self.advance()?;
        let kind = match (token.text, self.predicates.last()) {
            ("#", Some(_)) => Kind::Item,
            ("#index", Some(each)) if each.has_index() => Kind::Index,
            ("#acc", Some(each)) if each.has_accumulator() => Kind::Accumulator,
            _ => return Err(self.misplaced_pointer(&token)),
        };
        let start = token.range.start;
        let item = self.add(kind, token.range)?;
        self.postfix(item, start)
    }

    fn parenthesis(&mut self) -> Result<NodeId, ParseError> {
        let open = self.advance()?.range;
        let inside = self.sequence()?;
        self.close(&open, ")")?;
        self.postfix(inside, open.start)
    }

    fn list(&mut self) -> Result<NodeId, ParseError> {
        let open = self.advance()?.range;
        let mut items = Vec::new();
        while !self.current.is("]") {
            if !items.is_empty() {
                self.separator(&open, "]")?;
                if self.current.is("]") {
                    break;
                }
            }
            items.push(self.expression(0)?);
        }
        self.close(&open, "]")?;
        let list = self.add(Kind::List(items.into()), open.start..self.last_end)?;
        self.postfix(list, open.start)
    }

    fn map(&mut self) -> Result<NodeId, ParseError> {
        let open = self.advance()?.range;
        let mut members = Vec::new();
        while !self.current.is("}") {
            if !members.is_empty() {
                self.separator(&open, "}")?;
                if self.current.is("}") {
                    break;
                }
            }
            let key = self.key()?;
            self.expect(":")?;
            members.push((key, self.expression(0)?));
        }
        self.close(&open, "}")?;
        let map = self.add(Kind::Map(members.into()), open.start..self.last_end)?;
        self.postfix(map, open.start)
    }

    /// Expects a comma between two things in brackets.
    pub(super) fn separator(&mut self, open: &Range<usize>, close: &str) -> Result<(), ParseError> {
        if self.take(",")? {
            return Ok(());
        }
        if self.current.kind == lex::Kind::End {
            return Err(self.unclosed(open.clone(), close));
        }
        Err(self.unexpected(&format!("`,` or `{close}`")))
    }

    /// An object's key: a name, a number or a text as it is, or an expression in parentheses.
    fn key(&mut self) -> Result<NodeId, ParseError> {
        match self.current.kind {
            lex::Kind::Name | lex::Kind::Number => {
                let token = self.advance()?;
                self.literal(token.text, token.range)
            }
            lex::Kind::Text => {
                let token = self.advance()?;
                let text = self.decode(&token)?;
                self.literal(text, token.range)
            }
            lex::Kind::Symbol if self.current.is("(") => self.expression(0),
            _ => Err(self.unexpected("a key (a name, a text, or an expression in parentheses)")),
        }
    }

    /// A string literal, which may hold templates in an assertion.
    fn text(&mut self) -> Result<NodeId, ParseError> {
        let token = self.current.clone();
        let start = token.range.start;
        let node = if self.options.templates && super::pieces::may_hold_templates(token.text) {
            let pieces = self.text_pieces(&token)?;
            self.add(Kind::Text(pieces.into()), start..self.last_end)?
        } else {
            self.advance()?;
            let text = self.decode(&token)?;
            self.literal(text, token.range)?
        };
        self.postfix(node, start)
    }

    /// What a literal says.
    pub(super) fn decode(&self, token: &Token<'t>) -> Result<String, ParseError> {
        let quote = token.text.chars().next().unwrap_or('"');
        let inside = token.text.strip_prefix(quote).unwrap_or(token.text);
        let inside = inside.strip_suffix(quote).unwrap_or(inside);
        lex::unescape(inside, quote, token.range.start + 1).map(std::borrow::Cow::into_owned).map_err(|error| self.pin(error))
    }
}

/// A number literal; integers are signed 64-bit.
fn number(text: &str) -> Result<Value, String> {
    let lower = text.replace('_', "").to_ascii_lowercase();
    let based = |prefix: &str, radix| lower.strip_prefix(prefix).map(|digits| i64::from_str_radix(digits, radix).map(Value::Int));
    if let Some(result) = based("0x", 16).or_else(|| based("0b", 2)).or_else(|| based("0o", 8)) {
        return result.map_err(|_error| format!("`{text}` is no integer of 64 bits"));
    }
    if lower.contains(['.', 'e']) {
        return match lower.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(Value::Float(value)),
            _ => Err(format!("`{text}` is no number that a float can hold")),
        };
    }
    lower.parse().map(Value::Int).map_err(|_error| format!("`{text}` is beyond the integers of 64 bits (9223372036854775807)"))
}
