//! Whether only the turn of the year is behind a line: asked of what was known on the eve, and only where it matters.

use std::collections::HashMap;
use std::sync::OnceLock;

use chrono::NaiveDate;
use domain::turn::{is_brought_by, turned_on};
use domain::{Enterprise, ItemId, Scope, Standing, Told};
use rules::Profile;

use crate::context::Context;
use crate::error::Error;
use crate::planning::candidates::Looked;

/// For each item looked at in a run, whether it said on the eve what it says now: read once, not per enterprise.
pub(super) type Written = HashMap<ItemId, bool>;

/// One enterprise in the months after a turn.
pub(super) struct Turn<'a> {
    cx: &'a Context,
    enterprise: &'a Enterprise,
    first: Option<NaiveDate>,
    /// Its profile on the eve, read when first wanted; none for one that came since.
    eve: OnceLock<Option<Profile>>,
}

impl<'a> Turn<'a> {
    pub(super) fn on(cx: &'a Context, enterprise: &'a Enterprise) -> Self {
        Self { cx, enterprise, first: turned_on(cx.today()), eve: OnceLock::new() }
    }

    /// Whether a line about this item would be written because of the turn alone.
    pub(super) async fn brings(
        &self,
        found: &Looked<'_>,
        told: &Told,
        rule_changed: bool,
        written: &mut Written,
    ) -> Result<bool, Error> {
        let Some(first) = self.first else { return Ok(false) };
        let is_new = told.recommended(found.entry.item.id).is_none();
        let speaks =
            found.window.is_live() && (found.standing.is_match() || found.standing == Standing::NotFullyRecorded);
        if !(is_new && speaks || rule_changed) || is_new && !self.was_written(found, first, written).await? {
            return Ok(false);
        }
        let (reference, day) = (&self.cx.reference, self.cx.today());
        let Some(eve) = self.eve(first).await? else { return Ok(false) };
        Ok(is_brought_by(found.entry, eve, reference, day))
    }

    /// Whether the item said on the eve what it says now; a new item or rule is news by itself.
    async fn was_written(&self, found: &Looked<'_>, first: NaiveDate, written: &mut Written) -> Result<bool, Error> {
        let item = &found.entry.item;
        if let Some(known) = written.get(&item.id) {
            return Ok(*known);
        }
        let revisions = self.cx.store.item_history(&Scope::System, item.id).await?;
        let mut newest = revisions.iter().filter(|revision| revision.number == item.revision_number);
        let known = newest.any(|revision| revision.at.day(self.cx.settings.zone) < first);
        written.insert(item.id, known);
        Ok(known)
    }

    async fn eve(&self, first: NaiveDate) -> Result<Option<&Profile>, Error> {
        if let Some(known) = self.eve.get() {
            return Ok(known.as_ref());
        }
        let read = self.read_eve(first).await?;
        Ok(self.eve.get_or_init(|| read).as_ref())
    }

    async fn read_eve(&self, first: NaiveDate) -> Result<Option<Profile>, Error> {
        let (store, zone) = (&self.cx.store, self.cx.settings.zone);
        if self.enterprise.recorded_at.day(zone) < first {
            return Ok(Some(self.enterprise.profile.clone()));
        }
        let changes = store.enterprise_history(&Scope::System, self.enterprise.ordinal).await?;
        let Some(last) = changes.iter().rev().find(|change| change.at.day(zone) < first) else { return Ok(None) };
        let then = store.enterprise_at(&Scope::System, &self.enterprise.profile.uscc, last.number).await?;
        Ok(then.map(|then| then.profile))
    }
}
