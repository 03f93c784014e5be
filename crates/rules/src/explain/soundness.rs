//! Kleene soundness by brute force, at counts that keep the tests quick; the example `unknown` runs as many as one
//! likes.

use std::collections::BTreeMap;

use crate::arbitrary::decidable::measure;
use crate::arbitrary::world::{Case, today};
use crate::context::Context;
use crate::core::decide;
use crate::explain::explain;
use crate::lower::lower;
use crate::reference::Reference;

#[test]
fn what_is_decided_stays_decided_however_the_gaps_are_filled_and_few_answers_are_needlessly_open() {
    let report = measure(0..3_000).unwrap_or_else(|wrong| panic!("{}", wrong.0));
    assert!(report.total().lowered.unknown > 700, "\n{report}");
    assert!(report.total().lowered.per_myriad() < 800, "\n{report}");
}

#[test]
fn with_nothing_unknown_the_reasons_and_the_lowered_form_agree_in_the_small_world() {
    let (reference, none) = (Reference::builtin(), BTreeMap::new());
    let context = Context { reference, as_of: today(), parameters: &none };
    for case in (0..1_000).map(Case::new) {
        let core = lower(&case.condition, reference);
        let complete = case.completions().next().into_iter();
        for profile in complete.chain([case.known]) {
            let explained = explain(&case.condition, &profile, &context, &none).verdict;
            assert_eq!(
                decide(&core, &profile, &context),
                explained,
                "{}",
                crate::text::print(&case.condition, reference)
            );
        }
    }
}
