//! 企业: one row with one canonical document, and every change of it.

mod stream;
mod write;

use domain::{Enterprise, EnterpriseOrdinal, Instant, Scope};
use rules::{Profile, Reference};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

pub use stream::EnterpriseStream;
pub use write::{EnterpriseDraft, Merge};

use crate::access::readable_enterprises;
use crate::changes::ROWS_PER_STATEMENT;
use crate::connect::Store;
use crate::entity::{enterprise, profile_change};
use crate::error::Error;
use crate::page::Recorded;
use crate::profile_patch::{Patch, State};
use crate::row::{Row, readable};

impl Store {
    pub async fn find_enterprise(&self, scope: &Scope, uscc: &str) -> Result<Option<Enterprise>, Error> {
        self.one_enterprise(scope, Condition::all().add(enterprise::Column::Uscc.eq(uscc))).await
    }

    pub async fn find_enterprise_by_ordinal(
        &self,
        scope: &Scope,
        ordinal: EnterpriseOrdinal,
    ) -> Result<Option<Enterprise>, Error> {
        self.one_enterprise(scope, Condition::all().add(enterprise::Column::Ordinal.eq(ordinal.0))).await
    }

    /// These enterprises, in no particular order; absent ones and those out of scope are left out.
    pub async fn find_enterprises(
        &self,
        scope: &Scope,
        ordinals: &[EnterpriseOrdinal],
    ) -> Result<Vec<Enterprise>, Error> {
        let mut found = Vec::with_capacity(ordinals.len());
        for some in ordinals.chunks(ROWS_PER_STATEMENT) {
            let rows = enterprise::Entity::find()
                .filter(readable_enterprises(scope, self.reference()))
                .filter(enterprise::Column::Ordinal.is_in(some.iter().map(|ordinal| ordinal.0)))
                .all(self.reader())
                .await?;
            found.extend(readable(rows, |row| decode(&row, self.reference())));
        }
        Ok(found)
    }

    /// Enterprises by ordinal: the way to read them all.
    pub async fn page_enterprises(
        &self,
        scope: &Scope,
        after: Option<EnterpriseOrdinal>,
        limit: u64,
    ) -> Result<Vec<Enterprise>, Error> {
        let past = after.map(|after| enterprise::Column::Ordinal.gt(after.0));
        let rows = enterprise::Entity::find()
            .filter(readable_enterprises(scope, self.reference()))
            .filter(Condition::all().add_option(past))
            .order_by_asc(enterprise::Column::Ordinal)
            .limit(limit)
            .all(self.reader())
            .await?;
        Ok(readable(rows, |row| decode(&row, self.reference())))
    }

    /// How many enterprises a scope may read.
    pub async fn count_enterprises(&self, scope: &Scope) -> Result<u64, Error> {
        use sea_orm::PaginatorTrait;
        let query = enterprise::Entity::find().filter(readable_enterprises(scope, self.reference()));
        Ok(query.count(self.reader()).await?)
    }

    /// The enterprise as it stood at a revision, rebuilt from its changes. `None` when it never had that revision.
    pub async fn enterprise_at(&self, scope: &Scope, uscc: &str, revision: i64) -> Result<Option<Enterprise>, Error> {
        let visible = enterprise::Entity::find()
            .filter(readable_enterprises(scope, self.reference()))
            .filter(enterprise::Column::Uscc.eq(uscc));
        let Some(now) = visible.one(self.reader()).await? else { return Ok(None) };
        let changes = profile_change::Entity::find()
            .filter(profile_change::Column::Enterprise.eq(now.ordinal))
            .filter(profile_change::Column::Revision.lte(revision))
            .order_by_asc(profile_change::Column::Revision)
            .all(self.reader())
            .await?;
        let Some(last) = changes.last().filter(|last| last.revision == revision) else { return Ok(None) };
        let recorded_at = Instant(last.recorded_at);
        let mut state = State::default();
        for change in changes {
            let patch: Patch = Row::new("profile_change", &change.seq.to_string()).json("patch", &change.patch)?;
            state.change(patch);
        }
        let document = state.document().map_err(|source| Error::Encode { what: "profile", source })?;
        let profile = profile(&document, now.ordinal, self.reference())?;
        let (ordinal, synthetic) = (EnterpriseOrdinal(now.ordinal), now.synthetic);
        Ok(Some(Enterprise { ordinal, revision, recorded_at, synthetic, profile }))
    }

    /// Who changed the profile when, oldest first; the content is the patch as JSON.
    pub async fn enterprise_history(
        &self,
        scope: &Scope,
        ordinal: EnterpriseOrdinal,
    ) -> Result<Vec<Recorded<serde_json::Value>>, Error> {
        if self.find_enterprise_by_ordinal(scope, ordinal).await?.is_none() {
            return Ok(Vec::new());
        }
        let rows = profile_change::Entity::find()
            .filter(profile_change::Column::Enterprise.eq(ordinal.0))
            .order_by_asc(profile_change::Column::Revision)
            .all(self.reader())
            .await?;
        Ok(readable(rows, |row| {
            let content = Row::new("profile_change", &row.seq.to_string()).json("patch", &row.patch)?;
            Ok(Recorded { number: row.revision, at: Instant(row.recorded_at), by: row.actor, content })
        }))
    }

    async fn one_enterprise(&self, scope: &Scope, which: Condition) -> Result<Option<Enterprise>, Error> {
        let query = enterprise::Entity::find().filter(readable_enterprises(scope, self.reference())).filter(which);
        query.one(self.reader()).await?.map(|row| decode(&row, self.reference())).transpose()
    }
}

fn profile(document: &str, ordinal: i64, reference: &Reference) -> Result<Profile, Error> {
    Profile::from_document(document, reference).map_err(|problems| {
        let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
        Row::new("enterprise", &ordinal.to_string()).broken("document", said.join("; "))
    })
}

fn decode(row: &enterprise::Model, reference: &Reference) -> Result<Enterprise, Error> {
    Ok(Enterprise {
        ordinal: EnterpriseOrdinal(row.ordinal),
        revision: row.revision,
        recorded_at: Instant(row.recorded_at),
        synthetic: row.synthetic,
        profile: profile(&row.document, row.ordinal, reference)?,
    })
}
