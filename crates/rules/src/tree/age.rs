//! How long ago a date lies: 成立 满 1年, 成立 不超过 10年.

use chrono::{Datelike, Days, Months, NaiveDate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::compare::Operator;
use super::logic::{all, any};
use super::period::{When, Year};
use crate::evaluate::facts::Facts;
use crate::evaluate::finding::{Finding, NOT_APPLICABLE};
use crate::evaluate::measure::date_of;
use crate::evaluate::range::{End, Range};
use crate::evaluate::reading::{Estimate, Evidence, Reading};
use crate::value::FactKey;
use crate::verdict::{Gap, Verdict};

/// A duration in whole years, months or days, as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Duration {
    Years(u16),
    Months(u16),
    Days(u16),
}

/// The age of a date fact on the as-of day, or at the end of a year.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Age {
    pub fact: FactKey,
    /// 满, 超过, 不超过 or 不满.
    pub operator: Operator,
    pub duration: Duration,
    /// 截至上年末: reckoned to the last day of this year instead of the as-of day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Year>,
}

impl Duration {
    /// The day on which the duration that began on `start` is completed. Where the last month has no such day it is
    /// that month's last (民法典 art. 202).
    pub fn completed(self, start: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Years(years) => start.checked_add_months(Months::new(u32::from(years) * 12)),
            Self::Months(months) => start.checked_add_months(Months::new(months.into())),
            Self::Days(days) => start.checked_add_days(Days::new(days.into())),
        }
    }

    /// The latest start whose duration is completed by `end`: the same question as a threshold on the raw date.
    pub fn latest_start(self, end: NaiveDate) -> Option<NaiveDate> {
        let mut start = match self {
            Self::Years(years) => end.checked_sub_months(Months::new(u32::from(years) * 12)),
            Self::Months(months) => end.checked_sub_months(Months::new(months.into())),
            Self::Days(days) => end.checked_sub_days(Days::new(days.into())),
        }?;
        // 29 to 31 of a month are completed on the last day of a shorter one, together with the 28th.
        while let Some(next) = start.succ_opt()
            && self.completed(next).is_some_and(|completed| completed <= end)
        {
            start = next;
        }
        Some(start)
    }
}

impl std::fmt::Display for Duration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Years(n) => write!(f, "{n}年"),
            Self::Months(n) => write!(f, "{n}个月"),
            Self::Days(n) => write!(f, "{n}天"),
        }
    }
}

impl Age {
    pub(crate) fn find(&self, facts: &Facts<'_>) -> Finding {
        let reading = facts.read_fact(&self.fact, When::Now, None);
        let Some(year) = self.until else { return aged(reading, self.operator, self.duration, facts.as_of()) };
        let Some(end) = year.last_day(facts.as_of()) else { return Finding::plain(Verdict::Unknown) };
        let mut finding = aged(reading, self.operator, self.duration, end);
        // That day does not move with the calendar: what is missing is missing for the whole year to come.
        finding.gap =
            finding.gap.map(|gap| Gap { display: format!("截至 {end} 未满足({})", gap.display), from_date: None });
        finding
    }
}

/// Judges how long ago the date read lies. 不超过 and 不满 are false, not true, where there is no date at all.
pub(super) fn aged(reading: Reading, operator: Operator, duration: Duration, end: NaiveDate) -> Finding {
    let threshold = format!("{} {duration}", operator.age_words());
    let Reading { estimate, evidence } = reading;
    let finding = match estimate {
        Estimate::NotApplicable => Finding::plain(Verdict::NotMet).actual(NOT_APPLICABLE.to_owned(), evidence),
        Estimate::Unknown(blank) => Finding::blank(blank),
        Estimate::Known(range) => dated(&range, evidence, operator, duration, end),
    };
    finding.threshold(threshold)
}

fn dated(range: &Range, evidence: Evidence, operator: Operator, duration: Duration, as_of: NaiveDate) -> Finding {
    let date = |end: &End| end.finite().and_then(date_of);
    let (Some(first), Some(last)) = (date(&range.low), date(&range.high)) else {
        return Finding::plain(Verdict::Unknown);
    };
    let verdict = weigh((first, last), operator, duration, as_of);
    let mut finding = Finding::plain(verdict);
    if verdict == Verdict::Unknown {
        finding = Finding::blank(evidence.doubt());
    }
    if verdict == Verdict::NotMet {
        finding.gap = gap(last, operator, duration, as_of);
    }
    let shown = if first == last { first.to_string() } else { format!("{first} 至 {last}") };
    finding.actual(shown, evidence)
}

/// The older the date, the longer the age: the ends of the interval decide.
fn weigh((first, last): (NaiveDate, NaiveDate), operator: Operator, duration: Duration, as_of: NaiveDate) -> Verdict {
    let verdict = |operator| weigh((first, last), operator, duration, as_of);
    match operator {
        Operator::Equal => all([verdict(Operator::AtLeast), verdict(Operator::AtMost)]),
        Operator::Differs => any([verdict(Operator::Less), verdict(Operator::More)]),
        _ => match (holds(last, operator, duration, as_of), holds(first, operator, duration, as_of)) {
            (true, true) => Verdict::Met,
            (false, false) => Verdict::NotMet,
            _ => Verdict::Unknown,
        },
    }
}

/// Whether the time since `start` stands in that relation to the duration on the as-of day.
pub(super) fn holds(start: NaiveDate, operator: Operator, duration: Duration, as_of: NaiveDate) -> bool {
    let completed = duration.completed(start);
    let reached = completed.is_some_and(|day| day <= as_of);
    let exceeded = completed.is_some_and(|day| day < as_of);
    match operator {
        Operator::AtLeast => reached,
        Operator::More => exceeded,
        Operator::AtMost => !exceeded,
        Operator::Less => !reached,
        Operator::Equal => reached && !exceeded,
        Operator::Differs => !reached || exceeded,
    }
}

/// Time alone closes the gap of 满 and 超过, and of nothing else.
fn gap(start: NaiveDate, operator: Operator, duration: Duration, as_of: NaiveDate) -> Option<Gap> {
    let completed = duration.completed(start)?;
    let from = match operator {
        Operator::AtLeast => completed,
        Operator::More => completed.succ_opt()?,
        _ => return None,
    };
    Some(Gap { display: format!("差 {},{from} 起满足", distance(as_of, from)), from_date: Some(from) })
}

/// Whole months where there are any, else days.
fn distance(from: NaiveDate, to: NaiveDate) -> String {
    let mut months = (to.year() - from.year()) * 12 + i32::try_from(to.month0()).unwrap_or(0)
        - i32::try_from(from.month0()).unwrap_or(0);
    if to.day() < from.day() {
        months -= 1;
    }
    match months {
        1.. => format!("{months} 个月{}", if to.day() == from.day() { "" } else { "多" }),
        _ => format!("{} 天", (to - from).num_days()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn one_year_is_completed_on_the_anniversary_and_not_the_day_before() {
        let one = Duration::Years(1);
        for (as_of, reached) in [("2026-11-22", false), ("2026-11-23", true), ("2026-11-24", true)] {
            assert_eq!(holds(day("2025-11-23"), Operator::AtLeast, one, day(as_of)), reached, "{as_of}");
        }
        assert!(!holds(day("2025-11-23"), Operator::More, one, day("2026-11-23")));
        assert!(holds(day("2025-11-23"), Operator::AtMost, one, day("2026-11-23")));
        assert!(!holds(day("2025-11-23"), Operator::Less, one, day("2026-11-23")));
    }

    #[test]
    fn a_leap_day_is_completed_on_the_last_of_february() {
        assert_eq!(Duration::Years(1).completed(day("2024-02-29")), Some(day("2025-02-28")));
        assert_eq!(Duration::Years(1).latest_start(day("2025-02-28")), Some(day("2024-02-29")));
        assert_eq!(Duration::Months(1).latest_start(day("2026-02-28")), Some(day("2026-01-31")));
    }

    #[test]
    fn the_latest_start_is_the_same_question_as_completion() {
        for offset in 0..1500 {
            let end = day("2023-01-01") + Days::new(offset);
            for duration in [Duration::Years(1), Duration::Months(1), Duration::Months(18), Duration::Days(30)] {
                let latest = duration.latest_start(end).unwrap();
                assert!(duration.completed(latest).unwrap() <= end, "{duration} {end}");
                assert!(duration.completed(latest + Days::new(1)).unwrap() > end, "{duration} {end}");
            }
        }
    }

    #[test]
    fn the_gap_names_the_day_from_which_time_has_closed_it() {
        let gap = gap(day("2025-05-10"), Operator::AtLeast, Duration::Years(2), day("2026-11-23")).unwrap();
        assert_eq!(gap.display, "差 5 个月多,2027-05-10 起满足");
        assert_eq!(gap.from_date, Some(day("2027-05-10")));
    }
}
