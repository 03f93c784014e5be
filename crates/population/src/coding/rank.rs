//! Values as ranks among the cuts of a ruler.

use rules::bulk::{Amount, End};
use rules::number::Rational;

use super::codes::Codes;
use crate::column::UNBOUNDED;
use crate::lanes::{Lane, Lanes};
use crate::plan::{Cut, Ruler};
use crate::plane::WORD;

/// The rank of a row without a known value.
pub(crate) const UNKNOWN: u32 = 0;
/// The rank of a row the question does not apply to, and of rows without an enterprise.
pub(crate) const OUT: u32 = 1;
/// The rank of values beyond no cut.
pub(crate) const LOWEST: u32 = 2;

/// One subject of every row.
#[derive(Clone, Debug)]
pub(crate) struct Ranks {
    pub(crate) low: Codes,
    /// Only where the ends of some row differ.
    pub(crate) high: Option<Codes>,
}

impl Ranks {
    pub(super) fn new(ruler: &Ruler) -> Self {
        Self { low: Codes::up_to(most(ruler)), high: None }
    }

    pub(super) fn push(&mut self, low: u32, high: u32) {
        if low != high && self.high.is_none() {
            self.high = Some(self.low.clone());
        }
        self.low.push(low);
        if let Some(ends) = &mut self.high {
            ends.push(high);
        }
    }

    pub(super) fn set(&mut self, row: usize, low: u32, high: u32) {
        if low != high && self.high.is_none() {
            self.high = Some(self.low.clone());
        }
        self.low.set(row, low);
        if let Some(ends) = &mut self.high {
            ends.set(row, high);
        }
    }

    pub(super) fn get(&self, row: usize) -> (u32, u32) {
        let low = self.low.get(row);
        (low, self.high.as_ref().map_or(low, |high| high.get(row)))
    }

    pub(super) fn bytes(&self) -> usize {
        self.low.bytes() + self.high.as_ref().map_or(0, Codes::bytes)
    }
}

/// The highest rank.
pub(super) fn most(ruler: &Ruler) -> usize {
    ruler.cuts.len() + LOWEST as usize
}

/// For one unit, the smallest stored integer beyond each cut; a cut nothing is beyond is left out.
#[derive(Default)]
pub(super) struct Bounds(Option<(Rational, Vec<i64>)>);

impl Bounds {
    fn of(&mut self, cuts: &[Cut], unit: &Rational) -> &[i64] {
        if self.0.as_ref().is_none_or(|(known, _)| known != unit) {
            self.0 = Some((unit.clone(), cuts.iter().map_while(|cut| smallest_beyond(cut, unit)).collect()));
        }
        self.0.as_ref().map_or(&[], |(_, bounds)| bounds)
    }
}

fn is_beyond(value: &Rational, cut: &Cut) -> bool {
    if cut.above { *value > cut.at } else { *value >= cut.at }
}

fn smallest_beyond(cut: &Cut, unit: &Rational) -> Option<i64> {
    let beyond = |raw: i64| is_beyond(&Rational::whole(raw).multiply(unit), cut);
    let (mut below, mut found) = (i128::from(i64::MIN) - 1, i128::from(i64::MAX));
    if !beyond(i64::MAX) {
        return None;
    }
    while found - below > 1 {
        let middle = below.midpoint(found);
        if i64::try_from(middle).is_ok_and(beyond) { found = middle } else { below = middle }
    }
    i64::try_from(found).ok()
}

pub(super) fn rank(ruler: &Ruler, lanes: &Lanes, rows: usize, bounds: &mut Bounds, ranks: &mut Ranks) {
    let after = |passed: usize| LOWEST + u32::try_from(passed).unwrap_or(u32::MAX - LOWEST);
    if let Lanes::Scaled(scaled) = lanes
        && (rows >= WORD || bounds.0.is_some())
    {
        let bounds = bounds.of(&ruler.cuts, &scaled.unit);
        let top = scaled.open_ended.then(|| after(ruler.cuts.len()));
        let place = |raw: i64| after(bounds.partition_point(|bound| *bound <= raw));
        for row in 0..rows {
            let (low, high) = match scaled.lanes[row] {
                Lane::Unknown => (UNKNOWN, UNKNOWN),
                Lane::NotApplicable => (OUT, OUT),
                Lane::Known => {
                    let first = place(scaled.low[row]);
                    (
                        first,
                        match scaled.high[row] {
                            same if same == scaled.low[row] => first,
                            UNBOUNDED => top.unwrap_or_else(|| place(UNBOUNDED)),
                            high => place(high),
                        },
                    )
                }
            };
            ranks.push(low, high);
        }
        return;
    }
    let place = |value: &Rational| after(ruler.cuts.partition_point(|cut| is_beyond(value, cut)));
    for row in 0..rows {
        match lanes.amount(row) {
            Amount::Unknown => ranks.push(UNKNOWN, UNKNOWN),
            Amount::NotApplicable => ranks.push(OUT, OUT),
            Amount::Known(range) => {
                let end = |end: &End| match end {
                    End::Below => LOWEST,
                    End::At(value) => place(value),
                    End::Above => after(ruler.cuts.len()),
                };
                ranks.push(end(&range.low), end(&range.high));
            }
        }
    }
}
