//! The windows of one item over all days, so that the index does not age overnight.

use chrono::{Days, NaiveDate};
use domain::{Call, ItemRevision, Policy, PolicyStatus, Window, window};
use serde::{Deserialize, Serialize};

/// 窗口状态, in the order a person can act on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// 开放
    Open,
    /// 未开放, the opening day is known
    Soon,
    /// 常年
    Rolling,
    /// 按往年预计
    Expected,
    /// 未开放, nothing announced
    Unannounced,
    /// 已截止
    Closed,
    /// 已废止、被替代或失效
    Ended,
}

impl Status {
    /// Every status, most actionable first.
    pub const ALL: [Self; 7] =
        [Self::Open, Self::Soon, Self::Rolling, Self::Expected, Self::Unannounced, Self::Closed, Self::Ended];

    pub fn of(window: &Window) -> Self {
        match window {
            Window::Open { .. } => Self::Open,
            Window::Upcoming { .. } => Self::Soon,
            Window::Rolling => Self::Rolling,
            Window::Expected { .. } => Self::Expected,
            Window::Unannounced => Self::Unannounced,
            Window::Closed { .. } => Self::Closed,
            Window::Ended => Self::Ended,
        }
    }
}

/// What the window is from `from` on, until the next span.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Span {
    from: NaiveDate,
    window: Window,
}

/// The window of an item (or of a policy without items) on every day, from what is known today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timeline {
    spans: Vec<Span>,
    /// Usual months, to name the next one when nothing is announced.
    usual_months: Vec<u8>,
}

impl Timeline {
    /// The timeline of an item with its published calls.
    pub fn of_item(policy: &Policy, status: PolicyStatus, item: &ItemRevision, calls: &[Call]) -> Self {
        let of_calls = calls.iter().flat_map(|call| [call.opens_on, call.closes_on.and_then(next_day)]);
        let days = of_calls.chain([policy.revision.valid_until.and_then(next_day)]).flatten();
        let at = |day| window::window(policy, status, item, calls, day);
        Self { spans: spans(days, at), usual_months: item.usual_months.clone() }
    }

    /// The timeline of a policy without items: in force and unannounced, then ended.
    pub fn of_policy(policy: &Policy) -> Self {
        let days = policy.revision.valid_until.and_then(next_day).into_iter();
        let at = |day| if window::has_ended(policy, policy.status, day) { Window::Ended } else { Window::Unannounced };
        Self { spans: spans(days, at), usual_months: Vec::new() }
    }

    /// A window that never changes.
    pub fn constant(window: Window) -> Self {
        Self { spans: vec![Span { from: beginning(), window }], usual_months: Vec::new() }
    }

    /// The window on `day`.
    pub fn at(&self, day: NaiveDate) -> Window {
        let span = self.spans.iter().rev().find(|span| span.from <= day);
        let window = span.map_or(Window::Unannounced, |span| span.window.clone());
        match window {
            Window::Expected { .. } => window::next_usual_month(&self.usual_months, day)
                .map_or(window, |(year, month)| Window::Expected { year, month }),
            other => other,
        }
    }

    /// The status from each day on, oldest first.
    pub(crate) fn statuses(&self) -> impl Iterator<Item = (NaiveDate, Status)> {
        self.spans.iter().map(|span| (span.from, Status::of(&span.window)))
    }
}

/// Earlier than any official text.
fn beginning() -> NaiveDate {
    NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or(NaiveDate::MIN)
}

fn next_day(day: NaiveDate) -> Option<NaiveDate> {
    day.checked_add_days(Days::new(1))
}

fn spans(changes: impl Iterator<Item = NaiveDate>, at: impl Fn(NaiveDate) -> Window) -> Vec<Span> {
    let mut days: Vec<NaiveDate> = changes.chain([beginning()]).collect();
    days.sort_unstable();
    let mut spans: Vec<Span> = days.into_iter().map(|from| Span { from, window: at(from) }).collect();
    spans.dedup_by(|later, earlier| later.window == earlier.window);
    spans
}

#[cfg(test)]
mod tests {
    use domain::sample;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_timeline_says_on_every_day_what_the_calls_say() {
        let mut policy = sample::policy("p");
        policy.revision.valid_until = Some(day("2027-12-31"));
        let mut item = sample::item("a");
        item.revision.usual_months = vec![3, 10];
        let calls = [
            sample::call("a", "1", Some("2026-03-01"), Some("2026-03-31")),
            sample::call("a", "2", Some("2026-12-01"), None),
            sample::call("a", "3", Some("2026-03-20"), Some("2026-05-05")),
        ];
        let timeline = Timeline::of_item(&policy, item.status, &item.revision, &calls);
        let stored: Timeline = serde_json::from_str(&serde_json::to_string(&timeline).unwrap()).unwrap();
        for today in day("2025-01-01").iter_days().take(1500) {
            let expected = window::window(&policy, item.status, &item.revision, &calls, today);
            assert_eq!(stored.at(today), expected, "{today}");
        }
    }

    #[test]
    fn a_policy_without_items_ends_the_day_after_its_last_day() {
        let mut policy = sample::policy("p");
        policy.revision.valid_until = Some(day("2026-06-30"));
        let timeline = Timeline::of_policy(&policy);
        assert_eq!(timeline.at(day("2026-06-30")), Window::Unannounced);
        assert_eq!(timeline.at(day("2026-07-01")), Window::Ended);
    }
}
