//! Whether the process lives, and whether it can answer.

use actix_web::HttpResponse;
use actix_web::web::Data;
use domain::Scope;
use serde_json::json;

use crate::state::State;

/// The process answers.
pub(crate) async fn alive() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok\n")
}

/// The database answers and the index has been filled. Says how far the index is behind the library.
pub(crate) async fn ready(state: Data<State>) -> HttpResponse {
    let index = &state.parts.index;
    let position = index.position();
    let latest = match state.store().ping().await {
        Ok(()) => state.store().latest_change(&Scope::Public).await,
        Err(error) => Err(error),
    };
    let database = if latest.is_ok() { "ok" } else { "unreachable" };
    let filled = if position.is_some() { "ok" } else { "empty" };
    let behind = latest.as_ref().ok().zip(position).map(|(latest, position)| latest - position);
    let body = json!({
        "database": database,
        "index": { "state": filled, "policies": index.len(), "position": position, "behind": behind },
    });
    if latest.is_ok() && position.is_some() {
        HttpResponse::Ok().json(body)
    } else {
        HttpResponse::ServiceUnavailable().json(body)
    }
}
