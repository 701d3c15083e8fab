//! Go's layouts: a format is written as the reference time Mon Jan 2 15:04:05 MST 2006 looks in it.

use jiff::{
    Zoned,
    civil::{Date, DateTime, Time},
    tz::{Offset, TimeZone},
};

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

/// Writes a date in a layout.
pub(in crate::expr) fn format(layout: &str, date: &Zoned) -> String {
    let mut out = String::new();
    for part in parts(layout) {
        out.push_str(&written(part, date));
    }
    out
}

fn written(part: Part<'_>, date: &Zoned) -> String {
    let month = usize::from(date.month().unsigned_abs().saturating_sub(1)) % 12;
    let padded = |value: i16, zero: bool| {
        if zero { format!("{value:02}") } else { value.to_string() }
    };
    match part {
        Part::Text(text) => text.to_owned(),
        Part::Year => format!("{:04}", date.year()),
        Part::ShortYear => format!("{:02}", date.year().rem_euclid(100)),
        Part::MonthName => MONTHS[month].to_owned(),
        Part::MonthShort => MONTHS[month][..3].to_owned(),
        Part::Month { zero } => padded(date.month().into(), zero),
        Part::WeekdayName => WEEKDAYS[weekday(date)].to_owned(),
        Part::WeekdayShort => WEEKDAYS[weekday(date)][..3].to_owned(),
        Part::Day { pad: Some(' ') } => format!("{:2}", date.day()),
        Part::Day { pad } => padded(date.day().into(), pad.is_some()),
        Part::YearDay { pad: '0' } => format!("{:03}", date.day_of_year()),
        Part::YearDay { .. } => format!("{:3}", date.day_of_year()),
        Part::Hour => padded(date.hour().into(), true),
        Part::Hour12 { zero } => padded(i16::from((date.hour() + 11) % 12 + 1), zero),
        Part::Minute { zero } => padded(date.minute().into(), zero),
        Part::Second { zero } => padded(date.second().into(), zero),
        Part::Half { upper } => match (date.hour() >= 12, upper) {
            (true, true) => "PM".to_owned(),
            (true, false) => "pm".to_owned(),
            (false, true) => "AM".to_owned(),
            (false, false) => "am".to_owned(),
        },
        Part::ZoneName => date.time_zone().to_offset_info(date.timestamp()).abbreviation().to_owned(),
        Part::Offset { z, parts } => written_offset(date.offset().seconds(), z, parts),
        Part::Fraction { digits, trim, mark } => {
            let all = format!("{:09}{}", date.subsec_nanosecond(), "0".repeat(digits.saturating_sub(9)));
            let kept = &all[..digits.min(all.len())];
            let kept = if trim { kept.trim_end_matches('0') } else { kept };
            if kept.is_empty() { String::new() } else { format!("{mark}{kept}") }
        }
    }
}

fn written_offset(offset: i32, z: bool, parts: OffsetParts) -> String {
    if z && offset == 0 {
        return "Z".to_owned();
    }
    let sign = if offset < 0 { '-' } else { '+' };
    let all = offset.unsigned_abs();
    let rest = parts.units().iter().map(|unit| format!("{}{:02}", parts.colon(), all / unit % 60));
    format!("{sign}{:02}{}", all / 3600, rest.collect::<Vec<_>>().concat())
}

/// What has been read of a date so far.
struct Reading<'t> {
    rest: &'t str,
    year: i16,
    month: i8,
    day: i8,
    year_day: Option<i16>,
    hour: i8,
    afternoon: Option<bool>,
    minute: i8,
    second: i8,
    nanos: i32,
    offset: Option<Offset>,
}

/// The text does not have the layout.
#[derive(Debug)]
pub(in crate::expr) struct NoMatch;

/// Reads a date in a layout; without a zone in the text it is in `zone`.
pub(in crate::expr) fn parse(layout: &str, text: &str, zone: &TimeZone) -> Result<Zoned, NoMatch> {
    // Without a year Go's is 0, and so on.
    let mut reading = Reading {
        rest: text,
        year: 0,
        month: 1,
        day: 1,
        year_day: None,
        hour: 0,
        afternoon: None,
        minute: 0,
        second: 0,
        nanos: 0,
        offset: None,
    };
    let parts = parts(layout);
    for (index, part) in parts.iter().enumerate() {
        reading.read(*part).ok_or(NoMatch)?;
        // Fractions may follow the seconds without being in the layout.
        let stated = matches!(parts.get(index + 1), Some(Part::Fraction { .. }));
        if matches!(part, Part::Second { .. }) && !stated {
            reading.unstated_fraction();
        }
    }
    if !reading.rest.is_empty() {
        return Err(NoMatch);
    }
    reading.finish(zone).ok_or(NoMatch)
}

impl Reading<'_> {
    fn read(&mut self, part: Part<'_>) -> Option<()> {
        match part {
            Part::Text(text) => self.rest = self.rest.strip_prefix(text)?,
            Part::Year => self.year = self.digits(4, 4)?,
            Part::ShortYear => {
                let year = self.digits(2, 2)?;
                self.year = if year >= 69 { 1900 + year } else { 2000 + year };
            }
            Part::MonthName => self.month = self.name(&MONTHS, usize::MAX)?,
            Part::MonthShort => self.month = self.name(&MONTHS, 3)?,
            Part::Month { zero } => self.month = self.small(zero)?,
            Part::WeekdayName => drop(self.name(&WEEKDAYS, usize::MAX)?),
            Part::WeekdayShort => drop(self.name(&WEEKDAYS, 3)?),
            Part::Day { pad } => {
                if pad == Some(' ') {
                    self.rest = self.rest.strip_prefix(' ').unwrap_or(self.rest);
                }
                self.day = self.small(pad == Some('0'))?;
            }
            Part::YearDay { pad } => {
                let blank = if pad == ' ' { self.rest.len() - self.rest.trim_start_matches(' ').len() } else { 0 };
                self.rest = &self.rest[blank.min(2)..];
                let width = 3 - blank.min(2);
                self.year_day = Some(self.digits(width, width)?);
            }
            Part::Hour => self.hour = self.small(false)?,
            Part::Hour12 { zero } => {
                self.hour = self.small(zero).filter(|hour| (0..=12).contains(hour))?;
            }
            Part::Minute { zero } => self.minute = self.small(zero)?,
            Part::Second { zero } => self.second = self.small(zero)?,
            Part::Half { upper } => {
                let (half, rest) = self.rest.split_at_checked(2)?;
                let wanted = if upper { ["AM", "PM"] } else { ["am", "pm"] };
                self.afternoon = Some(wanted.iter().position(|known| *known == half)? == 1);
                self.rest = rest;
            }
            Part::ZoneName => self.zone_name()?,
            Part::Offset { z, parts } => self.offset(z, parts)?,
            Part::Fraction { digits, trim, .. } => self.fraction(digits, trim)?,
        }
        Some(())
    }

    fn digits(&mut self, least: usize, most: usize) -> Option<i16> {
        let found = self.rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.rest.split_at(found);
        self.rest = rest;
        if found < least { None } else { digits.parse().ok() }
    }

    /// Two digits, or one where the layout does not pad with zeros.
    fn small(&mut self, two: bool) -> Option<i8> {
        let value = self.digits(if two { 2 } else { 1 }, 2)?;
        i8::try_from(value).ok()
    }

    /// A name from a table, cut to a length; its place, counted from 1.
    fn name(&mut self, names: &[&str], cut: usize) -> Option<i8> {
        let index = names.iter().position(|name| {
            let name = &name[..name.len().min(cut)];
            self.rest.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name))
        })?;
        self.rest = &self.rest[names[index].len().min(cut)..];
        i8::try_from(index + 1).ok()
    }

    /// An abbreviation: UTC is what it says; any other says nothing that can be relied on, as in Go.
    fn zone_name(&mut self) -> Option<()> {
        let letters = self.rest.bytes().take_while(u8::is_ascii_uppercase).count();
        if !(3..=5).contains(&letters) {
            return None;
        }
        self.rest = &self.rest[letters..];
        self.offset.get_or_insert(Offset::UTC);
        Some(())
    }

    fn offset(&mut self, z: bool, parts: OffsetParts) -> Option<()> {
        if z && let Some(rest) = self.rest.strip_prefix('Z') {
            self.rest = rest;
            self.offset = Some(Offset::UTC);
            return Some(());
        }
        let sign = match self.rest.chars().next()? {
            '+' => 1,
            '-' => -1,
            _ => return None,
        };
        self.rest = &self.rest[1..];
        let mut total = i32::from(self.digits(2, 2)?) * 3600;
        for unit in parts.units() {
            self.rest = self.rest.strip_prefix(parts.colon())?;
            total += i32::from(self.digits(2, 2)?) * i32::try_from(*unit).ok()?;
        }
        self.offset = Some(Offset::from_seconds(sign * total).ok()?);
        Some(())
    }

    fn fraction(&mut self, digits: usize, trim: bool) -> Option<()> {
        let marked = self.rest.starts_with(['.', ',']);
        let found = self.rest.bytes().skip(1).take_while(u8::is_ascii_digit).count();
        if trim && (!marked || found == 0) {
            return Some(());
        }
        if !marked || (!trim && found != digits) {
            return None;
        }
        self.take_fraction(found);
        Some(())
    }

    fn unstated_fraction(&mut self) {
        let found = self.rest.bytes().skip(1).take_while(u8::is_ascii_digit).count();
        if self.rest.starts_with(['.', ',']) && found > 0 {
            self.take_fraction(found);
        }
    }

    /// So many digits after their mark; what is below a nanosecond is dropped.
    fn take_fraction(&mut self, digits: usize) {
        let (fraction, rest) = self.rest.split_at(1 + digits);
        let nanos = format!("{:0<9}", &fraction[1..]);
        self.nanos = nanos[..9].parse().unwrap_or(0);
        self.rest = rest;
    }

    fn finish(self, zone: &TimeZone) -> Option<Zoned> {
        let hour = match self.afternoon {
            Some(true) if self.hour < 12 => self.hour + 12,
            Some(false) if self.hour == 12 => 0,
            _ => self.hour,
        };
        let date = match self.year_day {
            Some(day) => Date::new(self.year, 1, 1).ok()?.with().day_of_year(day).build().ok()?,
            None => Date::new(self.year, self.month, self.day).ok()?,
        };
        let time = Time::new(hour, self.minute, self.second, self.nanos).ok()?;
        let zone = match self.offset {
            Some(offset) if offset == Offset::UTC => TimeZone::UTC,
            Some(offset) => TimeZone::fixed(offset),
            None => zone.clone(),
        };
        DateTime::from_parts(date, time).to_zoned(zone).ok()
    }
}
