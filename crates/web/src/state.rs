//! What every handler shares.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use census::Census;
use chrono::NaiveDate;
use chrono_tz::Tz;
use domain::{Clock, Instant, Links, Scope};
use rules::Reference;
use sha2::{Digest, Sha256};
use storage::Store;

use crate::assets;
use crate::error::Error;
use crate::observe::Metrics;
use crate::shelf::{Shelf, Shelves};
use crate::templates::{Templates, View};
use crate::views::Shell;

/// Everything the binary hands over.
#[derive(Debug)]
pub struct Parts {
    pub store: Store,
    /// Everybody in memory, for the effect of a draft.
    pub census: Census,
    pub index: search::Index,
    pub reference: Arc<Reference>,
    pub clock: Arc<dyn Clock>,
    /// The city's zone: days are its days.
    pub zone: Tz,
    /// 武汉市
    pub city: String,
    /// GB/T 2260 code of the city; its districts are what the self-check offers.
    pub area: String,
    /// Address that QR codes and forwarded texts carry, e.g. `https://hqt.example.cn`.
    pub base_url: String,
    /// Replaces the day of evaluation.
    pub as_of: Option<NaiveDate>,
    /// Present in a demo run only.
    pub demo: Option<Demo>,
    /// A city's own page templates, file name → text.
    pub templates: BTreeMap<String, String>,
}

/// What a demo run shows besides the library.
#[derive(Clone, Debug)]
pub struct Demo {
    /// Whose enterprises may be shown; of them only the synthetic ones are.
    pub scope: Scope,
    /// Directory of the built-in mailbox: one `.eml` per mail.
    pub mailbox: PathBuf,
    /// Directory the built-in webhook receiver writes to.
    pub receiver: PathBuf,
}

/// Shared by all workers.
#[derive(Debug)]
pub struct State {
    pub(crate) parts: Parts,
    pub(crate) links: Links,
    pub(crate) metrics: Metrics,
    templates: Templates,
    shelves: Shelves,
    /// First digits of the sheet's hash: a changed sheet has a new address.
    sheet: String,
}

impl State {
    /// # Errors
    /// If an overriding template is unknown, does not parse, or names what its page does not have.
    pub fn new(parts: Parts) -> Result<Self, Error> {
        let templates = Templates::new(&parts.templates)?;
        let links = Links::new(&parts.base_url);
        let sheet = hex::encode(&Sha256::digest(assets::SHEET)[..6]);
        Ok(Self { parts, links, metrics: Metrics::default(), templates, shelves: Shelves::default(), sheet })
    }

    pub(crate) fn store(&self) -> &Store {
        &self.parts.store
    }

    pub(crate) fn census(&self) -> &Census {
        &self.parts.census
    }

    pub(crate) fn reference(&self) -> &Reference {
        &self.parts.reference
    }

    pub(crate) fn now(&self) -> Instant {
        self.parts.clock.now()
    }

    /// The day windows and conditions are judged on.
    pub(crate) fn day(&self) -> NaiveDate {
        self.parts.as_of.unwrap_or_else(|| self.now().day(self.parts.zone))
    }

    pub(crate) fn demo(&self) -> Result<&Demo, Error> {
        self.parts.demo.as_ref().ok_or_else(|| Error::not_found("这个页面只在演示环境中提供。"))
    }

    /// The public library as it is now.
    pub(crate) async fn shelf(&self) -> Result<Arc<Shelf>, Error> {
        self.shelves.current(&self.parts.store, &self.parts.reference).await
    }

    pub(crate) fn render<V: View>(&self, view: &V) -> Result<String, Error> {
        self.templates.render(view)
    }

    /// Head and foot for a page made from feed position `revision`.
    pub(crate) fn shell(&self, title: impl Into<String>, section: &'static str, revision: i64) -> Shell {
        Shell {
            title: title.into(),
            description: format!("{}惠企政策：谁能享受、享受什么、怎么办、何时办、找谁。", self.parts.city),
            section,
            city: self.parts.city.clone(),
            day: crate::words::date(self.day()),
            revision,
            demo: self.parts.demo.is_some(),
            sheet: self.sheet.clone(),
        }
    }
}
