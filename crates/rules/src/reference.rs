//! Reference data: everything a city can change without touching code, parsed from text, hashed, read-only.
//!
//! The hash is part of every stored result, so a result always says by which table it was made.

mod areas;
mod calendar;
mod catalogue;
mod industries;
mod nearest;
mod parameters;
mod source;

use std::sync::OnceLock;

use sha2::{Digest as _, Sha256};

pub use areas::{Area, AreaLevel, Areas};
pub use calendar::Calendar;
pub use catalogue::{
    Catalogue, CodeOption, Derivation, Fact, FactKind, Field, ListShape, Misfit, Origin, PeriodKind, Selection,
    ValueShape,
};
pub use industries::{Industries, Industry};
pub use nearest::nearest;
pub use parameters::{Parameter, ParameterValue, Parameters};

use crate::problem::Problem;
use crate::size::SizeTable;
use source::Source;

/// The six texts reference data is read from, as `config/reference/` holds them.
#[derive(Clone, Debug)]
pub struct ReferenceTexts {
    pub catalogue: String,
    pub areas: String,
    pub industries: String,
    pub size_table: String,
    pub parameters: String,
    pub calendar: String,
}

impl ReferenceTexts {
    /// The texts compiled into the binary: Wuhan's.
    pub fn builtin() -> Self {
        Self {
            catalogue: include_str!("../../../config/reference/catalogue.toml").to_owned(),
            areas: include_str!("../../../config/reference/areas.csv").to_owned(),
            industries: include_str!("../../../config/reference/industries.csv").to_owned(),
            size_table: include_str!("../../../config/reference/size_table.toml").to_owned(),
            parameters: include_str!("../../../config/reference/parameters.toml").to_owned(),
            calendar: include_str!("../../../config/reference/calendar.toml").to_owned(),
        }
    }

    /// A city's own texts where it has them, the built-in ones for the rest. `load` is asked for each file by name.
    pub fn overridden<E>(mut load: impl FnMut(&str) -> Result<Option<String>, E>) -> Result<Self, E> {
        let mut texts = Self::builtin();
        for (file, text) in [
            ("catalogue.toml", &mut texts.catalogue),
            ("areas.csv", &mut texts.areas),
            ("industries.csv", &mut texts.industries),
            ("size_table.toml", &mut texts.size_table),
            ("parameters.toml", &mut texts.parameters),
            ("calendar.toml", &mut texts.calendar),
        ] {
            if let Some(own) = load(file)? {
                *text = own;
            }
        }
        Ok(texts)
    }

    /// File name and text, in the order they are hashed.
    fn named(&self) -> [(&'static str, &str); 6] {
        [
            ("catalogue.toml", &self.catalogue),
            ("areas.csv", &self.areas),
            ("industries.csv", &self.industries),
            ("size_table.toml", &self.size_table),
            ("parameters.toml", &self.parameters),
            ("calendar.toml", &self.calendar),
        ]
    }
}

/// All reference data, checked.
#[derive(Clone, Debug)]
pub struct Reference {
    pub catalogue: Catalogue,
    pub areas: Areas,
    pub industries: Industries,
    pub size_table: SizeTable,
    pub parameters: Parameters,
    pub calendar: Calendar,
    hash: String,
}

impl Reference {
    /// Reads the six texts and reports every problem in all of them, each with file and line.
    pub fn parse(texts: &ReferenceTexts) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let [catalogue, areas, industries, size_table, parameters, calendar] =
            texts.named().map(|(file, text)| Source::new(file, text));
        let areas = Areas::parse(&areas, &mut problems);
        let industries = Industries::parse(&industries, &mut problems);
        let reference = Self {
            catalogue: Catalogue::parse(&catalogue, &areas, &mut problems),
            size_table: SizeTable::parse(&size_table, &industries, &mut problems),
            parameters: Parameters::parse(&parameters, &areas, &industries, &mut problems),
            calendar: Calendar::parse(&calendar, &mut problems),
            areas,
            industries,
            hash: hash(texts),
        };
        reference.check_derived(&mut problems);
        if problems.is_empty() { Ok(reference) } else { Err(problems) }
    }

    /// What a derived fact is worked out by must read, under these very tables.
    fn check_derived(&self, problems: &mut Vec<Problem>) {
        for fact in self.catalogue.iter() {
            let told = match &fact.derived {
                Some(Derivation::Condition(text)) => crate::text::parse(text, self).err().unwrap_or_default(),
                Some(Derivation::Expression(text)) if crate::text::parse_derivation(text, self).is_none() => {
                    vec![Problem::error(format!("算式「{text}」读不懂"))]
                }
                _ => Vec::new(),
            };
            let place = || format!("catalogue.toml:{} 的 derived", fact.key);
            problems.extend(told.into_iter().map(|problem| Problem { position: None, ..problem }.place(place())));
        }
    }

    /// The reference data compiled into the binary.
    pub fn builtin() -> &'static Self {
        static BUILTIN: OnceLock<Reference> = OnceLock::new();
        BUILTIN.get_or_init(|| match Self::parse(&ReferenceTexts::builtin()) {
            Ok(reference) => reference,
            Err(problems) => unreachable!("a test parses the embedded texts: {problems:?}"),
        })
    }

    /// SHA-256 over the six texts, lowercase hex.
    pub fn hash(&self) -> &str {
        &self.hash
    }
}

fn hash(texts: &ReferenceTexts) -> String {
    let mut hasher = Sha256::new();
    for (file, text) in texts.named() {
        hasher.update(file.as_bytes());
        hasher.update((text.len() as u64).to_be_bytes());
        hasher.update(text.as_bytes());
    }
    hex::encode(hasher.finalize())
}

pub(crate) use catalogue::read_date;
pub(crate) use source::{TomlSource, calendar_date};

#[cfg(test)]
mod tests;
