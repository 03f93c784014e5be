use rules::{FactState, Value as Known};

use super::*;

fn asker() -> Asker<'static> {
    Asker {
        reference: Reference::builtin(),
        day: "2026-11-23".parse().unwrap(),
        city: "420100",
        conditions: vec!["有效期内 高新技术企业"],
    }
}

fn answered(fields: &[(&str, &str)]) -> (Profile, Answers) {
    let pairs = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let mut answers = Answers::new(pairs, Reference::builtin());
    (answers.profile(&asker()), answers)
}

fn known(profile: &Profile, key: &str) -> Known {
    match &profile.facts[&FactKey::from(key)][0].state {
        FactState::Known(value) => value.clone(),
        FactState::NotApplicable => panic!("{key} does not apply"),
    }
}

#[test]
fn wan_yuan_become_fen_exactly() {
    for (typed, fen) in
        [("1200", 1_200_000_000), ("0.000001", 1), ("1,200.5 万元", 1_200_500_000), ("１２万", 12_000_000)]
    {
        let (profile, answers) = answered(&[("revenue.2025", typed)]);
        assert_eq!(answers.faults(), 0, "{typed}");
        assert_eq!(known(&profile, "revenue"), Known::Number(fen), "{typed}");
    }
}

#[test]
fn what_is_no_number_is_a_fault_at_its_field() {
    for typed in ["很多", "12亿", "1e999", "0.0000001", "99999999999999999999"] {
        let (_, answers) = answered(&[("revenue.2025", typed)]);
        assert!(answers.fault("revenue.2025").is_some(), "{typed}");
    }
}

#[test]
fn a_firm_that_never_moved_is_where_it_is_since_it_was_founded() {
    let place = [("place_registered", "420111"), ("established_on", "2020-03-01")];
    let from = |fields: &[(&str, &str)]| {
        let (profile, answers) = answered(fields);
        assert_eq!(answers.faults(), 0);
        profile.facts[&FactKey::from("place_registered")][0].period.from
    };
    assert_eq!(from(&place), None);
    let stayed = [place[0], place[1], ("place_registered.stayed", "yes")];
    assert_eq!(from(&stayed), Some("2020-03-01".parse().unwrap()));
}

#[test]
fn what_is_not_ticked_of_what_was_offered_is_known_to_be_absent() {
    let (profile, answers) = answered(&[("certificates", "-")]);
    assert_eq!(answers.faults(), 0);
    let list = &profile.lists[&FactKey::from("certificates")];
    assert!(list.records.is_empty());
    assert_eq!(list.complete.len(), 1, "only what some condition names is offered");
    let (profile, _) = answered(&[("certificates", "高新技术企业")]);
    let list = &profile.lists[&FactKey::from("certificates")];
    assert_eq!((list.records.len(), list.complete.len()), (1, 0));
}

#[test]
fn one_commitment_completes_every_conduct_list() {
    let (profile, answers) = answered(&[("conduct", "yes")]);
    assert_eq!(answers.faults(), 0);
    for key in ["penalties", "abnormal_list", "serious_dishonest_list", "judgment_defaulter", "incidents"] {
        let list = &profile.lists[&FactKey::from(key)];
        assert!(list.records.is_empty() && list.complete[0].source == "commitment", "{key}");
    }
    assert!(answered(&[("conduct", "no")]).0.lists.is_empty());
}

#[test]
fn a_day_in_the_future_is_pointed_at() {
    let (profile, answers) = answered(&[("established_on", "昨天"), ("employees_stat.2025", "12")]);
    assert!(answers.fault("established_on").is_some());
    assert_eq!(known(&profile, "employees_stat"), Known::Number(12), "the readable answers stay");
}

#[test]
fn the_days_of_a_ticked_certificate_are_part_of_its_record() {
    let day = ("certificates/高新技术企业/issued_on", "2024-11-01");
    let (profile, answers) = answered(&[("certificates", "高新技术企业"), day]);
    assert_eq!(answers.faults(), 0);
    let record = &profile.lists[&FactKey::from("certificates")].records[0];
    assert_eq!(record["issued_on"], Known::Date("2024-11-01".parse().unwrap()));
    assert_eq!(Ask::parse("certificates/无此资质/issued_on", Reference::builtin()), None);
    assert_eq!(Ask::parse("certificates/高新技术企业/level", Reference::builtin()), None);
}
