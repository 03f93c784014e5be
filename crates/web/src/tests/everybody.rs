//! What a draft would come to for everybody, over the API.

use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use domain::Scope;
use rules::{Profile, Reference};
use serde_json::{Value, json};
use storage::Actor;

use super::harness::{Answer, BUREAU_KEY, NOW, READER_KEY, Site};

const TEXT: &str = "上年度营业收入 >= 100万元 且 注册地 属于 武汉市 且 承诺「不裁员」";

async fn ask(site: &Site, key: &str, body: &Value) -> Answer {
    let request = TestRequest::post().uri("/api/v1/conditions/preview").set_json(body);
    site.send(request.insert_header(("Authorization", format!("Bearer {key}")))).await
}

async fn ready(site: &Site, body: &Value) -> Value {
    loop {
        let answer = ask(site, BUREAU_KEY, body).await.json();
        match answer["population"]["state"].as_str() {
            Some("loading") => tokio::task::yield_now().await,
            _ => return answer["population"].clone(),
        }
    }
}

/// Ten firms: revenues of 95 to 104 万元, the first three in 江岸区, the others in 洪山区.
async fn fill(site: &Site) {
    let mut tx = site.state.store().begin().await.unwrap();
    let firms = domain::synthetic::enterprises(7, 10, site.state.day());
    for (number, mut firm) in (0_i64..).zip(firms) {
        let place = if number < 3 { "420102" } else { "420111" };
        let facts = json!({ "facts": {
            "revenue": { "2025": (95 + number) * 10_000 },
            "place_registered": { "value": place, "since": "2020-01-01" },
        } });
        firm.facts = Profile::from_json(&facts, Reference::builtin()).unwrap().facts;
        firm.lists.clear();
        tx.save_enterprise(&Scope::System, &firm, true, &Actor::new("test"), NOW).await.unwrap();
    }
    tx.commit().await.unwrap();
}

#[actix_web::test]
async fn a_draft_is_counted_over_everybody_with_places_money_and_the_demand_that_excludes_most() {
    let site = Site::open().await;
    fill(&site).await;
    let body = json!({ "text": TEXT, "amount": "1万元", "population": true, "by": ["independent_legal_person"] });
    let found = ready(&site, &body).await;
    let before = found["enterprises"].as_u64().unwrap() - 10;
    assert_eq!(
        (&found["state"], &found["met"], &found["almost_met"]),
        (&json!("ready"), &json!(0), &json!(5)),
        "{found:#}"
    );
    assert_eq!(found["open"], before, "of the others the revenue is not known: {found:#}");
    assert_eq!(found["demands"].as_array().unwrap().len(), 3);
    assert_eq!(found["demands"][2]["without"]["met"], 5, "without the promise five are met: {found:#}");
    let districts = found["by"]["district"].as_array().unwrap();
    let hongshan = districts.iter().find(|group| group["value"] == "420111").unwrap();
    assert_eq!((&hongshan["name"], &hongshan["open"]), (&json!("洪山区"), &json!(5 + before)), "{found:#}");
    assert!(districts.iter().all(|group| group["value"] != "420102"), "nobody is left there: {found:#}");
    assert_eq!((&found["money"]["low"], &found["money"]["high"]), (&json!("0.00"), &json!("0.00")));
    assert!(found["by"]["independent_legal_person"].is_array() && found["took_ms"].is_i64());

    let none = ready(&site, &json!({ "text": "上年度营业收入 >= 103万元", "population": true })).await;
    let hongshan = none["by"]["district"].as_array().unwrap().iter().find(|group| group["value"] == "420111").unwrap();
    assert_eq!((&none["met"], &hongshan["met"]), (&json!(2), &json!("<5")), "{none:#}");
    assert!(none["as_of_revision"].as_i64() >= found["as_of_revision"].as_i64());
}

#[actix_web::test]
async fn everybody_is_counted_for_officials_only_and_by_facts_that_exist() {
    let site = Site::open().await;
    let body = json!({ "text": TEXT, "population": true });
    assert_eq!(site.post_json("/api/v1/conditions/preview", &body).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(ask(&site, READER_KEY, &body).await.status, StatusCode::FORBIDDEN);
    let answer = ask(&site, BUREAU_KEY, &json!({ "text": TEXT, "population": true, "by": ["colour"] })).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    answer.says("colour");
    let without = site.post_json("/api/v1/conditions/preview", &json!({ "text": TEXT })).await.json();
    assert_eq!(without["population"], Value::Null);
}
