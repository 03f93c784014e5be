//! Reads `size_table.toml`.

use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use super::{Bounds, SizeRow, SizeTable, SizeVersion};
use crate::problem::Problem;
use crate::reference::{Industries, TomlSource, calendar_date};

/// 分 in 万元: the table is written in 万元.
const FEN_PER_WAN: i64 = 1_000_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    versions: Vec<Spanned<toml::Value>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawVersion {
    from: Datetime,
    source: String,
    rows: Vec<RawSizeRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSizeRow {
    name: String,
    industries: Vec<String>,
    people: Option<Bounds>,
    revenue: Option<Bounds>,
    assets: Option<Bounds>,
}

impl SizeTable {
    pub(crate) fn parse(source: &impl TomlSource, industries: &Industries, problems: &mut Vec<Problem>) -> Self {
        let Some(document) = source.document::<Document>(problems) else { return Self::default() };
        let mut table = Self::default();
        for entry in source.entries::<RawVersion>(document.versions, problems) {
            let mut complain = |message: String| problems.push(source.problem(entry.line, message));
            let Some(from) = calendar_date(entry.value.from) else {
                complain("from 不是日期".to_owned());
                continue;
            };
            let rows = entry.value.rows.into_iter().map(|row| size_row(row, industries, &mut complain)).collect();
            table.versions.push(SizeVersion { from, source: entry.value.source, rows });
        }
        table.versions.sort_by_key(|version| version.from);
        table
    }
}

fn size_row(row: RawSizeRow, industries: &Industries, complain: &mut impl FnMut(String)) -> SizeRow {
    check_industries(&row.name, &row.industries, industries, complain);
    let indices = [row.people, row.revenue, row.assets];
    if indices.iter().flatten().next().is_none() {
        complain(format!("{}:至少要有一个指标", row.name));
    }
    if indices.iter().flatten().any(|[large, medium, small]| !(large > medium && medium > small && *small > 0)) {
        complain(format!("{}:下限应从大到小写", row.name));
    }
    let money = |bounds: Bounds| bounds.map(|bound| bound.saturating_mul(FEN_PER_WAN));
    SizeRow {
        name: row.name,
        industries: row.industries,
        people: row.people,
        revenue: row.revenue.map(money),
        assets: row.assets.map(money),
    }
}

fn check_industries(name: &str, codes: &[String], industries: &Industries, complain: &mut impl FnMut(String)) {
    for code in codes.iter().filter(|code| industries.normalise(code).is_none()) {
        complain(format!("{name}:不认识的行业代码 {code}"));
    }
}
