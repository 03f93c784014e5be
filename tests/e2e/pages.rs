//! Pages: a real headless Chromium opens every one at a phone's and a desk's width and clicks as a person would.
//!
//! With `HANQITONG_PICTURES=DIR` the pictures are kept; `docs/pages.md` shows those of the last time.

use std::path::PathBuf;

use e2e::{Browser, Program, Serving};
use fantoccini::Locator;

use crate::EXE;

const PHONE: u32 = 390;
const DESK: u32 = 1280;

async fn demo() -> Option<(Browser, Program, Serving)> {
    let browser = Browser::start().await?;
    let program = Program::on_sqlite(EXE);
    let serving = program.serve(&["demo", "--port", "0"]);
    Some((browser, program, serving))
}

/// A page that is just being replaced takes its elements away; a person would look at the new one.
const LOOKS: usize = 5;

async fn text(browser: &Browser, css: &str) -> String {
    for _ in 1..LOOKS {
        match browser.client.find(Locator::Css(css)).await.unwrap().text().await {
            Err(error) if error.is_stale_element_reference() => {}
            read => return read.unwrap(),
        }
    }
    browser.client.find(Locator::Css(css)).await.unwrap().text().await.unwrap()
}

async fn click(browser: &Browser, css: &str) {
    for _ in 1..LOOKS {
        match browser.client.find(Locator::Css(css)).await.unwrap().click().await {
            Err(error) if error.is_stale_element_reference() => {}
            clicked => return clicked.unwrap(),
        }
    }
    browser.client.find(Locator::Css(css)).await.unwrap().click().await.unwrap();
}

/// Keeps a picture where somebody asked for them.
async fn picture(browser: &Browser, name: &str, width: u32) {
    #[expect(clippy::disallowed_methods, reason = "a person asks for pictures through the environment")]
    let Ok(dir) = std::env::var("HANQITONG_PICTURES") else { return };
    let dir = PathBuf::from(dir);
    std::fs::create_dir_all(&dir).unwrap();
    browser.picture(&dir.join(format!("{name}-{width}.png"))).await;
}

/// A demo firm's page, the first of the list.
async fn first_firm(browser: &Browser, url: &str) -> String {
    browser.client.goto(&format!("{url}/demo")).await.unwrap();
    let link = browser.client.find(Locator::Css("a[href*='/enterprises/']")).await.unwrap();
    link.attr("href").await.unwrap().unwrap()
}

#[tokio::test]
async fn every_page_opens_at_a_phones_and_a_desks_width_and_none_scrolls_sideways() {
    let Some((browser, _program, serving)) = demo().await else { return };
    let url = &serving.url;
    let firm = first_firm(&browser, url).await;
    let pages = [
        ("home", "/"),
        ("search", "/?q=高企"),
        ("policy", "/policies/wh-sjg"),
        ("guide", "/items/wh-sjg-jl"),
        ("share", "/items/wh-sjg-jl/share"),
        ("check", "/check"),
        ("enterprise", firm.as_str()),
        ("demo", "/demo"),
        ("mailbox", "/demo/mailbox"),
        ("receiver", "/demo/receiver"),
    ];
    for (name, path) in pages {
        for width in [PHONE, DESK] {
            let address = if path.starts_with("http") { path.to_owned() } else { format!("{url}{path}") };
            browser.show(&address, width).await;
            let heading = text(&browser, "h1").await;
            assert!(!heading.contains("没有") && !heading.contains("出错"), "{name}: {heading}");
            picture(&browser, name, width).await;
        }
    }
    browser.close().await;
}

#[tokio::test]
async fn an_owner_finds_a_policy_reads_its_guide_and_checks_himself_without_script() {
    let Some((browser, _program, serving)) = demo().await else { return };
    browser.show(&format!("{}/", serving.url), PHONE).await;
    let words = browser.client.find(Locator::Css("input[name='q']")).await.unwrap();
    words.send_keys("首进规 奖励").await.unwrap();
    click(&browser, "form button").await;
    assert!(text(&browser, "main").await.contains("首次进规"));
    click(&browser, "a[href*='/items/']").await;
    let guide = text(&browser, "main").await;
    assert!(guide.contains("谁能享受") && guide.contains("享受什么") && guide.contains("怎么享受"), "{guide}");

    browser.show(&format!("{}/check", serving.url), PHONE).await;
    let questions = browser.client.find_all(Locator::Css("div.question")).await.unwrap();
    assert!((5..=12).contains(&questions.len()), "{} questions", questions.len());
    click(&browser, "form[action='/check'] button[type='submit']").await;
    let results = text(&browser, "main").await;
    assert!(results.contains("待补信息") || results.contains("补充"), "{results}");
    picture(&browser, "check-result", PHONE).await;
    browser.close().await;
}
