//! The seeds: what a fresh installation knows. Format in `seeds/README.md`.
//!
//! ```text
//! texts ──read──▶ fields ──build──▶ Seeds ──run cases──▶ Seeds | every problem, with file and line
//!                                     └──store──▶ one transaction, only what differs
//! ```

mod case;
mod item;
mod policy;
mod problem;
mod reading;
mod relation;
mod store;

use std::collections::{BTreeMap, BTreeSet};

use domain::relations::Prerequisites;
use domain::{BureauId, Call, ItemId, ItemRevision, PolicyRevision, PolicyStatus};
use rules::{Reference, nearest};

pub use case::Case;
pub(super) use policy::brackets;
pub use problem::SeedProblem;
pub use store::{SeedCounts, store_drafts, store_seeds};

use reading::{Fields, Page};

use super::official::official_url;
use super::place;

include!(concat!(env!("OUT_DIR"), "/seed_texts.rs"));

/// 部门
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BureauSeed {
    pub id: BureauId,
    pub code: String,
    pub name: String,
    pub area: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicySeed {
    pub code: String,
    pub bureau: Option<BureauId>,
    pub status: PolicyStatus,
    pub revision: PolicyRevision,
    pub items: Vec<ItemSeed>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemSeed {
    pub code: String,
    pub bureau: Option<BureauId>,
    pub implements: Option<ItemId>,
    pub status: PolicyStatus,
    pub revision: ItemRevision,
    pub calls: Vec<Call>,
    pub cases: Vec<Case>,
}

/// A whole consistent library of seeds: every reference resolves, every case holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seeds {
    pub bureaus: Vec<BureauSeed>,
    pub policies: Vec<PolicySeed>,
}

impl Seeds {
    pub fn items(&self) -> impl Iterator<Item = &ItemSeed> {
        self.policies.iter().flat_map(|policy| &policy.items)
    }
}

/// The seeds compiled into this program: path below `seeds/` and text.
pub fn embedded() -> &'static [(&'static str, &'static str)] {
    SEED_TEXTS
}

/// Reads seeds and runs their cases. Nothing is stored; on any problem all of them are given, sorted by place.
pub fn load_seeds<'t>(
    texts: impl IntoIterator<Item = (&'t str, &'t str)>,
    reference: &Reference,
) -> Result<Seeds, Vec<SeedProblem>> {
    load_seeds_beside(Prerequisites::new(), texts, reference)
}

/// The same for files that may name items the library holds already.
pub fn load_seeds_beside<'t>(
    library: Prerequisites,
    texts: impl IntoIterator<Item = (&'t str, &'t str)>,
    reference: &Reference,
) -> Result<Seeds, Vec<SeedProblem>> {
    let pages: Vec<Page<'_>> = texts.into_iter().map(|(file, text)| Page::new(file, text)).collect();
    let parsed: Vec<_> = pages.iter().map(|page| (page, page.parse())).collect();
    let mut names = Names { library, ..Names::default() };
    let mut seeds = Seeds::default();
    let whole = |(page, root)| Fields::new(page, toml::Spanned::get_ref(root), 0, "");
    for fields in parsed.iter().map(|(page, root)| whole((*page, root))) {
        if fields.page().file() == "bureaus.toml" {
            seeds.bureaus.extend(policy::bureaus(&fields, reference, &mut names));
            fields.finish();
        }
    }
    for fields in parsed.iter().map(|(page, root)| whole((*page, root))) {
        if fields.page().file() != "bureaus.toml" {
            seeds.policies.extend(policy::policy(&fields, reference, &mut names));
            fields.finish();
        }
    }
    names.settle();
    drop(parsed);
    let mut problems: Vec<SeedProblem> = pages.into_iter().flat_map(Page::into_problems).collect();
    problems.sort();
    if problems.is_empty() { Ok(seeds) } else { Err(problems) }
}

/// Codes seen so far, to find doubles and references that lead nowhere.
#[derive(Default)]
struct Names<'p, 't> {
    bureaus: BTreeSet<String>,
    /// Code → file it stands in.
    policies: BTreeMap<String, &'t str>,
    items: BTreeMap<String, &'t str>,
    /// Upper items named, with page and line; judged when all files are read.
    implements: Vec<(&'p Page<'t>, usize, String)>,
    relations: Vec<relation::Stated<'p, 't>>,
    library: Prerequisites,
}

impl<'p, 't> Names<'p, 't> {
    fn new_policy(&mut self, fields: &Fields<'p, 't>) -> String {
        new_code(&mut self.policies, fields)
    }

    fn new_item(&mut self, fields: &Fields<'p, 't>) -> String {
        new_code(&mut self.items, fields)
    }

    fn new_bureau(&mut self, fields: &Fields<'p, 't>) -> String {
        let code = code(fields);
        if !code.is_empty() && !self.bureaus.insert(code.clone()) {
            fields.wrong("code", &format!("部门 {code} 写了两次"), None);
        }
        code
    }

    /// The bureau a table names, which must stand in `bureaus.toml`.
    fn bureau(&self, fields: &Fields<'p, 't>) -> Option<BureauId> {
        let code = fields.text("bureau")?;
        if !self.bureaus.contains(&code) {
            let meant = nearest(&code, self.bureaus.iter().map(String::as_str));
            let remedy = meant.map_or_else(|| "请先写进 bureaus.toml".to_owned(), |meant| format!("是否想写 {meant}?"));
            fields.wrong("bureau", &format!("没有部门 {code}"), Some(remedy));
        }
        Some(BureauId::of(&code))
    }

    fn upper_item(&mut self, fields: &Fields<'p, 't>) -> Option<ItemId> {
        let code = fields.text("implements")?;
        let at = fields.value("implements").map_or(0, |value| value.span().start);
        self.implements.push((fields.page(), fields.page().line(at), code.clone()));
        Some(ItemId::of(&code))
    }

    fn settle(&self) {
        for (page, line, code) in &self.implements {
            if !self.items.contains_key(code) && !self.library.contains_key(code) {
                let meant = nearest(code, self.items.keys().map(String::as_str));
                let remedy = meant.map(|meant| format!("是否想写 {meant}?"));
                page.note_line(*line, format!("上级事项 {code} 不在种子里"), remedy);
            }
        }
        relation::settle(&self.relations, &self.items, &self.library);
    }
}

fn new_code<'t>(known: &mut BTreeMap<String, &'t str>, fields: &Fields<'_, 't>) -> String {
    let code = code(fields);
    if let Some(first) = known.get(&code).filter(|_| !code.is_empty()) {
        fields.wrong("code", &format!("{code} 已在 seeds/{first} 里用过"), Some("每个 code 只能用一次".to_owned()));
    }
    known.entry(code.clone()).or_insert(fields.page().file());
    code
}

/// A natural key stands in addresses: lower-case letters, digits and hyphens.
fn code(fields: &Fields<'_, '_>) -> String {
    let code = fields.needed_text("code");
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if !code.bytes().all(plain) || code.starts_with('-') {
        fields.wrong("code", &format!("“{code}”不能作代码"), Some("只用小写字母、数字和连字符".to_owned()));
    }
    code
}

/// The code of the area a table names.
fn area(fields: &Fields<'_, '_>, reference: &Reference) -> Option<String> {
    let name = fields.text("area")?;
    let found = place::exact(&name, reference);
    if found.is_none() {
        let remedy = "写区划表里的名称或代码,如 武汉市、江夏区、东湖高新区".to_owned();
        fields.wrong("area", &format!("没有“{name}”这个地区"), Some(remedy));
    }
    found
}

/// An address, which must be official.
fn official(fields: &Fields<'_, '_>, key: &'static str) -> Option<String> {
    let text = fields.text(key)?;
    let url = official_url(&text);
    if url.is_none() {
        fields.wrong(key, &format!("“{text}”不是官方网址"), Some("只写 gov.cn 网址;没有就不写".to_owned()));
    }
    url
}
