//! The words of notices as data: the catalogue's own names first, `config/extract/phrases.toml` beside them.

use std::collections::HashMap;
use std::sync::OnceLock;

use rules::Reference;
use rules::reference::FactKind;
use serde::Deserialize;

use crate::text::Text;

const PHRASES: &str = include_str!("../../../config/extract/phrases.toml");

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Phrases {
    pub(crate) nouns: Vec<Noun>,
    pub(crate) flags: Vec<Flag>,
    pub(crate) lists: Vec<Register>,
    pub(crate) sizes: Vec<Size>,
    pub(crate) short_places: Vec<ShortPlace>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Noun {
    pub(crate) fact: String,
    pub(crate) words: Vec<String>,
}

/// Words that say by themselves that something is so.
#[derive(Debug, Deserialize)]
pub(crate) struct Flag {
    pub(crate) name: String,
    pub(crate) fact: Option<String>,
    pub(crate) rule: Option<String>,
    /// Only where the phrase ends there: 规模以上工业企业, not 规模以上工业企业奖励.
    #[serde(default)]
    pub(crate) last: bool,
    pub(crate) words: Vec<String>,
}

/// 小微企业 behind a word that says somebody is one.
#[derive(Debug, Deserialize)]
pub(crate) struct Size {
    pub(crate) classes: Vec<String>,
    pub(crate) words: Vec<String>,
}

/// 在京, 在汉
#[derive(Debug, Deserialize)]
pub(crate) struct ShortPlace {
    pub(crate) name: String,
    pub(crate) short: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Register {
    pub(crate) list: String,
    pub(crate) words: Vec<String>,
}

/// The dictionary compiled into the binary; a test reads it.
pub(crate) fn phrases() -> &'static Phrases {
    static PARSED: OnceLock<Phrases> = OnceLock::new();
    PARSED.get_or_init(|| toml::from_str(PHRASES).unwrap_or_default())
}

/// Names of facts that carry numbers or days, for the subject of a threshold.
pub(crate) struct Nouns<'a> {
    /// First character → name and key, longest names first.
    by_first: HashMap<char, Vec<(&'a str, &'a str)>>,
}

impl<'a> Nouns<'a> {
    pub(crate) fn new(reference: &'a Reference) -> Self {
        let mut by_first: HashMap<char, Vec<(&'a str, &'a str)>> = HashMap::new();
        let mut add = |name: &'a str, key: &'a str| {
            if let Some(first) = name.chars().next().filter(|_| name.chars().nth(1).is_some()) {
                by_first.entry(first).or_default().push((name, key));
            }
        };
        for (name, fact) in reference.catalogue.names() {
            if fact.kind.is_number() || matches!(fact.kind, FactKind::Date) {
                add(name, fact.key.as_str());
            }
        }
        for noun in &phrases().nouns {
            noun.words.iter().for_each(|words| add(words, &noun.fact));
        }
        for names in by_first.values_mut() {
            names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        }
        Self { by_first }
    }

    /// The fact a subject speaks of: the longest name in it, the last of equals. With whether it is the whole subject.
    pub(crate) fn find(&self, subject: &str) -> Option<(&'a str, &'a str)> {
        let mut best: Option<(&str, &str)> = None;
        for (start, first) in subject.char_indices() {
            let rest = &subject[start..];
            let found =
                self.by_first.get(&first).and_then(|names| names.iter().find(|(name, _)| rest.starts_with(name)));
            if let Some((name, key)) = found
                && best.is_none_or(|(longest, _)| name.len() >= longest.len())
            {
                best = Some((name, key));
            }
        }
        best
    }
}

/// Behind 规模以上工业企业 these make the name of something else.
const TITLES: &[&str] =
    &["奖励", "申报", "资金", "名单", "名录", "库", "培育", "统计", "认定", "入库", "奖补", "工作", "政策"];

/// The flag whose words begin at `at`, and where they end.
pub(crate) fn flag_at(text: &Text, at: usize) -> Option<(&'static Flag, usize)> {
    phrases().flags.iter().find_map(|flag| {
        let words = flag.words.iter().filter(|words| text.starts_with(at, words)).max_by_key(|words| words.len())?;
        let end = at + words.chars().count();
        let ends = text.at(end).is_none_or(|next| ",;。:()、且并的和或\n ".contains(next));
        let leads = text.at(at.wrapping_sub(1)).is_some_and(|one| "对的为是".contains(one));
        let whole = ends || leads && text.any_at(end, TITLES).is_none();
        (whole || !flag.last).then_some((flag, end))
    })
}

/// The classes of size said at `at`, and where the words end.
pub(crate) fn size_at(text: &Text, at: usize) -> Option<(&'static [String], usize)> {
    let (_, start) = text.any_at(at, &["应为", "须为", "属于", "符合", "对", "为", "是"])?;
    phrases().sizes.iter().find_map(|size| {
        let words = size.words.iter().find(|words| text.starts_with(start, words))?;
        Some((size.classes.as_slice(), start + words.chars().count()))
    })
}

/// The register a phrase names.
pub(crate) fn register(phrase: &str) -> Option<&'static str> {
    let known = phrases().lists.iter().flat_map(|one| one.words.iter().map(move |words| (words, &one.list)));
    let longest = known.filter(|(words, _)| phrase.contains(words.as_str())).max_by_key(|(words, _)| words.len());
    longest.map(|(_, list)| list.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dictionary_is_read_and_names_only_facts_of_the_catalogue() {
        let phrases: Phrases = toml::from_str(PHRASES).unwrap();
        let known: Vec<&str> = Reference::builtin().catalogue.iter().map(|fact| fact.key.as_str()).collect();
        let named = phrases.nouns.iter().map(|noun| &noun.fact).chain(phrases.lists.iter().map(|list| &list.list));
        for key in named.chain(phrases.flags.iter().filter_map(|flag| flag.fact.as_ref())) {
            assert!(known.contains(&key.as_str()), "{key}");
        }
        for rule in phrases.flags.iter().filter_map(|flag| flag.rule.as_ref()) {
            let condition = rules::text::parse(rule, Reference::builtin()).unwrap();
            assert_eq!(rules::check(&condition, Reference::builtin()), [], "{rule}");
        }
    }

    #[test]
    fn the_longest_name_in_a_subject_wins() {
        let nouns = Nouns::new(Reference::builtin());
        assert_eq!(nouns.find("企业年主营业务收入").map(|(_, key)| key), Some("main_revenue"));
        assert_eq!(nouns.find("年销售收入").map(|(_, key)| key), Some("sales_revenue"));
        assert_eq!(nouns.find("联农带农户数"), None);
    }
}
