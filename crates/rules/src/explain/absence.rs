//! What is absent: not applicable, not complete, not counted, not filed yet. Each is a property of its own.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value as Json, json};

use crate::context::Context;
use crate::core::decide;
use crate::explain::explain;
use crate::lower::lower;
use crate::profile::Profile;
use crate::reference::Reference;
use crate::text::parse;
use crate::tree::Operator;
use crate::verdict::Verdict::{Met, NotMet, Unknown};
use crate::verdict::{Explanation, UnknownCause, Verdict};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn on(as_of: NaiveDate, text: &str, facts: &Json) -> Explanation {
    let reference = Reference::builtin();
    let condition = parse(text, reference).unwrap_or_else(|problems| panic!("{text}\n{problems:#?}"));
    let json = json!({ "uscc": "91420100MA4KX8N35J", "name": "示例公司", "facts": facts });
    let profile = Profile::from_json(&json, reference).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let none = BTreeMap::new();
    let context = Context { reference, as_of, parameters: &none };
    let explanation = explain(&condition, &profile, &context, &none);
    assert_eq!(decide(&lower(&condition, reference), &profile, &context), explanation.verdict, "{text}");
    explanation
}

fn today() -> NaiveDate {
    day("2026-11-23")
}

fn verdict(text: &str, facts: &Json) -> Verdict {
    on(today(), text, facts).verdict
}

fn operator() -> impl Strategy<Value = Operator> {
    select(Operator::ALL.to_vec())
}

/// Ways to speak of last year's revenue.
fn about_revenue() -> impl Strategy<Value = &'static str> {
    select(vec![
        "上年度营业收入",
        "上年度研发费用 / 上年度营业收入",
        "上年度营业收入 / 上年度研发费用",
        "上年度研发费用 - 上年度营业收入",
        "近2年营业收入",
        "近2年最低营业收入",
        "上年度营业收入 同比增长率",
        "近2年营业收入 复合增长率",
    ])
}

fn bound(about: &str, number: u32) -> String {
    let is_share = about.contains('/') || about.contains("率");
    format!("{number}{}", if is_share { "%" } else { "元" })
}

/// Figures of other years and facts, each there or not.
fn others() -> impl Strategy<Value = (Option<u32>, Option<u32>)> {
    (prop::option::of(0..20_u32), prop::option::of(0..20_u32))
}

fn revenue(last: Option<Json>, before: Option<u32>, rd: Option<u32>) -> Json {
    let mut years: Vec<Json> = last.into_iter().collect();
    years.extend(before.map(|value| json!({ "period": "2024", "value": value })));
    let mut facts = json!({ "revenue": years });
    if let Some(rd) = rd {
        facts["rd_expense"] = json!([{ "period": "2025", "value": rd }]);
    }
    facts
}

/// One penalty: when, and whether it is said to be serious.
type Penalty = (NaiveDate, Option<bool>);

fn penalties() -> impl Strategy<Value = Vec<Penalty>> {
    let on = (0..1_600_u64).prop_map(|days| day("2022-08-01") + Days::new(days));
    prop::collection::vec((on, prop::option::of(any::<bool>())), 0..4)
}

/// A statement of completeness: from when, and the first day it no longer covers.
type Statement = (Option<NaiveDate>, Option<NaiveDate>);

fn statement() -> impl Strategy<Value = Option<Statement>> {
    let from = select(vec![None, Some(day("2022-12-31")), Some(day("2023-01-01")), Some(day("2023-01-02"))]);
    let to = select(vec![None, Some(day("2026-11-23")), Some(day("2026-11-24")), Some(day("2026-11-25"))]);
    prop::option::of((from, to))
}

fn list(penalties: &[Penalty], statement: Option<Statement>) -> Json {
    let record = |(on, serious): &Penalty| match serious {
        Some(serious) => json!({ "kind": "税务", "on": on, "serious": serious }),
        None => json!({ "kind": "税务", "on": on }),
    };
    let records: Vec<Json> = penalties.iter().map(record).collect();
    let complete = statement.map(|(from, to)| {
        let mut statement = json!({ "source": "credit_report" });
        if let Some(from) = from {
            statement["from"] = json!(from);
        }
        if let Some(to) = to {
            statement["to"] = json!(to);
        }
        statement
    });
    json!({ "penalties": { "records": records, "complete": complete.into_iter().collect::<Vec<_>>() } })
}

/// The serious ones of the last three years: how many there are for certain, and how many there may be.
fn counted(penalties: &[Penalty], statement: Option<Statement>) -> (usize, Option<usize>) {
    let (first, last) = (day("2023-01-01"), today());
    let in_time = penalties.iter().filter(|(on, _)| (first..=last).contains(on));
    let certain = in_time.clone().filter(|(_, serious)| *serious == Some(true)).count();
    let possible = in_time.filter(|(_, serious)| *serious != Some(false)).count();
    let covers = |(from, to): Statement| from.is_none_or(|from| from <= first) && to.is_none_or(|to| last < to);
    (certain, statement.is_some_and(covers).then_some(possible))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn what_does_not_apply_compares_with_nothing_and_the_opposite_holds(
        about in about_revenue(), operator in operator(), number in 0..20_u32, (before, rd) in others(),
    ) {
        let text = format!("{about} {} {}", operator.sign(), bound(about, number));
        let facts = revenue(Some(json!({ "period": "2025", "state": "not_applicable" })), before, rd);
        // "Differs" is the opposite of "equal".
        let (holds, fails) = if operator == Operator::Differs { (Met, NotMet) } else { (NotMet, Met) };
        prop_assert_eq!(verdict(&text, &facts), holds, "{}", &text);
        prop_assert_eq!(verdict(&format!("没有 ( {text} )"), &facts), fails, "{}", &text);
    }

    #[test]
    fn unknown_is_neither_a_number_nor_its_absence(
        about in about_revenue(), operator in operator(), number in 0..20_u32, (before, rd) in others(),
    ) {
        let text = format!("{about} {} {}", operator.sign(), bound(about, number));
        let facts = revenue(None, before, rd);
        prop_assert_eq!(verdict(&text, &facts), Unknown, "{}", &text);
        prop_assert_eq!(verdict(&format!("没有 ( {text} )"), &facts), Unknown, "{}", &text);
    }

    #[test]
    fn nothing_found_means_none_only_where_the_list_is_complete(penalties in penalties(), statement in statement()) {
        let facts = list(&penalties, statement);
        let expected = match counted(&penalties, statement) {
            (1.., _) => Met,
            (0, Some(0)) => NotMet,
            _ => Unknown,
        };
        prop_assert_eq!(verdict("近3年 重大违法", &facts), expected);
        prop_assert_eq!(verdict("没有 ( 近3年 重大违法 )", &facts), crate::tree::logic::not(expected));
    }

    #[test]
    fn a_count_lies_between_what_is_certain_and_what_is_possible(
        penalties in penalties(), statement in statement(), operator in operator(), number in 0..4_usize,
    ) {
        let (least, most) = counted(&penalties, statement);
        // Beyond the number asked for, more make no difference.
        let counts = least..=most.unwrap_or(least.max(number) + 1);
        let answers: Vec<bool> = counts.map(|count| operator.holds(count.cmp(&number))).collect();
        let expected = match (answers.contains(&true), answers.contains(&false)) {
            (true, false) => Met,
            (false, _) => NotMet,
            (true, true) => Unknown,
        };
        let text = format!("近3年 重大违法 {} {number}项", operator.sign());
        prop_assert_eq!(verdict(&text, &list(&penalties, statement)), expected, "{}", &text);
    }

    #[test]
    fn an_empty_list_is_not_knowledge(operator in operator(), number in 1..4_usize, is_there in any::<bool>()) {
        let facts = if is_there { list(&[], None) } else { json!({}) };
        for text in [
            "近3年 重大违法".to_owned(),
            "从未 违法记录".to_owned(),
            format!("违法记录 ( 是否重大 为 是 ) {} {number}项", operator.sign()),
        ] {
            prop_assert_eq!(verdict(&text, &facts), Unknown, "{}", &text);
        }
    }

    #[test]
    fn before_last_years_figures_are_due_the_reason_says_what_the_year_before_gives(
        about in about_revenue(), operator in operator(), number in 0..20_u32,
        figures in prop::array::uniform3(1..20_u32), rd in prop::array::uniform2(1..20_u32), late in 0..180_u64,
    ) {
        let text = format!("{about} {} {}", operator.sign(), bound(about, number));
        let filed = |year: i32, value: u32| json!({ "period": year.to_string(), "value": value });
        let known = json!({
            "revenue": [filed(2025, figures[0]), filed(2024, figures[1]), filed(2023, figures[2])],
            "rd_expense": [filed(2025, rd[0])],
        });
        let now = day("2027-01-01") + Days::new(late);
        let open = on(now, &text, &known);
        prop_assert_eq!(open.verdict, Unknown);
        let before = on(day("2026-12-31"), &text, &known).verdict;
        let cause = Some(UnknownCause::PeriodNotClosed { with_last_closed: Some(before) });
        prop_assert_eq!(open.root.cause, cause, "{} on {}", &text, now);
        // Once filed, the new year is judged like any other: as the same figures one year earlier.
        let moved = json!({
            "revenue": [filed(2026, figures[0]), filed(2025, figures[1]), filed(2024, figures[2])],
            "rd_expense": [filed(2026, rd[0])],
        });
        prop_assert_eq!(on(now, &text, &moved).verdict, before, "{} on {}", &text, now);
    }

    #[test]
    fn from_the_day_figures_are_due_they_are_missing(about in about_revenue(), number in 0..20_u32) {
        let text = format!("{about} >= {}", bound(about, number));
        let known = json!({ "revenue": { "2025": 7, "2024": 5 }, "rd_expense": { "2026": 3, "2025": 3 } });
        for (as_of, is_due) in [("2027-06-29", false), ("2027-06-30", true), ("2027-07-01", true)] {
            let cause = on(day(as_of), &text, &known).root.cause;
            prop_assert_eq!(cause == Some(UnknownCause::Missing), is_due, "{} on {}", &text, as_of);
        }
    }
}
