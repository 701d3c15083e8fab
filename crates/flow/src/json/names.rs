//! Member names seen lately, so that the rows of a list share theirs.

use std::sync::Arc;

const SLOTS: usize = 64;

/// A small table of names: a name falls into one slot, where the last one that fell there stays.
pub(super) struct Names([Option<Arc<str>>; SLOTS]);

impl Names {
    pub(super) fn new() -> Self {
        Self([const { None }; SLOTS])
    }

    pub(super) fn share(&mut self, name: &str) -> Arc<str> {
        let Some(slot) = self.0.get_mut(slot(name)) else { return name.into() };
        match slot {
            Some(known) if known.as_ref() == name => known.clone(),
            _ => slot.insert(name.into()).clone(),
        }
    }
}

fn slot(name: &str) -> usize {
    let bytes = name.as_bytes();
    let byte = |at: usize| bytes.get(at).copied().map_or(0, usize::from);
    let (first, middle, last) = (byte(0), byte(bytes.len() / 2), byte(bytes.len().wrapping_sub(1)));
    (bytes.len() ^ first ^ (middle << 2) ^ (last << 1)) % SLOTS
}
