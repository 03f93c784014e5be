//! Counting under uncertainty: what counts for certain, what may count, and no upper bound while the list is open.

use super::known;
use crate::tree::Operator;
use crate::tree::logic::not;
use crate::verdict::Verdict;

/// How many records count at least and at most; an open list has no upper bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) certain: u64,
    pub(crate) possible: Option<u64>,
    /// Some record lacks a field that was asked for.
    pub(crate) vague: bool,
    /// A statement covers everything asked for.
    pub(crate) complete: bool,
}

impl Count {
    pub(crate) fn compare(self, operator: Operator, count: u64) -> Verdict {
        let low = operator.holds(self.certain.cmp(&count));
        match (operator, self.possible) {
            (Operator::AtLeast | Operator::More, None) => {
                if low {
                    Verdict::Met
                } else {
                    Verdict::Unknown
                }
            }
            (Operator::AtLeast | Operator::More, Some(high)) => both(low, operator.holds(high.cmp(&count))),
            (Operator::AtMost | Operator::Less, None) => {
                if low {
                    Verdict::Unknown
                } else {
                    Verdict::NotMet
                }
            }
            (Operator::AtMost | Operator::Less, Some(high)) => both(operator.holds(high.cmp(&count)), low),
            (Operator::Equal, high) => self.equals(high, count),
            (Operator::Differs, high) => not(self.equals(high, count)),
        }
    }

    fn equals(self, high: Option<u64>, count: u64) -> Verdict {
        if high == Some(self.certain) {
            return known(Some(self.certain == count));
        }
        if count < self.certain || high.is_some_and(|high| high < count) { Verdict::NotMet } else { Verdict::Unknown }
    }
}

/// From what is certain and what is possible.
fn both(certain: bool, possible: bool) -> Verdict {
    match (certain, possible) {
        (true, _) => Verdict::Met,
        (false, true) => Verdict::Unknown,
        (false, false) => Verdict::NotMet,
    }
}
