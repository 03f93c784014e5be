//! 企业规模 from industry, people, revenue and assets of one year: every class still possible.

use chrono::NaiveDate;

use super::facts::Facts;
use crate::profile::FactState;
use crate::size::{Figures, Range, SizeClass, SizeTable};
use crate::tree::When;
use crate::value::{FactKey, Value};

pub(crate) const INDUSTRY: &str = "industry";
const PEOPLE: &str = "employees_stat";
const REVENUE: &str = "revenue";
const ASSETS: &str = "assets";
/// People, revenue and assets.
pub(crate) const FIGURES: [&str; 3] = [PEOPLE, REVENUE, ASSETS];

/// The classes possible, and the facts that would narrow them down.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Sizes {
    pub(crate) possible: Vec<&'static str>,
    pub(crate) missing: Vec<FactKey>,
    /// The standard does not cover the industry, or not all of what a coarse code may mean.
    pub(crate) outside: bool,
}

pub(crate) fn sizes(facts: &Facts<'_>, when: When) -> Sizes {
    let mut missing = Vec::new();
    let mut figure = |key: &str| {
        let range = figure(facts, key, when);
        if range.low.is_none() || range.low != range.high {
            missing.push(FactKey::from(key));
        }
        range
    };
    let figures = Figures { people: figure(PEOPLE), revenue: figure(REVENUE), assets: figure(ASSETS) };
    let on = decided_on(when, facts.as_of());
    let industries = industries(facts);
    let mut sizes = possible(&industries, on, &figures, &facts.reference().size_table);
    if industries.is_empty() {
        missing.insert(0, FactKey::from(INDUSTRY));
        return Sizes { missing, ..sizes };
    }
    if sizes.possible.len() > 1 || sizes.outside {
        sizes.missing = relevant(facts, &industries, on, &figures, missing);
        // Sources that differ, or a code too coarse for the table, leave the row open: a finer industry settles it.
        let single = |industry: &String| table_row_is_settled(facts, industry, on);
        if industries.len() > 1 || !industries.iter().all(single) {
            sizes.missing.insert(0, FactKey::from(INDUSTRY));
        }
    }
    sizes
}

/// The day whose table counts: the last of the period, or the as-of day.
pub(crate) fn decided_on(when: When, as_of: NaiveDate) -> NaiveDate {
    when.period(as_of).and_then(|period| period.to?.pred_opt()).unwrap_or(as_of)
}

/// The classes possible, without what would narrow them down. The industries are in their order, each once.
pub(crate) fn possible<S: AsRef<str>>(industries: &[S], on: NaiveDate, figures: &Figures, table: &SizeTable) -> Sizes {
    if industries.is_empty() {
        let possible = SizeClass::ALL.map(SizeClass::label).to_vec();
        return Sizes { possible, missing: Vec::new(), outside: false };
    }
    let mut sizes = Sizes { possible: Vec::new(), missing: Vec::new(), outside: false };
    for industry in industries {
        let answer = table.classify(industry.as_ref(), on, figures);
        sizes.outside |= answer.outside;
        sizes.possible.extend(answer.possible.into_iter().map(SizeClass::label));
    }
    sizes.possible.sort_unstable();
    sizes.possible.dedup();
    sizes
}

/// Whether the code means one row of the table, or surely none.
fn table_row_is_settled(facts: &Facts<'_>, industry: &str, on: NaiveDate) -> bool {
    let Some(version) = facts.reference().size_table.version(on) else { return true };
    let mut classes = version.rows.iter().flat_map(|row| &row.industries);
    let is_within =
        version.rows.iter().flat_map(|row| &row.industries).any(|class| industry.starts_with(class.as_str()));
    is_within || !classes.any(|class| class.starts_with(industry))
}

/// Of the missing figures, those the industry's row asks for at all.
fn relevant(
    facts: &Facts<'_>,
    industries: &[String],
    on: NaiveDate,
    figures: &Figures,
    missing: Vec<FactKey>,
) -> Vec<FactKey> {
    let table = &facts.reference().size_table;
    let possible = |figures: &Figures| {
        industries.iter().map(|industry| table.classify(industry, on, figures).possible).collect::<Vec<_>>()
    };
    let before = possible(figures);
    // A figure matters if fixing it at some value changes what is possible; zero and a huge value are the extremes.
    let matters = |key: &FactKey| {
        [0, i64::MAX].into_iter().any(|value| {
            let mut tried = *figures;
            match key.as_str() {
                PEOPLE => tried.people = Range::exactly(value),
                REVENUE => tried.revenue = Range::exactly(value),
                _ => tried.assets = Range::exactly(value),
            }
            possible(&tried) != before
        })
    };
    missing.into_iter().filter(matters).collect()
}

fn figure(facts: &Facts<'_>, key: &str, when: When) -> Range {
    let Some(fact) = facts.fact(&FactKey::from(key)) else { return Range::default() };
    let values = facts.entries(fact, facts.when(when, fact), None).into_iter().filter_map(|entry| match entry.state {
        FactState::Known(Value::Number(number)) => Some(number),
        _ => None,
    });
    let (low, high) = values.fold((None, None), |(low, high): (Option<i64>, Option<i64>), number| {
        (Some(low.map_or(number, |low| low.min(number))), Some(high.map_or(number, |high| high.max(number))))
    });
    Range { low, high }
}

fn industries(facts: &Facts<'_>) -> Vec<String> {
    let Some(fact) = facts.fact(&FactKey::from(INDUSTRY)) else { return Vec::new() };
    let mut codes: Vec<String> = facts
        .entries(fact, When::Now, None)
        .into_iter()
        .filter_map(|entry| match &entry.state {
            FactState::Known(Value::Industry(code)) => Some(code.clone()),
            _ => None,
        })
        .collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}
