//! 事项之间的关系: what taking one item means for the others, as the notices word it.

mod told;

use std::collections::{BTreeMap, BTreeSet};

use rules::{Amount, Problem, Reference};
use serde::{Deserialize, Serialize};

use crate::item::Item;

pub use told::{TellRelations, ToldRelation};

/// What kind of relation, as a notice states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RelationKind {
    /// 就高不重复: of these items an enterprise has one only, the better one. Holds both ways.
    BestOf,
    /// 同一项目不重复享受: may be had together, but not for the same project. Holds both ways.
    PerProject,
    /// 同一笔贷款不重复享受. Holds both ways.
    PerLoan,
    /// 前置: those items come first.
    Prerequisite,
    /// 义务: what must be kept to after receiving.
    Obligation,
    /// 累计上限: together they pay no more than this. Holds both ways.
    Cap,
}

/// One relation of an item, recorded with its revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relation {
    pub kind: RelationKind,
    /// Codes of the other items; none for an obligation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<String>,
    /// The most paid together, in the text form of amounts; for a cap only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<String>,
    /// In short what the notice says; an obligation has nothing else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wording: Option<String>,
}

impl RelationKind {
    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Self::BestOf => "就高不重复",
            Self::PerProject => "同一项目不重复享受",
            Self::PerLoan => "同一笔贷款不重复享受",
            Self::Prerequisite => "前置",
            Self::Obligation => "义务",
            Self::Cap => "累计上限",
        }
    }

    /// Whether it binds the other item as it binds this one.
    pub fn is_mutual(self) -> bool {
        matches!(self, Self::BestOf | Self::PerProject | Self::PerLoan | Self::Cap)
    }
}

impl Relation {
    /// Codes of the items it is about, the stating one first.
    pub fn group<'a>(&'a self, own: &'a str) -> Vec<&'a str> {
        std::iter::once(own).chain(self.items.iter().map(String::as_str)).collect()
    }

    /// What is wrong with it as written for the item `own`, each problem at its field: `items`, `cap`, `wording`.
    /// Whether the other items exist is for the caller to know.
    pub fn problems(&self, own: &str, reference: &Reference) -> Vec<Problem> {
        let mut problems = self.problems_of_items(own);
        match (self.kind, &self.cap) {
            (RelationKind::Cap, None) => {
                let problem = Problem::error("累计上限没有写金额").place("cap");
                problems.push(problem.remedy("如 cap = \"30万元\" 或 \"30万元 + 上年度纳税额\""));
            }
            (RelationKind::Cap, Some(text)) => {
                let unread = Amount::read(text, reference).err().unwrap_or_default();
                problems.extend(unread.into_iter().map(|problem| problem.place("cap")));
            }
            (_, Some(_)) => {
                let problem = Problem::error("只有累计上限才写金额").place("cap");
                problems.push(problem.remedy("删去 cap,或把 kind 改为 cap(累计上限)"));
            }
            (_, None) => {}
        }
        if self.kind == RelationKind::Obligation && self.wording.as_deref().is_none_or(|text| text.trim().is_empty()) {
            let problem = Problem::error("义务没有写内容").place("wording");
            problems.push(problem.remedy("写明要遵守什么、多久,如 五年内不迁离本区"));
        }
        problems
    }

    fn problems_of_items(&self, own: &str) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut note = |message: String, remedy: &str| {
            problems.push(Problem::error(message).place("items").remedy(remedy));
        };
        match (self.kind, self.items.is_empty()) {
            (RelationKind::Obligation, false) => {
                note("义务只对本事项,不写别的事项".to_owned(), "删去 items");
            }
            (RelationKind::Obligation, true) | (_, false) => {}
            (kind, true) => note(format!("{}没有写是和哪些事项", kind.label()), "写上对方事项的 code"),
        }
        if self.items.iter().any(|code| code == own) {
            note(format!("写了事项 {own} 自己"), "只写别的事项的 code");
        }
        let mut seen = BTreeSet::new();
        for code in self.items.iter().filter(|code| !seen.insert(*code)) {
            note(format!("事项 {code} 写了两次"), "删去一个");
        }
        problems
    }
}

/// For each item the items that come before it.
pub type Prerequisites = BTreeMap<String, BTreeSet<String>>;

/// The prerequisites a library states, with an entry for every item.
pub fn prerequisites(library: &[Item]) -> Prerequisites {
    library.iter().map(|item| (item.code.clone(), before(&item.revision.relations))).collect()
}

/// The items that come before the one with these relations.
pub fn before(relations: &[Relation]) -> BTreeSet<String> {
    let first = relations.iter().filter(|relation| relation.kind == RelationKind::Prerequisite);
    first.flat_map(|relation| relation.items.iter().cloned()).collect()
}

/// Every circle of prerequisites, each once, as the codes along it.
///
/// Items on a circle can never be had: each waits for the next.
pub fn circles(first: &Prerequisites) -> Vec<Vec<String>> {
    let mut circles: Vec<Vec<String>> = Vec::new();
    for start in first.keys() {
        let known = circles.iter().any(|circle| circle.contains(start));
        if let Some(circle) = way_back(start, first).filter(|_| !known) {
            circles.push(circle);
        }
    }
    circles
}

/// The shortest way from an item back to itself.
fn way_back(start: &str, first: &Prerequisites) -> Option<Vec<String>> {
    let mut came_from: BTreeMap<&str, &str> = BTreeMap::new();
    let mut open = std::collections::VecDeque::from([start]);
    while let Some(at) = open.pop_front() {
        for next in first.get(at).into_iter().flatten() {
            if next == start {
                return Some(walked(start, at, &came_from));
            }
            if !came_from.contains_key(next.as_str()) {
                came_from.insert(next, at);
                open.push_back(next);
            }
        }
    }
    None
}

fn walked(start: &str, end: &str, came_from: &BTreeMap<&str, &str>) -> Vec<String> {
    let mut way = vec![end.to_owned()];
    let mut at = end;
    while at != start {
        let Some(before) = came_from.get(at) else { break };
        way.push((*before).to_owned());
        at = before;
    }
    way.reverse();
    way
}

/// A circle as a person reads it: `甲 → 乙 → 甲`.
pub fn circle_words(circle: &[String]) -> String {
    circle.iter().chain(circle.first()).map(String::as_str).collect::<Vec<_>>().join(" → ")
}

#[cfg(test)]
mod tests;
