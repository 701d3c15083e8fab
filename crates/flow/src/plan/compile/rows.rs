//! `data`: reading the rows of a flow, and what can be said once it is known what the flow does with them.

use super::Compiler;
use crate::{
    Code, Diagnostic, Span, Value,
    ast::{Data, DataKind, Flow},
    data::{self, Column, Table},
    nearest,
    plan::{KnownSecrets, Origin, Row, Rows, Variables, check::Seen},
    yaml::Node,
};
use std::{collections::HashSet, num::NonZeroUsize, sync::Arc};

/// The rows as they stand, before it is known what the flow does with them.
#[derive(Debug)]
pub(super) struct ReadRows {
    table: Table,
}

impl ReadRows {
    /// The columns, and whether each row has them.
    pub(super) fn columns(&self) -> impl Iterator<Item = (&Column, bool)> {
        let in_all = |column: &Column| self.table.rows.iter().all(|row| row.values.contains(&column.name));
        self.table.columns.iter().map(move |column| (column, in_all(column)))
    }

    /// The values that stand in secret columns, as text, each with its place.
    pub(super) fn secret_cells(&self, variables: &Variables) -> Vec<(Arc<str>, String, Option<Span>)> {
        let is_secret =
            |name: &str| variables.get(name).is_some_and(|variable| variable.chain().any(|it| it.secret && it.origin == Origin::Row));
        let columns: HashSet<&Arc<str>> = self.table.columns.iter().map(|column| &column.name).filter(|name| is_secret(name)).collect();
        if columns.is_empty() {
            return Vec::new();
        }
        let cells = self.table.rows.iter().flat_map(|row| {
            let place = |index: usize| row.places.get(index).copied().unwrap_or(row.span);
            row.values.iter().enumerate().map(move |(index, (name, value))| (name, value, place(index)))
        });
        let secret = cells.filter(|(name, ..)| columns.contains(name));
        let texts = secret.flat_map(|(name, value, place)| {
            let mut texts = Vec::new();
            value.leaf_texts(&mut texts);
            texts.into_iter().map(move |text| (name.clone(), text.to_string(), Some(place)))
        });
        texts.collect()
    }

    fn secrets(&self, variables: &Variables) -> KnownSecrets {
        let cells = self.secret_cells(variables);
        KnownSecrets {
            texts: cells.iter().map(|(_, text, _)| text.as_str().into()).collect(),
            places: cells.into_iter().filter_map(|(.., place)| place).collect(),
        }
    }
}

impl Compiler<'_> {
    /// The rows, as far as they can be read; what is wrong with them is reported.
    pub(super) fn read_rows(&mut self, data: &Data) -> Option<ReadRows> {
        let table = match data {
            Data::Rows { rows, .. } => data::written(rows),
            Data::File { kind, path } => self.file_of_rows(*kind, path)?,
        };
        self.take_rows(table)
    }

    fn take_rows(&mut self, mut table: Table) -> Option<ReadRows> {
        let is_broken = table.diagnostics.iter().any(Diagnostic::is_error);
        self.diagnostics.append(&mut table.diagnostics);
        self.incomplete |= is_broken;
        (!is_broken).then_some(ReadRows { table })
    }

    fn file_of_rows(&mut self, kind: Option<DataKind>, node: &Node) -> Option<Table> {
        let read = self.text_of_rows(kind, node);
        // Without its columns an unknown name may be one of them.
        self.incomplete |= read.is_none();
        read
    }

    fn text_of_rows(&mut self, kind: Option<DataKind>, node: &Node) -> Option<Table> {
        let path = self.known_text(node, "data.file")?;
        let ending = path.rsplit_once('.').map(|(_, ending)| ending).unwrap_or_default();
        let Some(kind) = kind.or_else(|| DataKind::of(ending)) else {
            let message = format!("what `{path}` holds cannot be told from its name");
            let unknown = Diagnostic::error(Code::MissingKey, node.place(), message);
            self.push(unknown.help("write `type: csv`, `type: json` or `type: yaml` beside `file`"));
            return None;
        };
        match self.files.data(&self.file, &path) {
            Ok(file) => {
                let id = self.sources.find(&file.source).unwrap_or_else(|| self.sources.add(file.source.clone()));
                let mut table = data::read(kind, &file.source, id);
                for diagnostic in &mut table.diagnostics {
                    *diagnostic = diagnostic.clone().with(node.place(), "read here");
                }
                Some(table)
            }
            Err(why) => {
                let message = format!("the data file `{path}` cannot be read: {why}");
                self.push(Diagnostic::error(Code::NoSuchFile, node.place(), message).help("the path is relative to the flow file"));
                None
            }
        }
    }

    /// What the plan holds of the rows, when all names have been looked at.
    pub(super) fn settle_rows(&mut self, flow: &Flow, seen: &Seen, uses_all: bool) -> Option<Rows> {
        let read = self.rows.take()?;
        if let Some(all) = seen.all_rows {
            self.check_one_of_all(seen, all);
        } else if self.frames.len() > 1 || flow.library {
            self.refuse_call(flow);
        } else if !uses_all && !self.incomplete {
            self.check_unused_columns(&read);
        }
        let secrets = read.secrets(&self.variables);
        let Table { columns, rows, .. } = read.table;
        let columns: Vec<Arc<str>> = columns.into_iter().map(|column| column.name).collect();
        let first_is_secret =
            columns.first().and_then(|name| self.variables.get(name)).is_some_and(|first| first.chain().any(|it| it.secret));
        let all = seen.all_rows.map(|_| Value::list(rows.iter().map(|row| Value::Map(row.values.clone())).collect()));
        Some(Rows {
            columns,
            of: rows.len(),
            rows: (1..).zip(rows).map(|(number, row)| Row { number, values: row.values, span: row.span }).collect(),
            parallel: flow.config.parallel_rows.unwrap_or(NonZeroUsize::MIN),
            all,
            secrets,
            first_is_secret,
        })
    }

    /// A flow that takes all rows runs once: no row is its own, and a column has no one value.
    fn check_one_of_all(&mut self, seen: &Seen, all: Span) {
        for (name, span) in &seen.columns {
            let message = format!("`{name}` has no one value: the flow names `data`, so it runs once, with all rows");
            let bad = Diagnostic::error(Code::AllRows, *span, message).with(all, "all rows are named here");
            self.push(
                bad.help(format!("go through them with `for_each` and write `item.{name}`, or take `data` away to run once for each row")),
            );
        }
    }

    fn refuse_call(&mut self, flow: &Flow) {
        let span = match &flow.data {
            Some(Data::Rows { span, .. }) => *span,
            Some(Data::File { path, .. }) => path.place(),
            None => flow.name.span,
        };
        let message = format!("the flow `{}` cannot be called: each row of its `data` is an execution of its own", flow.name.text);
        let bad = Diagnostic::error(Code::CalledWithRows, span, message);
        self.push(bad.help("call it in a `for_each` with the values as `input`, and take `data` out of it"));
    }

    /// A value in every row that nothing looks at tests nothing. The first column names the row in reports.
    fn check_unused_columns(&mut self, read: &ReadRows) {
        let used = super::environment::used_variables(&self.variables, &self.uses);
        let is_used = |name: &Arc<str>| used.contains(name) || self.called_names.contains(name);
        let is_column = |name: &str| read.table.columns.iter().any(|column| *column.name == *name);
        let mut found = Vec::new();
        for column in read.table.columns.iter().skip(1).filter(|column| !is_used(&column.name)) {
            let others = used.iter().map(AsRef::as_ref).filter(|name| !is_column(name));
            let near = nearest::nearest(&column.name, others);
            let message = format!("no expression uses the column `{}`", column.name);
            // A name one letter away leaves each row with the default of the other.
            found.push(match near {
                Some(near) => {
                    let help = format!("did you mean `{near}`?");
                    Diagnostic::error(Code::UnusedColumn, column.span, message).help(help)
                }
                None => Diagnostic::warning(Code::UnusedColumn, column.span, message).help("use it in a step, or take it away"),
            });
        }
        self.diagnostics.append(&mut found);
    }
}
