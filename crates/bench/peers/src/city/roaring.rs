//! The same plan on the `roaring` crate: one bitmap per distinct question, one per field for what is missing, negation
//! pushed to the questions, so that both planes are joined by and, or, so many of so many.

use std::collections::HashMap;
use std::hint::black_box;

use bench::flat::{FIELDS, Leaf, MISSING, Rule};
use roaring::RoaringBitmap;
use rules::Verdict;

use super::{Answer, City};

/// A rule without negation but at its leaves.
enum Joined {
    All(Vec<Joined>),
    Any(Vec<Joined>),
    AtLeast(usize, Vec<Joined>),
    /// A question and its field.
    Leaf(usize, usize),
}

pub(crate) struct Bitmaps {
    rules: Vec<Joined>,
    certain: Vec<RoaringBitmap>,
    missing: Vec<RoaringBitmap>,
}

impl Bitmaps {
    pub(crate) fn of(city: &City, rules: usize) -> Self {
        let mut known: HashMap<Leaf, usize> = HashMap::new();
        let mut leaves = Vec::new();
        let rules = city.rules.iter().take(rules).map(|rule| joined(rule, false, &mut known, &mut leaves)).collect();
        let bitmap = |field: usize, holds: &dyn Fn(i64) -> bool| {
            let rows = (0_u32..).zip(&city.columns[field]).filter(|(_, value)| holds(**value)).map(|(row, _)| row);
            let mut bitmap: RoaringBitmap = rows.collect();
            bitmap.optimize();
            bitmap
        };
        let certain = leaves.iter().map(|leaf: &Leaf| bitmap(leaf.field, &|value| leaf.verdict(value) == Verdict::Met));
        let missing = (0..FIELDS.len()).map(|field| bitmap(field, &|value| value == MISSING));
        Self { certain: certain.collect(), missing: missing.collect(), rules }
    }

    /// Counts what is certain and what is possible of every rule, rules shared out among two threads.
    pub(crate) fn count(&self) {
        let (first, second) = self.rules.split_at(self.rules.len() / 2);
        let work = |rules: &[Joined]| {
            for rule in rules {
                black_box((self.join(rule, true).len(), self.join(rule, false).len()));
            }
        };
        std::thread::scope(|scope| {
            scope.spawn(|| work(first));
            work(second);
        });
    }

    pub(crate) fn answers(&self) -> Vec<Answer> {
        let answer = |rule| {
            let (certain, possible) = (self.join(rule, true), self.join(rule, false));
            let mut answer = Answer::default();
            possible.iter().for_each(|row| answer.add(row as usize, certain.contains(row)));
            answer
        };
        self.rules.iter().map(answer).collect()
    }

    fn join(&self, rule: &Joined, certain: bool) -> RoaringBitmap {
        match rule {
            Joined::Leaf(leaf, _) if certain => self.certain[*leaf].clone(),
            Joined::Leaf(leaf, field) => &self.certain[*leaf] | &self.missing[*field],
            Joined::All(members) => self.fold(members, certain, |all, one| *all &= one),
            Joined::Any(members) => self.fold(members, certain, |all, one| *all |= one),
            Joined::AtLeast(k, members) => {
                // Level j holds the rows in which at least j + 1 of the members so far hold.
                let mut levels = vec![RoaringBitmap::new(); *k];
                for member in members {
                    let rows = self.join(member, certain);
                    for level in (1..*k).rev() {
                        let more = &levels[level - 1] & &rows;
                        levels[level] |= more;
                    }
                    levels[0] |= rows;
                }
                levels.pop().unwrap_or_default()
            }
        }
    }

    fn fold(
        &self,
        members: &[Joined],
        certain: bool,
        with: impl Fn(&mut RoaringBitmap, &RoaringBitmap),
    ) -> RoaringBitmap {
        let mut rest = members.iter();
        let Some(first) = rest.next() else { return RoaringBitmap::new() };
        let mut all = self.join(first, certain);
        for member in rest {
            match member {
                // What needs no bitmap of its own is joined where it lies.
                Joined::Leaf(leaf, _) if certain => with(&mut all, &self.certain[*leaf]),
                _ => with(&mut all, &self.join(member, certain)),
            }
        }
        all
    }
}

fn joined(rule: &Rule, negated: bool, known: &mut HashMap<Leaf, usize>, leaves: &mut Vec<Leaf>) -> Joined {
    let mut inner = |rules: &[Rule]| rules.iter().map(|rule| joined(rule, negated, known, leaves)).collect();
    match (rule, negated) {
        (Rule::All(rules), false) | (Rule::Any(rules), true) => Joined::All(inner(rules)),
        (Rule::Any(rules), false) | (Rule::All(rules), true) => Joined::Any(inner(rules)),
        (Rule::AtLeast(k, rules), false) => Joined::AtLeast(*k, inner(rules)),
        (Rule::AtLeast(k, rules), true) => Joined::AtLeast(rules.len() + 1 - k, inner(rules)),
        (Rule::Not(inner), _) => joined(inner, !negated, known, leaves),
        (Rule::Leaf(leaf), _) => {
            let leaf = Leaf { negated: leaf.negated != negated, ..leaf.clone() };
            let field = leaf.field;
            let index = *known.entry(leaf.clone()).or_insert_with(|| {
                leaves.push(leaf);
                leaves.len() - 1
            });
            Joined::Leaf(index, field)
        }
    }
}
