//! One policy document with its items, source and text.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use domain::{Policy, Scope};

use super::{item_row, page};
use crate::error::Error;
use crate::markdown;
use crate::state::State;
use crate::views::{Link, PolicyPage, Row};
use crate::words::{self, PENDING};

pub(crate) async fn show(state: Data<State>, code: Path<String>) -> Result<HttpResponse, Error> {
    let policy = state.store().find_policy(&Scope::Public, &code).await?;
    let policy = policy.ok_or_else(|| Error::not_found("没有这份政策文件，可能已暂停公开。请回首页搜索。"))?;
    let shelf = state.shelf().await?;
    let day = state.day();
    let revision = &policy.revision;
    let view = PolicyPage {
        shell: state.shell(revision.title.clone(), "search", shelf.seq),
        title: revision.title.clone(),
        tags: vec![words::level_badge(revision.level), words::validity_badge(&policy)],
        summary: revision.summary.clone(),
        rows: rows(&state, &policy),
        source: revision.source_url.clone().map(|url| Link::new("查看官方原文", url)),
        items: shelf.items_of(&policy).map(|entry| item_row(entry, day)).collect(),
        body: revision.body.as_deref().map(markdown::render),
        verbatim: revision.verbatim,
    };
    page(&state, &view)
}

fn rows(state: &State, policy: &Policy) -> Vec<Row> {
    let revision = &policy.revision;
    let published =
        revision.published_on.map(|day| words::date_as_stated(day, revision.published_precision.as_deref()));
    vec![
        Row::lines("发文字号", revision.document_numbers.clone()),
        Row::lines("发文机关", revision.issuers.clone()),
        Row::text("适用地区", Some(words::area(state.reference(), &revision.area))),
        Row::text("文种", revision.kind.clone()),
        Row::text("发布日期", published),
        Row::text("有效期", term(policy)),
        Row::text("收录版本", Some(format!("本库第 {} 版", policy.revision_number))),
    ]
}

fn term(policy: &Policy) -> Option<String> {
    let (from, until) = (policy.revision.effective_on, policy.revision.valid_until);
    if from.is_none() && until.is_none() {
        return None;
    }
    let words = |day: Option<chrono::NaiveDate>| day.map_or_else(|| PENDING.to_owned(), words::date);
    Some(format!("施行 {}，截止 {}", words(from), words(until)))
}
