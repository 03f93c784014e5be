//! What is wrong with a condition, all at once: names, types, units, impossible thresholds, contradictions.

mod amount;
mod bounds;
mod constant;
mod expression;
mod leaf;
mod records;
mod score;
mod tables;

use std::sync::Arc;

use crate::problem::{Problem, Severity};
use crate::reference::Reference;
use crate::text::{parse, parse_part, print, shortened, wording};
use crate::tree::{Condition, Score, Unconfirmed, child_path};

pub use amount::check_amount;

/// The deepest tree accepted; the text form cannot hold deeper ones.
const MAX_DEPTH: usize = 48;

/// The most groups and leaves looked at: members are compared with each other, so their number is bounded first. The
/// longest real condition has about sixty.
const MAX_NODES: usize = 5_000;

/// Every problem with its place in the tree and its remedy. Conditions with errors must not be published; warnings
/// say that a condition probably does not mean what was intended.
pub fn check(condition: &Condition, reference: &Reference) -> Vec<Problem> {
    let mut checker = Checker::new(reference);
    if exceeds(condition, MAX_NODES) {
        checker.error("", format!("条件超过 {MAX_NODES} 项"), "一个事项只写它自己的申报条件,其余的拆成别的事项");
    } else {
        checker.node(condition, "", 0, true);
        checker.unwritable(condition);
        checker.constants(condition);
    }
    checker.problems
}

pub(super) struct Checker<'a> {
    reference: &'a Reference,
    problems: Vec<Problem>,
    /// Scores met so far.
    scores: Vec<Arc<Score>>,
    inside_score: bool,
    /// What is checked, as a problem of the whole names it.
    whole: &'static str,
}

impl<'a> Checker<'a> {
    fn new(reference: &'a Reference) -> Self {
        Self { reference, problems: Vec::new(), scores: Vec::new(), inside_score: false, whole: "整个条件" }
    }
}

impl Checker<'_> {
    fn node(&mut self, condition: &Condition, path: &str, depth: usize, may_mark: bool) {
        if depth > MAX_DEPTH {
            self.error(path, format!("条件嵌套超过 {MAX_DEPTH} 层"), "请检查是否多写了括号");
            return;
        }
        if !condition.is_group() {
            if matches!(condition, Condition::Mark(_)) && !may_mark {
                self.error(path, "择优、名额、优先只能写在最外层的「且」里", "把它移到最外层,用「且」连接");
            }
            if let Condition::Unconfirmed(unconfirmed) = condition {
                self.unconfirmed(unconfirmed, path, depth);
            }
            self.leaf(condition, path);
            return;
        }
        self.group(condition, path);
        let is_table = matches!(condition, Condition::Tier(_) | Condition::Cases(_));
        let inside = may_mark && depth == 0 && matches!(condition, Condition::All(_));
        for (at, child) in condition.parts(path) {
            if !is_table || !is_empty(child) {
                self.node(child, &at, depth + 1, inside);
            }
        }
        if matches!(condition, Condition::All(_)) {
            self.contradictions(condition, path);
        }
    }

    fn group(&mut self, group: &Condition, path: &str) {
        let children = group.children();
        match group {
            empty if is_empty(empty) => {
                let message = "「无要求」「不符合」只能写在分档、分情形的行里";
                self.error(path, message, "写明条件,或删去这一项");
            }
            Condition::All(_) | Condition::Any(_) if children.len() < 2 => {
                self.error(path, "「且」「或」至少要连接两个条件", "补上另一个条件,或去掉这一层");
            }
            Condition::None(_) if children.is_empty() => {
                self.error(path, "「没有」的括号里是空的", "写明不得有的情形");
            }
            Condition::AtLeast { k, of } if *k == 0 || *k > of.len() => {
                let message = format!("要求满足 {k} 项,但只列了 {} 项", of.len());
                self.error(path, message, "核对项数");
            }
            Condition::AtLeast { k, of } if *k == of.len() && *k > 1 => {
                self.warning(path, format!("列出的 {k} 项都要满足"), "直接用「且」连接");
            }
            _ => {}
        }
        match group {
            Condition::Tier(bands) => return self.bands(bands, path, "不符合", tables::easier),
            Condition::Cases(cases) => return self.cases(cases, path, "不符合"),
            _ => {}
        }
        for (index, child) in children.iter().enumerate() {
            if children[..index].contains(child) {
                let text = wording(child, self.reference);
                self.warning(&child_path(path, index), format!("「{text}」在同一层写了两次"), "删去一个");
            }
        }
    }

    /// Publishing stops here until a person has taken the reading out of its brackets.
    fn unconfirmed(&mut self, Unconfirmed { sentence, reading }: &Unconfirmed, path: &str, depth: usize) {
        let message = format!("「{}」的读法还没有人确认", shortened(sentence));
        self.error(path, message, "对照原句核对括号里的条件:读对了就只留下括号里的条件,读错了就改写");
        self.node(reading, path, depth + 1, false);
    }

    /// A tree may come from a program. What the text form cannot hold (a year four years ago, wording with a 」 in it)
    /// nobody could read or mend later.
    fn unwritable(&mut self, condition: &Condition) {
        let reference = self.reference;
        let is_sound = self.problems.iter().all(|problem| problem.severity != Severity::Error);
        if !is_sound || parse(&print(condition, reference), reference).as_ref() == Ok(condition) {
            return;
        }
        let leaves = condition.leaves();
        let lost = leaves.iter().find(|(_, leaf)| {
            let read = parse_part(&wording(leaf, reference), condition, reference);
            read.as_ref() != Ok(*leaf)
        });
        let path = lost.map_or("", |(path, _)| path.as_str());
        self.error(path, "写不成条件文本", "用条件文本能写的年度、取值和文字;写法见规则语言的说明");
    }

    fn error(&mut self, path: &str, message: impl Into<String>, remedy: impl Into<String>) {
        self.problems.push(Problem::error(message).place(self.at(path)).remedy(remedy));
    }

    fn warning(&mut self, path: &str, message: impl Into<String>, remedy: impl Into<String>) {
        self.problems.push(Problem::warning(message).place(self.at(path)).remedy(remedy));
    }

    fn at(&self, path: &str) -> String {
        if path.is_empty() { self.whole.to_owned() } else { format!("第 {path} 项") }
    }
}

/// Whether a tree has more than `most` nodes, found without recursion and without visiting the rest.
fn exceeds(condition: &Condition, most: usize) -> bool {
    let mut open = vec![condition];
    let mut seen = 0;
    while let Some(next) = open.pop() {
        seen += 1;
        if seen + open.len() > most || next.children().len() > most {
            return true;
        }
        open.extend(next.children());
        if let Condition::Unconfirmed(unconfirmed) = next {
            open.push(&unconfirmed.reading);
        }
    }
    false
}

/// 无要求 and 不符合.
fn is_empty(condition: &Condition) -> bool {
    matches!(condition, Condition::All(none) | Condition::Any(none) if none.is_empty())
}

#[cfg(test)]
mod tests;
