//! Pages for people.

use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use domain::{PushId, Scope};

use super::harness::{FIRM, Site, TOKEN};

#[actix_web::test]
async fn the_front_page_searches_and_counts() {
    let site = Site::open().await;
    let page = site.get("/").await;
    assert_eq!(page.status, StatusCode::OK);
    page.says("四级惠企政策");
    page.says("<dd>1</dd>");
    page.says("<dd>3</dd>");
    page.says("科技创新");
}

#[actix_web::test]
async fn a_search_marks_what_was_asked_and_keeps_its_choices() {
    let site = Site::open().await;
    let page = site.get("/?q=%E7%A0%94%E5%8F%91&level=city").await;
    page.says("<mark>研发</mark>");
    page.says("href=\"/items/wh-rd-grant\"");
    page.says("name=\"level\" value=\"city\"");
    page.says("取消 市");
}

#[actix_web::test]
async fn hostile_search_words_are_words() {
    let site = Site::open().await;
    let page = site.get("/?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E%22%27&sort=newest").await;
    assert_eq!(page.status, StatusCode::OK);
    page.is_silent_about("<script");
    page.says("&lt;script&gt;");
}

#[actix_web::test]
async fn while_the_index_is_empty_the_library_itself_answers() {
    let site = Site::without_index().await;
    let page = site.get("/?q=%E7%A0%94%E5%8F%91").await;
    page.says("索引正在重建");
    page.says("示例市");
    page.says("href=\"/items/wh-rd-grant\"");
}

#[actix_web::test]
async fn a_policy_page_shows_what_is_known_and_says_what_is_not() {
    let site = Site::open().await;
    let page = site.get("/policies/wh-rd").await;
    page.says("示例市研发投入补贴办法");
    page.says("待核");
    page.says("id=\"p-2\"");
    page.says("不是官方原文的逐字全文");
    page.is_silent_about("<script");
}

#[actix_web::test]
async fn a_guide_answers_the_seven_questions_with_the_sentences_behind_the_condition() {
    let site = Site::open().await;
    let page = site.get("/items/wh-rd-grant").await;
    for row in ["谁能享受", "享受什么", "怎么享受", "何时", "找谁", "依据", "常见不符合原因"] {
        page.says(row);
    }
    page.says("去年研发费用不低于 100 万元");
    page.says("第二条 研发费用不低于 100 万元");
    page.says("常年受理，随时可以办理。");
}

#[actix_web::test]
async fn an_item_without_full_coverage_says_so_and_a_competitive_one_promises_nothing() {
    let site = Site::open().await;
    site.get("/items/wh-rd-notice").await.says("以官方原文为准");
    let competitive = site.get("/items/wh-rd-prize").await;
    competitive.says("择优 · 名额 30");
    competitive.says("可申报");
    competitive.is_silent_about("可领取");
}

#[actix_web::test]
async fn the_text_to_pass_on_is_short_and_its_qr_code_is_an_image() {
    let site = Site::open().await;
    let text = site.get("/items/wh-rd-grant/share.txt").await;
    assert!(text.body.chars().count() <= 300, "{}", text.body);
    text.says("https://hqt.example.cn/items/wh-rd-grant");
    assert!(text.header("content-type").starts_with("text/plain"));
    let qr = site.get("/items/wh-rd-grant/qr.svg").await;
    assert_eq!(qr.header("content-type"), "image/svg+xml");
    qr.says("<svg");
    site.get("/items/wh-rd-grant/share").await.says("二维码");
}

#[actix_web::test]
async fn a_demo_enterprise_sees_each_condition_with_value_source_threshold_and_sentence() {
    let site = Site::open().await;
    let page = site.get(&format!("/enterprises/{FIRM}")).await;
    assert_eq!(page.status, StatusCode::OK);
    page.says("演示企业 · 合成数据");
    page.says("符合（1）");
    page.says("120 万元");
    page.says("第二条 研发费用不低于 100 万元");
    site.get("/demo").await.says("示例软件有限公司");
}

#[actix_web::test]
async fn an_enterprise_that_is_not_synthetic_has_no_page() {
    let site = Site::open().await;
    let unknown = site.get("/enterprises/91420100000000001C").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn errors_are_pages_for_people_and_problems_for_programs() {
    let site = Site::open().await;
    let page = site.get("/items/nothing").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.header("content-type").starts_with("text/html"));
    page.says("没有这个政策事项");
    let page = site.get("/?level=village").await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    page.says("village");
    let problem = site.get("/api/v1/nothing").await;
    assert_eq!(problem.status, StatusCode::NOT_FOUND);
    assert_eq!(problem.header("content-type"), "application/problem+json; charset=utf-8");
}

#[actix_web::test]
async fn opening_the_unsubscribe_link_changes_nothing_and_pressing_the_button_ends_it_once() {
    let site = Site::open().await;
    let path = format!("/u/{TOKEN}");
    site.get(&path).await.says("确认退订");
    assert!(ended(&site).await.is_none(), "a link that is only opened must not unsubscribe");
    site.post_form(&path, &[]).await.says("已经退订");
    let first = ended(&site).await;
    assert!(first.is_some());
    site.post_form(&path, &[]).await.says("已经退订");
    assert_eq!(ended(&site).await, first);
    assert_eq!(site.get("/u/unknown").await.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn a_mail_program_unsubscribes_with_one_click_and_no_origin() {
    let site = Site::open().await;
    let request = TestRequest::post().uri(&format!("/u/{TOKEN}")).set_form([("List-Unsubscribe", "One-Click")]);
    assert_eq!(site.send(request).await.status, StatusCode::OK);
    assert!(ended(&site).await.is_some());
}

async fn ended(site: &Site) -> Option<domain::Instant> {
    let found = site.state.store().find_subscription_by_token(&Scope::Public, TOKEN).await.unwrap();
    found.unwrap().ended_at
}

#[actix_web::test]
async fn an_answer_to_a_letter_is_recorded_by_the_button_and_not_by_the_link() {
    let site = Site::open().await;
    let path = format!("/f/{TOKEN}/wh-rd-grant/wrong");
    site.get(&path).await.says("判定不对");
    assert_eq!(feedback(&site).await, 0);
    site.post_form(&path, &[]).await.says("已收到");
    assert_eq!(feedback(&site).await, 1);
    assert_eq!(site.get(&format!("/f/{TOKEN}/wh-rd-grant/maybe")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.get("/f/unknown/wh-rd-grant/wrong").await.status, StatusCode::NOT_FOUND);
}

async fn feedback(site: &Site) -> usize {
    site.state.store().list_feedback(&Scope::System, None, 10).await.unwrap().len()
}

#[actix_web::test]
async fn a_link_out_of_a_letter_leads_to_the_guide_and_is_noted() {
    let site = Site::open().await;
    let push = PushId::of("push");
    let answer = site.get(&format!("/o/{push}/wh-rd-grant")).await;
    assert_eq!(answer.status, StatusCode::FOUND);
    assert_eq!(answer.header("location"), "/items/wh-rd-grant");
    let noted = site
        .state
        .store()
        .list_events(&Scope::System, storage::EventKind::Opened, domain::Instant(0), 10)
        .await
        .unwrap();
    assert_eq!(noted.len(), 1);
    assert_eq!(noted[0].push, Some(push));
}

#[actix_web::test]
async fn the_demo_mailbox_opens_its_letters_and_nothing_else() {
    let site = Site::open().await;
    site.get("/demo/mailbox").await.says("还没有邮件");
    std::fs::create_dir_all(&site.mailbox).unwrap();
    let mail = "From: =?utf-8?B?5pys5ZGo5pS/562W?= <a@example.com>\r\nTo: b@example.com\r\nSubject: =?utf-8?B?5pys5ZGo5pS/562W?=\r\n\
        Date: Mon, 23 Nov 2026 09:10:00 +0800\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\
        Content-Transfer-Encoding: base64\r\n\r\nPHA+5oKo5aW9PC9wPg==\r\n";
    std::fs::write(site.mailbox.join("1.eml"), mail).unwrap();
    site.get("/demo/mailbox").await.says("本周政策");
    site.get("/demo/mailbox/1.eml").await.says("本周政策 &lt;a@example.com&gt;");
    let html = site.get("/demo/mailbox/1.eml/html").await;
    html.says("<p>您好</p>");
    assert!(html.header("content-security-policy").contains("sandbox"));
    assert_eq!(site.get("/demo/mailbox/..%2Fweb.db").await.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn the_demo_receiver_keeps_what_arrives() {
    let site = Site::open().await;
    let request = TestRequest::post()
        .uri("/demo/receiver/oa")
        .insert_header(("webhook-id", "msg_1"))
        .insert_header(("webhook-signature", "v1,abc"))
        .set_payload("{\"type\":\"digest\"}");
    assert_eq!(site.send(request).await.status, StatusCode::NO_CONTENT);
    let page = site.get("/demo/receiver").await;
    page.says("msg_1");
    page.says("v1,abc");
    page.says("digest");
    let bad = site.send(TestRequest::post().uri("/demo/receiver/a%2Fb")).await;
    assert_eq!(bad.status, StatusCode::BAD_REQUEST);
}
