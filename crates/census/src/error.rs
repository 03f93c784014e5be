//! Why the census cannot answer.

use thiserror::Error;

#[derive(Debug, Error)]
pub enum Error {
    #[error("storage")]
    Storage(#[from] storage::Error),
    /// Nobody has loaded the city yet, or it is being loaded.
    #[error("the city is not loaded yet")]
    NotReady,
    #[error(transparent)]
    Refused(#[from] population::Refused),
    #[error("a set of ordinals cannot be written")]
    Encode(#[source] std::io::Error),
    #[error("a task of the census ended early")]
    Task(#[from] tokio::task::JoinError),
}
