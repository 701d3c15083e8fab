//! Numbers: exact integers from −2⁶³ to 2⁶⁴−1, floats, and numbers that keep their spelling. All compare by value.

use super::Value;
use std::{cmp::Ordering, sync::Arc};

/// A number with the text it was written as, which is a number of JSON's grammar (RFC 8259 §6).
#[derive(Clone, Debug, PartialEq)]
pub struct Spelled {
    value: f64,
    text: Box<str>,
}

impl Spelled {
    pub fn value(&self) -> f64 {
        self.value
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether a float holds fewer digits than were written, trailing zeros aside.
    pub fn loses_digits(&self) -> bool {
        decimal(&self.text) != decimal(&format!("{:e}", self.value))
    }
}

/// Digits without leading and trailing zeros, and the power of ten of the last one: equal for equal numbers.
fn decimal(text: &str) -> (bool, String, i64) {
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    let kept = all.trim_end_matches('0');
    // Written exponents have no bound; where they leave 64 bits the number is zero, which has no power.
    let exponent = exponent.parse::<i64>().unwrap_or(i64::MAX / 2);
    let power = exponent.saturating_sub(fraction.len() as i64).saturating_add((all.len() - kept.len()) as i64);
    let digits = kept.trim_start_matches('0');
    if digits.is_empty() { (false, String::new(), 0) } else { (negative, digits.to_owned(), power) }
}

impl Value {
    /// Reads a number of JSON's grammar; `None` for any other text. Integers outside 64 bits become spelled floats.
    ///
    /// A float whose shortest form is the text itself needs no spelling.
    pub fn number(text: &str) -> Option<Self> {
        if !is_json_number(text) {
            return None;
        }
        if !text.contains(['.', 'e', 'E']) {
            if let Ok(value) = text.parse::<i64>() {
                return Some(if value == 0 && text.starts_with('-') { Self::Float(-0.0) } else { Self::Int(value) });
            }
            if let Ok(value) = text.parse::<u64>() {
                return Some(Self::UInt(value));
            }
        }
        Self::float(text)
    }

    /// A number other than a 64-bit integer, from a text that is known to be of JSON's grammar; `None` when it is too large.
    pub(crate) fn float(text: &str) -> Option<Self> {
        let value = text.parse::<f64>().ok().filter(|value| value.is_finite())?;
        if ryu_js::Buffer::new().format_finite(value) == text {
            return Some(Self::Float(value));
        }
        Some(Self::Spelled(Arc::new(Spelled { value, text: text.into() })))
    }

    /// The number as a float, rounded when it does not fit; `None` when this is no number.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Int(value) => Some(*value as f64),
            Self::UInt(value) => Some(*value as f64),
            Self::Float(value) => Some(*value),
            Self::Spelled(spelled) => Some(spelled.value),
            _ => None,
        }
    }

    /// The number as a signed integer when it is one, a float without fraction included.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Int(value) => Some(*value),
            Self::Float(_) | Self::Spelled(_) => self.as_f64().and_then(whole),
            _ => None,
        }
    }

    /// Compares two numbers by value, exactly; `None` when one is no number or not a number (NaN).
    pub fn compare_numbers(&self, other: &Self) -> Option<Ordering> {
        match (self.as_wide(), other.as_wide()) {
            (Some(a), Some(b)) => Some(a.cmp(&b)),
            (Some(a), None) => compare_wide(a, other.as_f64()?),
            (None, Some(b)) => compare_wide(b, self.as_f64()?).map(Ordering::reverse),
            (None, None) => self.as_f64()?.partial_cmp(&other.as_f64()?),
        }
    }

    /// The integer, exactly; `None` for everything else.
    pub(crate) fn as_wide(&self) -> Option<i128> {
        match self {
            Self::Int(value) => Some(i128::from(*value)),
            Self::UInt(value) => Some(i128::from(*value)),
            _ => None,
        }
    }
}

/// A float as an integer, when it has no fraction and fits.
fn whole(value: f64) -> Option<i64> {
    // 2⁶³ itself is the first float that does not fit; −2⁶³ does.
    let fits = (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&value);
    (fits && value.fract() == 0.0).then_some(value as i64)
}

fn compare_wide(a: i128, b: f64) -> Option<Ordering> {
    if b.is_nan() {
        return None;
    }
    // Every float beyond ±2⁶⁵ is outside the integers that we have, and `as` is exact below.
    let truncated = b.clamp(-4e19, 4e19).trunc();
    Some(a.cmp(&(truncated as i128)).then_with(|| 0.0_f64.partial_cmp(&(b - b.trunc())).unwrap_or(Ordering::Equal)))
}

/// RFC 8259 §6.
pub(crate) fn is_json_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = text.split_once(['e', 'E']).map_or((text, None), |(m, e)| (m, Some(e)));
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(w, f)| (w, Some(f)));
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|e| digits(e.strip_prefix(['+', '-']).unwrap_or(e)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_json_numbers_are_numbers() {
        for text in ["0123", "0x1F", "+1", "1.", ".5", "1e", "", "-", "1_000", "NaN", "1e999"] {
            assert!(Value::number(text).is_none(), "{text}");
        }
        for (text, kind) in [("7", "integer"), ("-0", "float"), ("1.50", "float"), ("1e3", "float"), ("18446744073709551615", "integer")] {
            assert_eq!(Value::number(text).map(|value| value.type_name()), Some(kind), "{text}");
        }
    }

    #[test]
    fn numbers_compare_exactly() {
        let n = |text| Value::number(text).unwrap();
        assert_eq!(n("1"), n("1.0"));
        assert_ne!(n("9007199254740993"), n("9007199254740992.0"));
        assert_eq!(n("9007199254740993").compare_numbers(&n("9007199254740992.0")), Some(Ordering::Greater));
        assert_eq!(n("18446744073709551615").compare_numbers(&n("1e20")), Some(Ordering::Less));
        assert_eq!(n("-1").compare_numbers(&n("-1.5")), Some(Ordering::Greater));
        assert_eq!(n("1").compare_numbers(&n("1.5")), Some(Ordering::Less));
    }

    #[test]
    fn lost_digits_are_known() {
        let loses = |text| match Value::number(text) {
            Some(Value::Spelled(spelled)) => spelled.loses_digits(),
            _ => false,
        };
        assert!(loses("0.12345678901234567890"));
        assert!(loses("123456789012345678901"));
        assert!(!loses("1.50"));
        assert!(!loses("1e3"));
        assert!(!loses("0e9223372036854775807"));
        assert!(loses("1.5e-9223372036854775808"));
        assert!(loses("1e-99999999999999999999"));
        assert!(!loses("100000000000000000000"));
    }
}
