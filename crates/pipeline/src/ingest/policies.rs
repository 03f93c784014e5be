//! `import policies`: full texts with their metadata, one a row.

use std::sync::Arc;

use domain::{Instant, Level, PolicyRevision, PolicyStatus, Scope, Validity};
use intake::{Column, Reject, Row, Template};
use rules::Reference;
use storage::{Actor, Effect, PolicyDraft, Tx};

use super::heading::{Heading, Record, column, required, with_choices};
use super::official::official_url;
use super::place::{Place, resolve};
use super::run::Target;
use super::seeds::brackets;
use super::{day, words};
use crate::error::Error;

/// What one row of the file says about how true it is to the original.
const FIDELITIES: [&str; 5] = ["verbatim_file", "verbatim_excerpt", "verbatim_transcribed", "condensed", "retold"];

pub(crate) fn columns() -> Vec<Column> {
    let yes_no = ["是", "否"];
    let words = |words: &[words::Word<Level>]| words.iter().map(|(.., chinese)| *chinese).collect::<Vec<_>>();
    vec![
        required(column("id", "编号", "来源系统里的编号,同一编号再次导入即为修订", "wh-2022-qyyf")),
        required(column("title", "标题", "文件全称", "武汉市关于……的通知")),
        column("doc_number", "发文字号", "多个用顿号隔开", "武科规〔2022〕2号"),
        required(column("issuer", "发文机关", "多个用顿号隔开", "武汉市科学技术局")),
        required(with_choices(column("level", "层级", "发文机关的层级", "市"), words(words::LEVELS))),
        required(column("region", "适用地区", "区划或功能区名称", "武汉市")),
        column("published", "发布日期", "可以只写到年或月", "2022-07-14"),
        column("url", "原文网址", "只保留 gov.cn 官方网址", "https://kjj.wuhan.gov.cn/"),
        column("kind", "文种", "如 申报通知、管理办法", "申报通知"),
        with_choices(column("official", "是否官方文本", "转载、整理的写否", "是"), yes_no),
        with_choices(column("partial", "是否节选", "只有部分正文的写是", "否"), yes_no),
        with_choices(column("fidelity", "文本来源", "是否官方原文", "verbatim_file"), FIDELITIES),
        column("text", "正文", "一段一行", ""),
    ]
}

pub(crate) fn template() -> Template {
    Template {
        title: "政策文件".to_owned(),
        columns: columns(),
        remarks: vec![
            "一行一份政策文件;深色表头为必填。".to_owned(),
            "导入后即可检索;申报条件由部门另行录入,在此之前显示“条件待录入”。".to_owned(),
        ],
    }
}

/// Rows → policies with their full text and no items.
pub(crate) struct Policies {
    reference: Arc<Reference>,
    heading: Heading,
}

impl Policies {
    pub(crate) fn new(reference: Arc<Reference>) -> Self {
        Self { reference, heading: Heading::default() }
    }
}

impl Target for Policies {
    type Draft = PolicyDraft;
    const KIND: &'static str = "policies";

    fn begin(&mut self, header: Option<&[String]>) -> Result<Vec<String>, Error> {
        let (heading, warnings) = Heading::of(header, columns())?;
        self.heading = heading;
        Ok(warnings)
    }

    fn draft(&self, row: &Row, warnings: &mut Vec<String>) -> Result<PolicyDraft, Vec<Reject>> {
        let record = self.heading.record(row).map_err(|reject| vec![reject])?;
        let mut rejects = Vec::new();
        let code = record.need("id", &mut rejects);
        let revision = revision(&record, &self.reference, &mut rejects, warnings);
        if rejects.is_empty() {
            Ok(PolicyDraft { code, bureau: None, status: PolicyStatus::Published, revision })
        } else {
            Err(rejects)
        }
    }

    fn key(draft: &PolicyDraft) -> (&'static str, &str) {
        ("编号", &draft.code)
    }

    async fn save(
        &self,
        tx: &mut Tx,
        drafts: Vec<PolicyDraft>,
        actor: &Actor,
        at: Instant,
    ) -> Result<Vec<Effect>, Error> {
        let mut effects = Vec::with_capacity(drafts.len());
        for draft in drafts {
            effects.push(tx.save_policy(&Scope::System, draft, actor, at).await?.effect);
        }
        Ok(effects)
    }
}

fn revision(
    record: &Record<'_>,
    reference: &Reference,
    rejects: &mut Vec<Reject>,
    warnings: &mut Vec<String>,
) -> PolicyRevision {
    let published = published(record, rejects);
    let official = truth(record, "official", rejects).unwrap_or(true);
    let partial = truth(record, "partial", rejects).unwrap_or(false);
    let verbatim = official && record.get("fidelity").is_some_and(|fidelity| fidelity.starts_with("verbatim"));
    let text = record.get("text");
    PolicyRevision {
        title: record.need("title", rejects),
        document_numbers: record.get("doc_number").map(document_numbers).unwrap_or_default(),
        issuers: split(&record.need("issuer", rejects)),
        level: level(record, rejects),
        area: area(record, reference, rejects, warnings),
        kind: record.get("kind").map(str::to_owned),
        published_on: published.as_ref().map(|stated| stated.day),
        published_precision: published.map(|stated| stated.precision.to_owned()),
        effective_on: None,
        valid_until: None,
        validity: Validity::Unverified,
        source_url: record.get("url").and_then(official_url),
        body: text.map(markdown),
        verbatim,
        summary: summary(text.unwrap_or_default(), verbatim, partial),
    }
}

fn published(record: &Record<'_>, rejects: &mut Vec<Reject>) -> Option<day::Stated> {
    let stated = day::stated(record.get("published")?);
    if stated.is_none() {
        rejects.push(record.reject("published", "看不懂这个日期", "写成 2022-07-14、2022-07 或 2022;不知道就空着"));
    }
    stated
}

fn level(record: &Record<'_>, rejects: &mut Vec<Reject>) -> Level {
    let level = words::find(words::LEVELS, &record.need("level", rejects));
    level.unwrap_or_else(|| {
        if record.get("level").is_some() {
            let remedy = format!("可写:{}", words::listed(words::LEVELS));
            rejects.push(record.reject("level", "没有这个层级", &remedy));
        }
        Level::City
    })
}

/// The area code; empty where the source itself says that it does not know.
fn area(record: &Record<'_>, reference: &Reference, rejects: &mut Vec<Reject>, warnings: &mut Vec<String>) -> String {
    let region = record.need("region", rejects);
    match resolve(&region, reference) {
        Place::Exact(code) => code,
        Place::Within(code) => {
            let outer = reference.areas.name(&code).unwrap_or(&code);
            warnings.push(format!("地区“{region}”不在区划表中,归入“{outer}”"));
            code
        }
        Place::Unknown if region.is_empty() => String::new(),
        Place::Unknown if ["未标明", "不详", "待核"].contains(&region.as_str()) => {
            warnings.push("适用地区未标明,显示为待核".to_owned());
            String::new()
        }
        Place::Unknown => {
            rejects.push(record.reject("region", "没有这个地区", "写区划或功能区名称;确实不知道写“待核”"));
            String::new()
        }
    }
}

fn truth(record: &Record<'_>, key: &str, rejects: &mut Vec<Reject>) -> Option<bool> {
    match record.get(key)? {
        "true" | "是" | "1" => Some(true),
        "false" | "否" | "0" => Some(false),
        _ => {
            rejects.push(record.reject(key, "应为是或否", "写“是”或“否”"));
            None
        }
    }
}

fn split(text: &str) -> Vec<String> {
    text.split(['、', ';', '\u{FF1B}']).map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// Numbers without the remark in brackets that follows some of them, e.g. `(依据)`.
fn document_numbers(text: &str) -> Vec<String> {
    let bare = |number: &String| number.split(['(', '\u{FF08}']).next().unwrap_or_default().trim().to_owned();
    split(text).iter().map(bare).filter(|number| !number.is_empty()).map(|number| brackets(&number)).collect()
}

/// Plain text as Markdown that shows the same text: a paragraph a line, nothing taken for markup.
fn markdown(text: &str) -> String {
    let paragraphs = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(escaped);
    paragraphs.collect::<Vec<_>>().join("\n\n")
}

fn escaped(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 4);
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let numbered = digits > 0 && matches!(line.as_bytes().get(digits), Some(b'.' | b')'));
    for (at, character) in line.char_indices() {
        let opens = at == 0 && matches!(character, '#' | '>' | '-' | '+' | '=' | '|' | '~');
        let marks = matches!(character, '\\' | '*' | '_' | '`' | '<' | '[' | ']');
        if opens || marks || (numbered && at == digits) {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

/// The beginning of the text, saying so where it is not the whole or not the original.
fn summary(text: &str, verbatim: bool, partial: bool) -> String {
    const SHOWN: usize = 100;
    let flat: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut summary = match (verbatim, partial) {
        (true, false) => String::new(),
        (true, true) => "【节选】".to_owned(),
        (false, _) => "【非官方原文】".to_owned(),
    };
    match flat.char_indices().nth(SHOWN) {
        Some((end, _)) => {
            summary.push_str(&flat[..end]);
            summary.push('…');
        }
        None => summary.push_str(&flat),
    }
    summary
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_becomes_markdown_that_shows_the_same_text() {
        assert_eq!(
            markdown("  一、目标\n\n1.支持<a>*\n- 不是列表\n# 不是标题"),
            "一、目标\n\n1\\.支持\\<a>\\*\n\n\\- 不是列表\n\n\\# 不是标题"
        );
    }

    #[test]
    fn document_numbers_lose_remarks_and_foreign_brackets() {
        assert_eq!(
            document_numbers("武经信规[2016]4号、武经信规〔2018〕2号\u{FF08}依据)"),
            ["武经信规〔2016〕4号", "武经信规〔2018〕2号"]
        );
    }
}
