//! Record lists: completeness, validity, registers, counts.

use super::*;

#[test]
fn absence_from_a_list_is_knowledge_only_where_the_list_is_complete() {
    let list = |records: Json, from: &str, to: &str| json!({ "penalties": { "records": records, "complete": [{ "from": from, "to": to, "source": "credit_report" }] } });
    let serious = |on: &str| json!([{ "kind": "税务", "serious": true, "on": on }]);
    let text = "没有 ( 近3年 重大违法 )";
    verdicts(&[
        (text, list(json!([]), "2023-01-01", "2026-11-24"), Met),
        (text, list(json!([]), "2023-01-02", "2026-11-24"), Unknown),
        (text, list(json!([]), "2023-01-01", "2026-11-23"), Unknown),
        (text, list(serious("2022-12-31"), "2020-01-01", "2027-01-01"), Met),
        (text, list(serious("2023-01-01"), "2020-01-01", "2027-01-01"), NotMet),
        (text, list(serious("2026-11-23"), "2020-01-01", "2027-01-01"), NotMet),
        // A hit needs no completeness.
        (text, json!({ "penalties": serious("2026-01-01") }), NotMet),
        // An unknown "serious" leaves it open, a known "no" does not.
        (text, list(json!([{ "kind": "税务", "on": "2026-01-01" }]), "2020-01-01", "2027-01-01"), Unknown),
        (text, list(json!([{ "serious": false, "on": "2026-01-01" }]), "2020-01-01", "2027-01-01"), Met),
        ("没有 ( 近12个月 重大违法 )", list(serious("2025-11-22"), "2020-01-01", "2027-01-01"), Met),
        ("没有 ( 近12个月 重大违法 )", list(serious("2025-11-23"), "2020-01-01", "2027-01-01"), NotMet),
        ("没有 ( 上年度及当年 重大违法 )", list(serious("2024-12-31"), "2020-01-01", "2027-01-01"), Met),
        ("没有 ( 上年度及当年 重大违法 )", list(serious("2025-01-01"), "2020-01-01", "2027-01-01"), NotMet),
    ]);
}

#[test]
fn a_statement_of_completeness_reaches_as_far_as_its_scope() {
    let never = |scope: Json| json!({ "certificates": { "records": [], "complete": [{ "scope": scope, "source": "issuer" }] } });
    verdicts(&[
        ("从未 资质证书 含 高新技术企业", never(json!({ "kind": "高新技术企业" })), Met),
        ("从未 资质证书 含 瞪羚企业", never(json!({ "kind": "高新技术企业" })), Unknown),
        ("从未 资质证书 含 {高新技术企业, 瞪羚企业}", never(json!({ "kind": "高新技术企业" })), Unknown),
        ("从未 资质证书 含 {高新技术企业, 瞪羚企业}", never(json!({})), Met),
    ]);
}

#[test]
fn certificates_are_valid_on_their_last_day() {
    let until = |day: &str| {
        json!({ "certificates": { "records": [
        { "kind": "高新技术企业", "issued_on": "2023-11-24", "valid_until": day } ], "complete": [{ "source": "issuer" }] } })
    };
    verdicts(&[
        ("资质证书 含 高新技术企业 有效", until("2026-11-22"), NotMet),
        ("资质证书 含 高新技术企业 有效", until("2026-11-23"), Met),
        ("资质证书 含 高新技术企业", until("2026-11-22"), Met),
        ("从未 资质证书 含 高新技术企业", until("2026-11-22"), NotMet),
        (
            "资质证书 含 高新技术企业 有效",
            json!({ "certificates": [{ "kind": "高新技术企业", "issued_on": "2023-11-24" }] }),
            Unknown,
        ),
    ]);
}

#[test]
fn a_register_lists_until_the_day_of_removal() {
    let listed = |removed: Json| {
        json!({ "abnormal_list": {
        "records": [{ "listed_on": "2026-01-01", "removed_on": removed }], "complete": [{ "source": "registry" }] } })
    };
    verdicts(&[
        ("未列入 经营异常名录", listed(Json::Null), NotMet),
        ("未列入 经营异常名录", listed(json!("2026-11-23")), Met),
        ("列入 经营异常名录", listed(Json::Null), Met),
        ("从未 经营异常名录", listed(json!("2026-02-01")), NotMet),
    ]);
}

#[test]
fn counts_are_intervals() {
    let patents = |count: i64, complete: bool| {
        let statements = if complete { json!([{ "source": "issuer" }]) } else { json!([]) };
        json!({ "ip_rights": { "records": [
            { "class": "Ⅰ类", "count": count, "granted_on": "2024-01-01" }, { "class": "Ⅱ类", "count": 9, "granted_on": "2024-01-01" },
        ], "complete": statements } })
    };
    verdicts(&[
        ("知识产权 ( 类别 为 Ⅰ类 ) >= 4件", patents(3, true), NotMet),
        ("知识产权 ( 类别 为 Ⅰ类 ) >= 4件", patents(3, false), Unknown),
        ("知识产权 ( 类别 为 Ⅰ类 ) >= 4件", patents(4, false), Met),
        ("知识产权 ( 类别 为 Ⅰ类 ) <= 4件", patents(4, true), Met),
        ("知识产权 ( 类别 为 Ⅰ类 ) <= 4件", patents(4, false), Unknown),
        ("知识产权 ( 类别 为 Ⅰ类 ) < 4件", patents(4, false), NotMet),
        ("知识产权 ( 类别 为 Ⅰ类 ) = 4件", patents(4, true), Met),
    ]);
    assert_eq!(today("知识产权 ( 类别 为 Ⅰ类 ) >= 4件", &patents(3, true)).root.gap.unwrap().display, "差 1 项");
}

#[test]
fn awards_are_told_apart_by_kind_rank_and_date() {
    let award = |rank: i64, on: &str| {
        json!({ "awards": { "records": [
        { "kind": "省级科技奖励", "unit_rank": rank, "on": on } ], "complete": [{ "source": "issuer" }] } })
    };
    let text = "近3年 获奖 含 省级科技奖励 ( 单位排名 <= 3 )";
    verdicts(&[
        (text, award(3, "2023-01-01"), Met),
        (text, award(4, "2023-01-01"), NotMet),
        (text, award(3, "2022-12-31"), NotMet),
    ]);
}
