//! What a letter says, as types. Every text in here is already Chinese; every address is absolute.

use chrono::NaiveDate;
use domain::{Basis, Instant, Mode, Reason, RunKind, Standing, Window};
use serde::{Deserialize, Serialize};

/// One message to one recipient: the lines that are new to them, and what surrounds the lines.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Digest {
    pub kind: RunKind,
    /// ISO week (`2026-W48`) or day of the run.
    pub slot: String,
    /// The day every "还有 N 天" counts from.
    pub as_of: NaiveDate,
    /// When the push was planned; the webhook's `timestamp`.
    pub planned_at: Instant,
    pub recipient: Recipient,
    pub subject: Subject,
    pub sender: Sender,
    /// In the planner's order; a letter groups them by deadline and shows all of them. Whoever caps the list caps
    /// it before the ledger is claimed, or what was cut would count as told.
    pub lines: Vec<Line>,
    /// Items that also concern the recipient and are not in `lines`: 另有 N 条.
    pub more: usize,
    pub links: Links,
    /// Made up for the demo, and says so in subject, head and body.
    pub synthetic: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recipient {
    pub name: String,
    pub basis: Basis,
}

/// What the lines are about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Subject {
    /// Items compared with what is known about this firm.
    Enterprise { uscc: String, name: String },
    /// New results of a saved search.
    Search { query: String },
}

/// Who writes: the name beside the address, and how to reach a person there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sender {
    pub name: String,
    /// A telephone number or office as officially published; `None` prints nothing.
    pub contact: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Links {
    /// Everything that concerns the recipient, where 另有 N 条 leads.
    pub all: String,
    /// One click, no login (RFC 8058).
    pub unsubscribe: String,
}

/// One item and why it is in the letter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Item code, as in `/items/{code}`.
    pub code: String,
    pub name: String,
    /// Where it comes from, e.g. `武汉市 · 洪山区科经局`.
    pub origin: Option<String>,
    pub reason: Reason,
    pub standing: Standing,
    pub mode: Mode,
    /// 名额 of a competitive item, if stated.
    pub quota: Option<i64>,
    /// Amount in words; `None` is shown as 待核.
    pub amount: Option<String>,
    pub window: Window,
    /// The call was made up for the demo.
    pub synthetic_call: bool,
    /// What was found to hold, one condition a line, or what has changed.
    pub because: Vec<String>,
    /// 还差什么: what the recipient has to promise, confirm or add.
    pub missing: Vec<String>,
    pub links: LineLinks,
}

/// Where a line leads. The three answers are links, so that one click in a mail client is enough.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LineLinks {
    /// 一策一表
    pub guide: String,
    /// 判定不对
    pub wrong: String,
    /// 已申报
    pub applied: String,
    /// 不感兴趣
    pub not_interested: String,
}
