//! What would settle a condition whose leaves ask the same question, read off its lowered form: what splitting has made
//! irrelevant is not asked for.

use std::collections::BTreeSet;

use super::Explainer;
use super::deciding::Wish;
use crate::core::{Amount, Core, Member, Term, judge};
use crate::evaluate::facts::ESTABLISHED;
use crate::evaluate::reading::{Estimate, Need};
use crate::tree::{Expression, When};
use crate::value::FactKey;
use crate::verdict::Verdict;

impl Explainer<'_> {
    /// The wish that the condition holds.
    pub(super) fn lowered_wish(&self, core: &Core) -> Wish {
        let wishes = |members: &[Core]| members.iter().map(|member| self.lowered_wish(member)).collect::<Vec<_>>();
        match core {
            Core::All(members) => Wish::AtLeast(members.len(), wishes(members)),
            Core::Any(members) => Wish::AtLeast(1, wishes(members)),
            Core::AtLeast { k, of } => Wish::AtLeast(*k, wishes(of)),
            Core::Sides { certain, .. } => self.lowered_wish(certain),
            leaf => {
                let mut needs = BTreeSet::new();
                let verdict = judge(leaf, &self.facts);
                if verdict == Verdict::Unknown {
                    self.leaf_needs(leaf, &mut needs);
                }
                Wish::of_verdict(verdict, true, Some(Wish::of_leaf(needs.into_iter().collect())))
            }
        }
    }

    fn leaf_needs(&self, leaf: &Core, needs: &mut BTreeSet<Need>) {
        match leaf {
            Core::Compare { left, right, .. } => {
                self.term_needs(left, needs);
                self.term_needs(right, needs);
            }
            Core::Applies { term, .. } => self.term_needs(term, needs),
            Core::Member(Member::Among(membership)) => needs.extend(membership.find(&self.facts).needs),
            Core::Member(Member::Contains(contains)) => needs.extend(contains.find(&self.facts).needs),
            Core::Member(Member::Within(place)) => needs.extend(place.find(&self.facts).needs),
            Core::Count(records) => needs.extend(records.find(&self.facts).needs),
            Core::All(members) | Core::Any(members) | Core::AtLeast { of: members, .. } => {
                for member in members {
                    self.leaf_needs(member, needs);
                }
            }
            Core::Sides { certain, possible } => {
                self.leaf_needs(certain, needs);
                self.leaf_needs(possible, needs);
            }
            Core::Member(Member::Stated { .. }) | Core::Constant(_) | Core::Open => {}
        }
    }

    /// The facts a term lacks. Of one with an exact value, nothing.
    fn term_needs(&self, term: &Term, needs: &mut BTreeSet<Need>) {
        match term.value(&self.facts) {
            Amount::Known(range) if range.is_exact() => return,
            Amount::NotApplicable => return,
            Amount::Known(_) | Amount::Unknown => {}
        }
        match term {
            Term::Fact { derived: Some(derived), fact, when, source, .. }
                if self.is_silent(fact, *when, source.as_deref()) =>
            {
                self.term_needs(derived, needs);
            }
            Term::Fact { fact, when, .. } => {
                needs.insert(self.need(fact, *when));
            }
            Term::Fold { years, .. } => {
                for year in years {
                    let left_out = year.left_out_before_founding.map(When::Year);
                    if left_out.is_some_and(|when| self.facts.is_before_founding(when) == Verdict::Unknown) {
                        needs.insert(Need { fact: FactKey::from(ESTABLISHED), period: None });
                    }
                    self.term_needs(&year.term, needs);
                }
            }
            Term::Quotient { now: one, base: other } | Term::Arithmetic { left: one, right: other, .. } => {
                self.term_needs(one, needs);
                self.term_needs(other, needs);
            }
            Term::Power { base, .. } => self.term_needs(base, needs),
            Term::Choice(rows) => {
                for (condition, _) in rows {
                    self.leaf_needs(condition, needs);
                }
            }
            Term::HeldSince { fact, .. } => {
                needs.insert(Need { fact: fact.clone(), period: None });
            }
            Term::Tally(tally) => {
                let reading = self.facts.read(&Expression::Tally(tally.clone()));
                let blank = match reading.estimate {
                    Estimate::Unknown(blank) => Some(blank),
                    Estimate::Known(_) | Estimate::NotApplicable => reading.evidence.open(),
                };
                needs.extend(blank.map(|blank| blank.needs).unwrap_or_default());
            }
            Term::Number(_)
            | Term::Date(_)
            | Term::Undefined
            | Term::Parameter { .. }
            | Term::LatestStart { .. }
            | Term::YearEnd(_) => {}
        }
    }

    fn is_silent(&self, key: &FactKey, when: When, source: Option<&str>) -> bool {
        let facts = &self.facts;
        facts.fact(key).is_none_or(|fact| facts.entries(fact, facts.when(when, fact), source).is_empty())
    }

    fn need(&self, key: &FactKey, when: When) -> Need {
        let when = self.facts.fact(key).map(|fact| self.facts.when(when, fact));
        Need { fact: key.clone(), period: when.and_then(|when| when.resolved_words(self.facts.as_of())) }
    }
}
