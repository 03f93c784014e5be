//! What must hold whatever the bytes: the one home of what the fuzzer asks and the replay of its corpus asks again.

use std::collections::BTreeMap;

use rules::program::{Evaluator, Scratch};
use rules::{Condition, Context, Problem, Profile, Program, Reference, Severity};
use serde_json::Value as Json;

/// What parses prints as text that parses as the same; what does not is complained of with place and in Chinese.
pub(crate) fn parse(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let reference = Reference::builtin();
    match rules::text::parse(text, reference) {
        Ok(condition) => {
            let printed = rules::text::print(&condition, reference);
            assert_eq!(rules::text::parse(&printed, reference), Ok(condition), "{printed}");
        }
        Err(problems) => complaints(&problems),
    }
    match rules::text::parse_amount(text, reference) {
        Ok(amount) => {
            let printed = rules::text::print_amount(&amount, reference);
            assert_eq!(rules::text::parse_amount(&printed, reference), Ok(amount), "{printed}");
        }
        Err(problems) => complaints(&problems),
    }
}

fn complaints(problems: &[Problem]) {
    assert!(!problems.is_empty());
    for problem in problems {
        assert!(problem.position.is_some() && is_chinese(&problem.message), "{problem:?}");
    }
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|one| ('一'..='鿿').contains(&one))
}

/// The check is total, over any tree JSON holds; a tree without errors has a text, and that text means the same tree.
pub(crate) fn check(bytes: &[u8]) {
    let Some(condition) = condition(bytes) else { return };
    let reference = Reference::builtin();
    let problems = rules::check(&condition, reference);
    for problem in &problems {
        assert!(problem.place.is_some() && is_chinese(&problem.message), "{problem:?}");
    }
    if problems.iter().all(|problem| problem.severity != Severity::Error) {
        let printed = rules::text::print(&condition, reference);
        let read = rules::text::parse(&printed, reference).unwrap_or_else(|problems| panic!("{printed}\n{problems:?}"));
        assert_eq!(rules::text::print(&read, reference), printed);
        assert!(!rules::plain(&condition, reference).is_empty());
    }
}

/// A condition before the line `---` and a profile behind it: the explanation, the lowered form and the shared program
/// never disagree, whether the condition would pass the check or not.
pub(crate) fn evaluate(bytes: &[u8]) {
    let Some((rule, facts)) = split(bytes) else { return };
    let Some(condition) = condition(rule) else { return };
    let reference = Reference::builtin();
    let Ok(json) = serde_json::from_slice::<Json>(facts) else { return };
    let Ok(profile) = Profile::from_json(&json, reference) else { return };
    let Some(as_of) = chrono::NaiveDate::from_ymd_opt(2026, 11, 23) else { return };
    let none = BTreeMap::new();
    let context = Context { reference, as_of, parameters: &none };
    let explained = rules::explain(&condition, &profile, &context, &none).verdict;
    let core = rules::lower(&condition, reference);
    assert_eq!(rules::decide(&core, &profile, &context), explained);
    let mut verdicts = Vec::new();
    let evaluator = Evaluator::new(Program::of([&core]), reference);
    evaluator.decide(&profile, &context, &mut Scratch::default(), &mut verdicts);
    assert_eq!(verdicts, [explained]);
}

/// A profile that reads is written as JSON that reads as the same; one that does not is complained of place by place.
pub(crate) fn profile(bytes: &[u8]) {
    let Ok(json) = serde_json::from_slice::<Json>(bytes) else { return };
    let reference = Reference::builtin();
    match Profile::from_json(&json, reference) {
        Ok(profile) => {
            let written = profile.to_json(reference);
            assert_eq!(Profile::from_json(&written, reference), Ok(profile), "{written:#}");
        }
        Err(problems) => {
            assert!(!problems.is_empty());
            for problem in problems {
                assert!(problem.place.is_some() && is_chinese(&problem.message), "{problem:?}");
            }
        }
    }
}

/// The text of a rule, or its tree as JSON.
fn condition(bytes: &[u8]) -> Option<Condition> {
    if bytes.first() == Some(&b'{') || bytes.first() == Some(&b'"') {
        return serde_json::from_slice(bytes).ok();
    }
    rules::text::parse(std::str::from_utf8(bytes).ok()?, Reference::builtin()).ok()
}

fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    const BETWEEN: &[u8] = b"\n---\n";
    let at = bytes.windows(BETWEEN.len()).position(|window| window == BETWEEN)?;
    Some((&bytes[..at], &bytes[at + BETWEEN.len()..]))
}
