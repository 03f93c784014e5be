//! Once a week everybody is matched anew and compared with the city that was only kept up to date.

use census::Proof;
use chrono::Datelike;
use domain::{RunKind, Scope};
use serde_json::json;
use storage::Actor;

use crate::context::Context;
use crate::error::Error;
use crate::matching;
use crate::scheduler::due_slot;

/// The audit's word for a comparison; `doctor` looks for the newest.
pub const PROVED: &str = "city.proved";
/// Cursor that holds the day of the last slot compared.
const CURSOR: &str = "city.proof";

/// Matches everybody, stores the result and compares it, if that was not done for the newest weekly slot yet.
pub async fn once_a_week(cx: &Context) -> Result<Option<Proof>, Error> {
    let Some((day, _)) = due_slot(&cx.settings, RunKind::Weekly, cx.now())? else { return Ok(None) };
    let day = i64::from(day.num_days_from_ce());
    if cx.store.cursor(&Scope::System, CURSOR).await? >= day {
        return Ok(None);
    }
    matching::run(cx).await?;
    let Some(proof) = run(cx).await? else { return Ok(None) };
    let mut tx = cx.store.begin().await?;
    tx.set_cursor(&Scope::System, CURSOR, day).await?;
    tx.commit().await?;
    Ok(Some(proof))
}

/// Compares now and puts what was found on record: a line in the log for each difference, and an entry in the audit with
/// both explanations. `None` where the library was written to meanwhile.
pub async fn run(cx: &Context) -> Result<Option<Proof>, Error> {
    let Some(proof) = cx.census.prove(cx.today()).await? else { return Ok(None) };
    for differing in &proof.differences {
        tracing::error!(
            item.code = %differing.item,
            enterprise = differing.enterprise.0,
            matched = differing.matched,
            in_memory = ?differing.in_memory.as_ref().map(|explanation| explanation.verdict),
            in_database = ?differing.in_database.as_ref().map(|explanation| explanation.verdict),
            "memory and database differ on a pair; everybody is read anew"
        );
    }
    let differences = proof.differences.iter().map(|one| {
        json!({
            "item": one.item,
            "enterprise": one.enterprise,
            "uscc": one.uscc,
            "matched": one.matched,
            "in_memory": one.in_memory,
            "in_database": one.in_database,
        })
    });
    let detail = json!({
        "as_of_revision": proof.seq,
        "enterprises": proof.enterprises,
        "items": proof.items,
        "differing": proof.differing,
        "differences": differences.collect::<Vec<_>>(),
    });
    let mut tx = cx.store.begin().await?;
    tx.audit(&Actor::new("census"), PROVED, "city", detail, cx.now());
    tx.commit().await?;
    Ok(Some(proof))
}
