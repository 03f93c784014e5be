//! Working days in China: the State Council's yearly arrangement where there is one, an estimate where there is not.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike as _, Days, NaiveDate, Weekday};
use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use super::source::{Entry, Source, TomlSource as _, calendar_date};
use crate::problem::Problem;

/// One year's notice.
#[derive(Clone, Debug, Default)]
struct Arrangement {
    days_off: BTreeSet<NaiveDate>,
    /// Weekend days worked instead (调休).
    days_worked: BTreeSet<NaiveDate>,
    source: String,
}

/// The calendar. For a year without a notice only weekends and holidays of fixed date are known: ask
/// [`Calendar::is_arranged`] before promising a day.
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    years: BTreeMap<i32, Arrangement>,
    /// Month and day of holidays that never move.
    fixed: BTreeSet<(u32, u32)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    fixed: Vec<String>,
    #[serde(default)]
    years: Vec<Spanned<toml::Value>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawYear {
    year: i32,
    source: String,
    holidays: Vec<RawHoliday>,
    #[serde(default)]
    workdays: Vec<Datetime>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawHoliday {
    name: String,
    from: Datetime,
    to: Datetime,
}

impl Calendar {
    pub(super) fn parse(source: &Source<'_>, problems: &mut Vec<Problem>) -> Self {
        let Some(document) = source.document::<Document>(problems) else { return Self::default() };
        let mut calendar = Self::default();
        for text in &document.fixed {
            // A leap year, so that 02-29 could be written.
            match format!("2000-{text}").parse::<NaiveDate>() {
                Ok(date) => drop(calendar.fixed.insert((date.month(), date.day()))),
                Err(_) => problems.push(source.problem(1, format!("fixed 里的“{text}”不是月日")).remedy("写成 10-01")),
            }
        }
        for entry in source.entries::<RawYear>(document.years, problems) {
            let arrangement = read(&entry, &mut |message| problems.push(source.problem(entry.line, message)));
            if calendar.years.insert(entry.value.year, arrangement).is_some() {
                problems.push(source.problem(entry.line, format!("{} 年写了两次", entry.value.year)));
            }
        }
        calendar
    }

    /// Whether the State Council's arrangement for this year is known.
    pub fn is_arranged(&self, year: i32) -> bool {
        self.years.contains_key(&year)
    }

    /// The notice a year's days were taken from.
    pub fn arranged_by(&self, year: i32) -> Option<&str> {
        self.years.get(&year).map(|arrangement| arrangement.source.as_str())
    }

    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        let weekday = !matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
        match self.years.get(&date.year()) {
            Some(year) => year.days_worked.contains(&date) || (weekday && !year.days_off.contains(&date)),
            None => weekday && !self.fixed.contains(&(date.month(), date.day())),
        }
    }

    /// The `count`-th working day after `date`; `date` itself for zero. Stops at the end of the calendar.
    pub fn add_working_days(&self, date: NaiveDate, count: u32) -> NaiveDate {
        let mut day = date;
        let mut left = count;
        while left > 0 {
            let Some(next) = day.checked_add_days(Days::new(1)) else { return day };
            day = next;
            left -= u32::from(self.is_working_day(day));
        }
        day
    }
}

fn read(entry: &Entry<RawYear>, complain: &mut impl FnMut(String)) -> Arrangement {
    let raw = &entry.value;
    let mut arrangement = Arrangement { source: raw.source.clone(), ..Arrangement::default() };
    for holiday in &raw.holidays {
        match (calendar_date(holiday.from), calendar_date(holiday.to)) {
            (Some(from), Some(to)) if from <= to && from.year() == raw.year && to.year() == raw.year => {
                arrangement.days_off.extend(from.iter_days().take_while(|day| *day <= to));
            }
            _ => complain(format!("{} 年{}的起止日期不对", raw.year, holiday.name)),
        }
    }
    for workday in &raw.workdays {
        match calendar_date(*workday).filter(|day| day.year() == raw.year) {
            Some(day) if arrangement.days_off.contains(&day) => complain(format!("{day} 既放假又上班")),
            Some(day) => drop(arrangement.days_worked.insert(day)),
            None => complain(format!("{} 年调休上班日期 {workday} 不对", raw.year)),
        }
    }
    arrangement
}
