//! The points a profile has: an interval for every part, and what keeps it open.

use super::condition::{joined, judge, reach};
use super::facts::Facts;
use super::range::Range;
use super::reading::{Blank, Estimate, Evidence, Reading};
use crate::number::Rational;
use crate::tree::bands::Reach;
use crate::tree::{Part, Quantity, Rule, Score};
use crate::verdict::{UnknownCause, Verdict};

/// What one part came to.
pub(crate) struct Points {
    pub(crate) range: Range,
    /// What would settle it, while it is open.
    pub(crate) open: Option<Blank>,
    /// The points of the alternatives or addends of a part that has some.
    pub(crate) parts: Vec<Points>,
    pub(crate) evidence: Evidence,
}

impl Facts<'_> {
    pub(crate) fn read_score(&self, score: &Score) -> Reading {
        let points = self.score_points(score);
        let evidence = Evidence { vague: points.open, ..points.evidence };
        Reading { estimate: Estimate::Known(points.range), evidence }
    }

    pub(crate) fn score_points(&self, score: &Score) -> Points {
        capped(self.sum(&score.parts), score.cap.as_ref())
    }

    fn sum(&self, parts: &[Part]) -> Points {
        self.fold(parts, Range::add)
    }

    fn fold(&self, parts: &[Part], with: impl Fn(&Range, &Range) -> Range) -> Points {
        let parts: Vec<Points> = parts.iter().map(|part| self.part_points(part)).collect();
        let range = parts.iter().map(|part| part.range.clone()).reduce(|all, one| with(&all, &one));
        let open = parts.iter().fold(None, |open, part| joined(open, part.open.clone()));
        let range = range.unwrap_or_else(|| Range::exactly(Rational::whole(0)));
        let evidence = parts.iter().map(|part| part.evidence.clone()).fold(Evidence::default(), Evidence::join);
        Points { range, open, parts, evidence }
    }

    pub(crate) fn part_points(&self, part: &Part) -> Points {
        let points = match &part.rule {
            Rule::Bands(bands) => {
                let keys = bands.read_keys(self);
                let range = reached(&bands.reach(&keys), bands.values(), bands.otherwise.is_none());
                let mut open = None;
                let mut evidence = Evidence::default();
                for key in keys {
                    open = joined(open, key.open());
                    evidence = evidence.join(key.evidence);
                }
                single(range, open, Evidence { vague: None, disputed: Vec::new(), ..evidence })
            }
            Rule::Cases(cases) => {
                let (rows, open) = reach(cases, self);
                single(reached(&rows, cases.values(), cases.otherwise.is_none()), open, Evidence::default())
            }
            Rule::When { condition, points } => {
                let (verdict, open) = judge(condition, self);
                let (none, all) = (Range::exactly(Rational::whole(0)), Range::exactly(points.value()));
                let range = match verdict {
                    Verdict::Met => all,
                    Verdict::NotMet => none,
                    Verdict::Unknown => none.hull(all),
                };
                single(range, open, Evidence::default())
            }
            Rule::Best(parts) => self.fold(parts, Range::greater),
            Rule::Sum(parts) => self.sum(parts),
        };
        capped(points, part.cap.as_ref())
    }
}

/// Only an open range keeps what would settle it.
fn single(range: Range, open: Option<Blank>, evidence: Evidence) -> Points {
    let missing = || Blank { cause: UnknownCause::Missing, needs: Vec::new() };
    let open = (!range.is_exact()).then(|| open.unwrap_or_else(missing));
    Points { range, open, parts: Vec::new(), evidence }
}

/// From the least to the greatest of the rows that can be reached; without an 其余 it gives no points.
fn reached<'a>(reach: &Reach, values: impl Iterator<Item = &'a Quantity>, is_bare: bool) -> Range {
    let values = values.map(Quantity::value).chain(is_bare.then(|| Rational::whole(0)));
    let rows = reach.rows.iter().chain([&reach.otherwise]);
    let open = rows.zip(values).filter(|(row, _)| **row != Verdict::NotMet).map(|(_, value)| Range::exactly(value));
    open.reduce(Range::hull).unwrap_or_else(|| Range::exactly(Rational::whole(0)))
}

fn capped(points: Points, cap: Option<&Quantity>) -> Points {
    let Some(cap) = cap.map(Quantity::value) else { return settled(points) };
    settled(Points { range: points.range.lesser(&Range::exactly(cap)), ..points })
}

/// What is settled needs nothing more, whatever its parts lack.
fn settled(points: Points) -> Points {
    let open = points.open.filter(|_| !points.range.is_exact());
    Points { open, ..points }
}
