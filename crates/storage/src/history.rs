//! What tells the history of the profiles of this database from that of any other, also of a copy that went its own way.

use domain::Scope;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::access::system_only;
use crate::connect::Store;
use crate::entity::profile_change;
use crate::error::Error;
use crate::row::sha256;

/// Changes looked at: a copy that was written to since differs in the newest of them.
const CHANGES: u64 = 200;

/// A point of the history, and what stands just before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryMark {
    /// Number of the newest change of a profile.
    pub upto: i64,
    /// SHA-256 over the changes up to there: which enterprise, which revision, recorded when.
    pub digest: String,
}

impl Store {
    /// The mark of a point: the same as when it was taken exactly if nothing up to there is another.
    pub async fn history_mark(&self, scope: &Scope, upto: Option<i64>) -> Result<HistoryMark, Error> {
        use profile_change::Column as C;
        system_only(scope, "read the history of profiles")?;
        let changes: Vec<(i64, i64, i64, i64)> = profile_change::Entity::find()
            .select_only()
            .columns([C::Seq, C::Enterprise, C::Revision, C::RecordedAt])
            .filter(Condition::all().add_option(upto.map(|upto| C::Seq.lte(upto))))
            .order_by_desc(C::Seq)
            .limit(CHANGES)
            .into_tuple()
            .all(self.reader())
            .await?;
        let newest = changes.first().map_or(0, |change| change.0);
        Ok(HistoryMark { upto: upto.unwrap_or(newest), digest: sha256(format!("{changes:?}")) })
    }
}
