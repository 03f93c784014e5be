//! Flags worked out from other facts, with the reason they come out as they do.

use std::collections::BTreeMap;

use super::{Explainer, Judged};
use crate::evaluate::facts::Facts;
use crate::evaluate::reading::{Evidence, Need};
use crate::tree::Condition;
use crate::verdict::{Gap, Group, Node, UnknownCause, Verdict};

/// What a condition says where it stands for a fact.
pub(crate) struct Derived {
    pub(crate) verdict: Verdict,
    /// 是, or 否 with the requirements that fail.
    pub(crate) words: String,
    pub(crate) gap: Option<Gap>,
    /// Why it is open, and a smallest set of facts that would settle it.
    pub(crate) cause: Option<UnknownCause>,
    pub(crate) needs: Vec<Need>,
    pub(crate) evidence: Evidence,
}

/// Judges the condition a flag follows from.
pub(crate) fn derive(condition: &Condition, facts: &Facts<'_>) -> Derived {
    let explainer = Explainer { facts: *facts, sentences: &BTreeMap::new(), settles: false };
    let Judged { node, wish } = explainer.judge(condition, String::new(), true);
    let deciding = reasons(&node);
    let shown = |leaf: &&Node| match &leaf.actual {
        Some(actual) => format!("{}(实际 {})", leaf.text, actual.display),
        None => leaf.text.clone(),
    };
    let words = match node.verdict {
        Verdict::NotMet => format!("否:{}", deciding.iter().map(shown).collect::<Vec<_>>().join(";")),
        _ => "是".to_owned(),
    };
    let mut evidence = Evidence::default();
    for actual in deciding.iter().filter_map(|leaf| leaf.actual.as_ref()) {
        let sources = actual.source.iter().flat_map(|names| names.split('、')).map(str::to_owned).collect();
        evidence = evidence.join(Evidence { sources, grade: actual.grade, ..Evidence::default() });
    }
    Derived {
        verdict: node.verdict,
        words,
        gap: match deciding.as_slice() {
            [leaf] => leaf.gap.clone(),
            _ => None,
        },
        cause: deciding.iter().find_map(|leaf| leaf.cause.clone()),
        needs: wish.map(|wish| explainer.smallest(&wish)).unwrap_or_default(),
        evidence,
    }
}

/// The leaves that make a node what it is. Of alternatives that all fail, those of the one that comes nearest.
fn reasons(node: &Node) -> Vec<&Node> {
    let alike = node.children.iter().filter(|child| child.verdict == node.verdict);
    match (node.group, node.verdict) {
        (None | Some(Group::Score), _) => vec![node],
        (Some(Group::None), Verdict::Met | Verdict::NotMet) => {
            let others = node.children.iter().filter(|child| child.verdict != node.verdict);
            others.flat_map(reasons).collect()
        }
        (Some(Group::Any), Verdict::NotMet) => {
            let failing = |leaves: &Vec<&Node>| (leaves.iter().filter(|leaf| leaf.gap.is_none()).count(), leaves.len());
            alike.map(reasons).min_by_key(failing).unwrap_or_default()
        }
        (Some(Group::Any), Verdict::Met) => alike.map(reasons).next().unwrap_or_default(),
        _ => alike.flat_map(reasons).collect(),
    }
}
