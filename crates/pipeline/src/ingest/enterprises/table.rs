//! Profiles as a table: the columns [`super::cells`] reads, the other way round.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use rules::number::decimal_text;
use rules::reference::PeriodKind;
use rules::{Entry, Fact, FactKey, FactState, Period, Profile, Reference, Value};

use super::cells::{NAME, SYNTHETIC, USCC};

/// Which facts, years and sources a table has columns for.
#[derive(Debug)]
pub struct ProfileTable {
    header: Vec<String>,
    columns: HashMap<FactKey, Vec<Column>>,
}

/// A profile as cells in the order of the header.
#[derive(Debug)]
pub struct TableRow {
    pub cells: Vec<String>,
    /// Statements and lists no cell can hold: past states, records, what there is no column for.
    pub left_out: usize,
}

/// Where the statements of one source about one fact and time go.
#[derive(Debug)]
struct Column {
    period: Period,
    source: String,
    value: usize,
    /// The first day of a state.
    since: Option<usize>,
}

/// Order of columns: the catalogue's, latest years first, most trusted sources first.
type Place = (usize, Reverse<Period>, usize, String);

impl ProfileTable {
    /// A table with a column for everything a cell can hold of these profiles.
    pub fn of<'p>(profiles: impl IntoIterator<Item = &'p Profile>, reference: &Reference) -> Self {
        let facts: Vec<&Fact> = reference.catalogue.iter().collect();
        let order: BTreeMap<&FactKey, usize> =
            facts.iter().enumerate().map(|(place, fact)| (&fact.key, place)).collect();
        let mut places: BTreeSet<Place> = BTreeSet::new();
        for (key, entry) in profiles.into_iter().flat_map(entries) {
            let Some(place) = order.get(key).copied() else { continue };
            if let Some(period) = cell_period(facts[place], entry) {
                let rank = facts[place].rank(&entry.source);
                places.insert((place, Reverse(period), rank, entry.source.clone()));
            }
        }
        let mut table = Self { header: [USCC, NAME, SYNTHETIC].map(str::to_owned).into(), columns: HashMap::new() };
        for (place, period, _, source) in places {
            table.add(facts[place], period.0, source, reference);
        }
        table
    }

    pub fn header(&self) -> &[String] {
        &self.header
    }

    pub fn row(&self, profile: &Profile, synthetic: bool, reference: &Reference) -> TableRow {
        let mut row = TableRow { cells: vec![String::new(); self.header.len()], left_out: profile.lists.len() };
        row.cells[0].clone_from(&profile.uscc);
        row.cells[1].clone_from(&profile.name);
        row.cells[2].push_str(truth(synthetic));
        for (key, entry) in entries(profile) {
            if !self.place(key, entry, &mut row.cells, reference) {
                row.left_out += 1;
            }
        }
        row
    }

    /// Writes one statement into its cells; `false` where there are none for it.
    fn place(&self, key: &FactKey, entry: &Entry, cells: &mut [String], reference: &Reference) -> bool {
        let Some(fact) = reference.catalogue.fact(key) else { return false };
        let Some(period) = cell_period(fact, entry) else { return false };
        let mut columns = self.columns.get(key).into_iter().flatten();
        let Some(column) = columns.find(|column| column.period == period && column.source == entry.source) else {
            return false;
        };
        cells[column.value] = text(fact, &entry.state);
        if let Some((since, from)) = column.since.zip(entry.period.from) {
            cells[since] = from.to_string();
        }
        true
    }

    fn add(&mut self, fact: &Fact, period: Period, source: String, reference: &Reference) {
        let origin = reference.catalogue.origin(&source).map_or(source.as_str(), |origin| &origin.name);
        let mut label = |text: String| {
            self.header.push(format!("{text}@{origin}"));
            self.header.len() - 1
        };
        let value = match period.label() {
            Some(period) => label(format!("{}({period})", fact.name)),
            None => label(fact.name.clone()),
        };
        let since = (fact.period == PeriodKind::History).then(|| label(format!("{}起始日", fact.name)));
        self.columns.entry(fact.key.clone()).or_default().push(Column { period, source, value, since });
    }
}

fn entries(profile: &Profile) -> impl Iterator<Item = (&FactKey, &Entry)> {
    profile.facts.iter().flat_map(|(key, entries)| entries.iter().map(move |entry| (key, entry)))
}

/// The present, which a column needs no label for.
const PRESENT: Period = Period { from: None, to: None };

/// The period the column of this statement is for; nothing where no cell can hold it.
fn cell_period(fact: &Fact, entry: &Entry) -> Option<Period> {
    let holds = match fact.period {
        _ if fact.derived.is_some() => false,
        PeriodKind::Year => entry.period.label().is_some(),
        PeriodKind::History => entry.period.to.is_none(),
        PeriodKind::None => entry.period == PRESENT,
    };
    holds.then_some(if fact.period == PeriodKind::Year { entry.period } else { PRESENT })
}

fn text(fact: &Fact, state: &FactState) -> String {
    match state {
        FactState::NotApplicable => "不适用".to_owned(),
        FactState::Known(value) => match value {
            Value::Bool(flag) => truth(*flag).to_owned(),
            Value::Number(number) => decimal_text(*number, fact.scale),
            Value::Date(day) => day.to_string(),
            Value::Text(text) | Value::Code(text) | Value::Area(text) | Value::Industry(text) => text.clone(),
            Value::Codes(codes) => codes.iter().map(String::as_str).collect::<Vec<_>>().join("、"),
        },
    }
}

fn truth(flag: bool) -> &'static str {
    if flag { "是" } else { "否" }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use intake::{Content, Row};

    use super::super::Enterprises;
    use super::*;
    use crate::ingest::run::Target;

    #[test]
    fn a_table_of_made_up_firms_is_read_back_as_what_it_could_hold() {
        let reference = Reference::builtin();
        let day = chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap_or_default();
        let firms: Vec<Profile> = domain::synthetic::enterprises(7, 120, day).collect();
        let table = ProfileTable::of(&firms, reference);
        let mut target = Enterprises::new(Arc::new(reference.clone()), day);
        assert_eq!(target.begin(Some(table.header())).unwrap(), Vec::<String>::new(), "every column is read");
        let mut moved = 0;
        for firm in &firms {
            let row = table.row(firm, true, reference);
            let row = Row { line: 2, content: Content::Cells(row.cells) };
            let read = target.draft(&row, &mut Vec::new()).unwrap();
            let mut held = firm.clone();
            held.lists.clear();
            moved += usize::from(
                held.facts.values().flatten().any(|entry| entry.period.to.is_some() && entry.period.label().is_none()),
            );
            for entries in held.facts.values_mut() {
                entries.retain(|entry| entry.period.to.is_none() || entry.period.label().is_some());
            }
            held.facts.retain(|_, entries| !entries.is_empty());
            assert_eq!((read.synthetic(), read.document()), (Some(true), held.to_document(reference).as_str()));
        }
        assert!(moved > 3, "firms that moved show that past states are left out");
    }

    #[test]
    fn what_has_no_column_is_counted() {
        let reference = Reference::builtin();
        let day = chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap_or_default();
        let firm = domain::synthetic::enterprise(7, 3, day);
        let statements = firm.facts.values().flatten().count() + firm.lists.len();
        assert_eq!(ProfileTable::of([], reference).row(&firm, false, reference).left_out, statements);
    }
}
