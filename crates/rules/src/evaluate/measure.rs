//! What an expression measures, and how its values read: 万元, %, 人, a date.

use chrono::NaiveDate;

use crate::number::{Rational, count_text, money_text, percent_text, points_text};
use crate::reference::{FactKind, Field, ListShape, Reference};
use crate::tree::{Arithmetic, Dimension, Expression, Figure, Quantity, Tallied, Tally, Unit};
use crate::value::FactKey;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Measure {
    Date,
    Number(Dimension),
    /// A part of a whole, read in percent.
    Share,
    /// Units that cannot be put together.
    Unclear,
}

/// Decimal places of a parameter that is a share, and of one that is money.
const SHARE_SCALE: u8 = 6;
const MONEY_SCALE: u8 = 2;

impl Measure {
    pub(crate) fn of(expression: &Expression, reference: &Reference) -> Self {
        match expression {
            Expression::Quantity(quantity) => Self::of_quantity(quantity),
            Expression::Date(_) => Self::Date,
            Expression::Parameter { name, .. } => match reference.parameters.get(name).map(|parameter| parameter.scale)
            {
                Some(SHARE_SCALE) => Self::Share,
                Some(MONEY_SCALE) => Self::Number(Dimension::Money),
                _ => Self::Number(Dimension::Plain),
            },
            Expression::Fact(fact) => Self::of_fact(&fact.fact, reference),
            Expression::Over { fact, .. } => Self::of_fact(fact, reference),
            Expression::Growth { .. } => Self::Share,
            Expression::Tally(tally) => Self::of_tally(tally, reference),
            Expression::Score(_) => Self::Number(Dimension::Score),
            Expression::Arithmetic { left, operator, right } => {
                Self::of(left, reference).calculate(*operator, Self::of(right, reference))
            }
        }
    }

    fn of_fact(key: &FactKey, reference: &Reference) -> Self {
        reference.catalogue.fact(key).map_or(Self::Unclear, |fact| Self::of_kind(&fact.kind, &fact.unit))
    }

    fn of_kind(kind: &FactKind, unit: &str) -> Self {
        match kind {
            FactKind::Amount => Self::Number(Dimension::Money),
            FactKind::Ratio => Self::Share,
            FactKind::Integer => Self::Number(Unit::find(unit).map_or(Dimension::Things, |unit| unit.dimension)),
            FactKind::Date => Self::Date,
            _ => Self::Unclear,
        }
    }

    /// Of records that stand for people when their number is one of people.
    fn of_tally(tally: &Tally, reference: &Reference) -> Self {
        let missing = if tally.of == Tallied::Number { Self::Number(Dimension::Things) } else { Self::Unclear };
        tally.field(reference).map_or(missing, Self::of_field)
    }

    pub(crate) fn of_field(field: &Field) -> Self {
        Self::of_kind(&field.kind, &field.unit)
    }

    fn of_quantity(quantity: &Quantity) -> Self {
        let is_share = ["%", "‰"].contains(&quantity.unit().name);
        if is_share { Self::Share } else { Self::Number(quantity.unit().dimension) }
    }

    /// Of a number or date within a record.
    pub(crate) fn of_figure(figure: &Figure, shape: &ListShape) -> Self {
        match figure {
            Figure::Quantity(quantity) => Self::of_quantity(quantity),
            Figure::Date(_) => Self::Date,
            Figure::Field(key) => {
                shape.fields.iter().find(|field| field.key == *key).map_or(Self::Unclear, Self::of_field)
            }
            Figure::Arithmetic { left, operator, right } => {
                Self::of_figure(left, shape).calculate(*operator, Self::of_figure(right, shape))
            }
        }
    }

    fn calculate(self, operator: Arithmetic, other: Self) -> Self {
        use Dimension::{Days, Money, Months, People, Plain, Surface, Things};
        match (operator, self, other) {
            (_, Self::Unclear | Self::Date, _) | (_, _, Self::Unclear | Self::Date) => Self::Unclear,
            (Arithmetic::Plus | Arithmetic::Minus, left, right) => match left.fits(right) {
                true if left == Self::Number(Plain) => right,
                true => left,
                false => Self::Unclear,
            },
            (Arithmetic::Times, Self::Share | Self::Number(Plain), right) => right,
            (Arithmetic::Times | Arithmetic::Over, left, Self::Share | Self::Number(Plain)) => left,
            (Arithmetic::Over, Self::Number(left), Self::Number(right)) if left == right => Self::Share,
            // So much a head, a piece, a square metre, a month.
            (Arithmetic::Times, Self::Number(Money), Self::Number(People | Things | Surface | Months | Days))
            | (Arithmetic::Times, Self::Number(People | Things | Surface | Months | Days), Self::Number(Money)) => {
                Self::Number(Money)
            }
            // Per head, per piece, per square metre, per month.
            (Arithmetic::Over, left, Self::Number(People | Things | Surface | Months | Days)) => left,
            _ => Self::Unclear,
        }
    }

    /// Whether the two may be compared or added.
    pub(crate) fn fits(self, other: Self) -> bool {
        match (self, other) {
            (Self::Date, Self::Date)
            | (Self::Share, Self::Share | Self::Number(Dimension::Plain))
            | (Self::Number(Dimension::Plain), Self::Share) => true,
            (Self::Number(left), Self::Number(right)) => left.fits(right),
            _ => false,
        }
    }

    /// A value as a person reads it.
    pub(crate) fn show(self, value: &Rational, unit: &str) -> String {
        match self {
            Self::Date => date_of(value).map_or_else(|| value.rounded_text(0), |date| date.to_string()),
            Self::Number(Dimension::Money) => money_text(value),
            Self::Share => percent_text(value),
            Self::Number(Dimension::Months) => months_text(value),
            Self::Number(_) | Self::Unclear => count_text(value, unit),
        }
    }

    /// A distance between two values: `14 万元`, `0.4 个百分点`. Never rounded to nothing.
    pub(crate) fn show_difference(self, difference: &Rational, unit: &str) -> String {
        let text = match self {
            Self::Share => points_text(difference),
            Self::Date => format!("{} 天", difference.rounded_text(0)),
            _ => self.show(difference, unit),
        };
        match text.strip_prefix("0 ") {
            Some(unit) if difference.signum() != 0 => format!("不足 0.01 {unit}"),
            _ => text,
        }
    }

    /// What this is called in messages.
    pub(crate) fn words(self) -> String {
        match self {
            Self::Date => "日期".into(),
            Self::Share => "比例".into(),
            Self::Number(Dimension::Plain) => "没有单位的数".into(),
            Self::Number(dimension) => format!("以「{}」计的数", dimension.base_name()),
            Self::Unclear => "单位不明的数".into(),
        }
    }
}

/// The unit written behind a count: that of the first fact or number that has one.
pub(crate) fn unit_of(expression: &Expression, reference: &Reference) -> String {
    let of_fact = |key: &FactKey| {
        let unit = reference.catalogue.fact(key).map(|fact| fact.unit.as_str()).unwrap_or_default();
        // 年 and the like are kept in their base unit.
        match Unit::find(unit) {
            Some(unit) if unit.numerator != 1 => unit.dimension.base_name().to_owned(),
            _ => unit.to_owned(),
        }
    };
    match expression {
        Expression::Quantity(quantity) => quantity.unit().dimension.base_name().to_owned(),
        Expression::Fact(fact) => of_fact(&fact.fact),
        Expression::Over { fact, .. } => of_fact(fact),
        Expression::Tally(tally) => match (tally.field(reference), &tally.of) {
            (Some(field), _) => field.unit.clone(),
            (None, _) => "项".to_owned(),
        },
        Expression::Score(_) => Dimension::Score.base_name().to_owned(),
        Expression::Growth { .. } | Expression::Parameter { .. } | Expression::Date(_) => String::new(),
        Expression::Arithmetic { left, right, .. } => {
            let unit = unit_of(left, reference);
            if unit.is_empty() { unit_of(right, reference) } else { unit }
        }
    }
}

/// Whole years where they come out even.
fn months_text(months: &Rational) -> String {
    match months.checked_div(&Rational::whole(12)) {
        Some(years) if years.is_whole() && years.signum() != 0 => count_text(&years, "年"),
        _ => count_text(months, "个月"),
    }
}

/// The date of a number of days.
pub(crate) fn date_of(days: &Rational) -> Option<NaiveDate> {
    let days = days.whole_number().and_then(|days| i32::try_from(days).ok());
    NaiveDate::from_num_days_from_ce_opt(days?)
}
