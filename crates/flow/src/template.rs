//! Templates: text with holes that hold expressions.

use crate::{
    Value,
    expr::{Fault, NameUse, Options, ParseError, Scope},
};
use std::{ops::Range, sync::Arc};

/// A parsed template. Ranges are in the text it was parsed from. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Template {
    text: Arc<str>,
}

impl Template {
    pub fn parse(text: &str, _options: Options) -> Result<Self, ParseError> {
        Ok(Self { text: text.into() })
    }

    /// The text that it was parsed from.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it has no hole.
    pub fn is_plain(&self) -> bool {
        true
    }

    pub fn names(&self) -> Vec<NameUse> {
        Vec::new()
    }

    /// The schema files that its expressions name, for the planner to read.
    pub fn schemas(&self) -> Vec<(Arc<str>, Range<usize>)> {
        Vec::new()
    }

    /// One hole and nothing else keeps the value's type; anything else is text.
    pub fn render(&self, scope: &dyn Scope) -> Result<Value, Fault> {
        self.render_text(scope).map(Value::from)
    }

    pub fn render_text(&self, _scope: &dyn Scope) -> Result<String, Fault> {
        Ok(self.text.as_ref().to_owned())
    }
}
