//! The self-check, without script and without memory.

use actix_web::http::StatusCode;

use super::harness::Site;

#[actix_web::test]
async fn at_most_twelve_plain_questions_are_asked_and_only_such_as_matter() {
    let site = Site::open().await;
    let page = site.get("/check").await;
    let questions = page.body.matches("class=\"question").count();
    assert!((1..=12).contains(&questions), "{questions}");
    page.says("name=\"rd_expense.2025\"");
    page.says("name=\"place_registered\"");
    page.says("万元");
    page.says("在哪找：");
    page.is_silent_about("name=\"ip_class1_count\"");
    assert_eq!(page.header("cache-control"), "no-store");
}

#[actix_web::test]
async fn answers_in_wan_yuan_are_judged_and_nothing_is_stored() {
    let site = Site::open().await;
    let before = site.state.store().latest_change(&domain::Scope::Public).await.unwrap();
    let fields = [("place_registered", "420111"), ("rd_expense.2025", "１２０万")];
    let page = site.post_form("/check", &fields).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    page.says("符合（1）");
    page.says("研发投入补贴");
    assert_eq!(site.state.store().latest_change(&domain::Scope::Public).await.unwrap(), before);
}

#[actix_web::test]
async fn what_is_missing_is_asked_further_and_earlier_answers_travel_along() {
    let site = Site::open().await;
    let page = site.post_form("/check", &[("place_registered", "420111")]).await;
    page.says("再补充这几项");
    page.says("name=\"rd_expense.2025\"");
    page.says("type=\"hidden\" name=\"place_registered\" value=\"420111\"");
}

#[actix_web::test]
async fn an_answer_that_cannot_be_read_is_pointed_at_and_kept() {
    let site = Site::open().await;
    let page = site.post_form("/check", &[("rd_expense.2025", "很多"), ("place_registered", "999999")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.says("请只填数字，单位是万元");
    page.says("value=\"很多\"");
    page.says("有 2 处填写看不懂");
}

#[actix_web::test]
async fn made_up_fields_are_ignored() {
    let site = Site::open().await;
    let page = site.post_form("/check", &[("nonsense", "1"), ("revenue", "5"), ("revenue.x", "5")]).await;
    assert_eq!(page.status, StatusCode::OK);
    page.says("您还没有回答任何问题");
}
