//! The library ready to be decided, and the point of the change feed it was read at.

use std::sync::Arc;

use domain::Scope;
use domain::matching::Matcher;
use rules::Reference;
use storage::Store;

use crate::error::Error;

#[derive(Clone, Debug)]
pub struct Library {
    pub matcher: Arc<Matcher>,
    /// Sequence number of the change feed: "as of revision N".
    pub seq: i64,
}

impl Library {
    /// Reads policies, items and calls once and compiles every condition.
    pub async fn load(store: &Store, reference: &Reference) -> Result<Self, Error> {
        let library = store.load_library(&Scope::System).await?;
        let (matcher, unreadable) = Matcher::new(library.policies, library.items, library.calls, reference);
        for rule in unreadable {
            tracing::error!(item.code = %rule.code, problems = ?rule.problems, "condition does not read, treated as not recorded");
        }
        Ok(Self { matcher: Arc::new(matcher), seq: library.seq })
    }
}
