//! Merge keys: `<<: *base`, `<<: [*near, *far]`. A key that is written out wins, then the object that was named first.

use crate::{
    Code, Diagnostic, Span,
    yaml::{Entry, Kind, Node},
};
use std::{collections::HashSet, sync::Arc};

/// A merge key of an object that is being read.
pub(super) struct Merge {
    /// How many entries stand before it.
    before: usize,
    objects: Vec<Merged>,
}

struct Merged {
    entries: Arc<Vec<Entry>>,
    /// Where the alias stands that named it.
    alias: Option<Span>,
}

impl Merge {
    /// The merge that `key: value` asks for, after `before` entries.
    pub(super) fn new(key: Span, before: usize, value: &Node) -> Result<Self, Diagnostic> {
        let items = match &value.kind {
            Kind::List(items) => items.as_slice(),
            Kind::Map(_) | Kind::Scalar(_) => std::slice::from_ref(value),
        };
        let objects = items.iter().map(|item| match &item.kind {
            Kind::Map(entries) => Ok(Merged { entries: entries.clone(), alias: value.alias.or(item.alias) }),
            Kind::List(_) | Kind::Scalar(_) => Err(no_object(key, value.alias.unwrap_or(item.place()), item)),
        });
        Ok(Self { before, objects: objects.collect::<Result<_, _>>()? })
    }
}

fn no_object(key: Span, place: Span, item: &Node) -> Diagnostic {
    Diagnostic::error(Code::BadAlias, place, format!("`<<` merges objects; this is {}", item.describe()))
        .with(key, "the merge key")
        .help("write `<<: *name` with `&name` before an object, or `<<: [*one, *other]`; quote a key that is meant to be `<<`")
}

/// The entries with those that the merges bring, each at the place of its merge.
pub(super) fn apply(entries: Vec<Entry>, merges: Vec<Merge>) -> Vec<Entry> {
    if merges.is_empty() {
        return entries;
    }
    let mut names: HashSet<Arc<str>> = entries.iter().map(|entry| entry.key.text.clone()).collect();
    let mut all = Vec::new();
    let mut written = entries.into_iter();
    let mut taken = 0;
    for merge in merges {
        all.extend(written.by_ref().take(merge.before - taken));
        taken = merge.before;
        for object in merge.objects {
            for entry in object.entries.iter().filter(|entry| names.insert(entry.key.text.clone())) {
                let alias = object.alias.or(entry.value.alias);
                all.push(Entry { key: entry.key.clone(), value: Node { alias, ..entry.value.clone() } });
            }
        }
    }
    all.extend(written);
    all
}
