//! What an official can do with a bureau's key.

use actix_web::http::StatusCode;
use serde_json::{Value, json};

use super::harness::{BUREAU_KEY, OTHER_KEY, READER_KEY, Site};

fn policy() -> Value {
    json!({ "title": "关于组织申报智能工厂奖励的通知", "issuers": ["示例市科技局"], "level": "city", "area": "武汉市" })
}

fn item() -> Value {
    json!({ "policy": "wh-smart", "name": "智能工厂奖励", "category": "upgrading", "support": "grant", "mode": "application",
        "amount_high": "500000.50" })
}

fn case(name: &str, expect: &str, boundary: bool, facts: &Value) -> Value {
    json!({ "name": name, "expect": expect, "boundary": boundary, "as_of": "2026-11-23", "facts": facts })
}

#[actix_web::test]
async fn a_notice_is_drafted_published_found_and_taken_back() {
    let site = Site::open().await;
    let drafted = site.put("/api/v1/policies/wh-smart", BUREAU_KEY, &policy()).await;
    assert_eq!(
        (drafted.status, &drafted.json()["value"]["status"]),
        (StatusCode::CREATED, &json!("draft")),
        "{}",
        drafted.body
    );
    assert_eq!(site.get("/policies/wh-smart").await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.get("/api/v1/policies/wh-smart").await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.get_with("/api/v1/policies/wh-smart", BUREAU_KEY).await.status, StatusCode::OK);
    let saved = site.put("/api/v1/items/wh-smart-a", BUREAU_KEY, &item()).await;
    assert_eq!(saved.status, StatusCode::CREATED, "{}", saved.body);
    assert_eq!(saved.json()["value"]["revision"]["amount_high"], "500000.5");
    let call = json!({ "opens_on": "2026-11-01", "closes_on": "2026-12-01", "contact": "示例科 027-00000000" });
    assert_eq!(site.put("/api/v1/items/wh-smart-a/calls/2026-1", BUREAU_KEY, &call).await.status, StatusCode::CREATED);
    assert_eq!(site.post_with("/api/v1/policies/wh-smart/publish", BUREAU_KEY).await.json()["changed"], true);
    let guide = site.get("/items/wh-smart-a").await;
    guide.says("2026 年 12 月 1 日 截止（还有 8 天）");
    guide.says("以官方原文为准");
    site.index().await;
    site.get("/?q=%E6%99%BA%E8%83%BD%E5%B7%A5%E5%8E%82").await.says("wh-smart");
    site.post_with("/api/v1/policies/wh-smart/suspend", BUREAU_KEY).await;
    assert_eq!(site.get("/items/wh-smart-a").await.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn a_repealed_policy_stays_readable_says_so_and_stays_repealed() {
    let site = Site::open().await;
    assert_eq!(site.post_with("/api/v1/policies/wh-rd/repeal", BUREAU_KEY).await.status, StatusCode::OK);
    site.get("/policies/wh-rd").await.says("已废止");
    let again = site.post_with("/api/v1/policies/wh-rd/publish", BUREAU_KEY).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
}

#[actix_web::test]
async fn equal_content_makes_no_new_revision_and_new_content_does() {
    let site = Site::open().await;
    site.put("/api/v1/policies/wh-smart", BUREAU_KEY, &policy()).await;
    let same = site.put("/api/v1/policies/wh-smart", BUREAU_KEY, &policy()).await;
    assert_eq!((same.status, &same.json()["effect"]), (StatusCode::OK, &json!("unchanged")));
    let mut amended = policy();
    amended["summary"] = json!("奖励智能工厂");
    let amended = site.put("/api/v1/policies/wh-smart", BUREAU_KEY, &amended).await.json();
    assert_eq!((&amended["effect"], &amended["value"]["revision_number"]), (&json!("changed"), &json!(2)));
}

#[actix_web::test]
async fn another_bureau_cannot_touch_it_and_a_reader_cannot_write() {
    let site = Site::open().await;
    let foreign = site.put("/api/v1/policies/wh-rd", OTHER_KEY, &policy()).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND, "{}", foreign.body);
    let foreign = site.post_with("/api/v1/policies/wh-rd/suspend", OTHER_KEY).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND, "{}", foreign.body);
    let reader = site.put("/api/v1/policies/wh-rd", READER_KEY, &policy()).await;
    assert_eq!(reader.status, StatusCode::FORBIDDEN);
    site.get("/policies/wh-rd").await.says("示例市研发投入补贴办法");
}

#[actix_web::test]
async fn a_condition_is_accepted_only_with_cases_that_pass() {
    let site = Site::open().await;
    site.put("/api/v1/policies/wh-smart", BUREAU_KEY, &policy()).await;
    let mut with = item();
    with["coverage"] = json!("full");
    with["condition"] = json!("上年度研发费用 >= 100万元");
    let bare = site.put("/api/v1/items/wh-smart-a", BUREAU_KEY, &with).await;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
    bare.says("用例不够");
    let rd = |yuan: i64| json!({ "rd_expense": { "2025": yuan } });
    with["cases"] = json!([
        case("刚好", "met", true, &rd(1_000_000)),
        case("差一元", "not_met", false, &rd(999_999)),
        case("一无所知", "unknown", false, &json!({})),
    ]);
    let proved = site.put("/api/v1/items/wh-smart-a", BUREAU_KEY, &with).await;
    assert_eq!(proved.status, StatusCode::CREATED, "{}", proved.body);
    with["cases"][1]["expect"] = json!("met");
    let refuted = site.put("/api/v1/items/wh-smart-a", BUREAU_KEY, &with).await;
    assert_eq!(refuted.status, StatusCode::UNPROCESSABLE_ENTITY);
    refuted.says("差一元");
}

#[actix_web::test]
async fn every_fault_of_a_draft_is_told_at_once_with_its_field() {
    let site = Site::open().await;
    let bad = json!({ "title": " ", "issuers": [], "level": "city", "area": "武漢市", "source_url": "见官网",
        "effective_on": "2026-01-01", "valid_until": "2025-01-01" });
    let answer = site.put("/api/v1/policies/WH_1", BUREAU_KEY, &bad).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let problems = answer.json()["problems"].clone();
    let places: Vec<&str> =
        problems.as_array().unwrap().iter().map(|problem| problem["place"].as_str().unwrap()).collect();
    assert_eq!(places, ["code", "title", "issuers", "valid_until", "source_url", "area"]);
    assert!(problems.as_array().unwrap().iter().all(|problem| problem["remedy"].is_string()));
    let unknown = site.put("/api/v1/policies/wh-smart", BUREAU_KEY, &json!({ "titel": "x" })).await;
    unknown.says("titel");
}
