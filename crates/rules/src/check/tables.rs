//! Checks of tables, whatever their values are: gaps, overlaps, rows nobody can be in, ends with the wrong unit.

use std::cmp::Ordering;

use super::Checker;
use super::expression::Parts;
use crate::evaluate::measure::{Measure, unit_of};
use crate::number::Rational;
use crate::text::{print_expression, print_intervals, wording};
use crate::tree::region::{Region, merged};
use crate::tree::{Bands, Bound, Cases, Comparison, Condition, Expression, Operator};

/// The most gaps of one table told apart.
const SHOWN_GAPS: usize = 3;

impl Checker<'_> {
    /// The frame of a table of bands. `nothing` is how a row that gives nothing is written; `favours` says which of two
    /// values is better for the enterprise.
    pub(super) fn bands<T>(
        &mut self,
        bands: &Bands<T>,
        path: &str,
        nothing: &str,
        favours: impl Fn(&T, &T) -> Option<Ordering>,
    ) {
        if !(1..=2).contains(&bands.keys.len()) || bands.rows.is_empty() {
            self.error(
                path,
                "分档表要有一个或两个分档的数,至少一行",
                "写成 分档 上年度营业收入 { >= 1000万元 : … ; 其余 : … }",
            );
            return;
        }
        if bands.rows.iter().any(|row| row.intervals.len() != bands.keys.len()) {
            self.error(path, "有一行的区间个数和分档的数不一样多", "每个数各写一个区间,不限的写「任意」");
            return;
        }
        let before = self.problems.len();
        for key in &bands.keys {
            self.key(key, path);
        }
        for (index, key) in bands.keys.iter().enumerate() {
            self.ends(bands, index, key, path);
        }
        if self.problems.len() > before {
            return;
        }
        let reach: Vec<Region> = bands.keys.iter().map(|key| self.reachable(key)).collect();
        self.dead_rows(bands, &reach, path);
        self.overlaps(bands, path, favours);
        if bands.otherwise.is_none() {
            self.gaps(bands, &reach, path, nothing);
        }
    }

    fn key(&mut self, key: &Expression, path: &str) {
        let mut parts = Parts::default();
        self.expression(key, path, false, false, &mut parts);
        if !parts.facts {
            let text = print_expression(key, self.reference);
            self.error(path, format!("分档的「{text}」是常数"), "按事实分档,如 上年度营业收入");
        }
    }

    /// Ends in the unit of their key, the low one below the high one.
    fn ends<T>(&mut self, bands: &Bands<T>, index: usize, key: &Expression, path: &str) {
        let measure = Measure::of(key, self.reference);
        if measure == Measure::Unclear {
            self.error(path, "分档的算式里的单位凑不到一起", "加减的两边要同单位,金额不能乘金额");
            return;
        }
        for (number, row) in bands.rows.iter().enumerate() {
            let interval = &row.intervals[index];
            let at = format!("第 {} 行「{}」", number + 1, print_intervals(std::slice::from_ref(interval)));
            for end in [&interval.low, &interval.high].into_iter().flatten() {
                let of = match &end.bound {
                    Bound::Date(_) => Measure::Date,
                    Bound::Number(number) => Measure::of(&Expression::Quantity(number.clone()), self.reference),
                };
                let is_zero = measure != Measure::Date && end.bound.value().signum() == 0;
                if !is_zero && !measure.fits(of) {
                    let message = format!("{at}的界是{},分档的数是{}", of.words(), measure.words());
                    self.error(path, message, "核对单位:金额写 元、万元、亿元,比例写 %");
                    return;
                }
            }
            if interval.region().is_empty() {
                self.error(path, format!("{at}里没有任何数"), "下界要小于上界");
            }
        }
    }

    /// Everything a key can come to.
    fn reachable(&self, key: &Expression) -> Region {
        match self.possible(key) {
            Some((low, high)) => Region { low: Some((low, false)), high: high.map(|high| (high, true)) },
            None => Region::EVERYTHING,
        }
    }

    fn dead_rows<T>(&mut self, bands: &Bands<T>, reach: &[Region], path: &str) {
        for (number, row) in bands.rows.iter().enumerate() {
            let regions = bands.regions(row);
            let outside = |(region, reach): (&Region, &Region)| !region.is_empty() && region.meet(reach).is_empty();
            if regions.iter().zip(reach).any(outside) {
                let text = print_intervals(&row.intervals);
                self.error(path, format!("第 {} 行「{text}」永远轮不到", number + 1), "核对数值,或删去这一行");
            }
        }
    }

    fn overlaps<T>(&mut self, bands: &Bands<T>, path: &str, favours: impl Fn(&T, &T) -> Option<Ordering>) {
        for (later, row) in bands.rows.iter().enumerate() {
            for (earlier, other) in bands.rows[..later].iter().enumerate() {
                let (one, two) = (bands.regions(other), bands.regions(row));
                let shared: Vec<Region> = one.iter().zip(&two).map(|(one, two)| one.meet(two)).collect();
                if shared.iter().any(Region::is_empty) {
                    continue;
                }
                let values: Vec<String> = bands
                    .keys
                    .iter()
                    .zip(&shared)
                    .map(|(key, region)| {
                        format!("{} {}", print_expression(key, self.reference), self.shown(key, region))
                    })
                    .collect();
                let message =
                    format!("第 {} 行和第 {} 行重叠:{} 时两行都适用", earlier + 1, later + 1, values.join(" 且 "));
                let better = match favours(&other.then, &row.then) {
                    Some(Ordering::Greater) => format!("归第 {} 行对企业有利", earlier + 1),
                    Some(Ordering::Less) => format!("归第 {} 行对企业有利", later + 1),
                    Some(Ordering::Equal) => "两行的要求相同,可以并成一行".to_owned(),
                    None => "哪一行对企业有利要看企业的情况".to_owned(),
                };
                self.error(path, message, format!("由人定下归哪一行,把另一行的界改成不含;{better}"));
            }
        }
    }

    fn gaps<T>(&mut self, bands: &Bands<T>, reach: &[Region], path: &str, nothing: &str) {
        let slabs = bands.cover();
        let whole = |index: usize| reach.get(index).cloned().unwrap_or(Region::EVERYTHING);
        let mut missing: Vec<String> = Vec::new();
        let mut note = |checker: &Self, index: usize, within: Option<&Region>, covered: Vec<Region>| {
            for gap in gaps_between(covered, &whole(index)) {
                let key = &bands.keys[index];
                let mut text = format!("{} {}", print_expression(key, checker.reference), checker.shown(key, &gap));
                if let Some(first) = within {
                    let (key, shown) = (&bands.keys[0], checker.shown(&bands.keys[0], first));
                    text = format!("{} {shown} 且 {text}", print_expression(key, checker.reference));
                }
                missing.push(text);
            }
        };
        note(self, 0, None, merged(slabs.iter().map(|(first, _)| first.clone()).collect()));
        if bands.keys.len() > 1 {
            for (first, second) in &slabs {
                note(self, 1, Some(first), second.clone());
            }
        }
        if missing.is_empty() {
            return;
        }
        let more = if missing.len() > SHOWN_GAPS { " 等" } else { "" };
        let shown: Vec<String> = missing.into_iter().take(SHOWN_GAPS).collect();
        self.error(
            path,
            format!("{}{more} 没有写", shown.join("、")),
            format!("补上这一行,或用「其余」写明怎么办,如 其余 : {nothing}"),
        );
    }

    /// A region in the words of the text form, in the unit its key reads in.
    fn shown(&self, key: &Expression, region: &Region) -> String {
        let (measure, unit) = (Measure::of(key, self.reference), unit_of(key, self.reference));
        let show = |value: &Rational| measure.show(value, &unit);
        if let (Some((low, false)), Some((high, true))) = (&region.low, &region.high)
            && low == high
        {
            return format!("正好 {}", show(low));
        }
        let ends = region.comparisons().map(|(operator, value)| format!("{} {}", operator.sign(), show(&value)));
        let ends: Vec<String> = ends.collect();
        if ends.is_empty() { "任意".to_owned() } else { ends.join(" 且 ") }
    }

    /// The frame of a table of cases.
    pub(super) fn cases<T>(&mut self, cases: &Cases<T>, path: &str, nothing: &str) {
        if cases.rows.is_empty() {
            self.error(path, "分情形表一行也没有", "写成 分情形 { 当 条件 : … ; 其余 : … }");
        }
        if cases.otherwise.is_none() {
            let remedy = format!("在最后写明都不属于时怎么办,如 其余 : {nothing}");
            self.error(path, "分情形没有写「其余」", remedy);
        }
        for (later, row) in cases.rows.iter().enumerate() {
            if cases.rows[..later].iter().any(|earlier| earlier.when == row.when) {
                let text = wording(&row.when, self.reference);
                let message = format!("第 {} 行「当 {text}」前面已经写过,永远轮不到", later + 1);
                self.error(path, message, "删去这一行,或改写它的条件");
            }
        }
    }
}

/// The pieces of `whole` between the covered regions.
fn gaps_between(covered: Vec<Region>, whole: &Region) -> Vec<Region> {
    let mut gaps = Vec::new();
    let mut from = whole.low.clone();
    for region in covered {
        let gap = Region { low: from.clone(), high: region.low.clone() };
        if region.low.is_some() && !gap.is_empty() && !gap.meet(whole).is_empty() {
            gaps.push(gap);
        }
        match region.high {
            // Ends never go back: the regions are in order.
            Some(high) => from = from.max(Some(high)),
            None => return gaps,
        }
    }
    let rest = Region { low: from, high: whole.high.clone() };
    if !rest.is_empty() {
        gaps.push(rest);
    }
    gaps
}

/// Which of two requirements is easier to meet, where that can be read off them: the greater is the easier one.
pub(super) fn easier(one: &Condition, other: &Condition) -> Option<Ordering> {
    let is_free = |condition: &Condition| matches!(condition, Condition::All(none) if none.is_empty());
    let is_closed = |condition: &Condition| matches!(condition, Condition::Any(none) if none.is_empty());
    match (one, other) {
        (one, other) if one == other => Some(Ordering::Equal),
        (one, _) if is_free(one) => Some(Ordering::Greater),
        (_, other) if is_free(other) => Some(Ordering::Less),
        (one, _) if is_closed(one) => Some(Ordering::Less),
        (_, other) if is_closed(other) => Some(Ordering::Greater),
        (Condition::Compare(one), Condition::Compare(other)) => easier_bound(one, other),
        (Condition::All(one), Condition::All(other)) | (Condition::Any(one), Condition::Any(other))
            if one.len() == other.len() =>
        {
            one.iter().zip(other).try_fold(Ordering::Equal, |all, (one, other)| match (all, easier(one, other)?) {
                (all, Ordering::Equal) => Some(all),
                (Ordering::Equal, next) => Some(next),
                (all, next) => (all == next).then_some(all),
            })
        }
        _ => None,
    }
}

fn easier_bound(one: &Comparison, other: &Comparison) -> Option<Ordering> {
    if one.left != other.left || one.operator != other.operator {
        return None;
    }
    let (Expression::Quantity(low), Expression::Quantity(high)) = (&one.right, &other.right) else { return None };
    let order = low.value().cmp(&high.value());
    match one.operator {
        Operator::AtLeast | Operator::More => Some(order.reverse()),
        Operator::AtMost | Operator::Less => Some(order),
        Operator::Equal | Operator::Differs => None,
    }
}
