//! Finds the forms of the secrets in one reading of a text that may come in pieces.
//!
//! One automaton runs over the units of the text, each begun where the one before it ended. A form
//! may also begin inside what reads as a unit, when the text before it happens to end in the
//! beginning of an escape (`100%` + `41st`); such a form is followed by a [`Walk`] of its own.
//!
//! Positions are counted from the start of the whole text, so they survive the end of a piece.
//!
//! Cost: linear in the text. A walk ends with the first byte that continues no form, so it is short, but
//! for a secret that begins with what its own escapes are spelt with, as `1AAAA` in a text of `%41`: there
//! each byte can cost as much as the secret is long, never more.
//!
//! Invariants: what is found does not depend on where the text was cut; and no match that is found
//! later begins before [`Scanner::settled`].

use std::collections::VecDeque;

use super::automaton::{Automaton, State};
use super::reading::{Escape, Reading, Unit};
use super::spans::Spans;

/// A piece of the text, and what is known of its place.
#[derive(Clone, Copy)]
pub(super) struct Piece<'a> {
    pub(super) bytes: &'a [u8],
    /// The position of its first byte.
    pub(super) base: usize,
    /// No more text follows.
    pub(super) last: bool,
}

impl<'a> Piece<'a> {
    pub(super) fn end(&self) -> usize {
        self.base + self.bytes.len()
    }

    fn between(&self, from: usize, to: usize) -> &'a [u8] {
        let range = from.saturating_sub(self.base)..to.saturating_sub(self.base);
        self.bytes.get(range).unwrap_or_default()
    }
}

pub(super) struct Scanner {
    reading: Reading,
    /// Where the next unit begins.
    at: usize,
    state: State,
    /// How many bytes have been decoded.
    decoded: usize,
    runs: VecDeque<Run>,
    /// The end of the text in which a match may still hold an escape.
    escaped_until: usize,
    walks: Vec<Walk>,
}

/// From the decoded byte `decoded` on, which stands at `source`, bytes stand for themselves.
struct Run {
    decoded: usize,
    source: usize,
}

impl Scanner {
    pub(super) fn new(reading: Reading, automaton: &Automaton) -> Scanner {
        Scanner::starting_at(0, reading, automaton)
    }

    /// Reads a text from the position `at` on, without what is before it.
    pub(super) fn starting_at(at: usize, reading: Reading, automaton: &Automaton) -> Scanner {
        Scanner {
            reading,
            at,
            state: automaton.start(),
            decoded: 0,
            runs: VecDeque::from([Run { decoded: 0, source: at }]),
            escaped_until: 0,
            walks: Vec::new(),
        }
    }

    pub(super) fn reading(&self) -> Reading {
        self.reading
    }

    /// Reads on to the end of `piece`, which must hold the text from [`Scanner::settled`] on.
    pub(super) fn scan(&mut self, automaton: &Automaton, piece: Piece<'_>, found: &mut Spans) {
        let reading = self.reading;
        self.walks.retain_mut(|walk| walk.go_on(automaton, reading, piece, found));
        loop {
            let rest = piece.between(self.at, piece.end());
            let plain = self.reading.find_escape(rest).unwrap_or(rest.len());
            self.read_plain(automaton, piece, self.at + plain, found);
            let rest = rest.get(plain..).unwrap_or_default();
            match self.reading.unit(rest, piece.last) {
                Unit::Cut => break,
                Unit::Plain => self.feed(automaton, rest.get(..1).unwrap_or_default(), found),
                Unit::Escape(escape) => self.read_escape(automaton, piece, &escape, found),
            }
        }
    }

    /// No match that is found later begins before this position.
    pub(super) fn settled(&self, automaton: &Automaton) -> usize {
        let begun = self.source(self.decoded.saturating_sub(automaton.depth(self.state)));
        self.walks.iter().map(|walk| walk.start).fold(begun.min(self.at), usize::min)
    }

    /// Where the text that was read ends in the beginning of a form, of `least` bytes or more, that position.
    pub(super) fn begun(&self, automaton: &Automaton, least: usize) -> Option<usize> {
        let depth = automaton.depth(self.state);
        (depth >= least).then(|| self.source(self.decoded.saturating_sub(depth)))
    }

    /// Reads bytes that stand for themselves, up to the position `end`. A match that holds no
    /// escape is the raw reading's to find, so the inside of a long run is skipped.
    fn read_plain(&mut self, automaton: &Automaton, piece: Piece<'_>, end: usize, found: &mut Spans) {
        if self.reading != Reading::Raw {
            let escaped = end.min(self.escaped_until);
            self.feed(automaton, piece.between(self.at, escaped), found);
            let nothing_follows = piece.last && end == piece.end();
            let resume = if nothing_follows { end } else { end.saturating_sub(automaton.reach()) };
            if resume > self.at {
                self.pass(resume - self.at);
                self.state = automaton.start();
            }
        }
        self.feed(automaton, piece.between(self.at, end), found);
    }

    fn read_escape(&mut self, automaton: &Automaton, piece: Piece<'_>, escape: &Escape, found: &mut Spans) {
        let start = self.at;
        let end = start + escape.len;
        self.begin_run(automaton, start);
        for &byte in escape.decoded() {
            self.state = automaton.next(self.state, byte);
            self.decoded += 1;
        }
        self.at = end;
        if !escape.decoded().is_empty() {
            self.report_match(automaton, found);
        }
        self.begin_run(automaton, end);
        self.escaped_until = end + automaton.reach();
        for inside in start + 1..end {
            let mut walk = Walk::new(inside, automaton);
            if walk.go_on(automaton, self.reading, piece, found) {
                self.walks.push(walk);
            }
        }
    }

    fn feed(&mut self, automaton: &Automaton, mut bytes: &[u8], found: &mut Spans) {
        while let Some((&byte, after)) = bytes.split_first() {
            self.state = automaton.next(self.state, byte);
            self.pass(1);
            self.report_match(automaton, found);
            let skipped = if automaton.depth(self.state) <= 1 { automaton.skip(bytes) } else { 0 };
            if let Some(&last) = skipped.checked_sub(1).and_then(|index| after.get(index)) {
                self.state = automaton.next(automaton.start(), last);
                self.pass(skipped);
            }
            bytes = after.get(skipped..).unwrap_or_default();
        }
    }

    /// Notes that so many bytes that stand for themselves have been read.
    fn pass(&mut self, count: usize) {
        self.decoded += count;
        self.at += count;
    }

    #[inline]
    fn report_match(&self, automaton: &Automaton, found: &mut Spans) {
        if let Some(len) = automaton.longest_match(self.state) {
            found.add(self.source(self.decoded.saturating_sub(len))..self.at);
        }
    }

    /// Where the byte `decoded` came from.
    fn source(&self, decoded: usize) -> usize {
        let after = self.runs.partition_point(|run| run.decoded <= decoded);
        let run = after.checked_sub(1).and_then(|index| self.runs.get(index));
        run.map_or(0, |run| run.source + (decoded - run.decoded))
    }

    /// Notes that the next decoded byte stands at `source`, and forgets the runs that no match can
    /// begin in any more.
    fn begin_run(&mut self, automaton: &Automaton, source: usize) {
        let oldest = self.decoded.saturating_sub(automaton.reach());
        while self.runs.get(1).is_some_and(|second| second.decoded <= oldest) {
            self.runs.pop_front();
        }
        match self.runs.back_mut() {
            Some(run) if run.decoded == self.decoded => run.source = source,
            _ => self.runs.push_back(Run { decoded: self.decoded, source }),
        }
    }
}

/// Follows the forms that begin at one position inside an escape, as far as they match.
struct Walk {
    start: usize,
    at: usize,
    state: State,
    /// How many bytes have been decoded since the start.
    decoded: usize,
}

impl Walk {
    fn new(start: usize, automaton: &Automaton) -> Walk {
        Walk { start, at: start, state: automaton.start(), decoded: 0 }
    }

    /// Reads on. Returns whether more text may make it match.
    fn go_on(&mut self, automaton: &Automaton, reading: Reading, piece: Piece<'_>, found: &mut Spans) -> bool {
        loop {
            let rest = piece.between(self.at, piece.end());
            let unit = reading.unit(rest, piece.last);
            let (decoded, len) = match &unit {
                Unit::Cut => return !piece.last,
                Unit::Plain => (rest.get(..1).unwrap_or_default(), 1),
                Unit::Escape(escape) => (escape.decoded(), escape.len),
            };
            for &byte in decoded {
                self.state = automaton.next(self.state, byte);
                self.decoded += 1;
                if automaton.depth(self.state) != self.decoded {
                    return false;
                }
            }
            self.at += len;
            if !decoded.is_empty() && automaton.longest_match(self.state) == Some(self.decoded) {
                found.add(self.start..self.at);
            }
        }
    }
}
