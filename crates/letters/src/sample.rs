//! Sample digests. Every template is rendered with every one of them, in tests and whenever a city overrides one.

use chrono::NaiveDate;
use domain::{Basis, Instant, Mode, Reason, RunKind, Standing, Window};

use crate::digest::{Digest, Line, LineLinks, Links, Recipient, Sender, Subject};

impl Digest {
    /// A weekly letter of the demo with a line for each kind of window.
    pub fn sample() -> Self {
        Self {
            kind: RunKind::Weekly,
            slot: "2026-W48".into(),
            as_of: day(2026, 11, 23),
            planned_at: Instant(1_795_396_200_000),
            recipient: Recipient { name: "周明".into(), basis: Basis::Subscribed },
            subject: Subject::Enterprise {
                uscc: "91420111MA4K00000X".into(), name: "武汉示例精密机械有限公司".into()
            },
            sender: Sender { name: "武汉惠企政策服务".into(), contact: Some("12345".into()) },
            lines: sample_lines(),
            more: 4,
            links: Links {
                all: "https://hqt.example.cn/m/7f3a".into(),
                unsubscribe: "https://hqt.example.cn/unsubscribe/7f3a".into(),
            },
            synthetic: true,
        }
    }

    /// Every shape a digest can take: weekly, express, saved search, and names written to break a template.
    pub fn samples() -> Vec<Self> {
        let weekly = Self::sample();
        let express = Self {
            kind: RunKind::Express,
            slot: "2026-11-23".into(),
            lines: vec![weekly.lines[0].clone()],
            more: 0,
            synthetic: false,
            recipient: Recipient { name: "李芳".into(), basis: Basis::OfficialDuty },
            ..weekly.clone()
        };
        let search = Self {
            subject: Subject::Search { query: "数字化转型 补贴".into() },
            sender: Sender { name: "武汉惠企政策服务".into(), contact: None },
            lines: vec![Line { standing: Standing::NotFullyRecorded, reason: Reason::Published, ..bare_line() }],
            synthetic: false,
            ..weekly.clone()
        };
        let hostile = Self {
            subject: Subject::Enterprise { uscc: String::new(), name: "<script>alert(1)</script>\r\nBcc: x@y".into() },
            recipient: Recipient { name: "{{ 7*7 }}\"><img src=x>".into(), basis: Basis::Advisor },
            lines: vec![Line { name: "A & B <b>\"'".into(), reason: Reason::Corrected, ..bare_line() }],
            ..weekly.clone()
        };
        vec![weekly, express, search, hostile]
    }
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

fn sample_lines() -> Vec<Line> {
    vec![
        Line {
            code: "sample-digital".into(),
            links: links("sample-digital"),
            name: "制造业数字化改造补助".into(),
            origin: Some("武汉市 · 洪山区".into()),
            reason: Reason::ClosesIn3Days,
            amount: Some("按软硬件投入的 30% 补助，最高 20 万元".into()),
            window: Window::Open { batch: "demo".into(), closes_on: Some(day(2026, 11, 26)) },
            synthetic_call: true,
            because: vec![
                "注册地在武汉市洪山区".into(),
                "国民经济行业属于制造业".into(),
                "上年度营业收入 2,300 万元，达到 2,000 万元".into(),
            ],
            ..bare_line()
        },
        Line {
            code: "sample-sme".into(),
            links: links("sample-sme"),
            name: "创新型中小企业评价".into(),
            origin: Some("湖北省".into()),
            standing: Standing::AlmostMet,
            mode: Mode::Competitive,
            quota: Some(30),
            window: Window::Open { batch: "demo".into(), closes_on: Some(day(2026, 12, 20)) },
            because: vec!["近一年研发费用占营业收入 5.2%，达到 5%".into()],
            missing: vec!["承诺近三年未发生重大安全、质量、环境污染事故".into()],
            ..bare_line()
        },
        bare_line(),
        Line {
            code: "sample-repealed".into(),
            links: links("sample-repealed"),
            name: "展位费补贴（旧）".into(),
            reason: Reason::Repealed,
            standing: Standing::NotOpen,
            window: Window::Ended,
            because: vec!["自 2026 年 11 月 1 日起由新办法替代".into()],
            ..bare_line()
        },
    ]
}

/// As little as a line can say.
fn bare_line() -> Line {
    Line {
        code: "sample-jobs".into(),
        name: "一次性吸纳就业补贴".into(),
        origin: None,
        reason: Reason::NewlyMatched,
        standing: Standing::Met,
        mode: Mode::Application,
        quota: None,
        amount: None,
        window: Window::Rolling,
        synthetic_call: false,
        because: Vec::new(),
        missing: Vec::new(),
        links: links("sample-jobs"),
    }
}

fn links(code: &str) -> LineLinks {
    let answer = |word: &str| format!("https://hqt.example.cn/feedback/7f3a/{code}?answer={word}");
    LineLinks {
        guide: format!("https://hqt.example.cn/items/{code}?from=7f3a"),
        wrong: answer("wrong"),
        applied: answer("applied"),
        not_interested: answer("not_interested"),
    }
}
