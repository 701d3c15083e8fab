//! `data`: the rows that a flow is executed with, written out or in a file, and how many of them run at the same time.

use super::{fields::Fields, keys::DATA, read::Reader};
use crate::{Code, Diagnostic, Span, yaml::Node};
use std::{num::NonZeroUsize, sync::Arc};

/// Where the rows of a flow stand.
#[derive(Clone, Debug)]
pub enum Data {
    /// In the flow itself.
    Rows { rows: Arc<Vec<Node>>, span: Span },
    /// In a file. `kind` is absent when nothing but the file's ending says what it is.
    File { kind: Option<DataKind>, path: Node },
}

/// What a file of rows is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataKind {
    Csv,
    Json,
    Yaml,
}

impl DataKind {
    /// The kind of this name, or that a file of this ending has.
    pub fn of(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "csv" => Some(Self::Csv),
            "json" => Some(Self::Json),
            "yaml" | "yml" => Some(Self::Yaml),
            _ => None,
        }
    }
}

/// The data, and whether something is written that gives none, which is reported.
pub(super) fn read(flow: &Fields, reader: &mut Reader) -> (Option<Data>, bool) {
    let Some(node) = flow.take("data") else {
        let empty = flow.def("data").and_then(|key| flow.empty_key(key));
        if let Some(span) = empty {
            reader.push(no_rows(span, "nothing stands under it"));
        }
        return (None, empty.is_some());
    };
    let data = match node.as_list() {
        Some([]) => {
            reader.push(no_rows(node.place(), "the list is empty"));
            None
        }
        Some(rows) => Some(Data::Rows { rows: Arc::new(rows.to_vec()), span: node.head() }),
        None => file(node, reader),
    };
    let is_broken = data.is_none();
    (data, is_broken)
}

fn no_rows(span: Span, why: &str) -> Diagnostic {
    let message = format!("`data` has no row: {why}");
    Diagnostic::error(Code::NoRows, span, message).help("write a row, `- {email: ada@example.com}`, or leave `data` out")
}

fn file(node: &Node, reader: &mut Reader) -> Option<Data> {
    if node.as_map().is_none() {
        let message = format!("`data` must be a list of rows or a file of them, and this is {}", node.describe());
        reader.push(Diagnostic::error(Code::WrongType, node.head(), message).help(DATA.cure));
        return None;
    }
    let fields = reader.fields(node, &DATA)?;
    if fields.take("file").is_none() {
        fields.report_missing("file", reader);
    }
    let named = fields.fixed_text("type", reader);
    let kind = named.as_ref().and_then(|name| DataKind::of(&name.text));
    if let (Some(name), None) = (&named, kind) {
        let unknown = Diagnostic::error(Code::BadValue, name.span, format!("`data` has no type `{}`", name.text));
        let help = "the types are csv, json and yaml; rows without a file stand in a list right under `data:`";
        reader.push(unknown.help(help));
        return None;
    }
    let path = fields.scalar("file", reader)?;
    Some(Data::File { kind, path: path.clone() })
}

pub(super) fn parallel_rows(config: &Fields, flow: &Fields, reader: &mut Reader) -> Option<NonZeroUsize> {
    let node = config.take("parallel_rows")?;
    if let (Some(entry), None) = (config.entry("parallel_rows"), flow.entry("data")) {
        let message = "`parallel_rows` says how many rows run at the same time, and the flow has no `data`";
        let unused = Diagnostic::warning(Code::NoRows, entry.key.span, message);
        reader.push(unused.help("write the rows under `data:`, or take it away"));
    }
    let value = node.to_value();
    let number = value.as_i64().or_else(|| value.as_str().and_then(|text| text.trim().parse().ok()));
    let count = number.and_then(|number| usize::try_from(number).ok()).and_then(NonZeroUsize::new);
    if let (None, Some(key)) = (count, config.def("parallel_rows")) {
        reader.wrong_type(key, "a whole number from 1 on", node);
    }
    count
}
