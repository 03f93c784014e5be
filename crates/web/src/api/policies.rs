//! Search, and one policy.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path, Query};
use domain::{Item, Policy, PolicyId};
use serde::Serialize;
use serde_json::json;

use super::WindowBody;
use crate::asking::{Asking, Pairs, number};
use crate::auth::Reader;
use crate::error::Error;
use crate::finding::{Finding, find as find_hits};
use crate::state::State;

const LIMIT: usize = 20;
const LARGEST_LIMIT: usize = 100;

/// The cursor is where the next page starts; clients pass it back as they got it.
pub(crate) async fn search(state: Data<State>, Query(pairs): Query<Pairs>) -> Result<HttpResponse, Error> {
    let asking = Asking::read(&pairs)?;
    let limit = pairs.iter().find(|(name, _)| name == "limit");
    let limit = limit.map_or(Ok(LIMIT), |(name, value)| number::<usize>(name, value))?.clamp(1, LARGEST_LIMIT);
    let shelf = state.shelf().await?;
    let Finding { results, complete } = find_hits(&state, &shelf, &asking, limit).await?;
    let shown = asking.offset + results.hits.len();
    let next = (shown < results.total && !results.hits.is_empty()).then(|| shown.to_string());
    Ok(HttpResponse::Ok().json(json!({
        "policies": results.hits,
        "total": results.total,
        "folded": results.folded,
        "facets": results.facets,
        "relaxed": results.relaxed,
        "truncated": results.truncated,
        "complete": complete,
        "index_revision": results.position,
        "next_cursor": next,
    })))
}

#[derive(Debug, Serialize)]
struct PolicyBody<'a> {
    #[serde(flatten)]
    policy: &'a Policy,
    items: Vec<ItemLine<'a>>,
}

#[derive(Debug, Serialize)]
struct ItemLine<'a> {
    code: &'a str,
    name: &'a str,
    status: domain::PolicyStatus,
    window: WindowBody,
}

/// By code or by id. A bureau's key also reads its own drafts.
pub(crate) async fn find(state: Data<State>, reader: Reader, code: Path<String>) -> Result<HttpResponse, Error> {
    let scope = reader.scope();
    let store = state.store();
    let policy = match code.parse::<PolicyId>() {
        Ok(id) => store.find_policy_by_id(&scope, id).await?,
        Err(_) => store.find_policy(&scope, &code).await?,
    };
    let policy = policy.ok_or_else(|| Error::not_found(format!("没有编号为「{code}」的政策文件。")))?;
    let items = store.list_items(&scope, Some(policy.id)).await?;
    let mut lines = Vec::with_capacity(items.len());
    for item in &items {
        lines.push(line(&state, &scope, &policy, item).await?);
    }
    Ok(HttpResponse::Ok().json(PolicyBody { policy: &policy, items: lines }))
}

async fn line<'a>(
    state: &State,
    scope: &domain::Scope,
    policy: &Policy,
    item: &'a Item,
) -> Result<ItemLine<'a>, Error> {
    let calls = state.store().list_calls(scope, Some(item.id)).await?;
    let window = domain::window::window(policy, item.status, &item.revision, &calls, state.day());
    Ok(ItemLine { code: &item.code, name: &item.revision.name, status: item.status, window: window.into() })
}
