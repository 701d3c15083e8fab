//! The parser: precedence climbing over one token of look-ahead, as expr's own grammar has it.
//!
//! Every recursion goes through [`Parser::enter`], so that no text can overflow the stack.

mod call;
mod operators;
mod pieces;
mod postfix;
mod primary;
mod unexpected;

pub(super) use pieces::Stop;

use super::{
    Options, ParseError,
    ast::{self, Ast, Each, Kind, NodeId, Piece},
    lex::{self, Lexer, Token},
};
use crate::{Code, Value};
use std::{ops::Range, sync::Arc};

/// How long an expression may be, in bytes.
const MAX_LENGTH: usize = 64 * 1024;

/// How deep the parser goes. A level costs it more of the stack than it costs the evaluator, so it is less than [`ast::MAX_HEIGHT`];
/// a chain of operators is high but not deep.
const MAX_DEPTH: u16 = 100;

pub(super) struct Parser<'t> {
    text: &'t str,
    lexer: Lexer<'t>,
    current: Token<'t>,
    /// Where the token before the current one ended.
    last_end: usize,
    /// The token before the current one, for messages.
    previous: &'t str,
    options: Options<'t>,
    depth: u16,
    /// Where the text must end: it would be too long beyond.
    limit: usize,
    found: Found,
    /// The predicates that the parser is in, the innermost last.
    predicates: Vec<Each>,
    /// The variables of `let` that can be seen here.
    locals: Vec<Arc<str>>,
    /// The one range that all nodes get: the text is not the author's own but decoded from a literal that stands there.
    pinned: Option<Range<usize>>,
}

/// What parsing collects beside the root.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) ast: Ast,
    /// The variables that `let` declares.
    pub(super) lets: Vec<(Arc<str>, Range<usize>)>,
    /// The schema files that are named.
    pub(super) schemas: Vec<(Arc<str>, Range<usize>)>,
}

impl<'t> Parser<'t> {
    pub(super) fn new(text: &'t str, start: usize, options: Options<'t>) -> Self {
        let current = Token { kind: lex::Kind::End, text: "", range: start..start };
        Self {
            text,
            lexer: Lexer::new(text, start, options),
            current,
            last_end: start,
            previous: "",
            options,
            depth: 0,
            limit: start + MAX_LENGTH,
            found: Found::default(),
            predicates: Vec::new(),
            locals: Vec::new(),
            pinned: None,
        }
    }

    /// An expression that fills the whole text.
    pub(super) fn whole(mut self) -> Result<(NodeId, Found), ParseError> {
        let root = self.start()?;
        if self.current.kind != lex::Kind::End {
            return Err(self.unexpected("an operator"));
        }
        Ok((root, self.found))
    }

    /// The longest expression from the start, and where it ends.
    pub(super) fn prefix(mut self) -> Result<(NodeId, Found, usize), ParseError> {
        let root = self.start()?;
        Ok((root, self.found, self.last_end))
    }

    /// A whole text with templates in it.
    pub(super) fn template(mut self) -> Result<(Vec<Piece>, Found), ParseError> {
        let (pieces, _) = self.pieces(0, Stop::End)?;
        Ok((pieces, self.found))
    }

    fn start(&mut self) -> Result<NodeId, ParseError> {
        self.advance()?;
        if self.current.kind == lex::Kind::End {
            return Err(ParseError::syntax(self.current.range.clone(), "the expression is empty"));
        }
        self.sequence()
    }

    fn advance(&mut self) -> Result<Token<'t>, ParseError> {
        let next = self.lexer.next().map_err(|error| self.pin(error))?;
        if next.range.end > self.limit && next.kind != lex::Kind::End {
            let message = format!("the expression is longer than {MAX_LENGTH} bytes");
            return Err(self.pin(ParseError::new(Code::TooDeep, next.range, message)));
        }
        Ok(self.replace(next))
    }

    fn replace(&mut self, next: Token<'t>) -> Token<'t> {
        let before = std::mem::replace(&mut self.current, next);
        self.last_end = before.range.end;
        self.previous = before.text;
        before
    }

    /// Goes on reading at `at`, which lies behind the current token.
    fn resume(&mut self, at: usize) -> Result<(), ParseError> {
        self.lexer = Lexer::new(self.text, at, self.options);
        self.current.range.end = at;
        self.advance().map(drop)
    }

    /// The token after the current one.
    fn peek(&self) -> Result<Token<'t>, ParseError> {
        self.lexer.clone().next()
    }

    fn take(&mut self, symbol: &str) -> Result<bool, ParseError> {
        if self.current.is(symbol) {
            self.advance()?;
            return Ok(true);
        }
        Ok(false)
    }

    fn expect(&mut self, symbol: &str) -> Result<(), ParseError> {
        if self.take(symbol)? { Ok(()) } else { Err(self.unexpected(&format!("`{symbol}`"))) }
    }

    /// Expects the bracket that closes the one at `open`.
    fn close(&mut self, open: &Range<usize>, symbol: &str) -> Result<(), ParseError> {
        if self.take(symbol)? { Ok(()) } else { Err(self.unclosed(open.clone(), symbol)) }
    }

    fn add(&mut self, kind: Kind, range: Range<usize>) -> Result<NodeId, ParseError> {
        let range = self.place(range);
        self.found.ast.add(kind, range)
    }

    fn literal(&mut self, value: impl Into<Value>, range: Range<usize>) -> Result<NodeId, ParseError> {
        self.add(Kind::Literal(value.into()), range)
    }

    /// The place of a range in the author's text.
    fn place(&self, range: Range<usize>) -> Range<usize> {
        self.pinned.clone().unwrap_or(range)
    }

    fn pin(&self, mut error: ParseError) -> ParseError {
        error.range = self.place(error.range);
        error
    }

    fn range_of(&self, id: NodeId) -> Range<usize> {
        self.found.ast.get(id).range()
    }

    /// Goes a level deeper; whoever called takes it back.
    fn enter(&mut self) -> Result<(), ParseError> {
        if self.depth >= MAX_DEPTH {
            return Err(self.pin(ast::too_deep(self.current.range.clone(), MAX_DEPTH)));
        }
        self.depth += 1;
        Ok(())
    }

    /// `a; b; c`, of which the last is the value.
    fn sequence(&mut self) -> Result<NodeId, ParseError> {
        let start = self.current.range.start;
        let first = self.expression(0)?;
        if !self.current.is(";") {
            return Ok(first);
        }
        let mut items = vec![first];
        while self.take(";")? {
            if self.current.kind == lex::Kind::End {
                break;
            }
            items.push(self.expression(0)?);
        }
        if items.len() == 1 {
            return Ok(first);
        }
        self.add(Kind::Sequence(items.into()), start..self.last_end)
    }

    fn expression(&mut self, precedence: u16) -> Result<NodeId, ParseError> {
        self.enter()?;
        let result = match self.current.text {
            "let" if precedence == 0 && self.current.kind == lex::Kind::Word => self.variable(),
            "if" if precedence == 0 && self.current.kind == lex::Kind::Word => self.branches(),
            _ => self.operation(precedence),
        };
        self.depth -= 1;
        result
    }

    fn operation(&mut self, precedence: u16) -> Result<NodeId, ParseError> {
        let start = self.current.range.start;
        let left = self.unary()?;
        let left = self.operators(left, start, precedence)?;
        if precedence == 0 { self.choice(left, start) } else { Ok(left) }
    }

    /// `let name = value; body`.
    fn variable(&mut self) -> Result<NodeId, ParseError> {
        let start = self.advance()?.range.start;
        if self.current.kind != lex::Kind::Name {
            return Err(self.unexpected("a name"));
        }
        let token = self.advance()?;
        let name: Arc<str> = token.text.into();
        if self.locals.contains(&name) {
            return Err(self.declared(&token, "a variable of that name can be seen here already"));
        }
        if super::builtins::find(&name).is_some() || Each::parse(&name).is_some() {
            return Err(self.declared(&token, "it is the name of a function"));
        }
        self.expect("=")?;
        let value = self.expression(0)?;
        self.expect(";")?;
        let place = self.place(token.range);
        self.found.lets.push((name.clone(), place));
        self.locals.push(name);
        let body = self.sequence();
        self.locals.pop();
        self.add(Kind::Let { value, body: body? }, start..self.last_end)
    }

    /// `if c { a } else { b }`.
    fn branches(&mut self) -> Result<NodeId, ParseError> {
        let start = self.advance()?.range.start;
        let condition = self.expression(0)?;
        let yes = self.block()?;
        self.expect("else")?;
        let no = if self.current.is("if") { self.expression(0)? } else { self.block()? };
        self.add(Kind::Conditional { condition, yes, no }, start..self.last_end)
    }

    fn block(&mut self) -> Result<NodeId, ParseError> {
        let open = self.current.range.clone();
        self.expect("{")?;
        let body = self.sequence()?;
        self.close(&open, "}")?;
        Ok(body)
    }
}
