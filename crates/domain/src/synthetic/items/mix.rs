//! Which operators conditions use: measured on real notices, wanted of made-up ones, got in the end.

use std::collections::BTreeMap;

use rules::tree::{Expression, Quantifier};
use rules::{Condition, Reference};

use super::wording::OPERATORS;

/// Leaves by operator, and groups and tables by kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mix {
    pub conditions: u64,
    pub leaves: BTreeMap<&'static str, u64>,
    pub groups: BTreeMap<&'static str, u64>,
}

/// What made-up items aim at: thousandths of all leaves by operator, and whether figures have to be worked out for it.
pub fn wanted() -> impl Iterator<Item = (&'static str, u64, bool)> {
    OPERATORS.iter().map(|operator| (operator.name, operator.weight.unsigned_abs(), operator.derived))
}

impl Mix {
    pub fn add(&mut self, condition: &Condition, reference: &Reference) {
        self.conditions += 1;
        self.walk(condition, false, reference);
    }

    pub fn merge(&mut self, other: Self) {
        self.conditions += other.conditions;
        for (sums, counts) in [(&mut self.leaves, other.leaves), (&mut self.groups, other.groups)] {
            for (name, count) in counts {
                *sums.entry(name).or_default() += count;
            }
        }
    }

    /// All leaves that ask something; marks only show.
    pub fn asked(&self) -> u64 {
        self.leaves.values().sum()
    }

    /// Leaves for which figures have to be worked out.
    pub fn derived(&self) -> u64 {
        let names = wanted().filter(|(_, _, derived)| *derived).map(|(name, ..)| name);
        names.filter_map(|name| self.leaves.get(name)).sum()
    }

    /// Thousandths of the leaves that use an operator.
    pub fn thousandths(&self, operator: &str) -> u64 {
        (self.leaves.get(operator).copied().unwrap_or_default() * 1000).checked_div(self.asked()).unwrap_or_default()
    }

    fn walk(&mut self, condition: &Condition, negated: bool, reference: &Reference) {
        let group = match condition {
            Condition::All(_) => "all",
            Condition::Any(_) => "any",
            Condition::None(_) => "none",
            Condition::AtLeast { .. } => "at least",
            Condition::Tier(_) => "tier",
            Condition::Cases(_) => "cases",
            Condition::Unconfirmed(unconfirmed) => return self.walk(&unconfirmed.reading, negated, reference),
            Condition::Mark(_) => return,
            leaf => {
                *self.leaves.entry(operator(leaf, negated, reference)).or_default() += 1;
                return;
            }
        };
        *self.groups.entry(group).or_default() += 1;
        let negated = negated != matches!(condition, Condition::None(_));
        for child in condition.children() {
            self.walk(child, negated, reference);
        }
    }
}

/// The name of a leaf's operator in [`wanted`].
fn operator(leaf: &Condition, negated: bool, reference: &Reference) -> &'static str {
    match leaf {
        Condition::Compare(comparison) => compared(&comparison.left, &comparison.right, reference),
        Condition::Each(_) => "every year",
        Condition::Age(_) | Condition::Residence(_) => "age or residence",
        Condition::Membership(membership) => match reference.catalogue.fact(&membership.fact) {
            Some(fact) if fact.derived.is_some() => "derived fact",
            _ => "code or industry",
        },
        Condition::Contains(_) => "words",
        Condition::Place(_) => "place",
        Condition::Records(records) if negated || records.quantifier == Quantifier::None => "never",
        Condition::Records(_) => "records",
        Condition::Attestation(_) => "promise",
        _ => "manual",
    }
}

/// The dearest thing on either side names the comparison.
fn compared(left: &Expression, right: &Expression, reference: &Reference) -> &'static str {
    let of =
        |wanted: fn(&Expression, &Reference) -> bool| has(left, wanted, reference) || has(right, wanted, reference);
    let derived = |expression: &Expression, reference: &Reference| match expression {
        Expression::Fact(named) => reference.catalogue.fact(&named.fact).is_some_and(|fact| fact.derived.is_some()),
        _ => false,
    };
    if of(|expression, _| matches!(expression, Expression::Parameter { .. })) {
        "parameter"
    } else if of(|expression, _| matches!(expression, Expression::Score(_))) {
        "score"
    } else if of(|expression, _| matches!(expression, Expression::Growth { .. })) {
        "growth"
    } else if of(|expression, _| matches!(expression, Expression::Tally(_))) {
        "sum of records"
    } else if of(|expression, _| matches!(expression, Expression::Arithmetic { .. })) {
        "ratio"
    } else if of(|expression, _| matches!(expression, Expression::Over { .. })) {
        "window"
    } else if of(derived) {
        "derived fact"
    } else if of(|expression, _| matches!(expression, Expression::Date(_))) {
        "dates"
    } else {
        "threshold"
    }
}

fn has(expression: &Expression, wanted: fn(&Expression, &Reference) -> bool, reference: &Reference) -> bool {
    let inside = match expression {
        Expression::Arithmetic { left, right, .. } => has(left, wanted, reference) || has(right, wanted, reference),
        _ => false,
    };
    inside || wanted(expression, reference)
}
