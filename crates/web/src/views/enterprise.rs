//! The matches of one enterprise with every reason.

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
    pub(crate) groups: Vec<MatchGroup>,
    /// The facts that would settle most items, asked for once.
    pub(crate) missing: Vec<String>,
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
    pub(crate) amount: Option<String>,
    /// What decided it, one condition a line.
    pub(crate) why: Vec<String>,
    /// The smallest set of missing facts.
    pub(crate) missing: Vec<String>,
    /// The whole tree; empty without a condition.
    pub(crate) tree: Vec<Branch>,
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
            groups: vec![MatchGroup::sample()],
            missing: vec!["2025 年研发费用".to_owned()],
        }
    }
}
