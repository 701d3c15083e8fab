//! Quantities in words.

use std::fmt::Display;

/// A length of time given in milliseconds: `12 ms`, `0.42 s`, `1 m 05 s`. What is no length of time is `?`.
pub(crate) fn millis(ms: f64) -> String {
    if !ms.is_finite() || ms < 0.0 {
        return "?".to_owned();
    }
    if ms < 100.0 {
        return format!("{ms:.0} ms");
    }
    seconds(ms)
}

/// The same, in seconds from the start: `0.01 s`.
pub(crate) fn seconds(ms: f64) -> String {
    if !ms.is_finite() || ms < 0.0 {
        return "?".to_owned();
    }
    let seconds = ms / 1000.0;
    if seconds < 60.0 {
        return format!("{seconds:.2} s");
    }
    let whole = seconds.round() as u64;
    match whole / 3600 {
        0 => format!("{} m {:02} s", whole / 60, whole % 60),
        hours => format!("{hours} h {:02} m {:02} s", whole / 60 % 60, whole % 60),
    }
}

/// A number of bytes: `312 bytes`, `1.2 kB`.
pub(crate) fn bytes(count: u64) -> String {
    let count_f = count as f64;
    match count {
        0..1_000 => counted(count, "byte"),
        1_000..1_000_000 => format!("{:.1} kB", count_f / 1e3),
        _ => format!("{:.1} MB", count_f / 1e6),
    }
}

/// `1 step`, `2 steps`.
pub(crate) fn counted(count: impl TryInto<u64> + Display + Copy, noun: &str) -> String {
    let one = count.try_into().is_ok_and(|count| count == 1);
    format!("{count} {noun}{}", if one { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities() {
        for (ms, text) in [
            (0.0, "0 ms"),
            (12.4, "12 ms"),
            (420.0, "0.42 s"),
            (59_994.0, "59.99 s"),
            (65_000.0, "1 m 05 s"),
            (3_725_000.0, "1 h 02 m 05 s"),
            (-1.0, "?"),
            (f64::NAN, "?"),
            (f64::INFINITY, "?"),
        ] {
            assert_eq!(millis(ms), text);
        }
        assert_eq!(seconds(5.0), "0.01 s");
        assert_eq!(bytes(1), "1 byte");
        assert_eq!(bytes(1_234), "1.2 kB");
        assert_eq!(counted(2_u64, "step"), "2 steps");
    }
}
