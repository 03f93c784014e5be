//! Contradictions between members of one 且: nothing can be at least 10 and below 5.

use super::Checker;
use crate::number::Rational;
use crate::reference::FactKind;
use crate::text::wording;
use crate::tree::age::Duration;
use crate::tree::{Age, Comparison, Condition, Expression, Membership, Operator, Place};

/// A lower and an upper end, each with whether the end itself is out.
#[derive(Clone, Default)]
struct Ends {
    low: Option<(Rational, bool)>,
    high: Option<(Rational, bool)>,
}

impl Ends {
    fn narrow(&mut self, operator: Operator, bound: Rational) {
        match operator {
            Operator::AtLeast => self.raise((bound, false)),
            Operator::More => self.raise((bound, true)),
            Operator::AtMost => self.lower((bound, false)),
            Operator::Less => self.lower((bound, true)),
            Operator::Equal => {
                self.raise((bound.clone(), false));
                self.lower((bound, false));
            }
            Operator::Differs => {}
        }
    }

    fn raise(&mut self, end: (Rational, bool)) {
        if self.low.as_ref().is_none_or(|low| end > *low) {
            self.low = Some(end);
        }
    }

    fn lower(&mut self, end: (Rational, bool)) {
        if self.high.as_ref().is_none_or(|high| end.0 < high.0 || end.0 == high.0 && end.1) {
            self.high = Some(end);
        }
    }

    fn is_empty(&self) -> bool {
        match (&self.low, &self.high) {
            (Some((low, low_out)), Some((high, high_out))) => low > high || low == high && (*low_out || *high_out),
            _ => false,
        }
    }
}

impl Checker<'_> {
    /// Compares every member with those before it, through nested 且.
    pub(super) fn contradictions(&mut self, group: &Condition, path: &str) {
        let mut members = Vec::new();
        flatten(group, &mut members);
        for (index, later) in members.iter().enumerate() {
            if let Some(earlier) = members[..index].iter().find(|earlier| self.exclude(earlier, later)) {
                let (a, b) = (wording(earlier, self.reference), wording(later, self.reference));
                self.error(path, format!("「{a}」和「{b}」不可能同时满足"), "核对数值,或把「且」改为「或」");
                return;
            }
        }
    }

    fn exclude(&self, one: &Condition, other: &Condition) -> bool {
        match (one, other) {
            (Condition::Compare(one), Condition::Compare(other)) => one.left == other.left && no_value(one, other),
            (Condition::Age(one), Condition::Age(other)) => one.fact == other.fact && no_age(one, other),
            (Condition::Membership(one), Condition::Membership(other)) => self.no_code(one, other),
            (Condition::Place(one), Condition::Place(other)) => self.no_place(one, other),
            _ => false,
        }
    }

    fn no_code(&self, one: &Membership, other: &Membership) -> bool {
        let kind = self.reference.catalogue.fact(&one.fact).map(|fact| &fact.kind);
        if one.fact != other.fact || !matches!(kind, Some(FactKind::Code { .. } | FactKind::Bool)) {
            return false;
        }
        match (one.negated, other.negated) {
            (false, false) => !one.values.iter().any(|value| other.values.contains(value)),
            (false, true) => one.values.iter().all(|value| other.values.contains(value)),
            (true, false) => other.values.iter().all(|value| one.values.contains(value)),
            (true, true) => false,
        }
    }

    fn no_place(&self, one: &Place, other: &Place) -> bool {
        let areas = &self.reference.areas;
        let meet = |a: &String, b: &String| areas.contains(a, b) || areas.contains(b, a);
        !one.negated
            && !other.negated
            && one.fact == other.fact
            && !one.areas.iter().any(|a| other.areas.iter().any(|b| meet(a, b)))
    }
}

fn flatten<'a>(condition: &'a Condition, into: &mut Vec<&'a Condition>) {
    match condition {
        Condition::All(children) => children.iter().for_each(|child| flatten(child, into)),
        other => into.push(other),
    }
}

fn no_value(one: &Comparison, other: &Comparison) -> bool {
    let mut ends = Ends::default();
    for comparison in [one, other] {
        match &comparison.right {
            Expression::Quantity(quantity) => ends.narrow(comparison.operator, quantity.value()),
            Expression::Date(date) => {
                ends.narrow(comparison.operator, crate::evaluate::facts::date_number(*date));
            }
            _ => return false,
        }
    }
    ends.is_empty()
}

fn no_age(one: &Age, other: &Age) -> bool {
    let mut ends = Ends::default();
    for age in [one, other] {
        let months = match age.duration {
            Duration::Years(years) => i64::from(years) * 12,
            Duration::Months(months) => months.into(),
            // Days and months overlap in ways a calendar must say.
            Duration::Days(_) => return false,
        };
        ends.narrow(age.operator, Rational::whole(months));
    }
    ends.is_empty()
}
