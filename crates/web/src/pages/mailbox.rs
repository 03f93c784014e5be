//! The demo's mailbox: a folder of `.eml` files, listed and opened. The HTML part is shown in a frame that may
//! run nothing.

use std::path::Path as FilePath;

use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, X_FRAME_OPTIONS};
use actix_web::web::{Data, Path};
use domain::Instant;
use mail_parser::{Addr, Address, Message, MessageParser};

use super::page;
use crate::error::Error;
use crate::state::State;
use crate::views::{Link, MailLine, MailPage, Mailbox};

/// Mails of one list page; the newest are kept.
const MOST: usize = 200;

/// The frame shows styles of the letter and nothing that moves, loads or calls home.
const FRAME_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-top-navigation-by-user-activation";

/// The pages a letter leads to refuse to be framed, so its links open in the whole window.
const OUTWARD: &str = "<base target=\"_top\">";

pub(crate) async fn list(state: Data<State>) -> Result<HttpResponse, Error> {
    let folder = &state.demo()?.mailbox;
    let names = names(folder).await?;
    let mut mails = Vec::new();
    for name in &names {
        let bytes = read(folder, name).await?;
        if let Some(message) = MessageParser::default().parse(&bytes) {
            mails.push((sent_at(&message), line(&state, name, &message)));
        }
    }
    mails.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.to.cmp(&b.1.to)));
    let view = Mailbox {
        shell: state.shell("演示信箱", "demo", 0),
        total: mails.len(),
        mails: mails.into_iter().take(MOST).map(|(_, line)| line).collect(),
    };
    page(&state, &view)
}

pub(crate) async fn show(state: Data<State>, name: Path<String>) -> Result<HttpResponse, Error> {
    let bytes = open(&state, &name).await?;
    let message = MessageParser::default().parse(&bytes).ok_or_else(unreadable)?;
    let shown = ["Date", "Reply-To", "List-Unsubscribe", "List-Unsubscribe-Post", "Message-ID"];
    let raw = shown.into_iter().filter_map(|header| {
        message.header_raw(header).map(|raw| (header.to_owned(), raw.split_whitespace().collect::<Vec<_>>().join(" ")))
    });
    let subject = message.subject().unwrap_or("（无主题）").to_owned();
    let view = MailPage {
        shell: state.shell(subject.clone(), "demo", 0),
        subject,
        headers: people(&message).into_iter().chain(raw).collect(),
        text: message.body_text(0).map(std::borrow::Cow::into_owned),
        html: (message.html_body_count() > 0).then(|| format!("/demo/mailbox/{name}/html")),
    };
    page(&state, &view)
}

pub(crate) async fn html(state: Data<State>, name: Path<String>) -> Result<HttpResponse, Error> {
    let bytes = open(&state, &name).await?;
    let message = MessageParser::default().parse(&bytes).ok_or_else(unreadable)?;
    let letter = message.body_html(0).ok_or_else(unreadable)?;
    let html = match letter.split_once("<head>") {
        Some((before, after)) => format!("{before}<head>{OUTWARD}{after}"),
        None => format!("{OUTWARD}{letter}"),
    };
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_SECURITY_POLICY, FRAME_POLICY))
        .insert_header((X_FRAME_OPTIONS, "SAMEORIGIN"))
        .content_type("text/html; charset=utf-8")
        .body(html))
}

/// Sender and recipient, decoded.
fn people(message: &Message<'_>) -> Vec<(String, String)> {
    let words = |address: &Addr<'_>| match (address.name(), address.address()) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        (name, address) => name.or(address).unwrap_or_default().to_owned(),
    };
    let first = |list: Option<&Address<'_>>| list.and_then(Address::first).map(words);
    let pairs = [("From", first(message.from())), ("To", first(message.to()))];
    pairs.into_iter().filter_map(|(header, words)| Some((header.to_owned(), words?))).collect()
}

fn line(state: &State, name: &str, message: &Message<'_>) -> MailLine {
    let to = message.to().and_then(|to| to.first()).and_then(|address| address.address());
    let when = sent_at(message).in_zone(state.parts.zone).format("%Y-%m-%d %H:%M").to_string();
    MailLine {
        link: Link::new(message.subject().unwrap_or("（无主题）"), format!("/demo/mailbox/{name}")),
        to: to.unwrap_or_default().to_owned(),
        when,
    }
}

fn sent_at(message: &Message<'_>) -> Instant {
    Instant(message.date().map_or(0, |date| date.to_timestamp().saturating_mul(1000)))
}

/// Names of the mails; a folder that does not exist yet holds none.
pub(super) async fn names(folder: &FilePath) -> Result<Vec<String>, Error> {
    super::files(folder, "eml").await
}

async fn open(state: &State, name: &str) -> Result<Vec<u8>, Error> {
    let folder = &state.demo()?.mailbox;
    // Only names that the listing gives can be opened: no path can be smuggled in.
    if !names(folder).await?.iter().any(|known| known == name) {
        return Err(Error::not_found("信箱里没有这封邮件。"));
    }
    read(folder, name).await
}

async fn read(folder: &FilePath, name: &str) -> Result<Vec<u8>, Error> {
    Ok(tokio::fs::read(folder.join(name)).await?)
}

fn unreadable() -> Error {
    Error::not_found("这封邮件无法解析。")
}
