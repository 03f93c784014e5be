//! The matches of one enterprise with every reason.

use domain::questions::Questions;
use domain::relations::ToldRelation;
use rules::MissingFact;
use serde::Serialize;

use super::shell::{Link, Shell};
use super::tree::Branch;
use crate::templates::View;
use crate::words::Badge;

#[derive(Clone, Debug, Serialize)]
pub(crate) struct EnterprisePage {
    pub(crate) shell: Shell,
    pub(crate) name: String,
    pub(crate) uscc: String,
    pub(crate) facts: Vec<FactRow>,
    pub(crate) total: Option<TotalCard>,
    pub(crate) groups: Vec<MatchGroup>,
    /// The few facts that would settle most items.
    pub(crate) questions: Option<QuestionsCard>,
}

/// What to answer next, and how much that settles.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct QuestionsCard {
    pub(crate) words: String,
    pub(crate) lines: Vec<String>,
}

impl QuestionsCard {
    /// Nothing where there is nothing to ask.
    pub(crate) fn new(asked: &Questions) -> Option<Self> {
        let line = |fact: &MissingFact| {
            format!("{}{}：{}", fact.period.as_deref().unwrap_or_default(), fact.name, fact.question)
        };
        Some(Self { words: asked.words()?, lines: asked.facts.iter().map(line).collect() })
    }
}

/// One fact of the profile as it is known, a line per statement.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct FactRow {
    pub(crate) name: String,
    pub(crate) lines: Vec<String>,
}

/// The items of one standing.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct MatchGroup {
    pub(crate) id: &'static str,
    pub(crate) title: &'static str,
    pub(crate) lead: &'static str,
    pub(crate) tone: &'static str,
    /// Nothing to act on: folded away until asked for.
    pub(crate) folded: bool,
    pub(crate) lines: Vec<MatchLine>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct MatchLine {
    pub(crate) item: Link,
    pub(crate) badges: Vec<Badge>,
    /// As the notice has it.
    pub(crate) amount: Option<String>,
    /// What this enterprise can expect, and how that is reckoned.
    pub(crate) expected: Option<String>,
    pub(crate) reckoning: Option<String>,
    pub(crate) relations: Vec<RelationLine>,
    /// What decided it, one condition a line.
    pub(crate) why: Vec<String>,
    /// The smallest set of missing facts.
    pub(crate) missing: Vec<String>,
    /// The whole tree; empty without a condition.
    pub(crate) tree: Vec<Branch>,
}

/// What an item has to do with another one.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct RelationLine {
    pub(crate) text: String,
    /// What the notice says.
    pub(crate) wording: Option<String>,
    /// The other item.
    pub(crate) href: Option<String>,
}

impl RelationLine {
    pub(crate) fn new(told: &ToldRelation) -> Self {
        let href = told.item.as_ref().map(|code| format!("/items/{code}"));
        Self { text: told.words.clone(), wording: told.wording.clone(), href }
    }

    pub(super) fn sample() -> Self {
        Self {
            text: "与《设备补贴》就高不重复，只能享受一项：《设备补贴》 20 万元 更高，本项 5 万元".to_owned(),
            wording: Some("与设备补贴不重复享受".to_owned()),
            href: Some("/items/b".to_owned()),
        }
    }
}

/// What everything comes to together.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct TotalCard {
    pub(crate) sum: String,
    pub(crate) words: String,
}

impl TotalCard {
    pub(super) fn sample() -> Self {
        Self {
            sum: "25 万元".to_owned(), words: "现在符合、算得出金额的 2 项，预计合计 25 万元。".to_owned()
        }
    }
}

impl MatchGroup {
    pub(super) fn sample() -> Self {
        Self {
            id: "met",
            title: "符合",
            lead: "条件全部达到。",
            tone: "good",
            folded: true,
            lines: vec![MatchLine {
                item: Link::new("研发投入补贴", "/items/a"),
                badges: vec![Badge::new("常年受理", "good")],
                amount: Some("最高 50 万元".to_owned()),
                expected: Some("预计 5 万元".to_owned()),
                reckoning: Some("研发费用 50 万元 × 10% = 5 万元".to_owned()),
                relations: vec![RelationLine::sample()],
                why: vec!["研发费用占比 2.6%，要求 3%".to_owned()],
                missing: vec!["2025 年营业收入".to_owned()],
                tree: vec![Branch::sample()],
            }],
        }
    }
}

impl View for EnterprisePage {
    const TEMPLATE: &'static str = "enterprise.html";

    fn sample() -> Self {
        Self {
            shell: Shell::sample("示例企业", "demo"),
            name: "示例软件有限公司".to_owned(),
            uscc: "91420100MA00000000".to_owned(),
            facts: vec![FactRow { name: "营业收入".to_owned(), lines: vec!["2025 年 1200 万元".to_owned()] }],
            total: Some(TotalCard::sample()),
            groups: vec![MatchGroup::sample()],
            questions: Some(QuestionsCard {
                words: "补充这 1 项可确定 3 个事项".to_owned(),
                lines: vec!["2025年研发费用：研发费用多少万元？".to_owned()],
            }),
        }
    }
}
