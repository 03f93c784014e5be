//! A condition in the words an owner of a small firm reads: whole sentences, money in 万元, no signs of comparison.
//!
//! The third text of a tree, beside JSON and the text officials write. It is said, never read back, and it says every
//! boundary exactly: 不低于 and 不超过 include the number, 超过 and 低于 do not.

mod amount;
mod expression;
mod leaf;
mod number;
mod records;
mod tables;

use crate::reference::Reference;
use crate::text::names::Names;
use crate::tree::Condition;

pub use self::amount::plain_amount;
use self::number::numeral;
pub(crate) use self::tables::{OTHERWISE, band as plain_band};

/// One node in plain words: the sentence of a leaf, the heading of a group.
pub fn plain(condition: &Condition, reference: &Reference) -> String {
    Speaker { names: Names::new(reference), reference }.node(condition)
}

/// The whole condition, one sentence a line, members set in below the heading of their group.
pub fn plain_outline(condition: &Condition, reference: &Reference) -> String {
    let speaker = Speaker { names: Names::new(reference), reference };
    let mut lines = Vec::new();
    speaker.outline(condition, 0, &mut lines);
    lines.join("\n")
}

/// A condition within a sentence, its members joined by 且 and 或.
pub(crate) fn plain_inline(condition: &Condition, reference: &Reference) -> String {
    Speaker { names: Names::new(reference), reference }.inline(condition)
}

/// An expression in plain words.
pub(crate) fn plain_expression(expression: &crate::tree::Expression, reference: &Reference) -> String {
    Speaker { names: Names::new(reference), reference }.expression(expression)
}

struct Speaker<'a> {
    names: Names<'a>,
    reference: &'a Reference,
}

impl Speaker<'_> {
    fn node(&self, condition: &Condition) -> String {
        match condition {
            Condition::Tier(bands) => format!("按{}分档要求:", self.keys(&bands.keys)),
            Condition::Cases(_) => "按情形分别要求,先符合的先算:".to_owned(),
            group_or_leaf if group_or_leaf.is_group() => group(group_or_leaf),
            leaf => self.leaf(leaf),
        }
    }

    fn inline(&self, condition: &Condition) -> String {
        let joined = |members: &[Condition], word: &str| {
            let counted = members.iter().filter(|member| !matches!(member, Condition::Mark(_)));
            let said = counted.map(|member| match member {
                Condition::All(_) | Condition::Any(_) => format!("({})", self.inline(member)),
                _ => self.inline(member),
            });
            said.collect::<Vec<_>>().join(word)
        };
        match condition {
            Condition::All(members) if !members.is_empty() => joined(members, ",且"),
            Condition::Any(members) if !members.is_empty() => joined(members, ",或"),
            Condition::None(members) => format!("没有({})", joined(members, ",或")),
            Condition::AtLeast { k, of } => format!("至少有{}项({})", numeral(*k), joined(of, ";")),
            other => self.node(other).trim_end_matches(':').to_owned(),
        }
    }

    fn outline(&self, condition: &Condition, depth: usize, lines: &mut Vec<String>) {
        lines.push(format!("{}· {}", "  ".repeat(depth), self.node(condition)));
        match condition {
            Condition::Tier(bands) => self.outline_tier(bands, depth + 1, lines),
            Condition::Cases(cases) => self.outline_cases(cases, depth + 1, lines),
            Condition::Compare(comparison) => {
                for score in comparison.scores() {
                    self.outline_score(&score, depth + 1, lines);
                }
            }
            group => group.children().into_iter().for_each(|child| self.outline(child, depth + 1, lines)),
        }
    }
}

/// How many members must hold. Marks are shown beside the condition and do not count.
fn group(condition: &Condition) -> String {
    let members = condition.children().into_iter().filter(|child| !matches!(child, Condition::Mark(_))).count();
    let many = numeral(members);
    match condition {
        Condition::All(_) if members == 0 => "没有别的要求".to_owned(),
        Condition::Any(_) if members == 0 => "不符合条件".to_owned(),
        Condition::All(_) | Condition::Any(_) if members == 1 => "要满足:".to_owned(),
        Condition::Any(_) => format!("以下{many}项满足任意一项:"),
        Condition::None(_) if members == 1 => "不能有以下情形:".to_owned(),
        Condition::None(_) => format!("以下{many}种情形一种都不能有:"),
        Condition::AtLeast { k, .. } => format!("以下{many}项至少满足{}项:", numeral(*k)),
        _ => format!("以下{many}项都要满足:"),
    }
}

#[cfg(test)]
mod tests;
