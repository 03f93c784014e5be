//! What is asked of one record, as a verdict: 2 it passes, 1 a field it lacks leaves that open, 0 it fails.

use chrono::NaiveDate;
use rules::FactKind;
use rules::number::Rational;
use rules::reference::{Field, ListShape};
use rules::tree::age::Duration;
use rules::tree::{Arithmetic, Figure, Filter, Operator};

use super::engine::iso;
use super::interval::End;
use super::leaf::{LATEST_DAY, step};
use super::member::Held;
use super::number::{Num, Numbers};
use super::records::{RECORD, opposite, verdict};
use super::sql::{Sql, sql};
use super::{Reader, Stop};

/// A number within a record in units of the first; NULL where the record lacks a field.
type Value = (Rational, End);

impl Reader<'_> {
    pub(super) fn filter(&mut self, shape: &ListShape, filter: &Filter) -> Result<String, Stop> {
        Ok(match filter {
            Filter::Among { field, negated, values } => {
                let passes = self.field_among(shape, field, values)?;
                if *negated { opposite(&passes) } else { passes }
            }
            Filter::Compare { left, operator, right } => {
                let (left, right) = (self.figure(shape, left)?, self.figure(shape, right)?);
                let (Some(left), Some(right)) = (left, right) else { return Ok("1".to_owned()) };
                self.figures_compared(&left, *operator, &right)?
            }
            Filter::Age { field, until, operator, duration } => {
                let Some(start) = date_field(shape, field) else { return Ok("1".to_owned()) };
                match until {
                    None => since(&start, *operator, *duration, self.context.as_of),
                    Some(until) => match date_field(shape, until) {
                        Some(end) => self.between(&start, &end, *operator, *duration),
                        None => "1".to_owned(),
                    },
                }
            }
            Filter::All(members) => {
                let verdicts = self.filters(shape, members)?;
                self.lesser(verdicts)
            }
            Filter::Any(members) => self.one_of(shape, members)?,
            Filter::None(members) => opposite(&self.one_of(shape, members)?),
        })
    }

    fn filters(&mut self, shape: &ListShape, members: &[Filter]) -> Result<Vec<String>, Stop> {
        members.iter().map(|member| self.filter(shape, member)).collect()
    }

    fn one_of(&mut self, shape: &ListShape, members: &[Filter]) -> Result<String, Stop> {
        let mut verdicts = self.filters(shape, members)?;
        Ok(match verdicts.len() {
            0 => "0".to_owned(),
            1 => verdicts.swap_remove(0),
            _ => self.engine.greatest(&verdicts),
        })
    }

    fn field_among(&mut self, shape: &ListShape, key: &str, values: &[String]) -> Result<String, Stop> {
        let Some(field) = field(shape, key) else { return Ok("1".to_owned()) };
        let value = format!("({RECORD} ->> '{}')", step(key)?);
        let held = Held { value: &value, element: RECORD, key };
        Ok(match self.among(&field.kind, held, values)? {
            Some(judged) => format!("CASE WHEN {value} IS NULL THEN 1 ELSE {judged} END"),
            None => "1".to_owned(),
        })
    }

    /// A number or date of a record in stored units, as SQL.
    pub(super) fn field_number(&mut self, field: &Field) -> Result<String, Stop> {
        let raw = format!("({RECORD} ->> '{}')", step(&field.key)?);
        match &field.kind {
            FactKind::Date => Ok(self.engine.days(&raw)),
            kind if kind.is_number() => {
                let number = self.engine.scaled(&raw, field.scale);
                self.beyond.push(number.clone());
                Ok(number)
            }
            _ => Err(Stop::refused(format!("清单的「{}」", field.name), "不是数,也不是日期", "改成对它的取值提要求")),
        }
    }

    /// Nothing for what no record has.
    fn figure(&mut self, shape: &ListShape, figure: &Figure) -> Result<Option<Value>, Stop> {
        let exactly = |value: &Rational| {
            let interval = super::interval::Interval::exactly(value);
            Some((interval.unit, interval.low))
        };
        match figure {
            Figure::Quantity(quantity) => Ok(exactly(&quantity.value())),
            Figure::Date(date) => Ok(Some((Rational::whole(1), day(*date)))),
            Figure::Field(key) => {
                let Some(field) = field(shape, key) else { return Ok(None) };
                let number = self.field_number(field)?;
                let most = if field.kind.is_number() { self.reach } else { LATEST_DAY };
                Ok(Some((field.shape().stored_unit(), End::whole(Num::within(most, Sql::fixed(number))))))
            }
            Figure::Arithmetic { left, operator, right } => {
                let (left, right) = (self.figure(shape, left)?, self.figure(shape, right)?);
                let (Some(left), Some(right)) = (left, right) else { return Ok(None) };
                self.calculated(&left, *operator, &right)
            }
        }
    }

    fn calculated(&mut self, left: &Value, operator: Arithmetic, right: &Value) -> Result<Option<Value>, Stop> {
        let numbers = Numbers(self.engine);
        let over = |end: &End, n: Num, d: Num| End { n, d: Some(d).filter(|d| !d.is_one()), open: end.open };
        let ((left_unit, left), (right_unit, right)) = (left, right);
        let d = numbers.times(&left.denominator(), &right.denominator());
        Ok(match operator {
            Arithmetic::Plus | Arithmetic::Minus => {
                let (p, q, unit) = super::interval::Reckoner::common(left_unit, right_unit);
                let one = numbers.times(&numbers.times(&left.n, &p)?, &right.denominator())?;
                let two = numbers.times(&numbers.times(&right.n, &q)?, &left.denominator())?;
                let two = if operator == Arithmetic::Minus { numbers.negated(&two)? } else { two };
                Some((unit, over(left, numbers.plus(&one, &two)?, d?)))
            }
            Arithmetic::Times => {
                let n = numbers.times(&left.n, &right.n)?;
                Some((left_unit.multiply(right_unit), over(left, n, d?)))
            }
            Arithmetic::Over => {
                let Some(unit) = left_unit.checked_div(right_unit) else { return Ok(None) };
                let (sign, size) = match right.n.fixed {
                    Some(0) => return Ok(None),
                    Some(fixed) => (Num::whole(fixed.signum()), Num::whole(fixed.abs())),
                    // Divided by zero there is no number.
                    None => (
                        Num::within(1, sql!("NULLIF(sign({}), 0)", right.n.sql)),
                        Num::within(right.n.most, sql!("abs({})", right.n.sql)),
                    ),
                };
                let n = numbers.times(&numbers.times(&left.n, &right.denominator())?, &sign)?;
                Some((unit, over(left, n, numbers.times(&left.denominator(), &size)?)))
            }
        })
    }

    fn figures_compared(&mut self, left: &Value, operator: Operator, right: &Value) -> Result<String, Stop> {
        let compared = self.reckoner().compared((&left.0, &left.1), operator, (&right.0, &right.1))?;
        let settled = if compared.is("TRUE") { "2" } else { "0" };
        if !compared.is("TRUE") && !compared.is("FALSE") {
            return Ok(verdict(&compared.to_string()));
        }
        // Settled by size alone, if there is a number at all.
        let varying = [&left.1.n, &right.1.n].into_iter().filter(|number| number.fixed.is_none());
        let missing: Vec<String> = varying.map(|number| format!("({}) IS NULL", number.sql)).collect();
        Ok(match missing.as_slice() {
            [] => settled.to_owned(),
            some => format!("CASE WHEN {} THEN 1 ELSE {settled} END", some.join(" OR ")),
        })
    }

    /// How long before another date of the record a date lies.
    fn between(&self, start: &str, end: &str, operator: Operator, duration: Duration) -> String {
        let completed = match duration {
            Duration::Years(years) => self.engine.months_later(start, u32::from(years) * 12),
            Duration::Months(months) => self.engine.months_later(start, months.into()),
            Duration::Days(days) => self.engine.days_later(start, days),
        };
        let end_day = self.engine.day(end);
        // What is completed in a year no calendar of the engine holds is not completed yet.
        let sign = match operator {
            Operator::AtLeast => "<=",
            Operator::More => "<",
            Operator::AtMost => ">=",
            Operator::Less => ">",
            Operator::Equal => "=",
            Operator::Differs => "<>",
        };
        let never = matches!(operator, Operator::AtMost | Operator::Less | Operator::Differs);
        let never = Sql::from(never);
        format!(
            "CASE WHEN {start} IS NULL OR {end} IS NULL THEN 1 \
             WHEN COALESCE({completed} {sign} {end_day}, {never}) THEN 2 ELSE 0 END"
        )
    }
}

/// How long before a day a date lies: a threshold on the raw date.
fn since(start: &str, operator: Operator, duration: Duration, end: NaiveDate) -> String {
    let latest = |end: Option<NaiveDate>| {
        let latest = end.and_then(|end| duration.latest_start(end)).unwrap_or(NaiveDate::MIN);
        format!("{start} <= '{}'", iso(latest))
    };
    let (reached, exceeded) = (latest(Some(end)), latest(end.pred_opt()));
    let holds = match operator {
        Operator::AtLeast => reached,
        Operator::More => exceeded,
        Operator::AtMost => format!("NOT ({exceeded})"),
        Operator::Less => format!("NOT ({reached})"),
        Operator::Equal => format!("{reached} AND NOT ({exceeded})"),
        Operator::Differs => format!("NOT ({reached}) OR {exceeded}"),
    };
    format!("CASE WHEN {start} IS NULL THEN 1 WHEN {holds} THEN 2 ELSE 0 END")
}

pub(super) fn field<'s>(shape: &'s ListShape, key: &str) -> Option<&'s Field> {
    shape.fields.iter().find(|field| field.key == key)
}

fn date_field(shape: &ListShape, key: &str) -> Option<String> {
    field(shape, key)
        .filter(|field| matches!(field.kind, FactKind::Date))
        .map(|field| format!("({RECORD} ->> '{}')", field.key))
}

fn day(date: NaiveDate) -> End {
    use chrono::Datelike as _;
    let number = Num::whole(date.num_days_from_ce().into());
    End::whole(number)
}
