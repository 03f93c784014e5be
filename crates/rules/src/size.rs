//! 划型: large, medium, small or micro by industry, people, revenue and assets.
//!
//! An input may be unknown or only known to lie in a range. The answer is then every class still possible, which is
//! one class whenever the missing figure cannot matter.

mod table;

use std::collections::BTreeSet;

use chrono::NaiveDate;

/// 企业规模, smallest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SizeClass {
    Micro,
    Small,
    Medium,
    Large,
}

impl SizeClass {
    /// Smallest first.
    pub const ALL: [Self; 4] = [Self::Micro, Self::Small, Self::Medium, Self::Large];

    /// The word of the standard, also the code of the fact `size_class`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Micro => "微型",
            Self::Small => "小型",
            Self::Medium => "中型",
            Self::Large => "大型",
        }
    }
}

/// What is known of one figure: both ends inclusive, an absent end unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Range {
    pub low: Option<i64>,
    pub high: Option<i64>,
}

impl Range {
    pub fn exactly(value: i64) -> Self {
        Self { low: Some(value), high: Some(value) }
    }
}

impl From<Option<i64>> for Range {
    fn from(value: Option<i64>) -> Self {
        Self { low: value, high: value }
    }
}

/// The three figures: people in 人, money in 分 (元 with scale 2, as the catalogue holds it).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    pub people: Range,
    pub revenue: Range,
    pub assets: Range,
}

/// Inclusive lower bounds of 大型, 中型 and 小型.
pub(crate) type Bounds = [i64; 3];

/// One industry's row of the standard.
#[derive(Clone, Debug)]
pub struct SizeRow {
    pub name: String,
    pub industries: Vec<String>,
    pub(crate) people: Option<Bounds>,
    pub(crate) revenue: Option<Bounds>,
    pub(crate) assets: Option<Bounds>,
}

impl SizeRow {
    /// Inclusive lower bounds of 大型, 中型 and 小型 by people, revenue and assets (money in 分); an absent index does
    /// not matter.
    pub fn bounds(&self) -> [Option<[i64; 3]>; 3] {
        [self.people, self.revenue, self.assets]
    }
}

/// One dated version of the standard.
#[derive(Clone, Debug)]
pub struct SizeVersion {
    pub from: NaiveDate,
    pub source: String,
    pub rows: Vec<SizeRow>,
}

/// The dated tables.
#[derive(Clone, Debug, Default)]
pub struct SizeTable {
    pub(crate) versions: Vec<SizeVersion>,
}

/// Every class that is still possible.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SizeAnswer {
    pub possible: BTreeSet<SizeClass>,
    /// The industry, or part of what a coarse code covers, is outside the standard (金融、教育、卫生 …).
    pub outside: bool,
}

impl SizeAnswer {
    /// The class, if only one is possible.
    pub fn exact(&self) -> Option<SizeClass> {
        match self.possible.iter().next() {
            Some(class) if self.possible.len() == 1 && !self.outside => Some(*class),
            _ => None,
        }
    }
}

/// The classes possible under one row of the table.
///
/// A class needs every index at or above its bound (同时满足下限,否则下划一档), so the class is the lowest that any
/// index gives; and since each index can only raise or hold it, the ends of the ranges give the ends of the answer.
pub fn classify(row: &SizeRow, figures: &Figures) -> BTreeSet<SizeClass> {
    let indices = [(row.people, figures.people), (row.revenue, figures.revenue), (row.assets, figures.assets)];
    let (mut lowest, mut highest) = (SizeClass::Large, SizeClass::Large);
    for (bounds, range) in indices {
        let Some(bounds) = bounds else { continue };
        lowest = lowest.min(range.low.map_or(SizeClass::Micro, |value| class_of(bounds, value)));
        highest = highest.min(range.high.map_or(SizeClass::Large, |value| class_of(bounds, value)));
    }
    SizeClass::ALL.into_iter().filter(|class| (lowest..=highest).contains(class)).collect()
}

fn class_of([large, medium, small]: Bounds, value: i64) -> SizeClass {
    match value {
        value if value >= large => SizeClass::Large,
        value if value >= medium => SizeClass::Medium,
        value if value >= small => SizeClass::Small,
        _ => SizeClass::Micro,
    }
}

impl SizeTable {
    /// The classes possible for an industry (canonical GB/T 4754 code) under the standard in force on a day.
    pub fn classify(&self, industry: &str, on: NaiveDate, figures: &Figures) -> SizeAnswer {
        let mut answer = SizeAnswer { possible: BTreeSet::new(), outside: true };
        let Some(version) = self.versions.iter().rev().find(|version| version.from <= on) else { return answer };
        for row in &version.rows {
            if row.industries.iter().any(|class| industry.starts_with(class.as_str())) {
                return SizeAnswer { possible: classify(row, figures), outside: false };
            }
            // A code coarser than the table (K70) leaves open which of its rows applies.
            if row.industries.iter().any(|class| class.starts_with(industry)) {
                answer.possible.extend(classify(row, figures));
            }
        }
        answer
    }

    /// The version of the standard in force on a day.
    pub fn version(&self, on: NaiveDate) -> Option<&SizeVersion> {
        self.versions.iter().rev().find(|version| version.from <= on)
    }
}

#[cfg(test)]
mod tests;
