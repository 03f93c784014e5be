//! The words around a number that compare it, in front and behind, and whether its boundary belongs.

use std::ops::Range;

use rules::tree::Operator;

use super::Quantity;
use crate::text::Text;

/// Longest first: 不超过 before 超过.
const BEFORE: &[(&str, Operator)] = &[
    ("不得低于", Operator::AtLeast),
    ("不得少于", Operator::AtLeast),
    ("不能低于", Operator::AtLeast),
    ("不能少于", Operator::AtLeast),
    ("未达到", Operator::Less),
    ("达不到", Operator::Less),
    ("不得超过", Operator::AtMost),
    ("不得高于", Operator::AtMost),
    ("不得大于", Operator::AtMost),
    ("不能超过", Operator::AtMost),
    ("未超过", Operator::AtMost),
    ("不低于", Operator::AtLeast),
    ("不少于", Operator::AtLeast),
    ("不小于", Operator::AtLeast),
    ("不短于", Operator::AtLeast),
    ("不超过", Operator::AtMost),
    ("不高于", Operator::AtMost),
    ("不大于", Operator::AtMost),
    ("不多于", Operator::AtMost),
    ("不长于", Operator::AtMost),
    ("不超出", Operator::AtMost),
    ("至少", Operator::AtLeast),
    ("达到", Operator::AtLeast),
    ("最低", Operator::AtLeast),
    ("最少", Operator::AtLeast),
    ("至多", Operator::AtMost),
    ("最多", Operator::AtMost),
    ("最长", Operator::AtMost),
    ("最高", Operator::AtMost),
    ("未满", Operator::Less),
    ("不满", Operator::Less),
    ("不足", Operator::Less),
    ("不到", Operator::Less),
    ("低于", Operator::Less),
    ("少于", Operator::Less),
    ("小于", Operator::Less),
    ("短于", Operator::Less),
    ("不超", Operator::AtMost),
    ("未超", Operator::AtMost),
    ("超过", Operator::More),
    ("超出", Operator::More),
    ("高于", Operator::More),
    ("大于", Operator::More),
    ("多于", Operator::More),
    ("突破", Operator::More),
    ("≥", Operator::AtLeast),
    (">=", Operator::AtLeast),
    ("≤", Operator::AtMost),
    ("<=", Operator::AtMost),
    (">", Operator::More),
    ("<", Operator::Less),
    ("达", Operator::AtLeast),
    ("满", Operator::AtLeast),
    ("过", Operator::More),
    ("超", Operator::More),
    ("逾", Operator::More),
    ("只能申报", Operator::AtMost),
    ("只能申请", Operator::AtMost),
    ("只能享受", Operator::AtMost),
    ("限报", Operator::AtMost),
    ("限申报", Operator::AtMost),
];

/// Between the comparison and its number.
const FILLERS: &[&str] = &["等值", "人民币", "约", "在", "为", "到", "了", "的", "有", " "];

const AFTER: &[(&str, Operator)] = &[
    ("以上", Operator::AtLeast),
    ("及以上", Operator::AtLeast),
    ("或以上", Operator::AtLeast),
    ("(及)以上", Operator::AtLeast),
    ("以下", Operator::AtMost),
    ("及以下", Operator::AtMost),
    ("或以下", Operator::AtMost),
    ("以内", Operator::AtMost),
    ("之内", Operator::AtMost),
    ("及以内", Operator::AtMost),
    ("内", Operator::AtMost),
];

pub(super) fn before(text: &Text, from: usize, quantity: &mut Quantity) {
    let mut end = quantity.span.start;
    for _ in 0..4 {
        if let Some((start, operator)) =
            BEFORE.iter().find_map(|(words, operator)| text.ends_with(from, end, words).map(|start| (start, *operator)))
        {
            if !is_word(text, from, start) {
                quantity.operator = Some(operator);
                quantity.span.start = start;
            }
            return;
        }
        match FILLERS.iter().find_map(|words| text.ends_with(from, end, words)) {
            Some(start) => end = start,
            None => return,
        }
    }
}

/// 通过, 经过, 期满: the character belongs to a word that compares nothing.
fn is_word(text: &Text, from: usize, start: usize) -> bool {
    let front = if start > from { text.at(start - 1) } else { None };
    match text.at(start) {
        Some('过') => front.is_some_and(|one| "通经不超".contains(one)),
        Some('满') => front.is_some_and(|one| "期每".contains(one)),
        _ => false,
    }
}

/// The last comparison in `span`, at a distance from its number: 不得超过制作总成本的40%.
pub(crate) fn far(text: &Text, span: Range<usize>) -> Option<Operator> {
    span.clone().rev().find_map(|at| {
        let words = BEFORE.iter().filter(|(words, _)| words.chars().count() > 1);
        words.filter(|(words, _)| text.starts_with(at, words)).max_by_key(|(words, _)| words.len()).and_then(
            |(words, operator)| {
                // 不超过 read from its second character would be 超过.
                let longer = BEFORE.iter().any(|(long, _)| {
                    long.len() > words.len()
                        && long.ends_with(words)
                        && text.ends_with(span.start.saturating_sub(2), at + words.chars().count(), long).is_some()
                });
                (!longer).then_some(*operator)
            },
        )
    })
}

pub(super) fn after(text: &Text, quantity: &mut Quantity) {
    let (first, mut end) = boundary(text, quantity.span.end);
    // 6家单位以上: the noun stands between.
    if let Some((_, noun)) = text.any_at(end, &["单位", "企业", "机构", "人员"])
        && text.any_at(noun, &["以上", "及以上", "以下"]).is_some()
    {
        end = noun;
    }
    let behind = AFTER.iter().filter(|(words, _)| text.starts_with(end, words)).max_by_key(|(words, _)| words.len());
    let behind =
        behind.filter(|(words, _)| *words != "内" || !text.starts_with(end, "内容") && !text.starts_with(end, "内部"));
    if let Some((words, operator)) = behind {
        end += words.chars().count();
        // 超过5%以上 still excludes; 达到5%以上 is 5%以上.
        let strict = matches!(quantity.operator, Some(Operator::More | Operator::Less));
        if !strict && !matches!((quantity.operator, operator), (Some(Operator::AtLeast), Operator::AtMost)) {
            quantity.operator = Some(*operator);
        }
        quantity.is_within = words.ends_with('内');
    }
    let (second, end) = boundary(text, end);
    if let Some(includes) = first.or(second) {
        quantity.is_explicit = true;
        quantity.operator = quantity.operator.map(|operator| match (operator, includes) {
            (Operator::More, true) => Operator::AtLeast,
            (Operator::Less, true) => Operator::AtMost,
            (Operator::AtLeast, false) => Operator::More,
            (Operator::AtMost, false) => Operator::Less,
            (other, _) => other,
        });
    }
    // What stands behind belongs to the quantity once anything of it was a comparison.
    if behind.is_some() || first.is_some() {
        quantity.span.end = end;
    }
}

/// (含), (含50%), (不含) and where it ends.
pub(super) fn boundary(text: &Text, at: usize) -> (Option<bool>, usize) {
    let Some((inside, end)) = text.bracket(at).filter(|(inside, _)| inside.len() <= 12) else { return (None, at) };
    for (words, includes) in
        [("不含", false), ("不包括", false), ("不包含", false), ("含", true), ("包含", true), ("包括", true)]
    {
        if text.starts_with(inside.start, words) {
            let rest = inside.start + words.chars().count();
            let is_number = rest >= inside.end
                || text.at(rest).is_some_and(|one| one.is_ascii_digit() || "本一二三四五六七八九十".contains(one));
            return if is_number { (Some(includes), end) } else { (None, at) };
        }
    }
    (None, at)
}
