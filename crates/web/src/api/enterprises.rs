//! One enterprise: its profile in, its matches out. Both need a key whose scope holds it.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::web::{Data, Json, Path, Query};
use domain::{Enterprise, Permission};
use rules::{Problem, Profile};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use storage::{Effect, Idempotency, Saved};

use super::MatchQuery;
use super::matching::answer;
use crate::auth::Caller;
use crate::error::Error;
use crate::state::State;

/// Characters of an idempotency key.
const LONGEST_KEY: usize = 200;

pub(crate) async fn matches(
    state: Data<State>,
    caller: Caller,
    uscc: Path<String>,
    Query(query): Query<MatchQuery>,
) -> Result<HttpResponse, Error> {
    let scope = caller.may(Permission::ReadEnterprise)?;
    let found = state.store().find_enterprise(scope, &rules::uscc::canonical(&uscc)).await?;
    let enterprise = found.ok_or_else(|| Error::not_found("没有这家企业，或不在密钥的范围内。"))?;
    answer(&state, &query, enterprise.profile).await
}

/// Replaces the profile. With an `Idempotency-Key`, a repeated request gets the first answer again.
pub(crate) async fn save(
    state: Data<State>,
    caller: Caller,
    request: HttpRequest,
    uscc: Path<String>,
    Json(body): Json<Value>,
) -> Result<HttpResponse, Error> {
    let scope = caller.may(Permission::WriteEnterprise)?.clone();
    let profile = read(&state, &uscc, &body)?;
    let key = idempotency_key(&request)?;
    let request_hash = hex::encode(Sha256::digest(format!("{uscc}\n{body}").as_bytes()));
    let mut tx = state.store().begin().await?;
    if let Some(key) = &key {
        match tx.begin_request(&scope, caller.id(), key, &request_hash, state.now()).await? {
            Idempotency::New => {}
            Idempotency::Done { status, response } => return Ok(repeat(status, response)),
            Idempotency::Mismatch => {
                return Err(Error::Conflict("这个 Idempotency-Key 已用于内容不同的请求，请换一个。".to_owned()));
            }
        }
    }
    let saved = tx.save_enterprise(&scope, &profile, false, &caller.actor(), state.now()).await?;
    let (status, answer) = outcome(&saved);
    if let Some(key) = &key {
        tx.answer_request(&scope, caller.id(), key, status, &answer.to_string()).await?;
    }
    tx.commit().await?;
    Ok(repeat(status, answer.to_string()))
}

fn read(state: &State, uscc: &str, body: &Value) -> Result<Profile, Error> {
    let profile = Profile::from_json(body, state.reference()).map_err(Error::Invalid)?;
    let problem = if profile.uscc.is_empty() {
        Some(Problem::error("缺少统一社会信用代码"))
    } else if profile.uscc != rules::uscc::canonical(uscc) {
        Some(Problem::error(format!("与地址中的代码 {uscc} 不同")))
    } else {
        None
    };
    match problem {
        None => Ok(profile),
        Some(problem) => Err(Error::Invalid(vec![problem.place("uscc").remedy("与地址写成同一个 18 位代码")])),
    }
}

fn idempotency_key(request: &HttpRequest) -> Result<Option<String>, Error> {
    let Some(header) = request.headers().get("idempotency-key") else { return Ok(None) };
    let key = header.to_str().ok().filter(|key| !key.is_empty() && key.len() <= LONGEST_KEY);
    let wrong = || Error::bad_request("请求头 Idempotency-Key 应为 1 至 200 个可见字符。");
    key.map(|key| Some(key.to_owned())).ok_or_else(wrong)
}

fn outcome(saved: &Saved<Enterprise>) -> (u16, Value) {
    let (status, effect) = match saved.effect {
        Effect::Created => (201, "created"),
        Effect::Changed => (200, "changed"),
        Effect::Unchanged => (200, "unchanged"),
    };
    (status, json!({ "effect": effect, "uscc": saved.value.profile.uscc, "revision": saved.value.revision }))
}

fn repeat(status: u16, body: String) -> HttpResponse {
    let status = actix_web::http::StatusCode::from_u16(status).unwrap_or_default();
    HttpResponse::build(status).content_type("application/json").body(body)
}
