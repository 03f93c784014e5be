//! The few files a page loads: one sheet and one mark, embedded.

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};

pub(crate) const SHEET: &str = include_str!("../assets/site.css");
const MARK: &str = include_str!("../assets/mark.svg");

pub(crate) async fn sheet() -> HttpResponse {
    answer("text/css; charset=utf-8", SHEET)
}

pub(crate) async fn mark() -> HttpResponse {
    answer("image/svg+xml", MARK)
}

fn answer(kind: &'static str, body: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, kind))
        .insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .body(body)
}
