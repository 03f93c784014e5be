//! One policy document.

use serde::Serialize;

use super::guide::Row;
use super::search::ItemRow;
use super::shell::{Link, Shell};
use crate::markdown::SafeHtml;
use crate::templates::View;
use crate::words::Badge;

#[derive(Clone, Debug, Serialize)]
pub(crate) struct PolicyPage {
    pub(crate) shell: Shell,
    pub(crate) title: String,
    pub(crate) tags: Vec<Badge>,
    pub(crate) summary: String,
    pub(crate) rows: Vec<Row>,
    pub(crate) source: Option<Link>,
    pub(crate) items: Vec<ItemRow>,
    pub(crate) body: Option<SafeHtml>,
    /// Whether the body is the official wording.
    pub(crate) verbatim: bool,
}

impl View for PolicyPage {
    const TEMPLATE: &'static str = "policy.html";

    fn sample() -> Self {
        let super::SearchPage { cards, .. } = super::SearchPage::sample();
        Self {
            shell: Shell::sample("研发投入补贴办法", "search"),
            title: "研发投入补贴办法".to_owned(),
            tags: vec![Badge::new("市级", "level city"), Badge::new("现行有效", "good")],
            summary: "对研发费用达到一定规模的企业给予补贴。".to_owned(),
            rows: vec![Row::text("发文字号", Some("武科规〔2024〕1号".to_owned())), Row::text("施行日期", None)],
            source: Some(Link::new("官方原文", "https://example.gov.cn/1")),
            items: cards.into_iter().flat_map(|card| card.items).collect(),
            body: Some(crate::markdown::render("## 一\n\n第一段")),
            verbatim: false,
        }
    }
}
