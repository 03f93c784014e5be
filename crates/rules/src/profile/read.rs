//! Reads a profile from JSON, with every problem in it at once.
//!
//! Short forms are welcome: a bare value, `{"2025": 12}` for figures of years, one entry instead of a list of one,
//! Chinese names for facts, places, industries and codes.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::period::read_span;
use super::{Entry, FactState, Period, Profile};
use crate::problem::Problem;
use crate::reference::{Fact, FactKind, Misfit, PeriodKind, Reference, nearest};
use crate::uscc;
use crate::value::{FactKey, Grade};

/// Origin of a value that names none: the firm's own word.
const DEFAULT_ORIGIN: &str = "declared";

const PROFILE_KEYS: [&str; 3] = ["uscc", "name", "facts"];
const ENTRY_KEYS: [&str; 9] = ["value", "state", "period", "from", "since", "to", "until", "source", "grade"];

impl Profile {
    /// Reads a profile, or tells everything that is wrong with it: place, message and remedy in Chinese.
    ///
    /// `uscc` and `name` may be absent (an anonymous self-check); a code that is present must be valid.
    pub fn from_json(json: &Json, reference: &Reference) -> Result<Self, Vec<Problem>> {
        let mut reader = Reader { reference, problems: Vec::new() };
        let profile = reader.profile(json);
        if reader.problems.is_empty() { Ok(profile) } else { Err(reader.problems) }
    }
}

pub(super) struct Reader<'a> {
    pub(super) reference: &'a Reference,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn profile(&mut self, json: &Json) -> Profile {
        let mut profile = Profile::default();
        let Some(object) = self.object(json, "画像") else { return profile };
        self.known_keys(object, &PROFILE_KEYS, "");
        profile.uscc = self.text(object, "uscc");
        profile.name = self.text(object, "name");
        if !profile.uscc.is_empty() {
            match uscc::check(&profile.uscc) {
                Ok(checked) => checked.as_str().clone_into(&mut profile.uscc),
                Err(problem) => self.problems.push(problem.place("uscc")),
            }
        }
        match object.get("facts") {
            None | Some(Json::Null) => {}
            Some(facts) => self.facts(facts, &mut profile),
        }
        profile
    }

    fn facts(&mut self, json: &Json, profile: &mut Profile) {
        let Some(object) = self.object(json, "facts") else { return };
        let mut written: BTreeMap<&FactKey, &str> = BTreeMap::new();
        for (word, json) in object {
            let place = format!("facts.{word}");
            let reference = self.reference;
            let Some(fact) = reference.catalogue.find(word) else {
                let remedy = match reference.catalogue.nearest(word) {
                    Some(near) => format!("是不是“{near}”?"),
                    None => "事实名称见事实目录".to_owned(),
                };
                self.complain(&place, Misfit { message: format!("没有“{word}”这个事实"), remedy: Some(remedy) });
                continue;
            };
            if let Some(earlier) = written.insert(&fact.key, word) {
                self.error(&place, format!("与“{earlier}”是同一个事实,填了两次"), "留一个");
                continue;
            }
            if json.is_null() {
                continue;
            }
            if let FactKind::List(shape) = &fact.kind {
                let list = self.list(shape, json, &place);
                profile.lists.insert(fact.key.clone(), list);
            } else {
                let entries = self.fact(fact, json, &place);
                if !entries.is_empty() {
                    profile.facts.insert(fact.key.clone(), entries);
                }
            }
        }
    }

    /// All entries of one fact, in canonical order.
    fn fact(&mut self, fact: &Fact, json: &Json, place: &str) -> Vec<Entry> {
        let mut entries = Vec::new();
        match json {
            Json::Array(items) if !is_code_set(fact, items) => {
                for (index, item) in items.iter().enumerate() {
                    let place = format!("{place}[{index}]");
                    if let Some(object) = self.object(item, &place) {
                        entries.extend(self.entry(fact, object, None, &place));
                    }
                }
            }
            Json::Object(object) if object.keys().any(|key| ENTRY_KEYS.contains(&key.as_str())) => {
                entries.extend(self.entry(fact, object, None, place));
            }
            Json::Object(object) if fact.period == PeriodKind::Year => {
                self.by_period(fact, object, place, &mut entries);
            }
            Json::Object(_) => self.error(place, "这种写法读不懂", "写成 {\"value\": …, \"since\": \"2024-01-31\"}"),
            value => match fact.period {
                PeriodKind::Year => self.error(place, "没写是哪一年的数", "写成 {\"2025\": …}"),
                PeriodKind::None | PeriodKind::History => {
                    entries.extend(self.bare(fact, value, Period { from: None, to: None }, place));
                }
            },
        }
        self.settle(fact, entries, place)
    }

    /// `{"2025": value or entry or entries, …}`
    fn by_period(&mut self, fact: &Fact, object: &Map<String, Json>, place: &str, entries: &mut Vec<Entry>) {
        for (label, json) in object {
            let place = format!("{place}.{label}");
            let period = match Self::period_of(fact, label) {
                Ok(period) => period,
                Err(misfit) => {
                    self.complain(&place, misfit);
                    continue;
                }
            };
            match json {
                Json::Null => {}
                Json::Object(object) => entries.extend(self.entry(fact, object, Some(period), &place)),
                Json::Array(items) => {
                    for (index, item) in items.iter().enumerate() {
                        let place = format!("{place}[{index}]");
                        if let Some(object) = self.object(item, &place) {
                            entries.extend(self.entry(fact, object, Some(period), &place));
                        }
                    }
                }
                value => entries.extend(self.bare(fact, value, period, &place)),
            }
        }
    }

    fn bare(&mut self, fact: &Fact, json: &Json, period: Period, place: &str) -> Option<Entry> {
        let value = self.check(fact.shape().read(json, self.reference), place)?;
        let (source, grade) = self.origin(&Map::new(), place);
        Some(Entry { state: FactState::Known(value), period, source, grade })
    }

    fn entry(&mut self, fact: &Fact, object: &Map<String, Json>, given: Option<Period>, place: &str) -> Option<Entry> {
        self.known_keys(object, &ENTRY_KEYS, place);
        let (source, grade) = self.origin(object, place);
        let period = match given {
            Some(period) => Some(period),
            None => self.entry_period(fact, object, place),
        };
        let value = object.get("value").filter(|value| !value.is_null());
        let state = match (object.get("state").and_then(Json::as_str), value) {
            (Some("unknown"), None) => return None,
            // `"value": null` is a way to say that it is not known.
            (None, None) if object.contains_key("value") => return None,
            (Some("not_applicable"), None) => Some(FactState::NotApplicable),
            (Some("known") | None, Some(value)) => {
                let value = fact.shape().read(value, self.reference);
                self.check(value, &format!("{place}.value")).map(FactState::Known)
            }
            (Some("unknown" | "not_applicable"), Some(_)) => {
                self.error(place, "state 说没有值,却又填了 value", "留一个");
                None
            }
            (Some("known") | None, None) => {
                self.error(place, "没有 value", "填上 value,或写 \"state\": \"not_applicable\"");
                None
            }
            (Some(other), _) => {
                let remedy = "可填 known、not_applicable、unknown";
                self.error(&format!("{place}.state"), format!("不认识的状态“{other}”"), remedy);
                None
            }
        };
        Some(Entry { state: state?, period: period?, source, grade })
    }

    fn entry_period(&mut self, fact: &Fact, object: &Map<String, Json>, place: &str) -> Option<Period> {
        let label = match object.get("period") {
            Some(Json::String(text)) => Some(text.clone()),
            Some(Json::Number(year)) => Some(year.to_string()),
            _ => None,
        };
        let period = match (fact.period, label) {
            (PeriodKind::Year, None) => {
                let whole = read_span(object).ok().filter(|span| span.label().is_some());
                whole.ok_or_else(|| Misfit {
                    message: "没写是哪个年度或季度".to_owned(),
                    remedy: Some("加上 \"period\": \"2025\"".to_owned()),
                })
            }
            (_, Some(label)) => Self::period_of(fact, &label),
            (PeriodKind::None | PeriodKind::History, None) => read_span(object),
        };
        self.check(period, place)
    }

    /// The period a label means, which must be of the kind the fact has.
    pub(super) fn period_of(fact: &Fact, label: &str) -> Result<Period, Misfit> {
        let period = Period::of_label(label)?;
        let fits = match fact.period {
            PeriodKind::Year => fact.flow || period.as_year().is_some(),
            PeriodKind::None | PeriodKind::History => true,
        };
        if fits {
            return Ok(period);
        }
        Err(Misfit {
            message: format!("“{label}”与{}的期间不符", fact.name),
            remedy: Some("要填年度,写 2025".to_owned()),
        })
    }

    pub(super) fn origin(&mut self, object: &Map<String, Json>, place: &str) -> (String, Grade) {
        let word = object.get("source").and_then(Json::as_str).unwrap_or(DEFAULT_ORIGIN);
        let origins = self.reference.catalogue.origins();
        let origin = self.reference.catalogue.origin(word);
        if origin.is_none() {
            let names = || origins.iter().flat_map(|origin| [origin.key.as_str(), origin.name.as_str()]);
            let remedy = match nearest(word, names()) {
                Some(near) => format!("是不是“{near}”?"),
                None => format!("可填 {}", origins.iter().map(|o| o.key.as_str()).collect::<Vec<_>>().join("、")),
            };
            self.error(&format!("{place}.source"), format!("不认识的来源“{word}”"), remedy);
        }
        let grade = match object.get("grade") {
            None | Some(Json::Null) => origin.map_or(Grade::D, |origin| origin.grade),
            Some(json) => serde_json::from_value(json.clone()).unwrap_or_else(|_| {
                self.error(&format!("{place}.grade"), format!("不认识的证据等级 {json}"), "填 A、B、C 或 D");
                Grade::D
            }),
        };
        (origin.map_or_else(|| word.to_owned(), |origin| origin.key.clone()), grade)
    }

    fn settle(&mut self, fact: &Fact, entries: Vec<Entry>, place: &str) -> Vec<Entry> {
        let (entries, twice) = settled(fact, entries);
        if twice {
            self.error(place, format!("{}:同一来源在同一期间填了两次", fact.name), "同一来源、同一期间只留一个");
        }
        entries
    }

    pub(super) fn object<'j>(&mut self, json: &'j Json, place: &str) -> Option<&'j Map<String, Json>> {
        let object = json.as_object();
        if object.is_none() {
            self.error(place, "这里要写 { … }", "参照企业画像的 JSON 格式");
        }
        object
    }

    pub(super) fn known_keys(&mut self, object: &Map<String, Json>, known: &[&str], place: &str) {
        for key in object.keys().filter(|key| !known.contains(&key.as_str())) {
            let near = nearest(key, known.iter().copied());
            let remedy = near.map_or_else(|| format!("可用:{}", known.join("、")), |near| format!("是不是“{near}”?"));
            let place = if place.is_empty() { key.clone() } else { format!("{place}.{key}") };
            self.error(&place, format!("不认识的键“{key}”"), remedy);
        }
    }

    fn text(&mut self, object: &Map<String, Json>, key: &str) -> String {
        match object.get(key) {
            None | Some(Json::Null) => String::new(),
            Some(Json::String(text)) => text.trim().to_owned(),
            Some(_) => {
                self.error(key, "要填文字", "用引号括起来");
                String::new()
            }
        }
    }

    pub(super) fn check<T>(&mut self, read: Result<T, Misfit>, place: &str) -> Option<T> {
        read.map_err(|misfit| self.complain(place, misfit)).ok()
    }

    pub(super) fn complain(&mut self, place: &str, misfit: Misfit) {
        let problem = Problem::error(misfit.message).place(place);
        self.problems.push(match misfit.remedy {
            Some(remedy) => problem.remedy(remedy),
            None => problem,
        });
    }

    pub(super) fn error(&mut self, place: &str, message: impl Into<String>, remedy: impl Into<String>) {
        self.problems.push(Problem::error(message).place(place).remedy(remedy));
    }
}

/// Sorts, lets a later state of a history end the one before, and says whether a question is answered twice.
pub(super) fn settled(fact: &Fact, mut entries: Vec<Entry>) -> (Vec<Entry>, bool) {
    entries.sort_by(|a, b| (&a.source, a.period, &a.state).cmp(&(&b.source, b.period, &b.state)));
    let mut twice = false;
    for index in 1..entries.len() {
        let (before, after) = entries.split_at_mut(index);
        let (Some(earlier), Some(later)) = (before.last_mut(), after.first()) else { continue };
        if earlier.source != later.source {
            continue;
        }
        if fact.period == PeriodKind::History && earlier.period.to.is_none() && earlier.period.from < later.period.from
        {
            earlier.period.to = later.period.from;
        }
        // A year and its quarters stand side by side; states of a history must not overlap.
        twice |= match fact.period {
            PeriodKind::Year => earlier.period == later.period,
            PeriodKind::None | PeriodKind::History => {
                earlier.period.to.is_none_or(|to| later.period.from.is_none_or(|from| from < to))
            }
        };
    }
    entries.sort_by(|a, b| (a.period, &a.source).cmp(&(b.period, &b.source)));
    (entries, twice)
}

/// A set of codes is written as an array of texts, and so is not a list of entries.
fn is_code_set(fact: &Fact, items: &[Json]) -> bool {
    matches!(fact.kind, FactKind::Codes { .. }) && items.iter().all(Json::is_string)
}
