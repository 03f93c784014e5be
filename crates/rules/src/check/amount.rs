//! Checks of amounts: everything is money, caps do not contradict floors, shares make a whole.

use std::cmp::Ordering;

use super::Checker;
use super::expression::Parts;
use crate::amount::{Amount, Part, Share};
use crate::evaluate::measure::Measure;
use crate::number::Rational;
use crate::problem::Problem;
use crate::reference::Reference;
use crate::tree::{Dimension, Expression, child_path};

/// How a row that pays nothing is written.
const NOTHING: &str = "0元";

/// Every problem of an amount with its remedy.
pub fn check_amount(amount: &Amount, reference: &Reference) -> Vec<Problem> {
    let mut checker = Checker { whole: "金额", ..Checker::new(reference) };
    checker.part(&amount.part, "");
    checker.shares(&amount.shares);
    checker.problems
}

impl Checker<'_> {
    fn part(&mut self, part: &Part, path: &str) {
        let each = |checker: &mut Self, parts: &mut dyn Iterator<Item = &Part>| {
            for (index, part) in parts.enumerate() {
                checker.part(part, &child_path(path, index));
            }
        };
        match part {
            Part::Of(expression) => self.money(expression, path),
            Part::Bounded { part, floor, cap } => {
                self.part(part, path);
                self.limits(part, floor.as_ref(), cap.as_ref(), path);
            }
            Part::Sum(parts) | Part::Best(parts) => {
                if parts.len() < 2 {
                    let word = if matches!(part, Part::Sum(_)) { "合计" } else { "择高" };
                    self.error(path, format!("「{word}」只有一项"), format!("去掉「{word}」,或补上另一项"));
                }
                each(self, &mut parts.iter());
            }
            Part::UpTo(part) => self.part(part, path),
            Part::Tier(bands) => {
                self.bands(bands, path, NOTHING, better);
                each(self, &mut bands.values());
            }
            Part::Cases(cases) => {
                self.cases(cases, path, NOTHING);
                for (index, row) in cases.rows.iter().enumerate() {
                    self.node(&row.when, &child_path(path, index), 1, false);
                }
                each(self, &mut cases.values());
            }
        }
    }

    fn limits(&mut self, part: &Part, floor: Option<&Expression>, cap: Option<&Expression>, path: &str) {
        for bound in [floor, cap].into_iter().flatten() {
            self.money(bound, path);
        }
        let base = match part {
            Part::Of(base) => constant(base),
            _ => None,
        };
        let (floor, cap) = (floor.and_then(constant), cap.and_then(constant));
        if floor.zip(cap.clone()).is_some_and(|(floor, cap)| floor > cap) {
            self.error(path, "「最低」高于「最高」", "核对两个数");
        }
        if base.zip(cap.clone()).is_some_and(|(base, cap)| base > cap) {
            self.error(path, "定额高于「最高」", "核对两个数,或删去「最高」");
        }
        if cap.is_some_and(|cap| cap.signum() <= 0) {
            self.error(path, "「最高」是零或负数", "核对数值");
        }
    }

    fn money(&mut self, expression: &Expression, path: &str) {
        let before = self.problems.len();
        self.expression(expression, path, false, false, &mut Parts::default());
        if self.problems.len() > before {
            return;
        }
        match Measure::of(expression, self.reference) {
            Measure::Number(Dimension::Money) => {}
            Measure::Unclear => self.error(path, "算式里的单位凑不到一起", "加减的两边要同单位,人数乘 元 得金额"),
            other => {
                let remedy = "写成金额,如 20万元、上年度研发费用 * 10%、新招用人数 * 1000元";
                self.error(path, format!("算出来的是{},不是金额", other.words()), remedy);
            }
        }
    }

    fn shares(&mut self, shares: &[Share]) {
        let total = shares.iter().fold(Rational::whole(0), |sum, share| sum.add(&share.part.value()));
        if !shares.is_empty() && total != Rational::whole(1) {
            self.error("", "各级分担加起来不是 100%", "核对比例,如 分担 { 市级 50% ; 区级 50% }");
        }
        for (index, share) in shares.iter().enumerate() {
            if shares[..index].iter().any(|earlier| earlier.level == share.level) {
                self.error("", format!("「{}」的分担写了两次", share.level), "删去一个");
            }
        }
    }
}

/// Which of two rows pays more, where that can be read off them: the greater one does.
fn better(one: &Part, other: &Part) -> Option<Ordering> {
    match (one, other) {
        (one, other) if one == other => Some(Ordering::Equal),
        (Part::Of(one), Part::Of(other)) => Some(constant(one)?.cmp(&constant(other)?)),
        _ => None,
    }
}

/// The value of a number written out.
fn constant(expression: &Expression) -> Option<Rational> {
    match expression {
        Expression::Quantity(quantity) => Some(quantity.value()),
        _ => None,
    }
}
