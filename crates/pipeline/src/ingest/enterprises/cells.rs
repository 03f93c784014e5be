//! A table of enterprises: what each column means, and a row of it as the JSON of a profile.

use intake::Reject;
use rules::reference::PeriodKind;
use rules::{Fact, FactKey, FactKind, Reference, nearest};
use serde_json::{Map, Value as Json, json};

use crate::error::Error;
use crate::ingest::heading::normal;
use crate::ingest::{day, place};

pub(super) const USCC: &str = "统一社会信用代码";
pub(super) const NAME: &str = "企业名称";
pub(super) const SYNTHETIC: &str = "合成数据";

/// What the cells of a row mean, by position.
#[derive(Debug, Default)]
pub(super) struct Cells {
    labels: Vec<String>,
    meanings: Vec<Option<Meaning>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Meaning {
    Uscc,
    Name,
    /// Where the row's facts come from.
    Source,
    /// Whether the firm is made up.
    Synthetic,
    Fact {
        key: FactKey,
        when: When,
        /// Where the facts of this column come from, whatever the row says.
        source: Option<String>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum When {
    Now,
    /// `2025`, `2025Q1`, `2025M01-11`: as written in the JSON of a profile.
    Period(String),
    /// The first day of the value beside it.
    Since,
}

/// How closely cells are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Care {
    /// Values are left for the profile to judge.
    Little,
    /// Every value is read, so that each wrong one is told with its column.
    Great,
}

impl Cells {
    /// Reads the header. A column that means nothing is not read and said so; without code or name there is no row.
    pub(super) fn of(header: &[String], reference: &Reference) -> Result<(Self, Vec<String>), Error> {
        let mut warnings = Vec::new();
        let meanings: Vec<Option<Meaning>> = header
            .iter()
            .map(|label| match meaning(label, reference) {
                Ok(meaning) => meaning,
                Err(warning) => {
                    warnings.push(warning);
                    None
                }
            })
            .collect();
        let missing = |wanted: &Meaning| !meanings.iter().flatten().any(|meaning| meaning == wanted);
        let labels: Vec<String> = [(Meaning::Uscc, USCC), (Meaning::Name, NAME)]
            .iter()
            .filter(|(meaning, _)| missing(meaning))
            .map(|(_, label)| (*label).to_owned())
            .collect();
        if !labels.is_empty() {
            return Err(Error::MissingColumns { labels });
        }
        Ok((Self { labels: header.to_vec(), meanings }, warnings))
    }

    /// The row as the JSON of a profile; looked at with great care, every cell that does not fit its fact is a reject of
    /// its own.
    pub(super) fn document(
        &self,
        line: u64,
        cells: &[String],
        reference: &Reference,
        care: Care,
    ) -> Result<Json, Vec<Reject>> {
        let mut rejects = Vec::new();
        let mut document = Map::new();
        let mut facts: Map<String, Json> = Map::new();
        let of_row = self.source(line, cells, reference, &mut rejects);
        for (at, text, meaning) in self.filled(cells) {
            match meaning {
                Meaning::Uscc => drop(document.insert("uscc".to_owned(), json!(text))),
                Meaning::Name => drop(document.insert("name".to_owned(), json!(text))),
                Meaning::Source => {}
                Meaning::Synthetic => drop(document.insert("synthetic".to_owned(), json!(text == "是"))),
                Meaning::Fact { key, when, source } => {
                    let Some(fact) = reference.catalogue.fact(key) else { continue };
                    match value(fact, when, text, reference, care) {
                        Ok(value) => insert(&mut facts, fact, when, source.as_deref().or(of_row), value),
                        Err((reason, remedy)) => {
                            rejects.push(Reject::line(line, reason, remedy).of(self.labels[at].as_str(), text));
                        }
                    }
                }
            }
        }
        if !rejects.is_empty() {
            return Err(rejects);
        }
        let facts: Map<String, Json> = facts.into_iter().map(|(key, entries)| (key, telling(entries))).collect();
        document.insert("facts".to_owned(), Json::Object(facts));
        Ok(Json::Object(document))
    }

    fn filled<'c>(&'c self, cells: &'c [String]) -> impl Iterator<Item = (usize, &'c str, &'c Meaning)> {
        let pairs = self.meanings.iter().zip(cells).enumerate();
        pairs.filter_map(|(at, (meaning, text))| {
            Some((at, text.as_str(), meaning.as_ref()?)).filter(|_| !text.is_empty())
        })
    }

    /// The catalogue's key of the row's source.
    fn source<'r>(
        &self,
        line: u64,
        cells: &[String],
        reference: &'r Reference,
        rejects: &mut Vec<Reject>,
    ) -> Option<&'r str> {
        let (at, text, _) = self.filled(cells).find(|(.., meaning)| **meaning == Meaning::Source)?;
        let origin = reference.catalogue.origin(text);
        if origin.is_none() {
            let names: Vec<&str> = reference.catalogue.origins().iter().map(|origin| origin.name.as_str()).collect();
            let reject = Reject::line(line, "没有这个数据来源", format!("可写:{}", names.join("、")));
            rejects.push(reject.of(self.labels[at].as_str(), text));
        }
        origin.map(|origin| origin.key.as_str())
    }
}

/// What a header says, or why its column is not read; a blank header means nothing and needs no word.
fn meaning(label: &str, reference: &Reference) -> Result<Option<Meaning>, String> {
    let label = normal(label);
    match label.as_str() {
        "" => return Ok(None),
        "uscc" | USCC | "信用代码" => return Ok(Some(Meaning::Uscc)),
        "name" | NAME | "单位名称" | "名称" => return Ok(Some(Meaning::Name)),
        "source" | "数据来源" => return Ok(Some(Meaning::Source)),
        "synthetic" | SYNTHETIC => return Ok(Some(Meaning::Synthetic)),
        _ => {}
    }
    let (label, source) = match label.rsplit_once('@') {
        Some((label, source)) => (label.to_owned(), Some(origin(label, source, reference)?)),
        None => (label, None),
    };
    // Some facts are themselves a first day (研发机构运行起始日).
    let whole = reference.catalogue.find(&label).is_some();
    let (name, when) = if whole { (label.as_str(), When::Now) } else { split(&label) };
    let Some(fact) = reference.catalogue.find(name) else {
        let meant = nearest(name, reference.catalogue.names().map(|(name, _)| name));
        let meant = meant.map_or_else(String::new, |meant| format!(",是否想写“{meant}”?"));
        return Err(format!("没有读取“{label}”这一列{meant}"));
    };
    let refused = |why: &str| Err(format!("没有读取“{label}”这一列:{why}"));
    match (&fact.kind, fact.period, &when) {
        (FactKind::List(_), ..) => return refused("清单请用 JSON 行导入"),
        _ if fact.derived.is_some() => return refused("这一项由其他数据算出"),
        (_, PeriodKind::Year, When::Now) => return refused(&format!("要写明年份,如 {}(2025)", fact.name)),
        (_, PeriodKind::None, When::Period(_) | When::Since) => return refused("这一项没有年份"),
        (_, PeriodKind::Year, When::Since) => return refused("年度数没有起始日"),
        _ => {}
    }
    Ok(Some(Meaning::Fact { key: fact.key.clone(), when, source }))
}

/// The catalogue's key of the source a column names.
fn origin(label: &str, source: &str, reference: &Reference) -> Result<String, String> {
    let origin = reference.catalogue.origin(source);
    origin.map(|origin| origin.key.clone()).ok_or_else(|| {
        let names: Vec<&str> = reference.catalogue.origins().iter().map(|origin| origin.name.as_str()).collect();
        format!("没有读取“{label}”这一列:没有“{source}”这个数据来源,@ 后可写:{}", names.join("、"))
    })
}

/// `营业收入(2025)`, `2025年营业收入`, `注册地起始日`, `place_registered(since)`, or a bare name.
fn split(label: &str) -> (&str, When) {
    if let Some((name, inside)) = label.strip_suffix(')').and_then(|label| label.rsplit_once('(')) {
        let inside = inside.trim_end_matches('年');
        if inside == "since" {
            return (name, When::Since);
        }
        if is_period(inside) {
            return (name, When::Period(inside.to_owned()));
        }
    }
    if let Some(name) = label.strip_suffix("起始日") {
        return (name, When::Since);
    }
    if let Some((year, name)) = label.split_once('年').filter(|(year, _)| is_period(year)) {
        return (name.trim_start_matches('度'), When::Period(year.to_owned()));
    }
    (label, When::Now)
}

/// What looks like a year, a quarter or months of one; whether there is such a period is for the profile to say.
fn is_period(text: &str) -> bool {
    let (year, part) = text.split_at_checked(4).unwrap_or((text, ""));
    let of_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_part = match part.split_at_checked(1) {
        None => true,
        Some(("Q", quarter)) => of_digits(quarter),
        Some(("M", months)) => months.split('-').all(of_digits),
        Some(_) => false,
    };
    year.len() == 4 && of_digits(year) && is_part
}

/// A cell as the JSON of its fact, or the reason and remedy why it is none.
fn value(fact: &Fact, when: &When, text: &str, reference: &Reference, care: Care) -> Result<Json, (String, String)> {
    if *when == When::Since {
        let date = day::full(text).ok_or_else(|| ("看不懂这个日期".to_owned(), "写成 2021-05-01".to_owned()))?;
        return Ok(json!(date));
    }
    if text == "不适用" {
        return Ok(json!({ "state": "not_applicable" }));
    }
    let json = match &fact.kind {
        FactKind::Codes { .. } => text
            .split(['、', ',', ';', '\u{FF0C}', '\u{FF1B}'])
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .collect(),
        FactKind::Date => json!(day::full(text).map_or_else(|| text.to_owned(), |date| date.to_string())),
        FactKind::Area => json!(place::exact(text, reference).unwrap_or_else(|| text.to_owned())),
        FactKind::Integer | FactKind::Amount | FactKind::Ratio => json!(without_thousands(text)),
        _ => json!(text),
    };
    if care == Care::Little {
        return Ok(json);
    }
    match fact.shape().read(&json, reference) {
        Ok(_) => Ok(json),
        Err(misfit) => Err((misfit.message, misfit.remedy.unwrap_or_default())),
    }
}

/// `12,000,000` as `12000000`; commas anywhere else stay and are refused with the rest.
fn without_thousands(text: &str) -> String {
    let whole = text.split('.').next().unwrap_or_default();
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default().trim_start_matches('-');
    let digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let grouped =
        (1..=3).contains(&first.len()) && digits(first) && groups.all(|group| group.len() == 3 && digits(group));
    if grouped { text.replace(',', "") } else { text.to_owned() }
}

/// Puts a value beside the others of its fact, as an entry of the list form.
fn insert(facts: &mut Map<String, Json>, fact: &Fact, when: &When, source: Option<&str>, value: Json) {
    let entries = facts.entry(fact.key.to_string()).or_insert_with(|| json!([]));
    let Json::Array(entries) = entries else { return };
    let mut new = match (when, value) {
        (When::Since, value) => Map::from_iter([("since".to_owned(), value)]),
        (_, Json::Object(entry)) => entry,
        (_, value) => Map::from_iter([("value".to_owned(), value)]),
    };
    if let Some(source) = source {
        new.insert("source".to_owned(), json!(source));
    }
    if let When::Period(period) = when {
        new.insert("period".to_owned(), json!(period));
        entries.push(Json::Object(new));
        return;
    }
    // A place and its first day stand in two columns, in either order.
    let same = |entry: &&mut Json| entry.get("source").and_then(Json::as_str) == source;
    match entries.iter_mut().find(same) {
        Some(Json::Object(one)) => one.extend(new),
        _ => entries.push(Json::Object(new)),
    }
}

/// The entries without those that are only a first day, which says nothing without a value.
fn telling(entries: Json) -> Json {
    let Json::Array(entries) = entries else { return entries };
    let says_something = |entry: &Json| entry.get("value").is_some() || entry.get("state").is_some();
    entries.into_iter().filter(says_something).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    fn read(header: &[&str], cells: &[&str]) -> Result<Json, Vec<Reject>> {
        let reference = Reference::builtin();
        Cells::of(&labels(header), reference).unwrap().0.document(2, &labels(cells), reference, Care::Great)
    }

    const WHO: [&str; 2] = ["统一社会信用代码", "企业名称"];

    #[test]
    fn chinese_labels_keys_and_full_width_brackets_mean_the_same() {
        let spellings =
            ["营业收入(2025)", "revenue(2025)", "营业收入\u{FF08}2025\u{FF09}", "2025年营业收入", "营业收入(2025年)*"];
        for label in spellings {
            let read = read(&[WHO[0], WHO[1], label], &["x", "甲", "12,000,000.50"]).unwrap();
            assert_eq!(read["facts"]["revenue"], json!([{ "value": "12000000.50", "period": "2025" }]), "{label}");
        }
    }

    #[test]
    fn a_place_and_its_first_day_meet_from_two_columns() {
        for order in [["注册地", "注册地起始日"], ["注册地起始日", "注册地"]] {
            let cell = |label: &str| if label == "注册地" { "武汉市洪山区" } else { "2021年5月1日" };
            let read =
                read(&[WHO[0], WHO[1], order[0], order[1]], &["x", "甲", cell(order[0]), cell(order[1])]).unwrap();
            assert_eq!(read["facts"]["place_registered"], json!([{ "value": "420111", "since": "2021-05-01" }]));
        }
    }

    #[test]
    fn a_unit_inside_a_number_is_rejected_with_the_number_to_write() {
        let rejects = read(&[WHO[0], WHO[1], "营业收入(2025)"], &["x", "甲", "1200万元"]).unwrap_err();
        assert_eq!(rejects[0].field, "营业收入(2025)");
        assert!(rejects[0].remedy.contains("12000000"), "{rejects:?}");
    }

    #[test]
    fn an_unknown_district_is_rejected_with_the_one_probably_meant() {
        let rejects = read(&[WHO[0], WHO[1], "注册地"], &["x", "甲", "洪山県"]).unwrap_err();
        assert_eq!((rejects[0].field.as_str(), rejects[0].value.as_str()), ("注册地", "洪山県"));
        assert!(rejects[0].remedy.contains("洪山"), "{rejects:?}");
    }

    #[test]
    fn every_bad_cell_of_a_row_is_told_at_once() {
        let header = [WHO[0], WHO[1], "营业收入(2025)", "注册地", "成立日期"];
        let rejects = read(&header, &["x", "甲", "很多", "月球", "上周"]).unwrap_err();
        assert_eq!(rejects.iter().map(|reject| reject.field.as_str()).collect::<Vec<_>>(), header[2..]);
    }

    #[test]
    fn a_column_that_is_not_read_is_said_with_the_one_probably_meant() {
        let reference = Reference::builtin();
        let header = labels(&[WHO[0], WHO[1], "营业收人(2025)", "营业收入", "资质证书", ""]);
        let (_, warnings) = Cells::of(&header, reference).unwrap();
        assert!(warnings[0].contains("营业收人(2025)") && warnings[0].contains("“营业收入”"), "{warnings:?}");
        assert!(warnings[1].contains("要写明年份"), "{warnings:?}");
        assert!(warnings[2].contains("JSON"), "{warnings:?}");
        assert_eq!(warnings.len(), 3);
    }

    #[test]
    fn a_column_may_name_its_own_source_and_the_others_have_that_of_the_row() {
        let header = [
            WHO[0],
            WHO[1],
            "数据来源",
            "营业收入(2025)@统计联网直报",
            "营业收入(2025)@tax",
            "资产总额(2025)",
            "注册地@registry",
            "注册地起始日@registry",
        ];
        let row = ["x", "甲", "企业自报", "12", "13", "14", "洪山区", "2020-01-01"];
        let facts = &read(&header, &row).unwrap()["facts"];
        let entry = |source: &str, value: &str| json!({ "value": value, "period": "2025", "source": source });
        assert_eq!(facts["revenue"], json!([entry("statistics", "12"), entry("tax", "13")]));
        assert_eq!(facts["assets"], json!([entry("declared", "14")]));
        assert_eq!(
            facts["place_registered"],
            json!([{ "value": "420111", "since": "2020-01-01", "source": "registry" }])
        );
        let (_, warnings) = Cells::of(&labels(&[WHO[0], WHO[1], "营业收入(2025)@隔壁"]), Reference::builtin()).unwrap();
        assert!(warnings[0].contains("没有“隔壁”这个数据来源"), "{warnings:?}");
    }

    #[test]
    fn a_table_without_codes_is_refused_by_its_header() {
        let refused = Cells::of(&labels(&["企业名称", "注册地"]), Reference::builtin()).unwrap_err();
        assert!(refused.for_user().unwrap().contains("统一社会信用代码"));
    }
}
