//! Made-up items for measurements: conditions in the operators of real notices, in about their proportions, with more
//! of what has to be worked out, because that is what costs time; some with a day and parameters of their own.
//!
//! Everything follows from a seed, a number and a day, as with the enterprises.

mod mix;
mod wording;

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use rules::program::{Evaluator, Scratch};
use rules::{Condition, Context, Profile, Program, Reference, Severity, Verdict};

use super::stream::Stream;
use wording::{OPERATORS, PARAMETERS, SCORE};

pub use mix::{Mix, wanted};

/// Keeps the draws of items apart from those of the enterprises of the same seed.
const SALT: u64 = 0x6974_656d_735f_5f31;
/// Firms on which an item's selectivity is looked at.
const LOOKED_AT: u32 = 100;
/// Drafts of one item before one is taken however many firms it suits.
const PATIENCE: u64 = 16;

/// How many firms of a thousand may meet an item, at least and at most, with how many of a hundred items are to be so.
/// Of 89 real ones 62, 10, 10, 7 and 11 in a hundred are so on a made-up city (the test `mix` of the pipeline).
const SPREAD: [(usize, usize, i64); 5] = [(0, 0, 50), (1, 30, 17), (31, 100, 13), (101, 300, 9), (301, 1000, 11)];

/// An item before a library gives it an id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntheticItem {
    pub code: String,
    pub name: String,
    /// As officials write it.
    pub condition: String,
    pub amount: Option<String>,
    /// The day its call is judged for, where the call says one.
    pub as_of: Option<NaiveDate>,
    /// Values its call sets, by the name of the parameter.
    pub parameters: BTreeMap<String, String>,
}

/// The made-up library of a seed.
#[derive(Debug)]
pub struct Items {
    seed: u64,
    as_of: NaiveDate,
    firms: Vec<Profile>,
}

/// The first `count` made-up items.
pub fn items(seed: u64, count: u32, as_of: NaiveDate) -> impl Iterator<Item = SyntheticItem> {
    let items = Items::new(seed, as_of);
    (0..count).map(move |index| items.item(index))
}

impl Items {
    pub fn new(seed: u64, as_of: NaiveDate) -> Self {
        Self { seed, as_of, firms: super::enterprises(seed, LOOKED_AT, as_of).collect() }
    }

    /// The made-up item with this number. What contradicts itself is drawn again, for no bureau could publish it; so is
    /// what suits more or fewer firms than its place in the spread allows.
    pub fn item(&self, index: u32) -> SyntheticItem {
        let number = u64::from(index) * PATIENCE;
        let place = *Stream::new(self.seed ^ SALT, u64::MAX - u64::from(index)).weighted(&SPREAD, |place| place.2);
        let drafts = (number..number + PATIENCE).filter_map(|number| self.draft(index, number));
        let mut last = None;
        for (item, condition) in drafts {
            let suits = self.suited(&item, &condition);
            if (place.0..=place.1).contains(&suits) {
                return item;
            }
            last = Some(item);
        }
        last.unwrap_or_else(|| Self::plain(index))
    }

    /// One draft, unless it contradicts itself.
    fn draft(&self, index: u32, number: u64) -> Option<(SyntheticItem, Condition)> {
        let reference = Reference::builtin();
        let mut stream = Stream::new(self.seed ^ SALT, number);
        let mut text = group(&mut stream);
        if text.contains(SCORE) {
            text.insert_str(0, &wording::score_definition(&mut stream));
        }
        let condition = rules::text::parse(&text, reference).ok()?;
        if rules::check(&condition, reference).iter().any(|problem| problem.severity == Severity::Error) {
            return None;
        }
        // Three in ten have a call with a day of its own, one of a dozen that many share.
        let as_of = stream.chance(300).then(|| self.as_of - Days::new(stream.between(0, 11).unsigned_abs() * 30));
        let set = PARAMETERS.iter().filter(|(name, _)| text.contains(name));
        let parameters = set.map(|(name, values)| ((*name).to_owned(), (*stream.pick(values)).to_owned())).collect();
        let amount = stream.chance(600).then(|| wording::payment(&mut stream));
        let item = SyntheticItem { condition: text, amount, as_of, parameters, ..Self::plain(index) };
        Some((item, condition))
    }

    fn plain(index: u32) -> SyntheticItem {
        SyntheticItem {
            code: format!("demo-{index:06}"),
            name: format!("演示事项 {}", index + 1),
            condition: "独立法人 为 是".to_owned(),
            amount: None,
            as_of: None,
            parameters: BTreeMap::new(),
        }
    }

    /// How many firms of a thousand meet it.
    fn suited(&self, item: &SyntheticItem, condition: &Condition) -> usize {
        let reference = Reference::builtin();
        let as_of = item.as_of.unwrap_or(self.as_of);
        let context = Context { reference, as_of, parameters: &item.parameters };
        let evaluator = Evaluator::new(Program::of(&[rules::lower(condition, reference)]), reference);
        let (mut scratch, mut answers) = (Scratch::default(), Vec::new());
        let met = self.firms.iter().filter(|firm| {
            evaluator.decide(firm, &context, &mut scratch, &mut answers);
            answers.first() == Some(&Verdict::Met)
        });
        (met.count() * 1000).div_ceil(self.firms.len().max(1))
    }
}

/// One to seven members; one in five a group or a table.
fn group(stream: &mut Stream) -> String {
    let members: Vec<String> = (0..stream.between(1, 7)).map(|_| member(stream)).collect();
    members.join("\n且 ")
}

fn member(stream: &mut Stream) -> String {
    if !stream.chance(200) {
        return leaf(stream);
    }
    let leaves = |stream: &mut Stream, count: i64| -> Vec<String> { (0..count).map(|_| leaf(stream)).collect() };
    match stream.between(0, 9) {
        0 => format!("满足任意2项 {{ {} }}", leaves(stream, 3).join(" ; ")),
        1 | 2 => format!("没有 ( {} )", leaves(stream, 1).join(" 或 ")),
        3 => {
            let edge = stream.between(2, 9) * 500;
            let [small, large] = [leaf(stream), leaf(stream)];
            format!("分档 上年度营业收入 {{ < {edge}万元 : {small} ; >= {edge}万元 : {large} }}")
        }
        4 => {
            let [young, old] = [leaf(stream), leaf(stream)];
            format!("分情形 {{ 当 成立 不超过 {}年 : {young} ; 其余 : {old} }}", stream.between(2, 5))
        }
        count => format!("( {} )", leaves(stream, 2 + count % 2).join(" 或 ")),
    }
}

fn leaf(stream: &mut Stream) -> String {
    let operator = stream.weighted(&OPERATORS, |operator| operator.weight);
    (operator.write)(stream)
}

#[cfg(test)]
mod tests;
