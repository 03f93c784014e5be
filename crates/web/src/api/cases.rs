//! Made-up enterprises whose verdict is known: what proves that a condition says what its author means.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::Coverage;
use rules::{Amount, AmountEstimate, Condition, Context, Problem, Profile, Reference, Verdict};
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
    /// What it is paid, as a page shows it: `20 万元`.
    amount: Option<String>,
    /// As the `facts` of a profile.
    facts: Value,
}

/// How a case went.
#[derive(Debug, Serialize)]
pub(crate) struct CaseResult {
    name: String,
    expect: Verdict,
    verdict: Verdict,
    expected_amount: Option<String>,
    amount: Option<AmountEstimate>,
    passed: bool,
    explanation: rules::Explanation,
}

impl CaseResult {
    /// How a case that did not pass differs from what it expected.
    fn difference(&self) -> String {
        let name = &self.name;
        if self.verdict != self.expect {
            return format!("用例「{name}」期望{}，实际{}", word(self.expect), word(self.verdict));
        }
        let expected = self.expected_amount.as_deref().unwrap_or_default();
        match &self.amount {
            Some(paid) => format!("用例「{name}」期望 {expected}，实际 {}（{}）", paid.display, paid.reckoning),
            None => format!("用例「{name}」写了金额 {expected}，事项没有写 amount"),
        }
    }
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

/// What the answer to a case depends on besides condition and facts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wording<'a> {
    pub(crate) sentences: &'a BTreeMap<String, String>,
    pub(crate) parameters: &'a BTreeMap<String, String>,
    /// What the item pays, for cases that say it.
    pub(crate) amount: Option<&'a Amount>,
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
    let amount = wording.amount.map(|amount| rules::amount::estimate(amount, profile, &context));
    let is_paid = case.amount.as_ref().is_none_or(|words| amount.as_ref().is_some_and(|paid| paid.display == *words));
    CaseResult {
        name: case.name.clone(),
        expect: case.expect,
        verdict: explanation.verdict,
        expected_amount: case.amount.clone(),
        passed: explanation.verdict == case.expect && is_paid,
        amount,
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
        let problem = Problem::error(result.difference()).place(format!("cases[{number}]"));
        problem.remedy("改条件、金额或用例，使它们一致")
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
        CaseBody { name, expect, as_of, boundary, parameters: BTreeMap::new(), amount: None, facts: json!({}) }
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
