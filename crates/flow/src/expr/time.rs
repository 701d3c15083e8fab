//! Dates and durations: reading and writing them as Go does, and their methods.

mod layout;

pub(super) use layout::{format, parse};

use super::{
    fault::{Problem, describe},
    methods::Method,
};
use crate::{Code, Value};
use jiff::{SignedDuration, Zoned, tz::TimeZone};
use std::sync::Arc;

/// The layouts that `date(text)` tries, in this order.
const LAYOUTS: [&str; 7] = [
    "2006-01-02",
    "15:04:05",
    "2006-01-02 15:04:05",
    "2006-01-02T15:04:05Z07:00",
    "02 Jan 06 15:04 MST",
    "Monday, 02-Jan-06 15:04:05 MST",
    "Mon, 02 Jan 2006 15:04:05 MST",
];

/// Reads a date in any of the usual forms.
pub(super) fn guess(text: &str, zone: &TimeZone) -> Result<Zoned, Problem> {
    LAYOUTS.iter().find_map(|layout| parse(layout, text, zone).ok()).ok_or_else(|| {
        Problem::new(format!("{} is no date", describe(&Value::from(text))))
            .help("give the layout as the second argument, with Go's reference time: `date(x, \"02.01.2006 15:04\")`")
    })
}

/// A zone by its IANA name, from the database that is built in.
pub(super) fn zone(name: &str) -> Result<TimeZone, Problem> {
    if matches!(name, "" | "UTC") {
        return Ok(TimeZone::UTC);
    }
    jiff::tz::TimeZoneDatabase::bundled().get(name).map_err(|_error| {
        Problem::new(format!("there is no time zone {}", Value::from(name).to_json())).help("zones are written as in \"Europe/Berlin\"")
    })
}

pub(super) fn date(date: Zoned) -> Value {
    Value::Date(Arc::new(date))
}

/// The sum of a date and so many nanoseconds.
pub(super) fn shift(date: &Zoned, nanos: i64) -> Result<Value, Problem> {
    date.checked_add(SignedDuration::from_nanos(nanos))
        .map(self::date)
        .map_err(|_error| overflow("the date is outside the years that dates can have"))
}

/// The time from `b` to `a`.
pub(super) fn between(a: &Zoned, b: &Zoned) -> Result<Value, Problem> {
    let nanos = a.timestamp().duration_since(b.timestamp()).as_nanos();
    i64::try_from(nanos).map(Value::Duration).map_err(|_error| overflow("the dates are more than 292 years apart"))
}

fn overflow(message: &str) -> Problem {
    Problem::new(message)
}

/// A method of a date; `argument` is there when the method takes one.
pub(super) fn date_method(method: Method, date: &Zoned, argument: Option<&Value>) -> Result<Value, Problem> {
    let other = || match argument {
        Some(Value::Date(other)) => Ok(other),
        other => Err(wanted(method, "a date", other)),
    };
    let duration = || match argument {
        Some(Value::Duration(nanos)) => Ok(*nanos),
        other => Err(wanted(method, "a duration", other)),
    };
    Ok(match method {
        Method::Year => Value::Int(date.year().into()),
        Method::Month => Value::from(layout::MONTHS[usize::from(date.month().unsigned_abs() - 1) % 12]),
        Method::MonthNumber => Value::Int(date.month().into()),
        Method::Day => Value::Int(date.day().into()),
        Method::Hour => Value::Int(date.hour().into()),
        Method::Minute => Value::Int(date.minute().into()),
        Method::Second => Value::Int(date.second().into()),
        Method::Weekday => Value::from(layout::WEEKDAYS[layout::weekday(date)]),
        Method::WeekdayNumber => Value::unsigned(layout::weekday(date) as u64),
        Method::YearDay => Value::Int(date.day_of_year().into()),
        Method::Unix => Value::Int(date.timestamp().as_second()),
        Method::UnixMilli => Value::Int(date.timestamp().as_millisecond()),
        Method::Format => match argument {
            Some(Value::Text(layout)) => Value::from(format(layout, date)),
            other => return Err(wanted(method, "a layout such as \"2006-01-02\"", other)),
        },
        Method::Add => return shift(date, duration()?),
        Method::Sub => return between(date, other()?),
        Method::Before => Value::Bool(date.timestamp() < other()?.timestamp()),
        Method::After => Value::Bool(date.timestamp() > other()?.timestamp()),
        Method::Equal => Value::Bool(date.timestamp() == other()?.timestamp()),
        Method::Utc => self::date(date.with_time_zone(TimeZone::UTC)),
        Method::In => match argument {
            Some(Value::Zone(zone)) => self::date(date.with_time_zone(zone.clone())),
            other => return Err(wanted(method, "a time zone: `timezone(\"Europe/Berlin\")`", other)),
        },
        _ => Value::from(crate::value::rfc3339(date)),
    })
}

fn wanted(method: Method, what: &str, found: Option<&Value>) -> Problem {
    let found = found.map_or("nothing".to_owned(), describe);
    Problem::coded(Code::TypeMismatch, format!("`{}` takes {what}, not {found}", method.name())).about(0)
}

/// A method of a duration, none of which takes an argument.
pub(super) fn duration_method(method: Method, nanos: i64) -> Value {
    // As Go: whole units and the rest apart, so that the float is the nearest one.
    let float = |unit: i64| Value::Float((nanos / unit) as f64 + (nanos % unit) as f64 / unit as f64);
    match method {
        Method::Hours => float(3_600_000_000_000),
        Method::Minutes => float(60_000_000_000),
        Method::Seconds => float(1_000_000_000),
        Method::Milliseconds => Value::Int(nanos / 1_000_000),
        Method::Microseconds => Value::Int(nanos / 1_000),
        Method::Nanoseconds => Value::Int(nanos),
        _ => Value::from(crate::value::duration_text(nanos)),
    }
}

/// Reads a duration as Go's `time.ParseDuration` does: `1h30m`, `-1.5s`, `300ms`.
pub(super) fn duration(text: &str) -> Result<i64, Problem> {
    parse_duration(text).ok_or_else(|| {
        Problem::new(format!("{} is no duration", describe(&Value::from(text))))
            .help("durations are written as in \"500ms\", \"10s\", \"1h30m\"")
    })
}

fn parse_duration(text: &str) -> Option<i64> {
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0);
    }
    let mut total: i128 = 0;
    loop {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, after) = rest.split_at(digits);
        let letters = after.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(after.len());
        let (unit, next) = after.split_at(letters);
        total = total.checked_add(part(number, unit)?)?;
        if next.is_empty() {
            let total = if negative { -total } else { total };
            return i64::try_from(total).ok();
        }
        rest = next;
    }
}

/// `1.5` of `s` in nanoseconds.
fn part(number: &str, unit: &str) -> Option<i128> {
    let unit: i128 = match unit {
        "ns" => 1,
        "us" | "µs" | "μs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return None,
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() && fraction.is_empty() || fraction.contains('.') {
        return None;
    }
    let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    // Digits beyond the fifteenth are below a nanosecond of an hour.
    let fraction = &fraction[..fraction.len().min(15)];
    let scale = 10_i128.pow(u32::try_from(fraction.len()).ok()?);
    let fraction: i128 = if fraction.is_empty() { 0 } else { fraction.parse().ok()? };
    whole.checked_mul(unit)?.checked_add(fraction * unit / scale)
}
