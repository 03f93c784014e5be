//! 一策一表: the one-page guide of an item, and its short text to pass on.

use serde::Serialize;

use super::enterprise::RelationLine;
use super::shell::{Link, Shell};
use super::tree::Branch;
use crate::templates::View;
use crate::words::Badge;

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Guide {
    pub(crate) shell: Shell,
    pub(crate) name: String,
    pub(crate) summary: String,
    pub(crate) tags: Vec<Badge>,
    /// 何时, as a sentence.
    pub(crate) window: String,
    /// The open call was made up for the demo.
    pub(crate) synthetic: bool,
    /// Said above everything while the condition is not fully recorded.
    pub(crate) coverage: Option<&'static str>,
    pub(crate) competitive: bool,
    pub(crate) rows: Vec<Row>,
    pub(crate) conditions: Vec<Branch>,
    /// Requirements no machine decides.
    pub(crate) notes: Vec<String>,
    pub(crate) share: String,
    pub(crate) apply: Option<Link>,
    /// The items of upper levels that this one carries out, and the local ones that carry it out.
    pub(crate) related: Vec<UpperLine>,
    /// What it has to do with other items: not both, first that one, what to keep to.
    pub(crate) relations: Vec<RelationLine>,
    pub(crate) revision: i64,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct UpperLine {
    pub(crate) relation: &'static str,
    pub(crate) link: Link,
    pub(crate) level: Badge,
}

/// One row of a table of facts: a list of lines, numbered where the order matters; empty is 待核.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Row {
    pub(crate) label: &'static str,
    pub(crate) lines: Vec<String>,
    pub(crate) numbered: bool,
    pub(crate) link: Option<Link>,
}

impl Row {
    pub(crate) fn text(label: &'static str, text: Option<String>) -> Self {
        Self::lines(label, text.into_iter().collect())
    }

    pub(crate) fn lines(label: &'static str, lines: Vec<String>) -> Self {
        Self { label, lines, numbered: false, link: None }
    }

    pub(crate) fn numbered(label: &'static str, lines: Vec<String>) -> Self {
        Self { numbered: true, ..Self::lines(label, lines) }
    }

    pub(crate) fn linked(mut self, link: Option<Link>) -> Self {
        self.link = link;
        self
    }
}

impl View for Guide {
    const TEMPLATE: &'static str = "item.html";

    fn sample() -> Self {
        Self {
            shell: Shell::sample("研发投入补贴", "search"),
            name: "研发投入补贴".to_owned(),
            summary: "按研发费用的一定比例补贴。".to_owned(),
            tags: vec![Badge::new("市级", "level city"), Badge::new("常年受理", "good")],
            window: "常年受理，随时可以办理。".to_owned(),
            synthetic: true,
            coverage: Some(crate::words::NOT_FULLY_RECORDED),
            competitive: true,
            rows: vec![
                Row::text("享受什么", None),
                Row::numbered("怎么享受", vec!["网上申报".to_owned(), "审核".to_owned()]),
                Row::lines("依据", vec!["研发投入补贴办法".to_owned()])
                    .linked(Some(Link::new("看全文", "/policies/p"))),
            ],
            conditions: vec![Branch::sample()],
            notes: vec!["由专家评审".to_owned()],
            share: "/items/a/share".to_owned(),
            apply: Some(Link::new("去官方页面办理", "https://example.gov.cn")),
            related: vec![UpperLine {
                relation: "落实",
                link: Link::new("省级研发补贴", "/items/hb"),
                level: Badge::new("省级", "level province"),
            }],
            relations: vec![RelationLine::sample()],
            revision: 1,
        }
    }
}

/// The text of at most 300 characters with its QR code.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Share {
    pub(crate) shell: Shell,
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) length: usize,
    pub(crate) back: String,
    pub(crate) plain: String,
    pub(crate) qr: String,
    pub(crate) address: String,
}

impl View for Share {
    const TEMPLATE: &'static str = "share.html";

    fn sample() -> Self {
        Self {
            shell: Shell::sample("转发", "search"),
            name: "研发投入补贴".to_owned(),
            text: "【研发投入补贴】\n享受什么：待核".to_owned(),
            length: 17,
            back: "/items/a".to_owned(),
            plain: "/items/a/share.txt".to_owned(),
            qr: "/items/a/qr.svg".to_owned(),
            address: "https://hqt.example.cn/items/a".to_owned(),
        }
    }
}
