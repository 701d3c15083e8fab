//! The function extensions that RFC 9535 §2.4 defines.

use super::{
    ParseError,
    ast::{Operand, Path, Test},
    filter::{Term, TermKind},
    parser::Parser,
    pattern::{Extent, Pattern},
};

/// A call by what comes of it.
pub(super) enum Call {
    Operand(Operand),
    Test(Test),
}

/// The functions there are, with how many arguments each takes.
pub(super) const FUNCTIONS: [(&str, usize); 5] = [("length", 1), ("count", 1), ("value", 1), ("match", 2), ("search", 2)];

impl Parser<'_> {
    /// Reads the arguments of the function `name`, which began at `start`; its parenthesis is here.
    pub(super) fn call(&mut self, name: &str, start: usize) -> Result<Call, ParseError> {
        let Some((_, wanted)) = FUNCTIONS.iter().find(|(known, _)| *known == name) else {
            return Err(Self::unknown_function(name, start));
        };
        let mut arguments = self.arguments()?.into_iter();
        let count = arguments.len();
        let call = match (name, arguments.next(), arguments.next()) {
            ("length", Some(value), None) => Call::Operand(Operand::Length(Box::new(self.operand(value)?))),
            ("count", Some(nodes), None) => Call::Operand(Operand::Count(self.nodes(nodes, name)?)),
            ("value", Some(nodes), None) => Call::Operand(Operand::Only(self.nodes(nodes, name)?)),
            ("match", Some(text), Some(pattern)) if count == 2 => self.matches(text, pattern, Extent::Whole)?,
            ("search", Some(text), Some(pattern)) if count == 2 => self.matches(text, pattern, Extent::Part)?,
            _ => return Err(self.wrong_count(name, start, *wanted, count)),
        };
        Ok(call)
    }

    fn arguments(&mut self) -> Result<Vec<Term>, ParseError> {
        let opening = self.at;
        self.at += 1;
        self.skip_space();
        let mut arguments = Vec::new();
        if self.take(")") {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.term()?);
            self.skip_space();
            if self.take(")") {
                return Ok(arguments);
            }
            if !self.take(",") {
                return Err(self.parenthesis_not_closed(opening));
            }
            self.skip_space();
        }
    }

    fn nodes(&self, term: Term, function: &str) -> Result<Path, ParseError> {
        match term.kind {
            TermKind::Path(path) => Ok(path),
            TermKind::Literal(_) | TermKind::Call(_) => Err(self.no_nodes(&term.range, function)),
        }
    }

    fn matches(&self, text: Term, pattern: Term, extent: Extent) -> Result<Call, ParseError> {
        let text = self.operand(text)?;
        let range = pattern.range.clone();
        let pattern = Pattern::new(self.operand(pattern)?, extent).map_err(|reason| Self::bad_pattern(range, &reason))?;
        Ok(Call::Test(Test::Matches(text, pattern)))
    }
}
