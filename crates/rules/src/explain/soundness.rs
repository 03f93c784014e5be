//! Kleene soundness by brute force: what is Met or NotMet on partial knowledge stays so however the gaps are filled.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};

use crate::context::Context;
use crate::core::decide;
use crate::lower::lower;
use crate::profile::Profile;
use crate::reference::Reference;
use crate::text::parse;
use crate::tree::Condition;
use crate::verdict::Verdict;

/// Everything that can be true of each fact in this little world.
fn worlds() -> Vec<(&'static str, Vec<Json>)> {
    let figures = |year: &'static str| {
        let mut of: Vec<Json> = [0, 5, 10].iter().map(|value| json!([{ "period": year, "value": value }])).collect();
        of.push(json!([{ "period": year, "state": "not_applicable" }]));
        of
    };
    let penalties = |records: Json| json!({ "records": records, "complete": [{ "source": "credit_report" }] });
    vec![
        ("independent_legal_person", vec![json!(true), json!(false)]),
        ("reg_status", vec![json!("存续"), json!("注销"), json!({ "state": "not_applicable" })]),
        ("revenue", figures("2025")),
        ("rd_expense", figures("2025")),
        (
            "place_registered",
            vec![
                json!({ "value": "420111", "since": "2020-01-01" }),
                json!({ "value": "110000", "since": "2020-01-01" }),
            ],
        ),
        (
            "penalties",
            vec![
                penalties(json!([])),
                penalties(json!([{ "kind": "税务", "serious": true, "on": "2026-01-01" }])),
                penalties(json!([{ "kind": "税务", "serious": false, "on": "2026-01-01" }])),
            ],
        ),
    ]
}

/// What may be known of a fact without knowing which of its worlds is the case: nothing, or two sources that differ,
/// or a list that is not complete.
fn partial(fact: &str, worlds: &[Json]) -> Vec<(Option<Json>, Vec<usize>)> {
    let all: Vec<usize> = (0..worlds.len()).collect();
    let mut known: Vec<(Option<Json>, Vec<usize>)> =
        worlds.iter().enumerate().map(|(index, world)| (Some(world.clone()), vec![index])).collect();
    known.push((None, all.clone()));
    if fact == "revenue" || fact == "rd_expense" {
        let two = json!([
            { "period": "2025", "value": 5, "source": "tax" }, { "period": "2025", "value": 10, "source": "statistics" },
        ]);
        known.push((Some(two), vec![1, 2]));
    }
    if fact == "penalties" {
        known.push((Some(json!({ "records": [] })), all));
        let vague =
            json!({ "records": [{ "kind": "税务", "on": "2026-01-01" }], "complete": [{ "source": "credit_report" }] });
        known.push((Some(vague), vec![1, 2]));
    }
    known
}

fn leaf() -> impl Strategy<Value = String> {
    let operator = || prop::sample::select(vec![">=", ">", "<=", "<", "=", "≠"]);
    prop_oneof![
        (prop::sample::select(vec!["营业收入", "研发费用"]), operator(), 0..12)
            .prop_map(|(fact, operator, bound)| format!("上年度{fact} {operator} {bound}元")),
        (operator(), 0..3)
            .prop_map(|(operator, bound)| format!("上年度研发费用 / 上年度营业收入 {operator} {}%", bound * 50)),
        (operator(), -6..12)
            .prop_map(|(operator, bound)| format!("上年度研发费用 - 上年度营业收入 {operator} {bound}元")),
        (operator(), 0..12).prop_map(|(operator, bound)| format!("近1年最低研发费用 {operator} {bound}元")),
        prop::sample::select(vec![
            "独立法人 为 是",
            "独立法人 不为 是",
            "登记状态 为 存续",
            "登记状态 不属于 {存续, 停业}",
            "注册地 属于 武汉市",
            "注册地 不属于 武汉市",
            "在武汉市注册 满 2年",
            "在武汉市注册 不满 20年",
            "近3年 重大违法",
            "从未 重大违法",
            "近3年 违法记录 >= 1项",
            "近3年 违法记录 < 1项",
            "近3年 违法记录 = 1项",
            "近3年 违法记录 ( 是否重大 不为 是 )",
            "从未 违法记录 ( 没有 ( 是否重大 为 是 或 决定日期 满 1年 ) )",
            "违法记录 ( 类型 不属于 税务 或 ( 是否重大 为 否 且 决定日期 不超过 1年 ) ) < 1项",
            "近1年每年 ( 研发费用 / 营业收入 >= 50% )",
        ])
        .prop_map(str::to_owned),
    ]
}

fn condition() -> impl Strategy<Value = Condition> {
    let leaf =
        leaf().prop_map(|text| parse(&text, Reference::builtin()).unwrap_or_else(|wrong| panic!("{text} {wrong:?}")));
    leaf.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Condition::All),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Condition::Any),
            prop::collection::vec(inner.clone(), 1..3).prop_map(Condition::None),
            (1_usize..4, prop::collection::vec(inner, 2..4)).prop_map(|(k, of)| Condition::AtLeast { k, of }),
        ]
    })
}

fn profile(facts: &Map<String, Json>) -> Profile {
    let json = json!({ "uscc": "91420100MA4KX8N35J", "name": "示例公司", "facts": facts });
    Profile::from_json(&json, Reference::builtin()).unwrap_or_else(|wrong| panic!("{wrong:#?}"))
}

/// Every way to fill the gaps.
fn completions(choices: &[(&str, Vec<Json>)]) -> Vec<Map<String, Json>> {
    choices.iter().fold(vec![Map::new()], |maps, (fact, worlds)| {
        let extend = |map: &Map<String, Json>, world: &Json| {
            let mut map = map.clone();
            map.insert((*fact).to_owned(), world.clone());
            map
        };
        maps.iter().flat_map(|map| worlds.iter().map(move |world| extend(map, world))).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_is_decided_stays_decided_however_the_gaps_are_filled(
        condition in condition(), picks in prop::array::uniform6(0_usize..64),
    ) {
        let reference = Reference::builtin();
        let parameters = BTreeMap::new();
        let as_of = chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let context = Context { reference, as_of, parameters: &parameters };
        let core = lower(&condition, reference);
        let mut known = Map::new();
        let mut choices = Vec::new();
        for ((fact, worlds), pick) in worlds().into_iter().zip(picks) {
            let partial = partial(fact, &worlds);
            // The last picks are the ones that leave something open: prefer them.
            let index = if pick < 32 { worlds.len() + pick % (partial.len() - worlds.len()) } else { pick % worlds.len() };
            let (value, possible) = partial[index].clone();
            known.extend(value.map(|value| (fact.to_owned(), value)));
            choices.push((fact, possible.into_iter().map(|index| worlds[index].clone()).collect::<Vec<_>>()));
        }
        let verdict = decide(&core, &profile(&known), &context);
        if verdict != Verdict::Unknown {
            for completion in completions(&choices) {
                let complete = decide(&core, &profile(&completion), &context);
                prop_assert_eq!(complete, verdict, "{}\n{:?}", crate::text::print(&condition, reference), completion);
            }
        }
    }
}
