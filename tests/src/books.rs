//! What an installation has written down about its pushes, read from its database beside it.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{Enterprise, Outcome, Push, PushId, PushState, Scope};
use rules::Reference;
use sea_orm::ConnectionTrait;
use storage::{Recipient, Store};

use crate::program::Program;

/// More runs and pushes than any test makes.
const ALL: u64 = 100_000;

/// The state of every push.
pub fn states(program: &Program) -> BTreeMap<String, PushState> {
    pushes(program).into_iter().map(|push| (push.id.to_string(), push.state)).collect()
}

/// Every push of every run.
pub fn pushes(program: &Program) -> Vec<Push> {
    read(program, async |store| {
        let mut all = Vec::new();
        for run in store.list_runs(&Scope::System, ALL).await.expect("runs") {
            all.extend(store.list_pushes(&Scope::System, run.id, None, ALL).await.expect("pushes"));
        }
        all
    })
}

/// Whether an attempt of this push is on record as in doubt.
pub fn was_in_doubt(program: &Program, push: &str) -> bool {
    let id: PushId = push.parse().expect("a push id");
    let attempts = read(program, async |store| store.list_attempts(&Scope::System, id).await.expect("attempts"));
    attempts.iter().any(|attempt| matches!(attempt.outcome, Outcome::InDoubt { .. }))
}

/// The webhook secrets of every firm.
pub fn secrets(program: &Program) -> Vec<String> {
    let channels = recipients(program).into_iter().flat_map(|one| one.channels);
    channels.filter_map(|channel| channel.secret).collect()
}

/// Everybody who may be told something, with their channels.
pub fn recipients(program: &Program) -> Vec<Recipient> {
    read(program, async |store| store.list_recipients(&Scope::System, None, ALL).await.expect("recipients"))
}

/// Every enterprise in the order of its ordinal.
pub fn enterprises(program: &Program) -> Vec<Enterprise> {
    read(program, async |store| store.page_enterprises(&Scope::System, None, ALL).await.expect("enterprises"))
}

/// Writes a migration into the schema's history that this program does not know.
pub fn pretend_newer(program: &Program) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let database = sea_orm::Database::connect(program.database_url()).await.expect("the database");
        let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m99991231_from_the_future', 0)";
        database.execute_unprepared(newer).await.expect("a row");
    });
}

fn read<T>(program: &Program, ask: impl AsyncFnOnce(&Store) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let reference = Arc::new(Reference::builtin().clone());
        let store = Store::connect(&program.database_url(), 2, reference).await.expect("the database");
        let answer = ask(&store).await;
        store.close().await.expect("a closed database");
        answer
    })
}
