//! JSON Schemas of the documents other programs write for us.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use crate::error::Error;
use crate::state::State;

pub(crate) async fn find(state: Data<State>, name: Path<String>) -> Result<HttpResponse, Error> {
    let schema = match name.as_str() {
        "condition" => rules::schema::condition(),
        "amount" => rules::schema::amount(),
        "profile" => rules::schema::profile(state.reference()),
        _ => return Err(Error::not_found("没有这个格式说明。可用:condition、amount、profile。")),
    };
    Ok(HttpResponse::Ok().content_type("application/schema+json").json(schema))
}
