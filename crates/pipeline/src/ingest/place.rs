//! Places as texts name them → area codes.

use rules::Reference;

/// Where a text says a policy applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// This area.
    Exact(String),
    /// Somewhere inside this area; the inner part is not in the area table.
    Within(String),
    /// Nothing in the text is an area known here.
    Unknown,
}

/// The code of one name, or of names strung together from the outside in (`湖北省武汉市江夏区`).
pub(crate) fn exact(text: &str, reference: &Reference) -> Option<String> {
    match resolve(text, reference) {
        Place::Exact(code) => Some(code),
        Place::Within(_) | Place::Unknown => None,
    }
}

/// Reads a place from the outside in. A name counts only inside the area named before it: the 青山区 of another
/// city is not ours.
pub(crate) fn resolve(text: &str, reference: &Reference) -> Place {
    let text = text.trim();
    let areas = &reference.areas;
    if let Some(code) = areas.find(text) {
        return Place::Exact(code.to_owned());
    }
    let mut known: Option<&str> = None;
    let mut rest = text;
    while let Some((code, behind)) = longest_prefix(rest, known, reference) {
        known = Some(code);
        rest = behind;
    }
    match known {
        Some(code) if rest.is_empty() => Place::Exact(code.to_owned()),
        Some(code) => Place::Within(code.to_owned()),
        None => Place::Unknown,
    }
}

/// The longest beginning that names an area within `outer`, and what stands behind it.
fn longest_prefix<'r, 't>(text: &'t str, outer: Option<&str>, reference: &'r Reference) -> Option<(&'r str, &'t str)> {
    let areas = &reference.areas;
    let ends = text.char_indices().map(|(start, character)| start + character.len_utf8());
    ends.collect::<Vec<_>>().into_iter().rev().find_map(|end| {
        let code = areas.find(&text[..end])?;
        outer.is_none_or(|outer| outer != code && areas.contains(outer, code)).then_some((code, &text[end..]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_from_the_outside_in() {
        let read = |text| resolve(text, Reference::builtin());
        let exact = |code: &str| Place::Exact(code.to_owned());
        assert_eq!(read("武汉市江夏区"), exact("420115"));
        assert_eq!(read("江夏区"), exact("420115"));
        assert_eq!(read("湖北省武汉市江夏区"), exact("420115"));
        assert_eq!(read("420115"), exact("420115"));
        assert_eq!(read("全国"), exact("100000"));
    }

    #[test]
    fn a_place_not_in_the_table_lies_within_what_is() {
        let read = |text| resolve(text, Reference::builtin());
        assert_eq!(read("广东省广州市天河区"), Place::Within("440000".to_owned()));
        assert_eq!(read("未标明"), Place::Unknown);
    }

    #[test]
    fn a_district_of_another_city_with_a_familiar_name_is_not_ours() {
        assert_eq!(resolve("内蒙古自治区包头市青山区", Reference::builtin()), Place::Within("150000".to_owned()));
        assert_eq!(resolve("包头市青山区", Reference::builtin()), Place::Unknown);
    }
}
