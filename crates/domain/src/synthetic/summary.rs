//! What a made-up city is like, in figures a reader can compare with a real one.

use std::collections::{BTreeMap, BTreeSet};

use rules::{FactKey, FactState, Profile, Value};

/// Facts any company could have told.
const TELLABLE: [&str; 24] = [
    "entity_kind",
    "established_on",
    "industry",
    "place_registered",
    "place_tax",
    "place_operating",
    "revenue",
    "main_revenue",
    "profit_total",
    "assets",
    "liabilities",
    "rd_expense",
    "equity_paid_in",
    "employees_stat",
    "staff_total",
    "insured_count",
    "staff_on_job",
    "ui_months",
    "ui_new_claimants",
    "new_hires_12m",
    "wage_arrears",
    "si_arrears",
    "vat_general",
    "books_audited",
];

/// Figures whose spread is shown, of their latest year.
const FIGURES: [&str; 4] = ["employees_stat", "revenue", "assets", "rd_expense"];

/// Counts over the profiles of a city; those of its parts can be merged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    pub firms: u64,
    /// Firms of which two sources say different things about one fact and time.
    pub disputed: u64,
    /// Firms registered elsewhere before.
    pub moved: u64,
    pub lists: BTreeMap<FactKey, ListCount>,
    /// Companies by the number of tellable facts they have not told.
    untold: BTreeMap<usize, u64>,
    figures: BTreeMap<&'static str, Vec<i64>>,
}

/// Firms with a record list, and for how many of them somebody vouches that there are no other records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListCount {
    pub held: u64,
    pub complete: u64,
}

/// How much is not known of companies, in thousandths of what they could have told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missing {
    pub thousandths: u64,
    /// Of the company a tenth of the way up from the one that told most.
    pub careful: u64,
    /// Of the company a tenth of the way down from the one that told least.
    pub careless: u64,
}

impl Summary {
    pub fn add(&mut self, profile: &Profile) {
        self.firms += 1;
        self.disputed += u64::from(is_disputed(profile));
        let entries = |key: &str| profile.facts.get(&FactKey::from(key));
        self.moved += u64::from(entries("place_registered").is_some_and(|places| places.len() > 1));
        for (key, list) in &profile.lists {
            let count = self.lists.entry(key.clone()).or_default();
            count.held += 1;
            count.complete += u64::from(!list.complete.is_empty());
        }
        if profile.uscc.starts_with("91") {
            let untold = TELLABLE.iter().filter(|key| entries(key).is_none()).count();
            *self.untold.entry(untold).or_default() += 1;
        }
        for key in FIGURES {
            let latest = entries(key).and_then(|entries| entries.last()).map(|entry| &entry.state);
            if let Some(FactState::Known(Value::Number(number))) = latest {
                self.figures.entry(key).or_default().push(*number);
            }
        }
    }

    pub fn merge(&mut self, other: Self) {
        self.firms += other.firms;
        self.disputed += other.disputed;
        self.moved += other.moved;
        for (key, count) in other.lists {
            let sum = self.lists.entry(key).or_default();
            sum.held += count.held;
            sum.complete += count.complete;
        }
        for (untold, companies) in other.untold {
            *self.untold.entry(untold).or_default() += companies;
        }
        for (key, numbers) in other.figures {
            self.figures.entry(key).or_default().extend(numbers);
        }
    }

    pub fn missing(&self) -> Missing {
        let told_of = TELLABLE.len() as u64;
        let companies: u64 = self.untold.values().sum();
        let untold: u64 = self.untold.iter().map(|(untold, companies)| *untold as u64 * companies).sum();
        let at = |place: u64| {
            let mut passed = 0;
            let found = self.untold.iter().find(|(_, companies)| {
                passed += **companies;
                passed > place
            });
            found.map_or(0, |(untold, _)| *untold as u64 * 1000 / told_of)
        };
        Missing {
            thousandths: (untold * 1000).checked_div(companies * told_of).unwrap_or_default(),
            careful: at(companies / 10),
            careless: at(companies - companies / 10),
        }
    }

    /// The nine numbers that cut the firms of which a figure is known into ten parts, scaled as in the catalogue.
    pub fn deciles(&self) -> Vec<(&'static str, [i64; 9])> {
        let cut = |numbers: &Vec<i64>| {
            let mut sorted = numbers.clone();
            sorted.sort_unstable();
            std::array::from_fn(|part| sorted[sorted.len() * (part + 1) / 10])
        };
        FIGURES.into_iter().filter_map(|key| Some((key, cut(self.figures.get(key)?)))).collect()
    }
}

fn is_disputed(profile: &Profile) -> bool {
    profile.facts.values().any(|entries| {
        let mut said = BTreeSet::new();
        entries.iter().any(|entry| !said.insert(entry.period))
    })
}
