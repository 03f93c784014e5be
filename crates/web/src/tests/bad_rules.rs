//! Hostile and mistaken rules and profiles at the HTTP door: each answered in Chinese, none stored, none fatal.

use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use serde_json::{Value, json};

use super::harness::{Answer, Site};

async fn preview(site: &Site, text: &str) -> Answer {
    site.post_json("/api/v1/conditions/preview", &json!({ "text": text })).await
}

#[actix_web::test]
async fn every_mistake_in_a_rule_is_answered_with_its_problem_and_no_verdict() {
    let site = Site::open().await;
    let nested = format!("{}成立 满 1年{}", "( ".repeat(10_000), " )".repeat(10_000));
    let megabyte = "成立 满 1年 且 ".repeat(60_000);
    for (text, wanted) in [
        (megabyte.as_str(), "条件文本超过 100000 字"),
        (nested.as_str(), "嵌套超过 48 层"),
        ("上年度营业收入 >= 1000人", "不能比较"),
        ("上年度营业收入 1000万元以上", "没有写明是否包含本数"),
        ("独立法人 >= 3", "独立法人"),
        ("上年度营业收入 / 0 >= 1", "除数是零"),
        ("成立日期 不早于 0000-00-00", "没有「0000-00-00」这一天"),
        ("分档 上年度营业收入 { <= 1元 : 无要求 ; >= 1元 : 不符合 }", "第 1 行和第 2 行重叠"),
        ("( 成立 满 1年 }", "括号没有配对"),
    ] {
        let answer = preview(&site, text).await;
        assert_eq!(answer.status, StatusCode::OK, "{wanted}");
        let body = answer.json();
        assert_eq!((&body["valid"], body.get("explanation")), (&json!(false), None), "{wanted}");
        answer.says(wanted);
        assert!(answer.body.len() < 20_000, "{} bytes to say {wanted}", answer.body.len());
    }
    let full_width = preview(&site, "上年度营业收入　＞＝　１０００万元").await.json();
    assert_eq!(full_width["text"], "上年度营业收入 >= 1000万元");
}

#[actix_web::test]
async fn a_quotient_over_zero_and_growth_from_a_loss_are_open_and_an_impossible_day_is_refused() {
    let site = Site::open().await;
    let explained = async |text: &str, facts: Value| {
        let body = json!({ "text": text, "profile": { "facts": facts } });
        site.post_json("/api/v1/conditions/preview", &body).await
    };
    let zero = json!({ "rd_expense": { "2025": 1 }, "revenue": { "2025": 0 } });
    let ratio = explained("上年度研发费用 / 上年度营业收入 >= 3%", zero).await.json();
    assert_eq!(ratio["explanation"]["verdict"], "unknown");
    let loss = json!({ "net_profit": { "2024": -1, "2025": 100 } });
    let growth = explained("上年度净利润 同比增长率 >= 5%", loss).await.json();
    assert_eq!(growth["explanation"]["verdict"], "unknown");
    let day = explained("成立 满 1年", json!({ "established_on": "0000-00-00" })).await;
    assert_eq!(day.status, StatusCode::UNPROCESSABLE_ENTITY);
    day.says("0000-00-00");
    day.says("不是日历上的日期");
}

#[actix_web::test]
async fn what_is_too_large_or_too_deep_to_read_is_refused_before_it_is_read() {
    let site = Site::open().await;
    let large = preview(&site, &"且".repeat(1_000_000)).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
    large.says("超过 2 MB");
    let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
    let request = TestRequest::post().uri("/api/v1/match").insert_header(("content-type", "application/json"));
    let deep = site.send(request.set_payload(format!("{{\"facts\":{{\"revenue\":{deep}}}}}"))).await;
    assert_eq!(deep.status, StatusCode::BAD_REQUEST);
    assert!(deep.json()["detail"].as_str().is_some_and(|told| told.contains("JSON")), "{}", deep.body);
}
