//! Comparison of two expressions. The operator says whether the boundary belongs: there is no bare 以上.

use std::cmp::Ordering;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::expression::{Expression, Growth};
use super::gap::numerator_gap;
use super::period::{When, Year};
use super::unit::Dimension;
use crate::evaluate::facts::Facts;
use crate::evaluate::finding::{Finding, NOT_APPLICABLE};
use crate::evaluate::measure::{Measure, unit_of};
use crate::evaluate::range::Range;
use crate::evaluate::reading::{Estimate, Reading};
use crate::number::Rational;
use crate::reference::Reference;
use crate::verdict::{Gap, Verdict};

/// `left operator right`
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Comparison {
    pub left: Expression,
    pub operator: Operator,
    pub right: Expression,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Operator {
    #[serde(rename = ">=")]
    AtLeast,
    #[serde(rename = ">")]
    More,
    #[serde(rename = "<=")]
    AtMost,
    #[serde(rename = "<")]
    Less,
    #[serde(rename = "=")]
    Equal,
    #[serde(rename = "!=")]
    Differs,
}

impl Operator {
    pub const ALL: [Self; 6] = [Self::AtLeast, Self::More, Self::AtMost, Self::Less, Self::Equal, Self::Differs];

    /// The sign of the text form.
    pub fn sign(self) -> &'static str {
        match self {
            Self::AtLeast => ">=",
            Self::More => ">",
            Self::AtMost => "<=",
            Self::Less => "<",
            Self::Equal => "=",
            Self::Differs => "≠",
        }
    }

    /// The words between dates.
    pub fn date_words(self) -> &'static str {
        match self {
            Self::AtLeast => "不早于",
            Self::More => "晚于",
            Self::AtMost => "不晚于",
            Self::Less => "早于",
            Self::Equal => "=",
            Self::Differs => "≠",
        }
    }

    /// The words between codes that rise from low to high: 不低于 二级.
    pub fn rank_words(self) -> &'static str {
        match self {
            Self::AtLeast => "不低于",
            Self::More => "高于",
            Self::AtMost => "不高于",
            Self::Less => "低于",
            Self::Equal => "=",
            Self::Differs => "≠",
        }
    }

    /// The words of durations: 满 1年.
    pub fn age_words(self) -> &'static str {
        match self {
            Self::AtLeast => "满",
            Self::More => "超过",
            Self::AtMost => "不超过",
            Self::Less => "不满",
            Self::Equal => "=",
            Self::Differs => "≠",
        }
    }

    /// Whether two values in this order satisfy the operator.
    pub fn holds(self, ordering: Ordering) -> bool {
        match self {
            Self::AtLeast => ordering != Ordering::Less,
            Self::More => ordering == Ordering::Greater,
            Self::AtMost => ordering != Ordering::Greater,
            Self::Less => ordering == Ordering::Less,
            Self::Equal => ordering == Ordering::Equal,
            Self::Differs => ordering != Ordering::Equal,
        }
    }

    /// The operator that holds where this one does not.
    pub fn opposite(self) -> Self {
        match self {
            Self::AtLeast => Self::Less,
            Self::More => Self::AtMost,
            Self::AtMost => Self::More,
            Self::Less => Self::AtLeast,
            Self::Equal => Self::Differs,
            Self::Differs => Self::Equal,
        }
    }

    /// The operator with its sides exchanged: `a >= b` is `b <= a`.
    pub fn flipped(self) -> Self {
        match self {
            Self::AtLeast => Self::AtMost,
            Self::More => Self::Less,
            Self::AtMost => Self::AtLeast,
            Self::Less => Self::More,
            same => same,
        }
    }
}

/// What both sides come to, ready to compare: for a compound rate the quotient and the power it is compared with.
struct Sides {
    left: Reading,
    right: Reading,
    is_compound: bool,
}

impl Comparison {
    fn sides(&self, facts: &Facts<'_>) -> Sides {
        let right = facts.read(&self.right);
        if let Expression::Growth { of, source, growth: Growth::Compound(years) } = &self.left {
            // (last / first)^(1/n) − 1 ≥ r  ⟺  last / first ≥ (1 + r)^n: exact, no root is taken.
            let left = facts.read_quotient(of, source.as_deref(), When::Year(Year::Ago(1)), *years);
            return Sides { left, right: right.map(|rate| compound(&rate, *years)), is_compound: true };
        }
        Sides { left: facts.read(&self.left), right, is_compound: false }
    }

    pub(crate) fn find(&self, facts: &Facts<'_>) -> Finding {
        let Sides { left, right, is_compound } = self.sides(facts);
        let threshold = self.threshold(&right, is_compound, facts);
        let finding = match (&left.estimate, &right.estimate) {
            (Estimate::NotApplicable, _) | (_, Estimate::NotApplicable) => {
                let holds = if self.operator == Operator::Differs { Verdict::Met } else { Verdict::NotMet };
                Finding::plain(holds).actual(NOT_APPLICABLE.to_owned(), left.evidence.join(right.evidence))
            }
            (Estimate::Known(value), Estimate::Known(bound)) => {
                self.compared(&left, &right, (value, bound), is_compound, facts)
            }
            _ => open(left, right),
        };
        finding.threshold(threshold)
    }

    fn compared(
        &self,
        left: &Reading,
        right: &Reading,
        (value, bound): (&Range, &Range),
        is_compound: bool,
        facts: &Facts<'_>,
    ) -> Finding {
        let verdict = value.compare(self.operator, bound);
        let evidence = left.evidence.clone().join(right.evidence.clone());
        let mut finding = Finding::plain(verdict);
        if verdict == Verdict::Unknown {
            finding = Finding::blank(evidence.doubt());
        }
        if verdict == Verdict::NotMet {
            finding.gap = self.gap((value, bound), is_compound, facts);
        }
        finding.actual(self.shown((value, bound), is_compound, facts), evidence)
    }

    /// A value that rounds to the bound without being it says on which side it lies.
    fn shown(&self, (value, bound): (&Range, &Range), is_compound: bool, facts: &Facts<'_>) -> String {
        let reference = facts.reference();
        if is_compound {
            let total = value.add(&Range::exactly(Rational::whole(-1)));
            return format!("累计增长 {}", shown(&total, |value| Measure::Share.show(value, "")));
        }
        let measure = self.measure(reference);
        let unit = unit_of(&self.left, reference);
        let text = shown(value, |value| measure.show(value, &unit));
        match (value.exact(), bound.exact()) {
            (Some(value), Some(bound)) if value != bound && measure.show(bound, &unit) == text => {
                let side = if value < bound { "低" } else { "高" };
                format!("略{side}于 {text}")
            }
            _ => text,
        }
    }

    /// How the left side reads: as a share when either side is one.
    fn measure(&self, reference: &Reference) -> Measure {
        let (left, right) = (Measure::of(&self.left, reference), Measure::of(&self.right, reference));
        if left == Measure::Number(Dimension::Plain) && right == Measure::Share { right } else { left }
    }

    fn threshold(&self, right: &Reading, is_compound: bool, facts: &Facts<'_>) -> String {
        let text = crate::text::print_expression(&self.right, facts.reference());
        let sign =
            if matches!(self.right, Expression::Date(_)) { self.operator.date_words() } else { self.operator.sign() };
        match (&self.right, &right.estimate) {
            (Expression::Quantity(_) | Expression::Date(_), _) => format!("{sign} {text}"),
            (_, Estimate::Known(bound)) if !is_compound && bound.is_exact() => {
                let unit = unit_of(&self.right, facts.reference());
                let measure = Measure::of(&self.right, facts.reference());
                format!("{sign} {text}({})", shown(bound, |value| measure.show(value, &unit)))
            }
            _ => format!("{sign} {text}"),
        }
    }

    fn gap(&self, (value, bound): (&Range, &Range), is_compound: bool, facts: &Facts<'_>) -> Option<Gap> {
        // No gap is told where it has no end.
        let short = bound.low.finite().zip(value.high.finite()).map(|(low, high)| low.subtract(high));
        let over = value.low.finite().zip(bound.high.finite()).map(|(low, high)| low.subtract(high));
        let is_short = short.as_ref().is_some_and(|short| short.signum() > 0);
        let (word, difference) = match self.operator {
            Operator::AtLeast | Operator::More => ("差", short?),
            Operator::Equal if is_short => ("差", short?),
            Operator::AtMost | Operator::Less | Operator::Equal => ("超出", over?),
            Operator::Differs => return None,
        };
        let reference = facts.reference();
        let measure = if is_compound { Measure::Share } else { self.measure(reference) };
        let display = if difference.signum() == 0 {
            format!("正好在界上,「{}」不含本数", self.operator.sign())
        } else {
            let amount = measure.show_difference(&difference, &unit_of(&self.left, reference));
            let numerator = bound.exact().and_then(|bound| numerator_gap(&self.left, bound, word, facts));
            format!("{word} {amount}{}", numerator.unwrap_or_default())
        };
        Some(Gap { display, from_date: None })
    }
}

/// `(1 + rate)^years`; a rate below −100 % counts as −100 %.
fn compound(rate: &Range, years: u8) -> Range {
    rate.add(&Range::exactly(Rational::whole(1))).not_negative().power(years)
}

/// An interval in words.
pub(crate) fn shown(range: &Range, show: impl Fn(&Rational) -> String) -> String {
    match (range.low.finite(), range.high.finite()) {
        (Some(low), Some(high)) if low == high => show(low),
        (Some(low), Some(high)) => format!("{} 至 {}", show(low), show(high)),
        (Some(low), None) => format!("至少 {}", show(low)),
        (None, Some(high)) => format!("至多 {}", show(high)),
        (None, None) => "无法确定".to_owned(),
    }
}

fn open(left: Reading, right: Reading) -> Finding {
    match (left.estimate, right.estimate) {
        (Estimate::Unknown(left), Estimate::Unknown(right)) => Finding::blank(left.and(right)),
        (Estimate::Unknown(blank), _) | (_, Estimate::Unknown(blank)) => Finding::blank(blank),
        _ => Finding::plain(Verdict::Unknown),
    }
}
