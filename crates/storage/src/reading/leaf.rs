//! What a document says of one fact for one time: the entries that count, by the precedence of their sources.

use chrono::{Datelike as _, NaiveDate};
use rules::reference::PeriodKind;
use rules::tree::When;
use rules::{Fact, FactKey, FactKind};

use super::engine::iso;
use super::interval::{End, Interval};
use super::number::Num;
use super::sql::{Layers, Sql, all, sql};
use super::{Reader, Stop};
use crate::connect::Engine;

/// The fact that says from when an enterprise existed.
const ESTABLISHED: &str = "established_on";

/// State of a number nobody states for the period.
pub(super) const ABSENT: &str = "3";

/// A number or date as stated: 0 not applicable, 1 contradicting, 2 known, 3 absent; the ends in stored units.
#[derive(Clone, Debug)]
pub(super) struct Stated {
    pub(super) state: Sql,
    pub(super) values: Interval,
}

/// First and last month's first day of a label: `2025`, `2025Q3`, `2025M01-11`.
const FIRST_MONTHS: &str = "-01-01-04-01-07-01-10-01";
const LAST_MONTHS: &str = "-03-01-06-01-09-01-12-01";

impl Reader<'_> {
    pub(super) fn fact(&self, key: &FactKey) -> Option<&'_ Fact> {
        self.context.reference.catalogue.fact(key)
    }

    /// The period a code is asked for.
    pub(super) fn code_period(fact: &Fact) -> When {
        match fact.period {
            PeriodKind::Year => When::Year(rules::tree::Year::Ago(1)),
            PeriodKind::None | PeriodKind::History => When::Now,
        }
    }

    /// The entries that count, as rows of `x` (the value as text or number, NULL for "not applicable") and `e` (the
    /// entry): of the best rank, of each source the latest.
    pub(super) fn entries(&mut self, fact: &Fact, when: When, source: Option<&str>) -> Result<String, Stop> {
        let elements = self.engine.elements(&["facts", &step(fact.key.as_str())?]);
        let named = source.map(|source| format!("j.value ->> 'source' = {}", self.layers.text(source)));
        let rank = if source.is_some() { "0".to_owned() } else { self.rank(fact) };
        let entry = "j.value ->> 'value' AS x, j.value AS e";
        let period = when.period(self.context.as_of);
        if fact.period == PeriodKind::Year {
            let label = period.and_then(rules::Period::label);
            let label = label.map_or_else(|| "FALSE".to_owned(), |label| format!("j.value ->> 'period' = '{label}'"));
            return Ok(match named {
                Some(named) => format!("SELECT {entry} FROM {elements} WHERE {label} AND {named}"),
                None => format!(
                    "SELECT x, e FROM (SELECT n.*, min(r) OVER () AS best FROM (SELECT {entry}, {rank} AS r FROM \
                     {elements} WHERE {label}) AS n) AS m WHERE r = best"
                ),
            });
        }
        // States from a day to a day: of those in force, the one of each source that began last.
        let day = iso(period.and_then(|period| period.to?.pred_opt()).unwrap_or(self.context.as_of));
        let named = named.map(|named| format!(" WHERE {named}")).unwrap_or_default();
        let (begins, ends) = (begins("j.value"), ends("j.value", self.engine));
        Ok(format!(
            "SELECT x, e FROM (SELECT n.*, min(r) OVER () AS best, max(COALESCE(f, '')) OVER (PARTITION BY src) AS latest \
             FROM (SELECT {entry}, {rank} AS r, j.value ->> 'source' AS src, {begins} AS f, {ends} AS t FROM \
             {elements}{named}) AS n WHERE COALESCE(f <= '{day}', TRUE) AND COALESCE('{day}' < t, TRUE)) AS m \
             WHERE r = best AND COALESCE(f, '') = latest"
        ))
    }

    /// The rank of a source, 0 the most trusted.
    pub(super) fn rank(&mut self, fact: &Fact) -> String {
        let layers = &mut self.layers;
        let ranks = fact.precedence.iter().enumerate().map(|(rank, sources)| {
            format!("WHEN j.value ->> 'source' IN ({}) THEN {rank}", layers.list(sources.iter().map(String::as_str)))
        });
        let ranks: Vec<String> = ranks.collect();
        match ranks.len() {
            0 => "0".to_owned(),
            worst => format!("CASE {} ELSE {worst} END", ranks.join(" ")),
        }
    }

    /// The number or date of a fact in a period.
    pub(super) fn stated(&mut self, key: &FactKey, when: When, source: Option<&str>) -> Result<Option<Stated>, Stop> {
        let Some(fact) = self.fact(key).cloned() else { return Ok(None) };
        let (value, unit) = match &fact.kind {
            FactKind::Date => (self.engine.days("x"), rules::number::Rational::whole(1)),
            kind if kind.is_number() => (self.engine.scaled("x", fact.scale), fact.shape().stored_unit()),
            _ => return Err(Stop::refused(format!("「{}」", fact.name), "不是数,也不是日期", "改成对它的取值提要求")),
        };
        let state = "CASE WHEN count(*) = 0 THEN 3 WHEN count(v) = count(*) THEN 2 WHEN count(v) = 0 THEN 0 ELSE 1 END";
        let packed = self.engine.pack(&[state.to_owned(), "min(v)".to_owned(), "max(v)".to_owned()]);
        let entries = self.entries(&fact, when, source)?;
        let packed = self
            .layers
            .name(Layers::read(format!("(SELECT {packed} FROM (SELECT {value} AS v FROM ({entries}) AS n) AS m)")));
        let mut part = |place| {
            let part = self.engine.unpack(&packed.to_string(), place);
            self.layers.name(Sql::of(part, &[&packed]))
        };
        let (state, low, high) = (part(0), part(1), part(2));
        let most = if fact.kind.is_number() { self.reach } else { LATEST_DAY };
        let end = |sql: Sql| End::whole(Num::within(most, sql));
        if fact.kind.is_number() {
            self.guard(&low);
            self.guard(&high);
        }
        Ok(Some(Stated { state: state.clone(), values: Interval { state, unit, low: end(low), high: end(high) } }))
    }

    /// Whether the enterprise certainly came into being on or after a day.
    pub(super) fn founded_from(&mut self, day: NaiveDate) -> Result<Sql, Stop> {
        Ok(match self.founded()? {
            Some((is_known, day_of)) => all(vec![is_known, sql!("{} >= {}", day_of, number_of(day))]),
            None => false.into(),
        })
    }

    /// Whether the earliest possible day of founding is known, and that day.
    pub(super) fn founded(&mut self) -> Result<Option<(Sql, Sql)>, Stop> {
        let stated = self.stated(&FactKey::from(ESTABLISHED), When::Now, None)?;
        Ok(stated.map(|stated| (sql!("{} = 2", stated.state), stated.values.low.n.sql)))
    }
}

/// A key of the catalogue as a step of a path.
pub(super) fn step(key: &str) -> Result<String, Stop> {
    if !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        return Ok(key.to_owned());
    }
    Err(Stop::refused(format!("目录里的键「{key}」"), "含有字母、数字和下划线以外的字符", "改用英文字母命名"))
}

/// No day of a document or of a condition is further from the beginning of the calendar.
pub(super) const LATEST_DAY: u128 = 100_000_000;

/// A day as a number.
pub(super) fn number_of(day: NaiveDate) -> Sql {
    Sql::fixed(day.num_days_from_ce().to_string())
}

/// The first day of an entry's period; NULL where it has no beginning.
pub(super) fn begins(entry: &str) -> String {
    let label = format!("{entry} ->> 'period'");
    format!(
        "COALESCE({entry} ->> 'from', CASE length({label}) WHEN 4 THEN ({label}) || '-01-01' {} \
         WHEN 10 THEN substr({label}, 1, 4) || '-' || substr({label}, 6, 2) || '-01' END)",
        quarter(&label, FIRST_MONTHS)
    )
}

/// The first day after an entry's period; NULL where it has no end.
pub(super) fn ends(entry: &str, engine: Engine) -> String {
    let label = format!("{entry} ->> 'period'");
    let last = format!(
        "CASE length({label}) WHEN 4 THEN ({label}) || '-12-01' {} \
         WHEN 10 THEN substr({label}, 1, 4) || '-' || substr({label}, 9, 2) || '-01' END",
        quarter(&label, LAST_MONTHS)
    );
    format!("COALESCE({entry} ->> 'to', {})", engine.next_month(&last))
}

fn quarter(label: &str, months: &str) -> String {
    format!(
        "WHEN 6 THEN substr({label}, 1, 4) || substr('{months}', 6 * CAST(substr({label}, 6, 1) AS INTEGER) - 5, 6)"
    )
}
