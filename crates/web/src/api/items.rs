//! One item as recorded, and its guide.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use domain::relations::TellRelations;
use rules::{Node, Profile};
use serde::Serialize;
use serde_json::json;

use super::{ItemSummary, WindowBody, item_body};
use crate::auth::Reader;
use crate::error::Error;
use crate::pages::share::compose;
use crate::state::State;
use crate::words;

/// As recorded, with its calls. A bureau's key also reads its own drafts.
pub(crate) async fn find(state: Data<State>, reader: Reader, code: Path<String>) -> Result<HttpResponse, Error> {
    let (scope, store) = (reader.scope(), state.store());
    let missing = || Error::not_found(format!("没有编号为「{code}」的政策事项。"));
    let item = store.find_item(&scope, &code).await?.ok_or_else(missing)?;
    let policy = store.find_policy_by_id(&scope, item.policy).await?.ok_or_else(missing)?;
    let calls = store.list_calls(&scope, Some(item.id)).await?;
    let window = domain::window::window(&policy, item.status, &item.revision, &calls, state.day());
    let mut body = item_body(&item)?;
    body["policy_code"] = json!(policy.code);
    body["window"] = json!(WindowBody::from(window));
    body["calls"] = json!(calls);
    Ok(HttpResponse::Ok().json(body))
}

/// A condition in words: the node without what was found for anybody.
#[derive(Debug, Serialize)]
struct Requirement<'a> {
    path: &'a str,
    text: &'a str,
    plain: &'a str,
    group: Option<rules::Group>,
    sentence: Option<&'a str>,
    children: Vec<Requirement<'a>>,
}

impl<'a> Requirement<'a> {
    fn of(node: &'a Node) -> Self {
        Self {
            path: &node.path,
            text: &node.text,
            plain: &node.plain,
            group: node.group,
            sentence: node.sentence.as_deref(),
            children: node.children.iter().map(Self::of).collect(),
        }
    }
}

/// 一策一表 as data. `null` is not known; a page shows 待核.
pub(crate) async fn guide(state: Data<State>, code: Path<String>) -> Result<HttpResponse, Error> {
    let shelf = state.shelf().await?;
    let entry = shelf.find(&code)?;
    let day = state.day();
    let revision = &entry.item.revision;
    let found = shelf.matcher.explain_one(entry, &Profile::default(), state.reference(), day);
    let explanation = found.first().and_then(|one| one.explanation.as_ref());
    let policy = &entry.policy.revision;
    Ok(HttpResponse::Ok().json(json!({
        "item": ItemSummary::new(entry, day),
        "item_revision": entry.item.revision_number,
        "library_revision": shelf.seq,
        "summary": revision.summary,
        "guide": revision.guide,
        "when": words::window_sentence(&entry.window(day), day),
        "quota": revision.quota,
        "coverage_notice": words::coverage_notice(revision.coverage),
        "basis": {
            "title": policy.title,
            "document_numbers": policy.document_numbers,
            "issuers": policy.issuers,
            "source_url": policy.source_url,
        },
        "condition": explanation.map(|explanation| Requirement::of(&explanation.root)),
        "amount": entry.amount.as_ref().map(|amount| rules::plain_amount(amount, state.reference())),
        "relations": TellRelations::new(&found, day).impersonal().of(&entry.item.code),
        "notes": revision.notes,
        "share_text": compose(&state, entry),
        "url": state.links.item(&entry.item.code),
    })))
}
