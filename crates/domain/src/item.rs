//! 政策事项: one benefit split out of a policy. What is matched, guided and applied for.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::{BureauId, ItemId, PolicyId};
use crate::policy::{Level, PolicyStatus};
use crate::relations::Relation;

/// 录入程度: how much of the wording the condition holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Coverage {
    /// No condition yet: a notice only.
    None,
    Partial,
    /// The whole wording was read and written down; only these may be 符合.
    Full,
}

/// 主题分类, the rows of the library's front page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// 梯度培育与认定
    Cultivation,
    /// 科技创新
    Innovation,
    /// 技术改造与数字化
    Upgrading,
    /// 融资与上市
    Finance,
    /// 就业与人才
    Employment,
    /// 税费减免
    Tax,
    /// 市场与投资
    Market,
    /// 农业
    Agriculture,
    /// 绿色低碳
    Green,
    /// 其他
    Other,
}

/// 政策工具
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Support {
    /// 减免
    Relief,
    /// 奖补
    Grant,
    /// 权益
    Right,
    /// 资质
    Qualification,
    /// 融资
    Financing,
}

/// 兑现方式
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// 免申即享
    Automatic,
    /// 即申即享
    Instant,
    /// 申报
    Application,
    /// 择优: worded 可申报(择优), never 可领取, and never summed.
    Competitive,
}

/// 一策一表: what a person needs to act. Unknown fields are `None` and shown as 待核.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Guide {
    /// 谁能享受
    pub who: Option<String>,
    /// 享受什么
    pub benefit: Option<String>,
    /// 怎么享受, one step a line
    pub steps: Vec<String>,
    pub materials: Vec<String>,
    /// 办理时限
    pub time_limit: Option<String>,
    /// 受理单位
    pub handler: Option<String>,
    pub phone: Option<String>,
    pub apply_url: Option<String>,
    /// 常见不符合原因
    pub common_misses: Vec<String>,
}

/// One immutable state of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemRevision {
    pub name: String,
    pub summary: String,
    pub level: Level,
    pub area: String,
    pub category: Category,
    pub support: Support,
    pub mode: Mode,
    pub coverage: Coverage,
    /// The condition in text form (`rules::text`), the one truth; `None` while coverage is `None`.
    pub condition: Option<String>,
    /// Leaf text → the sentence it was written from.
    pub sentences: BTreeMap<String, String>,
    /// Requirements no machine decides, shown beside the verdict.
    pub notes: Vec<String>,
    /// How much it pays in text form (`rules::text::parse_amount`); `None` where it does not follow from facts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
    /// What it has to do with other items.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relations: Vec<Relation>,
    /// Amount in words as the notice has it; `None` is 待核.
    pub amount_text: Option<String>,
    /// Fixed amount or bounds in 分 where the wording states them.
    pub amount_low: Option<i64>,
    pub amount_high: Option<i64>,
    /// Competitive quota (名额) if stated.
    pub quota: Option<i64>,
    /// Parameter overrides of the condition, name → value in the text form (`5.5%`).
    pub parameters: BTreeMap<String, String>,
    /// 常年受理 without a call.
    pub rolling: bool,
    /// Usual months of the window (`[3]` for 每年3月) when only past calls are known: 按往年预计.
    pub usual_months: Vec<u8>,
    pub guide: Guide,
    /// Hash of the fact catalogue the condition was checked against.
    pub catalogue_hash: String,
}

/// An item with its newest revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    pub id: ItemId,
    /// Stable natural key, in addresses: `/items/{code}`.
    pub code: String,
    pub policy: PolicyId,
    pub bureau: Option<BureauId>,
    /// The upper item this one carries out locally; folded under it in lists.
    pub implements: Option<ItemId>,
    pub status: PolicyStatus,
    pub revision_number: i64,
    pub revision: ItemRevision,
}
