//! Twenty-nine real notices as items: what each asks, in the text form, and made-up enterprises that meet it, fail it,
//! stand on its boundary or leave it open. One file a notice in `tests/notices/`; its head says how to write one.

#![expect(clippy::unwrap_used, reason = "a fixture that cannot be read fails the test")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use chrono::NaiveDate;
use rules::program::{Evaluator, Scratch};
use rules::{
    Condition, Context, Explanation, Group, Node, Profile, Program, Reference, Severity, Verdict, amount, text,
};
use serde::Deserialize;
use serde_json::{Value as Json, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Notice {
    /// 文号或名称和年份
    title: String,
    /// Where the figures were read.
    source: String,
    /// 评价日 of every case that does not say another.
    as_of: NaiveDate,
    condition: String,
    amount: Option<String>,
    #[serde(default)]
    parameters: BTreeMap<String, String>,
    /// Wording of the notice no machine decides, with why: every 人工 leaf must be here.
    #[serde(default)]
    manual: BTreeMap<String, String>,
    /// The facts of an enterprise that meets everything.
    base: Json,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    verdict: Said,
    /// Which boundary the enterprise stands on or one step from.
    boundary: Option<String>,
    /// Facts that differ from the base; a whole fact at a time.
    #[serde(default)]
    facts: BTreeMap<String, Json>,
    /// Facts of the base that are not known.
    #[serde(default)]
    without: Vec<String>,
    as_of: Option<NaiveDate>,
    #[serde(default)]
    parameters: BTreeMap<String, String>,
    /// Part of the text of a leaf that has the verdict of the case: why it is not met, what is open.
    because: Option<String>,
    /// The amount as it is shown.
    amount: Option<String>,
}

#[derive(Clone, Copy, Deserialize)]
enum Said {
    #[serde(rename = "符合")]
    Met,
    #[serde(rename = "不符合")]
    NotMet,
    #[serde(rename = "待补信息")]
    Unknown,
}

impl Said {
    fn verdict(self) -> Verdict {
        match self {
            Self::Met => Verdict::Met,
            Self::NotMet => Verdict::NotMet,
            Self::Unknown => Verdict::Unknown,
        }
    }
}

fn notices() -> BTreeMap<String, Notice> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/notices");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let notices = files.filter(|path| path.extension().is_some_and(|extension| extension == "toml")).map(|path| {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let notice = toml::from_str(&text).unwrap_or_else(|wrong| panic!("{name}: {wrong}"));
        (name, notice)
    });
    notices.collect()
}

fn parsed(name: &str, notice: &Notice) -> Condition {
    let reference = Reference::builtin();
    text::parse(&notice.condition, reference).unwrap_or_else(|problems| panic!("{name}\n{problems:#?}"))
}

fn profile(notice: &Notice, case: &Case) -> Profile {
    let mut facts = notice.base.clone();
    let object = facts.as_object_mut().unwrap();
    for key in &case.without {
        assert!(object.remove(key).is_some(), "{}: the base does not know {key}", case.name);
    }
    object.extend(case.facts.iter().map(|(key, value)| (key.clone(), value.clone())));
    let json = json!({ "uscc": "91420100MA4KX8N35J", "name": "示例公司", "facts": facts });
    Profile::from_json(&json, Reference::builtin()).unwrap_or_else(|wrong| panic!("{}\n{wrong:#?}", case.name))
}

/// The leaves, each with what it says for the whole: under 没有 the opposite of its own verdict.
fn leaves(node: &Node) -> Vec<(&Node, Verdict)> {
    let children = node.children.iter().flat_map(leaves);
    match node.group.filter(|group| group.combines()) {
        Some(Group::None) => children.map(|(leaf, verdict)| (leaf, opposite(verdict))).collect(),
        Some(_) => children.collect(),
        None => vec![(node, node.verdict)],
    }
}

fn opposite(verdict: Verdict) -> Verdict {
    match verdict {
        Verdict::Met => Verdict::NotMet,
        Verdict::NotMet => Verdict::Met,
        Verdict::Unknown => Verdict::Unknown,
    }
}

/// What is wrong with one case, in words; empty when nothing is.
fn judged(notice: &Notice, condition: &Condition, case: &Case) -> String {
    let reference = Reference::builtin();
    let parameters = notice.parameters.iter().chain(&case.parameters);
    let parameters: BTreeMap<String, String> = parameters.map(|(name, value)| (name.clone(), value.clone())).collect();
    let context = Context { reference, as_of: case.as_of.unwrap_or(notice.as_of), parameters: &parameters };
    let profile = profile(notice, case);
    let explanation = rules::explain(condition, &profile, &context, &BTreeMap::new());
    let mut wrong = String::new();
    let expected = case.verdict.verdict();
    if explanation.verdict != expected {
        let _ = writeln!(
            wrong,
            "  {}: {:?}, expected {expected:?}\n{}",
            case.name,
            explanation.verdict,
            told(&explanation)
        );
    }
    let quick = rules::decide(&rules::lower(condition, reference), &profile, &context);
    if quick != explanation.verdict {
        let _ = writeln!(wrong, "  {}: explained as {:?}, decided as {quick:?}", case.name, explanation.verdict);
    }
    if let Some(because) = &case.because {
        let mut reasons = leaves(&explanation.root).into_iter().filter(|(_, verdict)| *verdict == expected);
        if !reasons.any(|(leaf, _)| leaf.text.contains(because)) {
            let _ = writeln!(wrong, "  {}: no {expected:?} leaf says「{because}」\n{}", case.name, told(&explanation));
        }
    }
    if let Some(shown) = &case.amount {
        let amount = text::parse_amount(notice.amount.as_deref().unwrap_or_default(), reference).unwrap();
        let estimate = amount::estimate(&amount, &profile, &context);
        if estimate.display != *shown {
            let _ = writeln!(
                wrong,
                "  {}: pays {}, expected {shown}\n    {}",
                case.name, estimate.display, estimate.reckoning
            );
        }
    }
    wrong
}

fn told(explanation: &Explanation) -> String {
    let mut lines = String::new();
    for (leaf, _) in leaves(&explanation.root) {
        let actual = leaf.actual.as_ref().map(|actual| actual.display.as_str()).unwrap_or_default();
        let _ = writeln!(lines, "    {:?} {} [{actual}] {:?}", leaf.verdict, leaf.text, leaf.cause);
    }
    lines
}

#[test]
fn every_notice_judges_its_enterprises_as_its_figures_say() {
    let mut wrong = String::new();
    for (name, notice) in notices() {
        let condition = parsed(&name, &notice);
        let cases: String = notice.cases.iter().map(|case| judged(&notice, &condition, case)).collect();
        if !cases.is_empty() {
            let _ = writeln!(wrong, "{name}\n{cases}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn none_of_the_twenty_nine_notices_is_missing() {
    let numbers: Vec<String> = notices().into_keys().map(|name| name.split('-').next().unwrap().to_owned()).collect();
    let expected: Vec<String> = (1..=29).map(|number| format!("n{number:02}")).collect();
    assert_eq!(numbers, expected);
}

#[test]
fn every_notice_passes_the_check_and_reads_back_as_it_was_written() {
    let reference = Reference::builtin();
    for (name, notice) in notices() {
        let condition = parsed(&name, &notice);
        assert_eq!(text::parse(&text::print(&condition, reference), reference).unwrap(), condition, "{name}");
        let problems = rules::check(&condition, reference);
        let errors: Vec<_> = problems.into_iter().filter(|problem| problem.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{name}\n{errors:#?}");
        if let Some(amount) = &notice.amount {
            let amount = text::parse_amount(amount, reference).unwrap_or_else(|wrong| panic!("{name}\n{wrong:#?}"));
            let problems = rules::check_amount(&amount, reference);
            assert!(problems.is_empty(), "{name}\n{problems:#?}");
        }
        assert!(!notice.title.is_empty() && notice.source.contains('.'), "{name} says what it is and where from");
    }
}

#[test]
fn only_wording_no_machine_decides_is_left_to_a_person() {
    for (name, notice) in notices() {
        let condition = parsed(&name, &notice);
        let manual: BTreeSet<String> = condition
            .leaves()
            .into_iter()
            .filter_map(|(_, leaf)| match leaf {
                Condition::Manual(text) => Some(text.clone()),
                _ => None,
            })
            .collect();
        let explained: BTreeSet<String> = notice.manual.keys().cloned().collect();
        assert_eq!(manual, explained, "{name}");
    }
}

#[test]
fn every_notice_has_enterprises_that_meet_it_fail_it_stand_on_its_boundary_and_leave_it_open() {
    for (name, notice) in notices() {
        let of = |wanted: Verdict| notice.cases.iter().filter(move |case| case.verdict.verdict() == wanted);
        for verdict in [Verdict::Met, Verdict::NotMet, Verdict::Unknown] {
            assert!(of(verdict).next().is_some(), "{name} has no case that is {verdict:?}");
        }
        let on_boundary = |verdict| of(verdict).any(|case: &Case| case.boundary.is_some());
        assert!(on_boundary(Verdict::Met) && on_boundary(Verdict::NotMet), "{name}: both sides of a boundary");
        let unexplained = of(Verdict::NotMet).chain(of(Verdict::Unknown)).find(|case| case.because.is_none());
        assert!(unexplained.is_none(), "{name}: {:?} does not say because of what", unexplained.map(|case| &case.name));
    }
}

#[test]
fn the_shared_program_of_all_notices_decides_like_each_alone() {
    let reference = Reference::builtin();
    let notices = notices();
    let cores: Vec<_> = notices.iter().map(|(name, notice)| rules::lower(&parsed(name, notice), reference)).collect();
    let evaluator = Evaluator::new(Program::of(&cores), reference);
    let (mut scratch, mut verdicts) = (Scratch::default(), Vec::new());
    for notice in notices.values() {
        let context = Context { reference, as_of: notice.as_of, parameters: &notice.parameters };
        for case in &notice.cases {
            let profile = profile(notice, case);
            evaluator.decide(&profile, &context, &mut scratch, &mut verdicts);
            let alone: Vec<Verdict> = cores.iter().map(|core| rules::decide(core, &profile, &context)).collect();
            assert_eq!(verdicts, alone, "{}", case.name);
        }
    }
}
