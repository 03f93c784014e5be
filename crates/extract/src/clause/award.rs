//! What is paid, told apart from who may apply.

use std::ops::Range;

use rules::tree::Operator;

use super::{Carried, Clause};
use crate::leaf::Role;
use crate::quantity::Quantity;
use crate::subject;
use crate::text::Text;
use crate::unit::Measure;

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
    "支持周期",
    "支持期限",
    "支持总金额",
    "扶持",
    "配套资金",
    "奖金",
];
const REFUSED: &[&str] = &["不予", "不再", "不得", "不享受", "申请", "申报", "提出", "领取"];

/// Whether the clauses before said what is paid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Paid {
    #[default]
    No,
    /// In a sentence before this one.
    Before,
    Now,
}

/// Words at the head of a clause that go on about what was paid, even in the next sentence.
const SHARES: &[&str] =
    &["每家", "每个", "每户", "单个", "单家", "单户", "最高", "最多", "最长", "同一", "总额", "总金额", "一次性"];

/// The same within a sentence.
const LIMITS: &[&str] = &["累计", "合计", "期限", "每年", "年度", "金额", "不超过", "不低于", "全年"];

/// Where the clause begins to say what is paid.
pub(super) fn begins(text: &Text, span: Range<usize>) -> Option<usize> {
    AWARDS.iter().filter_map(|words| text.find(span.clone(), words)).filter(|at| !is_refused(text, *at)).min()
}

fn is_refused(text: &Text, at: usize) -> bool {
    REFUSED.iter().any(|words| text.ends_with(0, at, words).is_some())
}

/// A heading such as 补贴标准: or 资助额度: says what is paid below it; 补贴条件: does not.
pub(crate) fn heads(label: &str) -> bool {
    const ASKS: &[&str] = &["条件", "对象", "范围", "要求", "资格", "申请", "申报", "材料", "主体", "企业"];
    let pays = AWARDS.iter().any(|words| label.contains(words)) || PAID.iter().any(|words| label.ends_with(words));
    pays && !ASKS.iter().any(|words| label.contains(words))
}

/// Names of what is paid, at the end of a subject.
const PAID: &[&str] = &[
    "额度",
    "补贴",
    "补助",
    "奖励",
    "奖金",
    "资助",
    "支持",
    "贴息",
    "救助标准",
    "补贴标准",
    "补助资金",
    "支持资金",
    "奖励资金",
    "奖补资金",
    "资助资金",
];

impl Clause<'_> {
    /// What is paid, or who may apply.
    pub(super) fn role(&self, quantity: &Quantity, at: usize, carried: &Carried) -> Role {
        let rises = matches!(quantity.operator, Some(Operator::AtLeast | Operator::More)) && quantity.upper.is_none();
        let is_sum = matches!(quantity.measure, Measure::Money | Measure::Share | Measure::Dollars | Measure::Other);
        // 给予在岗满6个月的人员补贴: a time or a count that must be reached is asked for, wherever it stands.
        let asks = rises && !is_sum;
        let before = self.award_at.is_some_and(|award| award < at) && !asks;
        let is_rate = matches!(quantity.measure, Measure::Money | Measure::Share) && quantity.upper.is_some();
        let behind = (quantity.operator.is_none() || is_rate) && self.is_followed(quantity.span.end);
        let ceiling = !rises && (is_sum && self.is_rate(quantity, at) || self.is_named_paid(quantity, is_sum));
        // Nobody is paid in years of age.
        if quantity.measure == Measure::Age {
            return Role::Requirement;
        }
        let paid = before || behind || ceiling || carried.heading.pays && !rises || self.goes_on(at, carried);
        if paid { Role::Award } else { Role::Requirement }
    }

    /// 20万元奖励
    fn is_followed(&self, end: usize) -> bool {
        const PAYS: &[&str] =
            &["的奖励", "奖励", "补助", "补贴", "的资助", "资助", "予以支持", "贴息", "的支持", "给予补"];
        const NOT: &[&str] = &["以上", "企业", "的,", "不予", "项目"];
        let near = end..(end + 8).min(self.span.end);
        self.text.contains_any(near.clone(), PAYS) && !self.text.contains_any(near, NOT)
    }

    /// 按…的20%给予奖励, 按每人不超过1000元的标准发放
    fn is_rate(&self, quantity: &Quantity, at: usize) -> bool {
        let pays = self.award_at.is_some() || self.text.starts_with(quantity.span.end, "的标准");
        pays && self.text.contains_any(self.span.start..at, &["按"])
    }

    /// 贷款额度不超过20万元, 最高不超过300万元
    fn is_named_paid(&self, quantity: &Quantity, is_sum: bool) -> bool {
        let subject = self.text.words(self.subject_start(quantity.span.start)..quantity.span.start);
        let subject = subject::clean(&subject);
        let is_ceiling = is_sum && self.text.starts_with(quantity.span.start, "最高");
        let is_limit = is_ceiling
            || is_sum && (subject.ends_with("最高") || subject.ends_with("最多"))
            || subject.ends_with("最长");
        is_limit || PAID.iter().any(|words| subject.ends_with(words))
    }

    /// 给予…奖励, 每家最高不超过…
    fn goes_on(&self, at: usize, carried: &Carried) -> bool {
        let head = self.span.start..(self.span.start + 8).min(at);
        let limits = carried.paid == Paid::Now && self.text.contains_any(head.clone(), LIMITS);
        let shares = carried.paid != Paid::No && self.text.contains_any(head.clone(), SHARES);
        (limits || shares) && self.lexicon.nouns.find(&self.text.words(head)).is_none()
    }
}
