//! The outbox: messages that must leave exactly once, as far as the wire allows it.
//!
//! ```text
//! queued ─lease─▶ leased ─mark_committing─▶ committing ─finish─▶ sent | retry | failed | in_doubt
//!   ▲               │ lease over              │ lease over
//!   └───────────────┘                         └──▶ in_doubt ─▶ by policy: once again, or held for a person
//! ```
//!
//! Every step is one short transaction; none is open while bytes travel. A lease carries a token that counts up
//! with every lease of the push, and every later write names it: whoever slept through its lease writes nothing.

mod leasing;
mod settling;

use domain::{Channel, ChannelState, Instant, Push, PushId, PushState};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, Condition};

use crate::entity::{channel, push, subscription};
use crate::error::Error;
use crate::row::word;

/// A push that is ours to send until its lease ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leased {
    pub push: Push,
    pub channel: Channel,
    /// Names this lease in every later write.
    pub token: i64,
}

/// What comes after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    Sent,
    /// Not before this instant.
    Retry {
        at: Instant,
    },
    Failed,
    InDoubt,
}

/// One attempt that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    pub push: PushId,
    pub token: i64,
    pub attempt: domain::Attempt,
    pub next: Next,
}

/// What to do with a push whose bytes may or may not have arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InDoubt {
    /// Send it once more after this time, under the same message id. A second doubt is held.
    ResendOnce { after_millis: i64 },
    /// Nothing until a person decides.
    Hold,
    /// Nothing until the relay's reports or a person resolve it.
    Resolve,
}

/// What a person found out about a push in doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// It arrived.
    Arrived,
    /// It did not: send it again.
    Resend,
    /// It did not, and shall not be sent again.
    GiveUp,
}

/// What became of expired leases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recovered {
    /// Nothing had left: queued again.
    pub requeued: u64,
    /// Bytes may have left.
    pub in_doubt: u64,
    /// In doubt long enough, now due once more.
    pub resent: u64,
}

/// States in which a push may be taken, in the order they are looked through.
const WAITING: [PushState; 2] = [PushState::Retry, PushState::Queued];

/// Somebody still wants it there: the channel is active and the subscription runs.
fn wanted() -> Result<Condition, Error> {
    let active = Query::select()
        .column(channel::Column::Id)
        .from(channel::Entity)
        .and_where(Expr::col(channel::Column::State).eq(word("channel state", ChannelState::Active)?))
        .and_where(Expr::col((channel::Entity, channel::Column::Id)).equals((push::Entity, push::Column::ChannelId)))
        .take();
    let running = Query::select()
        .column(subscription::Column::Id)
        .from(subscription::Entity)
        .and_where(Expr::col(subscription::Column::EndedAt).is_null())
        .and_where(
            Expr::col((subscription::Entity, subscription::Column::Id))
                .equals((push::Entity, push::Column::SubscriptionId)),
        )
        .take();
    Ok(Condition::all().add(Expr::exists(active)).add(Expr::exists(running)))
}

/// The push is in one of these states under this very lease.
fn held(id: &str, token: i64, states: &[PushState]) -> Result<Condition, Error> {
    let states = states.iter().map(|state| word("push state", state)).collect::<Result<Vec<_>, _>>()?;
    Ok(Condition::all()
        .add(push::Column::Id.eq(id))
        .add(push::Column::LeaseToken.eq(token))
        .add(push::Column::State.is_in(states)))
}
