//! Scores explained: points and maximum of every part, and what would bring the points that are missing.

use super::tables::one_line;
use super::{Explainer, leaf_node};
use crate::evaluate::finding::{Finding, actual};
use crate::evaluate::score::Points;
use crate::number::{Rational, count_text};
use crate::plain::plain_expression;
use crate::reference::Reference;
use crate::text::{print_expression, print_intervals};
use crate::tree::{Bands, Condition, Expression, Part, Quantity, Rule, Score, child_path};
use crate::verdict::{Gap, Group, Node, Verdict};

impl Explainer<'_> {
    /// The parts of the scores a comparison speaks of; several scores have a node each.
    pub(super) fn points(&self, leaf: &Condition, path: &str) -> (Option<Group>, Vec<Node>) {
        let Condition::Compare(comparison) = leaf else { return (None, Vec::new()) };
        let nodes = match comparison.scores().as_slice() {
            [] => return (None, Vec::new()),
            [score] => self.part_nodes(&score.parts, self.facts.score_points(score).parts, path),
            many => {
                many.iter().enumerate().map(|(index, score)| self.score_node(score, child_path(path, index))).collect()
            }
        };
        (Some(Group::Score), nodes)
    }

    fn score_node(&self, score: &Score, path: String) -> Node {
        let points = self.facts.score_points(score);
        let mut node = points_node(path, (score.name.clone(), score.name.clone()), &points, &score.most());
        node.children = self.part_nodes(&score.parts, points.parts, &node.path);
        node
    }

    fn part_nodes(&self, parts: &[Part], points: Vec<Points>, path: &str) -> Vec<Node> {
        let each = parts.iter().zip(points).enumerate();
        each.map(|(index, (part, points))| self.part_node(part, points, child_path(path, index))).collect()
    }

    fn part_node(&self, part: &Part, points: Points, path: String) -> Node {
        let reference = self.facts.reference();
        let most = part.most();
        let text = match &part.rule {
            Rule::Bands(bands) => {
                let joined = |words: fn(&Expression, &Reference) -> String| {
                    bands.keys.iter().map(|key| words(key, reference)).collect::<Vec<_>>().join("、")
                };
                (joined(print_expression), joined(plain_expression))
            }
            Rule::When { condition, .. } => {
                let (text, plain) = self.both(condition);
                (one_line(&text), plain)
            }
            Rule::Cases(_) => same("按情形给分"),
            Rule::Best(_) => same("取最高的一项"),
            Rule::Sum(_) => same("各项相加"),
        };
        let mut node = points_node(path, text, &points, &most);
        if let (Some(gap), Rule::Bands(bands)) = (&mut node.gap, &part.rule) {
            let next = points.range.high.finite().and_then(|high| next_step(bands, high));
            gap.display.push_str(&next.unwrap_or_default());
        }
        node.children = match &part.rule {
            Rule::When { condition, .. } if condition.is_group() => {
                vec![self.judge(condition, child_path(&node.path, 0), true).node]
            }
            Rule::Best(parts) | Rule::Sum(parts) => self.part_nodes(parts, points.parts, &node.path),
            _ => Vec::new(),
        };
        node
    }
}

/// Full points are met, lost ones are not; what is open may still become either.
fn points_node(path: String, text: (String, String), points: &Points, most: &Rational) -> Node {
    // Points are sums of written numbers and have two ends.
    let none = Rational::whole(0);
    let low = points.range.low.finite().unwrap_or(&none);
    let high = points.range.high.finite().unwrap_or(most);
    let verdict = match (low >= most, high >= most) {
        (true, _) => Verdict::Met,
        (false, true) => Verdict::Unknown,
        (false, false) => Verdict::NotMet,
    };
    let shown = if low == high { points_text(low) } else { format!("{} 至 {}", points_text(low), points_text(high)) };
    let mut finding = Finding::plain(verdict).threshold(format!("满分 {}", points_text(most)));
    finding.actual = Some(actual(shown, points.evidence.clone()));
    finding.cause = points.open.as_ref().map(|blank| blank.cause.clone());
    if verdict == Verdict::NotMet {
        finding.gap = Some(Gap { display: format!("少 {}", points_text(&most.subtract(high))), from_date: None });
    }
    Node { group: Some(Group::Score), ..leaf_node(path, text, finding) }
}

/// The row with the fewest points above those one has: `,>= 10% 可得 20 分`.
fn next_step(bands: &Bands<Quantity>, have: &Rational) -> Option<String> {
    let better = bands.rows.iter().filter(|row| row.then.value() > *have);
    let next = better.min_by(|one, other| one.then.value().cmp(&other.then.value()))?;
    Some(format!(",{} 可得 {}", print_intervals(&next.intervals), points_text(&next.then.value())))
}

fn same(words: &str) -> (String, String) {
    (words.to_owned(), words.to_owned())
}

fn points_text(points: &Rational) -> String {
    count_text(points, "分")
}
