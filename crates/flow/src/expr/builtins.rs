//! The functions of the language, resolved by name when an expression is parsed.

mod arguments;
mod bits;
mod data;
mod json;
mod list;
mod math;
mod random;
mod text;
mod time;

pub(super) use arguments::Arguments;
pub(super) use list::{descending, length, sort_by};
pub(super) use math::overflow;

use super::{
    Scope,
    ast::Each,
    fault::{Problem, count},
    meter::Meter,
};
use crate::{Value, nearest::nearest};
use std::sync::Arc;

/// What a function can use beside its arguments.
pub(super) struct Context<'a> {
    pub(super) scope: &'a dyn Scope,
    pub(super) meter: Meter,
    /// Where the evaluated expression begins: two in one text draw different random values.
    pub(super) place: usize,
    /// How many random values were drawn.
    pub(super) draws: u32,
    /// What a function has to say about its answer, for the record.
    pub(super) note: Option<String>,
    /// The `JSONPath` that was used last.
    pub(super) query: Option<crate::jsonpath::Query>,
    /// The schema that was used last, compiled.
    pub(super) validator: Option<(Arc<serde_json::Value>, jsonschema::Validator)>,
}

impl Context<'_> {
    /// Random bytes, others at each call.
    fn draw(&mut self) -> [u8; 16] {
        self.draws += 1;
        self.scope.random(&format!("{}/{}", self.place, self.draws))
    }
}

type Body = fn(&mut Context, &Arguments) -> Result<Value, Problem>;
type Check = fn(usize, &str) -> Result<(), Problem>;

/// A function that takes values.
#[derive(Debug)]
pub(super) struct Function {
    pub(super) name: &'static str,
    /// How it is written, for help.
    pub(super) usage: &'static str,
    least: usize,
    most: usize,
    body: Body,
    /// Looks at an argument that is a constant text when the expression is parsed.
    pub(super) check: Option<Check>,
}

/// As many arguments as anybody likes.
const ANY: usize = usize::MAX;

const fn function(name: &'static str, usage: &'static str, (least, most): (usize, usize), body: Body) -> Function {
    Function { name, usage, least, most, body, check: None }
}

const GROUPS: [&[Function]; 8] = [
    text::FUNCTIONS,
    list::FUNCTIONS,
    math::FUNCTIONS,
    bits::FUNCTIONS,
    json::FUNCTIONS,
    data::FUNCTIONS,
    time::FUNCTIONS,
    random::FUNCTIONS,
];

impl Function {
    pub(super) fn takes(&self, arguments: usize) -> bool {
        (self.least..=self.most).contains(&arguments)
    }

    /// `1 argument`, `1 or 2 arguments`, `at least 1 argument`.
    pub(super) fn arity(&self) -> String {
        match (self.least, self.most) {
            (least, ANY) => format!("at least {}", count(least, "argument")),
            (0, 0) => "no argument".to_owned(),
            (least, most) if least == most => count(least, "argument"),
            (least, most) if least + 1 == most => format!("{least} or {}", count(most, "argument")),
            (least, most) => format!("{least} to {}", count(most, "argument")),
        }
    }

    pub(super) fn call(&'static self, context: &mut Context, values: &[Value]) -> Result<Value, Problem> {
        (self.body)(context, &Arguments::new(self.name, values))
    }
}

pub(super) fn find(name: &str) -> Option<&'static Function> {
    GROUPS.iter().copied().flatten().find(|function| function.name == name)
}

/// A function of `random`, by the name after the dot.
pub(super) fn find_random(member: &str) -> Option<&'static Function> {
    random::DOTTED.iter().find(|function| function.name.strip_prefix("random.") == Some(member))
}

/// Names of other languages, and what does the same here.
const FOREIGN: [(&str, &str); 25] = [
    ("length", "write `len(x)` or `x.length`"),
    ("size", "write `len(x)`"),
    ("strlen", "write `len(x)`"),
    ("toString", "write `string(x)`"),
    ("str", "write `string(x)`"),
    ("String", "write `string(x)`"),
    ("integer", "write `int(x)`; a random one is `random.int(a, b)`"),
    ("toInt", "write `int(x)`"),
    ("parseInt", "write `int(x)`"),
    ("Number", "write `int(x)` or `float(x)`"),
    ("number", "write `int(x)` or `float(x)`"),
    ("parseFloat", "write `float(x)`"),
    ("toLowerCase", "write `lower(x)`"),
    ("toUpperCase", "write `upper(x)`"),
    ("includes", "write `a contains b`, or `b in list`"),
    ("contains", "`contains` is an operator: write `a contains b`"),
    ("startsWith", "`startsWith` is an operator: write `a startsWith b`"),
    ("endsWith", "`endsWith` is an operator: write `a endsWith b`"),
    ("matches", "`matches` is an operator: write `a matches \"pattern\"`"),
    ("exists", "`exists` stands behind: write `x exists`"),
    ("exist", "write `x exists`"),
    ("isEmpty", "write `len(x) == 0`"),
    ("typeof", "write `type(x)`"),
    ("every", "write `all(list, predicate)`"),
    ("some", "write `any(list, predicate)`"),
];

/// Whether a name is what other languages call one of ours.
pub(super) fn is_foreign(name: &str) -> bool {
    FOREIGN.iter().any(|(foreign, _)| *foreign == name)
}

/// What the author of a call to an unknown function may have meant.
pub(super) fn meant(name: &str) -> Option<String> {
    if let Some((_, help)) = FOREIGN.iter().find(|(foreign, _)| *foreign == name) {
        return Some((*help).to_owned());
    }
    let known = GROUPS.iter().copied().flatten().map(|function| function.name);
    let known = known.chain(Each::NAMES.iter().map(|(name, _)| *name));
    let near = nearest(name, known).map(|known| format!("did you mean `{known}`?"));
    near.or_else(|| meant(nearest(name, FOREIGN.iter().map(|(foreign, _)| *foreign))?))
}
