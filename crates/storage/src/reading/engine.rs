//! What SQLite and PostgreSQL write differently.

use chrono::{Datelike as _, NaiveDate};

use super::sql::DOCUMENT;
use crate::connect::Engine;

/// 1970-01-01 in days of the common era.
const EPOCH: i64 = 719_163;

impl Engine {
    /// The members of an array of the document as `j.value`; no rows where there is none.
    pub(super) fn elements(self, path: &[&str]) -> String {
        match self {
            Self::Sqlite => format!("json_each({DOCUMENT}, '$.{}') AS j", path.join(".")),
            Self::Postgres => {
                format!("jsonb_array_elements({}) AS j(value)", steps(path))
            }
        }
    }

    /// The texts of an array within an element as `c.value`.
    pub(super) fn codes(self, element: &str, key: &str) -> String {
        match self {
            Self::Sqlite => format!("json_each({element}, '$.{key}') AS c"),
            Self::Postgres => format!("jsonb_array_elements_text({element} -> '{key}') AS c(value)"),
        }
    }

    /// The members of an object within an element as `s.key` and `s.value`, a text.
    pub(super) fn fields(self, element: &str, key: &str) -> String {
        match self {
            Self::Sqlite => format!("json_each({element}, '$.{key}') AS s"),
            Self::Postgres => format!("jsonb_each_text({element} -> '{key}') AS s(key, value)"),
        }
    }

    /// Several values as one, so that one look into the document gives them all.
    pub(super) fn pack(self, values: &[String]) -> String {
        let values = values.join(", ");
        match self {
            Self::Sqlite => format!("json_array({values})"),
            Self::Postgres => format!("jsonb_build_array({values})"),
        }
    }

    /// One of the packed values, a number or nothing.
    pub(super) fn unpack(self, packed: &str, place: usize) -> String {
        match self {
            Self::Sqlite => format!("{packed} ->> {place}"),
            Self::Postgres => format!("({packed} ->> {place})::numeric"),
        }
    }

    /// A whole number of SQL that later products start from.
    pub(super) fn number(self, whole: &str) -> String {
        match self {
            Self::Sqlite => whole.to_owned(),
            Self::Postgres => format!("({whole})::numeric"),
        }
    }

    /// A written number as the scaled integer it stands for: a whole one is a number in JSON, a fraction a text.
    pub(super) fn scaled(self, value: &str, scale: u8) -> String {
        let power = 10_u64.pow(scale.into());
        match self {
            Self::Sqlite if scale == 0 => value.to_owned(),
            Self::Sqlite => format!(
                "CASE typeof({value}) WHEN 'integer' THEN {value} * {power} WHEN 'text' THEN \
                 CAST(replace({value}, '.', '') || substr('000000', 1, {scale} - (length({value}) - \
                 instr({value}, '.'))) AS INTEGER) END"
            ),
            Self::Postgres => format!("(({value})::numeric * {power})"),
        }
    }

    /// A flag of JSON that is set; nothing where there is none.
    pub(super) fn is_set(self, value: &str) -> String {
        match self {
            Self::Sqlite => format!("{value} = 1"),
            Self::Postgres => format!("{value} = 'true'"),
        }
    }

    /// An ISO date as days of the common era.
    pub(super) fn days(self, date: &str) -> String {
        match self {
            Self::Sqlite => format!("(unixepoch({date}) / 86400 + {EPOCH})"),
            Self::Postgres => format!("(({date})::date - DATE '1970-01-01' + {EPOCH})"),
        }
    }

    /// The first day of the month after the one an ISO date begins.
    pub(super) fn next_month(self, first: &str) -> String {
        match self {
            Self::Sqlite => format!("date({first}, '+1 month')"),
            Self::Postgres => format!("((({first})::date + INTERVAL '1 month')::date)::text"),
        }
    }

    /// The day some months after an ISO date, the last of its month where that has no such day; ISO again.
    pub(super) fn months_later(self, date: &str, months: u32) -> String {
        match self {
            Self::Sqlite => {
                let month = format!("{date}, 'start of month', '+{months} months'");
                let day = format!("date({month}, '+' || (CAST(strftime('%d', {date}) AS INTEGER) - 1) || ' days')");
                format!("min({day}, date({month}, '+1 month', '-1 day'))")
            }
            Self::Postgres => format!("(({date})::date + INTERVAL '{months} months')::date"),
        }
    }

    pub(super) fn days_later(self, date: &str, days: u16) -> String {
        match self {
            Self::Sqlite => format!("date({date}, '+{days} days')"),
            Self::Postgres => format!("(({date})::date + {days})"),
        }
    }

    /// An ISO date of the document as [`Self::months_later`] gives one.
    pub(super) fn day(self, date: &str) -> String {
        match self {
            Self::Sqlite => date.to_owned(),
            Self::Postgres => format!("({date})::date"),
        }
    }

    /// The first text of an array.
    pub(super) fn first_code(self, array: &str) -> String {
        match self {
            Self::Sqlite => format!("({array} ->> 0)"),
            Self::Postgres => format!("(({array})::jsonb ->> 0)"),
        }
    }

    pub(super) fn contains(self, text: &str, word: &str) -> String {
        match self {
            Self::Sqlite => format!("instr({text}, {word}) > 0"),
            Self::Postgres => format!("strpos({text}, {word}) > 0"),
        }
    }

    pub(super) fn is_present(self, path: &[&str]) -> String {
        match self {
            Self::Sqlite => format!("json_type({DOCUMENT}, '$.{}') IS NOT NULL", path.join(".")),
            Self::Postgres => format!("({}) IS NOT NULL", steps(path)),
        }
    }

    /// The least of two or more values that are there.
    pub(super) fn least(self, values: &[String]) -> String {
        let word = if self == Self::Sqlite { "min" } else { "LEAST" };
        format!("{word}({})", values.join(", "))
    }

    /// The greatest of two or more values that are there.
    pub(super) fn greatest(self, values: &[String]) -> String {
        let word = if self == Self::Sqlite { "max" } else { "GREATEST" };
        format!("{word}({})", values.join(", "))
    }
}

/// Into the document, step by step.
fn steps(path: &[&str]) -> String {
    path.iter().fold(DOCUMENT.to_owned(), |path, step| format!("{path} -> '{step}'"))
}

/// A day as ISO text that sorts like the dates of documents, which all have years of four digits.
pub(super) fn iso(day: NaiveDate) -> String {
    match day.year() {
        ..=-1 => "0000-01-01".to_owned(),
        0..=9999 => day.to_string(),
        _ => "9999-12-31".to_owned(),
    }
}
