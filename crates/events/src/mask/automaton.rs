//! One automaton over many literal patterns, which also tells how much of a pattern it has seen.
//!
//! Invariant: a state stands for the longest end of the bytes fed so far that begins a pattern, and
//! [`Automaton::depth`] is the length of that end. So nothing that lies further back than the depth
//! can still become a match.

use std::collections::BTreeSet;

use aho_corasick::Anchored;
use aho_corasick::automaton::Automaton as _;
use aho_corasick::nfa::contiguous::NFA;

pub(super) use aho_corasick::automaton::StateID as State;

pub(super) struct Automaton {
    nfa: NFA,
    start: State,
    /// By state: how many bytes of a pattern have been seen.
    depths: Vec<u32>,
    /// By byte: the set of bytes that follow it at the start of a pattern.
    pairs: Box<[[u64; 4]; 256]>,
}

impl Automaton {
    /// `None` when the patterns exceed what an automaton can number: two billion states.
    pub(super) fn new(patterns: &BTreeSet<Vec<u8>>) -> Option<Automaton> {
        let nfa = NFA::builder().prefilter(false).build(patterns).ok()?;
        let start = nfa.start_state(Anchored::No).ok()?;
        let mut automaton = Automaton { nfa, start, depths: Vec::new(), pairs: Box::new([[0; 4]; 256]) };
        for pattern in patterns {
            automaton.note_depths(pattern);
            if let [first, second, ..] = pattern[..] {
                automaton.pairs[usize::from(first)][usize::from(second / 64)] |= 1 << (second % 64);
            }
        }
        Some(automaton)
    }

    /// A pattern fed from the start passes exactly the states that stand for its beginnings.
    fn note_depths(&mut self, pattern: &[u8]) {
        let mut state = self.start;
        for (&byte, depth) in pattern.iter().zip(1..) {
            state = self.next(state, byte);
            let index = state.as_usize();
            if index >= self.depths.len() {
                self.depths.resize(index + 1, 0);
            }
            if let Some(noted) = self.depths.get_mut(index) {
                *noted = depth;
            }
        }
    }

    pub(super) fn start(&self) -> State {
        self.start
    }

    #[inline]
    pub(super) fn next(&self, state: State, byte: u8) -> State {
        self.nfa.next_state(Anchored::No, state, byte)
    }

    /// How many bytes after the first of `bytes` change nothing, when that one has been fed and is all
    /// that has been seen of a pattern: those up to where two bytes in a row begin a pattern. Most text
    /// is nowhere near one. Patterns have two bytes at least.
    #[inline]
    pub(super) fn skip(&self, bytes: &[u8]) -> usize {
        let begins = |pair: &[u8]| match *pair {
            [first, second] => (self.pairs[usize::from(first)][usize::from(second / 64)] >> (second % 64)) & 1 == 1,
            _ => false,
        };
        bytes.windows(2).position(begins).unwrap_or(bytes.len().saturating_sub(1))
    }

    /// How many of the last bytes begin a pattern.
    pub(super) fn depth(&self, state: State) -> usize {
        self.depths.get(state.as_usize()).map_or(0, |&depth| depth as usize)
    }

    /// The bytes of the longest pattern that ends here; `None` when none does.
    #[inline]
    pub(super) fn longest_match(&self, state: State) -> Option<usize> {
        if !self.nfa.is_match(state) {
            return None;
        }
        let lengths = (0..self.nfa.match_len(state)).map(|index| self.nfa.pattern_len(self.nfa.match_pattern(state, index)));
        lengths.max()
    }

    /// The bytes of the longest pattern.
    pub(super) fn reach(&self) -> usize {
        self.nfa.max_pattern_len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_knows_what_it_has_seen_and_what_ends_in_it() {
        let patterns = ["abcd", "bc", "cde"].map(|pattern| pattern.as_bytes().to_vec());
        let automaton = Automaton::new(&BTreeSet::from(patterns)).unwrap();
        let cases = [
            ("", 0, None),
            ("x", 0, None),
            ("xa", 1, None),
            ("abc", 3, Some(2)),
            ("abcd", 4, Some(4)),
            ("abcx", 0, None),
            ("abcde", 3, Some(3)),
            ("abca", 1, None),
        ];
        for (text, depth, longest) in cases {
            let state = text.bytes().fold(automaton.start(), |s, byte| automaton.next(s, byte));
            assert_eq!((automaton.depth(state), automaton.longest_match(state)), (depth, longest));
        }
        assert_eq!(automaton.reach(), 4);
    }
}
