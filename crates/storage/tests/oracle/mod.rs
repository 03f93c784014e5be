//! Holds the SQL reading to the verdicts of the scalar evaluator, pair by pair.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use chrono::NaiveDate;
use domain::{EnterpriseOrdinal, Instant, Scope};
use population::{Coding, Isa, Listing, Plan, Population, run};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use rules::arbitrary::world::Case;
use rules::{Context, Core, Profile, Reference, Verdict, decide, lower, text};
use serde::Deserialize;
use storage::{Actor, Reading, Store};

/// A condition with the day and the parameters it is asked on.
pub(crate) struct Question {
    pub(crate) words: String,
    pub(crate) core: Core,
    pub(crate) as_of: NaiveDate,
    pub(crate) parameters: BTreeMap<String, String>,
}

/// What was compared.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tried {
    pub(crate) pairs: usize,
    pub(crate) met: usize,
    pub(crate) unknown: usize,
    /// Pairs of which the query says that their numbers are beyond it.
    pub(crate) beyond: usize,
    /// Conditions the engine cannot read exactly.
    pub(crate) refused: usize,
    pub(crate) conditions: usize,
}

impl AddAssign for Tried {
    fn add_assign(&mut self, other: Self) {
        self.pairs += other.pairs;
        self.met += other.met;
        self.unknown += other.unknown;
        self.beyond += other.beyond;
        self.refused += other.refused;
        self.conditions += other.conditions;
    }
}

/// Firms in a database, by ordinal.
pub(crate) struct City {
    store: Store,
    firms: BTreeMap<EnterpriseOrdinal, Profile>,
}

impl City {
    /// Stores the profiles. Their codes are made up, so that each is a firm of its own.
    pub(crate) async fn build(store: &Store, profiles: impl IntoIterator<Item = Profile>) -> Self {
        let mut firms = BTreeMap::new();
        let mut tx = store.begin().await.unwrap();
        for (index, profile) in profiles.into_iter().enumerate() {
            let profile = Profile { uscc: format!("{index:018}"), ..profile };
            let saved = tx.save_enterprise(&Scope::System, &profile, true, &Actor::new("test"), Instant(0)).await;
            firms.insert(saved.unwrap().value.ordinal, profile);
        }
        tx.commit().await.unwrap();
        Self { store: store.clone(), firms }
    }

    /// Asks one question of every firm. A difference is told with the firm and the query.
    pub(crate) async fn ask(&self, question: &Question) -> Result<Tried, String> {
        let context = question.context();
        let mut tried = Tried { conditions: 1, ..Tried::default() };
        let Ok(reading) = Reading::of(&question.core, &context, self.store.engine()) else {
            return Ok(Tried { refused: 1, ..tried });
        };
        let told = |what: String| {
            let sql = reading.sql(storage::Side::Possibly, "SELECT ordinal, document FROM enterprise");
            format!("{what}\n{}\nas of {}\n{sql}\n{:?}", question.words, question.as_of, reading.texts())
        };
        let found = self.store.read_matches(&Scope::System, &reading).await;
        let found = found.map_err(|error| told(format!("{error:?}")))?;
        let matches: BTreeMap<EnterpriseOrdinal, Verdict> = found.matches.iter().copied().collect();
        for (ordinal, firm) in &self.firms {
            if found.beyond.contains(ordinal) {
                tried.beyond += 1;
                continue;
            }
            let expected = decide(&question.core, firm, &context);
            let verdict = matches.get(ordinal).copied().unwrap_or(Verdict::NotMet);
            if verdict != expected {
                let firm = firm.to_json(context.reference);
                return Err(told(format!("SQL says {verdict:?}, decided as {expected:?}\n{firm}")));
            }
            tried.pairs += 1;
            tried.met += usize::from(verdict == Verdict::Met);
            tried.unknown += usize::from(verdict == Verdict::Unknown);
        }
        Ok(tried)
    }

    /// What the columns say of each question and firm, compared with the evaluator: with [`Self::ask_all`] the three
    /// readers agree. Returns the number of pairs.
    pub(crate) fn columns_agree(&self, questions: &[Question]) -> usize {
        let mut occasions: BTreeMap<(NaiveDate, &BTreeMap<String, String>), Vec<&Question>> = BTreeMap::new();
        for question in questions {
            occasions.entry((question.as_of, &question.parameters)).or_default().push(question);
        }
        let population = Population::load(self.store.reference().clone(), self.firms.values());
        for questions in occasions.into_values() {
            self.columns_agree_on(&questions, &population);
        }
        questions.len() * self.firms.len()
    }

    /// The questions of one day and with the same parameters.
    fn columns_agree_on(&self, questions: &[&Question], population: &Population) {
        let context = questions[0].context();
        let plan = Plan::of(questions.iter().map(|question| &question.core), &context);
        let coding = Coding::derive(&plan, population, 2).unwrap();
        let found = Listing::merged(run::<64, _>(&plan, &coding, Isa::detect(), 2, Listing::default));
        let found: BTreeMap<_, _> = found.into_iter().map(|(item, row, met)| ((item, row), met)).collect();
        for (item, question) in questions.iter().enumerate() {
            for (row, firm) in self.firms.values().enumerate() {
                let verdict = match found.get(&(item, row)) {
                    Some(true) => Verdict::Met,
                    Some(false) => Verdict::Unknown,
                    None => Verdict::NotMet,
                };
                assert_eq!(verdict, decide(&question.core, firm, &context), "{}", question.words);
            }
        }
    }

    /// Asks them all; the first difference ends it.
    pub(crate) async fn ask_all(&self, questions: impl IntoIterator<Item = Question>) -> Tried {
        let mut tried = Tried::default();
        for question in questions {
            tried += self.ask(&question).await.unwrap_or_else(|difference| panic!("{difference}"));
        }
        tried
    }
}

impl Question {
    pub(crate) fn new(condition: &rules::Condition, as_of: NaiveDate) -> Self {
        let reference = Reference::builtin();
        let words = text::print(condition, reference);
        Self { words, core: lower(condition, reference), as_of, parameters: BTreeMap::new() }
    }

    pub(crate) fn of(words: &str) -> Self {
        let condition = text::parse(words, Reference::builtin());
        Self::new(&condition.unwrap_or_else(|problems| panic!("{words}\n{problems:#?}")), today())
    }

    pub(crate) fn context(&self) -> Context<'_> {
        Context { reference: Reference::builtin(), as_of: self.as_of, parameters: &self.parameters }
    }
}

pub(crate) fn today() -> NaiveDate {
    rules::arbitrary::world::today()
}

/// Days on which years, quarters and short months end or begin, and the usual one.
const DAYS: [&str; 5] = ["2026-11-23", "2026-01-01", "2024-02-29", "2025-03-31", "2025-12-31"];

/// Conditions with every construct of the language, the same for the same count, each on one of the days and every other
/// with a parameter of its own.
pub(crate) fn random_questions(count: usize) -> impl Iterator<Item = Question> {
    let mut runner = TestRunner::deterministic();
    let strategy = rules::arbitrary::condition();
    (0..count).map(move |index| {
        let condition = strategy.new_tree(&mut runner).unwrap().current();
        let own = ("城镇调查失业率控制目标".to_owned(), format!("{}%", index % 7));
        let parameters = (index % 2 == 0).then_some(own).into_iter().collect();
        Question { parameters, ..Question::new(&condition, DAYS[index % DAYS.len()].parse().unwrap()) }
    })
}

pub(crate) fn random_firms(seed: u64, count: u64) -> impl Iterator<Item = Profile> {
    (0..count).map(move |index| rules::arbitrary::profile(seed.wrapping_mul(7919).wrapping_add(index)))
}

/// Conditions of a small world and what is known of its firms, whose numbers lie on and beside the thresholds.
pub(crate) fn small_world(seeds: std::ops::Range<u64>) -> (Vec<Profile>, Vec<Question>) {
    let cases = seeds.map(Case::new).map(|case| (case.known.clone(), Question::new(&case.condition, today())));
    cases.unzip()
}

/// The conditions of the seeds.
pub(crate) fn seed_questions() -> Vec<Question> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../seeds/policies");
    let mut questions = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let policy: toml::Table = toml::from_str(&std::fs::read_to_string(entry.unwrap().path()).unwrap()).unwrap();
        let items = policy.get("items").and_then(|items| items.as_array()).into_iter().flatten();
        questions.extend(items.filter_map(|item| item.get("condition")?.as_str()).map(Question::of));
    }
    questions
}

#[derive(Deserialize)]
struct Notice {
    as_of: NaiveDate,
    condition: String,
    #[serde(default)]
    parameters: BTreeMap<String, String>,
    base: serde_json::Value,
    cases: Vec<NoticeCase>,
}

#[derive(Deserialize)]
struct NoticeCase {
    #[serde(default)]
    facts: BTreeMap<String, serde_json::Value>,
    #[serde(default)]
    without: Vec<String>,
    as_of: Option<NaiveDate>,
    #[serde(default)]
    parameters: BTreeMap<String, String>,
}

/// The firms and questions of the twenty-nine notices of `rules`.
pub(crate) fn notices() -> (Vec<Profile>, Vec<Question>) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../rules/tests/notices");
    let (mut firms, mut questions) = (Vec::new(), Vec::new());
    for entry in std::fs::read_dir(folder).unwrap() {
        let notice: Notice = toml::from_str(&std::fs::read_to_string(entry.unwrap().path()).unwrap()).unwrap();
        for case in notice.cases {
            let mut facts = notice.base.clone();
            let object = facts.as_object_mut().unwrap();
            object.retain(|key, _| !case.without.contains(key));
            object.extend(case.facts);
            let json = serde_json::json!({ "name": "示例公司", "facts": facts });
            firms.push(Profile::from_json(&json, Reference::builtin()).unwrap());
            let parameters: BTreeMap<_, _> = notice.parameters.clone().into_iter().chain(case.parameters).collect();
            let as_of = case.as_of.unwrap_or(notice.as_of);
            let is_asked =
                |one: &Question| (&one.words, one.as_of, &one.parameters) == (&notice.condition, as_of, &parameters);
            if !questions.iter().any(is_asked) {
                let question = Question::of(&notice.condition);
                questions.push(Question { words: notice.condition.clone(), as_of, parameters, ..question });
            }
        }
    }
    (firms, questions)
}
