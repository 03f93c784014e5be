//! What the records of a list come to together: how many there are, the sum, the highest or lowest of a field.
//!
//! A list that is not complete leaves the upper end open, a record that may or may not count widens the interval.
//! Fields of records are never negative.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::records::{PIECES, Records, Sifted, field_value};
use crate::core::Amount;
use crate::evaluate::facts::Facts;
use crate::evaluate::range::{End, Range};
use crate::evaluate::reading::{Blank, Estimate, Evidence, Need, Reading};
use crate::number::Rational;
use crate::profile::Record;
use crate::reference::{Fact, Field, ListShape, Reference};
use crate::verdict::UnknownCause;

/// `近3年 投资项目 ( 种类 为 技改 ) 的 设备投资 合计`, `近12个月 招用记录 项数`
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Tally {
    /// Which records; their quantifier says nothing here and is [`super::Quantifier::Some`].
    pub records: Records,
    pub of: Tallied,
}

/// What is told of the records, with the key of the field.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Tallied {
    /// How many there are.
    Number,
    Sum(String),
    Greatest(String),
    Least(String),
}

impl Tallied {
    /// The field whose values are put together.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::Number => None,
            Self::Sum(field) | Self::Greatest(field) | Self::Least(field) => Some(field),
        }
    }

    /// The word behind the field's name.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Number => "项数",
            Self::Sum(_) => "合计",
            Self::Greatest(_) => "最高",
            Self::Least(_) => "最低",
        }
    }
}

impl Tally {
    /// The field whose values are put together, as the catalogue knows it.
    pub(crate) fn field<'r>(&self, reference: &'r Reference) -> Option<&'r Field> {
        let key = self.of.field().unwrap_or(PIECES);
        reference.catalogue.fact(&self.records.list)?.list()?.fields.iter().find(|field| field.key == key)
    }

    /// The highest and lowest of no records do not apply; of records that may be none they are open.
    pub(crate) fn value(&self, facts: &Facts<'_>) -> Amount {
        let Some(shape) = facts.fact(&self.records.list).and_then(Fact::list) else { return Amount::Unknown };
        let sifted = self.records.sift(facts);
        let field = match &self.of {
            Tallied::Number => return Amount::Known(number(&self.records, facts)),
            Tallied::Sum(field) | Tallied::Greatest(field) | Tallied::Least(field) => field,
        };
        let (certain, vague) = (values(shape, &sifted.certain, field), values(shape, &sifted.vague, field));
        if matches!(self.of, Tallied::Sum(_)) {
            return Amount::Known(sum(&certain, &vague, sifted.complete));
        }
        match (certain.is_empty(), vague.is_empty() && sifted.complete) {
            (true, true) => Amount::NotApplicable,
            (true, false) => Amount::Unknown,
            (false, _) if matches!(self.of, Tallied::Greatest(_)) => {
                Amount::Known(greatest(&certain, &vague, sifted.complete))
            }
            (false, _) => Amount::Known(least(&certain, &vague, sifted.complete)),
        }
    }

    /// The value with what it was read from and what keeps it from being one number.
    pub(crate) fn read(&self, facts: &Facts<'_>) -> Reading {
        let blank = self.blank(&self.records.sift(facts), facts);
        let mut evidence = self.records.evidence(facts);
        let estimate = match self.value(facts) {
            Amount::Known(range) => {
                evidence.vague = (!range.is_exact()).then_some(blank);
                Estimate::Known(range)
            }
            Amount::NotApplicable => {
                return Reading { estimate: Estimate::NotApplicable, evidence: Evidence::default() };
            }
            Amount::Unknown => Estimate::Unknown(blank),
        };
        Reading { estimate, evidence }
    }

    fn blank(&self, sifted: &Sifted<'_>, facts: &Facts<'_>) -> Blank {
        let cause = if sifted.complete { UnknownCause::Missing } else { UnknownCause::IncompleteList };
        Blank { cause, needs: vec![Need { fact: self.records.list.clone(), period: self.records.need_period(facts) }] }
    }
}

fn number(records: &Records, facts: &Facts<'_>) -> Range {
    let count = records.count(facts).0;
    let whole = |count: u64| End::At(Rational::whole(i64::try_from(count).unwrap_or(i64::MAX)));
    Range { low: whole(count.certain), high: count.possible.map_or(End::Above, whole) }
}

/// The field of each record; `None` where a record lacks it.
fn values(shape: &ListShape, records: &[&Record], field: &str) -> Vec<Option<Rational>> {
    records.iter().map(|record| field_value(shape, record, field)).collect()
}

fn sum(certain: &[Option<Rational>], vague: &[Option<Rational>], complete: bool) -> Range {
    let total =
        |values: &mut dyn Iterator<Item = &Rational>| values.fold(Rational::whole(0), |total, value| total.add(value));
    let low = total(&mut certain.iter().flatten());
    let high = total(&mut certain.iter().chain(vague).flatten());
    let closed = complete && certain.iter().chain(vague).all(Option::is_some);
    Range { low: low.into(), high: if closed { high.into() } else { End::Above } }
}

fn greatest(certain: &[Option<Rational>], vague: &[Option<Rational>], complete: bool) -> Range {
    let low = certain.iter().flatten().max().cloned().unwrap_or_else(|| Rational::whole(0));
    let closed = complete && certain.iter().chain(vague).all(Option::is_some);
    let high = certain.iter().chain(vague).flatten().max().cloned().filter(|_| closed);
    Range { low: low.into(), high: high.map_or(End::Above, End::At) }
}

fn least(certain: &[Option<Rational>], vague: &[Option<Rational>], complete: bool) -> Range {
    let closed = complete && certain.iter().chain(vague).all(Option::is_some);
    let low = certain.iter().chain(vague).flatten().min().cloned().filter(|_| closed);
    let high = certain.iter().flatten().min().cloned();
    Range { low: low.unwrap_or_else(|| Rational::whole(0)).into(), high: high.map_or(End::Above, End::At) }
}
