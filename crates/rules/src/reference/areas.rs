//! Places: GB/T 2260 from the nation to Wuhan's districts, functional zones as overlays with ids of their own.
//!
//! A firm is placed where the body that registers or taxes it sits. So a firm of 东湖高新区 is in the zone and in 武汉市
//! but not in 洪山区, although the zone lies partly there. A zone that runs a whole district (武汉经开区 and 汉南区)
//! contains it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::source::{Entry, Source, TomlSource as _, parts};
use crate::problem::Problem;

const HEADER: [&str; 8] = ["code", "name", "level", "parent", "aliases", "covers", "overlaps", "since"];

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AreaLevel {
    Nation,
    Province,
    City,
    District,
    /// 功能区: has no national code.
    Zone,
}

#[derive(Clone, Debug)]
pub struct Area {
    pub code: String,
    pub name: String,
    pub level: AreaLevel,
    pub parent: Option<String>,
    pub aliases: Vec<String>,
    /// Districts this zone runs as a whole (托管、合署).
    pub covers: Vec<String>,
    /// Districts on whose ground the zone partly lies. Neither contains the other.
    pub overlaps: Vec<String>,
    pub since: Option<NaiveDate>,
}

/// Every known area.
#[derive(Clone, Debug, Default)]
pub struct Areas {
    by_code: BTreeMap<String, Area>,
    names: BTreeMap<String, String>,
    /// Code to every area that contains it, itself included.
    containers: BTreeMap<String, BTreeSet<String>>,
}

impl Areas {
    pub(super) fn parse(source: &Source<'_>, problems: &mut Vec<Problem>) -> Self {
        let rows = source.rows(HEADER, problems);
        let mut areas = Self::default();
        let mut lines = BTreeMap::new();
        for row in &rows {
            let Some(area) = read(row, source, problems) else { continue };
            if areas.by_code.contains_key(&area.code) {
                problems.push(source.problem(row.line, format!("代码 {} 重复", area.code)));
                continue;
            }
            for name in std::iter::once(&area.name).chain(&area.aliases) {
                if areas.names.insert(name.clone(), area.code.clone()).is_some() {
                    problems.push(source.problem(row.line, format!("名称“{name}”重复")));
                }
            }
            lines.insert(area.code.clone(), row.line);
            areas.by_code.insert(area.code.clone(), area);
        }
        areas.check_links(&lines, source, problems);
        areas.add_short_names();
        areas.close_containment();
        areas
    }

    pub fn get(&self, code: &str) -> Option<&Area> {
        self.by_code.get(code)
    }

    /// Sorted by code.
    pub fn iter(&self) -> impl Iterator<Item = &Area> {
        self.by_code.values()
    }

    /// Every name, alias and short name.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }

    pub fn name(&self, code: &str) -> Option<&str> {
        self.by_code.get(code).map(|area| area.name.as_str())
    }

    /// The code of a name, an alias, a short name (`武昌`) or a known code itself.
    pub fn find(&self, name: &str) -> Option<&str> {
        let name = name.trim();
        match self.by_code.get_key_value(name) {
            Some((code, _)) => Some(code),
            None => self.names.get(name).map(String::as_str),
        }
    }

    /// The innermost area named anywhere in a text such as `广东省广州市天河区` or `武汉市江夏区`.
    pub fn locate(&self, text: &str) -> Option<&str> {
        self.names
            .iter()
            .filter(|(name, _)| text.contains(name.as_str()))
            .max_by_key(|(name, code)| (self.depth(code), name.chars().count()))
            .map(|(_, code)| code.as_str())
    }

    /// Whether `inner` lies within `outer`; an area lies within itself. Unknown codes lie nowhere.
    pub fn contains(&self, outer: &str, inner: &str) -> bool {
        self.containers.get(inner).is_some_and(|containers| containers.contains(outer))
    }

    /// Every area that contains `code`, itself included.
    pub fn containers(&self, code: &str) -> impl Iterator<Item = &str> {
        self.containers.get(code).into_iter().flatten().map(String::as_str)
    }

    /// From the nation down to the area itself.
    pub fn path(&self, code: &str) -> Vec<&str> {
        let mut path = Vec::new();
        let mut next = self.by_code.get(code);
        while let Some(area) = next.filter(|_| path.len() < self.by_code.len()) {
            path.push(area.code.as_str());
            next = area.parent.as_deref().and_then(|parent| self.by_code.get(parent));
        }
        path.reverse();
        path
    }

    /// The closest known name to a mistyped one.
    pub fn nearest(&self, name: &str) -> Option<&str> {
        super::nearest(name, self.names.keys().map(String::as_str))
    }

    fn depth(&self, code: &str) -> usize {
        self.path(code).len()
    }

    fn check_links(&self, lines: &BTreeMap<String, usize>, source: &Source<'_>, problems: &mut Vec<Problem>) {
        for area in self.by_code.values() {
            let line = lines.get(&area.code).copied().unwrap_or(1);
            for link in area.parent.iter().chain(&area.covers).chain(&area.overlaps) {
                if !self.by_code.contains_key(link) {
                    problems.push(source.problem(line, format!("{} 指向不存在的代码 {link}", area.name)));
                }
            }
            // The way up stops at the nation, or where it has visited every area and so runs in a circle.
            let top = self.path(&area.code).first().and_then(|code| self.by_code.get(*code));
            if top.is_some_and(|top| top.parent.as_ref().is_some_and(|parent| self.by_code.contains_key(parent))) {
                problems.push(source.problem(line, format!("{} 的上级绕成了圈", area.name)));
            }
        }
    }

    /// `武汉` for `武汉市`, where nobody else has the short form.
    fn add_short_names(&mut self) {
        let mut short: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for area in self.by_code.values() {
            let stem = area.name.strip_suffix(['省', '市', '区']).filter(|stem| stem.chars().count() >= 2);
            if let Some(stem) = stem {
                short.entry(stem.to_owned()).or_default().push(area.code.clone());
            }
        }
        for (stem, codes) in short {
            if let [code] = codes.as_slice() {
                self.names.entry(stem).or_insert_with(|| code.clone());
            }
        }
    }

    fn close_containment(&mut self) {
        for code in self.by_code.keys() {
            let mut found = BTreeSet::new();
            let mut open = vec![code.clone()];
            while let Some(inner) = open.pop() {
                if !found.insert(inner.clone()) {
                    continue;
                }
                open.extend(self.by_code.get(&inner).and_then(|area| area.parent.clone()));
                let zones = self.by_code.values().filter(|zone| zone.covers.contains(&inner));
                open.extend(zones.map(|zone| zone.code.clone()));
            }
            self.containers.insert(code.clone(), found);
        }
    }
}

fn read(row: &Entry<[&str; 8]>, source: &Source<'_>, problems: &mut Vec<Problem>) -> Option<Area> {
    let [code, name, level, parent, aliases, covers, overlaps, since] = row.value;
    let level = match level {
        "nation" => AreaLevel::Nation,
        "province" => AreaLevel::Province,
        "city" => AreaLevel::City,
        "district" => AreaLevel::District,
        "zone" => AreaLevel::Zone,
        other => {
            let remedy = "可填 nation、province、city、district、zone";
            problems.push(source.problem(row.line, format!("不认识的层级“{other}”")).remedy(remedy));
            return None;
        }
    };
    let national = code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
    if national == (level == AreaLevel::Zone) {
        let remedy = "行政区划用 GB/T 2260 六位码,功能区用 420100-ELHT 这样的自有编号";
        problems.push(source.problem(row.line, format!("代码“{code}”与层级不符")).remedy(remedy));
        return None;
    }
    let effective = since.parse().ok();
    if effective.is_none() && !since.is_empty() {
        problems.push(source.problem(row.line, format!("日期“{since}”不对")).remedy("写成 2024-01-31"));
    }
    Some(Area {
        code: code.to_owned(),
        name: name.to_owned(),
        level,
        parent: (!parent.is_empty()).then(|| parent.to_owned()),
        aliases: parts(aliases).map(str::to_owned).collect(),
        covers: parts(covers).map(str::to_owned).collect(),
        overlaps: parts(overlaps).map(str::to_owned).collect(),
        since: effective,
    })
}
