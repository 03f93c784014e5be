//! The demo's webhook receiver: stands in for a firm's own system, keeps what arrives as it arrived.

use std::path::Path as FilePath;
use std::sync::atomic::{AtomicU64, Ordering};

use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use domain::Instant;
use serde::{Deserialize, Serialize};

use super::page;
use crate::error::Error;
use crate::state::State;
use crate::views::{Received, Receiver};

/// Deliveries on the page; the newest are kept.
const MOST: usize = 50;
/// Characters of a receiver's name.
const LONGEST_NAME: usize = 40;

/// One delivery as kept on disk.
#[derive(Debug, Serialize, Deserialize)]
struct Delivery {
    name: String,
    at: Instant,
    headers: Vec<(String, String)>,
    body: String,
}

pub(crate) async fn take(
    state: Data<State>,
    name: Path<String>,
    request: HttpRequest,
    body: Bytes,
) -> Result<HttpResponse, Error> {
    let folder = &state.demo()?.receiver;
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(plain) {
        return Err(Error::bad_request("接收端名称只能用字母、数字、- 和 _，不超过 40 个字符。"));
    }
    let headers = request.headers().iter().filter(|(header, _)| {
        header.as_str().starts_with("webhook-") || ["content-type", "user-agent"].contains(&header.as_str())
    });
    let delivery = Delivery {
        name: name.into_inner(),
        at: state.now(),
        headers: headers
            .map(|(header, value)| (header.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect(),
        body: String::from_utf8_lossy(&body).into_owned(),
    };
    keep(folder, &delivery).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn keep(folder: &FilePath, delivery: &Delivery) -> Result<(), Error> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    tokio::fs::create_dir_all(folder).await?;
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let file = folder.join(format!("{:015}-{number:06}-{}.json", delivery.at.0, std::process::id()));
    let text = serde_json::to_vec_pretty(delivery).map_err(std::io::Error::from)?;
    // Written beside and renamed: a reader never sees half a file.
    let part = file.with_extension("part");
    tokio::fs::write(&part, text).await?;
    Ok(tokio::fs::rename(part, file).await?)
}

pub(crate) async fn list(state: Data<State>) -> Result<HttpResponse, Error> {
    let folder = &state.demo()?.receiver;
    let names = names(folder).await?;
    let mut received = Vec::new();
    for name in names.iter().rev().take(MOST) {
        let text = tokio::fs::read(folder.join(name)).await?;
        let Ok(delivery) = serde_json::from_slice::<Delivery>(&text) else { continue };
        received.push(Received {
            name: delivery.name,
            when: delivery.at.in_zone(state.parts.zone).format("%Y-%m-%d %H:%M:%S").to_string(),
            headers: delivery.headers,
            body: pretty(&delivery.body),
        });
    }
    let view = Receiver { shell: state.shell("演示接收端", "demo", 0), received, total: names.len() };
    page(&state, &view)
}

pub(super) async fn names(folder: &FilePath) -> Result<Vec<String>, Error> {
    super::files(folder, "json").await
}

fn pretty(body: &str) -> String {
    let parsed: Result<serde_json::Value, _> = serde_json::from_str(body);
    parsed.and_then(|json| serde_json::to_string_pretty(&json)).unwrap_or_else(|_| body.to_owned())
}
