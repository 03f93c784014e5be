//! Checks of amounts: everything is money, caps do not contradict floors, shares make a whole.

use super::Checker;
use super::expression::Parts;
use crate::amount::{Amount, Part, Share};
use crate::evaluate::measure::Measure;
use crate::number::Rational;
use crate::problem::Problem;
use crate::reference::Reference;
use crate::tree::{Dimension, Expression};

const PLACE: &str = "金额";

/// Every problem of an amount with its remedy.
pub fn check_amount(amount: &Amount, reference: &Reference) -> Vec<Problem> {
    let mut checker = Checker::new(reference);
    checker.part(&amount.part);
    checker.shares(&amount.shares);
    checker.problems.into_iter().map(|problem| problem.place(PLACE)).collect()
}

impl Checker<'_> {
    fn part(&mut self, part: &Part) {
        match part {
            Part::Of(expression) => self.money(expression),
            Part::Bounded { part, floor, cap } => {
                self.part(part);
                for bound in [floor, cap].into_iter().flatten() {
                    self.money(bound);
                }
                let base = match part.as_ref() {
                    Part::Of(base) => constant(base),
                    _ => None,
                };
                let (floor, cap) = (floor.as_ref().and_then(constant), cap.as_ref().and_then(constant));
                if floor.zip(cap.clone()).is_some_and(|(floor, cap)| floor > cap) {
                    self.error("", "「最低」高于「最高」", "核对两个数");
                }
                if base.zip(cap.clone()).is_some_and(|(base, cap)| base > cap) {
                    self.error("", "定额高于「最高」", "核对两个数,或删去「最高」");
                }
                if cap.is_some_and(|cap| cap.signum() <= 0) {
                    self.error("", "「最高」是零或负数", "核对数值");
                }
            }
            Part::Sum(parts) => {
                if parts.len() < 2 {
                    self.error("", "「合计」只有一项", "去掉「合计」,或补上另一项");
                }
                for part in parts {
                    self.part(part);
                }
            }
        }
    }

    fn money(&mut self, expression: &Expression) {
        let before = self.problems.len();
        self.expression(expression, "", false, false, &mut Parts::default());
        if self.problems.len() > before {
            return;
        }
        match Measure::of(expression, self.reference) {
            Measure::Number(Dimension::Money) => {}
            Measure::Unclear => self.error("", "算式里的单位凑不到一起", "加减的两边要同单位,人数乘 元 得金额"),
            other => {
                let remedy = "写成金额,如 20万元、上年度研发费用 * 10%、新招用人数 * 1000元";
                self.error("", format!("算出来的是{},不是金额", other.words()), remedy);
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

/// The value of a number written out.
fn constant(expression: &Expression) -> Option<Rational> {
    match expression {
        Expression::Quantity(quantity) => Some(quantity.value()),
        _ => None,
    }
}
