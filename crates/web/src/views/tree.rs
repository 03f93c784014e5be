//! A condition as a person reads it: groups with their rule in words, leaves with sentence and evidence.

use rules::{Node, UnknownCause, Verdict};
use serde::Serialize;

use crate::words;

/// One branch of the tree. Without a verdict it is the bare condition of the guide.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Branch {
    pub(crate) words: String,
    pub(crate) is_group: bool,
    /// `met`, `unknown` or `not_met`, with its word; absent on the bare condition.
    pub(crate) sign: Option<(&'static str, &'static str)>,
    pub(crate) sentence: Option<String>,
    /// Label and text of value, period, source, threshold, gap.
    pub(crate) facts: Vec<(&'static str, String)>,
    pub(crate) children: Vec<Branch>,
}

impl Branch {
    /// The condition alone: words and sentences.
    pub(crate) fn bare(node: &Node) -> Self {
        Self {
            words: node.plain.clone(),
            is_group: node.group.is_some(),
            sign: None,
            sentence: node.sentence.clone(),
            facts: Vec::new(),
            children: node.children.iter().map(Self::bare).collect(),
        }
    }

    /// The condition with what was found for one enterprise.
    pub(crate) fn judged(node: &Node) -> Self {
        Self {
            sign: Some(sign(node.verdict)),
            facts: evidence(node),
            children: node.children.iter().map(Self::judged).collect(),
            ..Self::bare(node)
        }
    }

    pub(super) fn sample() -> Self {
        Self {
            words: "以下三项都要满足:".to_owned(),
            is_group: true,
            sign: Some(sign(Verdict::Unknown)),
            sentence: None,
            facts: Vec::new(),
            children: vec![Self {
                words: "去年研发费用不低于 100 万元".to_owned(),
                is_group: false,
                sign: None,
                sentence: Some("上年度研发费用不低于100万元".to_owned()),
                facts: vec![("实际", "86 万元".to_owned())],
                children: Vec::new(),
            }],
        }
    }
}

pub(crate) fn sign(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Met => ("met", "达到"),
        Verdict::Unknown => ("unknown", "待定"),
        Verdict::NotMet => ("not_met", "未达到"),
    }
}

fn evidence(node: &Node) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    if let Some(actual) = &node.actual {
        facts.push(("实际", actual.display.clone()));
        facts.extend(actual.period.clone().map(|period| ("时期", period)));
        facts.extend(actual.source.clone().map(|source| ("来源", source)));
        facts.extend(actual.grade.map(|grade| ("证据等级", format!("{grade:?}"))));
    }
    facts.extend(node.threshold.as_deref().map(|threshold| ("要求", words::condition(threshold))));
    if let Some(gap) = &node.gap {
        facts.push(("差距", gap.display.clone()));
        facts.extend(gap.from_date.map(|day| ("何时达到", format!("{} 起", words::date(day)))));
    }
    facts.extend(node.cause.as_ref().map(|cause| ("为何待定", cause_words(cause))));
    facts.extend(node.regardless.clone().map(|words| ("为何已定", words)));
    facts
}

/// Why a leaf is open, in words a firm can act on.
pub(crate) fn cause_words(cause: &UnknownCause) -> String {
    match cause {
        UnknownCause::Missing => "没有这项数据".to_owned(),
        UnknownCause::Conflict => "几个来源的数据不一致，结论取决于以哪个为准".to_owned(),
        UnknownCause::IncompleteList => "记录不完整，不能断定没有".to_owned(),
        UnknownCause::PeriodNotClosed { with_last_closed: None } => "该时期的数据还没有产生".to_owned(),
        UnknownCause::PeriodNotClosed { with_last_closed: Some(verdict) } => {
            format!("该时期的数据还没有产生；按上一期数据看为「{}」", sign(*verdict).1)
        }
        UnknownCause::Attestation => "需要企业自己承诺".to_owned(),
        UnknownCause::Manual => "需要主管部门人工认定".to_owned(),
        UnknownCause::Undefined { reason } => format!("无法计算：{reason}"),
    }
}
