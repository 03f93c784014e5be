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

/// 投资项目 with one record, of which nothing else exists.
fn project(record: &Json) -> Json {
    json!({ "projects": { "records": [record], "complete": [{ "source": "statistics" }] } })
}

#[test]
fn fields_of_a_record_are_compared_with_each_other() {
    let spent =
        |research: i64| project(&json!({ "start": "2025-01-01", "rd_capex": research, "equipment_capex": 500 }));
    let text = "投资项目 ( 研发投入 / 设备投资 <= 20% )";
    verdicts(&[
        (text, spent(99), Met),
        (text, spent(100), Met),
        (text, spent(101), NotMet),
        (text, project(&json!({ "start": "2025-01-01", "rd_capex": 100 })), Unknown),
        // What a share of nothing is, nobody can say.
        (text, project(&json!({ "start": "2025-01-01", "rd_capex": 100, "equipment_capex": 0 })), Unknown),
        ("投资项目 ( 设备投资 - 研发投入 > 400元 )", spent(99), Met),
        ("投资项目 ( 设备投资 - 研发投入 > 400元 )", spent(100), NotMet),
        ("投资项目 ( 竣工日期 晚于 开工日期 )", spent(1), Unknown),
        (
            "投资项目 ( 竣工日期 > 开工日期 )",
            project(&json!({ "start": "2025-01-01", "finish": "2025-01-01" })),
            NotMet,
        ),
        ("投资项目 ( 竣工日期 > 开工日期 )", project(&json!({ "start": "2025-01-01", "finish": "2025-01-02" })), Met),
    ]);
}

#[test]
fn a_date_of_a_record_is_as_old_as_the_day_of_judging_says() {
    let began = |day: &str| project(&json!({ "kind": "新建", "start": day }));
    verdicts(&[
        ("投资项目 ( 开工日期 满 2年 )", began("2024-11-22"), Met),
        ("投资项目 ( 开工日期 满 2年 )", began("2024-11-23"), Met),
        ("投资项目 ( 开工日期 满 2年 )", began("2024-11-24"), NotMet),
        ("投资项目 ( 开工日期 不超过 2年 )", began("2024-11-22"), NotMet),
        ("投资项目 ( 开工日期 不超过 2年 )", began("2024-11-23"), Met),
        ("投资项目 ( 开工日期 不超过 2年 )", began("2024-11-24"), Met),
        ("投资项目 ( 竣工日期 不超过 2年 )", began("2024-11-24"), Unknown),
    ]);
}

#[test]
fn the_time_between_two_dates_of_a_record_does_not_depend_on_the_day_of_judging() {
    let built = |start: &str, finish: &str| project(&json!({ "start": start, "finish": finish }));
    let text = "投资项目 ( 开工日期 至 竣工日期 不超过 2年 )";
    verdicts(&[
        (text, built("2020-03-01", "2022-02-28"), Met),
        (text, built("2020-03-01", "2022-03-01"), Met),
        (text, built("2020-03-01", "2022-03-02"), NotMet),
        (text, built("2020-02-29", "2022-02-28"), Met),
        (text, project(&json!({ "start": "2020-03-01" })), Unknown),
        ("投资项目 ( 开工日期 至 竣工日期 满 24个月 )", built("2020-03-01", "2022-02-28"), NotMet),
        ("投资项目 ( 开工日期 至 竣工日期 满 24个月 )", built("2020-03-01", "2022-03-01"), Met),
    ]);
}

#[test]
fn demands_on_a_record_nest_and_a_missing_field_matters_only_where_it_can_decide() {
    let place = |kind: Json, place: Json| project(&json!({ "kind": kind, "place": place, "start": "2025-01-01" }));
    let text = "投资项目 ( 种类 不属于 {新建, 研发} 或 没有 ( 建设地点 属于 汉南区 ) )";
    verdicts(&[
        (text, place(json!("新建"), json!("420113")), NotMet),
        (text, place(json!("新建"), json!("420111")), Met),
        (text, place(json!("设备更新"), json!("420113")), Met),
        (text, place(Json::Null, json!("420111")), Met),
        (text, place(Json::Null, json!("420113")), Unknown),
        (text, place(json!("新建"), Json::Null), Unknown),
        (text, place(json!("设备更新"), Json::Null), Met),
    ]);
}

#[test]
fn only_what_every_record_must_be_narrows_what_the_list_has_to_hold() {
    let never = |kind: &str| json!({ "certificates": { "records": [], "complete": [{ "scope": { "kind": kind }, "source": "issuer" }] } });
    verdicts(&[
        ("从未 资质证书 ( 资质名称 为 高新技术企业 且 级别 为 国家级 )", never("高新技术企业"), Met),
        ("从未 资质证书 ( 资质名称 为 高新技术企业 或 级别 为 国家级 )", never("高新技术企业"), Unknown),
        ("从未 资质证书 ( 资质名称 不为 高新技术企业 )", never("高新技术企业"), Unknown),
        ("从未 资质证书 ( 没有 ( 资质名称 为 高新技术企业 ) )", never("高新技术企业"), Unknown),
    ]);
}

#[test]
fn each_record_must_pass_and_where_there_is_none_the_list_must_be_complete() {
    let projects = |records: Json, complete: bool| {
        let statements = if complete { json!([{ "source": "statistics" }]) } else { json!([]) };
        json!({ "projects": { "records": records, "complete": statements } })
    };
    let of = |amounts: &[i64]| -> Json {
        amounts
            .iter()
            .map(|amount| json!({ "kind": "新建", "start": "2025-01-01", "total_investment": amount }))
            .collect()
    };
    let text = "近3年 投资项目 含 新建 每项都 ( 总投资 >= 100元 )";
    verdicts(&[
        (text, projects(of(&[100, 101]), true), Met),
        (text, projects(of(&[100, 99]), true), NotMet),
        // One that falls short needs no completeness, all that pass do.
        (text, projects(of(&[100, 99]), false), NotMet),
        (text, projects(of(&[100, 101]), false), Unknown),
        (text, projects(json!([]), true), Met),
        (text, projects(json!([]), false), Unknown),
        (text, projects(json!([{ "kind": "新建", "start": "2025-01-01" }]), true), Unknown),
        // What is not asked for may fall short: another kind, another time.
        (text, projects(json!([{ "kind": "研发", "start": "2025-01-01", "total_investment": 1 }]), true), Met),
        (text, projects(json!([{ "kind": "新建", "start": "2022-12-31", "total_investment": 1 }]), true), Met),
    ]);
    let told = today(text, &projects(of(&[100, 99]), true)).root;
    assert_eq!(told.threshold.unwrap(), "每项都 ( 总投资 >= 100元 )");
    assert_eq!(told.gap.unwrap().display, "有 1 项没有做到");
    assert_eq!(told.actual.unwrap().display, "没有做到的 1 项:新建 2025-01-01");
}
