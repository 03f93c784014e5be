//! A notice as characters that can be looked at from any place, with the way back to the bytes it came from.
//!
//! Full-width forms count as half-width ones; blanks a typesetter left inside words (`研发 费用`, `45 周岁`) are stepped
//! over. Every character knows its bytes, so a span found here is a span of the original text.

use std::ops::Range;

#[derive(Debug)]
pub(crate) struct Text {
    characters: Vec<char>,
    /// Byte offset of each character, and of the end.
    offsets: Vec<usize>,
}

impl Text {
    pub(crate) fn new(source: &str) -> Self {
        let mut characters = Vec::with_capacity(source.len() / 3);
        let mut offsets = Vec::with_capacity(source.len() / 3 + 1);
        let mut rest = source.char_indices().peekable();
        while let Some((offset, character)) = rest.next() {
            let next = rest.peek().map(|(_, next)| *next);
            let is_blank = half_width(character) == ' ';
            let before = characters.last().copied();
            let rest = source.get(offset + character.len_utf8()..).unwrap_or_default();
            let parts_nothing =
                || is_inside(before, next) || is_ordinal(&characters, next) || is_before_number(before, rest);
            if is_blank && parts_nothing() {
                continue;
            }
            offsets.push(offset);
            characters.push(half_width(character));
        }
        offsets.push(source.len());
        Self { characters, offsets }
    }

    pub(crate) fn len(&self) -> usize {
        self.characters.len()
    }

    pub(crate) fn at(&self, index: usize) -> Option<char> {
        self.characters.get(index).copied()
    }

    pub(crate) fn slice(&self, span: Range<usize>) -> &[char] {
        self.characters.get(span).unwrap_or_default()
    }

    pub(crate) fn words(&self, span: Range<usize>) -> String {
        self.slice(span).iter().collect()
    }

    /// The same span in bytes of the original.
    pub(crate) fn bytes(&self, span: Range<usize>) -> Range<usize> {
        let end = self.offsets.last().copied().unwrap_or(0);
        let byte = |index: usize| self.offsets.get(index).copied().unwrap_or(end);
        byte(span.start)..byte(span.end)
    }

    pub(crate) fn starts_with(&self, at: usize, words: &str) -> bool {
        let mut rest = self.characters.get(at..).unwrap_or_default().iter();
        words.chars().all(|character| rest.next() == Some(&character))
    }

    /// Whether `words` end right before `end`, and where they begin; not before `from`.
    pub(crate) fn ends_with(&self, from: usize, end: usize, words: &str) -> Option<usize> {
        let start = end.checked_sub(words.chars().count())?;
        (start >= from && self.starts_with(start, words)).then_some(start)
    }

    /// The first of `choices` that begins at `at`, with where it ends.
    pub(crate) fn any_at<'a>(&self, at: usize, choices: &[&'a str]) -> Option<(&'a str, usize)> {
        choices.iter().find(|words| self.starts_with(at, words)).map(|words| (*words, at + words.chars().count()))
    }

    /// Where `words` first occur in `span`.
    pub(crate) fn find(&self, span: Range<usize>, words: &str) -> Option<usize> {
        let length = words.chars().count();
        (span.start..span.end.saturating_sub(length.saturating_sub(1))).find(|at| self.starts_with(*at, words))
    }

    pub(crate) fn contains_any(&self, span: Range<usize>, choices: &[&str]) -> bool {
        choices.iter().any(|words| self.find(span.clone(), words).is_some())
    }

    /// `(…)` that opens at `at`: its inside and where it ends. Brackets longer than a remark are none.
    pub(crate) fn bracket(&self, at: usize) -> Option<(Range<usize>, usize)> {
        const REMARK: usize = 120;
        if self.at(at) != Some('(') {
            return None;
        }
        let mut depth = 0_usize;
        for index in at..self.len().min(at + REMARK) {
            match self.at(index)? {
                '(' => depth += 1,
                ')' if depth == 1 => return Some((at + 1..index, index + 1)),
                ')' => depth -= 1,
                _ => {}
            }
        }
        None
    }

    /// The words without remarks in brackets.
    pub(crate) fn plain(&self, span: Range<usize>) -> String {
        let mut words = String::new();
        let mut at = span.start;
        while at < span.end {
            match self.bracket(at) {
                Some((_, end)) => at = end,
                None => {
                    words.extend(self.at(at));
                    at += 1;
                }
            }
        }
        words
    }

    /// `span` without blanks at its ends.
    pub(crate) fn trimmed(&self, mut span: Range<usize>) -> Range<usize> {
        while span.start < span.end && self.at(span.start).is_some_and(char::is_whitespace) {
            span.start += 1;
        }
        while span.start < span.end && self.at(span.end - 1).is_some_and(char::is_whitespace) {
            span.end -= 1;
        }
        span
    }
}

/// A blank between two Chinese characters or between a number and its unit parts nothing.
fn is_inside(before: Option<char>, after: Option<char>) -> bool {
    before.is_some_and(|one| is_chinese(one) || one.is_ascii_digit())
        && after.is_some_and(|one| is_chinese(one) || one == '%')
}

/// `至 5000万元`: a number that marks no item, as `1.` and `2、` do.
fn is_before_number(before: Option<char>, rest: &str) -> bool {
    let is_number = rest.starts_with(|one: char| one.is_ascii_digit());
    let behind = rest.trim_start_matches(|one: char| one.is_ascii_digit());
    before.is_some_and(is_chinese) && is_number && !behind.starts_with(['.', '．', '、', ')', '）', ' '])
}

fn is_chinese(character: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&character)
}

/// `第 2 4 条`: the digits of one number.
fn is_ordinal(before: &[char], after: Option<char>) -> bool {
    let mut front = before.iter().rev().take(4).skip_while(|one| one.is_ascii_digit());
    after.is_some_and(|one| one.is_ascii_digit()) && front.next() == Some(&'第')
}

fn half_width(character: char) -> char {
    match character {
        '\u{3000}' => ' ',
        '，' => ',',
        '；' => ';',
        '：' => ':',
        '（' | '﹙' => '(',
        '）' | '﹚' => ')',
        '％' | '﹪' => '%',
        '．' => '.',
        '～' | '〜' => '~',
        '—' | '–' | '－' | '―' | '−' => '-',
        '≧' => '≥',
        '≦' => '≤',
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '／' | '＋' | '＜' | '＞' | '＝' => {
            char::from_u32(u32::from(character) - 0xFEE0).unwrap_or(character)
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_forms_are_read_and_spans_lead_back_to_the_bytes() {
        let source = "收入（含）５０％，";
        let text = Text::new(source);
        assert_eq!(text.words(0..text.len()), "收入(含)50%,");
        assert_eq!(&source[text.bytes(5..8)], "５０％");
        assert_eq!(text.bracket(2), Some((3..4, 5)));
        assert_eq!(text.ends_with(0, 2, "入"), Some(1));
    }

    #[test]
    fn blanks_inside_words_are_stepped_over_and_those_before_marks_stay() {
        let source = "年满45 周岁及以 上";
        let text = Text::new(source);
        assert_eq!(text.words(0..text.len()), "年满45周岁及以上");
        assert_eq!(&source[text.bytes(2..9)], "45 周岁及以 上");
        let article = Text::new("第 2 4 条 以上各项");
        assert_eq!(article.words(0..article.len()), "第24条以上各项");
        let marked = Text::new("条件 1.企业 (2)项目");
        assert_eq!(marked.words(0..marked.len()), "条件 1.企业 (2)项目");
    }

    #[test]
    fn places_outside_are_empty_and_no_panic() {
        let text = Text::new("一");
        assert_eq!((text.words(3..9), text.bytes(3..9)), (String::new(), 3..3));
        assert_eq!(text.find(0..1, "一二"), None);
    }
}
