//! When an item can be applied for: 开放 · 常年 · 未开放 · 按往年预计 · 已截止 · 已废止或被替代.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::call::{Call, CallStatus};
use crate::item::ItemRevision;
use crate::policy::{Policy, PolicyStatus, Validity};

/// The state of an item's window on one day. Days are inclusive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Window {
    /// 开放: a call is open; `closes_on` is absent when the notice states none.
    Open { batch: String, closes_on: Option<NaiveDate> },
    /// 常年: accepted at any time.
    Rolling,
    /// 未开放, with the day it opens.
    Upcoming { batch: String, opens_on: NaiveDate },
    /// 按往年预计: no call yet, but the usual month is known.
    Expected { year: i32, month: u8 },
    /// 已截止
    Closed { closed_on: NaiveDate },
    /// 未开放: nothing is announced and nothing is known from past years.
    Unannounced,
    /// 已废止、被替代或过了有效期: never pushed as new.
    Ended,
}

impl Window {
    /// Whether something can be handed in today.
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Open { .. } | Self::Rolling)
    }

    /// Whether knowing about it now is worth a message: open, or opening on a known day.
    pub fn is_live(&self) -> bool {
        self.is_open() || matches!(self, Self::Upcoming { .. })
    }

    pub fn closes_on(&self) -> Option<NaiveDate> {
        match self {
            Self::Open { closes_on, .. } => *closes_on,
            _ => None,
        }
    }

    /// Sort key of lists: what can be acted on first.
    pub fn urgency(&self) -> (u8, Option<NaiveDate>) {
        match self {
            Self::Open { closes_on: Some(day), .. } => (0, Some(*day)),
            Self::Open { closes_on: None, .. } => (1, None),
            Self::Rolling => (2, None),
            Self::Upcoming { opens_on, .. } => (3, Some(*opens_on)),
            Self::Expected { year, month } => (4, NaiveDate::from_ymd_opt(*year, u32::from(*month), 1)),
            Self::Unannounced => (5, None),
            Self::Closed { closed_on } => (6, Some(*closed_on)),
            Self::Ended => (7, None),
        }
    }

    /// The badge, e.g. `开放中 · 2026-12-05 截止`.
    pub fn label(&self) -> String {
        match self {
            Self::Open { closes_on: Some(day), .. } => format!("开放中 · {day} 截止"),
            Self::Open { closes_on: None, .. } => "开放中 · 截止日期待核".to_owned(),
            Self::Rolling => "常年受理".to_owned(),
            Self::Upcoming { opens_on, .. } => format!("未开放 · {opens_on} 开始"),
            Self::Expected { year, month } => format!("按往年预计 {year} 年 {month} 月"),
            Self::Closed { closed_on } => format!("已截止 · {closed_on}"),
            Self::Unannounced => "未开放".to_owned(),
            Self::Ended => "已废止或失效".to_owned(),
        }
    }
}

/// The call that governs as-of date and parameters on `day`: the open one, else the next to open.
pub fn governing_call(calls: &[Call], day: NaiveDate) -> Option<&Call> {
    open_call(calls, day).or_else(|| next_call(calls, day))
}

/// The window of an item on `day`, from its policy's validity, its calls and its habits.
pub fn window(
    policy: &Policy,
    item_status: PolicyStatus,
    item: &ItemRevision,
    calls: &[Call],
    day: NaiveDate,
) -> Window {
    if has_ended(policy, item_status, day) {
        return Window::Ended;
    }
    if let Some(call) = open_call(calls, day) {
        return Window::Open { batch: call.batch.clone(), closes_on: call.closes_on };
    }
    if item.rolling {
        return Window::Rolling;
    }
    if let Some((call, opens_on)) = next_call(calls, day).and_then(|call| Some((call, call.opens_on?))) {
        return Window::Upcoming { batch: call.batch.clone(), opens_on };
    }
    if let Some((year, month)) = next_usual_month(&item.usual_months, day) {
        return Window::Expected { year, month };
    }
    match published(calls).filter_map(|call| call.closes_on).max() {
        Some(closed_on) => Window::Closed { closed_on },
        None => Window::Unannounced,
    }
}

/// Whether the policy or the item has stopped being in force on `day`.
pub fn has_ended(policy: &Policy, item_status: PolicyStatus, day: NaiveDate) -> bool {
    policy.status == PolicyStatus::Repealed
        || item_status == PolicyStatus::Repealed
        || matches!(policy.revision.validity, Validity::Expired | Validity::Repealed | Validity::Replaced)
        || policy.revision.valid_until.is_some_and(|last| last < day)
}

fn published(calls: &[Call]) -> impl Iterator<Item = &Call> {
    calls.iter().filter(|call| call.status == CallStatus::Published)
}

/// A call without a stated opening day is open until it closes; one without any day says nothing.
fn open_call(calls: &[Call], day: NaiveDate) -> Option<&Call> {
    published(calls)
        .filter(|call| call.opens_on.is_some() || call.closes_on.is_some())
        .filter(|call| call.opens_on.is_none_or(|opens| opens <= day))
        .filter(|call| call.closes_on.is_none_or(|closes| closes >= day))
        .min_by_key(|call| (call.closes_on.is_none(), call.closes_on, call.batch.clone()))
}

fn next_call(calls: &[Call], day: NaiveDate) -> Option<&Call> {
    published(calls).filter(|call| call.opens_on.is_some_and(|opens| opens > day)).min_by_key(|call| call.opens_on)
}

/// The current month counts as still to come: its notice may be out tomorrow.
pub fn next_usual_month(months: &[u8], day: NaiveDate) -> Option<(i32, u8)> {
    let this_month = u8::try_from(day.month()).ok()?;
    let later = months.iter().copied().filter(|month| (this_month..=12).contains(month)).min();
    later
        .map(|month| (day.year(), month))
        .or_else(|| months.iter().copied().filter(|month| (1..=12).contains(month)).min().map(|m| (day.year() + 1, m)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn on(calls: &[Call], today: &str) -> Window {
        let item = sample::item("a");
        window(&sample::policy("p"), item.status, &item.revision, calls, day(today))
    }

    #[test]
    fn a_window_is_open_on_its_first_and_last_day_and_not_beside_them() {
        let calls = [sample::call("a", "2026-1", Some("2026-12-01"), Some("2026-12-05"))];
        assert_eq!(on(&calls, "2026-11-30"), Window::Upcoming { batch: "2026-1".into(), opens_on: day("2026-12-01") });
        for open in ["2026-12-01", "2026-12-05"] {
            assert_eq!(on(&calls, open), Window::Open { batch: "2026-1".into(), closes_on: Some(day("2026-12-05")) });
        }
        assert_eq!(on(&calls, "2026-12-06"), Window::Closed { closed_on: day("2026-12-05") });
    }

    #[test]
    fn of_two_open_calls_the_one_that_closes_first_speaks() {
        let calls = [
            sample::call("a", "late", Some("2026-01-01"), None),
            sample::call("a", "soon", Some("2026-01-01"), Some("2026-03-01")),
        ];
        assert_eq!(on(&calls, "2026-02-01").closes_on(), Some(day("2026-03-01")));
    }

    #[test]
    fn a_withdrawn_call_opens_nothing() {
        let mut call = sample::call("a", "2026-1", Some("2026-01-01"), None);
        call.status = CallStatus::Withdrawn;
        assert_eq!(on(&[call], "2026-02-01"), Window::Unannounced);
    }

    #[test]
    fn usual_months_are_an_expectation_and_roll_into_the_next_year() {
        let mut item = sample::item("a");
        item.revision.usual_months = vec![3, 10];
        let policy = sample::policy("p");
        let expected = |today| window(&policy, item.status, &item.revision, &[], day(today));
        assert_eq!(expected("2026-03-31"), Window::Expected { year: 2026, month: 3 });
        assert_eq!(expected("2026-04-01"), Window::Expected { year: 2026, month: 10 });
        assert_eq!(expected("2026-11-01"), Window::Expected { year: 2027, month: 3 });
    }

    #[test]
    fn a_policy_past_its_last_day_has_ended_even_while_a_call_is_open() {
        let calls = [sample::call("a", "2026-1", Some("2026-01-01"), None)];
        let item = sample::item("a");
        let mut policy = sample::policy("p");
        policy.revision.valid_until = Some(day("2026-06-30"));
        assert!(window(&policy, item.status, &item.revision, &calls, day("2026-06-30")).is_open());
        assert_eq!(window(&policy, item.status, &item.revision, &calls, day("2026-07-01")), Window::Ended);
    }
}
