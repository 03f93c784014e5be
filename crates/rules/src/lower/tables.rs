//! Tables → core: tiers become two sides, scores choices between points.

use super::Lowering;
use crate::core::{Core, Term, YearTerm};
use crate::number::Rational;
use crate::tree::region::Region;
use crate::tree::{Bands, Cases, Condition, Fold, Operator, Part, Quantity, Rule, Score};

impl Lowering<'_> {
    /// Certain when every row is left or holds, possible when one is reached and holds.
    pub(super) fn tier(&self, bands: &Bands<Condition>, negated: bool) -> Core {
        let keys: Vec<Term> = bands.keys.iter().map(|key| self.term(key)).collect();
        let (mut certain, mut possible) = (Vec::new(), Vec::new());
        for row in &bands.rows {
            let branch = self.condition(&row.then, negated);
            let regions = bands.regions(row);
            certain.push(Core::any(vec![inside(&keys, &regions, true), branch.clone().certain()]));
            possible.push(Core::all(vec![inside(&keys, &regions, false), branch.possible()]));
        }
        let branch = self.otherwise(bands.otherwise.as_deref(), negated);
        certain.push(Core::any(vec![covered(&keys, bands, false), branch.clone().certain()]));
        possible.push(Core::all(vec![covered(&keys, bands, true), branch.possible()]));
        Core::sides(Core::all(certain), Core::any(possible))
    }

    /// From the last row to the first: if the condition holds its branch, else what comes behind.
    pub(super) fn cases(&self, cases: &Cases<Condition>, negated: bool) -> Core {
        let rest = self.otherwise(cases.otherwise.as_deref(), negated);
        let (mut certain, mut possible) = (rest.clone().certain(), rest.possible());
        for row in cases.rows.iter().rev() {
            // Which case it is has no shortfall.
            let strict = Self { is_lenient: false, ..*self };
            let (when, unless) = (strict.condition(&row.when, false), strict.condition(&row.when, true));
            let branch = self.condition(&row.then, negated);
            certain = Core::all(vec![
                Core::any(vec![unless.clone().certain(), branch.clone().certain()]),
                Core::any(vec![when.clone().certain(), certain]),
            ]);
            possible = Core::any(vec![
                Core::all(vec![when.possible(), branch.possible()]),
                Core::all(vec![unless.possible(), possible]),
            ]);
        }
        Core::sides(certain, possible)
    }

    /// Where 其余 is not written, nobody there meets the condition.
    fn otherwise(&self, branch: Option<&Condition>, negated: bool) -> Core {
        branch.map_or(Core::Constant(negated), |branch| self.condition(branch, negated))
    }

    pub(super) fn score(&self, score: &Score) -> Term {
        capped(self.sum(&score.parts), score.cap.as_ref())
    }

    fn sum(&self, parts: &[Part]) -> Term {
        folded(Fold::Sum, parts.iter().map(|part| self.part(part)).collect())
    }

    fn part(&self, part: &Part) -> Term {
        let points = match &part.rule {
            Rule::Bands(bands) => self.points(bands),
            Rule::Cases(cases) => self.points_by_case(cases),
            Rule::When { condition, points } => Term::Choice(vec![
                (self.condition(condition, false), Term::Number(points.value())),
                (self.condition(condition, true), Term::Number(Rational::whole(0))),
            ]),
            Rule::Best(parts) => folded(Fold::Greatest, parts.iter().map(|part| self.part(part)).collect()),
            Rule::Sum(parts) => self.sum(parts),
        };
        capped(points, part.cap.as_ref())
    }

    fn points(&self, bands: &Bands<Quantity>) -> Term {
        let keys: Vec<Term> = bands.keys.iter().map(|key| self.term(key)).collect();
        let row = |row| (inside(&keys, &bands.regions(row), false), &row.then);
        let rows = bands.rows.iter().map(row).map(|(core, points)| (core, Term::Number(points.value())));
        choice(rows.chain([(covered(&keys, bands, true), no_points_unless(bands.otherwise.as_deref()))]).collect())
    }

    fn points_by_case(&self, cases: &Cases<Quantity>) -> Term {
        let mut rows = Vec::new();
        let mut earlier = Vec::new();
        for row in &cases.rows {
            let mut reached = earlier.clone();
            reached.push(self.condition(&row.when, false));
            rows.push((Core::all(reached), Term::Number(row.then.value())));
            earlier.push(self.condition(&row.when, true));
        }
        rows.push((Core::all(earlier), no_points_unless(cases.otherwise.as_deref())));
        choice(rows)
    }
}

/// Whether all keys lie in their regions, or (`negated`) one does not.
fn inside(keys: &[Term], regions: &[Region], negated: bool) -> Core {
    let each = keys.iter().zip(regions).map(|(key, region)| within(key, region, negated));
    if negated { Core::any(each.collect()) } else { Core::all(each.collect()) }
}

/// Whether some row covers the keys, or (`negated`) none does.
fn covered<T>(keys: &[Term], bands: &Bands<T>, negated: bool) -> Core {
    let slabs = bands.cover().into_iter().map(|(first, second)| {
        let mut members = vec![inside(keys.get(..1).unwrap_or_default(), &[first], negated)];
        if let Some(key) = keys.get(1) {
            let second = second.iter().map(|region| within(key, region, negated)).collect();
            members.push(if negated { Core::all(second) } else { Core::any(second) });
        }
        if negated { Core::any(members) } else { Core::all(members) }
    });
    if negated { Core::all(slabs.collect()) } else { Core::any(slabs.collect()) }
}

fn within(key: &Term, region: &Region, negated: bool) -> Core {
    let compare = |(operator, bound): (Operator, Rational)| Core::Compare {
        left: key.clone(),
        operator,
        right: Term::Number(bound),
        negated,
    };
    let ends: Vec<Core> = region.comparisons().map(compare).collect();
    if ends.is_empty() {
        return Core::Applies { term: key.clone(), negated };
    }
    if negated { Core::any(ends) } else { Core::all(ends) }
}

fn no_points_unless(otherwise: Option<&Quantity>) -> Term {
    Term::Number(otherwise.map_or_else(|| Rational::whole(0), Quantity::value))
}

/// Without the rows that cannot be reached.
fn choice(mut rows: Vec<(Core, Term)>) -> Term {
    rows.retain(|(condition, _)| *condition != Core::Constant(false));
    Term::Choice(rows)
}

fn capped(points: Term, cap: Option<&Quantity>) -> Term {
    match cap {
        Some(cap) => folded(Fold::Least, vec![points, Term::Number(cap.value())]),
        None => points,
    }
}

fn folded(fold: Fold, mut terms: Vec<Term>) -> Term {
    match terms.len() {
        0 => Term::Number(Rational::whole(0)),
        1 => terms.swap_remove(0),
        _ => {
            let years = terms.into_iter().map(|term| YearTerm { left_out_before_founding: None, term });
            Term::Fold { fold, years: years.collect() }
        }
    }
}
