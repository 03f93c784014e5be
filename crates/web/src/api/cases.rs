//! Made-up enterprises whose verdict is known: what proves that a condition says what its author means.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::{Coverage, ItemRevision};
use rules::{Condition, Context, Problem, Profile, Reference, Verdict};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CaseBody {
    name: String,
    expect: Verdict,
    as_of: NaiveDate,
    #[serde(default)]
    boundary: bool,
    #[serde(default)]
    parameters: BTreeMap<String, String>,
    /// As the `facts` of a profile.
    facts: Value,
}

/// How a case went.
#[derive(Debug, Serialize)]
pub(crate) struct CaseResult {
    name: String,
    expect: Verdict,
    verdict: Verdict,
    passed: bool,
    explanation: rules::Explanation,
}

/// Runs every case; problems are facts that cannot be read, at their place.
pub(crate) fn run(
    cases: &[CaseBody],
    condition: &Condition,
    revision: &Wording<'_>,
    reference: &Reference,
) -> Result<Vec<CaseResult>, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut results = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        match Profile::from_json(&json!({ "facts": case.facts }), reference) {
            Ok(profile) => results.push(judge(case, condition, revision, &profile, reference)),
            Err(found) => problems.extend(found.into_iter().map(|problem| below(number, problem))),
        }
    }
    if problems.is_empty() { Ok(results) } else { Err(problems) }
}

/// What a verdict depends on besides condition and facts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wording<'a> {
    pub(crate) sentences: &'a BTreeMap<String, String>,
    pub(crate) parameters: &'a BTreeMap<String, String>,
}

impl<'a> From<&'a ItemRevision> for Wording<'a> {
    fn from(revision: &'a ItemRevision) -> Self {
        Self { sentences: &revision.sentences, parameters: &revision.parameters }
    }
}

fn judge(
    case: &CaseBody,
    condition: &Condition,
    wording: &Wording<'_>,
    profile: &Profile,
    reference: &Reference,
) -> CaseResult {
    let mut parameters = wording.parameters.clone();
    parameters.extend(case.parameters.clone());
    let context = Context { reference, as_of: case.as_of, parameters: &parameters };
    let explanation = rules::explain(condition, profile, &context, wording.sentences);
    CaseResult {
        name: case.name.clone(),
        expect: case.expect,
        verdict: explanation.verdict,
        passed: explanation.verdict == case.expect,
        explanation,
    }
}

fn below(number: usize, mut problem: Problem) -> Problem {
    let inner = problem.place.take().unwrap_or_default();
    problem.place(format!("cases[{number}].{inner}"))
}

/// What keeps a condition of this coverage from being published: cases that fail, and cases that are missing.
pub(crate) fn shortcomings(coverage: Coverage, cases: &[CaseBody], results: &[CaseResult]) -> Vec<Problem> {
    let failed = results.iter().enumerate().filter(|(_, result)| !result.passed).map(|(number, result)| {
        let message = format!("用例「{}」期望{}，实际{}", result.name, word(result.expect), word(result.verdict));
        Problem::error(message).place(format!("cases[{number}]")).remedy("改条件或改用例，使两者一致")
    });
    let mut problems: Vec<Problem> = failed.collect();
    let missing = missing(coverage, cases);
    if !missing.is_empty() {
        let message = format!("用例不够，还缺：{}", missing.join("、"));
        problems.push(Problem::error(message).place("cases").remedy("每个条件都要有用例证明；先发通知时不写条件即可"));
    }
    problems
}

/// `full` promises a verdict, so it shows each of the three and a threshold; `partial` shows at least one case.
fn missing(coverage: Coverage, cases: &[CaseBody]) -> Vec<&'static str> {
    let lacks = |verdict| !cases.iter().any(|case| case.expect == verdict);
    match coverage {
        Coverage::None => Vec::new(),
        Coverage::Partial => cases.is_empty().then_some("至少一个用例").into_iter().collect(),
        Coverage::Full => [
            (lacks(Verdict::Met), "met"),
            (lacks(Verdict::NotMet), "not_met"),
            (lacks(Verdict::Unknown), "unknown"),
            (!cases.iter().any(|case| case.boundary), "boundary 为 true 的"),
        ]
        .into_iter()
        .filter_map(|(lacking, what)| lacking.then_some(what))
        .collect(),
    }
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Met => "符合",
        Verdict::Unknown => "待定",
        Verdict::NotMet => "不符合",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(expect: Verdict, boundary: bool) -> CaseBody {
        let (name, as_of) = ("例".to_owned(), "2026-11-23".parse().unwrap());
        CaseBody { name, expect, as_of, boundary, parameters: BTreeMap::new(), facts: json!({}) }
    }

    #[test]
    fn full_coverage_needs_each_verdict_and_a_threshold() {
        let some = [case(Verdict::Met, true), case(Verdict::NotMet, false)];
        assert_eq!(missing(Coverage::Full, &some), ["unknown"]);
        let all = [case(Verdict::Met, true), case(Verdict::NotMet, false), case(Verdict::Unknown, false)];
        assert!(missing(Coverage::Full, &all).is_empty());
    }

    #[test]
    fn a_notice_needs_no_case_and_a_partial_condition_needs_one() {
        assert!(missing(Coverage::None, &[]).is_empty());
        assert_eq!(missing(Coverage::Partial, &[]).len(), 1);
    }
}
