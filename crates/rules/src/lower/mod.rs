//! Surface tree → core. 没有 is pushed to the leaves, marks are dropped, groups are flattened, sugar is rewritten:
//! ages become thresholds on the raw date, 每年 a conjunction, rates of growth quotients, compound rates powers.

mod axis;
mod narrow;
mod tables;
mod words;

pub(crate) use narrow::narrowed;
pub use words::given_words;

use crate::core::{Core, Member, Term, YearTerm};
use crate::evaluate::derived::derived_condition;
use crate::evaluate::facts::ESTABLISHED;
use crate::number::Rational;
use crate::reference::{Derivation, PeriodKind, Reference};
use crate::tree::age::Duration;
use crate::tree::wording::promised;
use crate::tree::{
    Age, Arithmetic, Comparison, Condition, Each, Expression, FactReference, Fold, Growth, Membership, Operator,
    Quantifier, Records, Residence, When, Window, Year,
};
use crate::value::FactKey;

/// Rewrites a condition to the core all fast readers share. The verdict stays the same for every profile.
pub fn lower(condition: &Condition, reference: &Reference) -> Core {
    narrowed(lower_plainly(condition, reference), reference)
}

/// The same before leaves that ask the same question are brought together: leaf by leaf in Kleene's logic.
pub(crate) fn lower_plainly(condition: &Condition, reference: &Reference) -> Core {
    Lowering::plain(reference).condition(condition, false)
}

/// The condition with every demand let pass whose shortfall could be named: whoever is not met by this, leaf by leaf in
/// Kleene's logic, is not near (差一点) either.
pub fn lower_leniently(condition: &Condition, reference: &Reference) -> Core {
    Lowering { is_lenient: true, ..Lowering::plain(reference) }.condition(condition, false)
}

#[derive(Clone, Copy)]
struct Lowering<'a> {
    reference: &'a Reference,
    /// What a yearly fact without a period means.
    bare: Option<When>,
    is_derived: bool,
    is_lenient: bool,
    /// What the leaves that wait for a word are taken for.
    given: Option<&'a words::Given<'a>>,
}

impl<'a> Lowering<'a> {
    fn plain(reference: &'a Reference) -> Self {
        Self { reference, bare: None, is_derived: false, is_lenient: false, given: None }
    }

    fn given(reference: &'a Reference, words: &'a words::Given<'a>) -> Self {
        Self { given: Some(words), ..Self::plain(reference) }
    }

    /// A leaf that waits for somebody's word.
    fn word(&self, leaf: &Condition, negated: bool) -> Core {
        match self.given.and_then(|given| given.get(leaf)) {
            Some(holds) => Core::Constant(*holds != negated),
            None => Core::Open,
        }
    }

    fn condition(&self, condition: &Condition, negated: bool) -> Core {
        let members = |children: &[Condition], negated| -> Vec<Core> {
            let counting = children.iter().filter(|child| !matches!(child, Condition::Mark(_)));
            counting.map(|child| self.condition(child, negated)).collect()
        };
        if self.is_lenient && !negated && names_gaps(condition) {
            return Core::Constant(true);
        }
        match condition {
            Condition::All(children) if negated => Core::any(members(children, true)),
            Condition::All(children) => Core::all(members(children, false)),
            Condition::Any(children) if negated => Core::all(members(children, true)),
            Condition::Any(children) => Core::any(members(children, false)),
            Condition::None(children) if negated => Core::any(members(children, false)),
            Condition::None(children) => Core::all(members(children, true)),
            Condition::AtLeast { k, of } => {
                let of = members(of, negated);
                // Fewer than k hold when more than n − k fail.
                let k = if negated { (of.len() + 1).saturating_sub(*k) } else { *k };
                Core::at_least(k, of)
            }
            Condition::Tier(bands) => self.tier(bands, negated),
            Condition::Cases(cases) => self.cases(cases, negated),
            Condition::Compare(comparison) => self.comparison(comparison, negated),
            Condition::Each(each) => self.each(each, negated),
            Condition::Age(Age { fact, operator, duration, until }) => {
                let date = self.fact(fact, When::Now, None, false);
                aged(&date, *operator, (*duration, *until), negated)
            }
            Condition::Residence(Residence { fact, area, operator, duration }) => {
                let since = Term::HeldSince { fact: fact.clone(), area: area.clone() };
                aged(&since, *operator, (*duration, None), negated)
            }
            Condition::Membership(membership) => self.membership(membership, negated),
            Condition::Contains(contains) => {
                let mut contains = contains.clone();
                contains.negated ^= negated;
                Core::Member(Member::Contains(contains))
            }
            Condition::Place(place) => {
                let mut place = place.clone();
                place.negated ^= negated;
                Core::Member(Member::Within(place))
            }
            Condition::Records(records) => Core::Count(counted(records, negated)),
            // A promise made decides; one not made leaves the question open.
            Condition::Attestation(sentence) if negated => {
                Core::all(vec![Core::Count(counted(&promised(sentence), true)), self.word(condition, true)])
            }
            Condition::Attestation(sentence) => {
                Core::any(vec![Core::Count(counted(&promised(sentence), false)), self.word(condition, false)])
            }
            Condition::Manual(_) | Condition::Unconfirmed(_) => self.word(condition, negated),
            Condition::Mark(_) => Core::Constant(!negated),
        }
    }

    /// A flag as somebody states it; unstated, as it follows from other facts.
    fn membership(&self, membership: &Membership, negated: bool) -> Core {
        let mut flag = membership.clone();
        flag.negated ^= negated;
        let fact = self.reference.catalogue.fact(&flag.fact).filter(|_| self.bare.is_none());
        let Some((fact, condition)) = fact.and_then(|fact| Some((fact, derived_condition(fact, self.reference)?)))
        else {
            return Core::Member(Member::Among(flag));
        };
        let yearly = fact.period == PeriodKind::Year;
        let stated = |negated| Core::Member(Member::Stated { fact: flag.fact.clone(), negated });
        let told = Core::all(vec![stated(false), Core::Member(Member::Among(flag.clone()))]);
        if self.is_lenient {
            return Core::any(vec![told, stated(true)]);
        }
        let when = if yearly { When::Year(Year::Ago(1)) } else { When::Now };
        let otherwise = match (flag.wants(true), flag.wants(false)) {
            (true, false) => Lowering { bare: Some(when), ..*self }.condition(&condition, flag.negated),
            (false, true) => Lowering { bare: Some(when), ..*self }.condition(&condition, !flag.negated),
            (both, _) => Core::Constant(both != flag.negated),
        };
        Core::any(vec![told, Core::all(vec![stated(true), otherwise])])
    }

    fn comparison(&self, Comparison { left, operator, right }: &Comparison, negated: bool) -> Core {
        let right_term = self.term(right);
        let (left, right) = match left {
            Expression::Growth { of, source, growth: Growth::Compound(years) } => {
                let quotient = self.quotient(of, source.as_deref(), When::Year(Year::Ago(1)), *years);
                let factor = plus(right_term, 1);
                (quotient, Term::Power { base: Box::new(factor), exponent: *years })
            }
            _ => (self.term(left), right_term),
        };
        // "Differs" is the opposite of "equal", also where there is nothing to compare.
        let (operator, flips) = match operator {
            Operator::Differs => (Operator::Equal, true),
            operator => (*operator, false),
        };
        Core::Compare { left, operator, right, negated: negated ^ flips }
    }

    fn each(&self, Each { window, comparison }: &Each, negated: bool) -> Core {
        let years = window.years_ago().map(|ago| {
            let year = When::Year(Year::Ago(ago));
            let inner = Lowering { bare: Some(year), ..*self };
            let compared = inner.comparison(comparison, negated);
            if !window.actual_years || ago == 1 {
                return compared;
            }
            let founded_later = Core::Compare {
                left: self.fact(&FactKey::from(ESTABLISHED), When::Now, None, false),
                operator: Operator::AtLeast,
                right: Term::YearEnd(Year::Ago(ago)),
                negated,
            };
            if negated { Core::all(vec![founded_later, compared]) } else { Core::any(vec![founded_later, compared]) }
        });
        let years: Vec<Core> = years.collect();
        if negated { Core::any(years) } else { Core::all(years) }
    }

    fn term(&self, expression: &Expression) -> Term {
        match expression {
            Expression::Quantity(quantity) => Term::Number(quantity.value()),
            Expression::Date(date) => Term::Date(*date),
            Expression::Parameter { name, year } => Term::Parameter { name: name.clone(), year: *year },
            Expression::Tally(tally) => Term::Tally(tally.clone()),
            Expression::Fact(FactReference { fact, when, source }) => self.fact(fact, *when, source.as_deref(), false),
            Expression::Over { fold, fact, source, window } => self.window(*fold, fact, source.as_deref(), *window),
            Expression::Growth { of, source, growth } => self.growth(of, source.as_deref(), *growth),
            Expression::Score(score) => self.score(score),
            Expression::Arithmetic { left, operator, right } => Term::Arithmetic {
                left: Box::new(self.term(left)),
                operator: *operator,
                right: Box::new(self.term(right)),
            },
        }
    }

    /// A fact of a period. One of a window has no value before the founding; a single one does not apply then.
    fn fact(&self, key: &FactKey, when: When, source: Option<&str>, in_window: bool) -> Term {
        let Some(fact) = self.reference.catalogue.fact(key) else { return Term::Undefined };
        let is_periodic = fact.period == PeriodKind::Year;
        let when = if when == When::Now && is_periodic { self.bare.unwrap_or(When::Now) } else { when };
        if when == When::Now && is_periodic {
            return Term::Undefined;
        }
        let derived = match &fact.derived {
            Some(Derivation::Expression(text)) if !self.is_derived => {
                crate::text::parse_derivation(text, self.reference).map(|expression| {
                    let inner = Lowering { bare: Some(when), is_derived: true, ..*self };
                    Box::new(inner.term(&expression))
                })
            }
            Some(Derivation::Expression(_)) => Some(Box::new(Term::Undefined)),
            _ => None,
        };
        Term::Fact { fact: key.clone(), when, source: source.map(str::to_owned), derived, in_window }
    }

    fn window(&self, fold: Fold, fact: &FactKey, source: Option<&str>, window: Window) -> Term {
        let years = window.years_ago().map(|ago| YearTerm {
            left_out_before_founding: window.actual_years.then_some(Year::Ago(ago)),
            term: self.fact(fact, When::Year(Year::Ago(ago)), source, true),
        });
        Term::Fold { fold, years: years.collect() }
    }

    fn growth(&self, of: &FactKey, source: Option<&str>, growth: Growth) -> Term {
        match growth {
            Growth::YearOnYear(when) => plus(self.quotient(of, source, when, 1), -1),
            Growth::Average(years) => {
                let rates = (1..=years).map(|ago| YearTerm {
                    left_out_before_founding: None,
                    term: self.quotient(of, source, When::Year(Year::Ago(ago)), 1),
                });
                plus(Term::Fold { fold: Fold::Mean, years: rates.collect() }, -1)
            }
            Growth::Compound(_) => Term::Undefined,
        }
    }

    fn quotient(&self, of: &FactKey, source: Option<&str>, when: When, years: u8) -> Term {
        let base = (0..years).try_fold(when, |when, _| when.year_before());
        Term::Quotient {
            now: Box::new(self.fact(of, when, source, true)),
            base: Box::new(base.map_or(Term::Undefined, |base| self.fact(of, base, source, true))),
        }
    }
}

fn plus(term: Term, number: i64) -> Term {
    Term::Arithmetic {
        left: Box::new(term),
        operator: Arithmetic::Plus,
        right: Box::new(Term::Number(Rational::whole(number))),
    }
}

/// 满 2年 is: the date is no later than the latest one that has completed two years.
fn aged(date: &Term, operator: Operator, (duration, until): (Duration, Option<Year>), negated: bool) -> Core {
    let compare = |operator, by_yesterday| Core::Compare {
        left: date.clone(),
        operator,
        right: Term::LatestStart { duration, by_yesterday, until },
        negated,
    };
    match operator {
        Operator::AtLeast => compare(Operator::AtMost, false),
        Operator::More => compare(Operator::AtMost, true),
        Operator::AtMost => compare(Operator::More, true),
        Operator::Less => compare(Operator::More, false),
        Operator::Equal => grouped(!negated, vec![compare(Operator::AtMost, false), compare(Operator::More, true)]),
        Operator::Differs => grouped(negated, vec![compare(Operator::More, false), compare(Operator::AtMost, true)]),
    }
}

fn grouped(all: bool, members: Vec<Core>) -> Core {
    if all { Core::all(members) } else { Core::any(members) }
}

/// Leaves whose shortfall can be a figure, a count or a date.
fn names_gaps(leaf: &Condition) -> bool {
    matches!(
        leaf,
        Condition::Compare(_)
            | Condition::Each(_)
            | Condition::Age(_)
            | Condition::Residence(_)
            | Condition::Records(_)
    )
}

/// Counts are never "not applicable", so the opposite is the opposite comparison.
fn counted(records: &Records, negated: bool) -> Records {
    let (operator, count, records) = records.counted();
    Records { quantifier: Quantifier::Count(if negated { operator.opposite() } else { operator }, count), ..records }
}
