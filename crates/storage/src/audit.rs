//! Who did what. Entries are only ever appended, and sealed in batches: a seal fixes a range by the hash of all
//! its entries and of the seal before, so a changed, removed or inserted entry is found.

use domain::{Instant, Scope};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use sha2::{Digest, Sha256};

use crate::access::system_only;
use crate::changes::{ROWS_PER_STATEMENT, reserve};
use crate::connect::Store;
use crate::entity::{audit_entry, audit_seal, counter};
use crate::error::Error;
use crate::row::sha256;

/// An entry before it has its number.
#[derive(Clone, Debug)]
pub(crate) struct AuditDraft {
    pub(crate) at: Instant,
    pub(crate) actor: String,
    pub(crate) action: String,
    pub(crate) subject: String,
    pub(crate) detail: serde_json::Value,
}

/// One entry as kept. `detail` is JSON text, byte for byte as it was sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    pub seq: i64,
    pub at: Instant,
    pub actor: String,
    pub action: String,
    pub subject: String,
    pub detail: String,
}

/// What a verification found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditReport {
    pub entries: i64,
    pub seals: i64,
    /// Entries after the last seal: nothing can be said about them yet.
    pub unsealed: i64,
    /// Ranges `from..=to` whose entries are not those that were sealed.
    pub broken: Vec<(i64, i64)>,
    /// Numbers of seals that do not follow from the one before.
    pub unchained: Vec<i64>,
}

impl AuditReport {
    pub fn is_sound(&self) -> bool {
        self.broken.is_empty() && self.unchained.is_empty()
    }
}

impl Store {
    /// Entries after `seq`, oldest first.
    pub async fn list_audit(&self, scope: &Scope, after: i64, limit: u64) -> Result<Vec<AuditEntry>, Error> {
        system_only(scope, "read the audit")?;
        let rows = entries(self.reader(), after.saturating_add(1), i64::MAX, limit).await?;
        Ok(rows.into_iter().map(decode).collect())
    }

    /// The newest entry of this action.
    pub async fn last_audit(&self, scope: &Scope, action: &str) -> Result<Option<AuditEntry>, Error> {
        system_only(scope, "read the audit")?;
        let query = audit_entry::Entity::find().filter(audit_entry::Column::Action.eq(action));
        let newest = query.order_by_desc(audit_entry::Column::Seq).one(self.reader()).await?;
        Ok(newest.map(decode))
    }

    /// Seals everything appended since the last seal. Returns the number of entries sealed.
    pub async fn seal_audit(&self, scope: &Scope, now: Instant) -> Result<i64, Error> {
        system_only(scope, "seal the audit")?;
        let tx = self.begin().await?;
        // The counter's lock keeps two sealers, and an appender, from working on the same range.
        let last = counter::Entity::find_by_id("audit").lock_exclusive().one(&tx.db).await?.map_or(0, |row| row.value);
        let before = newest_seal(&tx.db).await?;
        let from = before.as_ref().map_or(1, |seal| seal.to_seq + 1);
        if from > last {
            return Ok(0);
        }
        let seal = audit_seal::Model {
            number: before.as_ref().map_or(1, |seal| seal.number + 1),
            from_seq: from,
            to_seq: last,
            root: root(&tx.db, from, last).await?,
            previous: before.as_ref().map_or_else(String::new, seal_hash),
            sealed_at: now.0,
        };
        let active: audit_seal::ActiveModel = seal.into();
        audit_seal::Entity::insert(active).exec_without_returning(&tx.db).await?;
        tx.commit().await?;
        Ok(last - from + 1)
    }

    /// Recomputes every seal from the entries as they are now.
    pub async fn verify_audit(&self, scope: &Scope) -> Result<AuditReport, Error> {
        system_only(scope, "verify the audit")?;
        let db = self.snapshot().await?;
        let last = counter::Entity::find_by_id("audit").one(&db).await?.map_or(0, |row| row.value);
        let mut report = AuditReport { entries: last, ..AuditReport::default() };
        let (mut previous, mut next) = (String::new(), 1);
        for seal in audit_seal::Entity::find().order_by_asc(audit_seal::Column::Number).all(&db).await? {
            report.seals += 1;
            if seal.previous != previous || seal.from_seq != next || seal.number != report.seals {
                report.unchained.push(seal.number);
            }
            if root(&db, seal.from_seq, seal.to_seq).await? != seal.root {
                report.broken.push((seal.from_seq, seal.to_seq));
            }
            next = seal.to_seq + 1;
            previous = seal_hash(&seal);
        }
        report.unsealed = (last - next + 1).max(0);
        db.commit().await?;
        Ok(report)
    }
}

pub(crate) async fn append(db: &impl ConnectionTrait, drafts: Vec<AuditDraft>) -> Result<(), Error> {
    if drafts.is_empty() {
        return Ok(());
    }
    let first = reserve(db, "audit", drafts.len()).await?;
    let rows: Vec<_> = (first..)
        .zip(drafts)
        .map(|(seq, draft)| audit_entry::ActiveModel {
            seq: Set(seq),
            at: Set(draft.at.0),
            actor: Set(draft.actor),
            action: Set(draft.action),
            subject: Set(draft.subject),
            detail: Set(draft.detail.to_string()),
        })
        .collect();
    for chunk in rows.chunks(ROWS_PER_STATEMENT) {
        audit_entry::Entity::insert_many(chunk.to_vec()).exec_without_returning(db).await?;
    }
    Ok(())
}

async fn newest_seal(db: &impl ConnectionTrait) -> Result<Option<audit_seal::Model>, Error> {
    Ok(audit_seal::Entity::find().order_by_desc(audit_seal::Column::Number).one(db).await?)
}

async fn entries(db: &impl ConnectionTrait, from: i64, to: i64, limit: u64) -> Result<Vec<audit_entry::Model>, Error> {
    let query = audit_entry::Entity::find().filter(audit_entry::Column::Seq.between(from, to));
    Ok(query.order_by_asc(audit_entry::Column::Seq).limit(limit).all(db).await?)
}

/// One hash over the hashes of a range, read in pages.
async fn root(db: &impl ConnectionTrait, from: i64, to: i64) -> Result<String, Error> {
    let mut hasher = Sha256::new();
    let mut next = from;
    while next <= to {
        let page = entries(db, next, to, 1_000).await?;
        let Some(last) = page.last() else { break };
        next = last.seq + 1;
        for row in &page {
            hasher.update(entry_hash(row));
        }
    }
    Ok(hex::encode(hasher.finalize()))
}

/// JSON keeps the fields apart: no two different entries have the same text.
fn entry_hash(row: &audit_entry::Model) -> String {
    let fields = serde_json::json!([row.seq, row.at, row.actor, row.action, row.subject, row.detail]);
    sha256(fields.to_string())
}

fn seal_hash(seal: &audit_seal::Model) -> String {
    let fields = serde_json::json!([seal.number, seal.from_seq, seal.to_seq, seal.root, seal.previous, seal.sealed_at]);
    sha256(fields.to_string())
}

fn decode(row: audit_entry::Model) -> AuditEntry {
    AuditEntry {
        seq: row.seq,
        at: Instant(row.at),
        actor: row.actor,
        action: row.action,
        subject: row.subject,
        detail: row.detail,
    }
}
