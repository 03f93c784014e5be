//! Chinese punctuation: ASCII marks beside Chinese characters become full-width, wherever a text came from.
//!
//! Notices, seeds and officials mix `,` and `，`; a page does not.

use std::borrow::Cow;

/// `企业,可申报(择优)` → `企业，可申报（择优）`. Numbers, codes, addresses and spaced condition texts stay as they are.
pub(crate) fn typeset(text: &str) -> Cow<'_, str> {
    if !text.contains([',', ';', ':', '?', '!', '(', ')']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    // For each open bracket, whether it was widened: its partner follows it.
    let mut brackets: Vec<bool> = Vec::new();
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(mark) = rest.next() {
        let after = rest.peek().copied().unwrap_or(' ');
        let beside = is_chinese(before) || is_chinese(after);
        let widened = match mark {
            '(' => {
                brackets.push(beside);
                beside
            }
            ')' => brackets.pop().unwrap_or(is_chinese(before)),
            ',' => beside,
            // Not before Chinese: `&amp;` of marked text ends with one of these.
            ';' | ':' | '?' | '!' => is_chinese(before),
            _ => false,
        };
        before = if widened { wide(mark) } else { mark };
        out.push(before);
        // A full-width mark brings its own room.
        if widened && mark != '(' && mark != ')' {
            rest.next_if_eq(&' ');
        }
    }
    Cow::Owned(out)
}

fn wide(mark: char) -> char {
    match mark {
        '(' => '（',
        ')' => '）',
        ',' => '，',
        ';' => '；',
        ':' => '：',
        '?' => '？',
        '!' => '！',
        other => other,
    }
}

/// A character of Chinese text, or a mark that closes a piece of it.
fn is_chinese(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '”' | '》' | '」' | '〕' | '）' | '】' | '、')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_beside_chinese_are_widened_and_others_are_not() {
        for (given, wanted) in [
            ("条件未全部录入,以官方原文为准", "条件未全部录入，以官方原文为准"),
            ("可申报(择优,名额 30)", "可申报（择优，名额 30）"),
            ("研发费用(2025)不低于 1,200 万元", "研发费用（2025）不低于 1,200 万元"),
            ("GB/T 4754,行业", "GB/T 4754，行业"),
            ("电话:027-8500(转 1)", "电话：027-8500（转 1）"),
            ("https://a.cn/x?a=1,2;b=(3)", "https://a.cn/x?a=1,2;b=(3)"),
            ("( 上年度营业收入 >= 1000万元 )", "( 上年度营业收入 >= 1000万元 )"),
            ("能享受吗?可以!", "能享受吗？可以！"),
            ("属于 {中型, 小型}", "属于 {中型，小型}"),
        ] {
            assert_eq!(typeset(given), wanted);
            assert_eq!(typeset(wanted), wanted, "typesetting twice changes nothing");
        }
    }

    #[test]
    fn markup_of_search_hits_survives() {
        assert_eq!(typeset("<mark>研发</mark>费用,&amp;补贴"), "<mark>研发</mark>费用，&amp;补贴");
    }
}
