//! The time zone that the old server writes its moments in.

use jiff::civil::DateTime;
use jiff::fmt::temporal::DateTimeParser;
use jiff::tz::{Offset, TimeZone};

/// The time zone of the old server: that of its Java machine when it wrote, as the columns have none.
///
/// ```
/// use countersign::adopt::Zone;
///
/// assert!("UTC".parse::<Zone>().is_ok());
/// assert!("+05:30".parse::<Zone>().is_ok());
/// assert!("Nowhere/Land".parse::<Zone>().is_err());
/// ```
///
/// Where clocks are turned back, an hour has two meanings: the first one counts, as in Java, except where something would
/// be forgotten too early, there the last. An hour that was left out counts as if clocks had not been turned yet.
#[derive(Clone, Debug)]
pub struct Zone(TimeZone);

/// Neither an offset nor a name in this machine's database of time zones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("neither UTC, an offset like +01:00, nor a time zone that this machine knows (package tzdata)")]
pub struct UnknownZone;

impl Default for Zone {
    fn default() -> Self {
        Self(TimeZone::UTC)
    }
}

impl std::str::FromStr for Zone {
    type Err = UnknownZone;

    /// From `UTC`, an offset like `+01:00`, or a name like `Europe/Prague`, which needs the machine's database of time
    /// zones.
    fn from_str(name: &str) -> Result<Self, UnknownZone> {
        if name == "UTC" {
            return Ok(Self::default());
        }
        let zone = DateTimeParser::new().parse_time_zone(name);
        let zone = zone.map_err(|_| UnknownZone)?;
        // As far as Java goes; more is a mistake.
        let sound = |offset: Offset| offset.seconds().abs() <= 18 * 3_600;
        zone.to_fixed_offset()
            .ok()
            .is_none_or(sound)
            .then_some(Self(zone))
            .ok_or(UnknownZone)
    }
}

impl Zone {
    /// The moment of a local time, in milliseconds since the epoch; the first of two. None before the epoch.
    pub(super) fn first(&self, local: DateTime) -> Option<u64> {
        millis(self.0.to_ambiguous_timestamp(local).compatible())
    }

    /// The same; the last of two.
    pub(super) fn last(&self, local: DateTime) -> Option<u64> {
        millis(self.0.to_ambiguous_timestamp(local).later())
    }

    /// The local time of a moment, with milliseconds, as PostgreSQL reads it.
    pub(super) fn local(&self, millis: u64) -> String {
        let millis = i64::try_from(millis).unwrap_or(i64::MAX);
        let moment = jiff::Timestamp::from_millisecond(millis).unwrap_or(jiff::Timestamp::MAX);
        let local = self.0.to_datetime(moment);
        local.strftime("%Y-%m-%d %H:%M:%S%.3f").to_string()
    }
}

fn millis(moment: Result<jiff::Timestamp, jiff::Error>) -> Option<u64> {
    u64::try_from(moment.ok()?.as_millisecond()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> u64 {
        let moment: jiff::Timestamp = text.parse().unwrap();
        u64::try_from(moment.as_millisecond()).unwrap()
    }

    fn civil(text: &str) -> DateTime {
        text.parse().unwrap()
    }

    #[test]
    fn offsets_and_names() {
        let first = |zone: &str, local: &str| zone.parse::<Zone>().unwrap().first(civil(local)).unwrap();
        let noon = at("2026-07-01T12:00:00.5Z");
        assert_eq!(first("UTC", "2026-07-01 12:00:00.5"), noon);
        assert_eq!(first("+05:30", "2026-07-01 17:30:00.5"), noon);
        assert_eq!(first("-03", "2026-07-01 09:00:00.5"), noon);
        for zone in ["", "+25:00", "CET-1CEST", "Nowhere/Land", "../../etc/passwd"] {
            assert_eq!(zone.parse::<Zone>().unwrap_err(), UnknownZone, "{zone}");
        }
        let zone = "+01:00".parse::<Zone>().unwrap();
        assert_eq!(zone.first(civil("1970-01-01 00:30:00")), None);
        assert_eq!(zone.local(noon), "2026-07-01 13:00:00.500");
    }

    #[test]
    fn hours_that_are_twice_or_never() {
        // Where this machine has no database of time zones, there is nothing to test.
        let Ok(prague) = "Europe/Prague".parse::<Zone>() else {
            assert!(std::env::var_os("CI").is_none(), "package tzdata is missing");
            return;
        };
        let both = |local: &str| (prague.first(civil(local)), prague.last(civil(local)));
        let once = |moment: &str| (Some(at(moment)), Some(at(moment)));
        assert_eq!(both("2026-01-01 12:00:00"), once("2026-01-01T11:00:00Z"));
        assert_eq!(both("2026-07-01 12:00:00"), once("2026-07-01T10:00:00Z"));
        assert_eq!(both("2100-07-01 12:00:00"), once("2100-07-01T10:00:00Z"));
        // Turned back at three o'clock.
        let twice = (Some(at("2026-10-25T00:30:00Z")), Some(at("2026-10-25T01:30:00Z")));
        assert_eq!(both("2026-10-25 02:30:00"), twice);
        // Turned forward at two o'clock: as if it had not been.
        assert_eq!(both("2026-03-29 02:30:00"), once("2026-03-29T01:30:00Z"));
        // There and back, but for the second of two.
        let mut hours = 0;
        let (mut moment, end) = (at("2026-01-01T00:30:00Z"), at("2027-01-01T00:00:00Z"));
        while moment < end {
            let read = civil(&prague.local(moment));
            assert!([prague.first(read), prague.last(read)].contains(&Some(moment)));
            hours += usize::from(prague.first(read) == Some(moment));
            moment += 3_600_000;
        }
        println!("{hours} hours of a year come back");
        assert_eq!(hours, 365 * 24 - 1);
    }
}
