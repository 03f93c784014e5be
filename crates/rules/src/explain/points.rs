//! What would bring a score over its line: not every part that is open, but enough of them.

use super::Explainer;
use super::deciding::{Wish, Yield};
use crate::evaluate::score::Points;
use crate::number::Rational;
use crate::tree::{Arithmetic, Comparison, Expression, Operator, Part, Quantity, Rule, Score};

/// Which way the points should go for the comparison to come out as wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Up,
    Down,
}

impl Explainer<'_> {
    /// The wish of an open comparison of points with a number; `None` for any other comparison.
    pub(super) fn score_wish(&self, comparison: &Comparison, wanted: bool) -> Option<Wish> {
        let Comparison { left, operator, right: Expression::Quantity(line) } = comparison else { return None };
        let way = match (operator, wanted) {
            (Operator::AtLeast | Operator::More, true) | (Operator::AtMost | Operator::Less, false) => Way::Up,
            (Operator::AtMost | Operator::Less, true) | (Operator::AtLeast | Operator::More, false) => Way::Down,
            (Operator::Equal | Operator::Differs, _) => return None,
        };
        let of = self.yield_of(left, way)?;
        Some(Wish::Points { of: Box::new(of), operator: *operator, line: line.value(), wanted })
    }

    fn yield_of(&self, expression: &Expression, way: Way) -> Option<Yield> {
        match expression {
            Expression::Score(score) => Some(self.yield_of_score(score, way)),
            Expression::Quantity(points) => Some(Yield::fixed(points.value())),
            Expression::Arithmetic { left, operator: Arithmetic::Plus, right } => {
                Some(Yield::Sum(vec![self.yield_of(left, way)?, self.yield_of(right, way)?], None))
            }
            _ => None,
        }
    }

    fn yield_of_score(&self, score: &Score, way: Way) -> Yield {
        let points = self.facts.score_points(score).parts;
        Yield::Sum(self.yields(&score.parts, points, way), score.cap.as_ref().map(Quantity::value))
    }

    fn yields(&self, parts: &[Part], points: Vec<Points>, way: Way) -> Vec<Yield> {
        parts.iter().zip(points).map(|(part, points)| self.yield_of_part(part, points, way)).collect()
    }

    fn yield_of_part(&self, part: &Part, points: Points, way: Way) -> Yield {
        let cap = part.cap.as_ref().map(Quantity::value);
        // Points are sums of written numbers and have two ends.
        let (low, high) = (points.range.low.finite().cloned(), points.range.high.finite().cloned());
        let none = Rational::whole(0);
        let (low, high) = (low.unwrap_or_else(|| none.clone()), high.unwrap_or(none));
        let (now, then) = if way == Way::Up { (low, high) } else { (high, low) };
        let needs = points.open.map(|blank| blank.needs).unwrap_or_default();
        let wish = match &part.rule {
            Rule::Best(parts) => return Yield::Best(self.yields(parts, points.parts, way), cap),
            Rule::Sum(parts) => return Yield::Sum(self.yields(parts, points.parts, way), cap),
            Rule::When { condition, .. } => self.judge(condition, String::new(), way == Way::Up).wish,
            Rule::Bands(_) | Rule::Cases(_) => None,
        };
        Yield::Part { now, then, wish: wish.unwrap_or_else(|| Wish::of_leaf(needs)) }
    }
}
