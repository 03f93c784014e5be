//! 政策文件: the legal text as published.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::id::{BureauId, PolicyId};

/// 层级
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    #[serde(alias = "国家")]
    National,
    #[serde(alias = "省")]
    Province,
    #[serde(alias = "市")]
    City,
    #[serde(alias = "区")]
    District,
}

/// 发布状态 of a policy or item inside this library.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PolicyStatus {
    Draft,
    Published,
    /// Hidden while something is checked; comes back by publishing again.
    Suspended,
    /// 已废止, also reached by replacement.
    Repealed,
}

/// 有效性 of the text itself, as its issuer states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Validity {
    InForce,
    /// 已失效 by its own term.
    Expired,
    Repealed,
    Replaced,
    /// Not stated and not verified: shown as 待核.
    Unverified,
}

/// One immutable state of a policy's text and metadata. Unknown details are `None` and shown as 待核.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyRevision {
    pub title: String,
    /// 发文字号, brackets normalised to 〔〕; several when jointly cited.
    pub document_numbers: Vec<String>,
    pub issuers: Vec<String>,
    pub level: Level,
    /// Area code the policy applies to (not its issuer's seat).
    pub area: String,
    /// 文种, e.g. 申报通知, 管理办法.
    pub kind: Option<String>,
    /// 发布日期 as stated; may be a year or a month only, then the first day with `published_precision`.
    pub published_on: Option<NaiveDate>,
    /// How exact `published_on` is: `day`, `month` or `year`.
    pub published_precision: Option<String>,
    pub effective_on: Option<NaiveDate>,
    pub valid_until: Option<NaiveDate>,
    pub validity: Validity,
    /// Official address of the text, or absent. Never a mirror.
    pub source_url: Option<String>,
    /// Full text, Markdown, paragraph by paragraph; absent when only facts were read.
    pub body: Option<String>,
    /// `true` if the body is the official wording, `false` if condensed or retold.
    pub verbatim: bool,
    pub summary: String,
}

/// A policy with its newest revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    pub id: PolicyId,
    /// Natural key: code in the seeds or source id of an import.
    pub code: String,
    pub bureau: Option<BureauId>,
    pub status: PolicyStatus,
    /// Counts from 1; revisions are immutable.
    pub revision_number: i64,
    pub revision: PolicyRevision,
}
