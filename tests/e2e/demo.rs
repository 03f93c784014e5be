//! The first command: an empty directory becomes a city that has been told this week's policies.

use e2e::Program;
use e2e::letter::{is_readable_chinese, mailbox, receiver};
use serde_json::Value;

use crate::EXE;

/// Everything left behind that somebody outside could have received.
#[derive(Debug, PartialEq, Eq)]
struct Told {
    mails: Vec<String>,
    hooks: usize,
}

impl Told {
    fn by(program: &Program) -> Self {
        let mails = mailbox(&program.mailbox()).into_iter().map(|letter| letter.id).collect();
        Self { mails, hooks: receiver(&program.data().join("receiver")).len() }
    }
}

fn demo(program: &Program, day: Option<&str>) -> String {
    let mut arguments = vec!["demo", "--no-serve", "--port", "0"];
    arguments.extend(day.iter().flat_map(|day| ["--as-of", day]));
    program.ok(&arguments).stdout
}

fn assert_mails_are_readable(program: &Program) {
    let letters = mailbox(&program.mailbox());
    assert!(letters.len() >= 60, "{} mails", letters.len());
    for letter in &letters {
        assert!(letter.is_readable_chinese(), "{letter:#?}");
        assert!(letter.text.contains("演示") && letter.text.contains("退订"), "{}", letter.text);
    }
}

/// Every webhook is of this slot and day, and tells of nothing that is over.
fn assert_hooks_fit_the_day(program: &Program, slot: &str, day: &str) {
    let hooks = receiver(&program.data().join("receiver"));
    assert!(!hooks.is_empty(), "no webhook arrived");
    for hook in &hooks {
        let data = &hook["data"];
        assert_eq!((data["slot"].as_str(), data["as_of"].as_str()), (Some(slot), Some(day)), "{hook:#}");
        assert!(is_readable_chinese(&hook.to_string()), "{hook:#}");
        let items = data["items"].as_array().expect("items");
        assert!(!items.is_empty(), "{hook:#}");
        for item in items {
            assert_may_be_told(item, day);
        }
    }
}

fn assert_may_be_told(item: &Value, day: &str) {
    let window = &item["window"];
    assert!(["open", "rolling", "upcoming"].contains(&window["kind"].as_str().unwrap_or_default()), "{item:#}");
    assert!(window["closes_on"].as_str().is_none_or(|closes| closes >= day), "{item:#}");
    let told_as = item["standing"].as_str().unwrap_or_default();
    assert!(["met", "almost_met", "not_fully_recorded"].contains(&told_as), "{item:#}");
}

fn assert_half_can_act(program: &Program, day: Option<&str>) {
    let mut arguments = vec!["match", "--all"];
    arguments.extend(day.iter().flat_map(|day| ["--as-of", day]));
    let report = program.json(&arguments);
    let count = |key: &str| report[key].as_u64().unwrap_or_else(|| panic!("no {key} in {report:#}"));
    assert_eq!(count("enterprises"), 200);
    assert!(count("actionable") * 2 >= count("enterprises"), "{} of 200 can act", count("actionable"));
}

fn assert_correct_on(day: &str, slot: &str) {
    let program = Program::on_sqlite(EXE);
    demo(&program, Some(day));
    assert_mails_are_readable(&program);
    assert_hooks_fit_the_day(&program, slot, day);
    assert_half_can_act(&program, Some(day));
    let told = Told::by(&program);
    demo(&program, Some(day));
    assert_eq!(Told::by(&program), told, "the same day told twice");
}

#[test]
fn the_demo_tells_this_weeks_policies_says_what_happened_and_is_silent_when_run_again() {
    let program = Program::on_sqlite(EXE);
    let summary = demo(&program, None);
    for word in ["政策", "事项", "企业", "符合", "待补信息", "mailbox"] {
        assert!(summary.contains(word), "no {word} in\n{summary}");
    }
    assert_mails_are_readable(&program);
    let told = Told::by(&program);
    assert!(told.hooks > 0, "no webhook arrived");
    demo(&program, None);
    assert_eq!(Told::by(&program), told, "run again at once it pushed something");
}

#[test]
fn at_least_half_of_the_demo_firms_can_act_on_a_line() {
    let program = Program::on_sqlite(EXE);
    program.ok(&["migrate"]);
    program.ok(&["seed", "--demo"]);
    assert_half_can_act(&program, None);
}

#[test]
fn the_demo_is_correct_in_an_ordinary_week() {
    assert_correct_on("2026-11-23", "2026-W48");
}

#[test]
fn the_demo_is_correct_just_after_the_turn_of_the_year() {
    assert_correct_on("2027-01-04", "2027-W01");
}

#[test]
fn the_demo_is_correct_years_from_now() {
    assert_correct_on("2029-06-01", "2029-W22");
}

#[test]
fn the_same_demo_runs_on_postgresql_with_one_setting_changed() {
    let Some(program) = Program::on_postgres(EXE) else { return };
    demo(&program, None);
    assert_mails_are_readable(&program);
    assert_half_can_act(&program, None);
    let told = Told::by(&program);
    demo(&program, None);
    assert_eq!(Told::by(&program), told, "run again at once it pushed something");
    assert!(!program.data().join("hanqitong.db").exists(), "it used SQLite all the same");
}
