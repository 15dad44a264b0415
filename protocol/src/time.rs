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
        // To whole seconds: of the last one of all, jiff takes only the beginning.
        let seconds = |end: jiff::Timestamp| end.as_second() * 1_000;
        Self(millis.clamp(seconds(jiff::Timestamp::MIN), seconds(jiff::Timestamp::MAX)))
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

    /// Reads RFC 3339; digits beyond milliseconds are dropped. The last days of the year 9999, which people write for "never",
    /// are the last time there is.
    ///
    /// # Errors
    /// [`InvalidTimestamp`] for anything else, also for what only ISO 8601 allows.
    pub fn parse(text: &str) -> Result<Self, InvalidTimestamp> {
        if !has_form_of_rfc_3339(text) {
            return Err(InvalidTimestamp);
        }
        match text.parse::<jiff::Timestamp>() {
            Ok(time) => Ok(Self(time.as_millisecond())),
            Err(_) if text.starts_with("9999-12-3") && text.get(..19).is_some_and(is_civil) => {
                Ok(Self::from_millis(i64::MAX))
            }
            Err(_) => Err(InvalidTimestamp),
        }
    }
}

/// `date-time` of RFC 3339 §5.6, but for the ranges of its numbers, of which only those of the offset are looked at.
fn has_form_of_rfc_3339(text: &str) -> bool {
    let is = |part: &str, form: &str| {
        part.len() == form.len()
            && part.bytes().zip(form.bytes()).all(|(byte, form)| match form {
                b'0' => byte.is_ascii_digit(),
                form => byte.eq_ignore_ascii_case(&form),
            })
    };
    let Some((time, rest)) = text.split_at_checked(19) else { return false };
    if !is(time, "0000-00-00T00:00:00") {
        return false;
    }
    let offset = match rest.strip_prefix('.') {
        Some(fraction) => fraction.trim_start_matches(|digit: char| digit.is_ascii_digit()),
        None => rest,
    };
    let has_empty_fraction = rest.starts_with('.') && offset.len() + 1 == rest.len();
    let is_offset = is(offset, "+00:00") || is(offset, "-00:00");
    let is_near = is_offset && offset.get(1..3) <= Some("23") && offset.get(4..) <= Some("59");
    !has_empty_fraction && (is(offset, "Z") || is_near)
}

fn is_civil(text: &str) -> bool {
    text.parse::<jiff::civil::DateTime>().is_ok()
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

    #[test]
    fn only_what_rfc_3339_allows_is_a_time() {
        for text in [
            "2030-01-01T00:00:00+25:00",
            "2030-01-01T00:00:00+01:60",
            "20300101T000000Z",
            "2030-01-01T00Z",
            "2030-01-01T00:00:00,5Z",
            "2030-01-01T00:00:00.Z",
            "2030-01-01T00:00:00+01:00[Europe/Berlin]",
            "2030-01-01T00:00:00",
            "2030-02-30T00:00:00Z",
            "9999-12-32T00:00:00Z",
            "2030-01-01T00:00:0\u{e9}Z",
            "",
        ] {
            assert_eq!(Timestamp::parse(text), Err(InvalidTimestamp), "{text}");
        }
        for text in ["2030-01-01t00:00:00z", "2030-01-01T00:00:00.123456789-23:59", "2030-12-31T23:59:60Z"] {
            assert!(Timestamp::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn the_end_of_the_year_9999_is_the_last_time_there_is() {
        let first = Timestamp::from_millis(i64::MIN);
        assert!(first.to_string().starts_with("-009999-01-0"), "{first}");
        let last = Timestamp::from_millis(i64::MAX);
        for text in ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59.999-05:00"] {
            assert_eq!(Timestamp::parse(text), Ok(last), "{text}");
        }
        assert_eq!(Timestamp::parse(&last.to_string()), Ok(last));
    }
}
