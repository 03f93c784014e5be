//! How far each imported file has come, so that the same file goes on where it stopped.

use domain::{Instant, Scope};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde::{Deserialize, Serialize};

use crate::access::system_only;
use crate::connect::Store;
use crate::entity::import_run;
use crate::error::Error;
use crate::row::{Row, word};
use crate::tx::Tx;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    /// Stopped between two chunks, or still going.
    Running,
    Finished,
}

/// One file of one kind, known by the hash of its bytes: its name may change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportRun {
    /// `enterprises`, `policies`, `calls`.
    pub kind: String,
    pub source_name: String,
    /// SHA-256, lowercase hex.
    pub source_hash: String,
    pub state: ImportState,
    /// The last line whose fate is committed.
    pub position: i64,
    pub accepted: i64,
    pub rejected: i64,
}

impl Store {
    pub async fn find_import_run(&self, scope: &Scope, kind: &str, hash: &str) -> Result<Option<ImportRun>, Error> {
        system_only(scope, "import")?;
        let query = import_run::Entity::find()
            .filter(import_run::Column::Kind.eq(kind))
            .filter(import_run::Column::SourceHash.eq(hash));
        query.one(self.reader()).await?.map(decode).transpose()
    }
}

impl Tx {
    /// Writes how far the import of a file has come, in the transaction of the rows themselves.
    pub async fn save_import_run(&mut self, scope: &Scope, run: &ImportRun, at: Instant) -> Result<(), Error> {
        system_only(scope, "import")?;
        let row = import_run::Model {
            id: format!("{}:{}", run.kind, run.source_hash),
            kind: run.kind.clone(),
            source_name: run.source_name.clone(),
            source_hash: run.source_hash.clone(),
            state: word("import state", run.state)?,
            position: run.position,
            accepted: run.accepted,
            rejected: run.rejected,
            started_at: at.0,
            updated_at: at.0,
        };
        let progress = OnConflict::column(import_run::Column::Id)
            .update_columns([
                import_run::Column::SourceName,
                import_run::Column::State,
                import_run::Column::Position,
                import_run::Column::Accepted,
                import_run::Column::Rejected,
                import_run::Column::UpdatedAt,
            ])
            .to_owned();
        import_run::Entity::insert(row.into_active_model())
            .on_conflict(progress)
            .exec_without_returning(&self.db)
            .await?;
        Ok(())
    }
}

fn decode(row: import_run::Model) -> Result<ImportRun, Error> {
    let state = Row::new("import_run", &row.id).word("state", &row.state)?;
    Ok(ImportRun {
        kind: row.kind,
        source_name: row.source_name,
        source_hash: row.source_hash,
        state,
        position: row.position,
        accepted: row.accepted,
        rejected: row.rejected,
    })
}
