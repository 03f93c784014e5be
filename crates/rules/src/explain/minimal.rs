//! The deciding set by brute force: in a world small enough to try every answer, no fewer facts can bring the wanted
//! verdict.

use std::collections::{BTreeMap, BTreeSet};

use crate::arbitrary::world::{Case, today};
use crate::context::Context;
use crate::core::decide;
use crate::explain::explain;
use crate::lower::{lower, lower_plainly, narrowed};
use crate::reference::Reference;
use crate::text::print;
use crate::tree::{Condition, Rule, Score};
use crate::verdict::{MissingFact, Verdict};

/// Whether answers to so many of the open facts can make the condition hold.
fn can_be_met_by(case: &Case, count: usize) -> bool {
    let reference = Reference::builtin();
    let none = BTreeMap::new();
    let context = Context { reference, as_of: today(), parameters: &none };
    let core = lower(&case.condition, reference);
    case.answered(count).any(|profile| decide(&core, &profile, &context) == Verdict::Met)
}

/// A table by two numbers and points by cases ask for everything they lack, though less may do.
fn asks_for_all(condition: &Condition) -> bool {
    let by_cases = |score: &Score| score.parts.iter().any(|part| matches!(part.rule, Rule::Cases(_)));
    let by_two = matches!(condition, Condition::Tier(bands) if bands.keys.len() > 1);
    by_two
        || condition.scores().iter().any(|score| by_cases(score))
        || condition.children().into_iter().any(asks_for_all)
}

#[test]
fn no_smaller_set_of_facts_can_settle_a_condition_and_the_set_itself_mostly_can() {
    let (reference, none) = (Reference::builtin(), BTreeMap::new());
    let context = Context { reference, as_of: today(), parameters: &none };
    let (mut tried, mut sufficient) = (0, 0);
    for case in (0..1_500).map(Case::new) {
        let plain = lower_plainly(&case.condition, reference);
        let explanation = explain(&case.condition, &case.known, &context, &none);
        // Where leaves ask the same question, answers that would each be favourable may exclude each other.
        let is_entangled = narrowed(plain.clone(), reference) != plain;
        if explanation.verdict != Verdict::Unknown || is_entangled || asks_for_all(&case.condition) {
            continue;
        }
        // A list is one question, whatever windows are asked about it.
        let is_list =
            |fact: &MissingFact| reference.catalogue.fact(&fact.fact).is_some_and(|fact| fact.list().is_some());
        let asked =
            explanation.deciding.iter().map(|fact| (&fact.fact, fact.period.as_ref().filter(|_| !is_list(fact))));
        let wanted = asked.collect::<BTreeSet<_>>().len();
        for fewer in 0..wanted {
            assert!(
                !can_be_met_by(&case, fewer),
                "{fewer} will do instead of {:?}\n{}\n{:#}",
                explanation.deciding,
                print(&case.condition, reference),
                case.known.to_json(reference),
            );
        }
        tried += 1;
        sufficient += usize::from(can_be_met_by(&case, wanted));
    }
    assert!(tried > 200, "{tried}");
    // The rest hopes for answers that exclude each other, like a ratio and its denominator both high.
    assert!(sufficient * 100 >= tried * 75, "{sufficient} of {tried}");
}
