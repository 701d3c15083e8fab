//! The rows of a flow: each is an execution of its own, unless the flow takes all of them at once.

use super::KnownSecrets;
use crate::{Map, Span, Value};
use std::{num::NonZeroUsize, sync::Arc};

/// The rows that a plan is executed with: one plan, many rows.
#[derive(Clone, Debug)]
pub struct Rows {
    pub columns: Vec<Arc<str>>,
    pub rows: Vec<Row>,
    /// How many there are in the data, those that were not selected among them.
    pub of: usize,
    /// How many of them run at the same time, at most.
    pub parallel: NonZeroUsize,
    /// The list of all rows, of a flow that names `data`: it runs once.
    pub all: Option<Value>,
    /// What stands in columns that are secret.
    pub secrets: KnownSecrets,
    /// Of the first column, which is what a row is known by.
    pub(super) first_is_secret: bool,
}

/// The values of one row.
#[derive(Clone, Debug)]
pub struct Row {
    /// From 1, in the order of the data.
    pub number: usize,
    pub values: Arc<Map>,
    /// Where it stands, in the flow or in a file.
    pub span: Span,
}

impl Rows {
    /// What a row is known by besides its number: the value of the first column, as text. Empty when it has none, or that is secret.
    pub fn label(&self, row: &Row) -> String {
        let value = self.columns.first().filter(|_| !self.first_is_secret).and_then(|column| row.values.get(column));
        value.filter(|value| !value.is_null()).and_then(|value| value.to_text().ok()).unwrap_or_default()
    }
}
