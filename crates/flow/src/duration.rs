//! Lengths of time as authors write them: `500ms`, `10s`, `5m`, `1h30m`, or a number of seconds.

use crate::Value;
use std::{fmt, time::Duration};

/// The longest that can be said: a hundred years.
const LONGEST: f64 = 100.0 * 365.0 * 86_400.0;

/// Why a value is no duration, in words for its author.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadDuration {
    pub message: String,
    /// What to write.
    pub help: String,
}

impl fmt::Display for BadDuration {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        write!(formatter, "{}; {}", self.message, self.help)
    }
}

/// Reads a duration from a value: text, or a number of seconds.
pub fn from_value(value: &Value) -> Result<Duration, BadDuration> {
    match value {
        Value::Text(text) => parse(text),
        number if number.is_number() => seconds(number.as_f64().unwrap_or(f64::NAN), &number.to_json()),
        Value::List(_) => Err(unreadable("a list")),
        Value::Map(_) => Err(unreadable("an object")),
        other => Err(unreadable(&format!("`{}`", other.to_json()))),
    }
}

/// Reads `500ms`, `1.5s`, `1h30m`, `90` (seconds). Units: `ns`, `us`/`µs`, `ms`, `s`, `m`, `h`, `d`.
pub fn parse(text: &str) -> Result<Duration, BadDuration> {
    let trimmed = text.trim();
    if let Ok(number) = trimmed.parse::<f64>() {
        return seconds(number, trimmed);
    }
    let quoted = format!("`{text}`");
    let sum = match trimmed.strip_prefix('-') {
        Some(rest) => -sum(rest, &quoted)?,
        None => sum(trimmed, &quoted)?,
    };
    seconds(sum, text)
}

/// The seconds of numbers with units.
fn sum(text: &str, quoted: &str) -> Result<f64, BadDuration> {
    let mut rest = text;
    let mut sum = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, after) = rest.split_at(digits);
        let after = after.trim_start();
        let letters = after.find(|c: char| c.is_ascii_digit() || c == ' ').unwrap_or(after.len());
        let (unit, after) = after.split_at(letters);
        let Ok(number) = number.parse::<f64>() else { return Err(unreadable(quoted)) };
        sum += number * unit_seconds(unit).ok_or_else(|| bad_unit(quoted, unit))?;
        rest = after.trim_start();
    }
    if text.is_empty() { Err(unreadable(quoted)) } else { Ok(sum) }
}

fn unit_seconds(unit: &str) -> Option<f64> {
    Some(match unit {
        "ns" => 1e-9,
        "us" | "µs" | "μs" => 1e-6,
        "ms" => 1e-3,
        "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        "d" => 86_400.0,
        _ => return None,
    })
}

fn seconds(number: f64, text: &str) -> Result<Duration, BadDuration> {
    let bad = |message: String, help: &str| Err(BadDuration { message, help: help.to_owned() });
    if number < 0.0 {
        return bad(format!("`{text}` is less than nothing"), "a duration is 0 or more");
    }
    if number.is_nan() || number > LONGEST {
        return bad(format!("`{text}` is longer than a hundred years"), HELP);
    }
    // Whole nanoseconds: what is written in decimals comes back as it was meant.
    Ok(Duration::from_nanos((number * 1e9).round() as u64))
}

const HELP: &str = "write it as `500ms`, `10s`, `5m`, `1h30m` or a number of seconds";

fn unreadable(found: &str) -> BadDuration {
    BadDuration { message: format!("{found} is no duration"), help: HELP.to_owned() }
}

fn bad_unit(quoted: &str, unit: &str) -> BadDuration {
    let ours = match unit.to_lowercase().as_str() {
        "" => return BadDuration { message: format!("the last number in {quoted} has no unit"), help: HELP.to_owned() },
        "sec" | "secs" | "second" | "seconds" | "s" => "s",
        "min" | "mins" | "minute" | "minutes" | "m" => "m",
        "hour" | "hours" | "hr" | "hrs" | "h" => "h",
        "msec" | "msecs" | "millis" | "millisecond" | "milliseconds" | "ms" => "ms",
        "day" | "days" | "d" => "d",
        _ => return BadDuration { message: format!("`{unit}` in {quoted} is no unit of time"), help: HELP.to_owned() },
    };
    BadDuration { message: format!("`{unit}` in {quoted} is no unit of time"), help: format!("did you mean `{ours}`?") }
}

/// A duration as a person reads it: `1.5s`, `200ms`, `1m30s`.
pub fn show(duration: Duration) -> String {
    let nanos = i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX);
    let text = crate::value::duration_text(nanos);
    match text.strip_suffix("m0s") {
        Some(minutes) => format!("{minutes}m").replace("h0m", "h"),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for (text, millis) in [
            ("500ms", 500),
            ("10s", 10_000),
            ("1.5s", 1500),
            ("5m", 300_000),
            ("1h30m", 5_400_000),
            ("90", 90_000),
            ("0", 0),
            ("1h 30m", 5_400_000),
            ("0.1s", 100),
        ] {
            assert_eq!(parse(text), Ok(Duration::from_millis(millis)), "{text}");
        }
        for (text, words) in [
            ("", "is no duration"),
            ("10 sec", "did you mean `s`?"),
            ("5x", "`x` in `5x` is no unit"),
            ("5S", "did you mean `s`?"),
            ("-1s", "less than nothing"),
            ("-", "no duration"),
            ("-1", "less than nothing"),
            ("1e30", "hundred years"),
            ("NaN", "hundred years"),
            ("s", "no duration"),
            ("1s2", "the last number in `1s2` has no unit"),
        ] {
            let bad = parse(text).unwrap_err().to_string();
            assert!(bad.contains(words), "{text}: {bad}");
        }
        assert_eq!(show(Duration::from_secs(90)), "1m30s");
        assert_eq!(show(Duration::from_hours(2)), "2h");
        assert_eq!(show(Duration::from_mins(5)), "5m");
        assert_eq!(show(Duration::from_millis(1500)), "1.5s");
    }
}
