//! A link out of a letter: notes that the letter was opened, and leads on to the guide.

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, LOCATION};
use actix_web::web::{Data, Path};
use domain::{PushId, Scope};
use storage::{Event, EventKind};

use crate::error::Error;
use crate::state::State;

pub(crate) async fn lead_on(state: Data<State>, path: Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (push, code) = path.into_inner();
    let push: PushId = push.parse().map_err(|_| Error::not_found("没有这个地址。请使用邮件里的链接。"))?;
    let shelf = state.shelf().await?;
    let entry = shelf.find(&code)?;
    let event = Event {
        policy: Some(entry.policy.id),
        item: Some(entry.item.id),
        bureau: entry.item.bureau,
        push: Some(push),
        ..Event::new(EventKind::Opened, state.now())
    };
    note(&state, &event).await;
    let target = format!("/items/{code}");
    Ok(HttpResponse::Found().insert_header((LOCATION, target)).insert_header((CACHE_CONTROL, "no-store")).finish())
}

/// A reader is never kept from the guide because the note could not be taken.
async fn note(state: &State, event: &Event) {
    let noted = async {
        let mut tx = state.store().begin().await?;
        tx.record_event(&Scope::Public, event).await?;
        tx.commit().await
    };
    if let Err(error) = noted.await {
        tracing::error!(error = &error as &dyn std::error::Error, "an opened letter was not recorded");
    }
}
