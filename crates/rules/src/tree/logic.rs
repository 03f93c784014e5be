//! all, any, none and at-least-k in Kleene's three values. An empty `all` holds, an empty `any` does not.

use crate::verdict::Verdict;

/// The opposite; what is unknown stays unknown.
pub fn not(verdict: Verdict) -> Verdict {
    match verdict {
        Verdict::Met => Verdict::NotMet,
        Verdict::Unknown => Verdict::Unknown,
        Verdict::NotMet => Verdict::Met,
    }
}

/// Not met as soon as one is not.
pub fn all(verdicts: impl IntoIterator<Item = Verdict>) -> Verdict {
    let mut result = Verdict::Met;
    for verdict in verdicts {
        match verdict {
            Verdict::NotMet => return Verdict::NotMet,
            Verdict::Unknown => result = Verdict::Unknown,
            Verdict::Met => {}
        }
    }
    result
}

/// Met as soon as one is.
pub fn any(verdicts: impl IntoIterator<Item = Verdict>) -> Verdict {
    not(all(verdicts.into_iter().map(not)))
}

/// Met when none is.
pub fn none(verdicts: impl IntoIterator<Item = Verdict>) -> Verdict {
    not(any(verdicts))
}

/// Met when `k` are, not met when even the unknown ones would not make `k`.
pub fn at_least(k: usize, verdicts: impl IntoIterator<Item = Verdict>) -> Verdict {
    let (mut met, mut open) = (0, 0);
    for verdict in verdicts {
        match verdict {
            Verdict::Met => met += 1,
            Verdict::Unknown => open += 1,
            Verdict::NotMet => {}
        }
    }
    match (met >= k, met + open >= k) {
        (true, _) => Verdict::Met,
        (false, true) => Verdict::Unknown,
        (false, false) => Verdict::NotMet,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Verdict::{Met, NotMet, Unknown};

    #[test]
    fn groups_follow_kleene() {
        assert_eq!(all([Met, Unknown, NotMet]), NotMet);
        assert_eq!(all([Met, Unknown]), Unknown);
        assert_eq!(any([NotMet, Unknown, Met]), Met);
        assert_eq!(any([NotMet, Unknown]), Unknown);
        assert_eq!(none([NotMet, Unknown]), Unknown);
        assert_eq!(none([NotMet, NotMet]), Met);
        assert_eq!((all([]), any([]), none([])), (Met, NotMet, Met));
    }

    #[test]
    fn at_least_k_counts_what_is_certain_and_what_is_possible() {
        assert_eq!(at_least(2, [Met, Met, NotMet]), Met);
        assert_eq!(at_least(2, [Met, Unknown, NotMet]), Unknown);
        assert_eq!(at_least(2, [Met, NotMet, NotMet]), NotMet);
        assert_eq!(at_least(2, [Unknown, NotMet, NotMet]), NotMet);
        assert_eq!(at_least(2, [Unknown, Unknown, Met]), Unknown);
    }
}
