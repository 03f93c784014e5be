//! What a condition is once the words it waits for are given: a 承诺 by the enterprise, a judgement by a person.
//!
//! A profile that meets one of these forms, while the condition itself is open, lacks nothing but words: 基本符合.

use std::collections::{BTreeMap, HashMap};

use super::{Lowering, narrowed};
use crate::core::Core;
use crate::reference::Reference;
use crate::tree::{Condition, Each, Expression, Part, Rule};

/// The verdict each waiting leaf is given.
pub(super) type Given<'a> = HashMap<&'a Condition, bool>;

/// Words that may help either way and are tried both ways; more of them in one condition stay open.
const TRIED_BOTH_WAYS: usize = 3;

/// The lowered forms under every way of giving the words that can help; none where the condition waits for no word.
pub fn given_words(condition: &Condition, reference: &Reference) -> Vec<Core> {
    let mut words = Words::default();
    words.visit(condition, Use::Helps);
    let mut ways = vec![Given::new()];
    let mut doubled = 0;
    for (_, (word, of_use)) in words.0 {
        match of_use {
            Use::Helps => give(&mut ways, word, true),
            Use::Harms => give(&mut ways, word, false),
            Use::Either if doubled < TRIED_BOTH_WAYS => {
                doubled += 1;
                let mut denied = ways.clone();
                give(&mut ways, word, true);
                give(&mut denied, word, false);
                ways.append(&mut denied);
            }
            Use::Either => {}
        }
    }
    let helpful = ways.iter().filter(|way| !way.is_empty());
    helpful.map(|way| narrowed(Lowering::given(reference, way).condition(condition, false), reference)).collect()
}

fn give<'a>(ways: &mut [Given<'a>], word: &'a Condition, holds: bool) {
    for way in ways {
        way.insert(word, holds);
    }
}

/// How a word being true bears on the condition.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Helps,
    Harms,
    Either,
}

impl Use {
    fn turned(self) -> Self {
        match self {
            Self::Helps => Self::Harms,
            Self::Harms => Self::Helps,
            Self::Either => Self::Either,
        }
    }
}

/// The waiting leaves, each once, in the order of their wording.
#[derive(Default)]
struct Words<'a>(BTreeMap<(u8, &'a str), (&'a Condition, Use)>);

impl<'a> Words<'a> {
    fn visit(&mut self, condition: &'a Condition, of_use: Use) {
        match condition {
            Condition::Attestation(text) => self.note((0, text), condition, of_use),
            Condition::Manual(text) => self.note((1, text), condition, of_use),
            Condition::Unconfirmed(reading) => self.note((2, &reading.sentence), condition, of_use),
            Condition::None(children) => children.iter().for_each(|child| self.visit(child, of_use.turned())),
            Condition::Cases(cases) => {
                cases.rows.iter().for_each(|row| self.visit(&row.when, Use::Either));
                cases.values().for_each(|branch| self.visit(branch, of_use));
            }
            Condition::Tier(bands) => {
                bands.keys.iter().for_each(|key| self.expression(key));
                bands.values().for_each(|branch| self.visit(branch, of_use));
            }
            Condition::Compare(comparison) | Condition::Each(Each { comparison, .. }) => {
                self.expression(&comparison.left);
                self.expression(&comparison.right);
            }
            group => group.children().into_iter().for_each(|child| self.visit(child, of_use)),
        }
    }

    /// Whether more points help depends on what they are compared with.
    fn expression(&mut self, expression: &'a Expression) {
        match expression {
            Expression::Score(score) => self.parts(&score.parts),
            Expression::Arithmetic { left, right, .. } => {
                self.expression(left);
                self.expression(right);
            }
            _ => {}
        }
    }

    fn parts(&mut self, parts: &'a [Part]) {
        for part in parts {
            match &part.rule {
                Rule::Bands(bands) => bands.keys.iter().for_each(|key| self.expression(key)),
                Rule::Cases(cases) => cases.rows.iter().for_each(|row| self.visit(&row.when, Use::Either)),
                Rule::When { condition, .. } => self.visit(condition, Use::Either),
                Rule::Best(parts) | Rule::Sum(parts) => self.parts(parts),
            }
        }
    }

    fn note(&mut self, key: (u8, &'a str), leaf: &'a Condition, of_use: Use) {
        let known = self.0.entry(key).or_insert((leaf, of_use));
        if known.1 != of_use {
            known.1 = Use::Either;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::context::Context;
    use crate::core::decide;
    use crate::profile::Profile;
    use crate::verdict::Verdict;

    /// Whether words alone are missing for a firm of this revenue in thousands of 万元.
    fn waits(text: &str, revenue: Option<i64>) -> bool {
        let reference = Reference::builtin();
        let condition = crate::text::parse(text, reference).unwrap();
        let facts = revenue.map_or_else(
            || serde_json::json!({}),
            |revenue| serde_json::json!({ "revenue": { "2025": revenue * 10_000_000 } }),
        );
        let profile = Profile::from_json(&serde_json::json!({ "facts": facts }), reference).unwrap();
        let none = BTreeMap::new();
        let context = Context { reference, as_of: "2026-11-23".parse().unwrap(), parameters: &none };
        let met = |core: &Core| decide(core, &profile, &context) == Verdict::Met;
        decide(&super::super::lower(&condition, reference), &profile, &context) == Verdict::Unknown
            && given_words(&condition, reference).iter().any(met)
    }

    #[test]
    fn a_condition_without_words_has_no_form_with_words_given() {
        let condition = crate::text::parse("上年度营业收入 >= 1000万元", Reference::builtin()).unwrap();
        assert!(given_words(&condition, Reference::builtin()).is_empty());
    }

    #[test]
    fn words_alone_are_missing_where_everything_else_is_met() {
        let both = "上年度营业收入 >= 1000万元 且 承诺「不裁员」 且 人工「属于重点项目」";
        assert!(waits(both, Some(1)));
        assert!(!waits(both, Some(0)), "a no stays a no");
        assert!(!waits(both, None), "a figure is missing too");
        assert!(waits("上年度营业收入 >= 1000万元 或 人工「属于重点项目」", None), "either will do");
    }

    #[test]
    fn under_a_prohibition_it_is_the_no_of_a_person_that_is_waited_for() {
        assert!(waits("没有 ( 人工「存在失信行为」 )", None));
        let with_figure = "没有 ( 人工「存在失信行为」 或 上年度营业收入 >= 1000万元 )";
        assert!(waits(with_figure, Some(0)));
        assert!(!waits(with_figure, None), "the figure is missing too");
    }

    #[test]
    fn of_two_cases_a_person_chooses_between_one_that_is_met_is_enough() {
        let cases = "分情形 { 当 人工「重点项目」 : 上年度营业收入 >= 1000万元 ; 其余 : 上年度营业收入 >= 2000万元 }";
        assert!(waits(cases, Some(1)), "confirmed as such it is met");
        assert!(!waits(cases, Some(0)), "neither branch holds");
        assert!(!waits(cases, None), "either branch lacks a figure");
    }

    #[test]
    fn points_a_person_gives_may_be_what_is_missing() {
        let score = |operator: &str| {
            format!(
                "设 得分 = 评分 {{ 当 人工「优秀」 : 60分 ; 当 上年度营业收入 >= 1000万元 : 10分 }} 得分 {operator} 60分"
            )
        };
        assert!(waits(&score(">="), Some(0)));
        assert!(waits(&score("<"), Some(1)), "the best of words may be a no");
    }

    #[test]
    fn the_same_word_is_given_one_answer() {
        let opposed = "人工「甲」 且 没有 ( 人工「甲」 )";
        assert!(!waits(opposed, None), "nobody can say both");
    }
}
