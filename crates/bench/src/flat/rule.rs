//! Rules of 3 to 8 leaves: what they ask, how an official writes them, and a judge of their own that shares no code with
//! the product's readers beyond the words and, or, not.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use domain::synthetic::Stream;
use rules::Verdict;
use rules::tree::Operator;
use rules::tree::logic::{all, any, at_least, not};

use super::fields::{FIELDS, Field, Kind};
use super::firm::MISSING;
use super::sample::Sample;

/// A condition over the fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    All(Vec<Rule>),
    Any(Vec<Rule>),
    AtLeast(usize, Vec<Rule>),
    Not(Box<Rule>),
    Leaf(Leaf),
}

/// One question about one field.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Leaf {
    /// Its place among [`FIELDS`].
    pub field: usize,
    pub test: Test,
    pub negated: bool,
}

/// What is asked of a known value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Test {
    /// One of these codes.
    Among(BTreeSet<i64>),
    /// At least one of these tags, as bits.
    Tagged(i64),
    Compare(Operator, i64),
    Is(bool),
}

impl Rule {
    pub fn leaves(&self) -> Vec<&Leaf> {
        match self {
            Self::All(members) | Self::Any(members) | Self::AtLeast(_, members) => {
                members.iter().flat_map(Self::leaves).collect()
            }
            Self::Not(inner) => inner.leaves(),
            Self::Leaf(leaf) => vec![leaf],
        }
    }

    /// Kleene's verdict over values that may be [`MISSING`].
    pub fn verdict(&self, value: &impl Fn(usize) -> i64) -> Verdict {
        match self {
            Self::All(members) => all(members.iter().map(|member| member.verdict(value))),
            Self::Any(members) => any(members.iter().map(|member| member.verdict(value))),
            Self::AtLeast(k, members) => at_least(*k, members.iter().map(|member| member.verdict(value))),
            Self::Not(inner) => not(inner.verdict(value)),
            Self::Leaf(leaf) => leaf.verdict(value(leaf.field)),
        }
    }

    /// As officials write it.
    pub fn text(&self) -> String {
        let joined = |members: &[Self], word: &str| {
            let members: Vec<String> = members.iter().map(Self::inner_text).collect();
            members.join(word)
        };
        match self {
            Self::All(members) => joined(members, " 且 "),
            Self::Any(members) => joined(members, " 或 "),
            Self::AtLeast(k, members) => format!("满足任意{k}项 {{ {} }}", joined(members, " ; ")),
            Self::Not(inner) => format!("没有 ( {} )", inner.text()),
            Self::Leaf(leaf) => leaf.text(),
        }
    }

    fn inner_text(&self) -> String {
        match self {
            Self::All(_) | Self::Any(_) => format!("( {} )", self.text()),
            _ => self.text(),
        }
    }

    /// Root and shares as in the study: 86 in a hundred a conjunction, 7 a disjunction, 7 so many of so many.
    pub(super) fn draw(stream: &mut Stream, sample: &Sample) -> Self {
        // Each field is asked once: where two leaves share a question, the product tells more than Kleene's logic.
        let mut free: Vec<usize> = (0..FIELDS.len()).collect();
        let counts = [(3, 28), (4, 26), (5, 18), (6, 13), (7, 9), (8, 6)];
        let mut left = stream.weighted(&counts, |(_, weight)| *weight).0;
        let mut members = Vec::new();
        while left > 0 {
            let taken = if left >= 2 && stream.chance(220) { stream.between(2, left.min(3)) } else { 1 };
            members.push(Self::member(stream, sample, taken, &mut free));
            left -= taken;
        }
        match stream.between(1, 100) {
            _ if members.len() == 1 => members.remove(0),
            1..=86 => Self::All(members),
            87..=93 => Self::Any(members),
            _ => Self::AtLeast(members.len().div_ceil(2).max(2), members),
        }
    }

    fn member(stream: &mut Stream, sample: &Sample, leaves: i64, free: &mut Vec<usize>) -> Self {
        let mut drawn: Vec<Self> = (0..leaves).map(|_| Self::Leaf(Leaf::draw(stream, sample, free))).collect();
        match (drawn.len(), stream.between(1, 10)) {
            (1, _) => drawn.remove(0),
            (3, 1 | 2) => Self::AtLeast(2, drawn),
            (_, 3) => Self::Not(Box::new(Self::Any(drawn))),
            (_, 4) => Self::All(drawn),
            _ => Self::Any(drawn),
        }
    }
}

impl Leaf {
    pub fn verdict(&self, value: i64) -> Verdict {
        if value == MISSING {
            return Verdict::Unknown;
        }
        let holds = match &self.test {
            Test::Among(codes) => codes.contains(&value),
            Test::Tagged(tags) => value & tags != 0,
            Test::Compare(operator, bound) => match operator {
                Operator::AtLeast => value >= *bound,
                Operator::More => value > *bound,
                Operator::AtMost => value <= *bound,
                Operator::Less => value < *bound,
                Operator::Equal => value == *bound,
                Operator::Differs => value != *bound,
            },
            Test::Is(wanted) => (value == 1) == *wanted,
        };
        if holds == self.negated { Verdict::NotMet } else { Verdict::Met }
    }

    fn text(&self) -> String {
        let Field { name, kind, .. } = FIELDS[self.field];
        let among = |codes: Vec<usize>| {
            let codes: Vec<String> = codes.into_iter().map(|code| format!("「{}」", Field::option(code))).collect();
            format!("{name} {} {{{}}}", if self.negated { "不属于" } else { "属于" }, codes.join(", "))
        };
        match &self.test {
            Test::Among(codes) => among(codes.iter().map(|code| usize::try_from(*code).unwrap_or_default()).collect()),
            Test::Tagged(tags) => among((0..64).filter(|tag| tags >> tag & 1 == 1).collect()),
            Test::Compare(operator, bound) if kind == Kind::Date => {
                let day = i32::try_from(*bound).ok().and_then(NaiveDate::from_num_days_from_ce_opt);
                let word = match operator {
                    Operator::AtLeast => "不早于",
                    Operator::More => "晚于",
                    Operator::AtMost => "不晚于",
                    _ => "早于",
                };
                format!("{name} {word} {}", day.unwrap_or(NaiveDate::MIN))
            }
            Test::Compare(operator, bound) => {
                let sign = match operator {
                    Operator::AtLeast => ">=",
                    Operator::More => ">",
                    Operator::AtMost => "<=",
                    Operator::Less => "<",
                    Operator::Equal => "=",
                    Operator::Differs => "≠",
                };
                let bound = if kind == Kind::Amount { format!("{}元", bound / 100) } else { bound.to_string() };
                format!("{name} {sign} {bound}")
            }
            Test::Is(wanted) => format!("{name} 为 {}", if *wanted { "是" } else { "否" }),
        }
    }

    fn draw(stream: &mut Stream, sample: &Sample, free: &mut Vec<usize>) -> Self {
        let kinds = [(0, 26), (1, 9), (2, 44), (3, 8), (4, 13)];
        let wanted = stream.weighted(&kinds, |(_, weight)| *weight).0;
        let of = |kind: Kind| match kind {
            Kind::Code(_) => 0,
            Kind::Tags(_) => 1,
            Kind::Amount | Kind::Number => 2,
            Kind::Date => 3,
            Kind::Flag => 4,
        };
        let fields: Vec<usize> = free.iter().copied().filter(|index| of(FIELDS[*index].kind) == wanted).collect();
        let field = *stream.pick(if fields.is_empty() { free } else { &fields });
        free.retain(|other| *other != field);
        let negated = matches!(FIELDS[field].kind, Kind::Code(_) | Kind::Tags(_)) && stream.chance(150);
        Self { field, test: test(stream, sample, field), negated }
    }
}

/// Seeds the sets of codes.
const SETS: u64 = 0x5E75;

fn test(stream: &mut Stream, sample: &Sample, field: usize) -> Test {
    match FIELDS[field].kind {
        Kind::Code(count) => {
            // Bureaus ask for the same sets again and again: one of fifty a field, the first of them most.
            let set = stream.between(0, 49).min(stream.between(0, 49)).unsigned_abs();
            let stream = &mut Stream::new(SETS ^ field as u64, set);
            let most = i64::from(count).div_euclid(3).clamp(1, 12);
            Test::Among((0..stream.between(1, most)).map(|_| sample.value(stream, field)).collect())
        }
        Kind::Tags(count) => {
            // One tag, or one of two that many have.
            let tag = |stream: &mut Stream, last: i64| 1 << stream.between(0, last);
            let one = tag(stream, i64::from(count) - 1);
            Test::Tagged(if stream.chance(250) { one & 0b1111 | tag(stream, 3) } else { one })
        }
        Kind::Amount | Kind::Number | Kind::Date => {
            let operator =
                *stream.pick(&[Operator::AtLeast, Operator::AtLeast, Operator::More, Operator::AtMost, Operator::Less]);
            Test::Compare(operator, sample.bound(stream, field))
        }
        Kind::Flag => Test::Is(stream.chance(650)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flat::{Population, draw_rules, reference};

    #[test]
    fn every_rule_reads_in_the_flat_catalogue_and_the_product_judges_it_alike() {
        let reference = reference().unwrap();
        let parameters = std::collections::BTreeMap::new();
        let as_of = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let context = rules::Context { reference: &reference, as_of, parameters: &parameters };
        let population = Population::new(5);
        let firms: Vec<_> = (0..60).map(|index| population.firm(index)).collect();
        let profiles: Vec<_> = firms.iter().map(crate::flat::Firm::profile).collect();
        let (mut met, mut open) = (0, 0);
        for rule in draw_rules(5, 120, 400, 2) {
            let text = rule.text();
            let condition = rules::text::parse(&text, &reference).unwrap_or_else(|wrong| panic!("{text}\n{wrong:?}"));
            let core = rules::lower(&condition, &reference);
            for (firm, profile) in firms.iter().zip(&profiles) {
                let verdict = rule.verdict(&|field| firm.values[field]);
                assert_eq!(rules::decide(&core, profile, &context), verdict, "{text}");
                met += usize::from(verdict == Verdict::Met);
                open += usize::from(verdict == Verdict::Unknown);
            }
        }
        assert!(met > 50 && open > 50, "{met} met, {open} open");
    }
}
