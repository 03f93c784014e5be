//! The values between two cuts. A cut lies just before or just after a number, so "≥ 5" and "> 5" begin at different
//! cuts, touching bands share one, and nothing about boundaries is left to convention.

use crate::evaluate::range::Range;
use crate::number::Rational;
use crate::tree::Operator;
use crate::verdict::Verdict;

/// Just before the number, or (`true`) just after it.
pub(crate) type Cut = (Rational, bool);

/// Everything from one cut to the next; an absent cut is infinitely far away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Region {
    pub(crate) low: Option<Cut>,
    pub(crate) high: Option<Cut>,
}

impl Region {
    pub(crate) const EVERYTHING: Self = Self { low: None, high: None };

    pub(crate) fn is_empty(&self) -> bool {
        matches!((&self.low, &self.high), (Some(low), Some(high)) if low >= high)
    }

    /// Whether all, some or none of the values of a range lie inside.
    pub(crate) fn judge(&self, range: &Range) -> Verdict {
        // The cuts around the range; none where it is open.
        let first = range.low.finite().map(|low| (low, false));
        let last = range.high.finite().map(|high| (high, true));
        let begins = self.low.as_ref().is_none_or(|low| first.is_some_and(|first| (&low.0, low.1) <= first));
        let ends = self.high.as_ref().is_none_or(|high| last.is_some_and(|last| last <= (&high.0, high.1)));
        let below = self.low.as_ref().is_some_and(|low| last.is_some_and(|last| last <= (&low.0, low.1)));
        let above = self.high.as_ref().is_some_and(|high| first.is_some_and(|first| (&high.0, high.1) <= first));
        match (begins && ends, below || above) {
            (_, true) => Verdict::NotMet,
            (true, false) => Verdict::Met,
            (false, false) => Verdict::Unknown,
        }
    }

    /// What both hold.
    pub(crate) fn meet(&self, other: &Self) -> Self {
        let low = self.low.clone().max(other.low.clone());
        let high = match (&self.high, &other.high) {
            (Some(one), Some(two)) => Some(one.min(two).clone()),
            (one, two) => one.clone().or_else(|| two.clone()),
        };
        Self { low, high }
    }

    /// The comparisons a value inside satisfies: none, one or two.
    pub(crate) fn comparisons(&self) -> impl Iterator<Item = (Operator, Rational)> {
        let low =
            self.low.clone().map(|(value, after)| (if after { Operator::More } else { Operator::AtLeast }, value));
        let high =
            self.high.clone().map(|(value, after)| (if after { Operator::AtMost } else { Operator::Less }, value));
        low.into_iter().chain(high)
    }
}

/// The same values in as few regions as possible, in order.
pub(crate) fn merged(mut regions: Vec<Region>) -> Vec<Region> {
    regions.retain(|region| !region.is_empty());
    regions.sort_by(|one, other| one.low.cmp(&other.low));
    let mut joined: Vec<Region> = Vec::new();
    for region in regions {
        match joined.last_mut() {
            Some(last) if touches(last, &region) => {
                last.high = match (last.high.take(), region.high) {
                    (Some(one), Some(two)) => Some(one.max(two)),
                    _ => None,
                };
            }
            _ => joined.push(region),
        }
    }
    joined
}

/// Whether nothing lies between the two, the later one given second.
fn touches(earlier: &Region, later: &Region) -> bool {
    match (&earlier.high, &later.low) {
        (Some(end), Some(begin)) => begin <= end,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(low: Option<(i64, bool)>, high: Option<(i64, bool)>) -> Region {
        let cut = |(value, after)| (Rational::whole(value), after);
        Region { low: low.map(cut), high: high.map(cut) }
    }

    #[test]
    fn touching_regions_join_and_a_missing_boundary_keeps_them_apart() {
        let (below, from) = (region(None, Some((5, false))), region(Some((5, false)), None));
        assert_eq!(merged(vec![from, below.clone()]), [Region::EVERYTHING]);
        let after = region(Some((5, true)), None);
        assert_eq!(merged(vec![below.clone(), after.clone()]), [below, after]);
    }

    #[test]
    fn a_range_is_judged_at_both_cuts() {
        let region = region(Some((5, false)), Some((10, false)));
        let range = |low, high| Range::exactly(Rational::whole(low)).hull(Range::exactly(Rational::whole(high)));
        assert_eq!(region.judge(&range(5, 9)), Verdict::Met);
        assert_eq!(region.judge(&range(4, 5)), Verdict::Unknown);
        assert_eq!(region.judge(&range(1, 4)), Verdict::NotMet);
        assert_eq!(region.judge(&range(10, 12)), Verdict::NotMet);
    }
}
