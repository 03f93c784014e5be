//! The Chinese words for what the types say. One place, so that mail, webhook and pages agree.

use chrono::{Datelike, NaiveDate};
use domain::{Basis, Mode, Reason, Standing, Window};

use crate::digest::Line;

const ENDED: &str = "已废止或失效";

/// Why a line is sent, as a sentence to its reader.
pub fn reason_words(reason: Reason) -> &'static str {
    match reason {
        Reason::Corrected => "此前的判定或政策文本有误，现已更正，您的情形因此有变",
        Reason::NewlyMatched => "按现在掌握的信息逐条比对，您首次达到该事项的条件",
        Reason::WindowOpens => "您关注的事项开始受理申报",
        Reason::ClosesIn14Days => "14 天之内就要截止申报",
        Reason::ClosesIn3Days => "3 天之内就要截止申报",
        Reason::Repealed => "此前告知过您的政策已经废止或被替代",
        Reason::Published => "新发布的申报通知，条件尚未录入，请对照官方原文",
    }
}

/// The sentence of a line: a first match that still waits for a promise does not claim more.
pub(crate) fn why_words(line: &Line) -> &'static str {
    match (line.reason, line.standing) {
        (Reason::NewlyMatched, Standing::AlmostMet) => {
            "按现在掌握的信息逐条比对，您首次基本达到该事项的条件，只差下列承诺或确认"
        }
        (reason, _) => reason_words(reason),
    }
}

/// On what ground we write, as the footer says it.
pub fn basis_words(basis: Basis) -> &'static str {
    match basis {
        Basis::Subscribed => "您本人订阅了惠企政策通知",
        Basis::OfficialDuty => "政府部门履行政策告知职责，向企业登记的联系人发送",
        Basis::Advisor => "您作为服务专员代所联系的企业接收",
    }
}

/// The standing of a line, with the quota where it is a competition: `可申报(择优,名额 30)`.
pub(crate) fn standing_words(line: &Line) -> String {
    if line.window == Window::Ended {
        return ENDED.to_owned();
    }
    match (line.standing, line.mode, line.quota) {
        (Standing::Met, Mode::Competitive, Some(quota)) => format!("可申报（择优，名额 {quota}）"),
        (Standing::AlmostMet, Mode::Competitive, Some(quota)) => format!("基本可申报（择优，名额 {quota}）"),
        (standing, mode, _) => standing.label(mode).to_owned(),
    }
}

/// The deadline as a reader needs it: the day, and how many days are left.
pub(crate) fn deadline_words(window: &Window, as_of: NaiveDate) -> String {
    match window {
        Window::Open { closes_on: Some(day), .. } => format!("{}截止（{}）", date_words(*day), days_left(*day, as_of)),
        Window::Open { closes_on: None, .. } => "开放中，截止日期待核".to_owned(),
        Window::Rolling => "常年受理".to_owned(),
        Window::Upcoming { opens_on, .. } => format!("{}开始受理", date_words(*opens_on)),
        Window::Expected { year, month } => format!("尚未开放，按往年预计在 {year} 年 {month} 月"),
        Window::Closed { closed_on } => format!("已于{}截止", date_words(*closed_on)),
        Window::Unannounced => "尚未公布申报时间".to_owned(),
        Window::Ended => ENDED.to_owned(),
    }
}

pub(crate) fn date_words(day: NaiveDate) -> String {
    format!("{} 年 {} 月 {} 日", day.year(), day.month(), day.day())
}

fn days_left(day: NaiveDate, as_of: NaiveDate) -> String {
    match (day - as_of).num_days() {
        ..0 => "已过".to_owned(),
        0 => "今天截止".to_owned(),
        days => format!("还有 {days} 天"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_counts_the_days_to_its_last_day() {
        let as_of: NaiveDate = "2026-11-23".parse().unwrap();
        let open = |day: &str| Window::Open { batch: "2026-1".into(), closes_on: Some(day.parse().unwrap()) };
        let check = |day: &str, expected: &str| assert_eq!(deadline_words(&open(day), as_of), expected);
        check("2026-11-30", "2026 年 11 月 30 日截止（还有 7 天）");
        check("2026-11-24", "2026 年 11 月 24 日截止（还有 1 天）");
        check("2026-11-23", "2026 年 11 月 23 日截止（今天截止）");
        check("2026-11-22", "2026 年 11 月 22 日截止（已过）");
    }
}
