//! `import calls`: windows of items that the library already knows.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::{Call, CallId, CallOrigin, CallStatus, Instant, ItemId, Scope};
use intake::{Column, Reject, Row, Template};
use storage::{Actor, Effect, Tx};

use super::day;
use super::heading::{Heading, Record, column, required};
use super::official::official_url;
use super::run::Target;
use crate::error::Error;
use rules::nearest;

/// A window is announced months ahead, not years.
const YEARS_AHEAD: i32 = 5;

pub(crate) fn columns() -> Vec<Column> {
    vec![
        required(column("item", "事项编码", "政策事项的编码,见事项页网址", "wh-yfzx-ba")),
        required(column("batch", "批次", "同一事项内不重复", "2026-1")),
        column("opens", "开始日期", "含当日;没公布就空着", "2026-12-01"),
        column("closes", "截止日期", "含当日;没公布就空着", "2026-12-31"),
        column("as_of", "评价基准日", "条件按哪一天判断;没规定就空着", "2026-12-31"),
        column("quota", "名额", "整数;没规定就空着", "20"),
        column("contact", "咨询电话", "", "027-00000000"),
        column("url", "通知网址", "只收 gov.cn 官方网址", "https://kjj.wuhan.gov.cn/"),
    ]
}

pub(crate) fn template() -> Template {
    Template {
        title: "申报通知".to_owned(),
        columns: columns(),
        remarks: vec!["一行一个申报批次;事项编码和批次相同的再次导入即为修订。".to_owned()],
    }
}

/// Rows → calls of known items.
pub(crate) struct Calls {
    /// Codes of every item, to judge the first column.
    items: Vec<String>,
    today: NaiveDate,
    heading: Heading,
}

impl Calls {
    pub(crate) fn new(mut items: Vec<String>, today: NaiveDate) -> Self {
        items.sort();
        Self { items, today, heading: Heading::default() }
    }

    fn item(&self, record: &Record<'_>, rejects: &mut Vec<Reject>) -> String {
        let code = record.need("item", rejects);
        if !code.is_empty() && self.items.binary_search(&code).is_err() {
            let meant = nearest(&code, self.items.iter().map(String::as_str));
            let remedy = meant.map_or_else(|| "请先录入这个事项".to_owned(), |meant| format!("是否想写 {meant}?"));
            rejects.push(record.reject("item", "没有这个事项", &remedy));
        }
        code
    }

    fn date(&self, record: &Record<'_>, key: &str, rejects: &mut Vec<Reject>) -> Option<NaiveDate> {
        let date = day::full(record.get(key)?);
        match date {
            None => rejects.push(record.reject(key, "看不懂这个日期", "写成 2026-12-01")),
            Some(date) if day::too_far_ahead(date, self.today, YEARS_AHEAD) => {
                rejects.push(record.reject(key, "日期太远,像是写错了", "请核对年份"));
            }
            Some(_) => {}
        }
        date
    }
}

/// A call with the natural key it was written under.
pub(crate) struct CallDraft {
    key: String,
    call: Call,
}

impl Target for Calls {
    type Draft = CallDraft;
    const KIND: &'static str = "calls";

    fn begin(&mut self, header: Option<&[String]>) -> Result<Vec<String>, Error> {
        let (heading, warnings) = Heading::of(header, columns())?;
        self.heading = heading;
        Ok(warnings)
    }

    fn draft(&self, row: &Row, _warnings: &mut Vec<String>) -> Result<CallDraft, Vec<Reject>> {
        let record = self.heading.record(row).map_err(|reject| vec![reject])?;
        let mut rejects = Vec::new();
        let item = self.item(&record, &mut rejects);
        let batch = record.need("batch", &mut rejects);
        let opens_on = self.date(&record, "opens", &mut rejects);
        let closes_on = self.date(&record, "closes", &mut rejects);
        if let (Some(opens), Some(closes)) = (opens_on, closes_on)
            && opens > closes
        {
            rejects.push(record.reject("closes", "截止早于开始", "请核对两个日期"));
        }
        let key = format!("{item}/{batch}");
        let call = Call {
            id: CallId::of(&key),
            item: ItemId::of(&item),
            batch,
            origin: CallOrigin::Official,
            status: CallStatus::Published,
            opens_on,
            closes_on,
            as_of: self.date(&record, "as_of", &mut rejects),
            parameters: BTreeMap::new(),
            quota: quota(&record, &mut rejects),
            contact: record.get("contact").map(str::to_owned),
            source_url: url(&record, &mut rejects),
            revision_number: 1,
        };
        if rejects.is_empty() { Ok(CallDraft { key, call }) } else { Err(rejects) }
    }

    fn key(draft: &CallDraft) -> (&'static str, &str) {
        ("事项编码和批次", &draft.key)
    }

    async fn save(
        &self,
        tx: &mut Tx,
        drafts: Vec<CallDraft>,
        actor: &Actor,
        at: Instant,
    ) -> Result<Vec<Effect>, Error> {
        let mut effects = Vec::with_capacity(drafts.len());
        for draft in drafts {
            effects.push(tx.save_call(&Scope::System, draft.call, actor, at).await?.effect);
        }
        Ok(effects)
    }
}

fn quota(record: &Record<'_>, rejects: &mut Vec<Reject>) -> Option<i64> {
    let quota = record.get("quota")?.parse().ok().filter(|quota| *quota > 0);
    if quota.is_none() {
        rejects.push(record.reject("quota", "名额应为正整数", "只写数字,如 20"));
    }
    quota
}

/// An address that a person typed for this purpose is not dropped in silence.
fn url(record: &Record<'_>, rejects: &mut Vec<Reject>) -> Option<String> {
    let url = official_url(record.get("url")?);
    if url.is_none() {
        rejects.push(record.reject("url", "不是官方网址", "只写 gov.cn 网址;没有就空着"));
    }
    url
}
