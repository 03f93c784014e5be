//! What a person gets for what they ask, over a small library written here.

use domain::{Category, Level, Window};
use search::{Document, Filters, Query, Results, Sort, Status, Timeline};

use crate::library::{codes, day, district_award, entry, index, open_until, policy, sample, today};

fn ask(documents: &[Document], text: &str) -> Results {
    crate::library::ask(&index(documents), text)
}

#[test]
fn a_document_number_in_any_bracket_comes_first() {
    let documents = sample();
    for text in ["武政规〔2022〕23号", "武政规[2022]23号", "武政规(2022)第23号", "武政规【2022】23", "武政规2022 23号"]
    {
        let results = ask(&documents, text);
        assert_eq!(codes(&results)[0], "jg-award", "{text}: {:?}", codes(&results));
        assert_eq!(codes(&results)[1], "citing", "the policy that cites it is next: {text}");
    }
}

#[test]
fn a_document_number_of_another_year_is_not_an_exact_hit() {
    let results = ask(&sample(), "武政规〔2021〕23号");
    assert!(results.hits.iter().all(|hit| hit.score < 500.0), "{:?}", codes(&results));
}

#[test]
fn the_whole_title_comes_first_even_when_it_has_ended() {
    let results = ask(&sample(), "武汉市稳岗返还办理办法（2019）");
    assert_eq!(codes(&results)[0], "wg-old");
    assert_eq!(results.hits[0].status, Status::Ended, "and it says so");
}

#[test]
fn what_is_open_comes_before_what_has_ended_for_the_same_words() {
    let results = ask(&sample(), "稳岗返还");
    assert_eq!(codes(&results)[..2], ["wg-new", "wg-old"]);
}

#[test]
fn an_abbreviation_finds_the_full_name_and_the_other_way_round() {
    let documents = sample();
    assert_eq!(codes(&ask(&documents, "高企奖励"))[0], "gq");
    assert!(codes(&ask(&documents, "科小")).contains(&"kx"));
}

#[test]
fn traditional_full_width_and_question_words_ask_the_same() {
    let documents = sample();
    let plain = ask(&documents, "高新技术企业奖励");
    let plain = codes(&plain);
    assert_eq!(codes(&ask(&documents, "高新技術企業獎勵")), plain);
    assert_eq!(codes(&ask(&documents, "高新技术企业奖励怎么领取？")), plain);
}

#[test]
fn choices_inside_a_facet_are_or_and_across_facets_and() {
    let index = index(&sample());
    let ask = |filters: Filters| index.search(&Query::new("", today()).filtered(filters)).unwrap();
    let both = ask(Filters { levels: vec![Level::District, Level::National], ..Filters::default() });
    assert_eq!(both.total, 3, "{both:?}");
    let open = ask(Filters { levels: vec![Level::District], statuses: vec![Status::Open], ..Filters::default() });
    assert_eq!(codes(&open), ["jx-award"]);
    let inside = ask(Filters { areas: vec!["420100".to_owned()], ..Filters::default() });
    let inside = codes(&inside);
    assert!(inside.contains(&"jx-award") && !inside.contains(&"nation-award"), "{inside:?}");
}

#[test]
fn category_and_status_must_be_those_of_one_item() {
    let mut mixed = policy("mixed", "综合措施", Level::City);
    mixed.items = vec![
        entry("m1", "融资担保", Category::Finance, Timeline::constant(Window::Closed { closed_on: day("2026-03-31") })),
        entry("m2", "吸纳就业", Category::Employment, open_until("2026-12-31")),
    ];
    let index = index(&[mixed]);
    let ask = |category| {
        let filters = Filters { categories: vec![category], statuses: vec![Status::Open], ..Filters::default() };
        index.search(&Query::new("", today()).filtered(filters)).unwrap()
    };
    assert_eq!(ask(Category::Finance).total, 0);
    let employment = ask(Category::Employment);
    assert_eq!(employment.hits[0].items.len(), 1, "only the item that passes is shown");
    assert_eq!(employment.hits[0].items[0].code, "m2");
}

#[test]
fn each_facet_is_counted_as_if_it_had_no_choice() {
    let index = index(&sample());
    let query = |filters| Query::new("奖励", today()).filtered(filters);
    let free = index.search(&query(Filters::default())).unwrap().facets;
    let chosen = Filters { levels: vec![Level::District], ..Filters::default() };
    let narrowed = index.search(&query(chosen)).unwrap();
    assert_eq!(narrowed.facets.levels, free.levels, "levels ignore the choice of level");
    assert_ne!(narrowed.facets.statuses, free.statuses, "statuses follow it");
    for (level, count) in &free.levels {
        let only = Filters { levels: vec![*level], ..Filters::default() };
        let results = index.search(&query(only)).unwrap();
        assert_eq!(results.total + results.folded, *count, "choosing {level:?} shows as many as it promised");
    }
    for (status, count) in &narrowed.facets.statuses {
        let both = Filters { levels: vec![Level::District], statuses: vec![*status], ..Filters::default() };
        let results = index.search(&query(both)).unwrap();
        assert_eq!(results.total + results.folded, *count, "{status:?}");
    }
}

#[test]
fn an_upper_item_is_folded_under_the_one_local_item_that_carries_it_out() {
    let results = ask(&sample(), "小巨人奖励");
    let codes = codes(&results);
    assert!(!codes.contains(&"nation-award"), "{codes:?}");
    assert!(!codes.contains(&"city-award"), "{codes:?}");
    assert_eq!(results.folded, 2);
    let local = results.hits.iter().find(|hit| hit.code == "jx-award").unwrap();
    let upper: Vec<&str> = local.items[0].upper.iter().map(|upper| upper.policy.as_str()).collect();
    assert_eq!(upper, ["city-award", "nation-award"], "nearest first");
}

#[test]
fn an_upper_item_stays_while_several_districts_carry_it_out_and_folds_once_the_district_is_known() {
    let mut documents = sample();
    documents.push(district_award("hs-award", "420111", "洪山区"));
    let index = index(&documents);
    let query = Query::new("小巨人奖励", today());
    assert!(codes(&index.search(&query).unwrap()).contains(&"city-award"));
    let near = ["420000", "420100", "420111"].map(str::to_owned).to_vec();
    let results = index.search(&query.near(near)).unwrap();
    let results = codes(&results);
    assert!(!results.contains(&"city-award"), "{results:?}");
    let place = |code: &str| results.iter().position(|other| *other == code).unwrap();
    assert!(place("hs-award") < place("jx-award"), "one's own district comes first: {results:?}");
}

#[test]
fn an_upper_item_asked_for_by_its_title_is_never_folded() {
    let results = ask(&sample(), "国家级专精特新小巨人企业奖励办法");
    assert_eq!(codes(&results)[0], "nation-award");
}

#[test]
fn without_words_what_closes_soonest_is_first_and_the_ended_is_last() {
    let results = ask(&sample(), "  ");
    let codes = codes(&results);
    assert_eq!(codes[..2], ["jx-award", "wg-new"], "{codes:?}");
    assert_eq!(codes.last(), Some(&"wg-old"));
    assert!(!results.nothing_named);
}

#[test]
fn the_same_index_answers_for_another_day() {
    let index = index(&sample());
    let status = |today| {
        let results = index.search(&Query::new("江夏区小巨人奖励", day(today))).unwrap();
        results.hits.iter().find(|hit| hit.code == "jx-award").map(|hit| hit.status)
    };
    assert_eq!(status("2026-11-30"), Some(Status::Open));
    assert_eq!(status("2026-12-01"), Some(Status::Closed));
}

#[test]
fn pages_do_not_overlap_and_together_are_the_whole() {
    let documents: Vec<Document> =
        (0..57).map(|number| policy(&format!("p{number:02}"), "技术改造奖励", Level::City)).collect();
    let index = index(&documents);
    let page = |offset, limit, sort| {
        let query = Query::new("技术改造", today()).sorted(sort).page(offset, limit);
        let results = index.search(&query).unwrap();
        assert_eq!(results.total, 57);
        codes(&results).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let whole = page(0, 57, Sort::Relevance);
    let pages: Vec<String> = (0..57).step_by(10).flat_map(|offset| page(offset, 10, Sort::Relevance)).collect();
    assert_eq!(pages, whole);
    let newest = page(0, 57, Sort::Newest);
    index.apply(&documents[..30], &[], 2).unwrap();
    assert_eq!(page(0, 57, Sort::Newest), newest, "rewriting half of it changes no order");
    let mut unique = whole.clone();
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), 57);
}

#[test]
fn titles_and_snippets_are_safe_and_marked() {
    let mut hostile = policy("x", "<img src=x onerror=alert(1)>奖励\"办法\"", Level::City);
    hostile.body = format!("{}首次认定给予奖励<script>。", "前文。".repeat(200));
    let results = ask(&[hostile], "奖励 script");
    let hit = &results.hits[0];
    assert_eq!(hit.title_html, "&lt;img src=x onerror=alert(1)&gt;<mark>奖励</mark>&quot;办法&quot;");
    assert!(hit.snippet_html.contains("给予<mark>奖励</mark>&lt;<mark>script</mark>&gt;"), "{}", hit.snippet_html);
}

#[test]
fn a_question_that_names_nothing_is_said_to_name_nothing() {
    for text in ["？！，。", "…………", "\u{0}\u{1}!", "'\"\\", "*:*"] {
        let results = ask(&sample(), text);
        assert!(results.nothing_named && results.hits.is_empty(), "{text:?}");
    }
}

#[test]
fn hostile_text_is_only_text() {
    let documents = sample();
    for text in [
        "'; DROP TABLE policy; --",
        "<script>alert(1)</script>",
        "title:奖励 AND (code:x OR *)",
        "\"unbalanced 奖励",
        "[a TO z}",
        "奖励~9 ^1000 奖*",
        "(((((((((((((奖励",
        "奖\u{0}励\u{7f}\u{202e}",
        "\u{fffd}\u{1f600}𠮷",
    ] {
        let results = ask(&documents, text);
        assert!(results.hits.iter().all(|hit| !hit.title_html.contains("<script")), "{text}");
    }
    assert!(!ask(&documents, "title:奖励 AND (code:x OR *)").hits.is_empty(), "the word in it is still found");
}

#[test]
fn a_megabyte_of_text_is_cut_and_answered() {
    let index = index(&sample());
    for text in ["奖励 ".repeat(200_000), "a".repeat(1 << 20), "〔".repeat(400_000), "2022".repeat(300_000)] {
        let query = Query::new(&text, today());
        assert!(query.is_truncated() && query.text().chars().count() <= Query::LONGEST_TEXT);
        assert!(index.search(&query).unwrap().truncated);
    }
}

#[test]
fn more_words_than_any_policy_has_find_the_nearest_and_say_so() {
    let results = ask(&sample(), "科技型中小企业 火箭 飞船 潜艇 灯塔 钢琴 咖啡");
    assert!(results.relaxed);
    assert_eq!(codes(&results)[0], "kx");
}
