//! The closed lists of the library in both tongues: an English key in data and code, a Chinese word for people.

use domain::{Category, Coverage, Level, Mode, PolicyStatus, RelationKind, Support, Validity};
use rules::Verdict;

/// One value of a closed list.
pub(crate) type Word<T> = (T, &'static str, &'static str);

/// The value meant by an English key or a Chinese word.
pub(crate) fn find<T: Copy>(words: &[Word<T>], text: &str) -> Option<T> {
    words.iter().find(|(_, key, chinese)| *key == text || *chinese == text).map(|(value, ..)| *value)
}

/// Every value as `key(中文)`, for messages.
pub(crate) fn listed<T>(words: &[Word<T>]) -> String {
    words.iter().map(|(_, key, chinese)| format!("{key}({chinese})")).collect::<Vec<_>>().join("、")
}

pub(crate) const LEVELS: &[Word<Level>] = &[
    (Level::National, "national", "国家"),
    (Level::Province, "province", "省"),
    (Level::City, "city", "市"),
    (Level::District, "district", "区"),
];

pub(crate) const STATUSES: &[Word<PolicyStatus>] = &[
    (PolicyStatus::Draft, "draft", "草稿"),
    (PolicyStatus::Published, "published", "已发布"),
    (PolicyStatus::Suspended, "suspended", "已暂停"),
    (PolicyStatus::Repealed, "repealed", "已废止"),
];

pub(crate) const VALIDITIES: &[Word<Validity>] = &[
    (Validity::InForce, "in_force", "有效"),
    (Validity::Expired, "expired", "失效"),
    (Validity::Repealed, "repealed", "废止"),
    (Validity::Replaced, "replaced", "被替代"),
    (Validity::Unverified, "unverified", "待核"),
];

pub(crate) const CATEGORIES: &[Word<Category>] = &[
    (Category::Cultivation, "cultivation", "梯度培育与认定"),
    (Category::Innovation, "innovation", "科技创新"),
    (Category::Upgrading, "upgrading", "技术改造与数字化"),
    (Category::Finance, "finance", "融资与上市"),
    (Category::Employment, "employment", "就业与人才"),
    (Category::Tax, "tax", "税费减免"),
    (Category::Market, "market", "市场与投资"),
    (Category::Agriculture, "agriculture", "农业"),
    (Category::Green, "green", "绿色低碳"),
    (Category::Other, "other", "其他"),
];

pub(crate) const SUPPORTS: &[Word<Support>] = &[
    (Support::Relief, "relief", "减免"),
    (Support::Grant, "grant", "奖补"),
    (Support::Right, "right", "权益"),
    (Support::Qualification, "qualification", "资质"),
    (Support::Financing, "financing", "融资"),
];

pub(crate) const MODES: &[Word<Mode>] = &[
    (Mode::Automatic, "automatic", "免申即享"),
    (Mode::Instant, "instant", "即申即享"),
    (Mode::Application, "application", "申报"),
    (Mode::Competitive, "competitive", "择优"),
];

pub(crate) const COVERAGES: &[Word<Coverage>] = &[
    (Coverage::Full, "full", "条件录全"),
    (Coverage::Partial, "partial", "条件部分录入"),
    (Coverage::None, "none", "仅通知"),
];

pub(crate) const RELATIONS: &[Word<RelationKind>] = &[
    (RelationKind::BestOf, "best_of", "就高不重复"),
    (RelationKind::PerProject, "per_project", "同一项目不重复享受"),
    (RelationKind::PerLoan, "per_loan", "同一笔贷款不重复享受"),
    (RelationKind::Prerequisite, "prerequisite", "前置"),
    (RelationKind::Obligation, "obligation", "义务"),
    (RelationKind::Cap, "cap", "累计上限"),
];

pub(crate) const VERDICTS: &[Word<Verdict>] =
    &[(Verdict::Met, "met", "符合"), (Verdict::NotMet, "not_met", "不符合"), (Verdict::Unknown, "unknown", "待补信息")];
