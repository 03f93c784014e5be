//! Officials publish: draft, publish, amend, suspend and repeal a policy, its items and its calls.
//!
//! A notice (text, window, contact) may stand without a condition; a condition needs its cases.

use actix_web::HttpResponse;
use actix_web::web::{Data, Json, Path};
use domain::relations::{Prerequisites, prerequisites};
use domain::{Call, CallId, CallOrigin, CallStatus, ItemId, Permission, PolicyStatus};
use serde_json::{Value, json};
use storage::{Effect, ItemDraft, PolicyDraft};

use super::drafts::{CallBody, ItemBody, PolicyBody};
use super::{item_body, read};
use crate::auth::Caller;
use crate::error::Error;
use crate::state::State;

/// Creates or amends. Without `status` a new policy is a draft, and an existing one keeps its status.
pub(crate) async fn save_policy(
    state: Data<State>,
    caller: Caller,
    code: Path<String>,
    Json(body): Json<Value>,
) -> Result<HttpResponse, Error> {
    let scope = caller.may(Permission::WritePolicy)?;
    let body: PolicyBody = read(body)?;
    let known = state.store().find_policy(scope, &code).await?;
    let status = body.status.or(known.as_ref().map(|known| known.status)).unwrap_or(PolicyStatus::Draft);
    let bureau = known.as_ref().and_then(|known| known.bureau);
    let revision = body.revision(&code, state.reference()).map_err(Error::Invalid)?;
    let draft = PolicyDraft { code: code.into_inner(), bureau, status, revision };
    let mut tx = state.store().begin().await?;
    let saved = tx.save_policy(scope, draft, &caller.actor(), state.now()).await?;
    let seq = tx.commit().await?;
    Ok(answer(saved.effect, &json!(saved.value), seq))
}

pub(crate) async fn publish(state: Data<State>, caller: Caller, code: Path<String>) -> Result<HttpResponse, Error> {
    set_status(&state, &caller, &code, PolicyStatus::Published).await
}

pub(crate) async fn suspend(state: Data<State>, caller: Caller, code: Path<String>) -> Result<HttpResponse, Error> {
    set_status(&state, &caller, &code, PolicyStatus::Suspended).await
}

pub(crate) async fn repeal(state: Data<State>, caller: Caller, code: Path<String>) -> Result<HttpResponse, Error> {
    set_status(&state, &caller, &code, PolicyStatus::Repealed).await
}

async fn set_status(state: &State, caller: &Caller, code: &str, status: PolicyStatus) -> Result<HttpResponse, Error> {
    let scope = caller.may(Permission::WritePolicy)?;
    let policy = state.store().find_policy(scope, code).await?.ok_or_else(|| no_policy(code))?;
    if policy.status == PolicyStatus::Repealed && status != PolicyStatus::Repealed {
        return Err(Error::Conflict("这份政策已废止，不能再发布或暂停；如有新文件请另建政策。".to_owned()));
    }
    let mut tx = state.store().begin().await?;
    let changed = tx.set_policy_status(scope, policy.id, status, &caller.actor(), state.now()).await?;
    let seq = tx.commit().await?;
    Ok(HttpResponse::Ok().json(json!({ "code": code, "status": status, "changed": changed, "revision": seq })))
}

pub(crate) async fn save_item(
    state: Data<State>,
    caller: Caller,
    code: Path<String>,
    Json(body): Json<Value>,
) -> Result<HttpResponse, Error> {
    let scope = caller.may(Permission::WritePolicy)?;
    let body: ItemBody = read(body)?;
    let policy = state.store().find_policy(scope, &body.policy).await?.ok_or_else(|| no_policy(&body.policy))?;
    let known = state.store().find_item(scope, &code).await?;
    let library = if body.relations.is_empty() {
        Prerequisites::new()
    } else {
        prerequisites(&state.store().list_items(scope, None).await?)
    };
    let draft = ItemDraft {
        policy: policy.id,
        bureau: known.as_ref().and_then(|known| known.bureau),
        implements: upper(&state, &body).await?,
        status: body.status.or(known.map(|known| known.status)).unwrap_or(PolicyStatus::Published),
        revision: body.revision(&code, &policy.revision, &library, state.reference()).map_err(Error::Invalid)?,
        code: code.into_inner(),
    };
    let mut tx = state.store().begin().await?;
    let saved = tx.save_item(scope, draft, &caller.actor(), state.now()).await?;
    let seq = tx.commit().await?;
    Ok(answer(saved.effect, &item_body(&saved.value)?, seq))
}

/// The upper item named by the body; it must be public.
async fn upper(state: &State, body: &ItemBody) -> Result<Option<ItemId>, Error> {
    let Some(code) = &body.implements else { return Ok(None) };
    let found = state.store().find_item(&domain::Scope::Public, code).await?;
    let missing = || Error::bad_request(format!("implements 指向的上级事项「{code}」不存在或未公开。"));
    found.map(|item| Some(item.id)).ok_or_else(missing)
}

pub(crate) async fn save_call(
    state: Data<State>,
    caller: Caller,
    path: Path<(String, String)>,
    Json(body): Json<Value>,
) -> Result<HttpResponse, Error> {
    let scope = caller.may(Permission::WritePolicy)?;
    let (code, batch) = path.into_inner();
    let body: CallBody = read(body)?;
    body.check(&batch).map_err(Error::Invalid)?;
    let missing = || Error::not_found(format!("没有编号为「{code}」的政策事项，或不属于本部门。"));
    let item = state.store().find_item(scope, &code).await?.ok_or_else(missing)?;
    let call = Call {
        id: CallId::of(&format!("{code}/{batch}")),
        item: item.id,
        batch,
        origin: CallOrigin::Official,
        status: if body.withdrawn { CallStatus::Withdrawn } else { CallStatus::Published },
        opens_on: body.opens_on,
        closes_on: body.closes_on,
        as_of: body.as_of,
        parameters: body.parameters,
        quota: body.quota,
        contact: body.contact,
        source_url: body.source_url,
        revision_number: 0,
    };
    let mut tx = state.store().begin().await?;
    let saved = tx.save_call(scope, call, &caller.actor(), state.now()).await?;
    let seq = tx.commit().await?;
    Ok(answer(saved.effect, &json!(saved.value), seq))
}

fn no_policy(code: &str) -> Error {
    Error::not_found(format!("没有编号为「{code}」的政策文件，或不属于本部门。"))
}

/// 201 for what is new, 200 else; `revision` is the change-feed position, absent when nothing changed.
fn answer(effect: Effect, value: &Value, seq: Option<i64>) -> HttpResponse {
    let (mut response, effect) = match effect {
        Effect::Created => (HttpResponse::Created(), "created"),
        Effect::Changed => (HttpResponse::Ok(), "changed"),
        Effect::Unchanged => (HttpResponse::Ok(), "unchanged"),
    };
    response.json(json!({ "effect": effect, "revision": seq, "value": value }))
}
