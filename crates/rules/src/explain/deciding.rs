//! A smallest set of facts whose favourable answers would settle an open condition.
//!
//! Favourable means: what the enterprise hopes for. 承诺 and 人工 are taken as given, they are asked for elsewhere.
//! Exact up to [`EXACT_FACTS`] open facts; beyond, cheapest branches are chosen greedily and what turns out
//! unnecessary is dropped again, so the answer is minimal (no fact in it can be left out) but perhaps not smallest.

use std::collections::BTreeSet;

use crate::evaluate::reading::Need;
use crate::number::Rational;
use crate::tree::{Condition, Operator};
use crate::value::FactKey;
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
    /// Enough points that a comparison with the line comes out as wanted.
    Points { of: Box<Yield>, operator: Operator, line: Rational, wanted: bool },
}

/// The points certain to be on the wanted side, by what has been answered.
#[derive(Clone, Debug)]
pub(super) enum Yield {
    /// Points as they are, and as they become once the wish is granted.
    Part { now: Rational, then: Rational, wish: Wish },
    /// The sum, up to a cap.
    Sum(Vec<Yield>, Option<Rational>),
    /// The best of them, up to a cap.
    Best(Vec<Yield>, Option<Rational>),
}

impl Yield {
    pub(super) fn fixed(points: Rational) -> Self {
        Self::Part { now: points.clone(), then: points, wish: Wish::of_leaf(Vec::new()) }
    }

    fn points(&self, answered: &BTreeSet<&Need>) -> Rational {
        let none = Rational::whole(0);
        let (points, cap) = match self {
            Self::Part { now, then, wish } => {
                return if wish.is_granted(answered) { then.clone() } else { now.clone() };
            }
            Self::Sum(parts, cap) => (parts.iter().fold(none, |sum, part| sum.add(&part.points(answered))), cap),
            Self::Best(parts, cap) => (parts.iter().map(|part| part.points(answered)).max().unwrap_or(none), cap),
        };
        cap.iter().cloned().fold(points, Ord::min)
    }

    fn facts<'a>(&'a self, into: &mut BTreeSet<&'a Need>) {
        match self {
            Self::Part { now, then, .. } if now == then => {}
            Self::Part { wish, .. } => wish.facts(into),
            Self::Sum(parts, _) | Self::Best(parts, _) => parts.iter().for_each(|part| part.facts(into)),
        }
    }
}

/// A row of a table that can be reached.
pub(super) struct Row {
    pub(super) enter: Option<Wish>,
    pub(super) verdict: Verdict,
    pub(super) branch: Option<Wish>,
}

/// A row of a table of cases: what it takes to enter it, to pass it by, and for its branch to turn out well.
pub(super) struct CaseRow {
    pub(super) enter: Wish,
    pub(super) pass: Wish,
    pub(super) branch: Wish,
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

    /// What it takes that a part comes out as wanted; `wish` is that of an open one.
    pub(super) fn of_verdict(verdict: Verdict, wanted: bool, wish: Option<Self>) -> Self {
        match (verdict, wish) {
            (Verdict::Unknown, Some(wish)) => wish,
            (Verdict::Met, _) if !wanted => Self::AtLeast(1, Vec::new()),
            (Verdict::NotMet, _) if wanted => Self::AtLeast(1, Vec::new()),
            _ => Self::AtLeast(0, Vec::new()),
        }
    }

    /// The wish of a table of cases, from the last row to the first: the row is entered and its branch turns out well, or
    /// what lies behind does, and the row is passed by or its branch turns out well too.
    pub(super) fn of_cases(rows: Vec<CaseRow>, rest: Self) -> Self {
        rows.into_iter().rev().fold(rest, |behind, CaseRow { enter, pass, branch }| {
            let entered = Self::AtLeast(2, vec![enter, branch.clone()]);
            let left = Self::AtLeast(1, vec![pass, branch]);
            Self::AtLeast(1, vec![entered, Self::AtLeast(2, vec![left, behind])])
        })
    }

    /// Whether answers could grant it at all.
    pub(super) fn is_grantable(&self) -> bool {
        let mut facts = BTreeSet::new();
        self.facts(&mut facts);
        self.is_granted(&facts)
    }

    fn is_granted(&self, answered: &BTreeSet<&Need>) -> bool {
        match self {
            Self::Facts(needs) => needs.iter().all(|need| answered.contains(need)),
            Self::AtLeast(number, wishes) => wishes.iter().filter(|wish| wish.is_granted(answered)).count() >= *number,
            Self::Points { of, operator, line, wanted } => operator.holds(of.points(answered).cmp(line)) == *wanted,
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
            Self::Points { of, .. } => of.facts(into),
        }
    }

    /// A set that grants the wish, by taking the cheapest branches.
    fn cheap(&self) -> BTreeSet<&Need> {
        match self {
            Self::Facts(needs) => needs.iter().collect(),
            // What is too much is dropped again afterwards.
            Self::Points { of, .. } => {
                let mut facts = BTreeSet::new();
                of.facts(&mut facts);
                facts
            }
            Self::AtLeast(number, wishes) => {
                let mut sets: Vec<BTreeSet<&Need>> = wishes.iter().map(Self::cheap).collect();
                sets.sort_by_key(BTreeSet::len);
                sets.into_iter().take(*number).flatten().collect()
            }
        }
    }
}

/// The set, in the order given by `order`, which also breaks ties. A list is one question, whatever windows are asked
/// about it.
pub(super) fn smallest<K: Ord>(
    wish: &Wish,
    order: impl Fn(&Need) -> K,
    is_list: impl Fn(&FactKey) -> bool,
) -> Vec<Need> {
    let mut facts = BTreeSet::new();
    wish.facts(&mut facts);
    let mut facts: Vec<&Need> = facts.into_iter().collect();
    facts.sort_by_key(|need| order(need));
    let questions: Vec<&[&Need]> = facts.chunk_by(|one, other| one.fact == other.fact && is_list(&one.fact)).collect();
    let chosen = if questions.len() <= EXACT_FACTS { exact(wish, &questions) } else { wish.cheap() };
    needed(wish, chosen, &facts).into_iter().cloned().collect()
}

fn exact<'a>(wish: &Wish, questions: &[&[&'a Need]]) -> BTreeSet<&'a Need> {
    let subset = |mask: u32| -> BTreeSet<&'a Need> {
        let asked = questions.iter().enumerate().filter(|(bit, _)| mask >> bit & 1 == 1);
        asked.flat_map(|(_, needs)| needs.iter().copied()).collect()
    };
    let mut masks: Vec<u32> = (0..1_u32 << questions.len()).collect();
    masks.sort_by_key(|mask| mask.count_ones());
    masks.into_iter().map(subset).find(|set| wish.is_granted(set)).unwrap_or_default()
}

/// Without what the wish is granted without.
fn needed<'a>(wish: &Wish, mut chosen: BTreeSet<&'a Need>, facts: &[&'a Need]) -> Vec<&'a Need> {
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

    fn need(name: &str) -> Need {
        Need { fact: FactKey::from(name), period: None }
    }

    fn wish(names: &[&str]) -> Wish {
        Wish::Facts(names.iter().map(|name| need(name)).collect())
    }

    fn named(wish: &Wish) -> Vec<String> {
        smallest(wish, Clone::clone, |_| false).into_iter().map(|need| need.fact.to_string()).collect()
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
