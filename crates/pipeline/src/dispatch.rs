//! Step 5: what is due leaves the house. No transaction is open while bytes travel.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use delivery::{HookParcel, MAIL, MailParcel, WEBHOOK};
use domain::{Attempt, AttemptId, ChannelKind, Letter, Outcome, PushId, Scope};
use storage::{Finished, Leased, Next};
use tokio::sync::{Semaphore, mpsc};

use crate::context::Context;
use crate::error::Error;

/// Results that wait for each other are committed together, this many at most.
const GROUP: usize = 64;

/// What one dispatch did.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct DispatchReport {
    pub sent: BTreeMap<ChannelKind, usize>,
    /// To be tried again later.
    pub retry: usize,
    pub failed: usize,
    pub in_doubt: usize,
    /// Results that came after another worker had taken over; they changed nothing.
    pub fenced: usize,
}

impl DispatchReport {
    pub fn total_sent(&self) -> usize {
        self.sent.values().sum()
    }

    fn note(&mut self, kind: ChannelKind, outcome: &Outcome, recorded: bool) {
        match outcome {
            _ if !recorded => self.fenced += 1,
            Outcome::Sent { .. } => *self.sent.entry(kind).or_default() += 1,
            Outcome::Retry { .. } => self.retry += 1,
            Outcome::Failed { .. } => self.failed += 1,
            Outcome::InDoubt { .. } => self.in_doubt += 1,
        }
    }
}

/// Delivers everything that is due, and returns when nothing more can be done now.
pub async fn run(cx: &Context) -> Result<DispatchReport, Error> {
    let mut report = DispatchReport::default();
    let batch = 2 * (cx.settings.mail_connections + cx.settings.webhook_connections) as u64;
    while !cx.is_stopping() {
        cx.store.recover_expired(&Scope::System, cx.now(), cx.settings.in_doubt).await?;
        let leased = cx.store.lease_pushes(&Scope::System, cx.now(), cx.settings.lease_millis, batch).await?;
        if leased.is_empty() {
            break;
        }
        deliver(cx, leased, &mut report).await?;
    }
    Ok(report)
}

/// Mails and webhooks side by side, so that a slow endpoint never holds up the relay. Every attempt is a task of its
/// own: one that waits for the database must go on while results are being committed.
async fn deliver(cx: &Context, leased: Vec<Leased>, report: &mut DispatchReport) -> Result<(), Error> {
    let mails = Arc::new(Semaphore::new(cx.settings.mail_connections.max(1)));
    let hooks = Arc::new(Semaphore::new(cx.settings.webhook_connections.max(1)));
    let (done, mut results) = mpsc::unbounded_channel();
    for one in leased {
        let limit = Arc::clone(if one.push.kind == ChannelKind::Email { &mails } else { &hooks });
        let (cx, done) = (cx.clone(), done.clone());
        tokio::spawn(async move {
            // The semaphore is never closed; a receiver that is gone has given up on this round.
            let _permit = limit.acquire_owned().await;
            drop(done.send(Box::pin(attempt(&cx, one)).await));
        });
    }
    drop(done);
    let mut group = Vec::with_capacity(GROUP);
    while results.recv_many(&mut group, GROUP).await > 0 {
        commit(cx, &mut group, report).await?;
    }
    Ok(())
}

/// Writes results that came in together in one transaction.
async fn commit(cx: &Context, group: &mut Vec<Done>, report: &mut DispatchReport) -> Result<(), Error> {
    let finished: Vec<Finished> = group.iter().map(|one| one.finished.clone()).collect();
    let recorded = cx.store.finish(&Scope::System, &finished, cx.now()).await?;
    for (one, recorded) in group.drain(..).zip(recorded) {
        report.note(one.kind, &one.finished.attempt.outcome, recorded);
    }
    Ok(())
}

struct Done {
    kind: ChannelKind,
    finished: Finished,
}

async fn attempt(cx: &Context, leased: Leased) -> Done {
    let started_at = cx.now();
    let number = leased.push.attempts + 1;
    let outcome = tokio::select! {
        outcome = transport(cx, &leased) => outcome,
        never = keep_lease(cx, &leased) => match never {},
    };
    let next = next(cx, leased.push.kind, &outcome, number, leased.push.id);
    tracing::debug!(push.id = %leased.push.id, attempt = number, outcome = ?outcome, "attempted");
    let attempt = Attempt {
        id: AttemptId::of(&format!("{}/{number}", leased.push.id)),
        push: leased.push.id,
        number,
        started_at,
        finished_at: cx.now(),
        outcome,
    };
    Done { kind: leased.push.kind, finished: Finished { push: leased.push.id, token: leased.token, attempt, next } }
}

/// A relay may take ten minutes over the final dot; whoever is still waiting for it keeps its lease.
async fn keep_lease(cx: &Context, leased: &Leased) -> Infallible {
    let third = Duration::from_millis(u64::try_from(cx.settings.lease_millis / 3).unwrap_or(1).max(1));
    let mut pace = tokio::time::interval_at(tokio::time::Instant::now() + third, third);
    loop {
        pace.tick().await;
        let until = cx.now().plus_millis(cx.settings.lease_millis);
        if let Err(error) = cx.store.renew_lease(&Scope::System, leased.push.id, leased.token, until).await {
            tracing::warn!(push.id = %leased.push.id, %error, "the lease could not be renewed");
        }
    }
}

async fn transport(cx: &Context, leased: &Leased) -> Outcome {
    let letter = match Letter::from_json(&leased.push.letter) {
        Ok(letter) => letter,
        Err(error) => {
            return Outcome::Failed { cause: format!("stored letter does not read: {error}"), suppress_channel: false };
        }
    };
    let commit = || async {
        let mark = cx.store.mark_committing(&Scope::System, leased.push.id, leased.token, cx.now()).await;
        mark.unwrap_or_else(|error| {
            tracing::error!(push.id = %leased.push.id, %error, "intent could not be stored, nothing is sent");
            false
        })
    };
    let (push, at) = (leased.push.id, cx.now());
    match &letter {
        Letter::Mail(letter) => {
            let parcel = MailParcel { push, to: &leased.channel.address, letter, at };
            cx.mailer.send(&parcel, commit).await
        }
        Letter::Hook(letter) => {
            let secret = leased.channel.secret.as_deref().unwrap_or_default();
            let parcel = HookParcel { push, url: &leased.channel.address, secret, letter, at };
            cx.hooks.send(&parcel, commit).await
        }
    }
}

/// What becomes of the push: the outcome decides, the schedule gives the time; after its last wait a retry has failed.
fn next(cx: &Context, kind: ChannelKind, outcome: &Outcome, number: i64, push: PushId) -> Next {
    match outcome {
        Outcome::Sent { .. } => Next::Sent,
        Outcome::Failed { .. } => Next::Failed,
        Outcome::InDoubt { .. } => Next::InDoubt,
        Outcome::Retry { after_millis, .. } => {
            let schedule = if kind == ChannelKind::Email { MAIL } else { WEBHOOK };
            // The id is as random as jitter needs, and the same failure is spread the same way when replayed.
            let jitter = push.as_uuid().as_fields().0;
            match schedule.wait_after(number, *after_millis, jitter) {
                Some(wait) => Next::Retry { at: cx.now().plus_millis(wait) },
                None => Next::Failed,
            }
        }
    }
}
