//! Officials publish: found within a second, told to exactly the firms it concerns, corrected where it was wrong.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use chrono::{Datelike, Days, NaiveDate};
use e2e::sinks::{Mark, Sinks};
use e2e::{Program, Serving, books, patience};
use serde_json::{Value, json};

use crate::{EXE, today};

const POLICY: &str = "hs-yd-e2e";
const ITEM: &str = "hs-yd-e2e-bt";
const TITLE: &str = "洪山区工业互联网园丁补贴办法";
/// The district the first condition asks for, and the one it should have asked for.
const WRONG_DISTRICT: &str = "420111";
const RIGHT_DISTRICT: &str = "420106";

/// A demo city with sinks as its outside world. What its library held before is already told.
struct City {
    program: Program,
    sinks: Sinks,
    key: String,
    /// The next slots to run; each serves its own readers.
    day: NaiveDate,
}

impl City {
    fn found(program: Program) -> Self {
        let sinks = Sinks::start();
        let program = sinks
            .wired(program)
            .with("SERVER__BASE_URL", sinks.url())
            .with("SERVER__BIND", "127.0.0.1:0")
            // The test plays the weekly, daily and monthly clock itself.
            .with("PUSH__MISSED_WITHIN", "1s")
            .with("PUSH__LINES", "500");
        program.ok(&["migrate"]);
        program.ok(&["seed", "--demo"]);
        let key = program.json(&["user", "add", "王科长", "--bureau", "wh-jxj"])["key"].as_str().unwrap().to_owned();
        let mut city = Self { program, sinks, key, day: today() };
        city.next_slots();
        city
    }

    /// Runs the next weekly, daily and monthly slot: everybody with a subscription is served once. Gives what was told.
    fn next_slots(&mut self) -> Mark {
        let mark = self.sinks.mark();
        let week = self.day.iso_week();
        for slot in [
            format!("{}-W{:02}", week.year(), week.week()),
            self.day.to_string(),
            format!("{}-{:02}", self.day.year(), self.day.month()),
        ] {
            let report = self.program.json(&["push", "run", "--slot", &slot]);
            assert_eq!(report["plan"]["already_planned"], false, "{report:#}");
        }
        // Another week, another day, another month.
        self.day = self.day + Days::new(31);
        mark
    }

    fn put(&self, serving: &Serving, path: &str, body: &Value) -> Value {
        serving.send("PUT", &format!("/api/v1{path}"), &self.key, body).json()
    }

    fn post(&self, serving: &Serving, path: &str) -> Value {
        serving.send("POST", &format!("/api/v1{path}"), &self.key, &json!({})).json()
    }

    /// Mail addresses and webhook paths that heard of the item since the mark, with what they read.
    fn heard(&self, since: Mark) -> Vec<(String, String)> {
        let mails = self.sinks.letters(since.mails).into_iter().map(|mail| (mail.to, mail.text));
        let hooks = self.sinks.requests(since.hooks).into_iter().map(|hook| (hook.path, hook.body));
        mails.chain(hooks).filter(|(_, text)| text.contains(ITEM)).collect()
    }

    /// Where the firms registered in a district want to be told.
    fn addresses_in(&self, district: &str) -> BTreeSet<String> {
        let firms: BTreeSet<_> = books::enterprises(&self.program)
            .into_iter()
            .filter(|firm| {
                registered_in(&firm.profile.to_json(rules::Reference::builtin())).as_deref() == Some(district)
            })
            .map(|firm| firm.ordinal)
            .collect();
        books::recipients(&self.program)
            .into_iter()
            .filter(|one| one.subscription.enterprise.is_some_and(|firm| firms.contains(&firm)))
            .flat_map(|one| one.channels)
            .map(|channel| channel.address.trim_start_matches(&self.sinks.url()).to_owned())
            .collect()
    }
}

/// The district of the registered place today, read from the profile document and not by our rules.
fn registered_in(profile: &Value) -> Option<String> {
    let entries = profile["facts"]["place_registered"].as_array()?;
    let current = entries.iter().find(|entry| entry["to"].is_null())?;
    Some(current["value"].as_str()?.get(..6)?.to_owned())
}

fn addresses(heard: &[(String, String)]) -> BTreeSet<String> {
    heard.iter().map(|(address, _)| address.clone()).collect()
}

fn policy() -> Value {
    json!({
        "title": TITLE, "issuers": ["武汉市经济和信息化局"], "level": "district", "area": WRONG_DISTRICT,
        "published_on": today(), "summary": "给照看工业互联网设备的企业一次性补贴。",
        "body": "第一条 在本区注册的企业可以申请园丁补贴。",
    })
}

fn notice() -> Value {
    json!({
        "policy": POLICY, "name": "工业互联网园丁补贴", "category": "upgrading", "support": "grant",
        "mode": "application", "summary": "一次性补贴。", "area": WRONG_DISTRICT,
    })
}

/// The notice with a condition on the district and the cases that prove it.
fn with_condition(district: &str, name: &str) -> Value {
    let mut item = notice();
    let case = |title: &str, expect: &str, facts: Value| json!({ "name": title, "expect": expect, "as_of": "2026-11-23", "boundary": expect == "met", "facts": facts });
    item["coverage"] = json!("full");
    item["area"] = json!("420100");
    item["condition"] = json!(format!("注册地 属于 {name}"));
    item["cases"] = json!([
        case("区内", "met", json!({ "place_registered": district })),
        case("区外", "not_met", json!({ "place_registered": "420102" })),
        case("注册地未知", "unknown", json!({})),
    ]);
    item
}

fn find(serving: &Serving, words: &str) -> bool {
    let found = serving.get(&format!("/api/v1/policies?q={words}")).json();
    found["policies"].as_array().unwrap().iter().any(|hit| hit["code"] == POLICY)
}

/// A notice, its condition, and the correction of the condition: one story, because each part needs the one before.
fn tell_the_story(program: Program) {
    let mut city = City::found(program);
    let serving = city.program.serve(&["serve"]);
    publish_a_notice(&city, &serving);
    the_district_hears_of_the_notice(&mut city);
    city.put(&serving, &format!("/items/{ITEM}"), &with_condition(WRONG_DISTRICT, "洪山区"));
    drop(serving);
    exactly_the_firms_of_the_district_are_told(&mut city, WRONG_DISTRICT);
    // Only pages: a worker would send the corrections before the test looks.
    let serving = city.program.serve(&["serve", "--role", "web"]);
    city.put(&serving, &format!("/items/{ITEM}"), &with_condition(RIGHT_DISTRICT, "武昌区"));
    drop(serving);
    those_told_wrongly_are_told_so(&mut city);
}

fn publish_a_notice(city: &City, serving: &Serving) {
    city.put(serving, &format!("/policies/{POLICY}"), &policy());
    city.put(serving, &format!("/items/{ITEM}"), &notice());
    let (opens_on, closes_on) = (today() - Days::new(1), today() + Days::new(300));
    let call = json!({ "opens_on": opens_on, "closes_on": closes_on, "contact": "027-00000000" });
    city.put(serving, &format!("/items/{ITEM}/calls/2026"), &call);
    assert!(!find(serving, "园丁补贴"), "a draft is nobody's business");
    city.post(serving, &format!("/policies/{POLICY}/publish"));
    let published = Instant::now();
    patience::until("the policy to be found", Duration::from_secs(30), || find(serving, "园丁补贴").then_some(()));
    assert!(published.elapsed() < Duration::from_secs(1), "found only after {:?}", published.elapsed());
}

fn the_district_hears_of_the_notice(city: &mut City) {
    let mark = city.next_slots();
    let heard = city.heard(mark);
    let missed: Vec<_> = city.addresses_in(WRONG_DISTRICT).difference(&addresses(&heard)).cloned().collect();
    assert!(!heard.is_empty() && missed.is_empty(), "{} heard, not told: {missed:?}", heard.len());
    for (address, text) in &heard {
        assert!(text.contains("条件尚未录入"), "{address} reads\n{text}");
    }
}

fn exactly_the_firms_of_the_district_are_told(city: &mut City, district: &str) {
    let expected = city.addresses_in(district);
    let mark = city.next_slots();
    let heard = city.heard(mark);
    assert_eq!(addresses(&heard), expected);
    let (hooks, mails): (Vec<_>, Vec<_>) = heard.iter().partition(|(address, _)| address.starts_with('/'));
    assert!(mails.len() >= 3 && !hooks.is_empty(), "{} mails and {} webhooks show little", mails.len(), hooks.len());
    let report = city.program.json(&["match", "--all", "--item", ITEM]);
    let registered = books::enterprises(&city.program)
        .iter()
        .filter(|firm| registered_in(&firm.profile.to_json(rules::Reference::builtin())).as_deref() == Some(district))
        .count();
    assert_eq!(report["matched"][ITEM], registered, "what was told is what matching says");
    let again = city.next_slots();
    assert!(city.heard(again).is_empty(), "told twice");
}

fn those_told_wrongly_are_told_so(city: &mut City) {
    let told = city.addresses_in(WRONG_DISTRICT);
    let right = city.addresses_in(RIGHT_DISTRICT);
    let mark = city.next_slots();
    let heard = city.heard(mark);
    let (corrected, matched): (Vec<_>, Vec<_>) = heard.into_iter().partition(|(_, text)| text.contains("现已更正"));
    assert_eq!(addresses(&corrected), told, "everybody who was told wrongly hears so");
    assert_eq!(addresses(&matched), right, "and the right firms hear of it");
}

#[test]
fn a_published_policy_is_found_within_a_second_told_to_exactly_its_firms_and_corrected() {
    tell_the_story(Program::on_sqlite(EXE));
}

#[test]
fn publishing_works_the_same_on_postgresql() {
    if let Some(program) = Program::on_postgres(EXE) {
        tell_the_story(program);
    }
}

#[test]
fn nobody_publishes_without_a_key_or_with_the_key_of_another() {
    let program = Program::on_sqlite(EXE).with("SERVER__BIND", "127.0.0.1:0");
    program.ok(&["migrate"]);
    program.ok(&["seed", "--demo"]);
    let firm = books::enterprises(&program)[0].profile.uscc.clone();
    let key = program.json(&["user", "add", "某企业", "--enterprise", &firm])["key"].as_str().unwrap().to_owned();
    let serving = program.serve(&["serve", "--role", "web"]);
    for (key, status) in [("hqt_wrong", 401), (key.as_str(), 403)] {
        let reply = serving.send("PUT", &format!("/api/v1/policies/{POLICY}"), key, &policy());
        assert_eq!(reply.status, status, "{}", reply.body);
        assert!(e2e::letter::is_readable_chinese(&reply.body), "{}", reply.body);
    }
}
