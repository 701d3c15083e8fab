//! Values as text: what a template puts into a string.

use super::Value;

/// Null has no text of its own; putting it into one is an error for whoever asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoText;

impl Value {
    /// The value inside other text: numbers as JavaScript writes them (a spelled one as written), lists and objects as compact JSON.
    pub fn to_text(&self) -> Result<String, NoText> {
        match self {
            Self::Null => Err(NoText),
            Self::Text(text) => Ok(text.as_ref().to_owned()),
            Self::Date(date) => Ok(rfc3339(date)),
            Self::Duration(nanos) => Ok(duration(*nanos)),
            Self::Zone(zone) => Ok(self::zone(zone).to_owned()),
            other => Ok(other.to_json()),
        }
    }

    /// Compact JSON. A float that JSON cannot hold (NaN, infinity) is `null`, as in JavaScript.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        self.write_json(&mut out);
        out
    }

    pub fn write_json(&self, out: &mut String) {
        match self {
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Int(value) => out.push_str(&value.to_string()),
            Self::UInt(value) => out.push_str(&value.to_string()),
            Self::Float(value) if value.is_finite() => out.push_str(ryu_js::Buffer::new().format_finite(*value)),
            // JSON has no infinity and no NaN.
            Self::Null | Self::Float(_) => out.push_str("null"),
            Self::Spelled(spelled) => out.push_str(spelled.text()),
            Self::Text(text) => write_string(text, out),
            Self::Date(date) => write_string(&rfc3339(date), out),
            Self::Duration(nanos) => write_string(&duration(*nanos), out),
            Self::Zone(zone) => write_string(self::zone(zone), out),
            Self::List(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    item.write_json(out);
                }
                out.push(']');
            }
            Self::Map(map) => {
                out.push('{');
                for (index, (name, value)) in map.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    write_string(name, out);
                    out.push(':');
                    value.write_json(out);
                }
                out.push('}');
            }
        }
    }
}

/// A JSON string (RFC 8259 §7), escaping only what must be.
fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            control if control < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => out.push(other),
        }
    }
    out.push('"');
}

/// RFC 3339 with `Z` for UTC and as many decimals as there are.
pub(crate) fn rfc3339(date: &jiff::Zoned) -> String {
    if date.offset() == jiff::tz::Offset::UTC {
        return date.timestamp().to_string();
    }
    date.timestamp().display_with_offset(date.offset()).to_string()
}

/// The IANA name of a zone.
pub(super) fn zone(zone: &jiff::tz::TimeZone) -> &str {
    zone.iana_name().unwrap_or("UTC")
}

/// As Go's `Duration.String`: `1h30m0s`, `1.5s`, `100ms`, `0s`.
pub(crate) fn duration(nanos: i64) -> String {
    let sign = if nanos < 0 { "-" } else { "" };
    let all = nanos.unsigned_abs();
    let decimal = |unit: u64| {
        let (whole, rest) = (all / unit, all % unit);
        let width = unit.ilog10() as usize;
        let fraction = format!("{rest:0width$}");
        let fraction = fraction.trim_end_matches('0');
        if rest == 0 { whole.to_string() } else { format!("{whole}.{fraction}") }
    };
    match all {
        0 => "0s".to_owned(),
        1..1_000 => format!("{sign}{all}ns"),
        1_000..1_000_000 => format!("{sign}{}µs", decimal(1_000)),
        1_000_000..1_000_000_000 => format!("{sign}{}ms", decimal(1_000_000)),
        _ => {
            let (hours, minutes) = (all / 3_600_000_000_000, all / 60_000_000_000 % 60);
            let all_seconds = decimal(1_000_000_000);
            let fraction = all_seconds.split_once('.').map_or(String::new(), |(_, f)| format!(".{f}"));
            let seconds = format!("{}{fraction}s", all / 1_000_000_000 % 60);
            match (hours, minutes) {
                (0, 0) => format!("{sign}{seconds}"),
                (0, _) => format!("{sign}{minutes}m{seconds}"),
                _ => format!("{sign}{hours}h{minutes}m{seconds}"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts() {
        let n = |text| Value::number(text).unwrap();
        for (value, text) in [
            (n("1.50"), "1.50"),
            (n("5.0"), "5.0"),
            (Value::Float(5.0), "5"),
            (Value::Float(1e21), "1e+21"),
            (n("18446744073709551615"), "18446744073709551615"),
            (Value::list(vec![Value::Int(1), Value::from("a\"b\n")]), r#"[1,"a\"b\n"]"#),
            (Value::map(Map::from_iter([("a", Value::Null)])), r#"{"a":null}"#),
        ] {
            assert_eq!(value.to_text().as_deref(), Ok(text));
        }
        assert_eq!(Value::Null.to_text(), Err(NoText));
    }

    #[test]
    fn durations_read_as_in_go() {
        for (nanos, text) in [
            (0, "0s"),
            (1, "1ns"),
            (1_500, "1.5µs"),
            (100_000_000, "100ms"),
            (5_400_000_000_000, "1h30m0s"),
            (-1_500_000_000, "-1.5s"),
            (60_000_000_000, "1m0s"),
        ] {
            assert_eq!(duration(nanos), text);
        }
    }

    use crate::Map;
}
