//! Lengths of time as authors write them: `500ms`, `10s`, `5m`, `1h30m`, or a number of seconds.

use crate::Value;
use std::time::Duration;

/// The longest that can be said: a hundred years.
const LONGEST: f64 = 100.0 * 365.0 * 86_400.0;

/// Why a text is no duration, in words for its author.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadDuration(pub String);

/// Reads a duration from a value: text, or a number of seconds.
pub fn from_value(value: &Value) -> Result<Duration, BadDuration> {
    match value {
        Value::Text(text) => parse(text),
        number if number.is_number() => seconds(number.as_f64().unwrap_or(f64::NAN), &number.to_json()),
        other => Err(BadDuration(format!(
            "a duration is a text such as `500ms`, `10s` or `1h30m`, or a number of seconds, not {}",
            other.type_name()
        ))),
    }
}

/// Reads `500ms`, `1.5s`, `1h30m`, `90` (seconds). Units: `ns`, `us`/`µs`, `ms`, `s`, `m`, `h`, `d`.
pub fn parse(text: &str) -> Result<Duration, BadDuration> {
    let trimmed = text.trim();
    if let Ok(number) = trimmed.parse::<f64>() {
        return seconds(number, trimmed);
    }
    let mut rest = trimmed;
    let mut sum = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, after) = rest.split_at(digits);
        let after = after.trim_start();
        let letters = after.find(|c: char| c.is_ascii_digit() || c == ' ').unwrap_or(after.len());
        let (unit, after) = after.split_at(letters);
        let Ok(number) = number.parse::<f64>() else { return Err(unreadable(text)) };
        sum += number * unit_seconds(unit).ok_or_else(|| bad_unit(text, unit))?;
        rest = after.trim_start();
    }
    if trimmed.is_empty() { Err(unreadable(text)) } else { seconds(sum, text) }
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
    if number < 0.0 {
        return Err(BadDuration(format!("`{text}` is less than nothing; a duration is 0 or more")));
    }
    if number.is_nan() || number > LONGEST {
        return Err(BadDuration(format!("`{text}` is longer than a hundred years")));
    }
    // Whole nanoseconds: what is written in decimals comes back as it was meant.
    Ok(Duration::from_nanos((number * 1e9).round() as u64))
}

fn unreadable(text: &str) -> BadDuration {
    BadDuration(format!("`{text}` is no duration; write it as `500ms`, `10s`, `5m` or `1h30m`"))
}

fn bad_unit(text: &str, unit: &str) -> BadDuration {
    let hint = match unit {
        "sec" | "secs" | "second" | "seconds" => "`s`".to_owned(),
        "min" | "mins" | "minute" | "minutes" => "`m`".to_owned(),
        "hour" | "hours" | "hr" | "hrs" => "`h`".to_owned(),
        "msec" | "millis" | "milliseconds" => "`ms`".to_owned(),
        "day" | "days" => "`d`".to_owned(),
        _ => "one of `ms`, `s`, `m`, `h`, `d`".to_owned(),
    };
    if unit.is_empty() { unreadable(text) } else { BadDuration(format!("`{unit}` in `{text}` is no unit of time; write {hint}")) }
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
            ("10 sec", "write `s`"),
            ("5x", "one of"),
            ("-1s", "no duration"),
            ("-1", "less than nothing"),
            ("1e30", "hundred years"),
            ("NaN", "hundred years"),
            ("s", "no duration"),
            ("1s2", "no duration"),
        ] {
            let BadDuration(message) = parse(text).unwrap_err();
            assert!(message.contains(words), "{text}: {message}");
        }
        assert_eq!(show(Duration::from_secs(90)), "1m30s");
        assert_eq!(show(Duration::from_hours(2)), "2h");
        assert_eq!(show(Duration::from_mins(5)), "5m");
        assert_eq!(show(Duration::from_millis(1500)), "1.5s");
    }
}
