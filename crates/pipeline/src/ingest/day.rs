//! Dates as people and files write them.

use chrono::{Datelike, NaiveDate};

/// A date of publication and how exact it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stated {
    /// The first day of what is stated.
    pub(crate) day: NaiveDate,
    /// `day`, `month` or `year`.
    pub(crate) precision: &'static str,
}

/// `2022`, `2022-06`, `2022-06-01`; also with `/`, `.` or 年月日, and the first day of a span `a/b`.
pub(crate) fn stated(text: &str) -> Option<Stated> {
    let first = match text.split_once('/') {
        Some((from, to)) if from.len() == 10 && to.len() == 10 => from,
        _ => text,
    };
    let parts = parts(first)?;
    let (year, month, day) = (parts[0], parts.get(1), parts.get(2));
    let precision = match (month, day) {
        (_, Some(_)) => "day",
        (Some(_), None) => "month",
        (None, None) => "year",
    };
    let year = i32::try_from(year).ok().filter(|year| (1949..=2100).contains(year))?;
    let day = NaiveDate::from_ymd_opt(year, *month.unwrap_or(&1), *day.unwrap_or(&1))?;
    Some(Stated { day, precision })
}

/// A full date in any of the spellings of [`stated`]; a time of day behind it is dropped.
pub(crate) fn full(text: &str) -> Option<NaiveDate> {
    let date = text.split(['T', ' ']).next()?;
    let digits = date.len() == 8 && date.bytes().all(|byte| byte.is_ascii_digit());
    let spelled = if digits { format!("{}-{}-{}", &date[..4], &date[4..6], &date[6..]) } else { date.to_owned() };
    stated(&spelled).filter(|stated| stated.precision == "day").map(|stated| stated.day)
}

/// Whether a date lies so far ahead that it must be a slip of the pen: more than `years` after `today`.
pub(crate) fn too_far_ahead(day: NaiveDate, today: NaiveDate, years: i32) -> bool {
    day.year() > today.year() + years
}

fn parts(text: &str) -> Option<Vec<u32>> {
    let text = text.trim().trim_end_matches(['日', '号', '月', '年']);
    let parts: Option<Vec<u32>> =
        text.split(['-', '/', '.', '年', '月']).map(|part| part.trim().parse().ok()).collect();
    parts.filter(|parts| (1..=3).contains(&parts.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_keeps_the_precision_it_was_stated_with() {
        let read = |text| stated(text).map(|stated| (stated.day.to_string(), stated.precision));
        assert_eq!(read("2022"), Some(("2022-01-01".into(), "year")));
        assert_eq!(read("2022年"), Some(("2022-01-01".into(), "year")));
        assert_eq!(read("2022-06"), Some(("2022-06-01".into(), "month")));
        assert_eq!(read("2022年6月"), Some(("2022-06-01".into(), "month")));
        for day in ["2022-06-09", "2022/6/9", "2022.6.9", "2022年6月9日", "2022-06-09/2022-07-01"] {
            assert_eq!(read(day), Some(("2022-06-09".into(), "day")), "{day}");
        }
        for wrong in ["", "待定", "2022-13", "2022-02-30", "22-06-01", "1-2-3-4"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_full_date_may_carry_a_time_or_no_separators() {
        for text in ["2022-06-09", "2022-06-09T08:30:00", "2022-06-09 08:30", "20220609"] {
            assert_eq!(full(text), NaiveDate::from_ymd_opt(2022, 6, 9), "{text}");
        }
        assert_eq!(full("2022-06"), None);
    }
}
