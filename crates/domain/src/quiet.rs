//! Quiet hours: a message that need not wait for its slot still waits for office hours.

use chrono::{Days, NaiveDate, NaiveTime, TimeZone};
use chrono_tz::Tz;

use crate::clock::Instant;

/// When messages may leave on a working day, in the city's zone. `from` is included, `until` is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfficeHours {
    pub from: NaiveTime,
    pub until: NaiveTime,
}

impl OfficeHours {
    /// The first moment at or after `now` that lies in office hours of a working day.
    pub fn next(self, now: Instant, zone: Tz, is_working_day: &dyn Fn(NaiveDate) -> bool) -> Instant {
        let local = now.in_zone(zone);
        let (today, time) = (local.date_naive(), local.time());
        if is_working_day(today) && self.from <= time && time < self.until {
            return now;
        }
        let first = if time < self.from { today } else { today + Days::new(1) };
        // No calendar has a year without a working day; the bound keeps a broken one from hanging us.
        (0..366)
            .map(|offset| first + Days::new(offset))
            .find(|day| is_working_day(*day))
            .and_then(|day| zone.from_local_datetime(&day.and_time(self.from)).earliest())
            .map_or(now, Instant::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{Datelike, Weekday};
    use chrono_tz::Asia::Shanghai;

    fn at(text: &str) -> Instant {
        let local = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
        Shanghai.from_local_datetime(&local).unwrap().into()
    }

    fn next(text: &str) -> Instant {
        let hours = OfficeHours {
            from: NaiveTime::from_hms_opt(8, 30, 0).unwrap(),
            until: NaiveTime::from_hms_opt(20, 0, 0).unwrap(),
        };
        hours.next(at(text), Shanghai, &|day| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun))
    }

    #[test]
    fn inside_office_hours_nothing_waits() {
        assert_eq!(next("2026-11-23 08:30"), at("2026-11-23 08:30"));
        assert_eq!(next("2026-11-23 19:59"), at("2026-11-23 19:59"));
    }

    #[test]
    fn early_waits_for_the_morning_and_late_for_the_next_working_day() {
        assert_eq!(next("2026-11-23 08:29"), at("2026-11-23 08:30"));
        assert_eq!(next("2026-11-23 20:00"), at("2026-11-24 08:30"));
        assert_eq!(next("2026-11-27 20:00"), at("2026-11-30 08:30"), "Friday evening waits for Monday");
        assert_eq!(next("2026-11-28 10:00"), at("2026-11-30 08:30"));
    }
}
