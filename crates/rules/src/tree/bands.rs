//! Tables whose rows are chosen by a value or by a condition: what tiers, scores and amounts have in common.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Condition;
use super::compare::{Comparison, Operator};
use super::expression::Expression;
use super::logic::{all, any, not};
use super::quantity::Quantity;
use super::region::{Cut, Region, merged};
use crate::evaluate::facts::{Facts, date_number};
use crate::evaluate::reading::{Estimate, Reading};
use crate::number::Rational;
use crate::verdict::Verdict;

/// A table over one or two keys: `{ >= 1000万元 且 < 5000万元 : … ; … ; 其余 : … }`.
///
/// Rows are disjoint and leave no gap unless there is an 其余 (checked, not assumed). A key that does not apply to the
/// enterprise lies in no row and falls to 其余, like one in a gap.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "{T}Bands")]
pub struct Bands<T> {
    pub keys: Vec<Expression>,
    pub rows: Vec<Band<T>>,
    pub otherwise: Option<Box<T>>,
}

/// One row: an interval for each key.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "{T}Band")]
pub struct Band<T> {
    pub intervals: Vec<Interval>,
    pub then: T,
}

/// The values between two ends; 任意 has neither.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Interval {
    pub low: Option<End>,
    pub high: Option<End>,
}

/// One end and whether it belongs.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct End {
    pub bound: Bound,
    pub inclusive: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    Number(Quantity),
    Date(NaiveDate),
}

/// A table over conditions, `{ 当 甲 : … ; 当 乙 : … ; 其余 : … }`: the first row whose condition holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "{T}Cases")]
pub struct Cases<T> {
    pub rows: Vec<Case<T>>,
    pub otherwise: Option<Box<T>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "{T}Case")]
pub struct Case<T> {
    pub when: Condition,
    pub then: T,
}

/// Which rows a profile can be in: Met is the row it is in, Unknown one it may be in.
pub(crate) struct Reach {
    pub(crate) rows: Vec<Verdict>,
    pub(crate) otherwise: Verdict,
}

impl Bound {
    /// The value in base units, or the day as a number.
    pub fn value(&self) -> Rational {
        match self {
            Self::Number(quantity) => quantity.value(),
            Self::Date(date) => date_number(*date),
        }
    }
}

impl Interval {
    pub(crate) fn region(&self) -> Region {
        let cut = |end: &Option<End>, is_high: bool| -> Option<Cut> {
            end.as_ref().map(|end| (end.bound.value(), end.inclusive == is_high))
        };
        Region { low: cut(&self.low, false), high: cut(&self.high, true) }
    }
}

impl Interval {
    fn demands(&self, key: &Expression) -> impl Iterator<Item = Condition> {
        let demand = |end: &End, inclusive: Operator, exclusive: Operator| {
            let operator = if end.inclusive { inclusive } else { exclusive };
            let right = match &end.bound {
                Bound::Number(number) => Expression::Quantity(number.clone()),
                Bound::Date(date) => Expression::Date(*date),
            };
            Condition::Compare(Comparison { left: key.clone(), operator, right })
        };
        let low = self.low.as_ref().map(|end| demand(end, Operator::AtLeast, Operator::More));
        let high = self.high.as_ref().map(|end| demand(end, Operator::AtMost, Operator::Less));
        low.into_iter().chain(high)
    }
}

impl<T> Bands<T> {
    /// What a row asks of its keys, as a condition.
    pub(crate) fn demand(&self, row: &Band<T>) -> Condition {
        let pairs = self.keys.iter().zip(&row.intervals);
        Condition::All(pairs.flat_map(|(key, interval)| interval.demands(key)).collect())
    }

    /// Every value of a row and of 其余, in reading order.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.rows.iter().map(|row| &row.then).chain(self.otherwise.as_deref())
    }

    /// The regions of a row, one for each key; a row that is short of intervals accepts everything.
    pub(crate) fn regions(&self, row: &Band<T>) -> Vec<Region> {
        let interval = |index| row.intervals.get(index).map_or(Region::EVERYTHING, Interval::region);
        (0..self.keys.len()).map(interval).collect()
    }

    /// What the rows cover together: for each region of the first key the regions of the second (everything, where
    /// there is no second).
    pub(crate) fn cover(&self) -> Vec<(Region, Vec<Region>)> {
        let rows: Vec<Vec<Region>> = self.rows.iter().map(|row| self.regions(row)).collect();
        let first = |row: &Vec<Region>| row.first().cloned().unwrap_or(Region::EVERYTHING);
        if self.keys.len() < 2 {
            return merged(rows.iter().map(first).collect()).into_iter().map(|one| (one, Vec::new())).collect();
        }
        let mut slabs: Vec<(Region, Vec<Region>)> = Vec::new();
        for slab in elementary(rows.iter().map(first)) {
            let inside = rows.iter().filter(|row| !first(row).meet(&slab).is_empty());
            let second = merged(inside.filter_map(|row| row.get(1).cloned()).collect());
            match slabs.last_mut() {
                Some((last, same)) if *same == second && last.high == slab.low => last.high = slab.high,
                _ => slabs.push((slab, second)),
            }
        }
        slabs.retain(|(_, second)| !second.is_empty());
        slabs
    }

    /// Which rows the keys read can be in.
    pub(crate) fn reach(&self, keys: &[Reading]) -> Reach {
        let inside = |index: usize, region: &Region| keys.get(index).map_or(Verdict::Unknown, |key| judge(key, region));
        let rows = self.rows.iter().map(|row| {
            let regions = self.regions(row);
            all(regions.iter().enumerate().map(|(index, region)| inside(index, region)))
        });
        let covered = any(self.cover().iter().map(|(first, second)| {
            let second = any(second.iter().map(|region| inside(1, region)));
            all([inside(0, first), if self.keys.len() < 2 { Verdict::Met } else { second }])
        }));
        Reach { rows: rows.collect(), otherwise: not(covered) }
    }

    pub(crate) fn read_keys(&self, facts: &Facts<'_>) -> Vec<Reading> {
        self.keys.iter().map(|key| facts.read(key)).collect()
    }
}

impl<T> Cases<T> {
    /// Every value of a row and of 其余, in reading order.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.rows.iter().map(|row| &row.then).chain(self.otherwise.as_deref())
    }

    /// From the verdicts of the rows' conditions: a row is taken when its condition holds and no earlier one does.
    pub(crate) fn reach(whens: &[Verdict]) -> Reach {
        let earlier = |count: usize| whens[..count].iter().map(|when| not(*when));
        let rows = whens.iter().enumerate().map(|(index, when)| all(earlier(index).chain([*when])));
        Reach { rows: rows.collect(), otherwise: all(earlier(whens.len())) }
    }
}

/// Where a key lies. One that does not apply lies nowhere.
fn judge(key: &Reading, region: &Region) -> Verdict {
    match &key.estimate {
        Estimate::Known(range) => region.judge(range),
        Estimate::NotApplicable => Verdict::NotMet,
        Estimate::Unknown(_) => Verdict::Unknown,
    }
}

/// The pieces between all cuts of some regions.
fn elementary(regions: impl Iterator<Item = Region>) -> Vec<Region> {
    let mut cuts: Vec<Cut> = regions.flat_map(|region| [region.low, region.high]).flatten().collect();
    cuts.sort();
    cuts.dedup();
    let lows = std::iter::once(None).chain(cuts.iter().cloned().map(Some));
    let highs = cuts.iter().cloned().map(Some).chain([None]);
    lows.zip(highs).map(|(low, high)| Region { low, high }).collect()
}
