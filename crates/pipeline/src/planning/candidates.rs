//! What planning looks at for one enterprise: every item with its standing, and whether a rule changed under it.

use census::Library;
use domain::matching::Match;
use domain::planning::Candidate;
use domain::{Enterprise, Scope, Told};
use rules::{FactState, Profile, Value, Verdict};

use crate::context::Context;
use crate::error::Error;
use crate::planning::turn::{Turn, Written};

/// The candidates, and the matches they were made from in the same order.
pub(super) struct Found<'a> {
    pub(super) candidates: Vec<Candidate>,
    pub(super) matches: Vec<Match<'a>>,
}

pub(super) async fn candidates<'a>(
    cx: &Context,
    library: &'a Library,
    enterprise: &Enterprise,
    told: &Told,
    written: &mut Written,
) -> Result<Found<'a>, Error> {
    let matches = library.matcher.match_all(&enterprise.profile, &cx.reference, cx.today());
    let mut candidates = Vec::with_capacity(matches.len());
    let turn = Turn::on(cx, enterprise);
    for found in &matches {
        let rule_changed = rule_changed(cx, found, enterprise, told).await?;
        candidates.push(Candidate {
            item: found.entry.item.id,
            item_revision: found.entry.item.revision_number,
            policy_revision: found.entry.policy.revision_number,
            implements: found.entry.item.implements,
            standing: found.standing,
            window: found.window.clone(),
            in_area: is_in_area(cx, &enterprise.profile, &found.entry.item.revision.area),
            rule_changed,
            turned: turn.brings(found, told, rule_changed, written).await?,
        });
    }
    Ok(Found { candidates, matches })
}

/// Only asked of items that were recommended under an older revision and no longer match: rare, so a read is fine.
async fn rule_changed(cx: &Context, found: &Match<'_>, enterprise: &Enterprise, told: &Told) -> Result<bool, Error> {
    let item = &found.entry.item;
    let Some(revision) = told.recommended(item.id).filter(|told| *told < item.revision_number) else {
        return Ok(false);
    };
    if found.standing.is_match() {
        return Ok(false);
    }
    let Some(older) = cx.store.item_revision(&Scope::System, item.id, revision).await? else { return Ok(false) };
    let verdict = found.entry.verdict_under(&older, &enterprise.profile, &cx.reference, cx.today());
    Ok(matches!(verdict, Some(Verdict::Met | Verdict::Unknown)))
}

/// Whether any known place of the enterprise lies in the area.
fn is_in_area(cx: &Context, profile: &Profile, area: &str) -> bool {
    profile
        .facts
        .values()
        .flatten()
        .filter_map(|entry| match &entry.state {
            FactState::Known(Value::Area(place)) if entry.period.to.is_none() => Some(place),
            _ => None,
        })
        .any(|place| cx.reference.areas.contains(area, place))
}
