//! Numbers and dates within one record: its fields, constants and what is worked out from them.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::evaluate::facts::{date_number, in_base_units};
use crate::number::Rational;
use crate::profile::Record;
use crate::reference::ListShape;
use crate::tree::{Arithmetic, Quantity};
use crate::value::Value;

/// One side of a comparison of fields: 研发投入 / 设备投资, 20%, 2024-01-01.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    Field(String),
    Quantity(Quantity),
    Date(NaiveDate),
    Arithmetic { left: Box<Figure>, operator: Arithmetic, right: Box<Figure> },
}

impl Figure {
    pub fn field(key: impl Into<String>) -> Self {
        Self::Field(key.into())
    }

    /// In base units, dates as days. `None` where the record lacks a field, and for a division by zero.
    pub(super) fn value(&self, shape: &ListShape, record: &Record) -> Option<Rational> {
        match self {
            Self::Quantity(quantity) => Some(quantity.value()),
            Self::Date(date) => Some(date_number(*date)),
            Self::Field(key) => field_value(shape, record, key),
            Self::Arithmetic { left, operator, right } => {
                let (left, right) = (left.value(shape, record)?, right.value(shape, record)?);
                match operator {
                    Arithmetic::Plus => Some(left.add(&right)),
                    Arithmetic::Minus => Some(left.subtract(&right)),
                    Arithmetic::Times => Some(left.multiply(&right)),
                    Arithmetic::Over => left.checked_div(&right),
                }
            }
        }
    }
}

/// A number of a record in base units, or a date as days.
pub(crate) fn field_value(shape: &ListShape, record: &Record, key: &str) -> Option<Rational> {
    let field = shape.fields.iter().find(|field| field.key == key)?;
    match record.get(key)? {
        Value::Number(number) if field.kind.is_number() => Some(in_base_units(*number, field.scale, &field.unit)),
        Value::Date(date) => Some(date_number(*date)),
        _ => None,
    }
}
