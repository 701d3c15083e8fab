//! Names whose values come from outside: columns of data, all rows at once, inputs of a library, the process environment.

use super::{Names, Place};
use crate::{
    Code, Diagnostic, Span,
    expr::NameUse,
    plan::{Origin, known},
};
use std::{collections::BTreeSet, ops::Range, sync::Arc};

/// What a check has seen of them.
#[derive(Clone, Debug, Default)]
pub(in crate::plan) struct Seen {
    /// Unknown names of a library.
    pub(in crate::plan) inputs: BTreeSet<Arc<str>>,
    /// Where all rows are named first.
    pub(in crate::plan) all_rows: Option<Span>,
    /// Where columns are named.
    pub(in crate::plan) columns: Vec<(Arc<str>, Span)>,
    /// What the process environment gives.
    pub(in crate::plan) process: BTreeSet<Arc<str>>,
}

impl Names<'_> {
    /// Of a flow that runs only when another calls it, and is planned by itself.
    pub(in crate::plan) fn library(mut self, is_library: bool) -> Self {
        self.is_library = is_library;
        self
    }

    /// Whether the flow has rows of data.
    pub(in crate::plan) fn rows(mut self, has_rows: bool) -> Self {
        self.has_rows = has_rows;
        self
    }

    pub(in crate::plan) fn into_seen(self) -> Seen {
        self.seen.into_inner()
    }

    /// Takes an unknown name of a library as one of its inputs.
    pub(super) fn note_input(&self, name: &str) -> bool {
        if self.is_library {
            self.seen.borrow_mut().inputs.insert(name.into());
        }
        self.is_library
    }

    /// As [`Names::note_input`], for a variable that is to come from outside.
    pub(in crate::plan) fn takes_as_input(&self, name: &str) -> bool {
        self.note_input(name)
    }

    pub(in crate::plan) fn is_input(&self, name: &str) -> bool {
        self.seen.borrow().inputs.contains(name)
    }

    /// Whether the process environment gives a name that nothing else gives; it is then remembered.
    pub(in crate::plan) fn of_process(&self, name: &str) -> bool {
        let is_given = known::is_env_name(name) && self.variables.process.contains_key(name);
        if is_given {
            self.seen.borrow_mut().process.insert(name.into());
        }
        is_given
    }

    /// What was remembered of the process environment so far.
    pub(in crate::plan) fn seen_of_process(&self) -> BTreeSet<Arc<str>> {
        self.seen.borrow().process.clone()
    }

    /// Forgets what was seen since: it stands where nobody asks for it.
    pub(in crate::plan) fn back_to(&self, process: BTreeSet<Arc<str>>) {
        self.seen.borrow_mut().process = process;
    }

    /// Remembers the use of a column, unless something stronger gives the value.
    pub(super) fn note_column(&self, name: &str, range: &Range<usize>, place: &Place) {
        let is_column = self.variables.get(name).is_some_and(|variable| variable.origin == Origin::Row);
        if is_column && !self.captured_before(name, place.at) {
            self.seen.borrow_mut().columns.push((name.into(), place.member(range)));
        }
    }

    /// `data`: the list of all rows. A column is a variable of its own name.
    pub(super) fn all_rows(&self, used: &NameUse, place: &Place) -> Option<Diagnostic> {
        let Some((member, range)) = used.path.first() else {
            let span = place.span(&used.range);
            self.seen.borrow_mut().all_rows.get_or_insert(span);
            return None;
        };
        let message = format!("`data` is the list of all rows, which has no member `{member}`");
        let is_column = self.variables.get(member).is_some_and(|variable| variable.chain().any(|it| it.origin == Origin::Row));
        let help = if is_column {
            format!("write `{member}`: each row is an execution of its own, in which a column is a variable")
        } else {
            "write the name of a column for its value in this row, or `data[0]` for the first of all rows".to_owned()
        };
        Some(Diagnostic::error(Code::MisplacedName, place.member(range), message).help(help))
    }
}
