//! Things that come again and again, each kept once with how often it came.

/// Different ones kept at most; of the rest the number is known.
const KEPT: usize = 50;

#[derive(Debug)]
pub(crate) struct Repeated<T> {
    kept: Vec<(T, u64)>,
    more: u64,
}

impl<T> Default for Repeated<T> {
    fn default() -> Self {
        Self { kept: Vec::new(), more: 0 }
    }
}

impl<T: PartialEq> Repeated<T> {
    pub(crate) fn add(&mut self, item: T) {
        if let Some((_, count)) = self.kept.iter_mut().find(|(known, _)| *known == item) {
            *count += 1;
        } else if self.kept.len() < KEPT {
            self.kept.push((item, 1));
        } else {
            self.more += 1;
        }
    }
}

impl<T> Repeated<T> {
    /// Each with how often it came, in the order in which they came first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&T, u64)> {
        self.kept.iter().map(|(item, count)| (item, *count))
    }

    /// How many came that were not kept.
    pub(crate) fn more(&self) -> u64 {
        self.more
    }
}
