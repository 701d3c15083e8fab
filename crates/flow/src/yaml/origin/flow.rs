//! Plain and quoted scalars: line folding, escapes, doubled quotes.

use super::{Trail, line_break};
use std::ops::Range;

/// A plain scalar.
pub(super) fn follow(trail: &mut Trail<'_>, range: Range<usize>) -> Option<()> {
    follow_text(trail, range, None)
}

/// A scalar with its quotes.
pub(super) fn follow_quoted(trail: &mut Trail<'_>, range: Range<usize>) -> Option<()> {
    let quote = trail.source[range.clone()].chars().next()?;
    let end = range.end.checked_sub(1).filter(|end| *end > range.start)?;
    follow_text(trail, range.start + 1..end, Some(quote))
}

fn follow_text(trail: &mut Trail<'_>, range: Range<usize>, quote: Option<char>) -> Option<()> {
    let source = trail.source;
    let stops = |c: char| match c {
        ' ' | '\t' | '\n' | '\r' => true,
        '\'' => quote == Some('\''),
        '\\' => quote == Some('"'),
        _ => false,
    };
    let mut at = range.start;
    while at < range.end && !trail.is_enough() {
        let rest = &source[at..range.end];
        at = match rest.chars().next().filter(|c| stops(*c)) {
            Some('\'') => {
                trail.written_as('\'', at..at + 2)?;
                at + 2
            }
            Some('\\') => follow_escape(trail, at..range.end)?,
            Some(_) => follow_blank(trail, at..range.end)?,
            None => {
                let end = at + rest.find(stops).unwrap_or(rest.len());
                trail.verbatim(at..end)?;
                end
            }
        };
    }
    Some(())
}

/// White space: itself within a line; a line break becomes a space, and the breaks of empty lines stay. Gives the place behind it.
fn follow_blank(trail: &mut Trail<'_>, range: Range<usize>) -> Option<usize> {
    let blank = Blank::read(trail.source, range.clone());
    match blank.breaks.as_slice() {
        [] => trail.verbatim(range.start..blank.end)?,
        [_] => trail.written_as(' ', range.start..blank.end)?,
        [_, empty_lines @ ..] => {
            for line_break in empty_lines {
                trail.written_as('\n', line_break.clone())?;
            }
        }
    }
    Some(blank.end)
}

/// An escape sequence of double quotes. Gives the place behind it.
fn follow_escape(trail: &mut Trail<'_>, range: Range<usize>) -> Option<usize> {
    let behind = range.start + 1;
    let rest = &trail.source[behind..range.end];
    if let Some(length) = line_break(rest) {
        // The break is escaped; the indentation of the next line goes with it, the breaks of empty lines stay.
        let blank = Blank::read(trail.source, behind + length..range.end);
        for line_break in blank.breaks {
            trail.written_as('\n', line_break)?;
        }
        return Some(blank.end);
    }
    let letter = rest.chars().next()?;
    let digits = match letter {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        _ => 0,
    };
    let end = behind + letter.len_utf8() + digits;
    let character = trail.decoded[trail.done..].chars().next()?;
    trail.written_as(character, range.start..end)?;
    Some(end)
}

/// White space with the line breaks in it.
struct Blank {
    breaks: Vec<Range<usize>>,
    end: usize,
}

impl Blank {
    fn read(source: &str, range: Range<usize>) -> Self {
        let mut blank = Self { breaks: Vec::new(), end: range.start };
        loop {
            let rest = &source[blank.end..range.end];
            blank.end += rest.len() - rest.trim_start_matches([' ', '\t']).len();
            let Some(length) = line_break(&source[blank.end..range.end]) else { return blank };
            blank.breaks.push(blank.end..blank.end + length);
            blank.end += length;
        }
    }
}
