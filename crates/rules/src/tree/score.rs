//! Scores: points for bands and conditions, the best of alternatives, caps. An interval while something is unknown.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Condition;
use super::bands::{Bands, Cases};
use super::compare::Comparison;
use super::each::Each;
use super::expression::Expression;
use super::quantity::Quantity;
use crate::number::Rational;

/// `设 创新能力 = 评分 { … ; 最高 20分 }`: the sum of its parts under a name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Score {
    pub name: String,
    pub parts: Vec<Part>,
    /// 最高: more points than this do not count.
    pub cap: Option<Quantity>,
}

/// Points by one rule, up to a cap.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Part {
    pub rule: Rule,
    pub cap: Option<Quantity>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// 按 上年度研发强度 { >= 10% : 20分 ; … ; 其余 : 0分 }
    Bands(Bands<Quantity>),
    /// 分情形 { 当 甲 : 20分 ; 当 乙 : 10分 ; 其余 : 0分 }
    Cases(Cases<Quantity>),
    /// 当 条件 : 5分
    When { condition: Box<Condition>, points: Quantity },
    /// 择高 { … ; … }
    Best(Vec<Part>),
    /// 合计 { … ; … }
    Sum(Vec<Part>),
}

impl Score {
    /// The most points anybody can have.
    pub fn most(&self) -> Rational {
        self.bound(End::Most)
    }

    /// The fewest points anybody can have.
    pub fn least(&self) -> Rational {
        self.bound(End::Least)
    }

    fn bound(&self, end: End) -> Rational {
        capped(sum(&self.parts, end), self.cap.as_ref())
    }
}

#[derive(Clone, Copy)]
enum End {
    Least,
    Most,
}

impl End {
    fn of(self, points: impl Iterator<Item = Rational>) -> Rational {
        let chosen = match self {
            Self::Least => points.min(),
            Self::Most => points.max(),
        };
        chosen.unwrap_or_else(|| Rational::whole(0))
    }
}

impl Part {
    /// The most points anybody can have by this part.
    pub fn most(&self) -> Rational {
        self.bound(End::Most)
    }

    fn bound(&self, end: End) -> Rational {
        let values = |values: &mut dyn Iterator<Item = &Quantity>, is_bare: bool| {
            // Where no row applies there are no points.
            end.of(values.map(Quantity::value).chain(is_bare.then(|| Rational::whole(0))))
        };
        let points = match &self.rule {
            Rule::Bands(bands) => values(&mut bands.values(), bands.otherwise.is_none()),
            Rule::Cases(cases) => values(&mut cases.values(), cases.otherwise.is_none()),
            Rule::When { points, .. } => values(&mut std::iter::once(points), true),
            Rule::Best(parts) => parts.iter().map(|part| part.bound(end)).max().unwrap_or_else(|| Rational::whole(0)),
            Rule::Sum(parts) => sum(parts, end),
        };
        capped(points, self.cap.as_ref())
    }
}

fn sum(parts: &[Part], end: End) -> Rational {
    parts.iter().fold(Rational::whole(0), |total, part| total.add(&part.bound(end)))
}

fn capped(points: Rational, cap: Option<&Quantity>) -> Rational {
    match cap {
        Some(cap) => points.min(cap.value()),
        None => points,
    }
}

impl Condition {
    /// Every score used, once for each name, in the order in which they are first named.
    pub fn scores(&self) -> Vec<Arc<Score>> {
        let mut found = Vec::new();
        self.collect_scores(&mut found);
        found
    }

    fn collect_scores(&self, found: &mut Vec<Arc<Score>>) {
        match self {
            Self::Compare(comparison) | Self::Each(Each { comparison, .. }) => comparison.collect_scores(found),
            Self::Tier(bands) => bands.keys.iter().for_each(|key| key.collect_scores(found)),
            Self::Unconfirmed(unconfirmed) => unconfirmed.reading.collect_scores(found),
            _ => {}
        }
        for child in self.children() {
            child.collect_scores(found);
        }
    }
}

impl Comparison {
    /// The scores of both sides.
    pub(crate) fn scores(&self) -> Vec<Arc<Score>> {
        let mut found = Vec::new();
        self.collect_scores(&mut found);
        found
    }

    fn collect_scores(&self, found: &mut Vec<Arc<Score>>) {
        self.left.collect_scores(found);
        self.right.collect_scores(found);
    }
}

impl Expression {
    fn collect_scores(&self, found: &mut Vec<Arc<Score>>) {
        match self {
            Self::Score(score) if !found.iter().any(|known| known.name == score.name) => found.push(Arc::clone(score)),
            Self::Arithmetic { left, right, .. } => {
                left.collect_scores(found);
                right.collect_scores(found);
            }
            _ => {}
        }
    }
}
