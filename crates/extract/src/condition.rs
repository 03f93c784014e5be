//! A proposal → a condition of the rule language: what is sure stands as it is, what is doubted waits in 待确认「…」, what
//! no fact answers stays 人工「…」. What is paid is left out.

use rules::tree::Unconfirmed;
use rules::{Condition, Reference};

use crate::leaf::{Leaf, Reading, Role, Tree};
use crate::propose::{Proposal, Sentence};

/// The longest quotation kept with a leaf, in characters.
const LONGEST_QUOTE: usize = 200;

/// The condition of the whole notice; none where it demands nothing.
pub fn condition(proposal: &Proposal, reference: &Reference) -> Option<Condition> {
    let sentences = proposal.sentences.iter().filter_map(|sentence| of_sentence(sentence, reference));
    // The demands of a sentence stand on lines of their own.
    let demands = sentences.flat_map(|condition| match condition {
        Condition::All(children) => children,
        other => vec![other],
    });
    group(demands.collect(), Condition::All)
}

/// The condition of one sentence as text.
pub fn text_of(sentence: &Sentence, reference: &Reference) -> Option<String> {
    of_sentence(sentence, reference).map(|condition| rules::text::print(&condition, reference))
}

fn of_sentence(sentence: &Sentence, reference: &Reference) -> Option<Condition> {
    of_tree(&sentence.tree, &sentence.leaves, reference)
}

fn of_tree(tree: &Tree, leaves: &[Leaf], reference: &Reference) -> Option<Condition> {
    let all = |children: &[Tree]| -> Vec<Condition> {
        children.iter().filter_map(|child| of_tree(child, leaves, reference)).collect()
    };
    match tree {
        Tree::All(children) => {
            // Cases of what is paid: to be in one of them is enough.
            let (cases, demands): (Vec<&Tree>, Vec<&Tree>) =
                children.iter().partition(|child| is_case_of_award(child, leaves, reference));
            let read = |trees: Vec<&Tree>| -> Vec<Condition> {
                trees.into_iter().filter_map(|tree| of_tree(tree, leaves, reference)).collect()
            };
            let (cases, mut demands) = (read(cases), read(demands));
            demands.extend(group(cases, Condition::Any));
            group(demands, Condition::All)
        }
        Tree::Any(children) => group(all(children), Condition::Any),
        Tree::None(children) => {
            let children = all(children);
            (!children.is_empty()).then_some(Condition::None(children))
        }
        Tree::AtLeast(k, children) => {
            let of = all(children);
            match of.len() {
                0 => None,
                count => Some(Condition::AtLeast { k: (*k).clamp(1, count), of }),
            }
        }
        // What is paid in a case says nothing about who may apply beyond the case itself.
        Tree::When(guard, then) => match (of_tree(guard, leaves, reference), of_tree(then, leaves, reference)) {
            (Some(guard), Some(then)) => group(vec![Condition::None(vec![guard]), then], Condition::Any),
            (guard, then) => guard.or(then),
        },
        Tree::Leaf(index) => leaves.get(*index).and_then(|leaf| of_leaf(leaf, reference)),
    }
}

/// 收入2000万元以上的,奖励10万元: a case that asks for nothing behind it.
fn is_case_of_award(tree: &Tree, leaves: &[Leaf], reference: &Reference) -> bool {
    match tree {
        Tree::When(guard, then) => {
            of_tree(guard, leaves, reference).is_some() && of_tree(then, leaves, reference).is_none()
        }
        _ => false,
    }
}

fn group(mut children: Vec<Condition>, make: impl Fn(Vec<Condition>) -> Condition) -> Option<Condition> {
    match children.len() {
        0 => None,
        1 => children.pop(),
        _ => Some(make(children)),
    }
}

fn of_leaf(leaf: &Leaf, reference: &Reference) -> Option<Condition> {
    if leaf.role == Role::Award {
        return None;
    }
    let parsed = leaf.rule.as_ref().and_then(|line| rules::text::parse(line, reference).ok());
    let Some(reading) = parsed else { return Some(Condition::Manual(quotable(&leaf.words))) };
    // A line for a list or a place says its own 没有; a flag's does not.
    let reading =
        if leaf.negated && matches!(leaf.reading, Reading::Flag(_)) { Condition::None(vec![reading]) } else { reading };
    if leaf.doubts.is_empty() {
        return Some(reading);
    }
    Some(Condition::Unconfirmed(Unconfirmed { sentence: quotable(&leaf.words), reading: Box::new(reading) }))
}

/// The words as they may stand between 「 and 」.
fn quotable(words: &str) -> String {
    let plain = |character: char| match character {
        '「' | '“' => '『',
        '」' | '”' => '』',
        character if character.is_control() => ' ',
        character => character,
    };
    let quoted: String = words.trim().chars().take(LONGEST_QUOTE).map(plain).collect();
    // Cut short it may end in a space, which would not read back.
    let quoted = quoted.trim();
    if quoted.is_empty() { "原文".into() } else { quoted.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_quotation_is_cut_and_has_no_space_at_its_ends() {
        let words = format!(" 场地{}平方米", " ".repeat(LONGEST_QUOTE));
        assert_eq!(quotable(&words), "场地");
        assert_eq!(quotable("「\t」"), "『 』");
        assert_eq!(quotable(" \u{b} "), "原文");
    }
}
