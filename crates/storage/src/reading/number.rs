//! Whole numbers in SQL with a bound on their size: SQLite turns into a float what passes 64 bits, so nothing may.

use super::Stop;
use super::sql::{Sql, sql};
use crate::connect::Engine;

/// A whole number, as SQL. Where it is unknown or without end it is NULL.
#[derive(Clone, Debug)]
pub(super) struct Num {
    pub(super) sql: Sql,
    /// No value of it is further from zero.
    pub(super) most: u128,
    /// What it is for every enterprise.
    pub(super) fixed: Option<i128>,
}

impl Num {
    pub(super) fn whole(number: i128) -> Self {
        Self { sql: Sql::fixed(number.to_string()), most: number.unsigned_abs(), fixed: Some(number) }
    }

    /// What SQL reckons, never further from zero than `most`.
    pub(super) fn within(most: u128, sql: Sql) -> Self {
        Self { sql, most, fixed: None }
    }

    /// A number given by its digits.
    pub(super) fn written(digits: &str) -> Self {
        match digits.parse() {
            Ok(number) => Self::whole(number),
            Err(_) => Self::within(u128::MAX, Sql::fixed(digits)),
        }
    }

    pub(super) fn is_one(&self) -> bool {
        self.fixed == Some(1)
    }
}

/// Reckoning with what an engine can hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numbers(pub(super) Engine);

impl Numbers {
    /// The number itself, if the engine can hold it.
    pub(super) fn held(self, number: Num) -> Result<Num, Stop> {
        let largest = u128::from(i64::MAX.unsigned_abs());
        if self.0 == Engine::Sqlite && number.most > largest { Err(Stop::TooLarge) } else { Ok(number) }
    }

    pub(super) fn times(self, a: &Num, b: &Num) -> Result<Num, Stop> {
        match (a.fixed, b.fixed) {
            (Some(0), _) | (_, Some(0)) => return Ok(Num::whole(0)),
            (Some(1), _) => return Ok(b.clone()),
            (_, Some(1)) => return Ok(a.clone()),
            (Some(one), Some(two)) if one.checked_mul(two).is_some() => return self.held(Num::whole(one * two)),
            _ => {}
        }
        let most = a.most.saturating_mul(b.most);
        self.held(Num::within(most, sql!("({}) * ({})", self.wide(a), self.wide(b))))
    }

    pub(super) fn plus(self, a: &Num, b: &Num) -> Result<Num, Stop> {
        match (a.fixed, b.fixed) {
            (Some(0), _) => return Ok(b.clone()),
            (_, Some(0)) => return Ok(a.clone()),
            (Some(one), Some(two)) if one.checked_add(two).is_some() => return self.held(Num::whole(one + two)),
            _ => {}
        }
        let most = a.most.saturating_add(b.most);
        self.held(Num::within(most, sql!("({}) + ({})", self.wide(a), self.wide(b))))
    }

    pub(super) fn negated(self, a: &Num) -> Result<Num, Stop> {
        match a.fixed.and_then(i128::checked_neg) {
            Some(fixed) => Ok(Num::whole(fixed)),
            None => self.held(Num::within(a.most, sql!("-({})", a.sql))),
        }
    }

    /// Numbers of PostgreSQL have no bound, its integers do.
    fn wide(self, number: &Num) -> Sql {
        match number.fixed {
            Some(_) => sql!("{}", Sql::fixed(self.0.number(&number.sql.to_string()))),
            None => number.sql.clone(),
        }
    }
}
