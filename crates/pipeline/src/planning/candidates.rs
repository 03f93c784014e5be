//! What planning looks at for one enterprise: every item with its standing, and whether a rule changed under it.

use std::collections::HashMap;

use domain::matching::Entry;
use domain::planning::Candidate;
use domain::{Enterprise, ItemId, Scope, Standing, Told, Window};
use rules::{FactState, Profile, Value, Verdict};

use crate::context::Context;
use crate::error::Error;
use crate::planning::Ground;
use crate::planning::turn::{Turn, Written};

/// One item as it stands to one enterprise.
pub(super) struct Looked<'a> {
    pub(super) entry: &'a Entry,
    pub(super) standing: Standing,
    pub(super) window: &'a Window,
}

/// What the whole library is to one enterprise: by columns where the city holds the profile it is planned for, else pair
/// by pair. 差一点 may be told as 不符合: no line is written about either.
pub(super) fn look<'a>(
    cx: &Context,
    ground: &'a Ground,
    enterprise: &Enterprise,
    known: Option<Vec<Standing>>,
) -> Vec<Looked<'a>> {
    let entries = ground.matcher.entries();
    let standings = known.unwrap_or_else(|| {
        let found = ground.matcher.match_all(&enterprise.profile, &cx.reference, cx.today());
        let by_item: HashMap<ItemId, Standing> = found.iter().map(|one| (one.entry.item.id, one.standing)).collect();
        entries.iter().map(|entry| by_item.get(&entry.item.id).copied().unwrap_or(Standing::NotOpen)).collect()
    });
    let each = entries.iter().zip(ground.windows.iter()).zip(standings);
    each.map(|((entry, window), standing)| Looked { entry, standing, window }).collect()
}

pub(super) async fn candidates(
    cx: &Context,
    looked: &[Looked<'_>],
    enterprise: &Enterprise,
    told: &Told,
    written: &mut Written,
) -> Result<Vec<Candidate>, Error> {
    let mut candidates = Vec::with_capacity(looked.len());
    let turn = Turn::on(cx, enterprise);
    for found in looked {
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
    Ok(candidates)
}

/// Only asked of items that were recommended under an older revision and no longer match: rare, so a read is fine.
async fn rule_changed(cx: &Context, found: &Looked<'_>, enterprise: &Enterprise, told: &Told) -> Result<bool, Error> {
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
