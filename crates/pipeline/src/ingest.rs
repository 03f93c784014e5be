//! Files and seeds → library and enterprises. Good rows are taken, bad ones come back with place and remedy.

mod calls;
mod day;
mod enterprises;
mod heading;
mod official;
mod place;
mod policies;
mod run;
mod seeds;
mod words;

use std::path::Path;

use chrono::NaiveDate;
use domain::Scope;
use intake::Template;
use rules::Reference;

pub use enterprises::{ProfileTable, TableRow, enterprise_line};
pub use run::{Import, Progress, Report};
pub use seeds::{
    BureauSeed, Case, ItemSeed, PolicySeed, SeedCounts, SeedProblem, Seeds, embedded, load_seeds, load_seeds_beside,
    store_drafts, store_seeds,
};

use crate::error::Error;

/// What can be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Enterprises,
    Policies,
    Calls,
}

/// Imports one file: the same file again goes on where it stopped, or says that it is done.
pub async fn import(import: &Import<'_>, kind: Kind, path: &Path) -> Result<Report, Error> {
    let reference = import.store.reference().clone();
    match kind {
        Kind::Enterprises => run::run(import, path, enterprises::Enterprises::new(reference, import.today)).await,
        Kind::Policies => run::run(import, path, policies::Policies::new(reference)).await,
        Kind::Calls => {
            let items = import.store.list_items(&Scope::System, None).await?;
            let codes = items.into_iter().map(|item| item.code).collect();
            run::run(import, path, calls::Calls::new(codes, import.today)).await
        }
    }
}

/// The form to fill in for an import. `today` decides for which years figures are asked.
pub fn template(kind: Kind, reference: &Reference, today: NaiveDate) -> Template {
    match kind {
        Kind::Enterprises => enterprises::template(reference, today),
        Kind::Policies => policies::template(),
        Kind::Calls => calls::template(),
    }
}
