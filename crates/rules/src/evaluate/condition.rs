//! The surface verdict of a condition without its words, and what every leaf finds.

use super::facts::Facts;
use super::finding::Finding;
use super::reading::Blank;
use crate::tree::Condition;
use crate::tree::bands::{Bands, Cases};
use crate::tree::logic::{all, any, at_least, none};
use crate::tree::tier;
use crate::tree::wording::attested;
use crate::verdict::{UnknownCause, Verdict};

/// Judges one leaf.
pub(crate) fn find(leaf: &Condition, facts: &Facts<'_>) -> Finding {
    match leaf {
        Condition::Compare(comparison) => comparison.find(facts),
        Condition::Each(each) => each.find(facts),
        Condition::Age(age) => age.find(facts),
        Condition::Membership(membership) => membership.find(facts),
        Condition::Contains(contains) => contains.find(facts),
        Condition::Place(place) => place.find(facts),
        Condition::Residence(residence) => residence.find(facts),
        Condition::Records(records) => records.find(facts),
        Condition::Attestation(sentence) => attested(sentence, facts),
        Condition::Manual(_) | Condition::Unconfirmed(_) => Finding::open(UnknownCause::Manual, Vec::new()),
        // Marks are taken out of their group before it is judged; alone, one asks nothing. Groups are no leaves.
        Condition::Mark(_)
        | Condition::All(_)
        | Condition::Any(_)
        | Condition::None(_)
        | Condition::AtLeast { .. }
        | Condition::Tier(_)
        | Condition::Cases(_) => Finding::plain(Verdict::Met),
    }
}

/// The verdict of a condition and, while it is open, what keeps it so.
pub(crate) fn judge(condition: &Condition, facts: &Facts<'_>) -> (Verdict, Option<Blank>) {
    if !condition.is_group() {
        let finding = find(condition, facts);
        let blank = Blank { cause: finding.cause.unwrap_or(UnknownCause::Missing), needs: finding.needs };
        return (finding.verdict, (finding.verdict == Verdict::Unknown).then_some(blank));
    }
    let mut open: Option<Blank> = None;
    let mut noted = |child: &Condition| {
        let (verdict, blank) = judge(child, facts);
        open = joined(open.take(), blank);
        verdict
    };
    let verdict = match condition {
        Condition::Tier(bands) => {
            let keys = bands.read_keys(facts);
            let verdict = tier::verdict(&bands.reach(&keys), &branches(bands.values().map(&mut noted), bands));
            open = keys.iter().fold(open, |open, key| joined(open, key.open()));
            verdict
        }
        Condition::Cases(cases) => {
            let whens: Vec<Verdict> = cases.rows.iter().map(|row| noted(&row.when)).collect();
            let branches: Vec<Verdict> = cases.values().map(&mut noted).collect();
            case_verdict(&whens, &branches)
        }
        group => {
            let counting = group.children().into_iter().filter(|child| !matches!(child, Condition::Mark(_)));
            let verdicts: Vec<Verdict> = counting.map(&mut noted).collect();
            grouped(group, &verdicts)
        }
    };
    (verdict, open.filter(|_| verdict == Verdict::Unknown))
}

/// The verdict of one of the four groups.
pub(crate) fn grouped(group: &Condition, verdicts: &[Verdict]) -> Verdict {
    let verdicts = verdicts.iter().copied();
    match group {
        Condition::Any(_) => any(verdicts),
        Condition::None(_) => none(verdicts),
        Condition::AtLeast { k, .. } => at_least(*k, verdicts),
        _ => all(verdicts),
    }
}

/// The verdicts of the rows and of 其余, which refuses where it is not written.
pub(crate) fn branches(written: impl Iterator<Item = Verdict>, bands: &Bands<Condition>) -> Vec<Verdict> {
    written.chain(bands.otherwise.is_none().then_some(Verdict::NotMet)).collect()
}

/// From the last row to the first: if the condition holds its branch, else what comes behind.
pub(crate) fn case_verdict(whens: &[Verdict], branches: &[Verdict]) -> Verdict {
    use crate::tree::logic::not;
    let rest = branches.get(whens.len()).copied().unwrap_or(Verdict::NotMet);
    let rows = whens.iter().zip(branches).rev();
    let (certain, possible) = rows.fold((rest, rest), |(certain, possible), (when, branch)| {
        (
            all([any([not(*when), *branch]), any([*when, certain])]),
            any([all([*when, *branch]), all([not(*when), possible])]),
        )
    });
    tier::between(certain, possible)
}

pub(crate) fn joined(one: Option<Blank>, other: Option<Blank>) -> Option<Blank> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.and(other)),
        (one, other) => one.or(other),
    }
}

/// The reach of a table of cases for one profile, with what keeps it open.
pub(crate) fn reach<T>(cases: &Cases<T>, facts: &Facts<'_>) -> (crate::tree::bands::Reach, Option<Blank>) {
    let judged: Vec<(Verdict, Option<Blank>)> = cases.rows.iter().map(|row| judge(&row.when, facts)).collect();
    let verdicts: Vec<Verdict> = judged.iter().map(|(verdict, _)| *verdict).collect();
    let open = judged.into_iter().fold(None, |open, (_, blank)| joined(open, blank));
    (Cases::<T>::reach(&verdicts), open)
}
