//! Columns to values and back. A value that does not decode is reported with its table, column and row.

use std::error::Error as StdError;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::error::Error;

/// Where a value was read, for the error it may cause.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row<'r> {
    pub(crate) table: &'static str,
    pub(crate) id: &'r str,
}

impl<'r> Row<'r> {
    pub(crate) fn new(table: &'static str, id: &'r str) -> Self {
        Self { table, id }
    }

    pub(crate) fn broken(self, column: &'static str, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Error {
        Error::Decode { table: self.table, column, id: self.id.to_owned(), source: source.into() }
    }

    /// A JSON document.
    pub(crate) fn json<T: DeserializeOwned>(self, column: &'static str, text: &str) -> Result<T, Error> {
        serde_json::from_str(text).map_err(|error| self.broken(column, error))
    }

    /// A word of a closed list, e.g. `published`.
    pub(crate) fn word<T: DeserializeOwned>(self, column: &'static str, text: &str) -> Result<T, Error> {
        serde_json::from_value(serde_json::Value::String(text.to_owned())).map_err(|error| self.broken(column, error))
    }

    /// An id, date or anything else with a text form.
    pub(crate) fn parse<T>(self, column: &'static str, text: &str) -> Result<T, Error>
    where
        T: FromStr,
        T::Err: StdError + Send + Sync + 'static,
    {
        text.parse().map_err(|error: T::Err| self.broken(column, error))
    }

    pub(crate) fn parse_some<T>(self, column: &'static str, text: Option<&str>) -> Result<Option<T>, Error>
    where
        T: FromStr,
        T::Err: StdError + Send + Sync + 'static,
    {
        text.map(|text| self.parse(column, text)).transpose()
    }
}

/// The good rows of a list. A broken one is logged and left out, so that one bad row does not hide all others.
pub(crate) fn readable<R, T>(rows: Vec<R>, decode: impl Fn(R) -> Result<T, Error>) -> Vec<T> {
    rows.into_iter()
        .filter_map(|row| decode(row).inspect_err(|error| tracing::error!(error = %Chain(error), "row skipped")).ok())
        .collect()
}

/// An error with its causes on one line.
pub(crate) struct Chain<'e>(pub(crate) &'e dyn StdError);

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut source = self.0.source();
        while let Some(error) = source {
            write!(f, ": {error}")?;
            source = error.source();
        }
        Ok(())
    }
}

/// The stored word of a unit variant, which is its word in JSON.
pub(crate) fn word<T: Serialize>(what: &'static str, value: T) -> Result<String, Error> {
    let json = serde_json::to_value(value).map_err(|source| Error::Encode { what, source })?;
    Ok(json.as_str().map_or_else(|| json.to_string(), str::to_owned))
}

pub(crate) fn json<T: Serialize>(what: &'static str, value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|source| Error::Encode { what, source })
}

pub(crate) fn day(day: Option<NaiveDate>) -> Option<String> {
    day.map(|day| day.to_string())
}

/// SHA-256 in lower-case hexadecimal.
pub(crate) fn sha256(bytes: impl AsRef<[u8]>) -> String {
    hex::encode(Sha256::digest(bytes.as_ref()))
}
