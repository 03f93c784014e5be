//! One profile against every condition of a program: each distinct question is asked at most once, and only if needed.
//!
//! The evaluator of single conditions ([`crate::decide`]) is the oracle; a property test holds the two together.

use super::index::{Asked, Index, Reading};
use super::plan::{Plan, Step, Test, code_period};
use super::quick::{Quick, Ratio, Wide};
use super::table::{AtomId, ConditionId, GroupKind, Node, TermId};
use super::{Program, RecordsId};
use crate::context::Context;
use crate::core::Core;
use crate::evaluate::facts::{Facts, date_number};
use crate::evaluate::range::Range;
use crate::profile::{Entry, FactState, Period, Profile};
use crate::reference::Reference;
use crate::tree::logic::not;
use crate::tree::records::Count;
use crate::tree::{Arithmetic, Fold, Operator, When, Year};
use crate::value::Value;
use crate::verdict::Verdict;

/// A program ready to decide profiles under one set of reference data.
#[derive(Clone, Debug)]
pub struct Evaluator {
    program: Program,
    plan: Plan,
}

impl Evaluator {
    pub fn new(program: Program, reference: &Reference) -> Self {
        let mut plan = Plan::default();
        plan.extend(&program, reference);
        Self { program, plan }
    }

    pub fn program(&self) -> &Program {
        &self.program
    }

    /// Adds one condition. The reference data must be that of [`Evaluator::new`].
    pub fn add(&mut self, condition: &Core, reference: &Reference) -> ConditionId {
        let id = self.program.add(condition);
        self.plan.extend(&self.program, reference);
        id
    }

    /// Reads a profile, to be asked for verdicts. The scratch may come from any earlier reading.
    pub fn read<'a>(&'a self, profile: &'a Profile, scratch: &'a mut Scratch) -> Reader<'a> {
        let mut entries: Vec<&'a [Entry]> = std::mem::take(&mut scratch.entries);
        let Plan { slots, order, sources, .. } = &self.plan;
        scratch.index.fill(profile, slots, order, sources, &mut entries);
        scratch.resize(&self.program);
        Reader { evaluator: self, profile, scratch, entries }
    }

    /// The verdict of every condition, in the order they were added.
    pub fn decide(&self, profile: &Profile, context: &Context<'_>, scratch: &mut Scratch, verdicts: &mut Vec<Verdict>) {
        verdicts.clear();
        let mut reader = self.read(profile, scratch);
        let mut judge = reader.on(context);
        verdicts.extend(self.program.roots().iter().map(|root| judge.node(*root)));
    }
}

/// Room for the answers to every question, kept from profile to profile so that deciding allocates nothing.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    index: Index,
    entries: Vec<&'static [Entry]>,
    wide: Wide,
    terms: Memo<Quick>,
    counts: Memo<Count>,
    atoms: Memo<Verdict>,
    groups: Memo<Verdict>,
    founding: Option<Quick>,
}

impl Scratch {
    fn resize(&mut self, program: &Program) {
        self.terms.resize(program.terms().len());
        self.counts.resize(program.records().len());
        self.atoms.resize(program.atoms().len());
        self.groups.resize(program.groups().len());
    }

    fn forget(&mut self) {
        self.wide.clear();
        self.terms.forget();
        self.counts.forget();
        self.atoms.forget();
        self.groups.forget();
        self.founding = None;
    }
}

/// Answers of one round; forgetting is one addition.
#[derive(Clone, Debug)]
struct Memo<T> {
    answers: Vec<(u32, Option<T>)>,
    round: u32,
}

impl<T> Default for Memo<T> {
    fn default() -> Self {
        Self { answers: Vec::new(), round: 1 }
    }
}

impl<T: Copy> Memo<T> {
    fn resize(&mut self, rows: usize) {
        self.answers.resize(rows, (0, None));
    }

    fn forget(&mut self) {
        self.round = self.round.wrapping_add(1);
        if self.round == 0 {
            self.answers.fill((0, None));
            self.round = 1;
        }
    }

    fn get(&self, row: usize) -> Option<T> {
        let (round, answer) = self.answers[row];
        if round == self.round { answer } else { None }
    }

    fn keep(&mut self, row: usize, answer: T) {
        self.answers[row] = (self.round, Some(answer));
    }
}

/// One profile laid out; it may be judged in several contexts.
#[derive(Debug)]
pub struct Reader<'a> {
    evaluator: &'a Evaluator,
    profile: &'a Profile,
    scratch: &'a mut Scratch,
    entries: Vec<&'a [Entry]>,
}

impl Reader<'_> {
    /// Begins a context: a day and its parameters. What was answered for another one is forgotten.
    pub fn on<'c>(&'c mut self, context: &'c Context<'c>) -> Judge<'c> {
        self.scratch.forget();
        Judge {
            plan: &self.evaluator.plan,
            program: &self.evaluator.program,
            facts: Facts::new(self.profile, context),
            scratch: self.scratch,
            entries: &self.entries,
        }
    }
}

impl Drop for Reader<'_> {
    /// Gives the room for entries back.
    fn drop(&mut self) {
        let entries = std::mem::take(&mut self.entries);
        self.scratch.entries = entries.into_iter().map(|_| -> &'static [Entry] { &[] }).collect();
    }
}

/// One profile in one context.
#[derive(Debug)]
pub struct Judge<'a> {
    plan: &'a Plan,
    program: &'a Program,
    facts: Facts<'a>,
    scratch: &'a mut Scratch,
    entries: &'a [&'a [Entry]],
}

impl Judge<'_> {
    pub fn verdict(&mut self, condition: ConditionId) -> Verdict {
        self.node(self.program.root(condition))
    }

    pub fn node(&mut self, node: Node) -> Verdict {
        match node {
            Node::Constant(true) => Verdict::Met,
            Node::Constant(false) => Verdict::NotMet,
            Node::Open => Verdict::Unknown,
            Node::Atom { atom, negated } => {
                let verdict = self.atom(atom);
                if negated { not(verdict) } else { verdict }
            }
            Node::Group(group) => {
                if let Some(verdict) = self.scratch.groups.get(group.index()) {
                    return verdict;
                }
                let Some(rows) = self.program.group(group) else { return Verdict::NotMet };
                let verdict = self.group(rows.kind, &rows.members);
                self.scratch.groups.keep(group.index(), verdict);
                verdict
            }
        }
    }

    fn group(&mut self, kind: GroupKind, members: &[Node]) -> Verdict {
        match kind {
            GroupKind::All => self.until(members, Verdict::NotMet, Verdict::Met),
            GroupKind::Any => self.until(members, Verdict::Met, Verdict::NotMet),
            GroupKind::AtLeast(k) => self.at_least(k, members),
            GroupKind::Sides => self.sides(members),
        }
    }

    fn sides(&mut self, members: &[Node]) -> Verdict {
        let [certain, possible] = members else { return Verdict::Unknown };
        match self.node(*certain) {
            Verdict::Met => Verdict::Met,
            _ if self.node(*possible) == Verdict::NotMet => Verdict::NotMet,
            _ => Verdict::Unknown,
        }
    }

    /// The first member with the deciding verdict ends the reading.
    fn until(&mut self, members: &[Node], deciding: Verdict, other: Verdict) -> Verdict {
        let mut result = other;
        for member in members {
            match self.node(*member) {
                verdict if verdict == deciding => return deciding,
                Verdict::Unknown => result = Verdict::Unknown,
                _ => {}
            }
        }
        result
    }

    fn at_least(&mut self, k: usize, members: &[Node]) -> Verdict {
        let (mut met, mut open) = (0, 0);
        for (index, member) in members.iter().enumerate() {
            match self.node(*member) {
                Verdict::Met => met += 1,
                Verdict::Unknown => open += 1,
                Verdict::NotMet => {}
            }
            if met >= k {
                return Verdict::Met;
            }
            if met + open + (members.len() - index - 1) < k {
                return Verdict::NotMet;
            }
        }
        match (met >= k, met + open >= k) {
            (true, _) => Verdict::Met,
            (false, true) => Verdict::Unknown,
            (false, false) => Verdict::NotMet,
        }
    }

    fn atom(&mut self, atom: AtomId) -> Verdict {
        if let Some(verdict) = self.scratch.atoms.get(atom.index()) {
            return verdict;
        }
        let verdict = self.test(&self.plan.tests[atom.index()]);
        self.scratch.atoms.keep(atom.index(), verdict);
        verdict
    }

    fn test(&mut self, test: &Test) -> Verdict {
        let reference = self.facts.reference();
        match test {
            Test::Compare { left, operator, right } => {
                let (left, right) = (self.term(*left), self.term(*right));
                self.scratch.wide.compare(left, *operator, right)
            }
            Test::Applies(term) => match self.term(*term) {
                Quick::Exact(_) | Quick::Wide(_) => Verdict::Met,
                Quick::NotApplicable => Verdict::NotMet,
                Quick::Unknown => Verdict::Unknown,
            },
            Test::Among { slot, membership } => {
                self.among_entries(*slot, |value| membership.holds_for(value, &reference.industries))
            }
            Test::Within { slot, place } => self.among_entries(*slot, |value| place.holds_for(value, &reference.areas)),
            Test::Contains { slot, contains } => self.among_entries(*slot, |value| contains.occurs(value)),
            Test::Count { records, operator, count } => self.count(*records).compare(*operator, (*count).into()),
            Test::Single(member) => member.judge(&self.facts),
        }
    }

    /// What the entries that count say together; those that differ leave the question open.
    fn among_entries(&self, slot: usize, judge: impl Fn(&Value) -> Option<Verdict>) -> Verdict {
        let asked = self.asked(slot, code_period(self.plan.slots[slot].period), None);
        let mut verdict = None;
        for position in self.scratch.index.counting(slot, asked) {
            let found = match &self.entries[slot][position].state {
                FactState::NotApplicable => Some(Verdict::NotMet),
                FactState::Known(value) => judge(value),
            };
            match (verdict, found) {
                (Some(before), Some(found)) if before != found => return Verdict::Unknown,
                (None, Some(found)) => verdict = Some(found),
                _ => {}
            }
        }
        verdict.unwrap_or(Verdict::Unknown)
    }

    fn count(&mut self, records: RecordsId) -> Count {
        if let Some(count) = self.scratch.counts.get(records.index()) {
            return count;
        }
        let count = self.program.record_set(records).map(|records| records.count(&self.facts).0).unwrap_or_default();
        self.scratch.counts.keep(records.index(), count);
        count
    }

    fn asked(&self, slot: usize, when: When, source: Option<u16>) -> Asked {
        let as_of = self.facts.as_of();
        Asked::new(self.plan.slots[slot].period, when.period(as_of), as_of, source)
    }

    fn term(&mut self, term: TermId) -> Quick {
        if let Some(value) = self.scratch.terms.get(term.index()) {
            return value;
        }
        let value = self.step(&self.plan.steps[term.index()]);
        self.scratch.terms.keep(term.index(), value);
        value
    }

    fn step(&mut self, step: &Step) -> Quick {
        if let Some(value) = step.constant(&mut self.scratch.wide) {
            return value;
        }
        match step {
            Step::Fact { slot, when, source, derived, in_window } => {
                self.fact(*slot, *when, *source, *derived, *in_window)
            }
            Step::Fold { fold, years } => self.fold(*fold, years),
            Step::Quotient { now, base } => self.quotient(*now, *base),
            Step::Power { base, exponent } => self.power(*base, *exponent),
            Step::Arithmetic { left, operator, right } => self.arithmetic(*left, *operator, *right),
            Step::Choice(rows) => self.choice(rows),
            Step::Single(term) => self.scratch.wide.keep_amount(term.value(&self.facts)),
            Step::Constant(_) | Step::Huge(_) | Step::Unknown => Quick::Unknown,
        }
    }

    fn fact(
        &mut self,
        slot: usize,
        when: When,
        source: Option<u16>,
        derived: Option<TermId>,
        in_window: bool,
    ) -> Quick {
        let asked = self.asked(slot, when, source);
        let reading = self.scratch.index.number(slot, &self.plan.slots[slot], asked, &mut self.scratch.wide);
        let absent = match reading {
            Reading::Value(value) => return value,
            Reading::Contradicting => return Quick::Unknown,
            Reading::NoNumber => false,
            Reading::Absent => true,
        };
        let before = when.period(self.facts.as_of()).is_some_and(|period| self.is_before_establishment(period));
        let value = match derived {
            Some(derived) => self.term(derived),
            None if before => Quick::NotApplicable,
            None => Quick::Unknown,
        };
        match value {
            Quick::NotApplicable if in_window && absent && before => Quick::Unknown,
            value => value,
        }
    }

    /// The day of establishment; unknown where the catalogue has no such fact.
    fn founding(&mut self) -> Quick {
        if let Some(founding) = self.scratch.founding {
            return founding;
        }
        let slot = self.plan.founding;
        let founding = slot.map_or(Quick::Unknown, |slot| self.fact(slot, When::Now, None, None, false));
        self.scratch.founding = Some(founding);
        founding
    }

    fn is_before_establishment(&mut self, period: Period) -> bool {
        let founding = self.founding();
        let founded = self.scratch.wide.range(founding);
        founded.zip(period.to).is_some_and(|(founded, end)| founded.low >= date_number(end).into())
    }

    fn is_before_founding(&mut self, year: Year) -> Verdict {
        let end = When::Year(year).period(self.facts.as_of()).and_then(|period| period.to);
        match (self.founding(), end) {
            (Quick::NotApplicable, Some(_)) => Verdict::NotMet,
            (founding, Some(end)) => {
                let end = self.scratch.wide.keep(Range::exactly(date_number(end)));
                self.scratch.wide.compare(founding, Operator::AtLeast, end)
            }
            (_, None) => Verdict::Unknown,
        }
    }

    fn fold(&mut self, fold: Fold, years: &[(Option<Year>, TermId)]) -> Quick {
        let mut total = None;
        let mut count = 0_i64;
        for (left_out, term) in years {
            if left_out.is_some_and(|year| self.is_before_founding(year) == Verdict::Met) {
                continue;
            }
            count += 1;
            let value = self.term(*term);
            total = Some(match total {
                None => value,
                Some(total) => self.scratch.wide.combine(
                    total,
                    value,
                    |a, b| match fold {
                        Fold::Sum | Fold::Mean => a.calculate(Arithmetic::Plus, b),
                        Fold::Least => Some(if b.order(a).is_lt() { b } else { a }),
                        Fold::Greatest => Some(if b.order(a).is_gt() { b } else { a }),
                    },
                    |a, b| Some(fold.combine(a, b)),
                ),
            });
        }
        match total {
            None => Quick::NotApplicable,
            Some(total) if fold == Fold::Mean => self.scratch.wide.combine(
                total,
                Quick::Exact(Ratio::whole(count)),
                |a, b| a.calculate(Arithmetic::Over, b),
                Range::divide,
            ),
            Some(total) => total,
        }
    }

    /// Everything from the least to the greatest value of the rows in reach.
    fn choice(&mut self, rows: &[(Node, TermId)]) -> Quick {
        let mut joined = None;
        for (condition, term) in rows {
            if self.node(*condition) == Verdict::NotMet {
                continue;
            }
            let value = self.term(*term);
            joined = Some(match joined {
                None => value,
                Some(before) => self.scratch.wide.hull(before, value),
            });
        }
        joined.unwrap_or(Quick::Unknown)
    }

    fn quotient(&mut self, now: TermId, base: TermId) -> Quick {
        let (now, base) = (self.term(now), self.term(base));
        self.scratch.wide.combine(
            now,
            base,
            |now, base| if base.is_positive() { now.calculate(Arithmetic::Over, base) } else { None },
            |now, base| if base.low.signum() > 0 { now.divide(base) } else { None },
        )
    }

    fn power(&mut self, base: TermId, exponent: u8) -> Quick {
        let base = self.term(base);
        let one = Quick::Exact(Ratio::whole(1));
        self.scratch.wide.combine(
            base,
            one,
            |base, _| base.or_zero().power(exponent),
            |base, _| Some(base.clone().not_negative().power(exponent)),
        )
    }

    fn arithmetic(&mut self, left: TermId, operator: Arithmetic, right: TermId) -> Quick {
        let (left, right) = (self.term(left), self.term(right));
        self.scratch.wide.combine(
            left,
            right,
            |a, b| if operator == Arithmetic::Over && b.is_zero() { None } else { a.calculate(operator, b) },
            |a, b| a.calculate(operator, b),
        )
    }
}
