//! Merge keys: `<<: *base`, `<<: [*near, *far]`. A key that is written out wins, then the one that was named first.

use crate::{
    Code, Diagnostic, Span,
    yaml::{Entry, Kind, Node},
};
use std::{collections::HashSet, sync::Arc};

/// A merge key of an object that is being read.
pub(super) struct Merge {
    /// How many entries stand before it.
    before: usize,
    maps: Vec<(Arc<Vec<Entry>>, Option<Span>)>,
}

impl Merge {
    pub(super) fn new(key: Span, before: usize, value: Node) -> Result<Self, Diagnostic> {
        let wrong = |node: &Node| {
            Diagnostic::error(Code::BadAlias, node.place(), format!("`<<` takes an object, not {}", node.describe()))
                .with(key, "the merge key")
                .help("write `<<: *name`, where `&name` stands before an object, or a list of such: `<<: [*one, *other]`")
        };
        let items = match &value.kind {
            Kind::List(items) => items.to_vec(),
            Kind::Map(_) | Kind::Scalar(_) => vec![value.clone()],
        };
        let maps = items
            .into_iter()
            .map(|item| match &item.kind {
                Kind::Map(entries) => Ok((entries.clone(), value.alias.or(item.alias))),
                Kind::List(_) | Kind::Scalar(_) => Err(wrong(&item)),
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { before, maps })
    }
}

/// The entries with those that the merges bring, at the place of each merge.
pub(super) fn apply(entries: Vec<Entry>, merges: Vec<Merge>) -> Vec<Entry> {
    if merges.is_empty() {
        return entries;
    }
    let mut names: HashSet<Arc<str>> = entries.iter().map(|entry| entry.key.text.clone()).collect();
    let mut merged = Vec::new();
    let mut rest = entries.into_iter();
    let mut taken = 0;
    for merge in merges {
        merged.extend(rest.by_ref().take(merge.before - taken));
        taken = merge.before;
        for (map, alias) in merge.maps {
            for entry in map.iter().filter(|entry| names.insert(entry.key.text.clone())) {
                let value = Node { alias: alias.or(entry.value.alias), ..entry.value.clone() };
                merged.push(Entry { key: entry.key.clone(), value });
            }
        }
    }
    merged.extend(rest);
    merged
}
