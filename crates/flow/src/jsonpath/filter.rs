//! The expressions of filters (RFC 9535 §2.3.5).

use super::{
    ParseError,
    ast::{self, Anchor, Comparison, Operand, Path, Test},
    functions::Call,
    parser::Parser,
};
use crate::Value;
use std::ops::Range;

/// What a filter compares, tests or hands to a function.
pub(super) struct Term {
    pub(super) kind: TermKind,
    pub(super) range: Range<usize>,
}

pub(super) enum TermKind {
    Literal(Value),
    Path(Path),
    Call(Call),
}

const COMPARISONS: [(&str, Comparison); 6] = [
    ("==", Comparison::Equal),
    ("!=", Comparison::NotEqual),
    ("<=", Comparison::LessOrEqual),
    (">=", Comparison::GreaterOrEqual),
    ("<", Comparison::Less),
    (">", Comparison::Greater),
];

impl Parser<'_> {
    pub(super) fn filter(&mut self) -> Result<Test, ParseError> {
        let first = self.all_of()?;
        self.chain(first, "||", Self::all_of, Test::Any)
    }

    fn all_of(&mut self) -> Result<Test, ParseError> {
        let first = self.basic()?;
        self.chain(first, "&&", Self::basic, Test::All)
    }

    /// Reads what `operator` joins to the first test.
    fn chain(
        &mut self,
        first: Test,
        operator: &str,
        read: fn(&mut Self) -> Result<Test, ParseError>,
        join: fn(Vec<Test>) -> Test,
    ) -> Result<Test, ParseError> {
        let mut tests = vec![first];
        loop {
            let before = self.at;
            self.skip_space();
            if !self.take(operator) {
                self.at = before;
                break;
            }
            self.skip_space();
            tests.push(read(self)?);
        }
        Ok(match tests.len() {
            1 => tests.remove(0),
            _ => join(tests),
        })
    }

    fn basic(&mut self) -> Result<Test, ParseError> {
        let start = self.at;
        let negated = self.take("!");
        if negated {
            self.skip_space();
        }
        let test = if self.rest().starts_with('(') {
            self.nested(Self::parenthesized)?
        } else {
            let left = self.term()?;
            match self.comparison(&left)? {
                Some(_) if negated => return Err(Self::negated_comparison(start)),
                Some(comparison) => {
                    let right = self.term()?;
                    let (left, right) = (self.operand(left)?, self.operand(right)?);
                    self.no_further_comparison(start)?;
                    return Ok(Test::Compare(left, comparison, right));
                }
                None => self.test(left)?,
            }
        };
        self.no_further_comparison(start)?;
        Ok(if negated { Test::Not(Box::new(test)) } else { test })
    }

    fn parenthesized(&mut self) -> Result<Test, ParseError> {
        let opening = self.at;
        self.at += 1;
        self.skip_space();
        let test = self.filter()?;
        self.skip_space();
        if self.take(")") { Ok(test) } else { Err(self.parenthesis_not_closed(opening)) }
    }

    /// Reads a comparison operator after `left`, with the space around it, if there is one.
    fn comparison(&mut self, left: &Term) -> Result<Option<Comparison>, ParseError> {
        let before = self.at;
        self.skip_space();
        if let Some(error) = self.foreign_operator(left) {
            return Err(error);
        }
        for (written, comparison) in COMPARISONS {
            if self.take(written) {
                self.skip_space();
                return Ok(Some(comparison));
            }
        }
        self.at = before;
        Ok(None)
    }

    fn no_further_comparison(&mut self, start: usize) -> Result<(), ParseError> {
        let before = self.at;
        self.skip_space();
        let operator = COMPARISONS.iter().find(|(written, _)| self.rest().starts_with(written));
        if let Some((written, _)) = operator {
            return Err(self.second_comparison(start, written));
        }
        self.at = before;
        Ok(())
    }

    pub(super) fn term(&mut self) -> Result<Term, ParseError> {
        let start = self.at;
        let kind = match self.peek() {
            Some('$' | '@') => TermKind::Path(self.path()?),
            Some('\'' | '"') => TermKind::Literal(Value::text(self.string()?)),
            Some('-' | '0'..='9') => TermKind::Literal(self.number()?),
            Some(letter) if letter.is_ascii_alphabetic() => self.word()?,
            _ => return Err(self.no_term()),
        };
        Ok(Term { kind, range: start..self.at })
    }

    fn path(&mut self) -> Result<Path, ParseError> {
        let anchor = if self.take("$") { Anchor::Root } else { Anchor::Current };
        if anchor == Anchor::Current {
            self.at += 1;
        }
        Ok(Path { anchor, segments: self.segments()? })
    }

    fn number(&mut self) -> Result<Value, ParseError> {
        let start = self.at;
        // A sign belongs to a number at its beginning and after the `e` only.
        self.take("-");
        self.take_while(|c| c.is_ascii_digit() || c == '.');
        if self.take("e") || self.take("E") {
            let _ = self.take("+") || self.take("-");
            self.take_while(|c| c.is_ascii_digit());
        }
        let written = &self.text[start..self.at];
        Value::number(written).ok_or_else(|| self.bad_number(start, written))
    }

    fn word(&mut self) -> Result<TermKind, ParseError> {
        let start = self.at;
        let word = self.take_while(|c| c.is_ascii_alphanumeric() || c == '_');
        if self.rest().starts_with('(') {
            return self.nested(|parser| parser.call(word, start)).map(TermKind::Call);
        }
        match word {
            "true" => Ok(TermKind::Literal(Value::Bool(true))),
            "false" => Ok(TermKind::Literal(Value::Bool(false))),
            "null" => Ok(TermKind::Literal(Value::Null)),
            _ => Err(self.bare_word(start, word)),
        }
    }

    /// A term that is to be true or false by itself.
    fn test(&self, term: Term) -> Result<Test, ParseError> {
        match term.kind {
            TermKind::Path(path) => Ok(Test::Exists(path)),
            TermKind::Call(Call::Test(test)) => Ok(test),
            TermKind::Call(Call::Operand(_)) | TermKind::Literal(_) => Err(self.not_compared(&term.range)),
        }
    }

    /// A term that is to be one value.
    pub(super) fn operand(&self, term: Term) -> Result<Operand, ParseError> {
        match term.kind {
            TermKind::Literal(value) => Ok(Operand::Literal(value)),
            TermKind::Path(path) if ast::is_singular(&path.segments) => Ok(Operand::Path(path)),
            TermKind::Path(_) => Err(self.not_singular(&term.range)),
            TermKind::Call(Call::Operand(operand)) => Ok(operand),
            TermKind::Call(Call::Test(_)) => Err(self.compared_test(&term.range)),
        }
    }
}
