//! What to say when something else stands in the text than could: what was expected, and what its author may have meant.

use super::Parser;
use crate::{
    Code,
    expr::{
        ParseError,
        ast::{Binary, Each, NodeId},
        builtins, lex,
        lex::Token,
    },
    nearest::nearest,
};
use std::ops::Range;

/// Words of other languages that stand where an operator belongs.
const FOREIGN_WORDS: [(&str, &str); 14] = [
    ("is", "=="),
    ("equals", "=="),
    ("equal", "=="),
    ("eq", "=="),
    ("ne", "!="),
    ("gt", ">"),
    ("gte", ">="),
    ("ge", ">="),
    ("lt", "<"),
    ("lte", "<="),
    ("le", "<="),
    ("like", "matches"),
    ("mod", "%"),
    ("div", "/"),
];

const BETWEEN: &str = "an operator must stand between two values; a text stands in quotes";

const OPERATOR_WORDS: [&str; 9] = ["and", "or", "not", "in", "contains", "startsWith", "endsWith", "matches", "exists"];

impl<'t> Parser<'t> {
    /// The current token is not what can stand here.
    pub(super) fn unexpected(&self, expected: &str) -> ParseError {
        let token = &self.current;
        let after = match self.previous {
            "" => String::new(),
            previous => format!(" after `{}`", crate::expr::fault::shorten(previous, 40)),
        };
        let message = if token.kind == lex::Kind::End {
            format!("the expression ends where {expected} is needed{after}")
        } else {
            format!("expected {expected}{after}, found {}", token.describe())
        };
        let error = ParseError::syntax(token.range.clone(), message);
        let help = self.meant(expected).unwrap_or_else(|| self.missing(expected));
        self.pin(error.help(help))
    }

    /// What to write where nothing tells what was meant.
    fn missing(&self, expected: &str) -> String {
        let token = &self.current;
        match (expected, token.kind, token.text) {
            ("a value", lex::Kind::End, _) => "write a value at the end; a text stands in quotes".to_owned(),
            ("a value", _, "/") if self.previous == "matches" => "a pattern is a text: write `matches \"…\"`".to_owned(),
            ("a value", _, text) => format!("write a value before `{text}`; a text stands in quotes"),
            ("an operator", _, ",") => "take the comma away; the decimals of a number stand behind a dot".to_owned(),
            ("an operator", ..) => BETWEEN.to_owned(),
            ("`;`", ..) => "a variable is followed by what it is for: `let x = 3; x > 2`".to_owned(),
            ("`:`", lex::Kind::End, _) => "write `: …` with what it is otherwise".to_owned(),
            (_, lex::Kind::End, _) => format!("write {expected} at the end"),
            (_, _, text) => format!("write {expected} before `{text}`"),
        }
    }

    /// What the author may have meant with the current token.
    fn meant(&self, expected: &str) -> Option<String> {
        let token = &self.current;
        let text = token.text;
        match (token.kind, text) {
            (lex::Kind::Symbol, "=") => Some("to compare write `==`".to_owned()),
            (lex::Kind::Symbol, "&") => Some("write `&&` or `and`".to_owned()),
            (lex::Kind::Symbol, "!") => Some("for \"not equal\" write `!=`".to_owned()),
            (lex::Kind::Symbol, ")" | "]" | "}") if expected == "an operator" => {
                Some(format!("nothing is open that this `{text}` could close"))
            }
            (lex::Kind::Symbol, ".") if self.previous == "." => {
                Some("one dot reaches a member; `..` makes a range of integers".to_owned())
            }
            (lex::Kind::Symbol, ".") => Some(
                "a member without a value before it means the item of a predicate, as in `filter(items, .price > 0)`"
                    .to_owned(),
            ),
            (lex::Kind::Word, "not") => Some(
                "`not` stands before a value, or before `in`, `contains`, `startsWith`, `endsWith` or `matches`; for what does not exist write `not (x exists)`"
                    .to_owned(),
            ),
            (lex::Kind::Hole, _) => Some(
                "a template is a value: an operator must stand between two values".to_owned(),
            ),
            (lex::Kind::Name, _) => self.meant_word(text),
            (lex::Kind::Word, _) if expected == "a value" => builtins::meant(text),
            (lex::Kind::Number | lex::Kind::Text, _) if is_function(self.previous) => {
                Some(format!("`{0}` is a function: write `{0}({text})`", self.previous))
            }
            (lex::Kind::Text, _) if expected == "an operator" => Some(BETWEEN.to_owned()),
            _ => None,
        }
    }

    fn meant_word(&self, word: &str) -> Option<String> {
        if is_function(self.previous) {
            return Some(format!("`{0}` is a function: write `{0}({word})`", self.previous));
        }
        let lower = word.to_lowercase();
        if let Some((_, operator)) = FOREIGN_WORDS.iter().find(|(foreign, _)| *foreign == lower) {
            return Some(format!("write `{operator}`"));
        }
        match OPERATOR_WORDS.iter().find(|known| known.eq_ignore_ascii_case(word)) {
            Some(known) => Some(format!("operators are written in lower case: `{known}`"))
                .filter(|_| known.to_lowercase() == **known)
                .or_else(|| Some(format!("write `{known}`"))),
            None => nearest(word, OPERATOR_WORDS).map(|known| format!("did you mean `{known}`?")).or_else(|| Some(BETWEEN.to_owned())),
        }
    }

    /// The bracket at `open` is not closed.
    pub(super) fn unclosed(&self, open: Range<usize>, symbol: &str) -> ParseError {
        if self.current.kind != lex::Kind::End {
            return self.unexpected(&format!("an operator or `{symbol}`"));
        }
        let opening = self.text.get(open.clone()).unwrap_or_default();
        self.pin(ParseError::syntax(open, format!("this `{opening}` is not closed")).help(format!("add the missing `{symbol}`")))
    }

    pub(super) fn mixed_coalesce(&self, left: NodeId, operator: Binary) -> ParseError {
        let symbol = operator.symbol();
        let range = self.current.range.clone();
        let written = self.text.get(self.range_of(left)).unwrap_or("…");
        self.pin(
            ParseError::syntax(range, format!("`??` and `{symbol}` need parentheses between them"))
                .help(format!("write `({written}) {symbol} …`")),
        )
    }

    pub(super) fn bad_pipe(&self, bar: &Token<'t>) -> ParseError {
        let error = ParseError::syntax(bar.range.clone(), "after `|` a function must be called, as in `items | filter(.price > 0)`");
        self.pin(error.help("for \"or\" write `||` or `or`"))
    }

    pub(super) fn unknown_function(&self, name: &Token<'t>) -> ParseError {
        let error = ParseError::new(Code::UnknownFunction, name.range.clone(), format!("there is no function `{}`", name.text));
        let meant = builtins::meant(name.text);
        self.pin(
            error.help(
                meant.unwrap_or_else(|| "`testmesh explain TM0303` says what functions of other languages are called here".to_owned()),
            ),
        )
    }

    pub(super) fn declared(&self, name: &Token<'t>, why: &str) -> ParseError {
        let message = format!("`let` cannot declare `{}`: {why}", name.text);
        self.pin(ParseError::syntax(name.range.clone(), message).help("choose another name"))
    }

    pub(super) fn misplaced_pointer(&self, token: &Token<'t>) -> ParseError {
        let range = token.range.clone();
        self.pin(match self.predicates.last() {
            None => ParseError::syntax(range, format!("`{}` means nothing outside a predicate", token.text))
                .help("it is the item in functions such as `filter(items, #.price > 0)`; a comment begins with `//`"),
            Some(each) => ParseError::syntax(range, format!("`{}` means nothing in `{}`", token.text, each.name()))
                .help("`#` is the item; `map` and `reduce` have `#index`, `reduce` has `#acc`"),
        })
    }

    pub(super) fn too_few(&self, each: Each, name: &Token<'t>) -> ParseError {
        let what = if each.predicate_is_optional() { "a list" } else { "a list and a predicate" };
        let message = format!("`{}` takes {what}", each.name());
        let error = ParseError::new(Code::WrongArguments, name.range.clone(), message);
        self.pin(error.help(format!("for example `{}(items, .price > 0)`", each.name())))
    }

    pub(super) fn after_predicate(&self, each: Each) -> ParseError {
        if !self.current.is(";") {
            return self.unexpected("`)`");
        }
        let message = "a predicate with several parts stands in braces";
        let error = ParseError::syntax(self.current.range.clone(), message);
        self.pin(error.help(format!("write `{}(items, {{ let x = …; … }})`", each.name())))
    }
}

fn is_function(name: &str) -> bool {
    builtins::find(name).is_some() || Each::parse(name).is_some()
}
