//! Marked text: escaped HTML with `<mark>` around what was asked for.

use crate::analysis::fold_char;

/// A text folded once, with the way back to its original characters.
struct Folded {
    text: String,
    /// Byte in the folded text → byte range of the original character, ascending.
    origins: Vec<(usize, usize, usize)>,
}

impl Folded {
    fn new(original: &str) -> Self {
        let mut text = String::with_capacity(original.len());
        let mut origins = Vec::with_capacity(original.len() / 3);
        for (at, character) in original.char_indices() {
            origins.push((text.len(), at, at + character.len_utf8()));
            fold_char(character, &mut text);
        }
        Self { text, origins }
    }

    /// The original bytes of a folded range.
    fn origin(&self, from: usize, to: usize) -> (usize, usize) {
        let first = self.origins.partition_point(|(start, ..)| *start <= from).saturating_sub(1);
        let last = self.origins.partition_point(|(start, ..)| *start < to).saturating_sub(1);
        let start = self.origins.get(first).map_or(0, |origin| origin.1);
        let end = self.origins.get(last).map_or(start, |origin| origin.2);
        (start, end)
    }
}

/// Occurrence of a term in the original text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Found {
    from: usize,
    to: usize,
    term: usize,
}

/// Occurrences looked at per term; enough to choose a good passage of any text, few enough to be quick.
const MOST_OCCURRENCES: usize = 40;

fn find(text: &str, terms: &[String]) -> Vec<Found> {
    let folded = Folded::new(text);
    let mut found = Vec::new();
    for (term, needle) in terms.iter().enumerate().filter(|(_, term)| !term.is_empty()) {
        for (at, _) in folded.text.match_indices(needle.as_str()).take(MOST_OCCURRENCES) {
            let (from, to) = folded.origin(at, at + needle.len());
            found.push(Found { from, to, term });
        }
    }
    found.sort_unstable();
    found
}

/// The whole of `text` as safe HTML with the `terms` (folded) marked.
///
/// ```
/// let html = search::mark("<高企>補貼", &["补贴".to_owned()]);
/// assert_eq!(html, "&lt;高企&gt;<mark>補貼</mark>");
/// ```
pub fn mark(text: &str, terms: &[String]) -> String {
    marked(text, &find(text, terms), 0, text.len())
}

/// About `characters` characters around the densest cluster of different terms, as safe HTML, from
/// the text that has the best one; the beginning of the first text if no term occurs.
pub(crate) fn best_snippet(texts: &[&str], terms: &[String], characters: usize) -> String {
    let heads = texts.iter().filter(|text| !text.is_empty()).map(|text| head(text, LONGEST_SNIPPET_SOURCE));
    let mut best: Option<(usize, usize, &str, Vec<Found>)> = None;
    for text in heads {
        let found = find(text, terms);
        let (weight, start) = densest(&found, characters);
        if best.as_ref().is_none_or(|(most, ..)| weight > *most) {
            best = Some((weight, start, text, found));
        }
    }
    best.map(|(_, start, text, found)| cut(text, &found, start, characters)).unwrap_or_default()
}

/// Characters of a text a passage is looked for in: as far as a person would scroll.
const LONGEST_SNIPPET_SOURCE: usize = 40_000;

fn head(text: &str, characters: usize) -> &str {
    text.char_indices().nth(characters).map_or(text, |(at, _)| &text[..at])
}

fn cut(text: &str, found: &[Found], start: usize, characters: usize) -> String {
    let start = sentence_start(text, start, characters / 4);
    let end = start + head(&text[start..], characters).len();
    let before = if start > 0 { "…" } else { "" };
    let after = if end < text.len() { "…" } else { "" };
    format!("{before}{}{after}", marked(text, found, start, end))
}

/// The weight and start of the passage with the most of different terms; longer terms say more.
fn densest(found: &[Found], characters: usize) -> (usize, usize) {
    // CJK characters take three bytes; a passage of mixed text is a little longer, never cut wrongly.
    let width = characters * 3 * 4 / 5;
    let mut best = (0, 0);
    for (index, first) in found.iter().enumerate() {
        let mut seen: Vec<usize> = Vec::new();
        let mut weight = 0;
        for other in found[index..].iter().take_while(|other| other.to <= first.from + width) {
            if !seen.contains(&other.term) {
                seen.push(other.term);
                weight += other.to - other.from;
            }
        }
        if weight > best.0 {
            best = (weight, first.from);
        }
    }
    best
}

/// The nearest start of a sentence at most `characters` before `at`, else that many before.
fn sentence_start(text: &str, at: usize, characters: usize) -> usize {
    let mut start = at;
    for (back, character) in text[..at].char_indices().rev().take(characters) {
        if matches!(character, '。' | '；' | '！' | '？' | '\n') {
            return start;
        }
        start = back;
    }
    start
}

fn marked(text: &str, found: &[Found], start: usize, end: usize) -> String {
    let mut html = String::with_capacity(end - start + 64);
    let mut at = start;
    let mut open_until: Option<usize> = None;
    let visible = found.iter().filter(|found| found.from >= start && found.to <= end);
    for Found { from, to, .. } in visible {
        match open_until {
            Some(until) if *from <= until => open_until = Some(until.max(*to)),
            _ => {
                close(&mut html, text, &mut at, open_until.take());
                escape(&text[at..*from], &mut html);
                html.push_str("<mark>");
                at = *from;
                open_until = Some(*to);
            }
        }
    }
    close(&mut html, text, &mut at, open_until);
    escape(&text[at..end], &mut html);
    html
}

fn close(html: &mut String, text: &str, at: &mut usize, until: Option<usize>) {
    if let Some(until) = until {
        escape(&text[*at..until], html);
        html.push_str("</mark>");
        *at = until;
    }
}

/// Escapes for element content and attribute values; control characters become spaces.
fn escape(text: &str, into: &mut String) {
    for character in text.chars() {
        match character {
            '&' => into.push_str("&amp;"),
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '"' => into.push_str("&quot;"),
            '\'' => into.push_str("&#39;"),
            other if other.is_control() => into.push(' '),
            other => into.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(terms: &[&str]) -> Vec<String> {
        terms.iter().map(|term| (*term).to_owned()).collect()
    }

    #[test]
    fn overlapping_terms_make_one_mark() {
        assert_eq!(
            mark("高新技术企业认定", &terms(&["高新", "高新技术企业", "企业"])),
            "<mark>高新技术企业</mark>认定"
        );
        assert_eq!(mark("奖励奖励", &terms(&["奖励"])), "<mark>奖励奖励</mark>");
    }

    #[test]
    fn markup_in_the_text_is_text() {
        assert_eq!(
            mark("<script>alert('补贴')</script>&", &terms(&["补贴", "script"])),
            "&lt;<mark>script</mark>&gt;alert(&#39;<mark>补贴</mark>&#39;)&lt;/<mark>script</mark>&gt;&amp;"
        );
    }

    #[test]
    fn characters_that_fold_to_several_or_other_widths_are_marked_whole() {
        assert_eq!(mark("㈱補貼ＡＩ", &terms(&["株", "补贴", "ai"])), "<mark>㈱補貼ＡＩ</mark>");
    }

    #[test]
    fn the_snippet_shows_where_most_terms_meet() {
        let text =
            format!("{}补贴。{}稳岗返还补贴标准为每人五百元。{}", "甲".repeat(300), "乙".repeat(300), "丙".repeat(300));
        let html = best_snippet(&[&text], &terms(&["稳岗返还", "补贴"]), 60);
        assert!(html.starts_with('…') && html.ends_with('…'), "{html}");
        assert!(html.contains("<mark>稳岗返还补贴</mark>标准"), "{html}");
        assert!(html.chars().count() < 100, "{html}");
    }

    #[test]
    fn a_text_without_the_terms_shows_its_beginning() {
        assert_eq!(best_snippet(&["", "甲乙丙丁"], &terms(&["戊"]), 2), "甲乙…");
        assert_eq!(best_snippet(&[""], &terms(&["戊"]), 2), "");
    }
}
