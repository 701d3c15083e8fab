//! Operators and the functions that take predicates: closed sets, with their spelling and precedence.

/// An operator with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::expr) enum Unary {
    Not,
    Minus,
    Plus,
}

impl Unary {
    pub(in crate::expr) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "!" | "not" => Self::Not,
            "-" => Self::Minus,
            "+" => Self::Plus,
            _ => return None,
        })
    }

    pub(in crate::expr) fn precedence(self) -> u16 {
        if self == Self::Not { 50 } else { 90 }
    }
}

/// An operator with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::expr) enum Binary {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    In,
    Matches,
    Contains,
    StartsWith,
    EndsWith,
    Range,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Power,
    Coalesce,
}

impl Binary {
    pub(in crate::expr) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "or" | "||" => Self::Or,
            "and" | "&&" => Self::And,
            "==" => Self::Equal,
            "!=" => Self::NotEqual,
            "<" => Self::Less,
            "<=" => Self::LessEqual,
            ">" => Self::Greater,
            ">=" => Self::GreaterEqual,
            "in" => Self::In,
            "matches" => Self::Matches,
            "contains" => Self::Contains,
            "startsWith" => Self::StartsWith,
            "endsWith" => Self::EndsWith,
            ".." => Self::Range,
            "+" => Self::Add,
            "-" => Self::Subtract,
            "*" => Self::Multiply,
            "/" => Self::Divide,
            "%" => Self::Remainder,
            "**" | "^" => Self::Power,
            "??" => Self::Coalesce,
            _ => return None,
        })
    }

    /// The higher, the tighter it binds.
    pub(in crate::expr) fn precedence(self) -> u16 {
        match self {
            Self::Or => 10,
            Self::And => 15,
            Self::Range => 25,
            Self::Add | Self::Subtract => 30,
            Self::Multiply | Self::Divide | Self::Remainder => 60,
            Self::Power => 100,
            Self::Coalesce => 500,
            _ => 20,
        }
    }

    /// Whether `a < b < c` means `a < b && b < c` with it.
    pub(in crate::expr) fn is_ordering(self) -> bool {
        matches!(self, Self::Less | Self::LessEqual | Self::Greater | Self::GreaterEqual)
    }

    /// Whether `not` may stand before it, as in `not in`.
    pub(in crate::expr) fn takes_not(self) -> bool {
        matches!(self, Self::In | Self::Matches | Self::Contains | Self::StartsWith | Self::EndsWith)
    }

    pub(in crate::expr) fn symbol(self) -> &'static str {
        match self {
            Self::Or => "||",
            Self::And => "&&",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::In => "in",
            Self::Matches => "matches",
            Self::Contains => "contains",
            Self::StartsWith => "startsWith",
            Self::EndsWith => "endsWith",
            Self::Range => "..",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
            Self::Power => "**",
            Self::Coalesce => "??",
        }
    }
}

/// A function that takes a list and a predicate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::expr) enum Each {
    All,
    None,
    Any,
    One,
    Filter,
    Map,
    Count,
    Sum,
    Find,
    FindIndex,
    FindLast,
    FindLastIndex,
    GroupBy,
    SortBy,
    Reduce,
    /// `keys(groupBy(…))`: what was grouped by, as it is and not as the names of members.
    GroupKeys,
}

impl Each {
    pub(in crate::expr) const NAMES: [(&'static str, Each); 15] = [
        ("all", Each::All),
        ("none", Each::None),
        ("any", Each::Any),
        ("one", Each::One),
        ("filter", Each::Filter),
        ("map", Each::Map),
        ("count", Each::Count),
        ("sum", Each::Sum),
        ("find", Each::Find),
        ("findIndex", Each::FindIndex),
        ("findLast", Each::FindLast),
        ("findLastIndex", Each::FindLastIndex),
        ("groupBy", Each::GroupBy),
        ("sortBy", Each::SortBy),
        ("reduce", Each::Reduce),
    ];

    pub(in crate::expr) fn parse(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, each)| *each)
    }

    pub(in crate::expr) fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, each)| *each == self).map_or("groupBy", |(name, _)| name)
    }

    pub(in crate::expr) fn predicate_is_optional(self) -> bool {
        matches!(self, Self::Count | Self::Sum)
    }

    pub(in crate::expr) fn takes_extra(self) -> bool {
        matches!(self, Self::SortBy | Self::Reduce)
    }

    pub(in crate::expr) fn has_index(self) -> bool {
        matches!(self, Self::Map | Self::Reduce)
    }

    pub(in crate::expr) fn has_accumulator(self) -> bool {
        self == Self::Reduce
    }
}
