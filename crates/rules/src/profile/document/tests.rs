use proptest::prelude::*;

use super::*;
use crate::evaluate::arbitrary;

fn reference() -> &'static Reference {
    Reference::builtin()
}

/// The one definition of what a text means.
fn defined(text: &str) -> Option<Result<Profile, Vec<Problem>>> {
    Some(Profile::from_json(&serde_json::from_str(text).ok()?, reference()))
}

fn canonical(text: &str) -> Option<Profile> {
    Cursor { rest: text, reference: reference() }.profile()
}

/// A document as it is kept: of random statements only those that can be read.
fn kept(seed: u64) -> String {
    let random = arbitrary::profile(seed);
    let mut profile = Profile {
        name: "演示·甲(武汉)有限公司".to_owned(),
        uscc: "91420100MA4KX8N35J".to_owned(),
        ..Profile::default()
    };
    let read = |profile: &Profile| Profile::from_json(&profile.to_json(reference()), reference());
    for (key, entries) in random.facts {
        let alone = Profile { facts: [(key, entries)].into(), ..Profile::default() };
        profile.facts.extend(read(&alone).into_iter().flat_map(|read| read.facts));
    }
    for (key, list) in random.lists {
        let alone = Profile { lists: [(key, list)].into(), ..Profile::default() };
        profile.lists.extend(read(&alone).into_iter().flat_map(|read| read.lists));
    }
    profile.to_document(reference())
}

proptest! {
    #[test]
    fn a_kept_document_is_read_in_one_pass_as_it_is_defined(seed: u64) {
        let text = kept(seed);
        let read = canonical(&text);
        prop_assert!(read.is_some(), "left to the other reader: {}", text);
        prop_assert_eq!(read.map(Ok), defined(&text));
    }

    #[test]
    fn a_text_with_a_slip_in_it_means_what_it_is_defined_to_mean(seed: u64, at: prop::sample::Index, slip in slips()) {
        let mut text = kept(seed);
        let places: Vec<_> = text.char_indices().map(|(place, _)| place).collect();
        let place = places[at.index(places.len())];
        let end = text[place..].chars().next().map_or(place, |character| place + character.len_utf8());
        text.replace_range(place..end, slip);
        match defined(&text) {
            Some(defined) => prop_assert_eq!(Profile::from_document(&text, reference()), defined, "{}", text),
            None => prop_assert!(Profile::from_document(&text, reference()).is_err(), "{}", text),
        }
    }

    #[test]
    fn a_document_is_the_text_of_its_json(seed: u64) {
        let profile = arbitrary::profile(seed);
        prop_assert_eq!(profile.to_document(reference()), profile.to_json(reference()).to_string());
    }
}

fn slips() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["", " ", "0", "-", "7", "\"", "\\u0041", ",", "}", "A", "武", "\u{7}", "null"])
}

#[test]
fn kept_documents_hold_most_of_the_catalogue_or_the_tests_above_see_little() {
    let parts = |seed| canonical(&kept(seed)).map_or(0, |profile| profile.facts.len() + profile.lists.len());
    let total: usize = (0..20).map(parts).sum();
    assert!(total > 20 * reference().catalogue.iter().count() / 3, "{total}");
}

#[test]
fn numbers_take_no_short_cut_past_their_bounds() {
    for (number, told) in [
        ("5", None),
        ("-5", Some("不能是负数")),
        ("92233720368547758", None),
        ("92233720368547759", Some("")),
        ("05", Some("")),
        ("-0", None),
        ("1e3", None),
        ("\"0.5\"", None),
        ("\"0.001\"", Some("最多 2 位小数")),
    ] {
        let text = format!(
            "{{\"facts\":{{\"revenue\":[{{\"grade\":\"A\",\"period\":\"2025\",\"source\":\"tax\",\"value\":{number}}}]}},\
             \"name\":\"\",\"uscc\":\"\"}}"
        );
        let read = Profile::from_document(&text, reference());
        match told {
            None => assert_eq!(Some(read), defined(&text), "{number}"),
            Some(told) => {
                let problems = read.unwrap_err();
                assert!(problems.iter().any(|problem| problem.to_string().contains(told)), "{problems:?}");
            }
        }
    }
}

#[test]
fn what_is_not_canonical_is_read_all_the_same() {
    let text = "{\"uscc\":\"91420100ma4kx8n35j\",\"name\":\" 甲 \",\"facts\":{\"注册地\":\"洪山区\",\"revenue\":{\"2025\":1}}}";
    assert_eq!(canonical(text), None);
    let read = Profile::from_document(text, reference()).unwrap();
    assert_eq!((read.name.as_str(), read.uscc.as_str(), read.facts.len()), ("甲", "91420100MA4KX8N35J", 2));
}

#[test]
fn a_text_that_breaks_off_is_refused_with_its_place() {
    let problems = Profile::from_document("{\"facts\":{", reference()).unwrap_err();
    assert!(problems[0].to_string().contains("第 1 行第 10 个字节"), "{problems:?}");
}
