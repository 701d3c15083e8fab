//! What a product costs.

use serde::{Deserialize, Serialize, Serializer};

/// A finite amount greater than zero.
#[derive(Clone, Copy, Deserialize)]
#[serde(transparent)]
pub(super) struct Price(f64);

impl Price {
    /// `None` unless `amount` is finite and greater than zero.
    pub(super) fn new(amount: f64) -> Option<Self> {
        (amount.is_finite() && amount > 0.0).then_some(Self(amount))
    }

    pub(super) fn amount(self) -> f64 {
        self.0
    }
}

impl Serialize for Price {
    /// Writes a whole amount without `.0`, as a client of the shop would.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        /// Up to here every whole `f64` is the integer it shows as.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        if self.0.fract() == 0.0 && self.0 <= EXACT { serializer.serialize_i64(self.0 as i64) } else { serializer.serialize_f64(self.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(amount: f64, json: Option<&str>) {
        let written = Price::new(amount).map(|price| serde_json::to_string(&price).unwrap());
        assert_eq!(written.as_deref(), json, "{amount}");
    }

    #[test]
    fn a_price_is_positive_and_written_shortest() {
        check(49.99, Some("49.99"));
        check(15.0, Some("15"));
        check(0.01, Some("0.01"));
        check(1e300, Some("1e+300"));
        check(0.0, None);
        check(-5.0, None);
        check(f64::NAN, None);
        check(f64::INFINITY, None);
    }
}
