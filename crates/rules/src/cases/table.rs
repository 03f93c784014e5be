//! Arranging a profile through a table: into the row of the leaf that is to decide.

use super::Stage;
use crate::tree::{Condition, child_path};

/// One row: what must hold and what must not to be in it, and its branch.
pub(super) struct Row<'a> {
    holds: Option<Condition>,
    fails: Vec<Condition>,
    /// Where the branch stands among the parts of the row.
    place: usize,
    branch: &'a Condition,
}

/// The rows of a tier or of cases; `None` for every other node.
pub(super) fn rows(node: &Condition) -> Option<Vec<Row<'_>>> {
    let (demands, place, otherwise): (Vec<(Condition, &Condition)>, usize, _) = match node {
        Condition::Tier(bands) => {
            let rows = bands.rows.iter().map(|row| (bands.demand(row), &row.then));
            (rows.collect(), 0, bands.otherwise.as_deref())
        }
        Condition::Cases(cases) => {
            let rows = cases.rows.iter().map(|row| (row.when.clone(), &row.then));
            (rows.collect(), 1, cases.otherwise.as_deref())
        }
        _ => return None,
    };
    let earlier = |count: usize| demands[..count].iter().map(|(demand, _)| demand.clone()).collect();
    let written = demands.iter().enumerate().map(|(index, (demand, branch))| Row {
        holds: Some(demand.clone()),
        // Bands exclude each other by themselves, cases are tried in their order.
        fails: if place == 0 { Vec::new() } else { earlier(index) },
        place,
        branch,
    });
    let rest = otherwise.map(|branch| Row { holds: None, fails: earlier(demands.len()), place: 0, branch });
    Some(written.chain(rest).collect())
}

impl Stage<'_> {
    /// Enters the row the leaf at `path` belongs to.
    pub(super) fn isolate_row(&mut self, rows: &[Row<'_>], here: &str, path: &str, wanted: bool) {
        for (index, row) in rows.iter().enumerate() {
            let at = child_path(&child_path(here, index), row.place);
            if path == at || path.starts_with(&format!("{at}.")) {
                self.enter(row);
                self.isolate(row.branch, &at, path, wanted);
            }
        }
    }

    /// Enters the first row in which the branch can be made to hold or fail.
    pub(super) fn strive_row(&mut self, rows: &[Row<'_>], holds: bool) -> bool {
        for row in rows {
            let mut trial = self.clone();
            if trial.enter(row) && trial.strive(row.branch, holds) {
                *self = trial;
                return true;
            }
        }
        false
    }

    fn enter(&mut self, row: &Row<'_>) -> bool {
        let passed = row.fails.iter().all(|condition| self.strive(condition, false));
        passed && row.holds.as_ref().is_none_or(|condition| self.strive(condition, true))
    }
}
