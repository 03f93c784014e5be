//! Record lists: which records count, whether there can be others, and what they come to.

use chrono::NaiveDate;
use rules::number::Rational;
use rules::reference::ListShape;
use rules::tree::{Filter, Records, Span, Tallied, Tally};
use rules::{Fact, FactKind};

use super::engine::iso;
use super::interval::{End, Interval, KNOWN};
use super::leaf::step;
use super::number::Num;
use super::sql::{Layers, Sql, sql};
use super::{LARGEST_SUMMAND, Reader, Stop};
use crate::connect::Engine;

/// The field that says how many pieces one record stands for.
const PIECES: &str = "count";

/// A record as the queries below call it.
pub(super) const RECORD: &str = "j.value";

/// A list with what is asked of its records.
pub(super) struct Asked<'r> {
    pub(super) shape: &'r ListShape,
    pub(super) path: String,
    pub(super) demands: Vec<Filter>,
    pub(super) records: &'r Records,
}

impl<'a> Reader<'a> {
    pub(super) fn list<'r>(&self, records: &'r Records) -> Result<Option<Asked<'r>>, Stop>
    where
        'a: 'r,
    {
        let reference = self.context.reference;
        let Some(shape) = reference.catalogue.fact(&records.list).and_then(Fact::list) else { return Ok(None) };
        let path = step(records.list.as_str())?;
        Ok(Some(Asked { shape, path, demands: records.demands(shape).into_owned(), records }))
    }

    /// How many records count, an interval that may have no end.
    pub(super) fn counted(&mut self, records: &Records) -> Result<Interval, Stop> {
        let Some(asked) = self.list(records)? else {
            // No such list: nobody knows.
            let none = Interval::exactly(&Rational::whole(0));
            let endless = End { n: Num::within(0, Sql::fixed("NULL")), d: None, open: true };
            return Ok(Interval { high: endless, ..none });
        };
        let pieces = match asked.shape.fields.iter().find(|field| field.key == PIECES && field.kind.is_number()) {
            Some(field) => {
                self.sums()?;
                let raw = format!("{RECORD} ->> '{PIECES}'");
                let number = self.engine.scaled(&raw, field.scale);
                self.beyond.push(number.clone());
                format!("CASE WHEN {raw} IS NULL THEN 1 WHEN {number} > 0 THEN {number} ELSE 0 END")
            }
            None => "1".to_owned(),
        };
        let total = |least: u8| format!("COALESCE(sum(CASE WHEN v >= {least} THEN k END), 0)");
        let parts = self.sifted(&asked, &pieces, &[total(2), total(1)])?;
        let complete = self.complete(&asked)?;
        let high = sql!("CASE WHEN {} THEN {} END", complete, parts[1]);
        let interval = self.whole(parts[0].clone(), high);
        Ok(self.reckoner().named(interval))
    }

    /// What the records come to together.
    pub(super) fn tally(&mut self, tally: &Tally) -> Result<Interval, Stop> {
        let field = match &tally.of {
            Tallied::Number => return self.counted(&tally.records),
            Tallied::Sum(field) | Tallied::Greatest(field) | Tallied::Least(field) => field,
        };
        let Some(asked) = self.list(&tally.records)? else { return Ok(Interval::unknown()) };
        let Some(number) = asked.shape.fields.iter().find(|one| one.key == *field) else {
            return Err(Stop::refused(format!("清单的「{field}」"), "目录里没有这一栏", "改成目录里有的一栏"));
        };
        let unit = number.shape().stored_unit();
        let value = self.field_number(number)?;
        let (first, second) = match &tally.of {
            Tallied::Sum(_) => {
                self.sums()?;
                ("COALESCE(sum(CASE WHEN v = 2 THEN k END), 0)", "COALESCE(sum(CASE WHEN v > 0 THEN k END), 0)")
            }
            Tallied::Greatest(_) => ("COALESCE(max(CASE WHEN v = 2 THEN k END), 0)", "max(CASE WHEN v > 0 THEN k END)"),
            _ => ("min(CASE WHEN v > 0 THEN k END)", "min(CASE WHEN v = 2 THEN k END)"),
        };
        let counts = ["count(CASE WHEN v = 2 THEN 1 END)", "count(CASE WHEN v = 1 THEN 1 END)"];
        let missing = "count(CASE WHEN v > 0 AND k IS NULL THEN 1 END)";
        let aggregates = [first, second, counts[0], counts[1], missing].map(str::to_owned);
        let parts = self.sifted(&asked, &value, &aggregates)?;
        let complete = self.complete(&asked)?;
        let closed = self.layers.name(sql!("{} AND {} = 0", complete, parts[4]));
        let (low, high) = match &tally.of {
            Tallied::Least(_) => (sql!("COALESCE(CASE WHEN {} THEN {} END, 0)", closed, parts[0]), parts[1].clone()),
            _ => (parts[0].clone(), sql!("CASE WHEN {} THEN {} END", closed, parts[1])),
        };
        let state = match &tally.of {
            Tallied::Sum(_) => Sql::fixed(KNOWN),
            // The extreme of no records does not apply, of records that may be none it is open.
            _ => sql!("CASE WHEN {} > 0 THEN 2 WHEN {} = 0 AND {} THEN 0 ELSE 1 END", parts[2], parts[3], complete),
        };
        let interval = Interval { state, unit, ..self.whole(low, high) };
        Ok(self.reckoner().named(interval))
    }

    fn whole(&self, low: Sql, high: Sql) -> Interval {
        let low = End::whole(Num::within(self.reach, low));
        let high = End { n: Num::within(self.reach, high), d: None, open: true };
        Interval { state: Sql::fixed(KNOWN), unit: Rational::whole(1), low, high }
    }

    /// Aggregates over the records, each with `v` (2 it counts, 1 it may, 0 it does not) and `k`.
    fn sifted(&mut self, asked: &Asked<'_>, k: &str, aggregates: &[String]) -> Result<Vec<Sql>, Stop> {
        let timed = in_time(asked, self.context.as_of, self.engine);
        let mut verdicts = vec![timed];
        for demand in &asked.demands {
            verdicts.push(self.filter(asked.shape, demand)?);
        }
        let verdict = self.lesser(verdicts);
        let elements = self.engine.elements(&["facts", &asked.path, "records"]);
        let beyond = self.beyond_reach();
        let mut aggregates = aggregates.to_vec();
        if beyond.is_some() {
            aggregates.push("COALESCE(max(beyond), 0)".to_owned());
        }
        // What is beyond reach is left out of the sums: its firm is not judged, and the others' query does not fail.
        let numbers = match &beyond {
            Some(beyond) => format!(
                "CASE WHEN {beyond} THEN NULL ELSE {k} END AS k, CASE WHEN {beyond} THEN 1 ELSE 0 END AS beyond"
            ),
            None => format!("{k} AS k"),
        };
        let packed = self.engine.pack(&aggregates);
        let packed = self.layers.name(Layers::read(format!(
            "(SELECT {packed} FROM (SELECT {verdict} AS v, {numbers} FROM {elements}) AS m)"
        )));
        let engine = self.engine;
        let mut parts: Vec<Sql> = (0..aggregates.len())
            .map(|place| self.layers.name(Sql::of(engine.unpack(&packed.to_string(), place), &[&packed])))
            .collect();
        if let Some(beyond) = beyond.and_then(|_| parts.pop()) {
            self.guards.push(sql!("{} = 0", beyond));
        }
        for part in parts.iter().take(2) {
            self.guard(part);
        }
        Ok(parts)
    }

    /// Sums of SQLite fit 64 bits only where what is summed is small enough.
    fn sums(&self) -> Result<(), Stop> {
        if self.engine == Engine::Sqlite && self.reach > LARGEST_SUMMAND { Err(Stop::TooLarge) } else { Ok(()) }
    }

    /// Whether a number of the record is beyond what is reckoned with.
    fn beyond_reach(&mut self) -> Option<String> {
        let numbers = std::mem::take(&mut self.beyond);
        if !self.is_guarded() || numbers.is_empty() {
            return None;
        }
        let reach = self.reach;
        let beyond = numbers.iter().map(|number| format!("({number}) NOT BETWEEN -{reach} AND {reach}"));
        Some(format!("COALESCE({}, FALSE)", beyond.collect::<Vec<_>>().join(" OR ")))
    }

    /// All of several verdicts: the least.
    pub(super) fn lesser(&self, mut verdicts: Vec<String>) -> String {
        verdicts.retain(|verdict| verdict != "2");
        match verdicts.len() {
            0 => "2".to_owned(),
            1 => verdicts.swap_remove(0),
            _ => self.engine.least(&verdicts),
        }
    }
}

/// Whether a record lies in the span: by its date, or by its time in force for 有效 and 列入.
fn in_time(asked: &Asked<'_>, as_of: NaiveDate, engine: Engine) -> String {
    let date = |key: &Option<String>| {
        let field = asked.shape.fields.iter().find(|field| Some(&field.key) == key.as_ref());
        field.filter(|field| matches!(field.kind, FactKind::Date)).map(|field| format!("{RECORD} ->> '{}'", field.key))
    };
    let (on, today) = (date(&asked.shape.on), iso(as_of));
    if asked.records.span == Span::InForce {
        let begun = on.map_or_else(|| "1".to_owned(), |on| verdict(&format!("{on} <= '{today}'")));
        let until = asked.shape.fields.iter().find(|field| Some(&field.key) == asked.shape.until.as_ref());
        let lasts = until.map_or_else(
            || "2".to_owned(),
            |field| {
                // The last day of validity is a day of validity; on the day of removal one is no longer listed.
                let (sign, absent) = if field.past { ("<", 2) } else { ("<=", 1) };
                match date(&asked.shape.until) {
                    Some(until) => {
                        format!(
                            "CASE WHEN {until} IS NULL THEN {absent} WHEN '{today}' {sign} {until} THEN 2 ELSE 0 END"
                        )
                    }
                    None => absent.to_string(),
                }
            },
        );
        let both = [begun, lasts];
        let kept: Vec<String> = both.into_iter().filter(|one| one != "2").collect();
        return match kept.as_slice() {
            [] => "2".to_owned(),
            [one] => one.clone(),
            _ => engine.least(&kept),
        };
    }
    let undated = if asked.records.span == Span::Ever { 2 } else { 1 };
    let Some(on) = on else { return undated.to_string() };
    let (first, last) = asked.records.span.days(as_of);
    let after = first.map(|first| format!("'{}' <= {on}", iso(first)));
    let before = last.map(|last| format!("{on} <= '{}'", iso(last)));
    let within: Vec<String> = after.into_iter().chain(before).collect();
    let within = if within.is_empty() { "TRUE".to_owned() } else { within.join(" AND ") };
    format!("CASE WHEN {on} IS NULL THEN {undated} WHEN {within} THEN 2 ELSE 0 END")
}

/// A comparison as a verdict, open where it says nothing.
pub(super) fn verdict(holds: &str) -> String {
    format!("CASE ({holds}) WHEN TRUE THEN 2 WHEN FALSE THEN 0 ELSE 1 END")
}

/// The opposite of a verdict.
pub(super) fn opposite(verdict: &str) -> String {
    match verdict {
        "0" => "2".to_owned(),
        "1" => "1".to_owned(),
        "2" => "0".to_owned(),
        _ => format!("(2 - {verdict})"),
    }
}
