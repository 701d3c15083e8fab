//! What follows an operand: members, indices, slices, methods. They make one flat path.

use super::Parser;
use crate::{
    Value,
    expr::{
        ParseError,
        ast::{Guard, Kind, NodeId, Step, StepKind},
        fault::Problem,
        lex::{self, Token},
        methods::{self, Receiver},
    },
};
use std::ops::Range;

impl Parser<'_> {
    /// Reads the steps after `base`, whose text begins at `start` (before its parentheses, if it stands in some).
    pub(super) fn postfix(&mut self, base: NodeId, start: usize) -> Result<NodeId, ParseError> {
        let mut steps = Vec::new();
        while self.current.kind == lex::Kind::Symbol {
            let at = self.current.range.start;
            let (kind, from, optional) = match self.current.text {
                "." | "?." => self.member_step(base, &steps)?,
                "[" => (self.bracket()?, at, false),
                _ => break,
            };
            self.check_index(base, &steps, &kind)?;
            let range = self.place(from..self.last_end);
            steps.push(Step { kind, range, optional });
        }
        let range = start..self.last_end;
        self.path(base, steps, range)
    }

    fn path(&mut self, mut base: NodeId, mut steps: Vec<Step>, range: Range<usize>) -> Result<NodeId, ParseError> {
        // `$env.x` is `x`.
        let is_env = matches!(&self.found.ast.get(base).kind, Kind::Name { name, .. } if &**name == "$env");
        if is_env && let Some(Step { kind: StepKind::Member(name), optional, range }) = steps.first() {
            let guard = if *optional { Guard::Any } else { Guard::Nothing };
            base = self.found.ast.add(Kind::Name { name: name.clone(), guard }, range.clone())?;
            steps.remove(0);
        }
        if steps.is_empty() {
            return Ok(base);
        }
        self.add(Kind::Path { base, steps: steps.into(), guard: Guard::Nothing }, range)
    }

    /// `.name`, `.name(…)`, `?.name`, `?.[…]`: the step, where its own text begins, and whether it is optional.
    fn member_step(&mut self, base: NodeId, before: &[Step]) -> Result<(StepKind, usize, bool), ParseError> {
        let optional = self.current.text == "?.";
        let is_phase = before.is_empty()
            && matches!(&self.found.ast.get(base).kind, Kind::Name { name, .. }
                if matches!(&**name, "steps" | "setup" | "teardown"));
        let next = self.lexer.next_member(is_phase).map_err(|error| self.pin(error))?;
        self.replace(next);
        if optional && self.current.is("[") {
            let at = self.current.range.start;
            return Ok((self.bracket()?, at, true));
        }
        if !matches!(self.current.kind, lex::Kind::Name | lex::Kind::Word) {
            return Err(self.unexpected("the name of a member"));
        }
        let token = self.advance()?;
        if !self.current.is("(") {
            return Ok((StepKind::Member(token.text.into()), token.range.start, optional));
        }
        let receiver = match before.last() {
            None => self.receiver(base),
            Some(step) => Receiver::after(step),
        };
        let kind = self.method(&token, receiver)?;
        Ok((kind, token.range.start, optional))
    }

    /// A call of a method; the current token is its opening parenthesis.
    fn method(&mut self, name: &Token, receiver: Receiver) -> Result<StepKind, ParseError> {
        let refused = |parser: &Self, problem: Problem| parser.pin(problem.at(name.range.clone()));
        let method = match methods::find(name.text, receiver) {
            // What it is called on may be nil, so that it is never called.
            Err(problem) if receiver == Receiver::Unknown && !methods::is_meant_otherwise(name.text) => {
                let (arguments, _) = self.arguments()?;
                return Ok(StepKind::NoMethod(Box::new(problem), arguments.into()));
            }
            found => found.map_err(|problem| refused(self, problem))?,
        };
        let (arguments, _) = self.arguments()?;
        method.check_count(arguments.len()).map_err(|problem| refused(self, problem))?;
        Ok(StepKind::Method(method, arguments.into()))
    }

    /// A literal text has parts but no items.
    fn check_index(&self, base: NodeId, before: &[Step], step: &StepKind) -> Result<(), ParseError> {
        let is_literal = before.is_empty() && matches!(self.found.ast.get(base).kind, Kind::Literal(Value::Text(_)) | Kind::Text(_));
        if !is_literal || !matches!(step, StepKind::At(_) | StepKind::Index(_)) {
            return Ok(());
        }
        let range = self.range_of(base).start..self.last_end;
        Err(self.pin(ParseError::syntax(range, "a text has no items to index").help("a part of it is `\"text\"[0:1]`")))
    }

    /// What is known about the value that a method is called on.
    fn receiver(&self, base: NodeId) -> Receiver {
        match &self.found.ast.get(base).kind {
            Kind::Call(call) => Receiver::given_by(call.function.name),
            Kind::Path { steps, .. } => steps.last().map_or(Receiver::Unknown, Receiver::after),
            Kind::Literal(_) | Kind::List(_) | Kind::Map(_) => Receiver::NoTime,
            _ => Receiver::Unknown,
        }
    }

    /// `[index]`, `[from:to]`.
    fn bracket(&mut self) -> Result<StepKind, ParseError> {
        let open = self.advance()?.range;
        if self.take(":")? {
            return self.slice(None, &open);
        }
        let index = self.expression(0)?;
        if self.take(":")? {
            return self.slice(Some(index), &open);
        }
        self.close(&open, "]")?;
        Ok(match &self.found.ast.get(index).kind {
            Kind::Literal(Value::Text(name)) => StepKind::Member(name.clone()),
            Kind::Literal(Value::Int(index)) => StepKind::At(*index),
            _ => StepKind::Index(index),
        })
    }

    fn slice(&mut self, from: Option<NodeId>, open: &Range<usize>) -> Result<StepKind, ParseError> {
        let to = if self.current.is("]") { None } else { Some(self.expression(0)?) };
        self.close(open, "]")?;
        Ok(StepKind::Slice(from, to))
    }
}
