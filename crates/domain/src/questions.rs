//! The next best questions: the few facts that together settle most undecided items.
//!
//! 补充这 2 项可确定 11 个事项. Each item names a smallest set of facts that would settle it; a choice of facts settles
//! the items whose whole set it holds. Every choice is tried while there are few; beyond, the cheapest item is
//! completed next, and the answer says that it may not be the best.

use rules::{MissingFact, Reference};

use crate::matching::Match;
use crate::standing::Standing;

/// Asked for at most beside a result: what an owner answers in two minutes. More is a form, not a hint.
pub const FEW: usize = 3;

/// Up to so many choices all are tried.
const MOST_CHOICES: u64 = 20_000;

/// What to ask, and how many items the answers settle.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Questions {
    /// Easiest to answer first.
    pub facts: Vec<MissingFact>,
    /// Items whose verdict depends on nothing else.
    pub items: usize,
    /// No other choice of as many facts settles more.
    pub exact: bool,
}

impl Questions {
    /// `补充这 2 项可确定 11 个事项`; nothing where there is nothing to ask.
    pub fn words(&self) -> Option<String> {
        (self.items > 0).then(|| format!("补充这 {} 项可确定 {} 个事项", self.facts.len(), self.items))
    }
}

/// The best questions, at most `most` of them, from matches that carry their explanation.
pub fn best<'m>(matches: impl IntoIterator<Item = &'m Match<'m>>, reference: &Reference, most: usize) -> Questions {
    let open = matches.into_iter().filter(|one| one.standing == Standing::MissingInformation);
    let wanted = open.filter_map(|one| Some(one.explanation.as_ref()?.deciding.clone()));
    choose(&wanted.collect::<Vec<_>>(), reference, most)
}

/// The same from the deciding sets alone.
pub fn choose(wanted: &[Vec<MissingFact>], reference: &Reference, most: usize) -> Questions {
    let wanted: Vec<Vec<MissingFact>> = wanted.iter().map(|set| asked(set, reference)).collect();
    let mut facts: Vec<MissingFact> = wanted.iter().flatten().cloned().collect();
    facts.sort_by_cached_key(|fact| (ease(fact, reference), fact.clone()));
    facts.dedup();
    let sets: Vec<Vec<usize>> = wanted
        .iter()
        .filter(|set| !set.is_empty() && set.len() <= most)
        .map(|set| set.iter().filter_map(|fact| facts.iter().position(|one| one == fact)).collect())
        .collect();
    let most = most.min(facts.len());
    let exact = choices(facts.len(), most) <= MOST_CHOICES;
    let chosen = if exact { by_trial(&sets, facts.len(), most) } else { by_greed(&sets, most) };
    let items = settled(&sets, &chosen);
    Questions { facts: chosen.into_iter().map(|index| facts[index].clone()).collect(), items, exact }
}

/// A list is asked for once, whatever window each condition looks at.
fn asked(set: &[MissingFact], reference: &Reference) -> Vec<MissingFact> {
    let is_list = |fact: &MissingFact| reference.catalogue.fact(&fact.fact).is_some_and(|fact| fact.list().is_some());
    let mut set: Vec<MissingFact> = set
        .iter()
        .map(|fact| MissingFact { period: fact.period.clone().filter(|_| !is_list(fact)), ..fact.clone() })
        .collect();
    set.sort();
    set.dedup();
    set
}

/// The catalogue's order of asking.
fn ease(fact: &MissingFact, reference: &Reference) -> u8 {
    reference.catalogue.fact(&fact.fact).and_then(|fact| fact.ask).unwrap_or(u8::MAX)
}

/// How many choices of one to `most` facts there are, as far as that matters.
fn choices(facts: usize, most: usize) -> u64 {
    let mut total: u64 = 0;
    let mut of_size: u64 = 1;
    for size in 0..most {
        let (left, next) = ((facts - size) as u64, size as u64 + 1);
        of_size = of_size.saturating_mul(left) / next;
        total = total.saturating_add(of_size);
    }
    total
}

fn settled(sets: &[Vec<usize>], chosen: &[usize]) -> usize {
    sets.iter().filter(|set| set.iter().all(|fact| chosen.contains(fact))).count()
}

/// Of the choices that settle most, one with the fewest facts, and of these the easiest to answer.
fn by_trial(sets: &[Vec<usize>], facts: usize, most: usize) -> Vec<usize> {
    let mut best = (0, Vec::new());
    for size in 1..=most {
        let mut chosen: Vec<usize> = (0..size).collect();
        loop {
            let items = settled(sets, &chosen);
            if items > best.0 {
                best = (items, chosen.clone());
            }
            // The next choice of this size, in the order of ease.
            let Some(at) = (0..size).rev().find(|at| chosen[*at] < facts - size + at) else { break };
            chosen[at] += 1;
            for later in at + 1..size {
                chosen[later] = chosen[later - 1] + 1;
            }
        }
    }
    best.1
}

/// Completes the set that brings most items per fact, again and again.
fn by_greed(sets: &[Vec<usize>], most: usize) -> Vec<usize> {
    let mut chosen: Vec<usize> = Vec::new();
    loop {
        let extensions = sets.iter().filter_map(|set| {
            let new: Vec<usize> = set.iter().copied().filter(|fact| !chosen.contains(fact)).collect();
            let fits = !new.is_empty() && chosen.len() + new.len() <= most;
            fits.then(|| {
                let together: Vec<usize> = chosen.iter().chain(&new).copied().collect();
                (settled(sets, &together) * 1000 / new.len(), std::cmp::Reverse(new.clone()), new)
            })
        });
        let Some((.., new)) = extensions.max() else { break };
        chosen.extend(new);
    }
    chosen.sort_unstable();
    chosen
}

#[cfg(test)]
mod tests {
    use rules::FactKey;

    use super::*;

    fn fact(name: &str) -> MissingFact {
        MissingFact { fact: FactKey::from(name), name: name.to_owned(), period: None, question: String::new() }
    }

    fn sets(of: &[&[&str]]) -> Vec<Vec<MissingFact>> {
        of.iter().map(|set| set.iter().map(|name| fact(name)).collect()).collect()
    }

    fn chosen(of: &[&[&str]], most: usize) -> (Vec<String>, usize) {
        let questions = choose(&sets(of), Reference::builtin(), most);
        (questions.facts.into_iter().map(|fact| fact.fact.to_string()).collect(), questions.items)
    }

    fn names(of: &[&str]) -> Vec<String> {
        of.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn two_facts_that_settle_three_items_beat_the_one_that_is_wanted_most_often() {
        let open: &[&[&str]] =
            &[&["a", "x", "y"], &["a", "p", "q"], &["a", "r", "s"], &["b", "c"], &["b", "c"], &["c"]];
        assert_eq!(chosen(open, 2), (names(&["b", "c"]), 3));
    }

    #[test]
    fn no_more_is_asked_than_settles_more_and_easy_questions_come_first() {
        assert_eq!(chosen(&[&["c"], &["c"]], 3), (names(&["c"]), 2));
        assert_eq!(chosen(&[&["market_share"], &["revenue"]], 1), (names(&["revenue"]), 1));
        assert_eq!(chosen(&[&["market_share"], &["revenue"]], 2).0, names(&["revenue", "market_share"]));
    }

    #[test]
    fn where_nothing_can_be_settled_nothing_is_asked() {
        assert_eq!(chosen(&[], 3), (Vec::new(), 0));
        assert_eq!(chosen(&[&["a", "b"]], 1), (Vec::new(), 0));
        assert_eq!(Questions::default().words(), None);
    }

    #[test]
    fn greed_settles_what_it_counts_and_stays_within_the_number_asked_for() {
        let names: Vec<String> = (0..60).map(|index| format!("f{index:02}")).collect();
        let open: Vec<Vec<MissingFact>> =
            (0..60).map(|index| vec![fact(&names[index]), fact(&names[(index * 7 + 3) % 60])]).collect();
        let questions = choose(&open, Reference::builtin(), 12);
        assert!(!questions.exact && questions.facts.len() <= 12 && questions.items >= 6, "{questions:?}");
    }
}
