//! A notice in parts: its enumerations (一) 1. ①, its pieces between 。 and ;, its clauses between commas.

use std::ops::Range;

use crate::text::Text;

/// No clause of a real notice is longer; a longer one is cut so that reading stays linear.
const LONGEST_CLAUSE: usize = 300;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// 一、
    Chinese,
    /// (一)
    ChineseBracket,
    /// 1. 1、
    Digit,
    /// (1) 1)
    DigitBracket,
    /// ①
    Circle,
    /// 第一,
    Ordinal,
}

/// The enumeration mark at `at`: its kind, its number and where its text begins.
pub(crate) fn mark(text: &Text, at: usize) -> Option<(Mark, usize, usize)> {
    let first = text.at(at)?;
    if let Some(number) = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮".chars().position(|one| one == first) {
        return Some((Mark::Circle, number + 1, at + 1));
    }
    let bracketed = first == '(';
    let ordinal = first == '第';
    let start = at + usize::from(bracketed || ordinal);
    let (number, end, is_digit) = small(text, start)?;
    let next = text.at(end);
    match (bracketed, is_digit, next) {
        (true, false, Some(')')) => Some((Mark::ChineseBracket, number, end + 1)),
        (_, true, Some(')')) if !ordinal => Some((Mark::DigitBracket, number, end + 1)),
        (false, true, Some('.' | '、')) if !ordinal && !text.at(end + 1).is_some_and(|one| one.is_ascii_digit()) => {
            Some((Mark::Digit, number, end + 1))
        }
        (false, false, Some('、')) if !ordinal => Some((Mark::Chinese, number, end + 1)),
        (false, false, Some(',')) if ordinal => Some((Mark::Ordinal, number, end + 1)),
        (false, false, Some('条' | '章')) if ordinal => {
            let behind = if text.at(end + 1) == Some(' ') { end + 2 } else { end + 1 };
            Some((Mark::Ordinal, number, behind))
        }
        _ => None,
    }
}

/// One or two digits, or Chinese numerals up to 九十九.
fn small(text: &Text, at: usize) -> Option<(usize, usize, bool)> {
    let digits: String =
        text.slice(at..(at + 3).min(text.len())).iter().take_while(|one| one.is_ascii_digit()).collect();
    if !digits.is_empty() {
        let number = digits.parse().ok().filter(|number| *number > 0 && digits.len() < 3)?;
        return Some((number, at + digits.len(), true));
    }
    let value = |one: char| "零一二三四五六七八九".chars().position(|numeral| numeral == one);
    let (mut number, mut end) = (0, at);
    while let Some(character) = text.at(end).filter(|_| end < at + 3) {
        match (value(character), character) {
            (_, '十') => number = number.max(1) * 10,
            (Some(digit), _) => number += digit,
            _ => break,
        }
        end += 1;
    }
    (end > at && number > 0).then_some((number, end, false))
}

/// What stands before an enumeration and its items, marks taken off; `None` where there is none.
pub(crate) fn enumeration(text: &Text, span: &Range<usize>) -> Option<(Range<usize>, Vec<Range<usize>>)> {
    let mut starts: Vec<(usize, usize)> = Vec::new();
    let mut kind = None;
    for at in span.clone() {
        let before = if at == span.start { Some('\n') } else { text.at(at - 1) };
        if !before.is_some_and(|one| ":;。\n ".contains(one)) {
            continue;
        }
        let Some((mark, number, begins)) = mark(text, at) else { continue };
        let expected = starts.len() + 1;
        if number == expected && kind.is_none_or(|kind| kind == mark) {
            kind = Some(mark);
            starts.push((at, begins));
        }
    }
    if starts.len() < 2 {
        return None;
    }
    let items = starts.iter().enumerate().map(|(index, (_, begins))| {
        let end = starts.get(index + 1).map_or(span.end, |(next, _)| *next);
        (*begins).min(end)..end
    });
    Some((span.start..starts[0].0, items.collect()))
}

/// A list without marks: 有下列情形之一的,不予支持:甲;乙;丙。
pub(crate) fn unmarked(text: &Text, span: &Range<usize>) -> Option<(Range<usize>, Vec<Range<usize>>)> {
    let colon = span.clone().find(|at| text.at(*at) == Some(':'))?;
    let head = span.start..colon + 1;
    let leads = text.contains_any(head.clone(), &["下列", "以下", "之一"]);
    let items = pieces(text, colon + 1..span.end);
    // One sentence only: what stands behind its end is no item.
    let ends = items.iter().skip(1).all(|item| text.at(item.start - 1) == Some(';'));
    (leads && items.len() > 1 && ends).then_some((head, items))
}

/// Between 。 ; and line ends, outside brackets.
pub(crate) fn pieces(text: &Text, span: Range<usize>) -> Vec<Range<usize>> {
    parts(text, span, usize::MAX, |character, _| matches!(character, '。' | ';' | '\n' | '!' | '?'))
}

/// Between commas that group no digits, outside brackets.
pub(crate) fn clauses(text: &Text, span: Range<usize>) -> Vec<Range<usize>> {
    parts(text, span, LONGEST_CLAUSE, |character, at| {
        let digit = |at: usize| text.at(at).is_some_and(|one| one.is_ascii_digit());
        let groups = at > 0 && digit(at - 1) && digit(at + 1) && digit(at + 2) && digit(at + 3) && !digit(at + 4);
        character == ',' && !groups
    })
}

fn parts(text: &Text, span: Range<usize>, longest: usize, ends: impl Fn(char, usize) -> bool) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = span.start;
    let mut at = span.start;
    while at < span.end {
        if let Some((_, end)) = text.bracket(at).filter(|(_, end)| *end <= span.end) {
            at = end;
        } else if text.at(at).is_some_and(|character| ends(character, at)) || at - start >= longest {
            parts.push(text.trimmed(start..at));
            at += 1;
            start = if text.at(at - 1).is_some_and(|character| ends(character, at - 1)) { at } else { at - 1 };
        } else {
            at += 1;
        }
    }
    parts.push(text.trimmed(start..span.end));
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_enumerations_are_known() {
        for (words, expected) in [
            ("(一)在", Some((Mark::ChineseBracket, 1, 3))),
            ("1.企业", Some((Mark::Digit, 1, 2))),
            ("12、企业", Some((Mark::Digit, 12, 3))),
            ("（2）企业", Some((Mark::DigitBracket, 2, 3))),
            ("二、申报", Some((Mark::Chinese, 2, 2))),
            ("③企业", Some((Mark::Circle, 3, 1))),
            ("十一、申报", Some((Mark::Chinese, 11, 3))),
            ("1.5亿元", None),
            ("2000万元", None),
            ("三年", None),
        ] {
            let text = Text::new(words);
            assert_eq!(mark(&text, 0), expected, "{words}");
        }
    }

    #[test]
    fn items_follow_their_head_in_order() {
        let text = Text::new("满足以下条件之一:1.收入1.5亿元;2.专利3件。");
        let (head, items) = enumeration(&text, &(0..text.len())).unwrap();
        assert_eq!(text.words(head), "满足以下条件之一:");
        assert_eq!(items.into_iter().map(|item| text.words(item)).collect::<Vec<_>>(), ["收入1.5亿元;", "专利3件。"]);
    }

    #[test]
    fn commas_in_numbers_and_brackets_part_nothing() {
        let text = Text::new("收入5,000万元,(含甲,乙)不少于3件");
        let parts: Vec<String> = clauses(&text, 0..text.len()).into_iter().map(|part| text.words(part)).collect();
        assert_eq!(parts, ["收入5,000万元", "(含甲,乙)不少于3件"]);
    }
}
