//! The JSON doors for reading and judging.

use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use serde_json::json;

use super::harness::{Answer, BUREAU_KEY, FEEDER_KEY, FIRM, READER_KEY, Site, bearer, firm};

/// The body with one value hidden that changes with the reference data.
fn masked(answer: &Answer, pointer: &str) -> serde_json::Value {
    let mut body = answer.json();
    *body.pointer_mut(pointer).unwrap() = json!("[hash]");
    body
}

#[actix_web::test]
async fn a_search_answers_with_hits_facets_and_a_cursor() {
    let site = Site::open().await;
    let found = site.get("/api/v1/policies?q=%E7%A0%94%E5%8F%91&limit=1").await.json();
    assert_eq!(found["total"], 1);
    assert_eq!(found["policies"][0]["code"], "wh-rd");
    assert_eq!(found["next_cursor"], json!(null));
    assert_eq!(found["complete"], true);
    assert!(found["facets"]["levels"].as_array().is_some_and(|levels| !levels.is_empty()));
}

#[actix_web::test]
async fn a_policy_is_found_by_code_and_by_id() {
    let site = Site::open().await;
    let by_code = site.get("/api/v1/policies/wh-rd").await.json();
    let id = by_code["id"].as_str().unwrap();
    assert_eq!(site.get(&format!("/api/v1/policies/{id}")).await.json(), by_code);
    insta::assert_json_snapshot!("policy", by_code);
}

#[actix_web::test]
async fn an_item_and_its_guide_keep_their_shape() {
    let site = Site::open().await;
    insta::assert_json_snapshot!(
        "item",
        masked(&site.get("/api/v1/items/wh-rd-grant").await, "/revision/catalogue_hash")
    );
    insta::assert_json_snapshot!("guide", site.get("/api/v1/items/wh-rd-grant/guide").await.json());
}

#[actix_web::test]
async fn a_profile_is_judged_with_every_reason_and_nothing_is_stored() {
    let site = Site::open().await;
    let before = site.state.store().latest_change(&domain::Scope::Public).await.unwrap();
    let answer = site.post_json("/api/v1/match?item=wh-rd-grant", &firm()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    insta::assert_json_snapshot!("match", masked(&answer, "/reference_hash"));
    assert_eq!(site.state.store().latest_change(&domain::Scope::Public).await.unwrap(), before);
}

#[actix_web::test]
async fn a_changed_fact_changes_the_verdict() {
    let site = Site::open().await;
    let mut poor = firm();
    poor["facts"]["rd_expense"]["2025"] = json!(900_000);
    let standing = |answer: serde_json::Value| answer["matches"][0]["standing"].clone();
    assert_eq!(standing(site.post_json("/api/v1/match?item=wh-rd-grant", &firm()).await.json()), "met");
    assert_eq!(standing(site.post_json("/api/v1/match?item=wh-rd-grant", &poor).await.json()), "near");
    poor["facts"].as_object_mut().unwrap().remove("rd_expense");
    let unknown = site.post_json("/api/v1/match?item=wh-rd-grant", &poor).await.json();
    assert_eq!(standing(unknown.clone()), "missing_information");
    assert_eq!(unknown["matches"][0]["explanation"]["deciding"][0]["fact"], "rd_expense");
}

#[actix_web::test]
async fn a_bad_profile_is_answered_with_every_place_at_once() {
    let site = Site::open().await;
    let bad = json!({ "uscc": "91420100000000000A", "facts": { "rd_expense": { "2025": "12万元" }, "nonsense": 1 } });
    let answer = site.post_json("/api/v1/match", &bad).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    insta::assert_json_snapshot!("bad_profile", answer.json());
}

#[actix_web::test]
async fn broken_json_names_line_and_column_and_a_wrong_type_says_so() {
    let site = Site::open().await;
    let post = || TestRequest::post().uri("/api/v1/match");
    let broken =
        site.send(post().insert_header(("content-type", "application/json")).set_payload("{\"facts\": ")).await;
    assert_eq!(broken.status, StatusCode::BAD_REQUEST);
    broken.says("第 1 行");
    let typed = site.send(post().insert_header(("content-type", "text/plain")).set_payload("{}")).await;
    assert_eq!(typed.json()["code"], "not_json");
    let large = format!("{{\"name\": \"{}\"}}", "大".repeat(800_000));
    let large = site.send(post().insert_header(("content-type", "application/json")).set_payload(large)).await;
    assert_eq!(large.json()["code"], "too_large");
}

#[actix_web::test]
async fn a_condition_is_previewed_with_problems_normal_form_and_cases() {
    let site = Site::open().await;
    let wrong = site.post_json("/api/v1/conditions/preview", &json!({ "text": "上年度研发费 >= 100万元" })).await;
    assert_eq!(wrong.status, StatusCode::OK);
    assert_eq!(wrong.json()["valid"], false);
    assert!(!wrong.json()["problems"].as_array().unwrap().is_empty());
    let case = |name: &str, amount: i64, expect: &str| json!({ "name": name, "expect": expect, "as_of": "2026-11-23", "facts": { "rd_expense": { "2025": amount } } });
    let body = json!({
        "text": "上年度研发费用>=100万元",
        "cases": [case("刚好", 1_000_000, "met"), case("差一元", 999_999, "met")],
    });
    let right = site.post_json("/api/v1/conditions/preview", &body).await.json();
    assert_eq!(right["valid"], true, "{right}");
    assert_eq!(right["text"], "上年度研发费用 >= 100万元");
    assert_eq!((&right["cases"][0]["passed"], &right["cases"][1]["passed"]), (&json!(true), &json!(false)));
}

#[actix_web::test]
async fn matches_of_a_firm_need_the_permission_and_a_scope_that_holds_it() {
    let site = Site::open().await;
    let path = format!("/api/v1/enterprises/{FIRM}/matches");
    let matches = site.get_with(&path, READER_KEY).await;
    assert_eq!(matches.status, StatusCode::OK, "{}", matches.body);
    assert_eq!(matches.json()["matches"].as_array().unwrap().len(), 3);
    let wrong = site.get_with(&path, BUREAU_KEY).await;
    assert_eq!((wrong.status, &wrong.json()["code"]), (StatusCode::FORBIDDEN, &json!("forbidden")));
    let invented = site.get_with(&path, "hqt_invented").await;
    assert_eq!(invented.status, StatusCode::UNAUTHORIZED);
    let absent = site.get_with("/api/v1/enterprises/914201000000000017/matches", READER_KEY).await;
    assert_eq!(absent.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn a_profile_sent_twice_under_one_key_is_written_once() {
    let site = Site::open().await;
    let path = format!("/api/v1/enterprises/{FIRM}");
    let mut changed = firm();
    changed["facts"]["rd_expense"]["2025"] = json!(2_000_000);
    let send = |body: serde_json::Value, key: &'static str| {
        let request =
            TestRequest::put().uri(&path).insert_header(bearer(FEEDER_KEY)).insert_header(("idempotency-key", key));
        site.send(request.set_json(body))
    };
    let first = send(changed.clone(), "k1").await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.body);
    assert_eq!(first.json()["effect"], "changed");
    assert_eq!(send(changed.clone(), "k1").await.json(), first.json());
    assert_eq!(send(changed.clone(), "k2").await.json()["effect"], "unchanged");
    let clash = send(firm(), "k1").await;
    assert_eq!(clash.status, StatusCode::CONFLICT);
    let elsewhere = site.put("/api/v1/enterprises/914201000000000017", FEEDER_KEY, &firm()).await;
    assert_eq!(elsewhere.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[actix_web::test]
async fn the_schemas_of_trees_and_profiles_are_served_and_another_name_is_refused_with_theirs() {
    let site = Site::open().await;
    for (name, title) in [("condition", "Condition"), ("amount", "Amount"), ("profile", "Profile")] {
        let schema = site.get(&format!("/api/v1/schemas/{name}")).await;
        assert_eq!(schema.header("content-type"), "application/schema+json");
        assert!(schema.json()["title"].as_str().is_some_and(|shown| shown.starts_with(title)), "{name}");
    }
    let other = site.get("/api/v1/schemas/policy").await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
    assert!(other.json()["detail"].as_str().is_some_and(|detail| detail.contains("condition、amount、profile")));
}

#[actix_web::test]
async fn an_unfinished_condition_is_answered_with_what_may_come_next() {
    let site = Site::open().await;
    let text = "上年度营业收入 >= 1000万";
    let whole = site.post_json("/api/v1/conditions/complete", &json!({ "text": text })).await.json();
    assert_eq!(
        whole["completions"][0],
        json!({
            "insert": "万元", "label": "万元", "kind": "unit", "help": "1万元 = 10000元",
            "replace": { "start": 15, "end": 16 },
        })
    );
    let within = site.post_json("/api/v1/conditions/complete", &json!({ "text": text, "cursor": 8 })).await.json();
    assert!(within["completions"].as_array().unwrap().iter().any(|one| one["insert"] == ">="));
    let strange = site.post_json("/api/v1/conditions/complete", &json!({ "text": text, "at": 8 })).await;
    assert_eq!(strange.status, StatusCode::BAD_REQUEST);
}
