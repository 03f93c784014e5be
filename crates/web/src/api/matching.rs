//! A profile against the library. Nothing is stored, nothing of the body is logged.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::web::{Data, Json, Query};
use chrono::NaiveDate;
use domain::questions::{self, Questions};
use domain::relations::TellRelations;
use domain::total::{Total, total};
use rules::Profile;
use serde_json::Value;

use super::{MatchBody, MatchQuery, MatchesBody};
use crate::error::Error;
use crate::shelf::Shelf;
use crate::state::State;

pub(crate) async fn once(
    state: Data<State>,
    Query(query): Query<MatchQuery>,
    Json(body): Json<Value>,
) -> Result<HttpResponse, Error> {
    let profile = Profile::from_json(&body, state.reference()).map_err(Error::Invalid)?;
    answer(&state, &query, profile).await
}

/// Every item, or the one asked for, with every reason. Reckoning leaves the worker free for others.
pub(super) async fn answer(state: &Data<State>, query: &MatchQuery, profile: Profile) -> Result<HttpResponse, Error> {
    let shelf = state.shelf().await?;
    let day = query.day(state);
    if let Some(code) = &query.item {
        let found = shelf.matcher.explain_one(shelf.find(code)?, &profile, state.reference(), day);
        let relations = TellRelations::new(&found, day);
        let shown = found.iter().take(1).map(|one| MatchBody::new(one, &relations, day)).collect();
        return Ok(HttpResponse::Ok().json(body(state, &shelf, day, None, None, shown)));
    }
    let (reckoner, state) = (Arc::clone(&shelf), state.clone());
    let job = move || {
        let matches = reckoner.matcher.explain_all(&profile, state.reference(), day);
        let relations = TellRelations::new(&matches, day);
        let sum = total(&matches, &profile, state.reference(), day);
        let asked = questions::best(&matches, state.reference(), questions::FEW);
        let shown = matches.iter().map(|one| MatchBody::new(one, &relations, day)).collect();
        serde_json::to_vec(&body(&state, &reckoner, day, sum, Some(asked), shown))
    };
    let json = actix_web::web::block(job).await.map_err(|_| Error::Stopped)?.map_err(Error::Json)?;
    Ok(HttpResponse::Ok().content_type("application/json").body(json))
}

fn body<'a>(
    state: &'a State,
    shelf: &Shelf,
    day: NaiveDate,
    total: Option<Total>,
    questions: Option<Questions>,
    matches: Vec<MatchBody<'a>>,
) -> MatchesBody<'a> {
    MatchesBody {
        day,
        library_revision: shelf.seq,
        reference_hash: state.reference().hash(),
        total,
        questions,
        matches,
    }
}
