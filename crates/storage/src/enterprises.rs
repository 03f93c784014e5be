//! 企业: one row with one canonical document, and every change of it.

use domain::{Enterprise, EnterpriseOrdinal, Instant, Scope};
use rules::{Entry, FactKey, FactState, Profile, Reference, Value};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};

use crate::access::readable_enterprises;
use crate::changes::{ChangeKind, ROWS_PER_STATEMENT};
use crate::connect::Store;
use crate::entity::{enterprise, profile_change};
use crate::error::Error;
use crate::page::Recorded;
use crate::profile_patch::Patch;
use crate::row::{Row, json, readable};
use crate::tx::{Actor, Effect, Saved, Tx};

/// 注册地, the place that decides which station serves an enterprise.
const REGISTERED: &str = "place_registered";

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
        let mut document = serde_json::Value::Null;
        for change in changes {
            let patch: Patch = Row::new("profile_change", &change.seq.to_string()).json("patch", &change.patch)?;
            document = patch.apply(&document);
        }
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

impl Tx {
    /// The enterprise as it stands, locked until this transaction ends: what is changed on this ground is not lost.
    pub async fn find_enterprise(&mut self, scope: &Scope, uscc: &str) -> Result<Option<Enterprise>, Error> {
        let known = self.lock_enterprise(scope, uscc).await?;
        known.map(|row| decode(&row, self.store.reference())).transpose()
    }

    /// Writes a profile. An equal document changes nothing; any other makes a new revision and keeps what changed.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when the scope may not write this enterprise; only the system creates one.
    pub async fn save_enterprise(
        &mut self,
        scope: &Scope,
        profile: &Profile,
        synthetic: bool,
        actor: &Actor,
        at: Instant,
    ) -> Result<Saved<Enterprise>, Error> {
        let known = self.lock_enterprise(scope, &profile.uscc).await?;
        let reference = self.store.reference().clone();
        let document = profile.to_json(&reference);
        let old = match &known {
            Some(row) => document_of(row)?,
            None => serde_json::Value::Null,
        };
        let unchanged = |row: &&enterprise::Model| old == document && row.synthetic == synthetic;
        if let Some(row) = known.as_ref().filter(unchanged) {
            return Ok(Saved { value: decode(row, &reference)?, effect: Effect::Unchanged });
        }
        let effect = if known.is_some() { Effect::Changed } else { Effect::Created };
        let row = enterprise::ActiveModel {
            ordinal: known.as_ref().map_or(NotSet, |known| Set(known.ordinal)),
            uscc: Set(profile.uscc.clone()),
            name: Set(profile.name.clone()),
            area: Set(registered_area(profile)),
            synthetic: Set(synthetic),
            revision: Set(known.as_ref().map_or(1, |known| known.revision + 1)),
            recorded_at: Set(at.0),
            document: Set(document.to_string()),
        };
        let row = match known {
            Some(_) => enterprise::Entity::update(row).exec(&self.db).await?,
            None => enterprise::Entity::insert(row).exec_with_returning(&self.db).await?,
        };
        self.append_profile_change(&row, &Patch::between(&old, &document), actor).await?;
        self.changed(ChangeKind::Enterprise, &row.ordinal);
        let value = Enterprise {
            ordinal: EnterpriseOrdinal(row.ordinal),
            revision: row.revision,
            recorded_at: at,
            synthetic,
            profile: profile.clone(),
        };
        Ok(Saved { value, effect })
    }

    async fn lock_enterprise(&self, scope: &Scope, uscc: &str) -> Result<Option<enterprise::Model>, Error> {
        let query = enterprise::Entity::find().filter(enterprise::Column::Uscc.eq(uscc)).lock_exclusive();
        let row = query.one(&self.db).await?;
        let allowed = match (scope, &row) {
            (Scope::System, _) => true,
            (Scope::Enterprise(own), Some(row)) => own.0 == row.ordinal,
            _ => false,
        };
        if allowed { Ok(row) } else { Err(Error::not_found("enterprise", &uscc)) }
    }

    async fn append_profile_change(&self, row: &enterprise::Model, patch: &Patch, actor: &Actor) -> Result<(), Error> {
        let change = profile_change::Model {
            seq: 0,
            enterprise: row.ordinal,
            revision: row.revision,
            recorded_at: row.recorded_at,
            actor: actor.as_str().to_owned(),
            patch: json("profile patch", patch)?,
        };
        let change = profile_change::ActiveModel { seq: NotSet, ..change.into_active_model() };
        profile_change::Entity::insert(change).exec_without_returning(&self.db).await?;
        Ok(())
    }
}

/// The current registered place: the entry that began last and has not ended.
fn registered_area(profile: &Profile) -> Option<String> {
    let entries = profile.facts.get(&FactKey::from(REGISTERED))?;
    let current = entries.iter().filter(|entry| entry.period.to.is_none());
    let newest = current.max_by_key(|entry| (entry.period.from, std::cmp::Reverse(entry.grade)))?;
    match newest {
        Entry { state: FactState::Known(Value::Area(code)), .. } => Some(code.clone()),
        _ => None,
    }
}

fn document_of(row: &enterprise::Model) -> Result<serde_json::Value, Error> {
    Row::new("enterprise", &row.ordinal.to_string()).json("document", &row.document)
}

fn profile(document: &serde_json::Value, ordinal: i64, reference: &Reference) -> Result<Profile, Error> {
    Profile::from_json(document, reference).map_err(|problems| {
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
        profile: profile(&document_of(row)?, row.ordinal, reference)?,
    })
}
