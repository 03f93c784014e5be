//! Every enterprise against every item, in memory.

use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;
use domain::matching::Matcher;
use domain::{EnterpriseOrdinal, Standing, Window};
use population::{Coding, Isa, Plan, Population, Refused, Report, run, run_around};
use rules::{Context, Profile, Reference};
use storage::HistoryMark;

use crate::file::{self, Kept, Trouble};
use crate::questions::{Questions, questions};
use crate::rows::Rows;
use crate::standings::{Joined, Standings, Visitor, tell};

/// Words of a block that a whole run takes at once.
pub(crate) const WORDS: usize = population::BLOCK / 64;

/// The city on one day, as of one moment of the change feed.
#[derive(Debug)]
pub struct City {
    asked: Asked,
    seq: i64,
    rows: Rows,
    population: Population,
    threads: usize,
}

/// The items of a library on one day, over all rows.
#[derive(Debug)]
pub(crate) struct Asked {
    matcher: Arc<Matcher>,
    day: NaiveDate,
    windows: Arc<[Window]>,
    groups: Vec<Group>,
}

/// The items of one context over all rows.
#[derive(Debug)]
struct Group {
    questions: Questions,
    plan: Plan,
    coding: Coding,
}

impl Questions {
    fn context<'a>(&'a self, reference: &'a Reference) -> Context<'a> {
        Context { reference, as_of: self.as_of, parameters: &self.parameters }
    }
}

impl Group {
    fn new(questions: Questions, reference: &Reference) -> Self {
        let plan = Plan::of(&questions.cores, &questions.context(reference));
        Self { questions, plan, coding: Coding::default() }
    }
}

impl Asked {
    fn new(matcher: Arc<Matcher>, day: NaiveDate, reference: &Reference) -> Self {
        let windows: Arc<[Window]> = matcher.entries().iter().map(|entry| entry.window(day)).collect();
        let groups = questions(&matcher, &windows, day).into_iter().map(|group| Group::new(group, reference)).collect();
        Self { matcher, day, windows, groups }
    }

    /// Reckons every group beside codings that hold `kept` bytes.
    fn settle(&mut self, mut kept: usize, population: &Population, threads: usize) -> Result<(), Refused> {
        for group in &mut self.groups {
            group.coding = Coding::derive_beside(kept, &group.plan, population, threads)?;
            kept += group.coding.bytes();
        }
        Ok(())
    }

    fn bytes(&self) -> usize {
        self.groups.iter().map(|group| group.coding.bytes()).sum()
    }
}

impl City {
    /// A city without enterprises; [`City::add`] them and then [`City::settle`] it.
    pub fn empty(matcher: Arc<Matcher>, reference: Arc<Reference>, day: NaiveDate, seq: i64, threads: usize) -> Self {
        let asked = Asked::new(matcher, day, &reference);
        Self { asked, seq, rows: Rows::default(), population: Population::new(reference), threads }
    }

    /// A city of rows that are there already, not settled yet.
    pub(crate) fn of(matcher: Arc<Matcher>, day: NaiveDate, kept: Kept, threads: usize) -> Self {
        let Kept { seq, rows, population, .. } = kept;
        let asked = Asked::new(matcher, day, population.reference());
        Self { asked, seq, rows, population, threads }
    }

    /// Writes the rows to a file: a restart begins with them.
    pub(crate) fn keep(&self, path: &Path, mark: &HistoryMark) -> Result<(), Trouble> {
        file::write(path, (self.seq, mark), &self.rows, &self.population)
    }

    /// Adds an enterprise to a city that is not settled yet.
    pub fn add(&mut self, ordinal: EnterpriseOrdinal, revision: i64, profile: &Profile) {
        self.rows.push(ordinal, revision);
        self.population.push(profile);
    }

    /// Reckons everything anew, on all threads.
    pub fn settle(&mut self) -> Result<(), Refused> {
        self.asked.settle(0, &self.population, self.threads)
    }

    /// What another library or day asks of the same enterprises, reckoned from memory; [`City::adopt`] it.
    pub(crate) fn ask(&self, matcher: Arc<Matcher>, day: NaiveDate) -> Result<Asked, Refused> {
        let mut asked = Asked::new(matcher, day, self.reference());
        // What is asked now goes on answering meanwhile.
        asked.settle(self.asked.bytes(), &self.population, self.threads)?;
        Ok(asked)
    }

    pub(crate) fn adopt(&mut self, asked: Asked) {
        self.asked = asked;
    }

    /// An enterprise as it stands now: new, or changed. All others stay as they are.
    pub fn put(&mut self, ordinal: EnterpriseOrdinal, revision: i64, profile: &Profile) -> Result<(), Refused> {
        let known = self.rows.find(ordinal);
        let row = known.unwrap_or_else(|| self.rows.push(ordinal, revision));
        self.rows.set_revision(row, revision);
        match known {
            Some(row) => drop(self.population.replace(row, profile)),
            None => drop(self.population.push(profile)),
        }
        self.refresh(row)
    }

    /// Takes an enterprise out.
    pub fn remove(&mut self, ordinal: EnterpriseOrdinal) -> Result<(), Refused> {
        let Some(row) = self.rows.remove(ordinal) else { return Ok(()) };
        self.population.remove(row);
        self.refresh(row)
    }

    fn refresh(&mut self, row: usize) -> Result<(), Refused> {
        for group in &mut self.asked.groups {
            group.coding.refresh(&group.plan, &self.population, row)?;
        }
        Ok(())
    }

    /// Shows every standing to visitors, one per thread and group of items.
    pub fn visit<V: Visitor<WORDS>>(&self, visitor: impl Fn() -> V + Sync) -> Vec<V> {
        let of_group = |group: &Group| {
            let joined = || Joined::new(&group.questions.roots, &group.questions.forms, visitor());
            let done = run(&group.plan, &group.coding, Isa::detect(), self.threads, joined);
            done.into_iter().map(|joined| joined.visitor).collect::<Vec<_>>()
        };
        self.asked.groups.iter().flat_map(of_group).collect()
    }

    /// What one enterprise is told of every entry of the matcher; 差一点 is part of 不符合 here. `None` without such an
    /// enterprise.
    pub fn standings_of(&self, ordinal: EnterpriseOrdinal) -> Option<Vec<Standing>> {
        let row = self.rows.find(ordinal)?;
        let entries = self.asked.matcher.entries();
        let mut told = vec![None; entries.len()];
        for group in &self.asked.groups {
            let one = OneRow { bit: row % 64, told };
            let mut joined = Joined::new(&group.questions.roots, &group.questions.forms, one);
            run_around(&group.plan, &group.coding, Isa::detect(), row, &mut joined);
            told = joined.visitor.told;
        }
        let windows = self.asked.windows.iter();
        Some(entries.iter().zip(windows).zip(told).map(|((entry, window), told)| tell(entry, window, told)).collect())
    }

    pub fn matcher(&self) -> &Arc<Matcher> {
        &self.asked.matcher
    }

    pub fn reference(&self) -> &Arc<Reference> {
        self.population.reference()
    }

    pub(crate) fn threads(&self) -> usize {
        self.threads
    }

    pub fn population(&self) -> &Population {
        &self.population
    }

    /// The window of every entry on the day.
    pub fn windows(&self) -> &Arc<[Window]> {
        &self.asked.windows
    }

    /// The day windows are read and conditions judged on.
    pub fn day(&self) -> NaiveDate {
        self.asked.day
    }

    /// The sequence of the change feed this is true for.
    pub fn seq(&self) -> i64 {
        self.seq
    }

    pub(crate) fn set_seq(&mut self, seq: i64) {
        self.seq = seq;
    }

    /// How many enterprises there are.
    pub fn enterprises(&self) -> usize {
        self.rows.len()
    }

    /// The revision of the profile an enterprise is judged on.
    pub fn revision(&self, ordinal: EnterpriseOrdinal) -> Option<i64> {
        self.rows.find(ordinal).map(|row| self.rows.revision(row))
    }

    /// The profile an enterprise is judged on, without credit code and name.
    pub fn profile(&self, ordinal: EnterpriseOrdinal) -> Option<Profile> {
        self.rows.find(ordinal).and_then(|row| self.population.profile(row))
    }

    /// Every enterprise, row by row.
    pub fn ordinals(&self) -> impl Iterator<Item = EnterpriseOrdinal> {
        self.rows.ordinals()
    }

    pub(crate) fn ordinal(&self, row: usize) -> EnterpriseOrdinal {
        self.rows.ordinal(row)
    }

    /// Memory held, in bytes.
    pub fn bytes(&self) -> usize {
        self.rows.bytes() + self.population.bytes() + self.asked.bytes()
    }

    /// What the conditions of all contexts were compiled to.
    pub fn report(&self) -> Report {
        self.asked.groups.iter().map(|group| group.plan.report()).sum()
    }

    /// Refuses to take more than so many bytes, from now on.
    pub(crate) fn limited_to(mut self, bytes: Option<usize>) -> Self {
        if let Some(bytes) = bytes {
            self.population = self.population.limited_to(bytes);
        }
        self
    }

    /// Whether what was read so far is within the limit.
    pub(crate) fn is_within_limit(&self) -> Result<(), Refused> {
        self.population.room_for(0)
    }
}

struct OneRow {
    bit: usize,
    told: Vec<Option<Standing>>,
}

impl Visitor<1> for OneRow {
    fn visit(&mut self, entry: usize, standings: &Standings<1>) {
        self.told[entry] = standings.of_row(self.bit);
    }
}
