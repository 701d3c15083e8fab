//! Go's layouts: a format is written as the reference time Mon Jan 2 15:04:05 MST 2006 looks in it.

mod read;
mod write;

pub(in crate::expr) use read::parse;
pub(in crate::expr) use write::format;

use jiff::Zoned;

pub(super) const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

pub(super) const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// A piece of a layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part<'t> {
    Text(&'t str),
    Year,
    ShortYear,
    MonthName,
    MonthShort,
    Month {
        zero: bool,
    },
    WeekdayName,
    WeekdayShort,
    Day {
        pad: Option<char>,
    },
    YearDay {
        pad: char,
    },
    Hour,
    Hour12 {
        zero: bool,
    },
    Minute {
        zero: bool,
    },
    Second {
        zero: bool,
    },
    Half {
        upper: bool,
    },
    ZoneName,
    /// An offset, with `Z` for UTC or not.
    Offset {
        z: bool,
        parts: OffsetParts,
    },
    /// Fractions of a second after their `.` or `,`: so many digits, trailing zeros or not.
    Fraction {
        digits: usize,
        trim: bool,
        mark: char,
    },
}

/// What of an offset is written: hours always, the rest with colons or without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OffsetParts {
    Hours,
    Minutes,
    ColonMinutes,
    Seconds,
    ColonSeconds,
}

impl OffsetParts {
    fn colon(self) -> &'static str {
        if matches!(self, Self::ColonMinutes | Self::ColonSeconds) { ":" } else { "" }
    }

    /// The seconds in each part after the hours.
    fn units(self) -> &'static [u32] {
        match self {
            Self::Hours => &[],
            Self::Minutes | Self::ColonMinutes => &[60],
            Self::Seconds | Self::ColonSeconds => &[60, 1],
        }
    }
}

const fn offset(z: bool, parts: OffsetParts) -> Part<'static> {
    Part::Offset { z, parts }
}

/// What each reference text stands for. Where one begins with another, the longer is first.
const PARTS: [(&str, Part<'static>); 34] = [
    ("January", Part::MonthName),
    ("Jan", Part::MonthShort),
    ("Monday", Part::WeekdayName),
    ("Mon", Part::WeekdayShort),
    ("MST", Part::ZoneName),
    ("002", Part::YearDay { pad: '0' }),
    ("01", Part::Month { zero: true }),
    ("02", Part::Day { pad: Some('0') }),
    ("03", Part::Hour12 { zero: true }),
    ("04", Part::Minute { zero: true }),
    ("05", Part::Second { zero: true }),
    ("06", Part::ShortYear),
    ("15", Part::Hour),
    ("1", Part::Month { zero: false }),
    ("2006", Part::Year),
    ("2", Part::Day { pad: None }),
    ("__2", Part::YearDay { pad: ' ' }),
    // `_2006` is an underscore and a year.
    ("_2006", Part::Text("_")),
    ("_2", Part::Day { pad: Some(' ') }),
    ("3", Part::Hour12 { zero: false }),
    ("4", Part::Minute { zero: false }),
    ("5", Part::Second { zero: false }),
    ("PM", Part::Half { upper: true }),
    ("pm", Part::Half { upper: false }),
    ("-070000", offset(false, OffsetParts::Seconds)),
    ("-07:00:00", offset(false, OffsetParts::ColonSeconds)),
    ("-0700", offset(false, OffsetParts::Minutes)),
    ("-07:00", offset(false, OffsetParts::ColonMinutes)),
    ("-07", offset(false, OffsetParts::Hours)),
    ("Z070000", offset(true, OffsetParts::Seconds)),
    ("Z07:00:00", offset(true, OffsetParts::ColonSeconds)),
    ("Z0700", offset(true, OffsetParts::Minutes)),
    ("Z07:00", offset(true, OffsetParts::ColonMinutes)),
    ("Z07", offset(true, OffsetParts::Hours)),
];

/// The parts of a layout, in order.
fn parts(layout: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let (mut run, mut at) = (0, 0);
    while at < layout.len() {
        let rest = &layout[at..];
        let Some((part, length)) = part_at(rest) else {
            at += rest.chars().next().map_or(1, char::len_utf8);
            continue;
        };
        if run < at {
            parts.push(Part::Text(&layout[run..at]));
        }
        parts.push(part);
        at += length;
        run = at;
    }
    if run < at {
        parts.push(Part::Text(&layout[run..at]));
    }
    parts
}

fn part_at(rest: &str) -> Option<(Part<'_>, usize)> {
    if let Some(fraction) = fraction_at(rest) {
        return Some(fraction);
    }
    let (text, part) = PARTS.iter().find(|(text, _)| rest.starts_with(text))?;
    match part {
        // `Jan` and `Mon` are no words when a lower-case letter follows (`Month`).
        Part::MonthShort | Part::WeekdayShort if rest[3..].starts_with(|c: char| c.is_ascii_lowercase()) => None,
        Part::Text(text) => Some((Part::Text(text), 1)),
        part => Some((*part, text.len())),
    }
}

/// `.000` and `,999`: a mark and zeros or nines, before anything but a digit.
fn fraction_at(rest: &str) -> Option<(Part<'_>, usize)> {
    let mark = rest.chars().next().filter(|mark| matches!(mark, '.' | ','))?;
    let digit = rest[1..].chars().next().filter(|digit| matches!(digit, '0' | '9'))?;
    let digits = rest[1..].len() - rest[1..].trim_start_matches(digit).len();
    if rest[1 + digits..].starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    Some((Part::Fraction { digits, trim: digit == '9', mark }, 1 + digits))
}

pub(super) fn weekday(date: &Zoned) -> usize {
    usize::from(date.weekday().to_sunday_zero_offset().unsigned_abs()) % 7
}
