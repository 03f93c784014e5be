//! What an official sends, read into revisions. Every problem is reported at once, each at its field.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::relations::Prerequisites;
use domain::{
    Category, Coverage, Guide, ItemRevision, Level, Mode, PolicyRevision, PolicyStatus, Relation, Support, Validity,
};
use rules::number::scaled_from_json;
use rules::{Amount, Problem, Reference, Severity};
use serde::Deserialize;
use serde_json::Value;

use super::FEN;
use super::cases::{self, CaseBody, Wording};
use super::relations;

/// Characters of a code in an address.
const LONGEST_CODE: usize = 64;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PolicyBody {
    pub(crate) status: Option<PolicyStatus>,
    title: String,
    #[serde(default)]
    document_numbers: Vec<String>,
    issuers: Vec<String>,
    level: Level,
    /// Code or name.
    area: String,
    kind: Option<String>,
    published_on: Option<NaiveDate>,
    published_precision: Option<String>,
    effective_on: Option<NaiveDate>,
    valid_until: Option<NaiveDate>,
    #[serde(default = "unverified")]
    validity: Validity,
    source_url: Option<String>,
    body: Option<String>,
    #[serde(default)]
    verbatim: bool,
    #[serde(default)]
    summary: String,
}

fn unverified() -> Validity {
    Validity::Unverified
}

impl PolicyBody {
    pub(crate) fn revision(self, code: &str, reference: &Reference) -> Result<PolicyRevision, Vec<Problem>> {
        let mut problems = Vec::new();
        check_code(code, &mut problems);
        check_text("title", &self.title, &mut problems);
        if self.issuers.iter().all(|issuer| issuer.trim().is_empty()) {
            problems.push(Problem::error("没有发文机关").place("issuers").remedy("写明至少一个发文机关的全称"));
        }
        check_order("valid_until", self.effective_on, self.valid_until, &mut problems);
        check_url("source_url", self.source_url.as_deref(), &mut problems);
        if !matches!(self.published_precision.as_deref(), None | Some("day" | "month" | "year")) {
            problems.push(
                Problem::error("精度不在可选范围内").place("published_precision").remedy("写 day、month 或 year"),
            );
        }
        let area = area("area", &self.area, reference, &mut problems);
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(PolicyRevision {
            title: self.title.trim().to_owned(),
            document_numbers: self.document_numbers,
            issuers: self.issuers,
            level: self.level,
            area,
            kind: self.kind,
            published_on: self.published_on,
            published_precision: self.published_precision,
            effective_on: self.effective_on,
            valid_until: self.valid_until,
            validity: self.validity,
            source_url: self.source_url,
            body: self.body,
            verbatim: self.verbatim,
            summary: self.summary,
        })
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ItemBody {
    /// Code of the policy it is split out of.
    pub(crate) policy: String,
    pub(crate) status: Option<PolicyStatus>,
    /// Code of the upper item it carries out.
    pub(crate) implements: Option<String>,
    name: String,
    #[serde(default)]
    summary: String,
    /// The policy's, unless said.
    level: Option<Level>,
    area: Option<String>,
    category: Category,
    support: Support,
    mode: Mode,
    #[serde(default = "no_coverage")]
    coverage: Coverage,
    condition: Option<String>,
    #[serde(default)]
    sentences: BTreeMap<String, String>,
    #[serde(default)]
    notes: Vec<String>,
    /// In text form, as `condition`.
    amount: Option<String>,
    #[serde(default)]
    pub(crate) relations: Vec<Relation>,
    amount_text: Option<String>,
    /// 元
    amount_low: Option<Value>,
    amount_high: Option<Value>,
    quota: Option<i64>,
    #[serde(default)]
    parameters: BTreeMap<String, String>,
    #[serde(default)]
    rolling: bool,
    #[serde(default)]
    usual_months: Vec<u8>,
    #[serde(default)]
    guide: Guide,
    /// Run before anything is written; not stored.
    #[serde(default)]
    cases: Vec<CaseBody>,
}

fn no_coverage() -> Coverage {
    Coverage::None
}

impl ItemBody {
    pub(crate) fn revision(
        &self,
        code: &str,
        policy: &PolicyRevision,
        library: &Prerequisites,
        reference: &Reference,
    ) -> Result<ItemRevision, Vec<Problem>> {
        let mut problems = Vec::new();
        check_code(code, &mut problems);
        check_text("name", &self.name, &mut problems);
        check_url("guide.apply_url", self.guide.apply_url.as_deref(), &mut problems);
        if self.usual_months.iter().any(|month| !(1..=12).contains(month)) {
            problems.push(Problem::error("月份超出 1 至 12").place("usual_months").remedy("每年 3 月写成 [3]"));
        }
        let amount_low = fen("amount_low", self.amount_low.as_ref(), &mut problems);
        let amount_high = fen("amount_high", self.amount_high.as_ref(), &mut problems);
        if let (Some(low), Some(high)) = (amount_low, amount_high)
            && low > high
        {
            problems.push(Problem::error("下限高于上限").place("amount_low").remedy("对调 amount_low 与 amount_high"));
        }
        let area =
            self.area.as_ref().map_or_else(|| policy.area.clone(), |text| area("area", text, reference, &mut problems));
        let amount = self.checked_amount(reference, &mut problems);
        let condition = self.checked_condition(amount.as_ref(), reference, &mut problems);
        relations::check(&self.relations, code, library, reference, &mut problems);
        if problems.iter().any(|problem| problem.severity == Severity::Error) {
            return Err(problems);
        }
        Ok(ItemRevision {
            name: self.name.trim().to_owned(),
            summary: self.summary.clone(),
            level: self.level.unwrap_or(policy.level),
            area,
            category: self.category,
            support: self.support,
            mode: self.mode,
            coverage: self.coverage,
            condition,
            sentences: self.sentences.clone(),
            notes: self.notes.clone(),
            amount: amount.map(|amount| rules::text::print_amount(&amount, reference)),
            relations: self.relations.clone(),
            amount_text: self.amount_text.clone(),
            amount_low,
            amount_high,
            quota: self.quota,
            parameters: self.parameters.clone(),
            rolling: self.rolling,
            usual_months: self.usual_months.clone(),
            guide: self.guide.clone(),
            catalogue_hash: reference.hash().to_owned(),
        })
    }

    /// The amount, parsed and checked.
    fn checked_amount(&self, reference: &Reference, problems: &mut Vec<Problem>) -> Option<Amount> {
        let note = |found: Vec<Problem>| problems.extend(found.into_iter().map(|problem| problem.place("amount")));
        Amount::read(self.amount.as_deref()?, reference).map_err(note).ok()
    }

    /// The condition in normal form, parsed, checked and proved by its cases.
    fn checked_condition(
        &self,
        amount: Option<&Amount>,
        reference: &Reference,
        problems: &mut Vec<Problem>,
    ) -> Option<String> {
        let text = match (&self.condition, self.coverage) {
            (None, Coverage::None) => return None,
            (None, _) => {
                let problem = Problem::error("录入程度不是 none，却没有条件").place("condition");
                problems.push(problem.remedy("写上条件，或把 coverage 改为 none 先发通知"));
                return None;
            }
            (Some(_), Coverage::None) => {
                let problem = Problem::error("写了条件，录入程度却是 none").place("coverage");
                problems.push(problem.remedy("条件录全写 full，录了一部分写 partial"));
                return None;
            }
            (Some(text), _) => text,
        };
        let condition = match rules::text::parse(text, reference) {
            Ok(condition) => condition,
            Err(found) => {
                problems.extend(found.into_iter().map(|problem| problem.place("condition")));
                return None;
            }
        };
        problems.extend(rules::check(&condition, reference).into_iter().map(|problem| problem.place("condition")));
        let wording = Wording { sentences: &self.sentences, parameters: &self.parameters, amount };
        match cases::run(&self.cases, &condition, &wording, reference) {
            Ok(results) => problems.extend(cases::shortcomings(self.coverage, &self.cases, &results)),
            Err(found) => problems.extend(found),
        }
        Some(rules::text::print(&condition, reference))
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CallBody {
    pub(crate) opens_on: Option<NaiveDate>,
    pub(crate) closes_on: Option<NaiveDate>,
    pub(crate) as_of: Option<NaiveDate>,
    #[serde(default)]
    pub(crate) parameters: BTreeMap<String, String>,
    pub(crate) quota: Option<i64>,
    pub(crate) contact: Option<String>,
    pub(crate) source_url: Option<String>,
    #[serde(default)]
    pub(crate) withdrawn: bool,
}

impl CallBody {
    pub(crate) fn check(&self, batch: &str) -> Result<(), Vec<Problem>> {
        let mut problems = Vec::new();
        check_code(batch, &mut problems);
        check_order("closes_on", self.opens_on, self.closes_on, &mut problems);
        check_url("source_url", self.source_url.as_deref(), &mut problems);
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}

fn check_code(code: &str, problems: &mut Vec<Problem>) {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if code.is_empty() || code.len() > LONGEST_CODE || !code.chars().all(plain) {
        let problem = Problem::error(format!("编号「{code}」不合规")).place("code");
        problems.push(problem.remedy("只用小写字母、数字和连字符，不超过 64 个字符"));
    }
}

fn check_text(place: &str, text: &str, problems: &mut Vec<Problem>) {
    if text.trim().is_empty() {
        problems.push(Problem::error("不能为空").place(place).remedy("按通知原文填写"));
    }
}

fn check_order(place: &str, first: Option<NaiveDate>, last: Option<NaiveDate>, problems: &mut Vec<Problem>) {
    if let (Some(first), Some(last)) = (first, last)
        && last < first
    {
        problems.push(Problem::error("结束日期早于开始日期").place(place).remedy("核对两个日期"));
    }
}

fn check_url(place: &str, address: Option<&str>, problems: &mut Vec<Problem>) {
    let Some(address) = address else { return };
    let web = url::Url::parse(address).is_ok_and(|url| ["http", "https"].contains(&url.scheme()) && url.has_host());
    if !web {
        problems.push(
            Problem::error(format!("「{address}」不是网址"))
                .place(place)
                .remedy("写 https:// 开头的官方网址，没有就不写"),
        );
    }
}

/// The code of an area given by code or name.
fn area(place: &str, text: &str, reference: &Reference, problems: &mut Vec<Problem>) -> String {
    if reference.areas.get(text).is_some() {
        return text.to_owned();
    }
    if let Some(code) = reference.areas.find(text) {
        return code.to_owned();
    }
    let near = reference.areas.nearest(text).map(|name| format!("是不是「{name}」？")).unwrap_or_default();
    problems.push(
        Problem::error(format!("没有「{text}」这个地区")).place(place).remedy(format!("{near}写行政区划代码或全称")),
    );
    String::new()
}

/// 元 as a JSON number or string → 分, exactly.
fn fen(place: &str, value: Option<&Value>, problems: &mut Vec<Problem>) -> Option<i64> {
    match scaled_from_json(value?, FEN) {
        Ok(fen) if fen >= 0 => Some(fen),
        _ => {
            let problem = Problem::error("不是金额").place(place);
            problems.push(problem.remedy("以元为单位写非负数，最多两位小数，不带单位和逗号"));
            None
        }
    }
}
