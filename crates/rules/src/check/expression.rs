//! Checks of expressions and comparisons: periods, sources, units, thresholds out of reach.

use super::Checker;
use crate::evaluate::measure::Measure;
use crate::number::{Rational, count_text};
use crate::reference::{Fact, PeriodKind};
use crate::text::names::Sort;
use crate::tree::{Arithmetic, Comparison, Each, Expression, FactReference, Growth, Operator, Quantity, When, Year};

const NUMERIC: &str = "数值或日期";

/// The most operators in one comparison; the tree of a sum nests one deeper with each.
const MAX_OPERATORS: usize = 1_000;

/// What an expression is made of.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) facts: bool,
    /// Yearly facts without a period.
    bare: bool,
}

impl Checker<'_> {
    pub(super) fn comparison(&mut self, comparison: &Comparison, path: &str, in_each: bool) {
        let before = self.problems.len();
        let Comparison { left, operator, right } = comparison;
        if calculates_more_than(MAX_OPERATORS, [left, right]) {
            self.error(path, format!("一个比较里超过 {MAX_OPERATORS} 个运算"), "把算式拆成几个条件");
            return;
        }
        let mut parts = Parts::default();
        let is_compound = matches!(left, Expression::Growth { growth: Growth::Compound(_), .. });
        self.expression(left, path, in_each, is_compound, &mut parts);
        self.expression(right, path, in_each, false, &mut parts);
        if !parts.facts {
            self.error(path, "比较的两边都是常数", "至少一边写事实");
        }
        if in_each && !parts.bare {
            self.error(
                path,
                "「每年」的括号里没有随年份变的事实",
                "括号里的年度数不写年度,如 近2年每年 ( 研发费用 >= 100万元 )",
            );
        }
        if self.problems.len() > before {
            return;
        }
        let (a, b) = (Measure::of(left, self.reference), Measure::of(right, self.reference));
        let zero = is_bare_zero(left) && b != Measure::Date || is_bare_zero(right) && a != Measure::Date;
        let fit = zero || a.fits(b);
        if a == Measure::Unclear || b == Measure::Unclear {
            self.error(path, "算式里的单位凑不到一起", "加减的两边要同单位,金额不能乘金额");
        } else if !fit {
            let message = format!("左边是{},右边是{},不能比较", a.words(), b.words());
            self.error(path, message, "核对单位:金额写 元、万元、亿元,比例写 %");
        } else {
            self.reach(left, *operator, right, path);
        }
    }

    pub(super) fn each(&mut self, each: &Each, path: &str) {
        if each.window.years == 0 {
            self.error(path, "近0年没有年度", "写成 近2年 等");
        }
        self.comparison(&each.comparison, path, true);
    }

    pub(super) fn expression(
        &mut self,
        expression: &Expression,
        path: &str,
        in_each: bool,
        may_compound: bool,
        parts: &mut Parts,
    ) {
        match expression {
            Expression::Quantity(_) | Expression::Date(_) => {}
            Expression::Parameter { name, .. } => self.parameter(name, path),
            Expression::Tally(tally) => {
                parts.facts = true;
                self.tally(tally, path);
            }
            Expression::Fact(FactReference { fact, when, source }) => {
                parts.facts = true;
                self.source(source.as_deref(), path);
                if let Some(fact) = self.fact_of(fact, &[Sort::Number, Sort::Date], NUMERIC, path) {
                    let yearly = fact.period == PeriodKind::Year;
                    parts.bare |= yearly && *when == When::Now;
                    self.period(fact, *when, in_each, path);
                }
            }
            Expression::Over { fact, source, window, .. } => {
                parts.facts = true;
                self.source(source.as_deref(), path);
                if window.years == 0 {
                    self.error(path, "近0年没有年度", "写成 近2年 等");
                }
                if let Some(fact) = self.fact_of(fact, &[Sort::Number, Sort::Date], NUMERIC, path) {
                    self.yearly(fact, path);
                }
            }
            Expression::Growth { of, source, growth } => {
                parts.facts = true;
                self.source(source.as_deref(), path);
                let Some(fact) = self.fact_of(of, &[Sort::Number, Sort::Date], NUMERIC, path) else { return };
                match growth {
                    Growth::YearOnYear(When::Now) => {
                        self.error(path, "同比增长率没有写明年度", "写成 上年度… 同比增长率");
                    }
                    Growth::YearOnYear(when) => {
                        self.period(fact, *when, false, path);
                        self.unlike_periods(fact, *when, path);
                    }
                    Growth::Average(0) | Growth::Compound(0) => self.error(path, "近0年没有增长率", "写成 近2年 等"),
                    Growth::Compound(_) if !may_compound => {
                        self.error(path, "复合增长率只能单独写在比较的左边", "如 近2年营业收入 复合增长率 >= 5%");
                    }
                    Growth::Average(_) | Growth::Compound(_) => self.yearly(fact, path),
                }
            }
            Expression::Score(score) => {
                parts.facts = true;
                self.score(score, path);
            }
            Expression::Arithmetic { left, operator, right } => {
                self.expression(left, path, in_each, false, parts);
                self.expression(right, path, in_each, false, parts);
                if *operator == Arithmetic::Over && is_zero(right) {
                    self.error(path, "除数是零", "核对算式");
                }
            }
        }
    }

    fn source(&mut self, source: Option<&str>, path: &str) {
        if let Some(source) = source.filter(|source| self.reference.catalogue.origin(source).is_none()) {
            self.error(path, format!("没有「{source}」这个数据来源"), "核对来源名称");
        }
    }

    fn parameter(&mut self, name: &str, path: &str) {
        if self.reference.parameters.get(name).is_none() {
            let remedy = "在事项或批次里给出它的值,否则条件判不了";
            self.warning(path, format!("参数表里没有「{name}」"), remedy);
        }
    }

    fn yearly(&mut self, fact: &Fact, path: &str) {
        if fact.period != PeriodKind::Year {
            self.error(path, format!("「{}」不是年度数,不能写近几年", fact.name), "去掉「近…年」");
        }
    }

    /// 当年 up to now against a whole year says nothing of growth.
    fn unlike_periods(&mut self, fact: &Fact, when: When, path: &str) {
        if when == When::Year(Year::Ago(0)) && fact.flow {
            let remedy = format!("写明月份或季度,如 当年1-11月{} 同比增长率", fact.name);
            self.warning(path, "当年还没有过完,和上年全年比出来的增长率没有意义", remedy);
        }
    }

    fn period(&mut self, fact: &Fact, when: When, in_each: bool, path: &str) {
        let name = &fact.name;
        match (fact.period, when) {
            (PeriodKind::Year, When::Now) if !in_each => {
                let remedy = format!("写成 上年度{name}、近2年{name} 或 2025年{name}");
                self.error(path, format!("「{name}」没有写明哪一年"), remedy);
            }
            (PeriodKind::Year, When::Year(_)) if in_each => {
                let remedy = format!("括号里直接写 {name}");
                self.warning(path, format!("「每年」的括号里,「{name}」写死了年度"), remedy);
            }
            (PeriodKind::Year, When::Quarter(..) | When::Months(..)) if !fact.flow => {
                self.error(path, format!("「{name}」不按季度、月份累计"), "改用年度");
            }
            (PeriodKind::None, When::Year(_) | When::Quarter(..) | When::Months(..)) => {
                self.error(path, format!("「{name}」是现状,不分年度"), format!("直接写 {name}"));
            }
            _ => {}
        }
    }

    /// Thresholds that every possible value, or none, satisfies.
    fn reach(&mut self, left: &Expression, operator: Operator, right: &Expression, path: &str) {
        let Expression::Quantity(quantity) = right else { return };
        let Some((low, high)) = self.possible(left) else { return };
        let bound = quantity.value();
        let satisfied = |value: &Rational| operator.holds(value.cmp(&bound));
        let (never, always) = match operator {
            Operator::AtLeast | Operator::More => (high.as_ref().is_some_and(|high| !satisfied(high)), satisfied(&low)),
            Operator::AtMost | Operator::Less => (!satisfied(&low), high.as_ref().is_some_and(&satisfied)),
            Operator::Equal => (bound < low || high.as_ref().is_some_and(|high| bound > *high), false),
            Operator::Differs => (false, bound < low),
        };
        if never && is_of_scores(left) {
            let most = high.map(|high| count_text(&high, "分")).unwrap_or_default();
            self.error(path, format!("这个分数线永远达不到:最多 {most}"), "核对分数线和各项的分数");
        } else if never {
            self.error(path, "这个门槛永远达不到", "核对数值和单位");
        } else if always {
            self.error(path, "这个门槛永远成立", "核对数值和单位,或删去这个条件");
        }
    }

    /// The smallest value an expression can take, and the largest if there is one.
    pub(super) fn possible(&self, expression: &Expression) -> Option<(Rational, Option<Rational>)> {
        let key = match expression {
            Expression::Fact(reference) => &reference.fact,
            Expression::Over { fact, .. } => fact,
            Expression::Score(score) => return Some((score.least(), Some(score.most()))),
            Expression::Arithmetic { left, operator: Arithmetic::Plus, right } => {
                let ((low, high), (more, most)) = (self.possible(left)?, self.possible(right)?);
                let high = high.zip(most).map(|(high, most)| high.add(&most));
                return Some((low.add(&more), high));
            }
            Expression::Quantity(quantity) => return Some((quantity.value(), Some(quantity.value()))),
            Expression::Arithmetic { left, operator: Arithmetic::Over | Arithmetic::Times, right } => {
                let (low, more) = (self.possible(left)?.0, self.possible(right)?.0);
                return (low.signum() >= 0 && more.signum() >= 0).then(|| (Rational::whole(0), None));
            }
            _ => return None,
        };
        let fact = self.reference.catalogue.fact(key).filter(|fact| fact.kind.is_number() && !fact.signed)?;
        let is_sum = matches!(expression, Expression::Over { .. });
        let high = fact.max.filter(|_| !is_sum).map(|max| Rational::scaled(max, fact.scale));
        Some((Rational::whole(0), high))
    }
}

/// Whether an expression is one score or a sum of them.
fn is_of_scores(expression: &Expression) -> bool {
    match expression {
        Expression::Score(_) => true,
        Expression::Arithmetic { left, right, .. } => is_of_scores(left) && is_of_scores(right),
        _ => false,
    }
}

/// Counted without recursion: what is too deep for the stack must be found before it is walked.
fn calculates_more_than(most: usize, sides: [&Expression; 2]) -> bool {
    let mut open = Vec::from(sides);
    let mut operators = 0;
    while let Some(next) = open.pop() {
        if let Expression::Arithmetic { left, right, .. } = next {
            operators += 1;
            if operators > most {
                return true;
            }
            open.extend([&**left, &**right]);
        }
    }
    false
}

/// Zero means the same in every unit: 上年度净利润 > 0.
fn is_bare_zero(expression: &Expression) -> bool {
    let plain = |quantity: &Quantity| quantity.unit().name.is_empty();
    is_zero(expression) && matches!(expression, Expression::Quantity(quantity) if plain(quantity))
}

fn is_zero(expression: &Expression) -> bool {
    matches!(expression, Expression::Quantity(quantity) if quantity.value().signum() == 0)
}
