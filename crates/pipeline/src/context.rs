//! What every step works with. Built once by the binary; cheap to clone.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use census::Census;
use chrono::NaiveDate;
use chrono_tz::Tz;
use delivery::{Hooks, Mailer};
use domain::quiet::OfficeHours;
use domain::{Clock, Instant};
use letters::Letters;
use rules::Reference;
use search::Index;
use storage::Store;

#[derive(Clone, Debug)]
pub struct Context {
    pub store: Store,
    /// Everybody against everything, in memory.
    pub census: Census,
    pub index: Index,
    pub reference: Arc<Reference>,
    pub letters: Arc<Letters>,
    pub mailer: Arc<Mailer>,
    pub hooks: Arc<Hooks>,
    pub clock: Arc<dyn Clock>,
    pub settings: Arc<Settings>,
    /// Set once, by the binary, when it is told to stop: nothing new is begun.
    pub stopping: Arc<AtomicBool>,
}

/// The part of the configuration that decides what is sent when.
#[derive(Clone, Debug)]
pub struct Settings {
    pub zone: Tz,
    /// Links in letters start with this; no trailing slash.
    pub base_url: String,
    /// Who writes, as shown to the reader.
    pub sender: String,
    /// Replaces the day of evaluation, not the clock (`--as-of`).
    pub as_of: Option<NaiveDate>,
    pub crons: Crons,
    pub missed_within_millis: i64,
    pub office_hours: OfficeHours,
    /// Lines written out in one message.
    pub lines: usize,
    pub lease_millis: i64,
    pub in_doubt: storage::InDoubt,
    pub mail_connections: usize,
    pub webhook_connections: usize,
}

/// When each kind of run is due, as five-field cron in the city's zone.
#[derive(Clone, Debug)]
pub struct Crons {
    pub daily: String,
    pub weekly: String,
    pub monthly: String,
}

impl Context {
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// The day conditions and windows are judged for: `--as-of`, else today in the city.
    pub fn today(&self) -> NaiveDate {
        self.settings.as_of.unwrap_or_else(|| self.now().day(self.settings.zone))
    }
}
