//! 推送批次, 推送 and 投递尝试: the nouns of the outbox.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::clock::Instant;
use crate::contact::ChannelKind;
use crate::id::{AttemptId, ChannelId, PushId, RunId, SubscriptionId};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunKind {
    Daily,
    Weekly,
    Monthly,
    /// Urgent calls between slots; its slot is the day.
    Express,
}

impl RunKind {
    /// The slot a day belongs to. Weeks are ISO weeks, so 2027-01-01 is in `2026-W53`.
    pub fn slot(self, day: NaiveDate) -> String {
        match self {
            Self::Daily | Self::Express => day.to_string(),
            Self::Weekly => format!("{}-W{:02}", day.iso_week().year(), day.iso_week().week()),
            Self::Monthly => format!("{}-{:02}", day.year(), day.month()),
        }
    }
}

/// 推送批次: one scheduled slot, unique per (kind, slot). Slot is the day `2026-11-23`, the ISO week `2026-W48` or the month `2026-11`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushRun {
    pub id: RunId,
    pub kind: RunKind,
    pub slot: String,
    pub due_at: Instant,
    pub planned_at: Option<Instant>,
    pub finished_at: Option<Instant>,
}

/// `queued → leased → committing → sent | retry | failed | in_doubt`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PushState {
    Queued,
    Leased,
    /// Written before the bytes whose fate nobody can know (RFC 1047): after a crash this is in doubt.
    Committing,
    Sent,
    Retry,
    Failed,
    InDoubt,
    /// Its recipient unsubscribed or was suppressed before it left.
    Suppressed,
}

/// One message to one recipient on one channel. Rendered when planned: a template change rewrites no history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Push {
    pub id: PushId,
    pub run: RunId,
    pub subscription: SubscriptionId,
    pub channel: ChannelId,
    pub kind: ChannelKind,
    /// Unique in the database.
    pub dedupe_key: String,
    pub state: PushState,
    pub due_at: Instant,
    pub attempts: i64,
    /// The rendered message as JSON of [`crate::Letter`].
    pub letter: String,
}

/// How one attempt went: a decision, not an error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Outcome {
    /// The other side took responsibility; `receipt` is its own words (`250 2.0.0 Ok: queued as …`).
    Sent { receipt: String },
    /// Nothing was accepted; try again, not before `after_millis` from now if the other side said so.
    Retry { cause: String, after_millis: Option<i64> },
    /// Will never succeed as it is.
    Failed { cause: String, suppress_channel: bool },
    /// The bytes left and no answer came.
    InDoubt { cause: String },
}

/// 投递尝试, append-only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    pub id: AttemptId,
    pub push: PushId,
    pub number: i64,
    pub started_at: Instant,
    pub finished_at: Instant,
    pub outcome: Outcome,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_days_around_new_year_keep_their_iso_week() {
        let weekly = |text: &str| RunKind::Weekly.slot(text.parse().unwrap());
        assert_eq!(weekly("2026-11-23"), "2026-W48");
        assert_eq!(weekly("2026-12-31"), "2026-W53");
        assert_eq!(weekly("2027-01-03"), "2026-W53");
        assert_eq!(weekly("2027-01-04"), "2027-W01");
    }
}
