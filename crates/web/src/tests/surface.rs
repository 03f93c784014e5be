//! What holds for every address.

use actix_web::http::StatusCode;
use actix_web::http::header::ORIGIN;
use actix_web::test::TestRequest;

use super::harness::Site;
use crate::routes::ADDRESSES;

/// An address with its parameters filled in; none of them names anything that exists.
fn filled(path: &str) -> String {
    path.split('/').map(|part| if part.starts_with('{') { "x" } else { part }).collect::<Vec<_>>().join("/")
}

fn request(method: &str, path: &str) -> TestRequest {
    let request = match method {
        "POST" => TestRequest::post(),
        "PUT" => TestRequest::put(),
        _ => TestRequest::get(),
    };
    request.uri(&filled(path))
}

#[actix_web::test]
async fn every_answer_carries_the_security_headers() {
    let site = Site::open().await;
    for address in ADDRESSES {
        let answer = site.send(request(address.methods[0], address.path)).await;
        let policy = answer.header("content-security-policy");
        assert!(
            policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe-inline"),
            "{}: {policy}",
            address.path
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{}", address.path);
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{}", address.path);
        assert!(!answer.status.is_server_error(), "{}: {}", address.path, answer.body);
    }
    assert_eq!(site.get("/nowhere").await.header("x-content-type-options"), "nosniff");
}

#[actix_web::test]
async fn every_unsafe_page_address_refuses_other_sites() {
    let site = Site::open().await;
    let exempt = ["/u/{token}", "/demo/receiver/{name}"];
    let unsafe_pages = ADDRESSES.iter().filter(|address| {
        address.methods.contains(&"POST") && !address.path.starts_with("/api/") && !exempt.contains(&address.path)
    });
    let mut seen = 0;
    for address in unsafe_pages {
        seen += 1;
        let foreign = request("POST", address.path).insert_header((ORIGIN, "https://evil.example"));
        for hostile in [
            foreign,
            request("POST", address.path),
            request("POST", address.path).insert_header(("sec-fetch-site", "cross-site")),
        ] {
            let answer = site.send(hostile).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", address.path);
            assert!(answer.header("content-type").starts_with("text/html"), "{}", address.path);
        }
    }
    assert_eq!(seen, 2);
}

#[actix_web::test]
async fn every_write_and_every_firm_needs_a_key() {
    let site = Site::open().await;
    let open_to_all = ["/api/v1/match", "/api/v1/conditions/preview", "/api/v1/conditions/complete"];
    for address in
        ADDRESSES.iter().filter(|address| address.path.starts_with("/api/") && !open_to_all.contains(&address.path))
    {
        for method in address.methods {
            let answer = site
                .send(
                    request(method, address.path).insert_header(("content-type", "application/json")).set_payload("{}"),
                )
                .await;
            let needs_key = *method != "GET" || address.path.contains("/enterprises/");
            assert_eq!(
                answer.status == StatusCode::UNAUTHORIZED,
                needs_key,
                "{method} {}: {}",
                address.path,
                answer.status
            );
            if needs_key {
                assert!(answer.header("www-authenticate").starts_with("Bearer"));
            }
        }
    }
}

#[actix_web::test]
async fn another_method_is_refused_with_the_allowed_ones_named() {
    let site = Site::open().await;
    let answer = site.send(TestRequest::delete().uri("/api/v1/policies/x")).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.header("allow"), "GET, PUT");
    assert_eq!(answer.json()["code"], "method_not_allowed");
    assert_eq!(
        site.send(TestRequest::default().method(actix_web::http::Method::HEAD).uri("/")).await.status,
        StatusCode::OK
    );
}

#[actix_web::test]
async fn health_readiness_and_metrics_answer_and_metrics_name_routes_only() {
    let site = Site::open().await;
    assert_eq!(site.get("/healthz").await.body, "ok\n");
    let ready = site.get("/readyz").await;
    assert_eq!((ready.status, &ready.json()["index"]["behind"]), (StatusCode::OK, &serde_json::json!(0)));
    site.get("/?q=secretwords").await;
    site.get("/u/secrettoken").await;
    let metrics = site.get("/metrics").await;
    metrics.says("hanqitong_http_requests_total{route=\"/u/{token}\"");
    metrics.is_silent_about("secret");
}

#[actix_web::test]
async fn an_empty_index_is_not_ready() {
    let site = Site::without_index().await;
    let ready = site.get("/readyz").await;
    assert_eq!(
        (ready.status, &ready.json()["index"]["state"]),
        (StatusCode::SERVICE_UNAVAILABLE, &serde_json::json!("empty"))
    );
}

#[actix_web::test]
async fn the_sheet_is_served_once_for_ever_and_its_address_changes_with_it() {
    let site = Site::open().await;
    let sheet = site.get("/assets/site.css").await;
    assert_eq!(sheet.header("content-type"), "text/css; charset=utf-8");
    assert!(sheet.header("cache-control").contains("immutable"));
    site.get("/check").await.says("/assets/site.css?");
}
