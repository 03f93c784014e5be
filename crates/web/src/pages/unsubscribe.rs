//! Ends a subscription: a page with one button, and the one-click POST of mail programs (RFC 8058).
//! Whoever holds the token may end it; ending twice is as good as once.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use domain::{Scope, Subscription};

use super::page;
use crate::error::Error;
use crate::state::State;
use crate::views::{Action, Link};

pub(crate) async fn ask(state: Data<State>, token: Path<String>) -> Result<HttpResponse, Error> {
    let subscription = find(&state, &token).await?;
    if subscription.ended_at.is_some() {
        return page(&state, &done(&state));
    }
    let view = Action {
        shell: state.shell("退订", "", 0),
        heading: "停止接收政策通知？".to_owned(),
        text: "确认后，这项订阅不再向您发送任何消息。".to_owned(),
        button: Some("确认退订"),
        links: vec![Link::new("不退订，回首页", "/")],
    };
    page(&state, &view)
}

pub(crate) async fn end(state: Data<State>, token: Path<String>) -> Result<HttpResponse, Error> {
    find(&state, &token).await?;
    let mut tx = state.store().begin().await?;
    tx.end_subscription(&Scope::Public, &token, state.now()).await?;
    tx.commit().await?;
    page(&state, &done(&state))
}

fn done(state: &State) -> Action {
    Action {
        shell: state.shell("已退订", "", 0),
        heading: "已经退订".to_owned(),
        text: "这项订阅已经停止，不会再收到它的消息。".to_owned(),
        button: None,
        links: vec![Link::new("回首页", "/")],
    }
}

pub(super) async fn find(state: &State, token: &str) -> Result<Subscription, Error> {
    let found = state.store().find_subscription_by_token(&Scope::Public, token).await?;
    found.ok_or_else(|| Error::not_found("没有这项订阅。请使用最近一封邮件里的链接。"))
}
