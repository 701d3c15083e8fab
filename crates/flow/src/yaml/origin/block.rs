//! Blocks of text: indentation, folding, and the line breaks at both ends.

use super::{Trail, line_break};
use crate::yaml::text::{line_end, line_start};
use std::ops::Range;

/// A literal or folded block. `range` is that of its lines, the first without its indentation; of its header when it has no lines.
pub(super) fn follow(trail: &mut Trail<'_>, range: Range<usize>, is_folded: bool) -> Option<()> {
    let source = trail.source;
    if trail.decoded.trim_start_matches('\n').is_empty() {
        let mut breaks = Breaks::read(source, line_end(source, range.start), usize::MAX);
        // The first ends the header.
        breaks.all.drain(..1.min(breaks.all.len()));
        return follow_end(trail, &breaks);
    }
    let first_line = line_start(source, range.start);
    let indent = range.start - first_line;
    for line_break in breaks_before(source, first_line, trail.decoded.len() - trail.decoded.trim_start_matches('\n').len()) {
        trail.written_as('\n', line_break)?;
    }
    let mut at = range.start;
    loop {
        let end = line_end(source, at);
        trail.verbatim(at..end)?;
        if trail.is_enough() {
            return Some(());
        }
        let breaks = Breaks::read(source, end, indent);
        if !breaks.goes_on(source, indent) {
            return follow_end(trail, &breaks);
        }
        let is_deeper = |at: usize| source[at..].starts_with([' ', '\t']);
        follow_breaks(trail, &breaks, is_folded && !is_deeper(at) && !is_deeper(breaks.end))?;
        at = breaks.end;
    }
}

/// The line breaks between two lines of the block. A folded one becomes a space, or goes when empty lines follow.
fn follow_breaks(trail: &mut Trail<'_>, breaks: &Breaks, is_folded: bool) -> Option<()> {
    let kept = match breaks.all.as_slice() {
        [only] if is_folded => return trail.written_as(' ', only.start..breaks.end),
        [_, empty_lines @ ..] if is_folded => empty_lines,
        all => all,
    };
    kept.iter().try_for_each(|line_break| trail.written_as('\n', line_break.clone()))
}

/// The line breaks behind the last line, as many as the decoded text has: one may be there that the end of the file stands for.
fn follow_end(trail: &mut Trail<'_>, breaks: &Breaks) -> Option<()> {
    let mut left = breaks.all.iter().cloned();
    while trail.done < trail.decoded.len() {
        let line_break = left.next().unwrap_or(breaks.end..breaks.end);
        trail.written_as('\n', line_break)?;
    }
    Some(())
}

/// Line breaks with the empty lines between them.
struct Breaks {
    all: Vec<Range<usize>>,
    /// Behind the indentation of the line that follows.
    end: usize,
}

impl Breaks {
    /// Reads from the end of a line, taking no more than the indentation of each line that follows.
    fn read(source: &str, at: usize, indent: usize) -> Self {
        let mut breaks = Self { all: Vec::new(), end: at };
        while let Some(length) = line_break(&source[breaks.end..]) {
            breaks.all.push(breaks.end..breaks.end + length);
            breaks.end += length;
            let spaces = source[breaks.end..].bytes().take_while(|byte| *byte == b' ');
            breaks.end += spaces.take(indent).count();
        }
        breaks
    }

    /// Whether a line of the block follows.
    fn goes_on(&self, source: &str, indent: usize) -> bool {
        let rest = &source[self.end..];
        let is_marker =
            |mark| rest.strip_prefix(mark).is_some_and(|rest: &str| rest.is_empty() || rest.starts_with([' ', '\t', '\n', '\r']));
        !self.all.is_empty()
            && !rest.is_empty()
            && !rest.starts_with('\u{FEFF}')
            && self.end - line_start(source, self.end) == indent
            && !(indent == 0 && (is_marker("---") || is_marker("...")))
    }
}

/// The last `count` line breaks before the start of a line, in order.
fn breaks_before(source: &str, start: usize, count: usize) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut end = start;
    while found.len() < count && end > 0 {
        let before = source[..end].trim_end_matches([' ', '\t']);
        let length = if before.ends_with("\r\n") { 2 } else { before.len().min(1) };
        found.push(before.len() - length..before.len());
        end = before.len() - length;
    }
    found.reverse();
    found
}
