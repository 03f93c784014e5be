//! Asking the database.

use domain::{EnterpriseOrdinal, Scope};
use rules::Verdict;
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Statement, Value};

use super::sql::{all, any, not};
use super::{Reading, Side};
use crate::access::readable_enterprises;
use crate::connect::{Engine, Store};
use crate::entity::enterprise;
use crate::error::Error;

/// Who is not refused, and whom the query could not judge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Readings {
    /// Met or unknown, by ordinal; whoever is not here is not met.
    pub matches: Vec<(EnterpriseOrdinal, Verdict)>,
    /// Their numbers are beyond what SQLite reckons with exactly in this condition: nothing is said of them.
    pub beyond: Vec<EnterpriseOrdinal>,
}

/// How many enterprises there are of each verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadingCounts {
    pub met: u64,
    pub unknown: u64,
    /// Not judged, see [`Readings::beyond`].
    pub beyond: u64,
}

/// Verdicts as the query writes them; NULL is beyond reach.
const MET: i32 = 2;

impl Reading {
    /// The query for the ordinals of one side, over a table or query with the columns `ordinal` and `document`.
    ///
    /// Its parameters are [`Self::texts`], numbered from 1. An enterprise whose numbers are beyond reach is on neither
    /// side.
    pub fn sql(&self, side: Side, source: &str) -> String {
        let holds = match side {
            Side::Certainly => &self.certain,
            Side::Possibly => &self.possible,
        };
        let (tables, outermost) = self.layers.tables(source);
        let holds = all(vec![holds.clone(), self.within_reach.clone()]);
        format!("{tables}\nSELECT ordinal FROM {outermost} WHERE {holds}")
    }

    /// The texts the query is asked with, in the order of its parameters.
    pub fn texts(&self) -> &[String] {
        self.layers.texts()
    }

    /// Ordinals with 2 for met and 1 for unknown, NULL where the numbers are beyond reach.
    fn verdicts(&self, source: &str) -> String {
        let (tables, outermost) = self.layers.tables(source);
        let beyond = not(&self.within_reach);
        let found = any(vec![self.possible.clone(), beyond.clone()]);
        format!(
            "{tables}\nSELECT ordinal, CASE WHEN {beyond} THEN NULL WHEN {} THEN 2 ELSE 1 END AS verdict \
             FROM {outermost} WHERE {found} ORDER BY ordinal",
            self.certain
        )
    }
}

impl Store {
    /// The enterprises a condition does not refuse, within a scope.
    ///
    /// # Errors
    ///
    /// [`Error::OtherEngine`] when the condition was read for another engine.
    pub async fn read_matches(&self, scope: &Scope, reading: &Reading) -> Result<Readings, Error> {
        if reading.engine != self.engine() {
            return Err(Error::OtherEngine);
        }
        let snapshot = self.snapshot().await?;
        if reading.engine == Engine::Postgres {
            // Compiling a wide query takes longer than running it.
            snapshot.execute_unprepared("SET LOCAL jit = off").await?;
        }
        let backend = snapshot.get_database_backend();
        let source = enterprise::Entity::find()
            .select_only()
            .columns([enterprise::Column::Ordinal, enterprise::Column::Document])
            .filter(readable_enterprises(scope, self.reference()))
            .build(backend)
            .to_string();
        let texts = reading.texts().iter().map(|text| Value::from(text.as_str()));
        let statement = Statement::from_sql_and_values(backend, reading.verdicts(&source), texts);
        let mut found = Readings::default();
        for row in snapshot.query_all_raw(statement).await? {
            let ordinal = EnterpriseOrdinal(row.try_get("", "ordinal")?);
            match row.try_get::<Option<i32>>("", "verdict")? {
                Some(MET) => found.matches.push((ordinal, Verdict::Met)),
                Some(_) => found.matches.push((ordinal, Verdict::Unknown)),
                None => found.beyond.push(ordinal),
            }
        }
        Ok(found)
    }
}

impl Readings {
    pub fn counts(&self) -> ReadingCounts {
        let of = |wanted: Verdict| self.matches.iter().filter(|(_, verdict)| *verdict == wanted).count() as u64;
        ReadingCounts { met: of(Verdict::Met), unknown: of(Verdict::Unknown), beyond: self.beyond.len() as u64 }
    }
}
