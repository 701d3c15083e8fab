//! The time, as an argument: a moment of the calendar to begin with, and the runtime's own counting from there.

use jiff::{Timestamp, Zoned, tz::TimeZone};
use tokio::time::Instant;

/// A clock that never goes back. Under a paused runtime it stands still with it.
#[derive(Clone, Debug)]
pub struct Clock {
    began: Timestamp,
    from: Instant,
    zone: TimeZone,
}

impl Clock {
    /// Starts at a moment; `zone` is what built-in dates are told in.
    pub fn starting_at(began: Timestamp, zone: TimeZone) -> Self {
        Self { began, from: Instant::now(), zone }
    }

    pub fn now(&self) -> Timestamp {
        let elapsed = jiff::SignedDuration::try_from(self.from.elapsed()).unwrap_or_default();
        self.began.checked_add(elapsed).unwrap_or(Timestamp::MAX)
    }

    pub fn zoned(&self) -> Zoned {
        self.now().to_zoned(self.zone.clone())
    }
}

/// Milliseconds since an instant, to the microsecond.
pub(crate) fn millis_since(began: Instant) -> f64 {
    (began.elapsed().as_secs_f64() * 1e6).round() / 1e3
}
