//! The built-in mailbox: one `.eml` file per mail in a folder, which any mail program opens.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use domain::PushId;

use crate::error::DeliveryError;

#[derive(Clone, Debug)]
pub(crate) struct MailboxFolder {
    folder: PathBuf,
}

impl MailboxFolder {
    pub(crate) fn open(folder: &Path) -> Result<Self, DeliveryError> {
        fs::create_dir_all(folder).map_err(|source| DeliveryError::Mailbox { folder: folder.to_owned(), source })?;
        Ok(Self { folder: folder.to_owned() })
    }

    /// Writes the mail under the id of its push and returns where. It is on disk whole or not at all, and writing it
    /// again replaces it: a repeated attempt makes no second mail.
    pub(crate) async fn keep(&self, push: PushId, message: Vec<u8>) -> io::Result<PathBuf> {
        let folder = self.folder.clone();
        tokio::task::spawn_blocking(move || write(&folder, push, &message)).await.map_err(io::Error::other)?
    }
}

fn write(folder: &Path, push: PushId, message: &[u8]) -> io::Result<PathBuf> {
    let path = folder.join(format!("{push}.eml"));
    let partial = folder.join(format!(".{push}.part"));
    let mut file = File::create(&partial)?;
    file.write_all(message)?;
    file.sync_all()?;
    fs::rename(&partial, &path)?;
    File::open(folder)?.sync_all()?;
    Ok(path)
}
