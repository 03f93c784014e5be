//! Attachments and snapshots of sources, known by the hash of their bytes: equal files are one row, and backup,
//! nodes and transactions have one truth.

use domain::{Instant, Scope};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, EntityTrait};

use crate::access::system_only;
use crate::changes::as_i64;
use crate::connect::Store;
use crate::entity::file;
use crate::error::Error;
use crate::row::sha256;
use crate::tx::Tx;

/// The largest file kept, in bytes. A scanned notice of a hundred pages is about half of it.
pub const LARGEST_FILE: usize = 20 * 1024 * 1024;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFile {
    /// SHA-256 of the bytes.
    pub hash: String,
    pub name: String,
    pub media_type: String,
    pub bytes: Vec<u8>,
    pub recorded_at: Instant,
}

impl Store {
    /// A file by its hash. Whoever knows the hash knows the content, so every scope may ask.
    pub async fn find_file(&self, _scope: &Scope, hash: &str) -> Result<Option<StoredFile>, Error> {
        let found = file::Entity::find_by_id(hash).one(self.reader()).await?;
        Ok(found.map(|row| StoredFile {
            hash: row.hash,
            name: row.name,
            media_type: row.media_type,
            bytes: row.bytes,
            recorded_at: Instant(row.recorded_at),
        }))
    }
}

impl Tx {
    /// Keeps a file and returns its hash. One that is kept already keeps its first name.
    ///
    /// # Errors
    ///
    /// [`Error::TooLarge`] above [`LARGEST_FILE`].
    pub async fn save_file(
        &mut self,
        scope: &Scope,
        name: &str,
        media_type: &str,
        bytes: Vec<u8>,
        at: Instant,
    ) -> Result<String, Error> {
        if !matches!(scope, Scope::Bureau(_)) {
            system_only(scope, "keep files")?;
        }
        if bytes.len() > LARGEST_FILE {
            return Err(Error::TooLarge { size: bytes.len(), largest: LARGEST_FILE });
        }
        let hash = sha256(&bytes);
        let row = file::ActiveModel {
            hash: Set(hash.clone()),
            name: Set(name.to_owned()),
            media_type: Set(media_type.to_owned()),
            size: Set(as_i64(bytes.len())),
            bytes: Set(bytes),
            recorded_at: Set(at.0),
        };
        let keep = OnConflict::column(file::Column::Hash).do_nothing().to_owned();
        file::Entity::insert(row).on_conflict(keep).exec_without_returning(&self.db).await?;
        Ok(hash)
    }
}
