//! What is known of the parts of a condition before anything runs: types, choices, and whether they depend on anything.

use super::Judge;
use crate::{
    Value,
    expr::{
        Fault, Lookup, Scope, Space,
        ast::{Binary, Each, Kind, NodeId, Step, StepKind, Unary},
        certain::returned,
    },
    schema::Shape,
};
use std::sync::Arc;

/// The types that a value can have; nil is none of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Types(u8);

impl Types {
    pub(super) const NONE: Self = Self(0);
    const BOOL: Self = Self(1);
    const NUMBER: Self = Self(2);
    const TEXT: Self = Self(4);
    const LIST: Self = Self(8);
    const OBJECT: Self = Self(16);

    const WORDS: [(Self, &str, &str); 5] = [
        (Self::BOOL, "a boolean", "booleans"),
        (Self::NUMBER, "a number", "numbers"),
        (Self::TEXT, "a text", "texts"),
        (Self::LIST, "a list", "lists"),
        (Self::OBJECT, "an object", "objects"),
    ];

    pub(super) fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether comparing the two is an error: a number or boolean, and a text.
    pub(super) fn is_mixed_with(self, other: Self) -> bool {
        let plain = Self::BOOL.or(Self::NUMBER);
        let is_within = |types: Self, all: Self| types.0 & !all.0 == 0;
        is_within(self, plain) && is_within(other, Self::TEXT) || is_within(self, Self::TEXT) && is_within(other, plain)
    }

    /// In words, when it can be no boolean.
    pub(super) fn no_boolean(self) -> Option<String> {
        (!self.meets(Self::BOOL)).then(|| self.words())
    }

    pub(super) fn words(self) -> String {
        self.listed(|(_, one, _)| one)
    }

    pub(super) fn plural(self) -> String {
        self.listed(|(_, _, several)| several)
    }

    fn listed(self, word: impl Fn((Self, &'static str, &'static str)) -> &'static str) -> String {
        Self::WORDS.into_iter().filter(|(types, ..)| types.meets(self)).map(word).collect::<Vec<_>>().join(" or ")
    }

    fn of_shape(shape: &Shape) -> Option<Self> {
        Some(match shape {
            Shape::Any => return None,
            Shape::Bool => Self::BOOL,
            Shape::Integer { .. } | Shape::Number => Self::NUMBER,
            Shape::Text(_) | Shape::Duration => Self::TEXT,
            Shape::List(_) => Self::LIST,
            Shape::Map(_) | Shape::Object(_) => Self::OBJECT,
            Shape::OneOf(shapes) => shapes.iter().map(Self::of_shape).try_fold(Self::NONE, |all, one| Some(all.or(one?)))?,
        })
    }
}

/// What is known of a part.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    pub(super) types: Types,
    /// The texts that it can be, when they are few.
    pub(super) choices: Vec<Arc<str>>,
    /// The text that it is.
    pub(super) text: Option<Arc<str>>,
}

impl Known {
    /// What to write, given how both are written.
    pub(super) fn cure(&self, written: &str, other: &Self, other_written: &str) -> String {
        let is_json = |text: &&str| text.parse::<f64>().is_ok() || ["true", "false"].contains(text);
        let (text, typed) = match (&self.text, &other.text) {
            (Some(text), None) => (text, other.types),
            (None, Some(text)) => (text, self.types),
            _ if self.types == Types::TEXT && other.types == Types::NUMBER => return format!("make a number of it: `int({written})`"),
            _ if other.types == Types::TEXT && self.types == Types::NUMBER => {
                return format!("make a number of it: `int({other_written})`");
            }
            _ => return "compare it with something of its own type".to_owned(),
        };
        match Some(text.as_ref()).filter(is_json) {
            Some(text) => format!("leave the quotes out: `{text}`"),
            None => format!("compare it with {}", typed.words()),
        }
    }
}

impl Judge<'_> {
    /// What is known of a part; `None` when it may be anything.
    pub(super) fn known(&self, id: NodeId) -> Option<Known> {
        let types = match self.kind(id) {
            Kind::Literal(Value::Text(text)) => {
                return Some(Known { types: Types::TEXT, text: Some(text.as_ref().into()), ..Known::default() });
            }
            Kind::Name { .. } | Kind::Path { .. } => {
                let shape = self.shape(id)?;
                let choices = if let Shape::Text(choices) = &shape { choices.clone() } else { Vec::new() };
                return Some(Known { types: Types::of_shape(&shape)?, choices, text: None });
            }
            Kind::Literal(value) if value.is_number() => Types::NUMBER,
            Kind::Text(_) => Types::TEXT,
            Kind::List(_) | Kind::Binary { operator: Binary::Range, .. } => Types::LIST,
            Kind::Map(_) => Types::OBJECT,
            Kind::Unary { operator: Unary::Minus | Unary::Plus, operand } => {
                self.known(*operand).map(|known| known.types).filter(|types| *types == Types::NUMBER)?
            }
            Kind::Literal(Value::Bool(_))
            | Kind::Unary { operator: Unary::Not, .. }
            | Kind::Exists(_)
            | Kind::Matches { .. }
            | Kind::Each { each: Each::All | Each::Any | Each::None | Each::One, .. } => Types::BOOL,
            Kind::Binary { operator, .. } => gives_boolean(*operator).then_some(Types::BOOL)?,
            Kind::Conditional { yes, no, .. } => self.known(*yes)?.types.or(self.known(*no)?.types),
            Kind::Let { body, .. } => return self.known(*body),
            Kind::Call(call) => of_words(returned(call.function.name)?)?,
            Kind::Each { each, .. } => of_words(returned(each.name())?)?,
            _ => return None,
        };
        Some(Known { types, ..Known::default() })
    }

    fn shape(&self, id: NodeId) -> Option<Shape> {
        match self.kind(id) {
            Kind::Name { name, .. } => (self.shape_of)(name, None),
            Kind::Path { base, steps, .. } => {
                let Kind::Name { name, .. } = self.kind(*base) else { return None };
                let first =
                    steps.first().and_then(|step| if let StepKind::Member(member) = &step.kind { Some(member.as_ref()) } else { None });
                steps.iter().try_fold((self.shape_of)(name, first)?, |shape, step| member(&shape, step))
            }
            _ => None,
        }
    }

    /// Whether it is a count, which is never below zero.
    pub(super) fn is_count(&self, id: NodeId) -> bool {
        match self.kind(id) {
            Kind::Call(call) => call.function.name == "len",
            Kind::Each { each, .. } => *each == Each::Count,
            Kind::Path { steps, .. } => {
                steps.last().is_some_and(|step| matches!(&step.kind, StepKind::Member(name) if &**name == "length"))
            }
            _ => false,
        }
    }

    /// Whether both are written alike and so have the same value.
    pub(super) fn is_same(&self, a: NodeId, b: NodeId) -> bool {
        let plain = |text: &str| text.split_whitespace().collect::<String>();
        !self.is_constant(a) && plain(self.written(a)) == plain(self.written(b)) && !self.varies(a)
    }

    /// Whether it depends on no name, no item, no time and no chance.
    pub(super) fn is_constant(&self, id: NodeId) -> bool {
        !self.any(id, |kind| matches!(kind, Kind::Name { .. } | Kind::Local(_) | Kind::Item | Kind::Index | Kind::Accumulator))
            && !self.varies(id)
    }

    /// Whether it may be another value each time.
    fn varies(&self, id: NodeId) -> bool {
        const VARY: [&str; 4] = ["uuid", "fake", "now", "matches_schema"];
        self.any(id, |kind| match kind {
            Kind::Call(call) => VARY.contains(&call.function.name) || call.function.name.starts_with("random."),
            Kind::Name { name, .. } => name.starts_with("RANDOM_") || ["UUID", "FAKER"].contains(&name.as_ref()),
            Kind::Hole(_) => true,
            _ => false,
        })
    }

    fn any(&self, id: NodeId, is: impl Fn(&Kind) -> bool) -> bool {
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            let kind = self.kind(id);
            if is(kind) {
                return true;
            }
            kind.for_each_child(&mut |child| open.push(child));
        }
        false
    }
}

fn gives_boolean(operator: Binary) -> bool {
    use Binary::{And, Contains, EndsWith, Equal, In, Matches, NotEqual, Or, StartsWith};
    matches!(operator, And | Or | Equal | NotEqual | In | Matches | Contains | StartsWith | EndsWith) || operator.is_ordering()
}

fn of_words(words: &str) -> Option<Types> {
    Types::WORDS.into_iter().find(|(_, one, _)| *one == words).map(|(types, ..)| types)
}

/// What stands behind one step of a path.
fn member(shape: &Shape, step: &Step) -> Option<Shape> {
    match (shape, &step.kind) {
        (Shape::Object(object), StepKind::Member(name)) => object.find(name).map(|(_, key)| key.shape.clone()),
        (Shape::List(_) | Shape::Text(_), StepKind::Member(name)) if &**name == "length" => Some(Shape::Number),
        (Shape::Map(inner), StepKind::Member(name)) if &**name != "length" => Some((**inner).clone()),
        (Shape::List(inner), StepKind::At(_)) => Some((**inner).clone()),
        _ => None,
    }
}

/// The scope of what depends on nothing.
pub(super) struct Nothing;

impl Scope for Nothing {
    fn lookup(&self, _: &str) -> Lookup {
        Lookup::Unknown
    }
    fn member(&self, _: Space, _: &str) -> Lookup {
        Lookup::Unknown
    }
    fn space_value(&self, _: Space) -> Result<Value, Fault> {
        Ok(Value::Null)
    }
    fn known_names(&self) -> Vec<Arc<str>> {
        Vec::new()
    }
    fn now(&self) -> jiff::Zoned {
        jiff::Timestamp::UNIX_EPOCH.to_zoned(jiff::tz::TimeZone::UTC)
    }
    fn random(&self, _: &str) -> [u8; 16] {
        [0; 16]
    }
    fn schema(&self, _: &str) -> Option<Arc<serde_json::Value>> {
        None
    }
}
