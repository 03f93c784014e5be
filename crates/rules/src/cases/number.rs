//! Comparisons: the boundary of one fact, the others held, found by halving. Exact to the last stored place.

use chrono::Datelike;

use super::{Step, list, set};
use crate::context::Context;
use crate::core::decide;
use crate::lower::lower;
use crate::profile::{Period, Profile};
use crate::reference::{Derivation, Fact, FactKind, Field, PeriodKind, Reference, ValueShape};
use crate::tree::{
    Comparison, Condition, Each, Expression, FactReference, Growth, Operator, Part, Rule, Tallied, Tally, When, Year,
};
use crate::value::{FactKey, Value};
use crate::verdict::Verdict;

/// The largest stored number tried: 100 万亿 in 分.
const MOST: i64 = 10_000_000_000_000_000;

/// What the other facts of a comparison are held at: the pivot's own other periods, then the rest, in stored units of
/// their fact times this.
const HELD: [(i64, i64); 6] = [(1, 1), (0, 1), (1, 0), (100, 100), (1, 100), (100, 1)];

/// One value a comparison reads.
#[derive(Clone, PartialEq, Eq)]
enum Slot {
    Fact {
        fact: FactKey,
        period: Period,
        source: Option<String>,
    },
    /// Shown as one record, or as so many alike.
    Tally(Tally),
}

/// Whole things without a field that says how many: no more records than a person reads.
const PIECE: ValueShape<'static> =
    ValueShape { kind: &FactKind::Integer, unit: "项", scale: 0, signed: false, max: Some(200) };

impl Slot {
    fn shape<'a>(&self, context: &Context<'a>) -> Option<ValueShape<'a>> {
        match self {
            Self::Fact { fact, .. } => context.reference.catalogue.fact(fact).map(Fact::shape),
            Self::Tally(tally) if tally.of == Tallied::Number => {
                Some(tally.field(context.reference).map_or(PIECE, Field::shape))
            }
            Self::Tally(tally) => tally.field(context.reference).map(Field::shape),
        }
    }

    /// Whether the other one is the same fact of another period.
    fn is_kin(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Fact { fact, .. }, Self::Fact { fact: theirs, .. }) => fact == theirs,
            (one, other) => one == other,
        }
    }
}

/// Profiles with the pivot one step below, on and above the boundary; none where nothing flips.
pub(super) fn boundary(leaf: &Condition, set_already: &Profile, context: &Context<'_>) -> Vec<(Step, Profile)> {
    let slots = open_slots(leaf, set_already, context);
    let found = slots.iter().find_map(|pivot| {
        HELD.iter().find_map(|held| Search { leaf, pivot, slots: &slots, set_already, context }.around(*held))
    });
    found.unwrap_or_default()
}

/// Profiles on either side of the comparison, with nothing changed that is set already.
pub(super) fn candidates(leaf: &Condition, set_already: &Profile, context: &Context<'_>) -> Vec<Profile> {
    let slots = open_slots(leaf, set_already, context);
    let mut profiles = Vec::new();
    for pivot in &slots {
        let search = Search { leaf, pivot, slots: &slots, set_already, context };
        let far = [0, 1, 2, 10, 100].map(|times| times * usual(pivot.shape(context)));
        profiles.extend(HELD.iter().take(3).flat_map(|held| far.map(|value| search.profile(*held, value))));
        profiles.extend(HELD.iter().take(2).filter_map(|held| search.around(*held)).flatten().map(|(_, one)| one));
    }
    profiles
}

struct Search<'a> {
    leaf: &'a Condition,
    pivot: &'a Slot,
    slots: &'a [Slot],
    set_already: &'a Profile,
    context: &'a Context<'a>,
}

impl Search<'_> {
    fn profile(&self, (same, others): (i64, i64), value: i64) -> Profile {
        let mut profile = self.set_already.clone();
        for slot in self.slots {
            let held = if slot.is_kin(self.pivot) { same } else { others };
            let shape = slot.shape(self.context);
            let number = if slot == self.pivot { value } else { held * usual(shape) };
            put(&mut profile, slot, clamped(shape, number), self.context);
        }
        profile
    }

    /// The steps around the place where `left >= right` changes; nothing where it never does or the leaf does not.
    fn around(&self, held: (i64, i64)) -> Option<Vec<(Step, Profile)>> {
        let reference = self.context.reference;
        let reached = lower(&with_operator(self.leaf, Operator::AtLeast), reference);
        let meets = lower(&with_operator(self.leaf, Operator::Equal), reference);
        let says = |value| decide(&reached, &self.profile(held, value), self.context);
        let shape = self.pivot.shape(self.context)?;
        let (mut low, mut high) = ends(shape, self.context);
        let (first, last) = (says(low), says(high));
        if first == last || first == Verdict::Unknown || last == Verdict::Unknown {
            return None;
        }
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            match says(middle) {
                one if one == first => low = middle,
                one if one == last => high = middle,
                _ => return None,
            }
        }
        let on = [low, high]
            .into_iter()
            .find(|value| decide(&meets, &self.profile(held, *value), self.context) == Verdict::Met);
        let rises = last == Verdict::Met;
        let (below, above) = match on {
            Some(on) => (on - 1, on + 1),
            None => (low, high),
        };
        let (below, above) = if rises { (below, above) } else { (above, below) };
        let steps = [(Step::Below, Some(below)), (Step::On, on), (Step::Above, Some(above))];
        let steps: Vec<(Step, Profile)> = steps
            .into_iter()
            .filter_map(|(step, value)| value.map(|value| (step, value)))
            .filter(|(_, value)| clamped(Some(shape), *value) == *value)
            .map(|(step, value)| (step, self.profile(held, value)))
            .collect();
        let own = lower(self.leaf, reference);
        let verdicts: Vec<Verdict> = steps.iter().map(|(_, one)| decide(&own, one, self.context)).collect();
        (verdicts.contains(&Verdict::Met) && verdicts.contains(&Verdict::NotMet)).then_some(steps)
    }
}

/// Writes a stored value into the profile.
fn put(profile: &mut Profile, slot: &Slot, number: i64, context: &Context<'_>) {
    match slot {
        Slot::Fact { fact, period, source } => {
            let value = match slot.shape(context).map(|shape| shape.kind) {
                Some(FactKind::Date) => {
                    let day = i32::try_from(number).ok().and_then(chrono::NaiveDate::from_num_days_from_ce_opt);
                    Value::Date(day.unwrap_or(context.as_of))
                }
                _ => Value::Number(number),
            };
            set(profile, fact, *period, value, source.as_deref().unwrap_or("declared"));
        }
        Slot::Tally(tally) => list::set_tally(profile, tally, number, context),
    }
}

/// The smallest and largest stored value worth trying.
fn ends(shape: ValueShape<'_>, context: &Context<'_>) -> (i64, i64) {
    match shape.kind {
        FactKind::Date => {
            let today = i64::from(context.as_of.num_days_from_ce());
            (today - 60 * 366, today + 20 * 366)
        }
        _ => (if shape.signed { -MOST } else { 0 }, shape.max.unwrap_or(MOST)),
    }
}

fn clamped(shape: Option<ValueShape<'_>>, number: i64) -> i64 {
    let Some(shape) = shape else { return number };
    let low = if shape.signed { i64::MIN } else { 0 };
    number.clamp(low, shape.max.unwrap_or(i64::MAX))
}

/// A middling stored value: 1,000 万元, 100 人, 50%.
fn usual(shape: Option<ValueShape<'_>>) -> i64 {
    let Some(shape) = shape else { return 0 };
    let one = 10_i64.pow(shape.scale.into());
    match shape.kind {
        FactKind::Amount => 10_000_000 * one,
        FactKind::Ratio => one / 2,
        FactKind::Date => 730_000,
        _ => 100 * one,
    }
}

/// The leaf with another operator: where a comparison flips does not depend on which way it is asked.
fn with_operator(leaf: &Condition, operator: Operator) -> Condition {
    match leaf {
        Condition::Compare(comparison) => Condition::Compare(Comparison { operator, ..comparison.clone() }),
        // Under 每年 the other years are held where the leaf is content with them.
        Condition::Each(each) => {
            let (years, now) = (each.window, operator);
            let held = each.comparison.operator;
            let kept = matches!(held, Operator::AtLeast | Operator::More);
            let operator = if kept || now == Operator::Equal { now } else { Operator::AtLeast };
            Condition::Each(Each { window: years, comparison: Comparison { operator, ..each.comparison.clone() } })
        }
        other => other.clone(),
    }
}

/// Every value the leaf reads and the profile does not hold yet.
fn open_slots(leaf: &Condition, set_already: &Profile, context: &Context<'_>) -> Vec<Slot> {
    let mut slots = Slots { context, found: Vec::new() };
    match leaf {
        Condition::Compare(Comparison { left, right, .. }) => {
            slots.expression(left, None);
            slots.expression(right, None);
        }
        Condition::Each(Each { window, comparison }) => {
            for ago in window.years_ago() {
                let year = Some(When::Year(Year::Ago(ago)));
                slots.expression(&comparison.left, year);
                slots.expression(&comparison.right, year);
            }
        }
        _ => {}
    }
    let is_set = |slot: &Slot| match slot {
        Slot::Fact { fact, period, .. } => {
            let entries = set_already.facts.get(fact);
            entries.is_some_and(|entries| entries.iter().any(|entry| entry.period == *period))
        }
        Slot::Tally(tally) => set_already.lists.contains_key(&tally.records.list),
    };
    slots.found.retain(|slot| !is_set(slot));
    slots.found
}

struct Slots<'a> {
    context: &'a Context<'a>,
    found: Vec<Slot>,
}

impl Slots<'_> {
    fn expression(&mut self, expression: &Expression, bare: Option<When>) {
        match expression {
            Expression::Quantity(_) | Expression::Date(_) | Expression::Parameter { .. } => {}
            Expression::Tally(tally) => self.add(Slot::Tally(tally.clone())),
            Expression::Fact(FactReference { fact, when, source }) => self.slot(fact, *when, source.as_ref(), bare),
            Expression::Over { fact, source, window, .. } => {
                for ago in window.years_ago() {
                    self.slot(fact, When::Year(Year::Ago(ago)), source.as_ref(), bare);
                }
            }
            Expression::Growth { of, source, growth } => self.growth(of, source.as_ref(), *growth, bare),
            Expression::Score(score) => self.parts(&score.parts, bare),
            Expression::Arithmetic { left, right, .. } => {
                self.expression(left, bare);
                self.expression(right, bare);
            }
        }
    }

    /// The figures that points are given for.
    fn parts(&mut self, parts: &[Part], bare: Option<When>) {
        for part in parts {
            match &part.rule {
                Rule::Bands(bands) => bands.keys.iter().for_each(|key| self.expression(key, bare)),
                Rule::Best(parts) | Rule::Sum(parts) => self.parts(parts, bare),
                Rule::Cases(_) | Rule::When { .. } => {}
            }
        }
    }

    fn growth(&mut self, of: &FactKey, source: Option<&String>, growth: Growth, bare: Option<When>) {
        let mut at = |when| self.slot(of, when, source, bare);
        match growth {
            Growth::YearOnYear(when) => {
                at(when);
                when.year_before().into_iter().for_each(at);
            }
            Growth::Average(years) => (1..=years.saturating_add(1)).for_each(|ago| at(When::Year(Year::Ago(ago)))),
            Growth::Compound(years) => {
                at(When::Year(Year::Ago(1)));
                at(When::Year(Year::Ago(years.saturating_add(1))));
            }
        }
    }

    fn slot(&mut self, key: &FactKey, when: When, source: Option<&String>, bare: Option<When>) {
        let reference: &Reference = self.context.reference;
        let Some(fact) = reference.catalogue.fact(key) else { return };
        let periodic = fact.period == PeriodKind::Year;
        let when = if when == When::Now && periodic { bare.unwrap_or(When::Now) } else { when };
        if let Some(Derivation::Expression(text)) = &fact.derived {
            if let Some(expression) = crate::text::parse_derivation(text, reference) {
                self.expression(&expression, Some(when));
            }
            return;
        }
        let period = if periodic { when.period(self.context.as_of) } else { Some(Period { from: None, to: None }) };
        let Some(period) = period else { return };
        self.add(Slot::Fact { fact: key.clone(), period, source: source.cloned() });
    }

    fn add(&mut self, slot: Slot) {
        if !self.found.contains(&slot) {
            self.found.push(slot);
        }
    }
}
