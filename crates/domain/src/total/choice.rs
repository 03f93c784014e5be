//! Which of several payments can be had together, and what the best of these bundles comes to.

/// Bundles of more items than this that exclude each other are bounded instead of tried out.
const MOST_TRIED: usize = 14;

/// Payments of which some exclude each other or are capped together. 分 throughout; an absent end is open.
#[derive(Debug, Default)]
pub(super) struct Choice {
    /// What each pays: at least, at most.
    pub(super) pays: Vec<(i64, Option<i64>)>,
    /// Pairs of which only one can be had.
    pub(super) never: Vec<(usize, usize)>,
    /// Pairs of which perhaps only one can be had: that counts against the low end only.
    pub(super) perhaps_not: Vec<(usize, usize)>,
    pub(super) caps: Vec<Cap>,
}

/// The most some payments come to together: at least, at most.
#[derive(Debug)]
pub(super) struct Cap {
    pub(super) members: Vec<usize>,
    pub(super) most: (i64, Option<i64>),
}

/// The best bundle by what is guaranteed, and the ends between which the best bundle lies whatever is still open.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Best {
    pub(super) low: i64,
    pub(super) high: Option<i64>,
    pub(super) chosen: Vec<usize>,
}

impl Choice {
    pub(super) fn best(&self) -> Best {
        let mut best = Best { low: 0, high: Some(0), chosen: Vec::new() };
        for part in self.parts() {
            let found = if part.len() > MOST_TRIED { self.bounded(&part) } else { self.tried(&part) };
            best.low = best.low.saturating_add(found.low);
            best.high = best.high.zip(found.high).map(|(one, two)| one.saturating_add(two));
            best.chosen.extend(found.chosen);
        }
        best.chosen.sort_unstable();
        best
    }

    /// Payments that have nothing to do with each other fall apart and are decided by themselves.
    fn parts(&self) -> Vec<Vec<usize>> {
        let mut group: Vec<usize> = (0..self.pays.len()).collect();
        let capped = self.caps.iter().flat_map(|cap| cap.members.windows(2).map(|pair| (pair[0], pair[1])));
        let links: Vec<(usize, usize)> = self.never.iter().chain(&self.perhaps_not).copied().chain(capped).collect();
        for (one, two) in links {
            let (keep, gone) = (group[one], group[two]);
            group.iter_mut().filter(|of| **of == gone).for_each(|of| *of = keep);
        }
        let mut parts: Vec<Vec<usize>> = vec![Vec::new(); self.pays.len()];
        for (index, of) in group.into_iter().enumerate() {
            parts[of].push(index);
        }
        parts.retain(|part| !part.is_empty());
        parts
    }

    /// Every bundle of a part is tried.
    fn tried(&self, part: &[usize]) -> Best {
        let mut best = Best { low: 0, high: Some(0), chosen: Vec::new() };
        // By what is guaranteed, then by what is possible, the fewer items the better.
        let mut rank = (0, Some(0), 0);
        let mut bundle = Vec::new();
        self.extend(part, &mut bundle, &mut |bundle| {
            let (low, high) = (self.guaranteed(bundle), self.possible(bundle));
            best.high = greater(best.high, high);
            let is_sure = bundle.iter().all(|one| bundle.iter().all(|two| !excludes(&self.perhaps_not, *one, *two)));
            let this = (low, high, usize::MAX - bundle.len());
            if is_sure && is_above(&this, &rank) {
                rank = this;
                (best.low, best.chosen) = (low, bundle.to_vec());
            }
        });
        best
    }

    /// Visits the bundle and everything that can be added to it from `rest`.
    fn extend(&self, rest: &[usize], bundle: &mut Vec<usize>, visit: &mut impl FnMut(&[usize])) {
        visit(bundle);
        for (at, next) in rest.iter().enumerate() {
            if bundle.iter().all(|member| !excludes(&self.never, *member, *next)) {
                bundle.push(*next);
                self.extend(&rest[at + 1..], bundle, visit);
                bundle.pop();
            }
        }
    }

    /// One admissible bundle for the low end, everything together for the high one: wider, and never wrong.
    fn bounded(&self, part: &[usize]) -> Best {
        let mut by_low = part.to_vec();
        by_low.sort_by_key(|index| std::cmp::Reverse(self.pays[*index].0));
        let mut chosen: Vec<usize> = Vec::new();
        for next in by_low {
            let clashes =
                |member: &usize| excludes(&self.never, *member, next) || excludes(&self.perhaps_not, *member, next);
            if !chosen.iter().any(clashes) {
                chosen.push(next);
            }
        }
        Best { low: self.guaranteed(&chosen), high: self.possible(part), chosen }
    }

    /// What a bundle pays at least: what exceeds any cap at its lowest is taken off.
    fn guaranteed(&self, bundle: &[usize]) -> i64 {
        let sum = |is_meant: &dyn Fn(&usize) -> bool| {
            let meant = bundle.iter().filter(|index| is_meant(index));
            meant.fold(0_i64, |sum, index| sum.saturating_add(self.pays[*index].0))
        };
        let over = self.caps.iter().map(|cap| {
            let together = sum(&|index| cap.members.contains(index));
            together.saturating_sub(cap.most.0).max(0)
        });
        over.fold(sum(&|_| true), i64::saturating_sub).max(0)
    }

    /// What a bundle pays at most: the tightest cap at its highest holds.
    fn possible(&self, bundle: &[usize]) -> Option<i64> {
        let sum = |is_meant: &dyn Fn(&usize) -> bool| {
            let mut meant = bundle.iter().filter(|index| is_meant(index));
            meant.try_fold(0_i64, |sum, index| self.pays[*index].1.map(|high| sum.saturating_add(high)))
        };
        let bounded = self.caps.iter().filter_map(|cap| {
            let inside = sum(&|index| cap.members.contains(index));
            let outside = sum(&|index| !cap.members.contains(index))?;
            Some(outside.saturating_add(lesser(inside, cap.most.1)?))
        });
        bounded.fold(sum(&|_| true), |least, one| lesser(least, Some(one)))
    }
}

fn excludes(pairs: &[(usize, usize)], one: usize, two: usize) -> bool {
    pairs.iter().any(|pair| *pair == (one, two) || *pair == (two, one))
}

/// The greater of two upper ends; an open one is above all.
fn greater(one: Option<i64>, two: Option<i64>) -> Option<i64> {
    one.zip(two).map(|(one, two)| one.max(two))
}

fn lesser(one: Option<i64>, two: Option<i64>) -> Option<i64> {
    match (one, two) {
        (Some(one), Some(two)) => Some(one.min(two)),
        (one, two) => one.or(two),
    }
}

type Rank = (i64, Option<i64>, usize);

fn is_above(this: &Rank, that: &Rank) -> bool {
    let open_last = |rank: &Rank| (rank.0, rank.1.is_none(), rank.1, rank.2);
    open_last(this) > open_last(that)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn exactly(pays: &[i64]) -> Vec<(i64, Option<i64>)> {
        pays.iter().map(|fen| (*fen, Some(*fen))).collect()
    }

    #[test]
    fn of_a_group_the_best_counts_once() {
        let choice = Choice { pays: exactly(&[20, 50, 30]), never: vec![(0, 1), (1, 2), (0, 2)], ..Choice::default() };
        assert_eq!(choice.best(), Best { low: 50, high: Some(50), chosen: vec![1] });
    }

    #[test]
    fn two_that_exclude_a_third_can_outweigh_it() {
        let choice = Choice { pays: exactly(&[20, 30, 40]), never: vec![(0, 2), (1, 2)], ..Choice::default() };
        assert_eq!(choice.best(), Best { low: 50, high: Some(50), chosen: vec![0, 1] });
    }

    #[test]
    fn what_is_guaranteed_decides_and_what_is_possible_stays_in_the_interval() {
        let choice = Choice { pays: vec![(20, Some(20)), (0, Some(90))], never: vec![(0, 1)], ..Choice::default() };
        assert_eq!(choice.best(), Best { low: 20, high: Some(90), chosen: vec![0] });
        let open = Choice { pays: vec![(20, Some(20)), (5, None)], ..Choice::default() };
        assert_eq!(open.best(), Best { low: 25, high: None, chosen: vec![0, 1] });
    }

    #[test]
    fn perhaps_the_same_project_counts_once_at_least_and_twice_at_most() {
        let choice = Choice { pays: exactly(&[20, 50]), perhaps_not: vec![(0, 1)], ..Choice::default() };
        assert_eq!(choice.best(), Best { low: 50, high: Some(70), chosen: vec![1] });
    }

    #[test]
    fn a_common_cap_holds_at_both_ends() {
        let capped = |most| Choice {
            pays: vec![(20, Some(30)), (25, None)],
            caps: vec![Cap { members: vec![0, 1], most }],
            ..Choice::default()
        };
        for (most, ends) in [
            ((44, Some(44)), (44, Some(44))),
            ((45, Some(45)), (45, Some(45))),
            ((46, Some(46)), (45, Some(46))),
            ((10, None), (10, None)),
        ] {
            let best = capped(most).best();
            assert_eq!((best.low, best.high), ends, "{most:?}");
        }
    }

    fn choices() -> impl Strategy<Value = Choice> {
        (2_usize..7).prop_flat_map(|count| {
            let pair = (0..count, 1..count).prop_map(move |(one, on)| (one, (one + on) % count));
            let pays = (0_i64..50, prop::option::weighted(0.9, 0_i64..50))
                .prop_map(|(low, more)| (low, more.map(|more| low + more)));
            let cap = (prop::collection::btree_set(0..count, 1..=count), 0_i64..60, 0_i64..30).prop_map(
                |(members, low, more)| Cap { members: members.into_iter().collect(), most: (low, Some(low + more)) },
            );
            (
                prop::collection::vec(pays, count),
                prop::collection::vec(pair.clone(), 0..5),
                prop::collection::vec(pair, 0..3),
                prop::collection::vec(cap, 0..3),
            )
                .prop_map(|(pays, never, perhaps_not, caps)| Choice { pays, never, perhaps_not, caps })
        })
    }

    /// What can be paid out when everything is known: of every admissible bundle each payment as far as the caps
    /// still leave room. Under at most one cap nothing pays more.
    fn paid_out(pays: &[i64], never: &[(usize, usize)], caps: &[(Vec<usize>, i64)]) -> i64 {
        let holds = |bundle: u32, index: usize| bundle & (1 << index) != 0;
        let bundles = (0..1_u32 << pays.len())
            .filter(|bundle| never.iter().all(|(one, two)| !holds(*bundle, *one) || !holds(*bundle, *two)));
        let filled = bundles.map(|bundle| {
            let mut room: Vec<i64> = caps.iter().map(|(_, most)| *most).collect();
            let mut paid = 0;
            for index in (0..pays.len()).filter(|index| holds(bundle, *index)) {
                let under = || (0..caps.len()).filter(|cap| caps[*cap].0.contains(&index));
                let this = under().map(|cap| room[cap]).fold(pays[index], i64::min);
                for cap in under() {
                    room[cap] -= this;
                }
                paid += this;
            }
            paid
        });
        filled.max().unwrap_or(0)
    }

    proptest! {
        #[test]
        fn the_best_bundle_of_every_outcome_lies_between_the_ends(
            choice in choices(), picks in prop::collection::vec(0_u8..3, 12), clash in any::<bool>(),
        ) {
            let at = |index: usize, (low, high): (i64, Option<i64>)| match (picks[index], high) {
                (0, _) => low,
                (1, Some(high)) => i64::midpoint(low, high),
                (_, high) => high.unwrap_or(low + 1000),
            };
            let pays: Vec<i64> = choice.pays.iter().enumerate().map(|(index, one)| at(index, *one)).collect();
            let caps: Vec<(Vec<usize>, i64)> =
                choice.caps.iter().enumerate().map(|(index, cap)| (cap.members.clone(), at(9 + index, cap.most))).collect();
            let mut never = choice.never.clone();
            if clash {
                never.extend(&choice.perhaps_not);
            }
            let (best, truth) = (choice.best(), paid_out(&pays, &never, &caps));
            prop_assert!(best.high.is_none_or(|high| truth <= high), "{truth} > {best:?}");
            if caps.len() < 2 {
                prop_assert!(best.low <= truth, "{truth} < {best:?}");
            }
            let by_bound = choice.parts().iter().map(|part| choice.bounded(part).low).sum::<i64>();
            prop_assert!(by_bound <= best.low);
        }
    }
}
