//! Tiers of one figure: a boundary that two of them name belongs to one only.

use rules::number::Rational;
use rules::tree::Operator;

use crate::leaf::{Doubt, Leaf, Reading};
use crate::unit::Measure;

/// More leaves than any table in one sentence has; the rest keep their own boundaries.
const MANY: usize = 40;

/// 10亿元及以上 beside 10亿元以下, 5000万元至1亿元 beside 1亿元至2亿元: the upper tier has the boundary unless the lower one
/// says (含).
pub(crate) fn disjoint(leaves: &mut [Leaf]) {
    let lows: Vec<_> = leaves.iter().take(MANY).filter_map(low).collect();
    let claimed: Vec<_> = leaves.iter().take(MANY).filter_map(claimed).collect();
    for leaf in leaves.iter_mut().take(MANY) {
        let says_so = leaf.words.rsplit(['至', '-']).next().is_some_and(|end| end.contains("含"));
        let Reading::Number { operator, value, upper, measure, .. } = &mut leaf.reading else { continue };
        let is_taken = |bound: &Rational| lows.contains(&(bound.clone(), *measure));
        match upper {
            Some((bound, includes)) => {
                let is_claimed = claimed.contains(&(value.clone(), *measure)) && !leaf.words.contains("(含)至");
                if is_claimed {
                    *operator = Operator::More;
                }
                *includes = *includes && (says_so || !is_taken(bound));
            }
            None if *operator == Operator::AtMost
                && leaf.words.ends_with("以下")
                && !leaf.words.contains("(含")
                && is_taken(value) =>
            {
                *operator = Operator::Less;
                leaf.doubts.push(Doubt::Case);
            }
            None => {}
        }
    }
}

/// Where a tier begins.
fn low(leaf: &Leaf) -> Option<(Rational, Measure)> {
    match &leaf.reading {
        Reading::Number { operator: Operator::AtLeast, value, measure, .. } => Some((value.clone(), *measure)),
        _ => None,
    }
}

/// Where a tier ends that keeps its boundary in so many words.
fn claimed(leaf: &Leaf) -> Option<(Rational, Measure)> {
    let Reading::Number { operator, value, upper, measure, .. } = &leaf.reading else { return None };
    let says_so = leaf.words.ends_with("(含)") || leaf.words.ends_with("含本数)");
    match upper {
        Some((bound, true)) if says_so => Some((bound.clone(), *measure)),
        None if *operator == Operator::AtMost && says_so => Some((value.clone(), *measure)),
        _ => None,
    }
}
