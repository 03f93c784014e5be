//! A code, a flag or an industry among a set, and words inside a text.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Condition;
use super::logic::not;
use super::period::{When, Year};
use crate::evaluate::derived::derived_condition;
use crate::evaluate::facts::Facts;
use crate::evaluate::finding::{Finding, NOT_APPLICABLE};
use crate::evaluate::reading::{Evidence, Need};
use crate::evaluate::size::{Sizes, sizes};
use crate::profile::{Entry, FactState};
use crate::reference::{Derivation, Fact, Industries, PeriodKind};
use crate::text::names::{NO, YES};
use crate::value::{FactKey, Value};
use crate::verdict::{UnknownCause, Verdict};

/// `登记状态 属于 {存续, 停业}`, `所属行业 不属于 房地产业`, `独立法人 为 是`.
/// Industries contain their subdivisions; a code set is in when one of its codes is. A yearly code (企业规模) is that
/// of the last completed year.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Membership {
    pub fact: FactKey,
    /// 不属于
    pub negated: bool,
    pub values: Vec<String>,
}

/// `经营范围 含 {生产, 加工}`: at least one of the words occurs in the text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Contains {
    pub fact: FactKey,
    /// 不含
    pub negated: bool,
    pub words: Vec<String>,
}

/// How a membership reads: which fact, whether negated, the names of the wanted values.
pub(super) struct Members<'a> {
    pub(super) fact: &'a FactKey,
    pub(super) negated: bool,
    pub(super) names: &'a str,
}

impl Membership {
    pub(crate) fn find(&self, facts: &Facts<'_>) -> Finding {
        let industries = &facts.reference().industries;
        let names: Vec<&str> =
            self.values.iter().map(|value| industries.get(value).map_or(value.as_str(), |one| &one.name)).collect();
        let members = Members { fact: &self.fact, negated: self.negated, names: &names.join("、") };
        if let Some(sizes) = derived_sizes(&self.fact, facts) {
            return self.find_size(&members, &sizes, facts);
        }
        if let Some((condition, facts)) = self.derived_flag(facts) {
            return self.find_flag(&members, &condition, &facts);
        }
        found(&members, facts, |value| among(industries, &self.values, value))
    }

    /// The verdict alone. A flag that can be worked out is only asked here where somebody states it.
    pub(crate) fn judge(&self, facts: &Facts<'_>) -> Verdict {
        let verdict = match derived_sizes(&self.fact, facts) {
            Some(sizes) => self.size_verdict(&sizes),
            None => verdict(&self.fact, facts, |value| self.holds_for(value, &facts.reference().industries)),
        };
        if self.negated { not(verdict) } else { verdict }
    }

    /// Whether one known value is among the wanted ones, before negation.
    pub(crate) fn holds_for(&self, value: &Value, industries: &Industries) -> Option<Verdict> {
        among(industries, &self.values, value)
    }

    /// The condition an unstated flag follows from, with the facts as of its period.
    fn derived_flag<'a>(&self, facts: &Facts<'a>) -> Option<(Condition, Facts<'a>)> {
        let fact = facts.fact(&self.fact)?;
        let when = code_period(fact, facts);
        // Derived flags do not build on each other.
        let unstated = facts.bare.is_none() && facts.entries(fact, when, None).is_empty();
        let condition = derived_condition(fact, facts.reference()).filter(|_| unstated)?;
        Some((condition, Facts { bare: Some(when), ..*facts }))
    }

    /// What the set says of a flag: whether 是 and 否 belong to it.
    pub(crate) fn wants(&self, flag: bool) -> bool {
        let word = if flag { YES } else { NO };
        self.values.iter().any(|value| value == word)
    }

    fn find_flag(&self, members: &Members<'_>, condition: &Condition, facts: &Facts<'_>) -> Finding {
        let derived = crate::explain::derive(condition, facts);
        let hit = |wanted: bool| certain(wanted != self.negated);
        let verdict = match derived.verdict {
            Verdict::Met => hit(self.wants(true)),
            Verdict::NotMet => hit(self.wants(false)),
            Verdict::Unknown if self.wants(true) == self.wants(false) => hit(self.wants(true)),
            Verdict::Unknown => Verdict::Unknown,
        };
        if verdict == Verdict::Unknown {
            let cause = derived.cause.unwrap_or(UnknownCause::Missing);
            return Finding::open(cause, derived.needs).threshold(members.words());
        }
        let mut finding = Finding::plain(verdict);
        finding.gap = derived.gap.filter(|_| verdict == Verdict::NotMet);
        let periods = facts.bare.and_then(|when| when.resolved_words(facts.as_of())).into_iter().collect();
        let evidence = Evidence { periods, ..derived.evidence };
        finding.actual(derived.words, evidence).threshold(members.words())
    }

    pub(crate) fn size_verdict(&self, sizes: &Sizes) -> Verdict {
        let wanted = |size: &&str| self.values.iter().any(|value| value == size);
        let hits = sizes.possible.iter().filter(|size| wanted(size)).count();
        match hits {
            _ if sizes.outside => Verdict::Unknown,
            0 => Verdict::NotMet,
            _ if hits == sizes.possible.len() => Verdict::Met,
            _ => Verdict::Unknown,
        }
    }

    fn find_size(&self, members: &Members<'_>, sizes: &Sizes, facts: &Facts<'_>) -> Finding {
        let verdict = self.size_verdict(sizes);
        let period = facts.fact(&self.fact).and_then(|fact| code_period(fact, facts).resolved_words(facts.as_of()));
        let needs = sizes.missing.iter().map(|fact| {
            let yearly = facts.fact(fact).is_some_and(|fact| fact.period == PeriodKind::Year);
            Need { fact: fact.clone(), period: period.clone().filter(|_| yearly) }
        });
        let finding = match verdict {
            Verdict::Unknown if sizes.outside && sizes.missing.is_empty() => {
                let reason = "所属行业不在划型标准之内".to_owned();
                Finding::open(UnknownCause::Undefined { reason }, Vec::new())
            }
            Verdict::Unknown => Finding::open(UnknownCause::Missing, needs.collect()),
            decided => Finding::plain(if members.negated { not(decided) } else { decided }),
        };
        let evidence = Evidence { periods: period.into_iter().collect(), ..Evidence::default() };
        let shown = sizes.possible.join("或");
        let finding = if sizes.possible.len() < 4 { finding.actual(shown, evidence) } else { finding };
        finding.threshold(members.words())
    }
}

impl Contains {
    pub(crate) fn find(&self, facts: &Facts<'_>) -> Finding {
        let names = self.words.join("、");
        let members = Members { fact: &self.fact, negated: self.negated, names: &names };
        let finding = found(&members, facts, |value| self.occurs(value));
        finding.threshold(format!("{} {names}", if self.negated { "不含" } else { "含" }))
    }

    /// The verdict alone.
    pub(crate) fn judge(&self, facts: &Facts<'_>) -> Verdict {
        let verdict = verdict(&self.fact, facts, |value| self.occurs(value));
        if self.negated { not(verdict) } else { verdict }
    }

    /// Whether one of the words occurs in one known value, before negation.
    pub(crate) fn occurs(&self, value: &Value) -> Option<Verdict> {
        match value {
            Value::Text(text) => Some(certain(self.words.iter().any(|word| text.contains(word.as_str())))),
            _ => None,
        }
    }
}

impl Members<'_> {
    fn words(&self) -> String {
        format!("{} {}", if self.negated { "不属于" } else { "属于" }, self.names)
    }
}

/// 企业规模 is worked out where nobody states it.
pub(crate) fn derived_sizes(key: &FactKey, facts: &Facts<'_>) -> Option<Sizes> {
    let fact = facts.fact(key)?;
    let when = code_period(fact, facts);
    let derived = fact.derived == Some(Derivation::SizeClass) && facts.entries(fact, when, None).is_empty();
    derived.then(|| sizes(facts, when))
}

/// The period a code is asked for.
pub(crate) fn code_period(fact: &Fact, facts: &Facts<'_>) -> When {
    match fact.period {
        PeriodKind::Year => facts.when(When::Year(Year::Ago(1)), fact),
        PeriodKind::None | PeriodKind::History => When::Now,
    }
}

/// Whether somebody states the code or flag for the period it is asked for.
pub(crate) fn is_stated(key: &FactKey, facts: &Facts<'_>) -> bool {
    facts.fact(key).is_some_and(|fact| !facts.entries(fact, code_period(fact, facts), None).is_empty())
}

/// Whether one known value is among the wanted ones; `None` for a value of another kind.
pub(super) fn among(industries: &Industries, wanted: &[String], value: &Value) -> Option<Verdict> {
    let any = |code: &str| wanted.iter().any(|one| one == code);
    match value {
        Value::Bool(flag) => Some(certain(any(if *flag { YES } else { NO }))),
        Value::Code(code) | Value::Text(code) => Some(certain(any(code))),
        Value::Codes(codes) => Some(certain(codes.iter().any(|code| any(code)))),
        Value::Industry(code) => Some(in_industries(industries, wanted, code)),
        Value::Number(_) | Value::Date(_) | Value::Area(_) => None,
    }
}

/// An industry known only coarsely (制造业) may or may not belong to one of its subdivisions.
fn in_industries(industries: &Industries, wanted: &[String], known: &str) -> Verdict {
    if wanted.iter().any(|class| industries.contains(class, known)) {
        return Verdict::Met;
    }
    let narrower = |class: &String| match industries.get(class) {
        Some(term) if !term.members.is_empty() => term.members.iter().any(|member| member.starts_with(known)),
        _ => class.starts_with(known),
    };
    if wanted.iter().any(narrower) { Verdict::Unknown } else { Verdict::NotMet }
}

fn certain(holds: bool) -> Verdict {
    if holds { Verdict::Met } else { Verdict::NotMet }
}

/// What the entries say together: the verdict, and whether they differ rather than being too coarse.
pub(crate) fn weigh<'a>(
    states: impl IntoIterator<Item = &'a FactState>,
    judge: impl Fn(&Value) -> Option<Verdict>,
) -> Option<(Verdict, bool)> {
    let mut verdicts = states.into_iter().filter_map(|state| match state {
        // "Not applicable" is in no set.
        FactState::NotApplicable => Some(Verdict::NotMet),
        FactState::Known(value) => judge(value),
    });
    let first = verdicts.next()?;
    let rest: Vec<Verdict> = verdicts.collect();
    if rest.iter().all(|verdict| *verdict == first) { Some((first, false)) } else { Some((Verdict::Unknown, true)) }
}

/// The verdict alone, before negation. An absent fact is unknown.
pub(super) fn verdict(key: &FactKey, facts: &Facts<'_>, judge: impl Fn(&Value) -> Option<Verdict>) -> Verdict {
    let Some(fact) = facts.fact(key) else { return Verdict::Unknown };
    let entries = facts.entries(fact, code_period(fact, facts), None);
    weigh(entries.iter().map(|entry| &entry.state), judge).map_or(Verdict::Unknown, |(verdict, _)| verdict)
}

/// The verdict with its reasons.
pub(super) fn found(members: &Members<'_>, facts: &Facts<'_>, judge: impl Fn(&Value) -> Option<Verdict>) -> Finding {
    let Some(fact) = facts.fact(members.fact) else {
        let reason = format!("事实目录里没有「{}」", members.fact);
        return Finding::open(UnknownCause::Undefined { reason }, Vec::new());
    };
    let when = code_period(fact, facts);
    let period = when.resolved_words(facts.as_of());
    let entries = facts.entries(fact, when, None);
    let need = || vec![Need { fact: members.fact.clone(), period: period.clone() }];
    let finding = match weigh(entries.iter().map(|entry| &entry.state), judge) {
        None => return Finding::open(UnknownCause::Missing, need()).threshold(members.words()),
        Some((Verdict::Unknown, true)) => Finding::open(UnknownCause::Conflict, need()),
        Some((Verdict::Unknown, false)) => Finding::open(UnknownCause::Missing, need()),
        Some((verdict, _)) => Finding::plain(if members.negated { not(verdict) } else { verdict }),
    };
    let shown = shown(fact, &entries, facts);
    finding.actual(shown, Evidence::of(&entries, period.clone(), facts)).threshold(members.words())
}

fn shown(fact: &Fact, entries: &[&Entry], facts: &Facts<'_>) -> String {
    let mut values: Vec<String> = entries
        .iter()
        .map(|entry| match &entry.state {
            FactState::NotApplicable => NOT_APPLICABLE.to_owned(),
            FactState::Known(value) => fact.shape().display(value, facts.reference()),
        })
        .collect();
    values.dedup();
    values.join(" / ")
}
