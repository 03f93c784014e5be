//! Time is an argument. Instants are epoch milliseconds; days are the city's days.

use std::fmt;

use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01T00:00:00Z, as stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Instant(pub i64);

impl Instant {
    /// The day this instant falls on in the city's zone.
    pub fn day(self, zone: Tz) -> NaiveDate {
        self.in_zone(zone).date_naive()
    }

    pub fn in_zone(self, zone: Tz) -> DateTime<Tz> {
        self.utc().with_timezone(&zone)
    }

    pub fn utc(self) -> DateTime<Utc> {
        Utc.timestamp_millis_opt(self.0).single().unwrap_or(DateTime::<Utc>::MIN_UTC)
    }

    pub fn plus_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    pub fn millis_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl<T: TimeZone> From<DateTime<T>> for Instant {
    fn from(at: DateTime<T>) -> Self {
        Self(at.timestamp_millis())
    }
}

/// Where time comes from. The one trait of the house with two real implementations:
/// the system's clock (in `server`) and the stepped clock of tests.
pub trait Clock: fmt::Debug + Send + Sync {
    fn now(&self) -> Instant;
}
