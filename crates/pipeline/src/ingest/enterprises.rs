//! `import enterprises`: profiles as JSON lines, or a table whose columns are facts.

mod cells;
mod merge;
mod table;

use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use domain::{Instant, Scope};
use intake::{Column, Content, Reject, Row, Template};
use rules::reference::PeriodKind;
use rules::{FactKind, Problem, Profile, Reference};
use serde_json::Value as Json;
use storage::{Actor, Effect, EnterpriseDraft, Tx};

use super::heading::{column, required, with_choices};
use super::run::Target;
use crate::error::Error;
use cells::{Care, Cells};
pub use table::{ProfileTable, TableRow};

/// Rows → profiles. Facts a row does not mention stay as they are.
pub(crate) struct Enterprises {
    reference: Arc<Reference>,
    today: NaiveDate,
    cells: Cells,
}

/// How a line ends that says that its firm is made up, behind the document as it is kept.
const SYNTHETIC_END: &str = ",\"synthetic\":true}";

/// A profile as a line of JSON that this import reads.
pub fn enterprise_line(profile: &Profile, synthetic: bool, reference: &Reference) -> String {
    let mut line = profile.to_document(reference);
    if synthetic && line.pop().is_some() {
        line.push_str(SYNTHETIC_END);
    }
    line
}

impl Enterprises {
    pub(crate) fn new(reference: Arc<Reference>, today: NaiveDate) -> Self {
        Self { reference, today, cells: Cells::default() }
    }

    /// A line of JSON. One that is as documents are kept is read in one pass.
    fn line(&self, line: u64, text: &str, warnings: &mut Vec<String>) -> Result<EnterpriseDraft, Vec<Reject>> {
        if let Some(document) = text.strip_suffix(SYNTHETIC_END)
            && let Ok(profile) = Profile::from_document(&format!("{document}}}"), &self.reference)
        {
            let typed = profile.uscc.clone();
            let told = |problems: Vec<Problem>| {
                problems.into_iter().map(|problem| reject(line, problem, &Json::Null)).collect::<Vec<_>>()
            };
            return self
                .accepted(line, profile, &typed, told, warnings)
                .map(|profile| self.drafted(&profile, Some(true)));
        }
        let broken = |_| vec![Reject::line(line, "这一行不是 JSON 对象", "每行写一个 {…} 对象")];
        self.document(line, serde_json::from_str(text).map_err(broken)?, warnings)
    }

    fn document(
        &self,
        line: u64,
        mut document: Json,
        warnings: &mut Vec<String>,
    ) -> Result<EnterpriseDraft, Vec<Reject>> {
        let mark = document.as_object_mut().and_then(|fields| fields.remove("synthetic"));
        let told = |problems: Vec<Problem>| {
            problems.into_iter().map(|problem| reject(line, problem, &document)).collect::<Vec<_>>()
        };
        let profile = Profile::from_json(&document, &self.reference).map_err(told)?;
        let typed = document.get("uscc").and_then(Json::as_str).unwrap_or_default();
        let profile = self.accepted(line, profile, typed, told, warnings)?;
        Ok(self.drafted(&profile, mark.map(|mark| mark == Json::Bool(true))))
    }

    fn drafted(&self, profile: &Profile, synthetic: Option<bool>) -> EnterpriseDraft {
        EnterpriseDraft::new(profile, synthetic, &self.reference)
    }

    /// The profile, if an enterprise of the register may be so.
    fn accepted(
        &self,
        line: u64,
        profile: Profile,
        typed: &str,
        told: impl Fn(Vec<Problem>) -> Vec<Reject>,
        warnings: &mut Vec<String>,
    ) -> Result<Profile, Vec<Reject>> {
        let mut rejects: Vec<Reject> = told(profile.future_dates(self.today, &self.reference));
        rejects.extend(self.years_ahead(line, &profile));
        // A self-check may be anonymous; an enterprise in the register may not.
        for (label, value) in [("统一社会信用代码", &profile.uscc), ("企业名称", &profile.name)] {
            if value.is_empty() {
                rejects.push(Reject::line(line, "必填项是空的", format!("请填写{label}")).of(label, ""));
            }
        }
        if !rejects.is_empty() {
            return Err(rejects);
        }
        if let Ok(checked) = rules::uscc::check(typed) {
            warnings.extend(checked.warnings().iter().map(ToString::to_string));
        }
        Ok(profile)
    }

    /// Figures of years that have not begun.
    fn years_ahead(&self, line: u64, profile: &Profile) -> Vec<Reject> {
        let mut rejects = Vec::new();
        for (key, entries) in &profile.facts {
            let name = self.reference.catalogue.fact(key).map_or(key.as_str(), |fact| &fact.name);
            let labels = entries.iter().filter_map(|entry| Some((entry.period.from?, entry.period.label()?)));
            for (_, label) in labels.filter(|(from, _)| from.year() > self.today.year()) {
                let reject = Reject::line(line, format!("{label} 还没有到"), "请核对年份");
                rejects.push(reject.of(name, &label));
            }
        }
        rejects
    }
}

impl Target for Enterprises {
    type Draft = EnterpriseDraft;
    const KIND: &'static str = "enterprises";
    const CHUNK: usize = 1_000;

    fn begin(&mut self, header: Option<&[String]>) -> Result<Vec<String>, Error> {
        let Some(header) = header else { return Ok(Vec::new()) };
        let (cells, warnings) = Cells::of(header, &self.reference)?;
        self.cells = cells;
        Ok(warnings)
    }

    fn draft(&self, row: &Row, warnings: &mut Vec<String>) -> Result<EnterpriseDraft, Vec<Reject>> {
        match &row.content {
            Content::Cells(cells) => {
                // The profile looks at every value itself; only where something is wrong are the cells asked which.
                let read = |care| self.cells.document(row.line, cells, &self.reference, care);
                let draft = read(Care::Little).and_then(|document| self.document(row.line, document, warnings));
                draft.or_else(|rejects| read(Care::Great).and(Err(rejects)))
            }
            Content::Json(text) => self.line(row.line, text, warnings),
        }
    }

    fn key(draft: &EnterpriseDraft) -> (&'static str, &str) {
        ("统一社会信用代码", draft.uscc())
    }

    async fn save(
        &self,
        tx: &mut Tx,
        drafts: Vec<EnterpriseDraft>,
        actor: &Actor,
        at: Instant,
    ) -> Result<Vec<Effect>, Error> {
        Ok(tx.save_enterprises(&Scope::System, drafts, merge::merge, actor, at).await?)
    }
}

fn reject(line: u64, problem: Problem, document: &Json) -> Reject {
    let place = problem.place.unwrap_or_default();
    let value = document.get(&place).and_then(Json::as_str).unwrap_or_default().to_owned();
    let label = match place.as_str() {
        "uscc" => "统一社会信用代码".to_owned(),
        "name" => "企业名称".to_owned(),
        other => other.to_owned(),
    };
    Reject::line(line, problem.message, problem.remedy.unwrap_or_default()).of(label, &value)
}

/// The form: identity, then every fact a cell can hold; yearly figures for the last two closed years.
pub(crate) fn template(reference: &Reference, today: NaiveDate) -> Template {
    let mut columns = vec![
        required(column("uscc", "统一社会信用代码", "18 位,照营业执照", "91420100MA4KXXXX0X")),
        required(column("name", "企业名称", "照营业执照", "武汉某某科技有限公司")),
        source_column(reference),
    ];
    for fact in reference.catalogue.iter().filter(|fact| fact.derived.is_none()) {
        let help = fact.find.clone().or_else(|| fact.help.clone()).unwrap_or_else(|| fact.question.clone());
        let (unit, example) = unit_and_example(&fact.kind, &fact.unit);
        let help = if unit.is_empty() { help } else { format!("{help};{unit}") };
        let one = |label: String, key: String| {
            let cell = column(&key, &label, &help, example);
            with_choices(cell, choices(&fact.kind))
        };
        match (&fact.kind, fact.period) {
            (FactKind::List(_), _) => {}
            (_, PeriodKind::Year) => columns.extend([1, 2].map(|back| {
                let year = today.year() - back;
                one(format!("{}({year})", fact.name), format!("{}({year})", fact.key))
            })),
            (_, PeriodKind::History) => {
                columns.push(one(fact.name.clone(), fact.key.to_string()));
                let since = format!("{}起始日", fact.name);
                columns.push(column(&format!("{}(since)", fact.key), &since, "从哪一天起,不知道就空着", "2021-05-01"));
            }
            (_, PeriodKind::None) => columns.push(one(fact.name.clone(), fact.key.to_string())),
        }
    }
    Template {
        title: "企业".to_owned(),
        columns,
        remarks: vec![
            "一行一家企业;知道多少填多少,不知道的空着,不要填 0。不适用的写“不适用”。".to_owned(),
            "金额以元为单位,只写数字;比例写小数,3% 写 0.03。年度数的列名带年份,可照样增加年份。".to_owned(),
            "某一列另有来源的,列名后写 @ 和来源,如 营业收入(2025)@税务申报。".to_owned(),
            "证书、获奖、处罚等清单不在表格里,请用 JSON 行导入。再次导入只更新表里填了的内容。".to_owned(),
        ],
    }
}

fn source_column(reference: &Reference) -> Column {
    let names = reference.catalogue.origins().iter().map(|origin| origin.name.clone());
    let help = "这一行数据从哪里来,不填按企业自报";
    with_choices(column("source", "数据来源", help, "税务申报"), names)
}

fn unit_and_example(kind: &FactKind, unit: &str) -> (String, &'static str) {
    match kind {
        FactKind::Amount => ("以元为单位,只写数字".to_owned(), "12000000"),
        FactKind::Ratio => ("写小数,3% 写 0.03".to_owned(), "0.03"),
        FactKind::Integer => (format!("以{unit}为单位,只写数字"), "12"),
        FactKind::Date => (String::new(), "2020-03-01"),
        FactKind::Area => ("写区名或代码".to_owned(), "洪山区"),
        FactKind::Industry => ("写行业代码或名称".to_owned(), "I65"),
        FactKind::Codes { .. } => ("多个用顿号隔开".to_owned(), ""),
        FactKind::Bool | FactKind::Text | FactKind::Code { .. } | FactKind::List(_) => (String::new(), ""),
    }
}

fn choices(kind: &FactKind) -> Vec<String> {
    match kind {
        FactKind::Bool => vec!["是".to_owned(), "否".to_owned()],
        FactKind::Code { options, .. } => options.iter().map(|option| option.code.clone()).collect(),
        _ => Vec::new(),
    }
}
