//! Calls: functions, functions with a predicate, pipes.

use super::Parser;
use crate::{
    Code, Value,
    expr::{
        ParseError,
        ast::{Call, Each, Kind, NodeId, StepKind},
        builtins::{self, Function},
        lex::{self, Token},
    },
};
use std::ops::Range;

impl<'t> Parser<'t> {
    /// `value | name(…)`: the value is the first argument.
    pub(super) fn pipe(&mut self, left: NodeId, start: usize) -> Result<NodeId, ParseError> {
        let bar = self.advance()?;
        if self.current.kind != lex::Kind::Name || !self.peek().is_ok_and(|next| next.is("(")) {
            return Err(self.bad_pipe(&bar));
        }
        let name = self.advance()?;
        let call = self.call(&name, Some((left, start)))?;
        self.postfix(call, start)
    }

    pub(super) fn function_name(&mut self) -> Result<Token<'t>, ParseError> {
        if self.current.kind != lex::Kind::Name {
            return Err(self.unexpected("the name of a function"));
        }
        self.advance()
    }

    /// A call of `name`; the current token is its opening parenthesis. What is piped in comes with the start of its text.
    pub(super) fn call(&mut self, name: &Token<'t>, piped: Option<(NodeId, usize)>) -> Result<NodeId, ParseError> {
        if let Some(each) = Each::parse(name.text) {
            return self.each(each, name, piped);
        }
        let Some(function) = builtins::find(name.text) else {
            return Err(self.unknown_function(name));
        };
        let (mut arguments, range) = self.arguments()?;
        arguments.splice(0..0, piped.map(|(value, _)| value));
        let start = piped.map_or(name.range.start, |(_, start)| start);
        self.checked_call(function, arguments, name, start..range.end)
    }

    /// `random.int(…)` and its kin are functions with a dot in their name.
    pub(super) fn dotted_call(&mut self, name: &Token<'t>) -> Result<Option<NodeId>, ParseError> {
        if name.text != "random" || !self.current.is(".") {
            return Ok(None);
        }
        let mut ahead = self.lexer.clone();
        let (Ok(member), Ok(paren)) = (ahead.next(), ahead.next()) else {
            return Ok(None);
        };
        let Some(function) = builtins::find_random(member.text).filter(|_| paren.is("(")) else {
            return Ok(None);
        };
        self.advance()?;
        self.advance()?;
        let (arguments, range) = self.arguments()?;
        self.checked_call(function, arguments, name, name.range.start..range.end).map(Some)
    }

    fn checked_call(
        &mut self,
        function: &'static Function,
        arguments: Vec<NodeId>,
        name: &Token<'t>,
        range: Range<usize>,
    ) -> Result<NodeId, ParseError> {
        if !function.takes(arguments.len()) {
            let (name_of, arity) = (function.name, function.arity());
            let message = format!("`{name_of}` takes {arity}, not {}", arguments.len());
            let error = ParseError::new(Code::WrongArguments, name.range.clone(), message);
            return Err(self.pin(error.help(format!("it is written `{}`", function.usage))));
        }
        if function.name == "int" {
            for argument in &arguments {
                self.number_months(*argument);
            }
        }
        if let (&[argument], "keys") = (arguments.as_slice(), function.name)
            && let Kind::Each { each: Each::GroupBy, list, predicate, extra } = self.found.ast.get(argument).kind
        {
            return self.add(Kind::Each { each: Each::GroupKeys, list, predicate, extra }, range);
        }
        self.check_constants(function, &arguments)?;
        self.add(Kind::Call(Box::new(Call { function, arguments: arguments.into() })), range)
    }

    /// A month and a weekday are texts, but `int` knows their number.
    fn number_months(&mut self, argument: NodeId) {
        if let Kind::Path { steps, .. } = &mut self.found.ast.get_mut(argument).kind
            && let Some(StepKind::Method(method, _)) = steps.last_mut().map(|step| &mut step.kind)
        {
            *method = method.as_number();
        }
    }

    /// What can be said of constant arguments before anything runs.
    fn check_constants(&mut self, function: &'static Function, arguments: &[NodeId]) -> Result<(), ParseError> {
        for (index, argument) in arguments.iter().enumerate() {
            let node = self.found.ast.get(*argument);
            let Kind::Literal(Value::Text(text)) = &node.kind else {
                continue;
            };
            if function.name == "matches_schema" && index == 1 {
                self.found.schemas.push((text.clone(), node.range()));
            }
            if let Some(check) = function.check {
                check(index, text).map_err(|problem| problem.in_literal(node.range(), text))?;
            }
        }
        Ok(())
    }

    /// The arguments in parentheses, and the range of those.
    pub(super) fn arguments(&mut self) -> Result<(Vec<NodeId>, Range<usize>), ParseError> {
        let open = self.current.range.clone();
        self.expect("(")?;
        let mut arguments = Vec::new();
        while !self.current.is(")") {
            if !arguments.is_empty() {
                self.separator(&open, ")")?;
                if self.current.is(")") {
                    break;
                }
            }
            arguments.push(self.expression(0)?);
        }
        self.close(&open, ")")?;
        Ok((arguments, open.start..self.last_end))
    }

    fn each(&mut self, each: Each, name: &Token<'t>, piped: Option<(NodeId, usize)>) -> Result<NodeId, ParseError> {
        let open = self.current.range.clone();
        self.expect("(")?;
        let start = piped.map_or(name.range.start, |(_, start)| start);
        let list = match piped {
            Some((list, _)) => list,
            None if self.current.is(")") => return Err(self.too_few(each, name)),
            None => self.first_argument(&open)?,
        };
        let predicate = if self.current.is(")") {
            if !each.predicate_is_optional() {
                return Err(self.too_few(each, name));
            }
            None
        } else {
            Some(self.predicate(each)?)
        };
        let mut extra = None;
        if self.take(",")? && each.takes_extra() && !self.current.is(")") {
            extra = Some(self.expression(0)?);
            self.take(",")?;
        }
        if !self.current.is(")") && self.current.kind != lex::Kind::End {
            return Err(self.after_predicate(each));
        }
        self.close(&open, ")")?;
        self.add(Kind::Each { each, list, predicate, extra }, start..self.last_end)
    }

    fn first_argument(&mut self, open: &Range<usize>) -> Result<NodeId, ParseError> {
        let list = self.expression(0)?;
        if !self.current.is(")") {
            self.separator(open, ")")?;
        }
        Ok(list)
    }

    fn predicate(&mut self, each: Each) -> Result<NodeId, ParseError> {
        self.predicates.push(each);
        let body = if self.current.is("{") { self.predicate_block() } else { self.expression(0) };
        self.predicates.pop();
        body
    }

    fn predicate_block(&mut self) -> Result<NodeId, ParseError> {
        let open = self.advance()?.range;
        let body = self.sequence()?;
        if self.current.is(":") {
            let message = "this `{` opens the block of a predicate, not an object";
            return Err(self.pin(ParseError::syntax(open, message).help("put the object in parentheses: `({name: value})`")));
        }
        self.close(&open, "}")?;
        Ok(body)
    }
}
