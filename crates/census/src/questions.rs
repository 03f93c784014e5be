//! The items of a library as questions to a population: grouped by the context they are judged in.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::Window;
use domain::matching::Matcher;
use domain::standing::is_told;
use rules::Core;

/// Items judged for the same day with the same parameters.
#[derive(Debug)]
pub(crate) struct Questions {
    pub(crate) as_of: NaiveDate,
    pub(crate) parameters: BTreeMap<String, String>,
    pub(crate) cores: Vec<Core>,
    /// What each core is for.
    pub(crate) roots: Vec<Root>,
    /// How many cores the items with words to be given have, each.
    pub(crate) forms: Vec<usize>,
}

/// What a core is for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Root {
    /// The entry of the matcher.
    pub(crate) entry: usize,
    /// For an entry that may wait for words: its place among those.
    pub(crate) waiting: Option<usize>,
    /// The condition once words are given, not the condition itself.
    pub(crate) is_given: bool,
}

/// All questions on a day. An item whose window lets no verdict be told is not asked: everybody is told the same of it.
pub(crate) fn questions(matcher: &Matcher, windows: &[Window], day: NaiveDate) -> Vec<Questions> {
    let mut groups: BTreeMap<(NaiveDate, BTreeMap<String, String>), Questions> = BTreeMap::new();
    for (index, (entry, window)) in matcher.entries().iter().zip(windows).enumerate() {
        let Some(rule) = entry.rule.as_ref().filter(|_| is_told(window)) else { continue };
        let (as_of, parameters) = (entry.as_of(day), entry.parameters(day));
        let group = groups.entry((as_of, parameters.clone())).or_insert_with(|| Questions {
            as_of,
            parameters,
            cores: Vec::new(),
            roots: Vec::new(),
            forms: Vec::new(),
        });
        group.add(index, &rule.core, &rule.given_words);
    }
    groups.into_values().collect()
}

impl Questions {
    fn add(&mut self, entry: usize, core: &Core, given: &[Core]) {
        let waiting = (!given.is_empty()).then(|| {
            self.forms.push(1 + given.len());
            self.forms.len() - 1
        });
        self.cores.push(core.clone());
        self.roots.push(Root { entry, waiting, is_given: false });
        self.cores.extend(given.iter().cloned());
        self.roots.extend(given.iter().map(|_| Root { entry, waiting, is_given: true }));
    }
}
