//! Chinese words for what the types say, and the tone a badge has. One place, so that all pages agree.

use chrono::{Datelike, NaiveDate};
use domain::matching::Entry;
use domain::window::governing_call;
use domain::{
    CallOrigin, Category, Coverage, Item, Level, Mode, Policy, PolicyStatus, Standing, Support, Validity, Window,
};
use rules::Reference;
use rules::reference::AreaLevel;
use serde::Serialize;

use crate::typeset::typeset;

/// Shown wherever a detail is not known. Nothing is ever guessed in its place.
pub(crate) const PENDING: &str = "待核";
pub(crate) const NOT_FULLY_RECORDED: &str = "条件未全部录入，以官方原文为准";

/// A short word in a coloured box; the tone is a class of the sheet and never the only carrier of meaning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Badge {
    pub(crate) text: String,
    pub(crate) tone: &'static str,
}

impl Badge {
    pub(crate) fn new(text: impl Into<String>, tone: &'static str) -> Self {
        Self { text: text.into(), tone }
    }
}

pub(crate) fn level(level: Level) -> &'static str {
    match level {
        Level::National => "国家",
        Level::Province => "省",
        Level::City => "市",
        Level::District => "区",
    }
}

pub(crate) fn level_badge(of: Level) -> Badge {
    let (text, tone) = match of {
        Level::National => ("国家级", "level national"),
        Level::Province => ("省级", "level province"),
        Level::City => ("市级", "level city"),
        Level::District => ("区级", "level district"),
    };
    Badge::new(text, tone)
}

pub(crate) fn category(category: Category) -> &'static str {
    match category {
        Category::Cultivation => "梯度培育与认定",
        Category::Innovation => "科技创新",
        Category::Upgrading => "技术改造与数字化",
        Category::Finance => "融资与上市",
        Category::Employment => "就业与人才",
        Category::Tax => "税费减免",
        Category::Market => "市场与投资",
        Category::Agriculture => "农业",
        Category::Green => "绿色低碳",
        Category::Other => "其他",
    }
}

pub(crate) fn support(support: Support) -> &'static str {
    match support {
        Support::Relief => "减免",
        Support::Grant => "奖补",
        Support::Right => "权益",
        Support::Qualification => "资质",
        Support::Financing => "融资",
    }
}

/// 兑现方式; a competitive item says so wherever it is named, with its quota where stated.
pub(crate) fn mode_badge(mode: Mode, quota: Option<i64>) -> Badge {
    match (mode, quota) {
        (Mode::Automatic, _) => Badge::new("免申即享", "good"),
        (Mode::Instant, _) => Badge::new("即申即享", "good"),
        (Mode::Application, _) => Badge::new("申报", "plain"),
        (Mode::Competitive, Some(quota)) => Badge::new(format!("择优 · 名额 {quota}"), "warn"),
        (Mode::Competitive, None) => Badge::new("择优", "warn"),
    }
}

pub(crate) fn validity_badge(policy: &Policy) -> Badge {
    match (policy.status, policy.revision.validity) {
        (PolicyStatus::Repealed, _) | (_, Validity::Repealed) => Badge::new("已废止", "closed"),
        (_, Validity::Replaced) => Badge::new("已被替代", "closed"),
        (_, Validity::Expired) => Badge::new("已失效", "closed"),
        (_, Validity::InForce) => Badge::new("现行有效", "good"),
        (_, Validity::Unverified) => Badge::new("有效性待核", "warn"),
    }
}

/// Days before the end from which a window's badge turns red.
const URGENT_DAYS: i64 = 14;

pub(crate) fn window_badge(window: &Window, day: NaiveDate) -> Badge {
    let tone = match window {
        Window::Open { closes_on: Some(last), .. } if (*last - day).num_days() <= URGENT_DAYS => "urgent",
        Window::Open { .. } | Window::Rolling => "good",
        Window::Upcoming { .. } => "info",
        Window::Expected { .. } => "warn",
        Window::Closed { .. } | Window::Unannounced | Window::Ended => "closed",
    };
    Badge::new(window.label(), tone)
}

/// 何时, as a sentence.
pub(crate) fn window_sentence(window: &Window, today: NaiveDate) -> String {
    match window {
        Window::Open { closes_on: Some(last), .. } => {
            format!("正在受理，{} 截止（{}）。", date(*last), left(*last, today))
        }
        Window::Open { closes_on: None, .. } => "正在受理，截止日期待核，请尽早办理。".to_owned(),
        Window::Rolling => "常年受理，随时可以办理。".to_owned(),
        Window::Upcoming { opens_on, .. } => {
            format!("尚未开放，{} 开始受理（{}）。", date(*opens_on), left(*opens_on, today))
        }
        Window::Expected { year, month } => {
            format!("今年的通知尚未发布。按往年情况，预计 {year} 年 {month} 月开放，以正式通知为准。")
        }
        Window::Closed { closed_on } => format!("最近一批已于 {} 截止，下一批未公布。", date(*closed_on)),
        Window::Unannounced => "受理时间未公布，以主管部门通知为准。".to_owned(),
        Window::Ended => "该政策已废止、失效或被替代，不再受理。".to_owned(),
    }
}

fn left(last: NaiveDate, today: NaiveDate) -> String {
    match (last - today).num_days() {
        0 => "就在今天".to_owned(),
        days => format!("还有 {days} 天"),
    }
}

pub(crate) fn standing_tone(standing: Standing) -> &'static str {
    match standing {
        Standing::Met | Standing::AlmostMet => "good",
        Standing::Near | Standing::MissingInformation => "warn",
        Standing::NotFullyRecorded => "info",
        Standing::NotMet => "urgent",
        Standing::NotOpen => "closed",
    }
}

/// What one standing means to its reader, below the heading of its group.
pub(crate) fn standing_lead(standing: Standing) -> &'static str {
    match standing {
        Standing::Met => "已录入的条件全部达到。是否享受以主管部门审核为准；择优类事项只表示可以申报。",
        Standing::AlmostMet => "数据条件都已达到，只差您的承诺或人工确认。",
        Standing::Near => "差距可以量化，下面写明差多少。",
        Standing::MissingInformation => "再补充几项信息就能判断。",
        Standing::NotFullyRecorded => "系统只录入了部分条件或尚未录入条件，没有发现不符合之处，请对照官方原文。",
        Standing::NotMet => "有条件达不到，下面写明是哪一条。",
        Standing::NotOpen => "不论是否符合，现在不受理。",
    }
}

/// The words of a standing for one item; a quota is named where the notice states one.
pub(crate) fn standing_words(standing: Standing, item: &Item) -> String {
    let label = standing.label(item.revision.mode);
    let words = match (standing, item.revision.mode, item.revision.quota) {
        (Standing::Met | Standing::AlmostMet, Mode::Competitive, Some(quota)) => {
            format!("{},名额 {quota})", label.trim_end_matches(')'))
        }
        _ => label.to_owned(),
    };
    typeset(&words).into_owned()
}

/// A condition text as a person reads it: the signs of arithmetic instead of those of the keyboard.
pub(crate) fn condition(text: &str) -> String {
    text.replace(">=", "≥").replace("<=", "≤")
}

/// The name of an area as a reader says it; the nation is 全国.
pub(crate) fn area(reference: &Reference, code: &str) -> String {
    match reference.areas.get(code) {
        Some(area) if area.level == AreaLevel::Nation => "全国".to_owned(),
        Some(area) => area.name.clone(),
        None => code.to_owned(),
    }
}

/// Said wherever the window of a made-up call is shown.
pub(crate) fn synthetic_badge(entry: &Entry, day: NaiveDate) -> Option<Badge> {
    is_synthetic(entry, day).then(|| Badge::new("演示批次", "warn"))
}

/// Whether the call that governs on this day was made up for the demo.
pub(crate) fn is_synthetic(entry: &Entry, day: NaiveDate) -> bool {
    governing_call(&entry.calls, day).is_some_and(|call| call.origin == CallOrigin::Synthetic)
}

pub(crate) fn coverage_notice(coverage: Coverage) -> Option<&'static str> {
    (coverage != Coverage::Full).then_some(NOT_FULLY_RECORDED)
}

pub(crate) fn date(day: NaiveDate) -> String {
    format!("{} 年 {} 月 {} 日", day.year(), day.month(), day.day())
}

/// A date no more exact than its source: `2022 年 6 月`.
pub(crate) fn date_as_stated(day: NaiveDate, precision: Option<&str>) -> String {
    match precision {
        Some("year") => format!("{} 年", day.year()),
        Some("month") => format!("{} 年 {} 月", day.year(), day.month()),
        _ => date(day),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_competitive_item_names_its_quota_and_never_promises() {
        let mut item = domain::sample::item("a");
        item.revision.mode = Mode::Competitive;
        item.revision.quota = Some(30);
        assert_eq!(standing_words(Standing::Met, &item), "可申报（择优，名额 30）");
        item.revision.quota = None;
        assert_eq!(standing_words(Standing::Met, &item), "可申报（择优）");
        item.revision.mode = Mode::Application;
        assert_eq!(standing_words(Standing::Met, &item), "符合");
    }

    #[test]
    fn a_window_turns_red_fourteen_days_before_its_end() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let open = Window::Open { batch: "2026-1".into(), closes_on: Some(day("2026-12-15")) };
        assert_eq!(window_badge(&open, day("2026-11-30")).tone, "good");
        assert_eq!(window_badge(&open, day("2026-12-01")).tone, "urgent");
    }

    #[test]
    fn a_date_is_shown_no_more_exactly_than_it_is_known() {
        let day = "2022-06-01".parse().unwrap();
        assert_eq!(date_as_stated(day, Some("month")), "2022 年 6 月");
        assert_eq!(date_as_stated(day, None), "2022 年 6 月 1 日");
    }
}
