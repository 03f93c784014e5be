//! A smallest set of facts whose favourable answers would settle an open condition.
//!
//! Favourable means: what the enterprise hopes for. 承诺 and 人工 are taken as given, they are asked for elsewhere.
//! Exact up to [`EXACT_FACTS`] open facts; beyond, cheapest branches are chosen greedily and what turns out
//! unnecessary is dropped again, so the answer is minimal (no fact in it can be left out) but perhaps not smallest.

use std::collections::BTreeSet;

use crate::evaluate::reading::Need;
use crate::tree::Condition;
use crate::verdict::Verdict;

/// Up to here every subset is tried, smallest first: 4,096 at most.
const EXACT_FACTS: usize = 12;

/// What would settle a node.
#[derive(Clone, Debug)]
pub(super) enum Wish {
    /// All of these facts must be answered; none: a word is waited for.
    Facts(Vec<Need>),
    /// At least so many of these.
    AtLeast(usize, Vec<Wish>),
}

/// A row of a table that can be reached.
pub(super) struct Row {
    pub(super) enter: Option<Wish>,
    pub(super) verdict: Verdict,
    pub(super) branch: Option<Wish>,
}

impl Wish {
    pub(super) fn of_leaf(needs: Vec<Need>) -> Self {
        Self::Facts(needs)
    }

    /// The wish of an open group from the wishes of its open children.
    pub(super) fn of_group(group: &Condition, verdicts: &[Verdict], open: Vec<Self>, wanted: bool) -> Self {
        let every = open.len();
        let met = verdicts.iter().filter(|verdict| **verdict == Verdict::Met).count();
        let not_met = verdicts.iter().filter(|verdict| **verdict == Verdict::NotMet).count();
        let number = match (group, wanted) {
            // To hold, all must; to fail, one suffices. 没有 holds when all its members fail.
            (Condition::All(_) | Condition::None(_), true) | (Condition::Any(_), false) => every,
            (Condition::AtLeast { k, .. }, true) => k.saturating_sub(met),
            (Condition::AtLeast { k, .. }, false) => (verdicts.len() + 1).saturating_sub(*k + not_met),
            _ => 1,
        };
        Self::AtLeast(number, open)
    }

    pub(super) fn all_of(wishes: Vec<Self>) -> Self {
        Self::AtLeast(wishes.len(), wishes)
    }

    /// The wish of an open table from the rows that can be reached: each with what leads into it (while that is open),
    /// its branch's verdict and wish. Either a good row is entered, or every branch in reach turns out well.
    pub(super) fn of_rows(rows: Vec<Row>, wanted: bool) -> Self {
        let bad = if wanted { Verdict::NotMet } else { Verdict::Met };
        let regardless = rows.iter().all(|row| row.verdict != bad).then(|| {
            let open: Vec<Self> = rows.iter().filter_map(|row| row.branch.clone()).collect();
            Self::AtLeast(open.len(), open)
        });
        let entered = rows.into_iter().filter(|row| row.verdict != bad).map(|row| {
            let both: Vec<Self> = [row.enter, row.branch].into_iter().flatten().collect();
            Self::AtLeast(both.len(), both)
        });
        Self::AtLeast(1, entered.chain(regardless).collect())
    }

    fn is_granted(&self, answered: &BTreeSet<&Need>) -> bool {
        match self {
            Self::Facts(needs) => needs.iter().all(|need| answered.contains(need)),
            Self::AtLeast(number, wishes) => wishes.iter().filter(|wish| wish.is_granted(answered)).count() >= *number,
        }
    }

    /// Every fact it speaks of, once.
    pub(super) fn all_facts(&self) -> Vec<Need> {
        let mut facts = BTreeSet::new();
        self.facts(&mut facts);
        facts.into_iter().cloned().collect()
    }

    fn facts<'a>(&'a self, into: &mut BTreeSet<&'a Need>) {
        match self {
            Self::Facts(needs) => into.extend(needs),
            Self::AtLeast(_, wishes) => wishes.iter().for_each(|wish| wish.facts(into)),
        }
    }

    /// A set that grants the wish, by taking the cheapest branches.
    fn cheap(&self) -> BTreeSet<&Need> {
        match self {
            Self::Facts(needs) => needs.iter().collect(),
            Self::AtLeast(number, wishes) => {
                let mut sets: Vec<BTreeSet<&Need>> = wishes.iter().map(Self::cheap).collect();
                sets.sort_by_key(BTreeSet::len);
                sets.into_iter().take(*number).flatten().collect()
            }
        }
    }
}

/// The set, in the order given by `order`, which also breaks ties.
pub(super) fn smallest<K: Ord>(wish: &Wish, order: impl Fn(&Need) -> K) -> Vec<Need> {
    let mut facts = BTreeSet::new();
    wish.facts(&mut facts);
    let mut facts: Vec<&Need> = facts.into_iter().collect();
    facts.sort_by_key(|need| order(need));
    let chosen = if facts.len() <= EXACT_FACTS { exact(wish, &facts) } else { greedy(wish, &facts) };
    chosen.into_iter().cloned().collect()
}

fn exact<'a>(wish: &Wish, facts: &[&'a Need]) -> Vec<&'a Need> {
    let subset =
        |mask: u32| facts.iter().enumerate().filter(move |(bit, _)| mask >> bit & 1 == 1).map(|(_, need)| *need);
    let mut masks: Vec<u32> = (0..1_u32 << facts.len()).collect();
    masks.sort_by_key(|mask| mask.count_ones());
    let found = masks.into_iter().find(|mask| wish.is_granted(&subset(*mask).collect()));
    found.map(|mask| subset(mask).collect()).unwrap_or_default()
}

fn greedy<'a>(wish: &'a Wish, facts: &[&'a Need]) -> Vec<&'a Need> {
    let mut chosen = wish.cheap();
    for need in facts.iter().rev() {
        if chosen.remove(need) && !wish.is_granted(&chosen) {
            chosen.insert(need);
        }
    }
    facts.iter().copied().filter(|need| chosen.contains(need)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::FactKey;

    fn need(name: &str) -> Need {
        Need { fact: FactKey::from(name), period: None }
    }

    fn wish(names: &[&str]) -> Wish {
        Wish::Facts(names.iter().map(|name| need(name)).collect())
    }

    fn named(wish: &Wish) -> Vec<String> {
        smallest(wish, Clone::clone).into_iter().map(|need| need.fact.to_string()).collect()
    }

    #[test]
    fn a_shared_fact_beats_two_cheap_ones() {
        let wish = Wish::AtLeast(
            3,
            vec![
                Wish::AtLeast(1, vec![wish(&["a"]), wish(&["x", "y"])]),
                Wish::AtLeast(1, vec![wish(&["b"]), wish(&["x", "y"])]),
                wish(&["x", "y"]),
            ],
        );
        assert_eq!(named(&wish), ["x", "y"]);
    }

    #[test]
    fn words_waited_for_cost_nothing() {
        assert!(named(&Wish::AtLeast(1, vec![wish(&["a"]), wish(&[])])).is_empty());
    }

    #[test]
    fn beyond_the_exact_bound_nothing_unnecessary_is_asked() {
        let many: Vec<Wish> = (0..20).map(|index| Wish::Facts(vec![need(&format!("f{index:02}"))])).collect();
        assert_eq!(named(&Wish::AtLeast(3, many.clone())).len(), 3);
        assert_eq!(named(&Wish::AtLeast(20, many)).len(), 20);
    }
}
