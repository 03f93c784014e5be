use std::sync::LazyLock;

use boon::{Compiler, SchemaIndex, Schemas};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::evaluate::arbitrary::profile as random_profile;
use crate::profile::Profile;
use crate::reference::Reference;
use crate::tree::arbitrary;
use crate::{amount, schema, text};

/// A schema as an independent validator reads it.
struct Validator(Schemas, SchemaIndex);

impl Validator {
    fn of(schema: Json) -> Self {
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        compiler.enable_format_assertions();
        compiler.add_resource("schema.json", schema).unwrap();
        let index = compiler.compile("schema.json", &mut schemas).unwrap();
        Self(schemas, index)
    }

    fn accepts(&self, json: &Json) -> bool {
        self.0.validate(json, self.1).is_ok()
    }

    /// The complaint about a document that should have passed.
    fn complaint(&self, json: &Json) -> Option<String> {
        self.0.validate(json, self.1).err().map(|error| format!("{error:#}\n{json:#}"))
    }
}

static CONDITION: LazyLock<Validator> = LazyLock::new(|| Validator::of(schema::condition()));
static PROFILE: LazyLock<Validator> = LazyLock::new(|| Validator::of(schema::profile(Reference::builtin())));

fn tree(text: &str) -> Json {
    serde_json::to_value(text::parse(text, Reference::builtin()).unwrap()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_tree_fits_its_schema(conditions in prop::collection::vec(arbitrary::condition(), 16)) {
        for condition in conditions {
            let complaint = CONDITION.complaint(&serde_json::to_value(&condition).unwrap());
            prop_assert_eq!(complaint, None);
        }
    }

    /// Whatever a single change leaves behind: what the schema accepts reads as a tree.
    #[test]
    fn what_the_schema_accepts_is_read(
        condition in arbitrary::condition(), changes in prop::collection::vec((any::<usize>(), junk()), 24),
    ) {
        let whole = serde_json::to_value(&condition).unwrap();
        for (at, junk) in changes {
            let mut changed = whole.clone();
            replace(&mut changed, &mut (at % count(&whole)), &junk);
            let read: Result<crate::Condition, _> = serde_json::from_value(changed.clone());
            prop_assert!(read.is_ok() || !CONDITION.accepts(&changed), "{:?}\n{:#}", read, changed);
        }
    }

    #[test]
    fn every_profile_that_reads_fits_its_schema(seed in any::<u64>()) {
        let reference = Reference::builtin();
        for seed in (0..4).map(|more| seed.wrapping_add(more)) {
            let json = random_profile(seed).to_json(reference);
            if let Ok(read) = Profile::from_json(&json, reference) {
                prop_assert_eq!(PROFILE.complaint(&read.to_json(reference)), None);
            }
        }
    }

    #[test]
    fn what_the_schema_of_profiles_accepts_is_read(
        seed in any::<u64>(), changes in prop::collection::vec((any::<usize>(), junk()), 24),
    ) {
        let reference = Reference::builtin();
        let whole = example(seed);
        for (at, junk) in changes {
            let mut changed = whole.clone();
            replace(&mut changed, &mut (at % count(&whole)), &junk);
            let read = Profile::from_json(&changed, reference);
            prop_assert!(read.is_ok() || !PROFILE.accepts(&changed), "{:?}\n{:#}", read, changed);
        }
    }
}

/// A profile in short and long forms.
fn example(seed: u64) -> Json {
    json!({ "uscc": "91420100MA4KX8N35J", "name": "示例公司", "facts": {
        "注册地": "江夏区",
        "place_tax": { "value": "420111", "since": "2021-05-01", "source": "tax", "grade": "A" },
        "revenue": { "2024": seed % 1_000_000, "2025": { "value": "9860000.5", "source": "税务申报" } },
        "rd_expense": [{ "period": "2025", "value": 300_000 }],
        "独立法人": true,
        "industry": "I6510",
        "certificates": {
            "records": [{ "kind": "高新技术企业", "valid_until": "2027-12-31" }],
            "complete": [{ "source": "credit_report", "scope": { "kind": "高新技术企业" }, "until": "2026-11-23" }],
        },
        "penalties": [],
    } })
}

/// What people and programs write by mistake.
fn junk() -> impl Strategy<Value = Json> {
    prop_oneof![
        Just(json!(null)),
        Just(json!([])),
        Just(json!({})),
        Just(json!(true)),
        any::<i64>().prop_map(|number| json!(number)),
        (-3_i64..400).prop_map(|number| json!(number)),
        Just(json!("")),
        prop::sample::select(vec![
            ">=",
            "now",
            "some",
            "ever",
            "企业",
            "2025",
            "2023-02-28",
            "tax",
            "A",
            "3.5",
            "万元"
        ])
        .prop_map(|text| json!(text)),
        Just(json!({ "years": 3 })),
        Just(json!([1, 2])),
    ]
}

fn count(json: &Json) -> usize {
    1 + match json {
        Json::Array(items) => items.iter().map(count).sum(),
        Json::Object(members) => members.values().map(count).sum::<usize>(),
        _ => 0,
    }
}

/// Puts `junk` in the place of the value at the given number in reading order.
fn replace(json: &mut Json, at: &mut usize, junk: &Json) -> bool {
    if *at == 0 {
        *json = junk.clone();
        return true;
    }
    *at -= 1;
    match json {
        Json::Array(items) => items.iter_mut().any(|item| replace(item, at, junk)),
        Json::Object(members) => members.values_mut().any(|member| replace(member, at, junk)),
        _ => false,
    }
}

#[test]
fn the_example_itself_fits_and_reads() {
    let reference = Reference::builtin();
    assert_eq!(PROFILE.complaint(&example(7)), None);
    assert!(Profile::from_json(&example(7), reference).is_ok());
}

#[test]
fn broken_trees_do_not_fit() {
    let whole = tree("上年度营业收入 >= 1000万元 且 近3年 获奖");
    assert!(CONDITION.accepts(&whole));
    for (place, value) in [
        ("/all", json!({})),
        ("/all/0", json!({ "compare": {} })),
        ("/all/0/compare/operator", json!("≥")),
        ("/all/0/compare/right/quantity/unit", json!("斤")),
        ("/all/0/compare/right/quantity/mantissa", json!("1000")),
        ("/all/0/compare/left", json!({ "facts": "revenue" })),
        ("/all/1/records/span", json!({ "years": -1 })),
        ("/all/1/records/span", json!({ "years": 256 })),
        ("/all/1/records/span", json!({ "year": { "named": 2_147_483_648_i64 } })),
        ("/all/1/records/quantifier", json!("several")),
        ("/all/1", json!({ "records": {}, "age": {} })),
    ] {
        let mut broken = whole.clone();
        *broken.pointer_mut(place).unwrap() = value;
        assert!(!CONDITION.accepts(&broken), "{place}: {broken:#}");
    }
}

#[test]
fn profiles_of_wrong_facts_types_and_words_do_not_fit() {
    for facts in [
        json!({ "营业额外收入": 1 }),
        json!({ "revenue": 9_860_000 }),
        json!({ "revenue": { "去年": 1 } }),
        json!({ "revenue": { "2025": -1 } }),
        json!({ "revenue": { "2025": "986万元" } }),
        json!({ "revenue": { "2025": "1.005" } }),
        json!({ "revenue": [{ "value": 1 }] }),
        json!({ "独立法人": 1 }),
        json!({ "place_registered": "亚特兰蒂斯" }),
        json!({ "established_on": "2024-13-01" }),
        json!({ "reg_status": "不详" }),
        json!({ "penalties": [{ "种类": "税务", "没有这栏": 1 }] }),
        json!({ "place_tax": { "value": "420111", "source": "hearsay" } }),
        json!({ "place_tax": { "state": "not_applicable", "value": "420111" } }),
    ] {
        let document = json!({ "facts": facts });
        assert!(Profile::from_json(&document, Reference::builtin()).is_err(), "{document} reads");
        assert!(!PROFILE.accepts(&document), "{document}");
    }
}

#[test]
fn amounts_fit_theirs_and_broken_ones_do_not() {
    let validator = Validator::of(schema::amount());
    for text in [
        "20万元",
        "上年度设备投资 * 10% 最高 2000万元 最低 1万元",
        "分情形 { 当 成立 满 1年 : 择高 { 5万元 ; 上年度研发费用 * 1% } ; 其余 : 0元 }",
        "合计 { 上年度研发费用 * 10% 最高 10万元 ; 5万元 } 最高 12万元 分担 { 市级 50% ; 区级 50% }",
    ] {
        let amount: amount::Amount = text::parse_amount(text, Reference::builtin()).unwrap();
        assert_eq!(validator.complaint(&serde_json::to_value(&amount).unwrap()), None);
    }
    for broken in [json!({ "part": { "of": 20 }, "shares": [] }), json!({ "shares": [] })] {
        assert!(!validator.accepts(&broken), "{broken}");
    }
}
