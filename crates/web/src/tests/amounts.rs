//! What items pay and what they have to do with each other: recorded by a bureau, told to a firm.

use actix_web::http::StatusCode;
use serde_json::{Value, json};

use super::harness::{BUREAU_KEY, FIRM, READER_KEY, Site, firm};

fn item(name: &str, amount: &str, relations: &Value) -> Value {
    let case = |name: &str, expect: &str, boundary: bool, facts: Value| json!({ "name": name, "expect": expect, "boundary": boundary, "as_of": "2026-11-23", "facts": facts });
    let rd = |yuan: i64| json!({ "rd_expense": { "2025": yuan } });
    json!({
        "policy": "wh-more", "name": name, "category": "innovation", "support": "grant", "mode": "application",
        "coverage": "full", "rolling": true, "condition": "上年度研发费用 >= 50万元", "amount": amount,
        "relations": relations,
        "cases": [
            case("刚好", "met", true, rd(500_000)), case("差一元", "not_met", false, rd(499_999)),
            case("一无所知", "unknown", false, json!({})),
        ],
    })
}

/// A site with two items of which a firm has only the better one.
async fn site() -> Site {
    let site = Site::open().await;
    let policy = json!({ "title": "研发奖励", "issuers": ["示例市科技局"], "level": "city", "area": "武汉市",
        "status": "published" });
    site.put("/api/v1/policies/wh-more", BUREAU_KEY, &policy).await;
    let rate = item("研发奖励", "上年度研发费用*10% 最高 8万元", &json!([]));
    let fixed = item(
        "研发启动金",
        "5万元",
        &json!([
            { "kind": "best_of", "items": ["wh-more-a"], "wording": "与研发奖励就高不重复" },
            { "kind": "obligation", "wording": "三年内不迁离本市" },
        ]),
    );
    for (code, item) in [("wh-more-a", rate), ("wh-more-b", fixed)] {
        let saved = site.put(&format!("/api/v1/items/{code}"), BUREAU_KEY, &item).await;
        assert_eq!(saved.status, StatusCode::CREATED, "{}", saved.body);
    }
    site
}

#[actix_web::test]
async fn an_amount_is_recorded_in_its_canonical_text_with_the_relations() {
    let site = site().await;
    let item = site.get("/api/v1/items/wh-more-a").await.json();
    assert_eq!(item["revision"]["amount"], "上年度研发费用 * 10% 最高 8万元");
    assert_eq!(site.get("/api/v1/items/wh-more-b").await.json()["revision"]["relations"][0]["kind"], "best_of");
}

#[actix_web::test]
async fn a_firm_is_told_the_amount_its_reckoning_and_the_better_one_of_two() {
    let site = site().await;
    let told = site.post_json("/api/v1/match?item=wh-more-b", &firm()).await.json();
    assert_eq!(told["total"], json!(null), "one item has no sum");
    let one = &told["matches"][0];
    assert_eq!(told["matches"].as_array().unwrap().len(), 1);
    assert_eq!((&one["amount"]["low"], &one["amount"]["high"]), (&json!("50000"), &json!("50000")));
    assert_eq!((&one["relations"][0]["better"], &one["selective"]), (&json!("wh-more-a"), &json!(false)));
    let all = site.get_with(&format!("/api/v1/enterprises/{FIRM}/matches"), READER_KEY).await.json();
    assert_eq!(all["total"]["counted"], json!(["wh-more-a"]));
    assert_eq!(all["total"]["left_out"][0]["reason"], "better_one");
    insta::assert_json_snapshot!(
        "amounts",
        json!({ "total": all["total"], "one": one["relations"], "amount": one["amount"] })
    );
}

#[actix_web::test]
async fn pages_say_it_in_words() {
    let site = site().await;
    let page = site.get(&format!("/enterprises/{FIRM}")).await;
    for words in [
        "预计合计 8 万元",
        "没有计入《研发启动金》",
        "算法：上年度研发费用",
        "按上限 8 万元",
        "与《研发奖励》就高不重复，只能享受一项：《研发奖励》 8 万元 更高，本项 5 万元",
        "享受后要做到：三年内不迁离本市",
    ] {
        page.says(words);
    }
    let guide = site.get("/items/wh-more-b").await;
    guide.says("和其他事项的关系");
    guide.says("（原文：与研发奖励就高不重复）");
    let guide = site.get("/items/wh-more-a").await;
    guide.says("去年研发费用乘以 10%，最高 8 万元");
    guide.says("href=\"/items/wh-more-b\"");
}

#[actix_web::test]
async fn a_case_proves_the_amount_before_it_is_recorded() {
    let site = site().await;
    let mut proved = item("研发奖励", "上年度研发费用 * 10% 最高 8万元", &json!([]));
    proved["cases"][0]["amount"] = json!("5 万元");
    proved["cases"][2]["amount"] = json!("最高 8 万元");
    let saved = site.put("/api/v1/items/wh-more-c", BUREAU_KEY, &proved).await;
    assert_eq!(saved.status, StatusCode::CREATED, "{}", saved.body);
    proved["cases"][0]["amount"] = json!("6 万元");
    let refuted = site.put("/api/v1/items/wh-more-c", BUREAU_KEY, &proved).await;
    assert_eq!(refuted.status, StatusCode::UNPROCESSABLE_ENTITY);
    refuted.says("用例「刚好」期望 6 万元，实际 5 万元");
    let body = json!({ "text": "上年度研发费用 >= 50万元", "amount": "上年度研发费用*10% 最高 8万元", "cases": proved["cases"] });
    let previewed = site.post_json("/api/v1/conditions/preview", &body).await.json();
    assert_eq!(previewed["amount"]["plain"], "去年研发费用乘以 10%,最高 8 万元");
    assert_eq!(
        (&previewed["cases"][0]["passed"], &previewed["cases"][0]["amount"]["low"]),
        (&json!(false), &json!("50000"))
    );
    let wrong = json!({ "text": "独立法人 为 是", "amount": "3人" });
    assert_eq!(site.post_json("/api/v1/conditions/preview", &wrong).await.json()["problems"][0]["place"], "amount");
}

#[actix_web::test]
async fn every_fault_of_amounts_and_relations_is_told_at_once() {
    let site = site().await;
    let bad = item(
        "坏的",
        "上年度研发费用 * 10% 最高 3人",
        &json!([
            { "kind": "best_of", "items": ["wh-more-c"] }, { "kind": "cap", "items": ["wh-more-a"] },
        ]),
    );
    let answer = site.put("/api/v1/items/wh-more-d", BUREAU_KEY, &bad).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.body);
    let problems = answer.json()["problems"].clone();
    let places: Vec<&str> =
        problems.as_array().unwrap().iter().map(|problem| problem["place"].as_str().unwrap()).collect();
    assert_eq!(places, ["amount", "relations[0].items", "relations[1].cap"]);
    let first = |code: &str| json!([{ "kind": "prerequisite", "items": [code] }]);
    let saved = site.put("/api/v1/items/wh-more-a", BUREAU_KEY, &item("甲", "1万元", &first("wh-more-b"))).await;
    assert_eq!(saved.status, StatusCode::OK, "{}", saved.body);
    let circle = site.put("/api/v1/items/wh-more-b", BUREAU_KEY, &item("乙", "1万元", &first("wh-more-a"))).await;
    assert_eq!(circle.status, StatusCode::UNPROCESSABLE_ENTITY);
    circle.says("wh-more-a → wh-more-b → wh-more-a");
}
