//! The names that an expression uses, for whoever checks them before anything runs.

use std::{ops::Range, sync::Arc};

/// One use of a name that the scope must know. Variables of `let`, functions and predicate items are none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameUse {
    pub name: Arc<str>,
    pub range: Range<usize>,
    /// The name stands under `exists` or `??`: an unknown one is only a warning.
    pub guarded: bool,
    /// The constant members that follow, until something dynamic: `body.items[0].id` gives `items`.
    pub path: Vec<(Arc<str>, Range<usize>)>,
    /// A missing member at the end of the path is meant to be possible: under `exists`, `??`, `== nil`, `!= nil`, after `?.`.
    pub path_guarded: bool,
}
