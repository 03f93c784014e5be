//! A small library in our own words: enough of each kind to tell right from wrong.

use chrono::NaiveDate;
use domain::{Category, Coverage, Level, Mode, Support, Window, sample as nouns};
use search::{Area, Dictionary, Document, Entry, Index, Query, Results, Timeline};

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The day most tests ask on.
pub(crate) fn today() -> NaiveDate {
    day("2026-11-23")
}

pub(crate) fn index(documents: &[Document]) -> Index {
    let index = Index::in_memory(Dictionary::builtin()).unwrap();
    index.replace_all(documents, 1).unwrap();
    index
}

pub(crate) fn ask(index: &Index, text: &str) -> Results {
    index.search(&Query::new(text, today()).page(0, 100)).unwrap()
}

pub(crate) fn codes(results: &Results) -> Vec<&str> {
    results.hits.iter().map(|hit| hit.code.as_str()).collect()
}

/// A window that closes on `closes`.
pub(crate) fn open_until(closes: &str) -> Timeline {
    let item = nouns::item("a");
    let calls = [nouns::call("a", "1", Some("2026-01-01"), Some(closes))];
    Timeline::of_item(&nouns::policy("p"), item.status, &item.revision, &calls)
}

/// A policy in force without items, at the place its level has here.
pub(crate) fn policy(code: &str, title: &str, level: Level) -> Document {
    let path = [("100000", "全国"), ("420000", "湖北省"), ("420100", "武汉市"), ("420115", "江夏区")];
    let areas = path[..=level as usize].iter().map(|(code, name)| area(code, name)).collect();
    Document {
        code: code.to_owned(),
        title: title.to_owned(),
        document_numbers: Vec::new(),
        issuers: Vec::new(),
        level,
        areas,
        published_on: Some(day("2026-01-01")),
        summary: String::new(),
        body: String::new(),
        window: Timeline::constant(Window::Unannounced),
        items: Vec::new(),
    }
}

fn area(code: &str, name: &str) -> Area {
    Area { code: code.to_owned(), name: name.to_owned() }
}

pub(crate) fn entry(code: &str, name: &str, category: Category, window: Timeline) -> Entry {
    Entry {
        code: code.to_owned(),
        name: name.to_owned(),
        summary: String::new(),
        level: Level::City,
        area: "420100".to_owned(),
        category,
        support: Support::Grant,
        mode: Mode::Application,
        coverage: Coverage::Full,
        amount_text: None,
        implements: None,
        window,
    }
}

/// The award of one district, which carries out the city's.
pub(crate) fn district_award(code: &str, area_code: &str, area_name: &str) -> Document {
    let mut award = policy(code, &format!("{area_name}小巨人企业奖励细则"), Level::District);
    award.areas.pop();
    award.areas.push(area(area_code, area_name));
    award.items = vec![Entry {
        implements: Some("city-award/item".to_owned()),
        ..item(&award, &format!("{area_name}小巨人企业奖励"), open_until("2026-11-30"))
    }];
    award
}

fn item(policy: &Document, name: &str, window: Timeline) -> Entry {
    Entry { level: policy.level, ..entry(&format!("{}/item", policy.code), name, Category::Cultivation, window) }
}

fn ended() -> Timeline {
    Timeline::constant(Window::Ended)
}

/// Four levels of one award, two generations of 稳岗返还, 高企, 科技型中小企业, and a citation.
pub(crate) fn sample() -> Vec<Document> {
    let mut nation = policy("nation-award", "国家级专精特新小巨人企业奖励办法", Level::National);
    nation.items = vec![item(&nation, "国家级小巨人企业奖励", Timeline::constant(Window::Unannounced))];
    let mut city = policy("city-award", "武汉市小巨人企业奖励办法", Level::City);
    let upper = Some("nation-award/item".to_owned());
    city.items =
        vec![Entry { implements: upper, ..item(&city, "武汉市小巨人企业奖励", open_until("2026-12-20")) }];
    let mut entering = policy("jg-award", "武汉市新进规工业企业奖励办法", Level::City);
    entering.document_numbers = vec!["武政规〔2022〕23号".to_owned()];
    entering.items = vec![item(&entering, "新进规企业一次性奖励", Timeline::constant(Window::Rolling))];
    let mut citing = policy("citing", "关于公示拟奖励企业名单的通知", Level::City);
    "依据武政规〔2022〕23号文件，现将名单予以公示。".clone_into(&mut citing.body);
    let mut kept = policy("wg-new", "武汉市稳岗返还办理通知", Level::City);
    kept.items = vec![item(&kept, "失业保险稳岗返还", open_until("2026-12-05"))];
    let mut old = policy("wg-old", "武汉市稳岗返还办理办法（2019）", Level::City);
    old.published_on = Some(day("2019-05-01"));
    old.window = ended();
    let mut high = policy("gq", "高新技术企业认定奖励办法", Level::City);
    "对首次认定的高新技术企业给予一次性奖励。".clone_into(&mut high.body);
    let mut science = policy("kx", "科技型中小企业评价入库通知", Level::National);
    "科技型中小企业自愿参加评价。".clone_into(&mut science.body);
    vec![nation, city, district_award("jx-award", "420115", "江夏区"), entering, citing, kept, old, high, science]
}
