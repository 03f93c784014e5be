//! The webhook body: `{"type","timestamp","data"}` of Standard Webhooks 1.0.0, written by serde, never by a template.

use chrono::{NaiveDate, SecondsFormat};
use domain::{Basis, HookLetter, Mode, Reason, RunKind, Standing, Window};
use serde::Serialize;

use crate::digest::{Digest, Line, LineLinks, Subject};
use crate::error::LetterError;
use crate::words;

/// What the standard advises a body to stay under, in bytes.
const BODY_LIMIT: usize = 20_000;

/// Event type of every digest.
const EVENT: &str = "push.digest";

#[derive(Debug, Serialize)]
struct Body<'a> {
    r#type: &'static str,
    timestamp: String,
    data: Data<'a>,
}

#[derive(Debug, Serialize)]
struct Data<'a> {
    kind: RunKind,
    slot: &'a str,
    as_of: NaiveDate,
    synthetic: bool,
    subject: &'a Subject,
    recipient: &'a str,
    basis: Basis,
    sender: &'a str,
    items: Vec<Item<'a>>,
    more: usize,
    all_url: &'a str,
    unsubscribe_url: &'a str,
}

/// A code for programs and the words for people, side by side.
#[derive(Debug, Serialize)]
struct Item<'a> {
    code: &'a str,
    name: &'a str,
    origin: Option<&'a str>,
    reason: Reason,
    reason_text: &'static str,
    standing: Standing,
    standing_text: String,
    mode: Mode,
    quota: Option<i64>,
    amount_text: Option<&'a str>,
    window: &'a Window,
    deadline_text: String,
    synthetic_call: bool,
    because: &'a [String],
    missing: &'a [String],
    links: &'a LineLinks,
}

/// Renders the digest. No line is ever dropped: a body over the limit loses the explanations (`because`) of its last
/// lines first, which the guide repeats.
pub(crate) fn render(digest: &Digest) -> Result<HookLetter, LetterError> {
    let mut explained = digest.lines.len();
    loop {
        let body = serde_json::to_string(&body(digest, explained))?;
        if body.len() <= BODY_LIMIT || explained == 0 {
            return Ok(HookLetter { body });
        }
        explained -= 1;
    }
}

fn body(digest: &Digest, explained: usize) -> Body<'_> {
    Body {
        r#type: EVENT,
        timestamp: digest.planned_at.utc().to_rfc3339_opts(SecondsFormat::Millis, true),
        data: Data {
            kind: digest.kind,
            slot: &digest.slot,
            as_of: digest.as_of,
            synthetic: digest.synthetic,
            subject: &digest.subject,
            recipient: &digest.recipient.name,
            basis: digest.recipient.basis,
            sender: &digest.sender.name,
            items: items(digest, explained),
            more: digest.more,
            all_url: &digest.links.all,
            unsubscribe_url: &digest.links.unsubscribe,
        },
    }
}

fn items(digest: &Digest, explained: usize) -> Vec<Item<'_>> {
    let with_room = |(position, line)| item(line, digest.as_of, position < explained);
    digest.lines.iter().enumerate().map(with_room).collect()
}

fn item(line: &Line, as_of: NaiveDate, explain: bool) -> Item<'_> {
    Item {
        code: &line.code,
        name: &line.name,
        origin: line.origin.as_deref(),
        reason: line.reason,
        reason_text: words::why_words(line),
        standing: line.standing,
        standing_text: words::standing_words(line),
        mode: line.mode,
        quota: line.quota,
        amount_text: line.amount.as_deref(),
        window: &line.window,
        deadline_text: words::deadline_words(&line.window, as_of),
        synthetic_call: line.synthetic_call,
        because: if explain { &line.because } else { &[] },
        missing: &line.missing,
        links: &line.links,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_has_the_three_members_of_the_standard() {
        let digest = Digest::sample();
        let body: serde_json::Value = serde_json::from_str(&render(&digest).unwrap().body).unwrap();
        let members: Vec<_> = body.as_object().unwrap().keys().collect();
        assert_eq!(members.len(), 3);
        assert_eq!(body["type"], "push.digest");
        assert_eq!(body["timestamp"], "2026-11-23T01:10:00.000Z");
        assert_eq!(body["data"]["items"].as_array().unwrap().len(), digest.lines.len());
    }

    #[test]
    fn a_body_over_the_limit_loses_explanations_and_never_a_line() {
        let mut digest = Digest::sample();
        let mut line = digest.lines[0].clone();
        line.because = vec!["注册地在武汉市洪山区".repeat(40)];
        digest.lines = vec![line; 20];
        let letter = render(&digest).unwrap();
        assert!(letter.body.len() <= BODY_LIMIT, "{} bytes", letter.body.len());
        let body: serde_json::Value = serde_json::from_str(&letter.body).unwrap();
        let items = body["data"]["items"].as_array().unwrap();
        assert_eq!(items.len(), 20);
        assert!(!items[0]["because"].as_array().unwrap().is_empty());
        assert!(items[19]["because"].as_array().unwrap().is_empty());
    }
}
