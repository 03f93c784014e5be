//! Tables explained: the rows the enterprise can be in, the one it is in, and the branch of each.

use super::deciding::{CaseRow, Row, Wish};
use super::{Explainer, Judged, leaf_node};
use crate::evaluate::condition::{case_verdict, joined, judge};
use crate::evaluate::finding::{Finding, NOT_APPLICABLE, actual};
use crate::evaluate::measure::{Measure, unit_of};
use crate::evaluate::range::End;
use crate::evaluate::reading::{Estimate, Evidence, Reading};
use crate::plain::{plain_band, plain_expression};
use crate::text::{print_expression, print_intervals};
use crate::tree::tier::{self, REFUSED};
use crate::tree::{Bands, Cases, Condition, Expression, child_path};
use crate::verdict::{Actual, Group, Node, UnknownCause, Verdict};

impl Explainer<'_> {
    pub(super) fn judge_tier(&self, bands: &Bands<Condition>, path: String, wanted: bool) -> Judged {
        let refused = REFUSED;
        let keys = bands.read_keys(&self.facts);
        let reach = bands.reach(&keys);
        let open = keys.iter().fold(None, |open, key| joined(open, key.open()));
        let reference = self.facts.reference();
        let texts = bands.rows.iter().map(|row| (print_intervals(&row.intervals), plain_band(&row.intervals)));
        let texts = texts.chain([otherwise()]);
        let branches = bands.values().chain(bands.otherwise.is_none().then_some(&refused));
        let reached = reach.rows.iter().chain([&reach.otherwise]);
        let (mut rows, mut nodes, mut verdicts) = (Vec::new(), Vec::new(), Vec::new());
        for (index, ((text, branch), reached)) in texts.zip(branches).zip(reached).enumerate() {
            let row = child_path(&path, index);
            let judged = self.judge(branch, child_path(&row, 0), wanted);
            verdicts.push(judged.node.verdict);
            if *reached == Verdict::NotMet {
                continue;
            }
            let enter = (*reached == Verdict::Unknown)
                .then(|| Wish::of_leaf(open.as_ref().map(|blank| blank.needs.clone()).unwrap_or_default()));
            rows.push(Row { enter, verdict: judged.node.verdict, branch: judged.wish });
            nodes.push(row_node(row, text, *reached, vec![judged.node]));
        }
        let verdict = tier::verdict(&reach, &verdicts);
        let mut finding = Finding::plain(verdict);
        finding.actual = self.keys_shown(&bands.keys, &keys);
        if verdict == Verdict::Unknown {
            finding.cause = open.map(|blank| blank.cause);
        }
        let names: Vec<String> = bands.keys.iter().map(|key| print_expression(key, reference)).collect();
        let said: Vec<String> = bands.keys.iter().map(|key| plain_expression(key, reference)).collect();
        let text = (format!("按{}分档", names.join("、")), format!("按{}分档要求:", said.join("和")));
        table(path, text, finding, nodes, (verdict == Verdict::Unknown).then(|| Wish::of_rows(rows, wanted)))
    }

    pub(super) fn judge_cases(&self, cases: &Cases<Condition>, path: String, wanted: bool) -> Judged {
        let refused = REFUSED;
        let whens = cases.rows.iter().enumerate();
        let entered: Vec<Judged> =
            whens.map(|(index, row)| self.judge(&row.when, child_path(&child_path(&path, index), 0), true)).collect();
        let verdicts: Vec<Verdict> = entered.iter().map(|when| when.node.verdict).collect();
        let reach = Cases::<Condition>::reach(&verdicts);
        let branches = cases.values().chain(cases.otherwise.is_none().then_some(&refused));
        let reached = reach.rows.iter().chain([&reach.otherwise]);
        let (mut wishes, mut nodes, mut branch_verdicts) = (Vec::new(), Vec::new(), Vec::new());
        for (index, (branch, reached)) in branches.zip(reached).enumerate() {
            let row = child_path(&path, index);
            let when = cases.rows.get(index);
            let judged = self.judge(branch, child_path(&row, usize::from(when.is_some())), wanted);
            branch_verdicts.push(judged.node.verdict);
            wishes.push(Wish::of_verdict(judged.node.verdict, wanted, judged.wish));
            if *reached == Verdict::NotMet {
                continue;
            }
            let text = when.map_or_else(otherwise, |row| {
                let (text, plain) = self.both(&row.when);
                (format!("当 {}", one_line(&text)), format!("有以下情形的:{plain}"))
            });
            let when = entered.get(index).map(|when| when.node.clone());
            nodes.push(row_node(row, text, *reached, when.into_iter().chain([judged.node]).collect()));
        }
        let verdict = case_verdict(&verdicts, &branch_verdicts);
        let wish = (verdict == Verdict::Unknown).then(|| self.case_wish(cases, &entered, wishes));
        let text = ("按情形分别要求".to_owned(), "按情形分别要求,先符合的先算:".to_owned());
        table(path, text, Finding::plain(verdict), nodes, wish)
    }

    /// From what the branches take, 其余 last, and what leads into the rows and past them.
    fn case_wish(&self, cases: &Cases<Condition>, entered: &[Judged], mut branches: Vec<Wish>) -> Wish {
        let rest = branches.pop().unwrap_or_else(|| Wish::of_leaf(Vec::new()));
        let rows = cases.rows.iter().zip(entered).zip(branches).map(|((row, entered), branch)| {
            let verdict = entered.node.verdict;
            CaseRow {
                enter: Wish::of_verdict(verdict, true, entered.wish.clone()),
                pass: Wish::of_verdict(verdict, false, (verdict == Verdict::Unknown).then(|| self.pass(&row.when))),
                branch,
            }
        });
        Wish::of_cases(rows.collect(), rest)
    }

    /// What it takes that an open condition fails. Judging it once more would double with each nesting of tables, so of
    /// one that holds tables everything it lacks is asked for.
    fn pass(&self, when: &Condition) -> Wish {
        if holds_cases(when) {
            return Wish::of_leaf(judge(when, &self.facts).1.map(|blank| blank.needs).unwrap_or_default());
        }
        self.judge(when, String::new(), false).wish.unwrap_or_else(|| Wish::of_leaf(Vec::new()))
    }

    /// The values the keys were read at.
    fn keys_shown(&self, keys: &[Expression], readings: &[Reading]) -> Option<Actual> {
        let reference = self.facts.reference();
        let shown = keys.iter().zip(readings).map(|(key, reading)| match &reading.estimate {
            Estimate::Known(range) => {
                let (measure, unit) = (Measure::of(key, reference), unit_of(key, reference));
                let end = |end: &End| end.finite().map_or_else(|| "不定".to_owned(), |end| measure.show(end, &unit));
                if range.is_exact() { end(&range.low) } else { format!("{} 至 {}", end(&range.low), end(&range.high)) }
            }
            Estimate::NotApplicable => NOT_APPLICABLE.to_owned(),
            Estimate::Unknown(_) => "未知".to_owned(),
        });
        let shown: Vec<String> = shown.collect();
        let is_known = readings.iter().any(|reading| !matches!(reading.estimate, Estimate::Unknown(_)));
        let evidence =
            readings.iter().map(|reading| reading.evidence.clone()).fold(Evidence::default(), Evidence::join);
        is_known.then(|| actual(shown.join(";"), evidence))
    }
}

fn holds_cases(condition: &Condition) -> bool {
    matches!(condition, Condition::Cases(_)) || condition.children().into_iter().any(holds_cases)
}

fn otherwise() -> (String, String) {
    ("其余".to_owned(), "其他情况".to_owned())
}

/// Groups print over several lines; a row's heading has one.
pub(super) fn one_line(text: &str) -> String {
    text.replace('\n', " ")
}

/// A row speaks with the verdict of its branch, the last child.
fn row_node(path: String, text: (String, String), reached: Verdict, children: Vec<Node>) -> Node {
    let verdict = children.last().map_or(Verdict::Unknown, |branch| branch.verdict);
    Node { group: Some(Group::Row(reached)), children, ..leaf_node(path, text, Finding::plain(verdict)) }
}

fn table(path: String, text: (String, String), finding: Finding, rows: Vec<Node>, wish: Option<Wish>) -> Judged {
    let cause: Option<UnknownCause> = finding.cause.clone();
    let node = Node { group: Some(Group::Tier), children: rows, cause, ..leaf_node(path, text, finding) };
    Judged { node, wish }
}
