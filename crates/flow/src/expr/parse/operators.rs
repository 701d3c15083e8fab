//! Operators between operands: precedence climbing, chains of comparisons, choices.

use super::Parser;
use crate::{
    Code, Value,
    expr::{
        ParseError,
        ast::{Binary, Guard, Kind, NodeId, Unary},
        lex, regex,
    },
};

impl Parser<'_> {
    /// The operators that follow an operand and bind at least as tightly as asked. The operand's text begins at `start`, with its parentheses.
    pub(super) fn operators(&mut self, mut left: NodeId, start: usize, precedence: u16) -> Result<NodeId, ParseError> {
        let mut after_coalesce = false;
        loop {
            if self.current.is("|") && precedence == 0 {
                left = self.pipe(left, start)?;
                after_coalesce = false;
                continue;
            }
            let Some((operator, negated)) = self.operator(precedence)? else {
                return Ok(left);
            };
            if after_coalesce && operator != Binary::Coalesce {
                return Err(self.mixed_coalesce(left, operator));
            }
            if negated {
                self.advance()?;
            }
            self.advance()?;
            left = if operator.is_ordering() { self.ordering(left, start, operator)? } else { self.binary(left, start, operator)? };
            if negated {
                let range = self.range_of(left);
                left = self.add(Kind::Unary { operator: Unary::Not, operand: left }, range)?;
            }
            after_coalesce = operator == Binary::Coalesce;
        }
    }

    /// The operator that the current token is, when it binds tightly enough, and whether `not` stands before it.
    fn operator(&self, precedence: u16) -> Result<Option<(Binary, bool)>, ParseError> {
        let negated = self.current.is("not");
        let token = if negated { self.peek()? } else { self.current.clone() };
        if !matches!(token.kind, lex::Kind::Symbol | lex::Kind::Word) && !negated {
            return Ok(None);
        }
        match Binary::parse(token.text) {
            Some(operator) if negated && !operator.takes_not() => Err(self.unexpected("an operator")),
            None if negated => Err(self.unexpected("an operator")),
            Some(operator) if operator.precedence() >= precedence => Ok(Some((operator, negated))),
            _ => Ok(None),
        }
    }

    fn binary(&mut self, left: NodeId, start: usize, operator: Binary) -> Result<NodeId, ParseError> {
        // `**` alone groups to the right.
        let tighter = u16::from(operator != Binary::Power);
        let right = self.expression(operator.precedence() + tighter)?;
        let range = start..self.last_end;
        match operator {
            Binary::Coalesce => self.found.ast.guard(left, Guard::Any),
            Binary::Equal | Binary::NotEqual => {
                if self.is_nil(right) {
                    self.found.ast.guard(left, Guard::Last);
                }
                if self.is_nil(left) {
                    self.found.ast.guard(right, Guard::Last);
                }
            }
            Binary::Matches => {
                if let Kind::Literal(Value::Text(pattern)) = &self.found.ast.get(right).kind {
                    let bad = |message: String| {
                        let help = regex::help(&message);
                        ParseError::new(Code::BadRegex, self.range_of(right), message).help(help)
                    };
                    let pattern = Box::new(regex::Pattern::new(pattern).map_err(bad)?);
                    return self.add(Kind::Matches { operand: left, pattern }, range);
                }
            }
            _ => {}
        }
        self.add(Kind::Binary { operator, left, right }, range)
    }

    fn is_nil(&self, id: NodeId) -> bool {
        matches!(self.found.ast.get(id).kind, Kind::Literal(Value::Null))
    }

    /// `a < b < c` is `a < b && b < c`.
    fn ordering(&mut self, mut left: NodeId, start: usize, mut operator: Binary) -> Result<NodeId, ParseError> {
        let mut left_start = start;
        let mut whole = None;
        loop {
            let right_start = self.current.range.start;
            let right = self.expression(operator.precedence() + 1)?;
            let link = self.add(Kind::Binary { operator, left, right }, left_start..self.last_end)?;
            let chained = match whole {
                None => link,
                Some(before) => {
                    let both = Kind::Binary { operator: Binary::And, left: before, right: link };
                    self.add(both, start..self.last_end)?
                }
            };
            whole = Some(chained);
            (left, left_start) = (right, right_start);
            match Binary::parse(self.current.text) {
                Some(next) if next.is_ordering() && self.current.kind == lex::Kind::Symbol => {
                    operator = next;
                    self.advance()?;
                }
                _ => return Ok(chained),
            }
        }
    }

    /// `c ? a : b` and `c ?: b`.
    pub(super) fn choice(&mut self, mut condition: NodeId, start: usize) -> Result<NodeId, ParseError> {
        while self.take("?")? {
            let yes = if self.current.is(":") { condition } else { self.expression(0)? };
            self.expect(":")?;
            let no = self.expression(0)?;
            condition = self.add(Kind::Conditional { condition, yes, no }, start..self.last_end)?;
        }
        Ok(condition)
    }
}
