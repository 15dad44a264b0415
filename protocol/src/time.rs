//! Points in time, as whole milliseconds, so that what is stored, compared and shown is the same value.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Unix milliseconds; on the wire RFC 3339 in UTC with three fraction digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// The text is not an RFC 3339 time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected an RFC 3339 time, such as 2026-01-31T12:00:00.000Z")]
pub struct InvalidTimestamp;

impl Timestamp {
    /// From milliseconds since the Unix epoch; what lies outside the years -9999 to 9999 is clamped.
    pub fn from_millis(millis: i64) -> Self {
        Self(millis.clamp(jiff::Timestamp::MIN.as_millisecond(), jiff::Timestamp::MAX.as_millisecond()))
    }

    /// Milliseconds since the Unix epoch.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since the Unix epoch, rounded down (RFC 7519 `NumericDate`).
    pub const fn as_secs(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// This many seconds later (earlier when negative).
    #[must_use]
    pub fn plus_secs(self, seconds: i64) -> Self {
        Self::from_millis(self.0.saturating_add(seconds.saturating_mul(1_000)))
    }

    /// Reads RFC 3339; digits beyond milliseconds are dropped.
    ///
    /// # Errors
    /// [`InvalidTimestamp`] for anything else.
    pub fn parse(text: &str) -> Result<Self, InvalidTimestamp> {
        text.parse::<jiff::Timestamp>().map(|time| Self(time.as_millisecond())).map_err(|_| InvalidTimestamp)
    }
}

impl std::fmt::Display for Timestamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(time) => write!(f, "{time:.3}"),
            Err(_) => Err(std::fmt::Error),
        }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_always_carry_three_fraction_digits() {
        assert_eq!(Timestamp::from_millis(0).to_string(), "1970-01-01T00:00:00.000Z");
        assert_eq!(Timestamp::from_millis(1_767_225_600_120).to_string(), "2026-01-01T00:00:00.120Z");
    }

    #[test]
    fn what_is_written_can_be_read() {
        let time = Timestamp::from_millis(1_767_225_600_123);
        assert_eq!(Timestamp::parse(&time.to_string()), Ok(time));
        assert_eq!(Timestamp::parse("2026-01-01T01:00:00.123+01:00"), Ok(time));
        assert_eq!(Timestamp::parse("yesterday"), Err(InvalidTimestamp));
    }
}
