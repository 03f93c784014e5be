//! Writing profiles: one or thousands, by the same statements, each with its change and its entry in the feed.

use std::collections::HashMap;

use domain::{Enterprise, EnterpriseOrdinal, Instant, Scope};
use rules::{Entry, FactKey, FactState, Profile, Value};
use sea_orm::sea_query::{Expr, OnConflict, Query};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::{decode, profile};
use crate::access::system_only;
use crate::changes::{ChangeKind, ROWS_PER_STATEMENT};
use crate::entity::{enterprise, profile_change};
use crate::error::Error;
use crate::profile_patch::Patch;
use crate::row::json;
use crate::tx::{Actor, Effect, Saved, Tx};

/// 注册地, the place that decides which station serves an enterprise.
const REGISTERED: &str = "place_registered";

/// What one file says of an enterprise: its document and what the row needs beside it, so that thousands wait in little
/// room.
#[derive(Clone, Debug)]
pub struct EnterpriseDraft {
    uscc: String,
    name: String,
    area: Option<String>,
    document: String,
    /// `None` leaves what is known; a new enterprise is then real.
    synthetic: Option<bool>,
}

impl EnterpriseDraft {
    pub fn new(profile: &Profile, synthetic: Option<bool>, reference: &rules::Reference) -> Self {
        Self {
            uscc: profile.uscc.clone(),
            name: profile.name.clone(),
            area: registered_area(profile),
            document: profile.to_document(reference),
            synthetic,
        }
    }

    pub fn uscc(&self) -> &str {
        &self.uscc
    }

    /// The canonical text of the profile.
    pub fn document(&self) -> &str {
        &self.document
    }

    pub fn synthetic(&self) -> Option<bool> {
        self.synthetic
    }
}

/// What becomes of a known profile and a new statement of it. Merging a profile with itself changes nothing.
pub type Merge = fn(Profile, Profile) -> Profile;

/// One row to be written.
struct Write {
    known: Option<enterprise::Model>,
    uscc: String,
    name: String,
    area: Option<String>,
    document: String,
    synthetic: bool,
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
        let document = profile.to_document(self.store.reference());
        if let Some(row) = known.as_ref().filter(|row| row.document == document && row.synthetic == synthetic) {
            return Ok(Saved { value: decode(row, self.store.reference())?, effect: Effect::Unchanged });
        }
        let effect = if known.is_some() { Effect::Changed } else { Effect::Created };
        let revision = known.as_ref().map_or(1, |known| known.revision + 1);
        let ordinals = self.write_enterprises(vec![Write::of(profile, document, synthetic, known)], actor, at).await?;
        let ordinal = ordinals.first().copied().ok_or_else(|| Error::not_found("enterprise", &profile.uscc))?;
        let profile = profile.clone();
        Ok(Saved { value: Enterprise { ordinal, revision, recorded_at: at, synthetic, profile }, effect })
    }

    /// Writes many profiles, each merged with what is known of its enterprise; says what was done, in their order.
    /// No code may occur twice among them.
    pub async fn save_enterprises(
        &mut self,
        scope: &Scope,
        drafts: Vec<EnterpriseDraft>,
        merge: Merge,
        actor: &Actor,
        at: Instant,
    ) -> Result<Vec<Effect>, Error> {
        system_only(scope, "write many enterprises")?;
        let codes: Vec<&str> = drafts.iter().map(EnterpriseDraft::uscc).collect();
        let mut known = self.lock_enterprises(&codes).await?;
        let mut effects = Vec::with_capacity(drafts.len());
        let mut writes = Vec::new();
        for draft in drafts {
            let write = self.merged(known.remove(draft.uscc()), draft, merge)?;
            effects.push(match &write {
                None => Effect::Unchanged,
                Some(write) if write.known.is_some() => Effect::Changed,
                Some(_) => Effect::Created,
            });
            writes.extend(write);
        }
        self.write_enterprises(writes, actor, at).await?;
        Ok(effects)
    }

    /// The row a draft makes of what is known, unless it says nothing new.
    fn merged(
        &self,
        known: Option<enterprise::Model>,
        draft: EnterpriseDraft,
        merge: Merge,
    ) -> Result<Option<Write>, Error> {
        let Some(row) = known else {
            let EnterpriseDraft { uscc, name, area, document, synthetic } = draft;
            return Ok(Some(Write {
                known: None,
                uscc,
                name,
                area,
                document,
                synthetic: synthetic.unwrap_or_default(),
            }));
        };
        let synthetic = draft.synthetic.unwrap_or(row.synthetic);
        let same = |document: &str| row.document == document && row.synthetic == synthetic;
        if same(&draft.document) {
            return Ok(None);
        }
        let reference = self.store.reference();
        let said = profile(&draft.document, row.ordinal, reference)?;
        let merged = merge(decode(&row, reference)?.profile, said);
        let document = merged.to_document(reference);
        if same(&document) {
            return Ok(None);
        }
        Ok(Some(Write::of(&merged, document, synthetic, Some(row))))
    }

    async fn lock_enterprise(&self, scope: &Scope, uscc: &str) -> Result<Option<enterprise::Model>, Error> {
        let row = self.lock_enterprises(&[uscc]).await?.remove(uscc);
        let allowed = match (scope, &row) {
            (Scope::System, _) => true,
            (Scope::Enterprise(own), Some(row)) => own.0 == row.ordinal,
            _ => false,
        };
        if allowed { Ok(row) } else { Err(Error::not_found("enterprise", uscc)) }
    }

    /// Rows by code, locked in the order of their ordinals, so that two writers wait for each other but never in a
    /// circle.
    async fn lock_enterprises(&self, codes: &[&str]) -> Result<HashMap<String, enterprise::Model>, Error> {
        let mut found = HashMap::new();
        for codes in codes.chunks(ROWS_PER_STATEMENT) {
            let query = enterprise::Entity::find()
                .filter(enterprise::Column::Uscc.is_in(codes.iter().copied()))
                .order_by_asc(enterprise::Column::Ordinal)
                .lock_exclusive();
            let rows = query.all(&self.db).await?;
            found.extend(rows.into_iter().map(|row| (row.uscc.clone(), row)));
        }
        Ok(found)
    }

    /// Rows, changes and entries of the feed. Gives the ordinals, the new enterprises' first.
    async fn write_enterprises(
        &mut self,
        writes: Vec<Write>,
        actor: &Actor,
        at: Instant,
    ) -> Result<Vec<EnterpriseOrdinal>, Error> {
        let mut changes = Vec::with_capacity(writes.len());
        for write in &writes {
            changes.push(write.change(actor, at)?);
        }
        let (known, new): (Vec<_>, Vec<_>) =
            writes.into_iter().zip(changes).partition(|(write, _)| write.known.is_some());
        let mut written = Vec::with_capacity(known.len() + new.len());
        for some in in_chunks(new) {
            written.extend(self.insert_enterprises(some, at).await?);
        }
        for some in in_chunks(known) {
            written.extend(self.update_enterprises(some, at).await?);
        }
        let ordinals = written.iter().map(|change| EnterpriseOrdinal(change.enterprise)).collect();
        for change in &written {
            self.changed(ChangeKind::Enterprise, &change.enterprise);
        }
        for some in in_chunks(written) {
            let rows = some.into_iter().map(unnumbered);
            profile_change::Entity::insert_many(rows).exec_without_returning(&self.db).await?;
        }
        Ok(ordinals)
    }

    /// Inserts rows and fills their new ordinals into their changes. An engine may return rows in any order.
    async fn insert_enterprises(
        &self,
        new: Vec<(Write, profile_change::Model)>,
        at: Instant,
    ) -> Result<Vec<profile_change::Model>, Error> {
        use enterprise::Column as C;
        let mut insert = Query::insert();
        insert.into_table(enterprise::Entity).columns([
            C::Uscc,
            C::Name,
            C::Area,
            C::Synthetic,
            C::Revision,
            C::RecordedAt,
            C::Document,
        ]);
        let mut changes = HashMap::with_capacity(new.len());
        let mut order = Vec::with_capacity(new.len());
        for (write, change) in new {
            let [uscc, name, document] =
                [&write.uscc, &write.name, &write.document].map(|text| Expr::val(text.as_str()));
            let (area, synthetic) = (Expr::val(write.area.clone()), Expr::val(write.synthetic));
            let revision = Expr::val(change.revision);
            let values = [uscc, name, area, synthetic, revision, Expr::val(at.0), document];
            insert.values(values).map_err(|error| sea_orm::DbErr::Custom(error.to_string()))?;
            order.push(write.uscc.clone());
            changes.insert(write.uscc, change);
        }
        insert.returning(Query::returning().columns([C::Ordinal, C::Uscc]));
        let mut ordinals = HashMap::with_capacity(order.len());
        for row in self.db.query_all(&insert).await? {
            ordinals.insert(row.try_get::<String>("", "uscc")?, row.try_get::<i64>("", "ordinal")?);
        }
        let numbered = order.into_iter().filter_map(|uscc| {
            let enterprise = ordinals.remove(&uscc)?;
            changes.remove(&uscc).map(|change| profile_change::Model { enterprise, ..change })
        });
        Ok(numbered.collect())
    }

    async fn update_enterprises(
        &self,
        known: Vec<(Write, profile_change::Model)>,
        at: Instant,
    ) -> Result<Vec<profile_change::Model>, Error> {
        use enterprise::Column as C;
        let replace = OnConflict::column(C::Ordinal)
            .update_columns([C::Name, C::Area, C::Synthetic, C::Revision, C::RecordedAt, C::Document])
            .to_owned();
        let (writes, changes): (Vec<_>, Vec<_>) = known.into_iter().unzip();
        let rows = writes.into_iter().zip(&changes).map(|(write, change)| enterprise::ActiveModel {
            ordinal: Set(change.enterprise),
            uscc: Set(write.uscc),
            name: Set(write.name),
            area: Set(write.area),
            synthetic: Set(write.synthetic),
            revision: Set(change.revision),
            recorded_at: Set(at.0),
            document: Set(write.document),
        });
        enterprise::Entity::insert_many(rows).on_conflict(replace).exec_without_returning(&self.db).await?;
        Ok(changes)
    }
}

impl Write {
    fn of(profile: &Profile, document: String, synthetic: bool, known: Option<enterprise::Model>) -> Self {
        let (uscc, name, area) = (profile.uscc.clone(), profile.name.clone(), registered_area(profile));
        Self { known, uscc, name, area, document, synthetic }
    }

    /// What this write changes; a new enterprise has no ordinal yet.
    fn change(&self, actor: &Actor, at: Instant) -> Result<profile_change::Model, Error> {
        let known = self.known.as_ref();
        let patch = Patch::between(known.map(|known| known.document.as_str()), &self.document);
        let patch = patch.map_err(|source| Error::Encode { what: "profile patch", source })?;
        Ok(profile_change::Model {
            seq: 0,
            enterprise: known.map_or(0, |known| known.ordinal),
            revision: known.map_or(1, |known| known.revision + 1),
            recorded_at: at.0,
            actor: actor.as_str().to_owned(),
            patch: json("profile patch", &patch)?,
        })
    }
}

fn unnumbered(change: profile_change::Model) -> profile_change::ActiveModel {
    profile_change::ActiveModel { seq: NotSet, ..change.into() }
}

/// Pieces small enough for one statement.
fn in_chunks<T>(rows: Vec<T>) -> impl Iterator<Item = Vec<T>> {
    let mut rows = rows.into_iter();
    std::iter::from_fn(move || {
        let chunk: Vec<T> = rows.by_ref().take(ROWS_PER_STATEMENT).collect();
        (!chunk.is_empty()).then_some(chunk)
    })
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
