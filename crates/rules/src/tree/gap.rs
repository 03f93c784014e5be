//! What a failing ratio or rate of growth lacks in amount, with the denominator as it is: 占比差 0.4 个百分点 is 约 41 万元.

use super::expression::{Arithmetic, Expression, FactReference, Growth};
use crate::evaluate::facts::Facts;
use crate::evaluate::measure::{Measure, unit_of};
use crate::evaluate::reading::Estimate;
use crate::number::Rational;
use crate::reference::Derivation;
use crate::text::{parse_derivation, print_expression};

/// `,上年度研发费用约差 41 万元`: what the numerator lacks of the bound, or (`超出`) has too much. Only for a ratio, a derived
/// one nobody states, and growth over a year; `None` where a part is not exact or the denominator not positive.
pub(super) fn numerator_gap(ratio: &Expression, bound: &Rational, word: &str, facts: &Facts<'_>) -> Option<String> {
    match ratio {
        Expression::Arithmetic { left, operator: Arithmetic::Over, right } => lacking(left, right, bound, word, facts),
        Expression::Growth { of, source, growth: Growth::YearOnYear(when) } => {
            let fact = |when| Expression::Fact(FactReference { fact: of.clone(), when, source: source.clone() });
            let grown = bound.add(&Rational::whole(1));
            lacking(&fact(*when), &fact(when.year_before()?), &grown, word, facts)
        }
        Expression::Fact(FactReference { fact, when, source: None }) => {
            let fact = facts.fact(fact)?;
            let when = facts.when(*when, fact);
            let Some(Derivation::Expression(text)) = &fact.derived else { return None };
            let is_derived = facts.bare.is_none() && facts.entries(fact, when, None).is_empty();
            let ratio = parse_derivation(text, facts.reference()).filter(|_| is_derived)?;
            numerator_gap(&ratio, bound, word, &Facts { bare: Some(when), ..*facts })
        }
        _ => None,
    }
}

fn lacking(part: &Expression, whole: &Expression, bound: &Rational, word: &str, facts: &Facts<'_>) -> Option<String> {
    let exact = |expression| match facts.read(expression).estimate {
        Estimate::Known(range) => range.exact().cloned(),
        Estimate::NotApplicable | Estimate::Unknown(_) => None,
    };
    let whole = exact(whole).filter(|whole| whole.signum() > 0)?;
    let wanted = whole.multiply(bound).subtract(&exact(part)?);
    let wanted = if word == "差" { wanted } else { wanted.negate() };
    let reference = facts.reference();
    let amount = Measure::of(part, reference).show_difference(&wanted, &unit_of(part, reference));
    Some(format!(",{}约{word} {amount}", print_expression(part, reference)))
}
