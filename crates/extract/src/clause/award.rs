//! What is paid, told apart from who may apply.

use std::ops::Range;

use super::{Carried, Clause};
use crate::leaf::Role;
use crate::quantity::Quantity;
use crate::text::Text;

const AWARDS: &[&str] = &[
    "给予",
    "奖励",
    "补助",
    "补贴",
    "资助",
    "奖补",
    "贴息",
    "返还",
    "予以支持",
    "支持标准",
    "支持比例",
    "补偿",
    "拨付",
    "扶持资金",
    "支持资金",
    "支持金额",
    "支持额度",
    "支持限额",
    "最高支持",
    "扶持",
    "配套资金",
    "奖金",
];
const REFUSED: &[&str] = &["不予", "不再", "不得", "不享受", "申请", "申报", "提出", "领取"];

const STICKY: &[&str] = &[
    "每家",
    "每个",
    "每户",
    "单个",
    "单家",
    "单户",
    "最高",
    "最多",
    "最长",
    "总额",
    "累计",
    "同一",
    "合计",
    "期限",
    "且最高",
    "每年",
    "年度",
    "原则上最高",
    "金额",
    "总金额",
    "不超过",
    "不低于",
    "全年",
    "一次性",
];

/// Where the clause begins to say what is paid.
pub(super) fn begins(text: &Text, span: Range<usize>) -> Option<usize> {
    AWARDS.iter().filter_map(|words| text.find(span.clone(), words)).filter(|at| !is_refused(text, *at)).min()
}

fn is_refused(text: &Text, at: usize) -> bool {
    REFUSED.iter().any(|words| text.ends_with(0, at, words).is_some())
}

impl Clause<'_> {
    /// What is paid, or who may apply.
    pub(super) fn role(&self, quantity: &Quantity, at: usize, carried: &Carried) -> Role {
        let text = self.text;
        let end = quantity.span.end;
        let follows = text.contains_any(
            end..(end + 8).min(self.span.end),
            &["的奖励", "奖励", "补助", "补贴", "的资助", "资助", "予以支持", "贴息", "的支持", "给予补"],
        ) && !text
            .contains_any(end..(end + 8).min(self.span.end), &["以上", "企业", "的,", "不予", "项目"]);
        let before = self.award_at.is_some_and(|award| award < at);
        let is_rate = quantity.operator.is_none()
            && text.contains_any(self.span.start..at, &["按", "按照"])
            && self.award_at.is_some();
        let head = self.span.start..(self.span.start + 8).min(at);
        let sticks = carried.was_award
            && text.contains_any(head.start..at.max(head.start), STICKY)
            && self.lexicon.nouns.find(&text.words(head.start..at)).is_none();
        if before || follows && quantity.operator.is_none() || is_rate || sticks {
            Role::Award
        } else {
            Role::Requirement
        }
    }
}
