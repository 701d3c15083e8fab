//! Numbers of JSON's grammar (RFC 8259 §6).

use super::{Error, reader::Reader};
use crate::Value;

/// The powers of ten that a float holds exactly.
const POWERS: [f64; 23] =
    [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22];

/// A run of digits: how many, and their value as long as it fits.
#[derive(Clone, Copy, Default)]
struct Digits {
    count: usize,
    value: u64,
}

impl Reader<'_> {
    /// Reads the number that starts here with `-` or a digit.
    pub(super) fn number(&mut self) -> Result<Value, Error> {
        let start = self.at;
        let negative = self.take(b'-');
        let leading_zero = self.peek() == Some(b'0');
        let whole = self.digits(Digits::default())?;
        if leading_zero && whole.count > 1 {
            return Err(self.error_at(start, "a number cannot begin with `0` and another digit"));
        }
        if !matches!(self.peek(), Some(b'.' | b'e' | b'E')) {
            return integer(negative, whole).map_or_else(|| self.spelled(start, Value::number), Ok);
        }
        let mut all = whole;
        if self.take(b'.') {
            all = self.digits(whole)?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits(Digits::default())?;
            return self.spelled(start, Value::float);
        }
        let ends_in_zero = self.bytes.get(self.at.wrapping_sub(1)) == Some(&b'0');
        match short_decimal(negative, all, all.count - whole.count, ends_in_zero) {
            Some(value) => Ok(Value::Float(value)),
            None => self.spelled(start, Value::float),
        }
    }

    /// Reads digits, of which there must be one, after those of `before`.
    fn digits(&mut self, before: Digits) -> Result<Digits, Error> {
        let mut digits = before;
        while let Some(byte @ b'0'..=b'9') = self.peek() {
            digits.value = digits.value.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'));
            digits.count += 1;
            self.at += 1;
        }
        if digits.count == before.count {
            return Err(match self.peek() {
                None => self.error("the text ends inside a number"),
                Some(_) => self.error(format!("expected a digit, found {}", self.found())),
            });
        }
        Ok(digits)
    }

    /// The number from `start` to here by way of its text, for all that is not plain.
    fn spelled(&mut self, start: usize, read: fn(&str) -> Option<Value>) -> Result<Value, Error> {
        let written = &self.text[start..self.at];
        let Some(value) = read(written) else {
            let message = format!("the number {} is too large for a 64-bit float", short(written));
            return Err(self.error_at(start, message));
        };
        if let Value::Spelled(spelled) = &value
            && spelled.loses_digits()
        {
            self.note_lossy();
        }
        Ok(value)
    }
}

/// An integer in the one form it has, when its digits alone say that it fits.
fn integer(negative: bool, digits: Digits) -> Option<Value> {
    // 19 digits always fit 64 bits.
    if digits.count > 19 {
        return None;
    }
    match (negative, digits.value) {
        (true, 0) => Some(Value::Float(-0.0)),
        (true, value) => 0_i64.checked_sub_unsigned(value).map(Value::Int),
        (false, value) => Some(Value::unsigned(value)),
    }
}

/// A decimal that JavaScript would write as it stands. At most 15 digits name a float of their own, so its shortest spelling is this one;
/// both parts are exact floats, so their quotient is the nearest float. Below 10⁻⁶ JavaScript writes an exponent.
fn short_decimal(negative: bool, all: Digits, places: usize, ends_in_zero: bool) -> Option<f64> {
    let power = POWERS.get(places)?;
    // 19 digits fit, leading zeros included; of those, 15 may count.
    let plain = all.count <= 19 && all.value < 1_000_000_000_000_000 && !ends_in_zero;
    let value = all.value as f64 / power;
    (plain && value >= 1e-6).then_some(if negative { -value } else { value })
}

/// A number in a message: the beginning of a long one.
fn short(written: &str) -> String {
    match written.get(..24) {
        Some(start) if written.len() > 32 => format!("{start}…"),
        _ => written.to_owned(),
    }
}
