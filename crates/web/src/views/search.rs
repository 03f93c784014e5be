//! The front page and the results of a search: one page.

use serde::Serialize;

use super::shell::{Link, Shell};
use crate::markdown::SafeHtml;
use crate::templates::View;
use crate::words::Badge;

#[derive(Clone, Debug, Serialize)]
pub(crate) struct SearchPage {
    pub(crate) shell: Shell,
    /// What was typed, as it was searched for.
    pub(crate) query: String,
    /// Set while nothing was typed or chosen: hero, figures, topics.
    pub(crate) front: Option<Figures>,
    pub(crate) topics: Vec<Topic>,
    /// Choices that the form carries along as hidden fields.
    pub(crate) chosen: Vec<(String, String)>,
    /// The same choices as chips that take themselves away.
    pub(crate) removable: Vec<Link>,
    pub(crate) total: usize,
    pub(crate) facets: Vec<FacetGroup>,
    pub(crate) sorts: Vec<FacetValue>,
    pub(crate) cards: Vec<Card>,
    /// Said above the results: text was cut, another spelling was meant …
    pub(crate) hints: Vec<String>,
    pub(crate) previous: Option<String>,
    pub(crate) next: Option<String>,
}

/// The figures of the front page; every one is a count of this library on this day.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Figures {
    pub(crate) policies: usize,
    pub(crate) items: usize,
    pub(crate) open: usize,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Topic {
    pub(crate) name: &'static str,
    pub(crate) count: usize,
    pub(crate) href: String,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct FacetGroup {
    pub(crate) title: &'static str,
    pub(crate) values: Vec<FacetValue>,
}

/// One value of a facet: a link that chooses it, or takes it back while it is chosen.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct FacetValue {
    pub(crate) label: String,
    pub(crate) count: Option<usize>,
    pub(crate) href: String,
    pub(crate) active: bool,
}

/// A policy with its items folded in.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Card {
    pub(crate) href: String,
    pub(crate) title: SafeHtml,
    pub(crate) badges: Vec<Badge>,
    pub(crate) meta: Vec<String>,
    pub(crate) snippet: Option<SafeHtml>,
    pub(crate) items: Vec<ItemRow>,
    /// The upper policy this one carries out.
    pub(crate) upper: Vec<Link>,
    /// Items beyond those listed.
    pub(crate) more: usize,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct ItemRow {
    pub(crate) href: String,
    pub(crate) name: SafeHtml,
    pub(crate) badges: Vec<Badge>,
    /// `None` is 待核.
    pub(crate) amount: Option<String>,
    /// Set when the condition is not fully recorded.
    pub(crate) coverage: Option<&'static str>,
}

impl View for SearchPage {
    const TEMPLATE: &'static str = "search.html";

    fn sample() -> Self {
        let value = |label: &str, active| FacetValue {
            label: label.to_owned(),
            count: Some(7),
            href: "/?level=city".to_owned(),
            active,
        };
        Self {
            shell: Shell::sample("找政策", "search"),
            query: "研发补贴".to_owned(),
            front: Some(Figures { policies: 26, items: 33, open: 12 }),
            topics: vec![Topic { name: "科技创新", count: 9, href: "/?category=innovation".to_owned() }],
            chosen: vec![("level".to_owned(), "city".to_owned())],
            removable: vec![Link::new("市", "/?q=x")],
            total: 1,
            facets: vec![FacetGroup { title: "层级", values: vec![value("市", true), value("区", false)] }],
            sorts: vec![value("最相关", true)],
            cards: vec![Card {
                href: "/policies/wh-1".to_owned(),
                title: SafeHtml::from_search("<mark>研发</mark>投入补贴办法"),
                badges: vec![Badge::new("市级", "level city")],
                meta: vec!["武科规〔2024〕1号".to_owned(), "武汉市科技局".to_owned()],
                snippet: Some(SafeHtml::text("对研发费用给予补贴")),
                items: vec![ItemRow {
                    href: "/items/wh-1-a".to_owned(),
                    name: SafeHtml::text("研发投入补贴"),
                    badges: vec![Badge::new("常年受理", "good")],
                    amount: None,
                    coverage: Some(crate::words::NOT_FULLY_RECORDED),
                }],
                upper: vec![Link::new("省级研发补贴", "/items/hb-1")],
                more: 2,
            }],
            hints: vec!["只读取了前 200 个字。".to_owned()],
            previous: Some("/?offset=0".to_owned()),
            next: Some("/?offset=40".to_owned()),
        }
    }
}
