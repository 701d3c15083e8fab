//! Rows of data as an author writes them: a table in CSV, a list in JSON or YAML, a list in the flow itself.
//!
//! Nothing is skipped or guessed: a row that does not fit the header, a quote that is not closed, a column that stands twice is an error with its
//! place. What a CSV file holds is text; JSON and YAML keep their types.

mod csv;
mod json;
mod nodes;
#[cfg(test)]
mod tests;

pub(crate) use nodes::written;

use crate::{Code, Diagnostic, Map, Source, SourceId, Span, ast::DataKind};
use std::{collections::HashSet, sync::Arc};

/// Rows that one file may hold.
pub(crate) const MOST: usize = 100_000;

/// Rows that are told to be wrong, one by one; of more only the number is.
const TOLD: usize = 10;

/// A table that was read.
#[derive(Debug, Default)]
pub(crate) struct Table {
    /// In the order in which they first stand.
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Row>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) name: Arc<str>,
    pub(crate) span: Span,
}

/// A row: the values of its columns.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) values: Arc<Map>,
    pub(crate) span: Span,
    /// Where each value stands, in the order of `values`; empty where that is not known.
    pub(crate) places: Vec<Span>,
}

/// Reads the text of a file.
pub(crate) fn read(kind: DataKind, source: &Source, id: SourceId) -> Table {
    let mut table = match kind {
        DataKind::Csv => csv::read(source.text(), id),
        DataKind::Json => json::read(source.text(), id),
        DataKind::Yaml => nodes::read(source, id),
    };
    table.finish();
    table
}

impl Table {
    fn fault(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Tells no more than the first of many wrong rows, and how many there are.
    fn finish(&mut self) {
        let is_row = |diagnostic: &Diagnostic| diagnostic.code == Code::BadRow;
        let wrong = self.diagnostics.iter().filter(|diagnostic| is_row(diagnostic)).count();
        let mut seen = 0;
        self.diagnostics.retain(|diagnostic| {
            seen += usize::from(is_row(diagnostic));
            seen <= TOLD || !is_row(diagnostic)
        });
        if let Some(last) = self.diagnostics.iter_mut().rfind(|diagnostic| wrong > TOLD && is_row(diagnostic)) {
            last.message.push_str(&format!("; {} more rows are wrong too", wrong - TOLD));
        }
    }

    /// Adds the columns of a row that no row before had.
    fn add_columns(&mut self, known: &mut HashSet<Arc<str>>, names: impl IntoIterator<Item = (Arc<str>, Span)>) {
        for (name, span) in names {
            if known.insert(name.clone()) {
                if let Some(bad) = bad_name(&name, span) {
                    self.fault(bad);
                }
                self.columns.push(Column { name, span });
            }
        }
    }
}

/// Why a column cannot be called this.
fn bad_name(name: &str, span: Span) -> Option<Diagnostic> {
    let error = |message: String, help: String| Some(Diagnostic::error(Code::BadColumn, span, message).help(help));
    let trimmed = name.trim();
    if trimmed.is_empty() {
        return error("the column has no name".to_owned(), "write the name by which expressions call its value".to_owned());
    }
    if trimmed != name {
        let message = format!("space stands around the name of the column `{trimmed}`");
        return error(message, format!("write `{trimmed}`"));
    }
    if trimmed == "data" {
        let message = "no column can be called `data`: that is the list of all rows".to_owned();
        return error(message, "choose another name".to_owned());
    }
    None
}

fn too_many(span: Span) -> Diagnostic {
    Diagnostic::error(Code::TooLarge, span, format!("the data has more than {MOST} rows"))
        .help("split the file, and write a flow for each part")
}

fn no_rows(span: Span, why: &str) -> Diagnostic {
    Diagnostic::error(Code::NoRows, span, format!("the data has no row: {why}")).help("write a row, or leave `data` out of the flow")
}
