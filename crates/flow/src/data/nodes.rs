//! Rows in YAML: a list of objects, in a file or in the flow itself.

use super::{MOST, Row, Table, no_rows, too_many};
use crate::{
    Code, Diagnostic, Source, SourceId, Span, ast,
    yaml::{self, Entry, Node},
};
use std::{collections::HashSet, sync::Arc};

/// The rows of a YAML file.
pub(super) fn read(source: &Source, id: SourceId) -> Table {
    let read = yaml::read(source, id);
    let mut table = Table { diagnostics: read.diagnostics, ..Table::default() };
    if let [one] = table.diagnostics.as_slice()
        && one.code == Code::EmptyFile
    {
        table.diagnostics = vec![no_rows(one.span(), &one.message)];
        return table;
    }
    match read.documents.as_slice() {
        [] => {}
        [document] => match document.root.as_list() {
            Some([]) => table.fault(no_rows(document.root.head(), "the list is empty")),
            Some(items) => rows(items, &mut table),
            None => {
                let message = format!("rows must be a list of objects, and this is {}", document.root.describe());
                let bad = Diagnostic::error(Code::BadData, document.root.head(), message);
                table.fault(bad.help("begin each row with a dash: `- email: ada@example.com`"));
            }
        },
        [_, second, ..] => {
            let bad = Diagnostic::error(Code::BadData, second.root.head(), "the file holds several documents");
            table.fault(bad.help("keep one list of rows; take the `---` away"));
        }
    }
    table
}

/// The rows that a flow holds itself. They are data: no template can stand in them.
pub(crate) fn written(items: &[Node]) -> Table {
    let mut table = Table::default();
    rows(items, &mut table);
    for item in items {
        refuse_templates(item, &mut table);
    }
    table.finish();
    table
}

fn rows(items: &[Node], table: &mut Table) {
    let mut known = HashSet::new();
    for item in items {
        if table.rows.len() == MOST {
            return table.fault(too_many(item.head()));
        }
        match item.as_map() {
            Some(entries) if !entries.is_empty() => {
                table.add_columns(&mut known, entries.iter().map(|entry| (entry.key.text.clone(), entry.key.span)));
                let places = entries.iter().map(|entry| entry.value.span).collect();
                let values = entries.iter().map(|Entry { key, value }| (key.text.clone(), value.to_value()));
                let values = Arc::new(values.collect());
                table.rows.push(Row { values, span: item.span, places });
            }
            entries => table.fault(no_row(item.head(), &item.describe(), entries.is_some())),
        }
    }
}

/// Something else where a row must stand.
pub(super) fn no_row(span: Span, found: &str, is_object: bool) -> Diagnostic {
    if is_object {
        return Diagnostic::error(Code::BadRow, span, "the row is empty").help("write a column and its value, or take the row away");
    }
    let message = format!("a row must be an object of columns and values, and this is {found}");
    Diagnostic::error(Code::BadRow, span, message).help("write for example `{email: ada@example.com}`")
}

/// Reports each template in a row.
fn refuse_templates(row: &Node, table: &mut Table) {
    let mut open = vec![row];
    while let Some(node) = open.pop() {
        if node.as_scalar().is_some_and(|scalar| ast::has_template(&scalar.text)) {
            let message = "a row cannot hold a template: it is data, the same whatever runs";
            let bad = Diagnostic::error(Code::NoTemplateHere, node.place(), message);
            table.fault(bad.help("write the template where the column is used, or under `env:`; in a file `${` and `{{` are plain text"));
        }
        open.extend(node.as_list().into_iter().flatten().chain(node.as_map().into_iter().flatten().map(|entry| &entry.value)));
    }
}
