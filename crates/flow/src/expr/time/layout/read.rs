//! Reading a date that has a layout.

use super::{MONTHS, OffsetParts, Part, WEEKDAYS, parts};
use jiff::{
    Zoned,
    civil::{Date, DateTime, Time},
    tz::{Offset, TimeZone},
};

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
