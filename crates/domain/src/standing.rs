//! 情形: what a person is told. Made here and nowhere else, from verdict, open leaves, gaps and window.

use rules::{Explanation, Group, Node, Verdict};
use serde::{Deserialize, Serialize};

use crate::item::{Coverage, Mode};
use crate::window::Window;

/// The seven things a person can be told about an item, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// 符合
    Met,
    /// 基本符合: only a 承诺 or a person's confirmation is missing.
    AlmostMet,
    /// 差一点: every failing condition has a gap that can be named.
    Near,
    /// 待补信息
    MissingInformation,
    /// 条件未全部录入,以官方原文为准: nothing recorded speaks against it, but not all of the wording is recorded.
    NotFullyRecorded,
    /// 不符合
    NotMet,
    /// 未开放或已截止
    NotOpen,
}

impl Standing {
    /// Every standing in the order of lists and tables.
    pub const ALL: [Self; 7] = [
        Self::Met,
        Self::AlmostMet,
        Self::Near,
        Self::MissingInformation,
        Self::NotFullyRecorded,
        Self::NotMet,
        Self::NotOpen,
    ];

    /// The word on the page. A competitive item is never promised: 可申报(择优).
    pub fn label(self, mode: Mode) -> &'static str {
        match (self, mode) {
            (Self::Met, Mode::Competitive) => "可申报(择优)",
            (Self::Met, _) => "符合",
            (Self::AlmostMet, Mode::Competitive) => "基本可申报(择优)",
            (Self::AlmostMet, _) => "基本符合",
            (Self::Near, _) => "差一点",
            (Self::MissingInformation, _) => "待补信息",
            (Self::NotFullyRecorded, _) => "条件未全部录入,以官方原文为准",
            (Self::NotMet, _) => "不符合",
            (Self::NotOpen, _) => "未开放或已截止",
        }
    }

    /// Whether a message may call it a match.
    pub fn is_match(self) -> bool {
        matches!(self, Self::Met | Self::AlmostMet)
    }
}

/// Whether a window lets a verdict be told at all: live, or usual at a known time of the year.
pub fn is_told(window: &Window) -> bool {
    window.is_live() || matches!(window, Window::Expected { .. })
}

/// The standing of an explained item. Without a condition, pass `None`. `waits_for_words` says of an undecided one
/// whether it is met once 承诺 and confirmations are given ([`rules::given_words`]).
pub fn standing(
    coverage: Coverage,
    window: &Window,
    explanation: Option<&Explanation>,
    waits_for_words: bool,
) -> Standing {
    if !is_told(window) {
        return Standing::NotOpen;
    }
    let Some(explanation) = explanation.filter(|_| coverage != Coverage::None) else {
        return Standing::NotFullyRecorded;
    };
    match explanation.verdict {
        Verdict::NotMet if is_near(&explanation.root) => Standing::Near,
        Verdict::NotMet => Standing::NotMet,
        _ if coverage != Coverage::Full => Standing::NotFullyRecorded,
        Verdict::Met => Standing::Met,
        Verdict::Unknown if waits_for_words => Standing::AlmostMet,
        Verdict::Unknown => Standing::MissingInformation,
    }
}

/// Whether named gaps are all that stands between this failing node and being met.
/// A violation under 没有 is no gap: it happened.
fn is_near(node: &Node) -> bool {
    let mut failing = node.children.iter().filter(|child| child.verdict == Verdict::NotMet);
    match node.group {
        None | Some(Group::Score) => node.gap.is_some(),
        // With nothing failing by itself there is no gap to name.
        Some(Group::All) => failing.clone().next().is_some() && failing.all(is_near),
        Some(Group::Tier) => !node.children.is_empty() && node.children.iter().all(is_near),
        Some(Group::Row(_)) => node.children.last().is_some_and(is_near),
        Some(Group::Any) => failing.any(is_near),
        Some(Group::None) => false,
        Some(Group::AtLeast(k)) => {
            let others = node.children.iter().filter(|child| child.verdict != Verdict::NotMet).count();
            others + failing.filter(|child| is_near(child)).count() >= k
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(verdict: Verdict, gap: bool) -> Node {
        let gap = gap.then(|| rules::Gap { display: "差 1 万元".into(), from_date: None });
        Node {
            path: "1".into(),
            text: "示例".into(),
            plain: "示例".into(),
            verdict,
            group: None,
            actual: None,
            threshold: None,
            gap,
            cause: None,
            regardless: None,
            sentence: None,
            children: Vec::new(),
        }
    }

    fn group(group: Group, verdict: Verdict, children: Vec<Node>) -> Explanation {
        let root = Node { group: Some(group), children, ..leaf(verdict, false) };
        Explanation { verdict, root, deciding: Vec::new(), marks: Vec::new() }
    }

    fn tell(explanation: &Explanation) -> Standing {
        standing(Coverage::Full, &Window::Rolling, Some(explanation), false)
    }

    #[test]
    fn only_full_coverage_may_be_met() {
        let met = group(Group::All, Verdict::Met, vec![leaf(Verdict::Met, false)]);
        assert_eq!(standing(Coverage::Full, &Window::Rolling, Some(&met), false), Standing::Met);
        assert_eq!(standing(Coverage::Partial, &Window::Rolling, Some(&met), false), Standing::NotFullyRecorded);
        assert_eq!(standing(Coverage::None, &Window::Rolling, None, false), Standing::NotFullyRecorded);
    }

    #[test]
    fn partial_coverage_still_says_what_a_recorded_condition_excludes() {
        let out = group(Group::All, Verdict::NotMet, vec![leaf(Verdict::NotMet, false)]);
        assert_eq!(standing(Coverage::Partial, &Window::Rolling, Some(&out), false), Standing::NotMet);
    }

    #[test]
    fn an_open_condition_that_waits_for_words_only_is_almost_met_and_a_decided_one_never() {
        let told = |verdict, words| {
            let explanation = group(Group::All, verdict, vec![leaf(verdict, false)]);
            standing(Coverage::Full, &Window::Rolling, Some(&explanation), words)
        };
        assert_eq!(told(Verdict::Unknown, true), Standing::AlmostMet);
        assert_eq!(told(Verdict::Unknown, false), Standing::MissingInformation);
        assert_eq!(told(Verdict::NotMet, true), Standing::NotMet);
        assert_eq!(told(Verdict::Met, true), Standing::Met);
    }

    #[test]
    fn near_needs_every_failing_condition_to_name_its_gap() {
        let gap = leaf(Verdict::NotMet, true);
        let wall = leaf(Verdict::NotMet, false);
        assert_eq!(tell(&group(Group::All, Verdict::NotMet, vec![gap.clone()])), Standing::Near);
        assert_eq!(tell(&group(Group::All, Verdict::NotMet, vec![gap.clone(), wall.clone()])), Standing::NotMet);
        assert_eq!(tell(&group(Group::Any, Verdict::NotMet, vec![gap.clone(), wall])), Standing::Near);
        assert_eq!(tell(&group(Group::None, Verdict::NotMet, vec![gap])), Standing::NotMet);
    }

    #[test]
    fn a_closed_window_is_told_before_any_verdict() {
        let met = group(Group::All, Verdict::Met, vec![leaf(Verdict::Met, false)]);
        let told = standing(Coverage::Full, &Window::Unannounced, Some(&met), false);
        assert_eq!(told, Standing::NotOpen);
    }

    #[test]
    fn a_competitive_item_is_never_promised() {
        assert_eq!(Standing::Met.label(Mode::Competitive), "可申报(择优)");
        assert_eq!(Standing::Met.label(Mode::Application), "符合");
    }
}
