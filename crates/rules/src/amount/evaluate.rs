//! What an amount comes to for one enterprise: an interval in 分, what would narrow it, and the reckoning in words.

use serde::Serialize;

use super::span::{Span, fen};
use super::words::reckoning;
use super::{Amount, Part};
use crate::context::Context;
use crate::evaluate::condition::{joined, reach};
use crate::evaluate::facts::Facts;
use crate::evaluate::reading::{Blank, Estimate};
use crate::number::{Rational, yuan};
use crate::profile::Profile;
use crate::tree::bands::Reach;
use crate::tree::{Bands, Cases, Expression};
use crate::verdict::{MissingFact, UnknownCause, Verdict};

/// What one enterprise can expect. Money in 分, on the wire in 元; an absent upper end is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AmountEstimate {
    #[serde(serialize_with = "yuan::serialize")]
    pub low: i64,
    #[serde(serialize_with = "yuan::some::serialize")]
    pub high: Option<i64>,
    /// e.g. `81.2 万元`, `20 万元至 50 万元`, `待核`
    pub display: String,
    /// e.g. `上年度设备投资 812 万元 × 10% = 81.2 万元,未到上限 2000 万元`
    pub reckoning: String,
    pub shares: Vec<ShareEstimate>,
    /// Why it is not one number, and the facts that would make it one.
    pub cause: Option<UnknownCause>,
    pub needs: Vec<MissingFact>,
}

/// What one level pays of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShareEstimate {
    pub level: String,
    pub display: String,
}

impl AmountEstimate {
    /// Whether it is one number.
    pub fn is_exact(&self) -> bool {
        self.high == Some(self.low)
    }
}

/// A span with why it is not one value.
pub(super) struct Sized {
    pub(super) span: Span,
    pub(super) blank: Option<Blank>,
}

/// Estimates an amount for a profile.
pub fn estimate(amount: &Amount, profile: &Profile, context: &Context<'_>) -> AmountEstimate {
    let facts = Facts::new(profile, context);
    let Sized { span, blank } = size(&amount.part, &facts);
    let blank = blank.filter(|_| !span.is_exact());
    let shares = amount
        .shares
        .iter()
        .map(|share| ShareEstimate { level: share.level.clone(), display: span.times(&share.part.value()).display() });
    let mut needs = Vec::new();
    for need in blank.iter().flat_map(|blank| &blank.needs) {
        let fact = facts.fact(&need.fact);
        let missing = MissingFact {
            name: fact.map_or_else(|| need.fact.to_string(), |fact| fact.name.clone()),
            question: fact.map(|fact| fact.question.clone()).unwrap_or_default(),
            fact: need.fact.clone(),
            period: need.period.clone(),
        };
        if !needs.contains(&missing) {
            needs.push(missing);
        }
    }
    AmountEstimate {
        low: fen(&span.low, false),
        high: span.high.as_ref().map(|high| fen(high, true)),
        display: span.display(),
        reckoning: reckoning(&amount.part, &facts),
        shares: shares.collect(),
        cause: blank.map(|blank| blank.cause),
        needs,
    }
}

/// What an amount comes to, in 分: at least, at most. [`estimate`] without its words.
pub fn estimate_ends(amount: &Amount, profile: &Profile, context: &Context<'_>) -> (i64, Option<i64>) {
    let Sized { span, .. } = size(&amount.part, &Facts::new(profile, context));
    (fen(&span.low, false), span.high.as_ref().map(|high| fen(high, true)))
}

/// What an amount comes to as the cap of other amounts, in 分: at least, at most.
pub fn estimate_cap(cap: &Amount, profile: &Profile, context: &Context<'_>) -> (i64, Option<i64>) {
    let facts = Facts::new(profile, context);
    let Sized { span, .. } = match &cap.part {
        Part::Of(expression) => limit(expression, &facts),
        part => size(part, &facts),
    };
    (fen(&span.low, false), span.high.as_ref().map(|high| fen(high, true)))
}

pub(super) fn size(part: &Part, facts: &Facts<'_>) -> Sized {
    match part {
        Part::Of(expression) => value(expression, facts),
        Part::Bounded { part, floor, cap } => {
            let mut sized = size(part, facts);
            if let Some(floor) = floor {
                sized = sized.bounded(value(floor, facts), Span::raised_to);
            }
            if let Some(cap) = cap {
                sized = sized.bounded(limit(cap, facts), Span::capped_at);
            }
            sized
        }
        Part::Sum(parts) => together(parts, facts, Span::plus),
        Part::Best(parts) => together(parts, facts, Span::raised_to),
        Part::UpTo(part) => {
            let Sized { span, blank } = size(part, facts);
            let decided_by_people = Blank { cause: UnknownCause::Manual, needs: Vec::new() };
            let span = span.hull(&Span::nothing());
            Sized { blank: joined(blank, Some(decided_by_people)).filter(|_| !span.is_exact()), span }
        }
        Part::Tier(bands) => Choice::by_bands(bands, facts).size(facts),
        Part::Cases(cases) => Choice::by_cases(cases, facts).size(facts),
    }
}

fn together(parts: &[Part], facts: &Facts<'_>, with: fn(&Span, &Span) -> Span) -> Sized {
    parts.iter().map(|part| size(part, facts)).fold(Sized::nothing(), |all, part| all.bounded(part, with))
}

/// The rows of a table the enterprise can be in.
pub(super) struct Choice<'p> {
    /// By the index of the row, 其余 last; without a part where nothing is written for the case, which pays nothing.
    pub(super) rows: Vec<(usize, Option<&'p Part>)>,
    /// What would settle which row it is.
    open: Option<Blank>,
}

impl<'p> Choice<'p> {
    pub(super) fn by_bands(bands: &'p Bands<Part>, facts: &Facts<'_>) -> Self {
        let keys = bands.read_keys(facts);
        let open = keys.iter().fold(None, |open, key| joined(open, key.open()));
        Self::new(&bands.reach(&keys), bands.values(), open)
    }

    pub(super) fn by_cases(cases: &'p Cases<Part>, facts: &Facts<'_>) -> Self {
        let (reach, open) = reach(cases, facts);
        Self::new(&reach, cases.values(), open)
    }

    fn new(reach: &Reach, parts: impl Iterator<Item = &'p Part>, open: Option<Blank>) -> Self {
        let reached = reach.rows.iter().chain([&reach.otherwise]);
        let rows = reached.zip(parts.map(Some).chain([None])).enumerate();
        let possible = rows.filter(|(_, (verdict, _))| **verdict != Verdict::NotMet);
        Self { rows: possible.map(|(index, (_, part))| (index, part)).collect(), open }
    }

    /// From the least to the most of what the possible rows pay.
    fn size(self, facts: &Facts<'_>) -> Sized {
        let open = self.open.filter(|_| self.rows.len() > 1);
        let paid = self.rows.iter().map(|(_, part)| part.map_or_else(Sized::nothing, |part| size(part, facts)));
        let hull =
            paid.reduce(|all, one| Sized { span: all.span.hull(&one.span), blank: joined(all.blank, one.blank) });
        let Sized { span, blank } = hull.unwrap_or_else(Sized::nothing);
        Sized { blank: joined(open, blank).filter(|_| !span.is_exact()), span }
    }
}

/// Money by an expression. What does not apply to the enterprise pays nothing.
pub(super) fn value(expression: &Expression, facts: &Facts<'_>) -> Sized {
    let zero = Rational::whole(0);
    let reading = facts.read(expression);
    let disputed = reading.evidence.disputed;
    match reading.estimate {
        Estimate::Known(range) => {
            let low = range.low.finite().cloned().unwrap_or_else(|| zero.clone()).max(zero.clone());
            let high = range.high.finite().cloned().map(|high| high.max(zero));
            let cause = if high.is_some() { UnknownCause::Conflict } else { UnknownCause::IncompleteList };
            let (span, blank) = (Span { low, high }, Blank { cause, needs: disputed });
            Sized { blank: (!span.is_exact()).then_some(blank), span }
        }
        Estimate::NotApplicable => Sized::nothing(),
        Estimate::Unknown(blank) => Sized { span: Span { low: zero, high: None }, blank: Some(blank) },
    }
}

/// A cap by an expression. One that does not apply to the enterprise leaves open how much is paid: it is no cap of zero.
pub(super) fn limit(expression: &Expression, facts: &Facts<'_>) -> Sized {
    match facts.read(expression).estimate {
        Estimate::NotApplicable => {
            let blank = Blank::undefined("上限要用的数不适用于这家企业,由人工核定");
            Sized { span: Span { low: Rational::whole(0), high: None }, blank: Some(blank) }
        }
        _ => value(expression, facts),
    }
}

impl Sized {
    fn nothing() -> Self {
        Self { span: Span::nothing(), blank: None }
    }

    /// Both together; a side that cannot change the outcome leaves no question open.
    fn bounded(self, other: Self, with: impl Fn(&Span, &Span) -> Span) -> Self {
        let span = with(&self.span, &other.span);
        let blank = match (self.blank, other.blank) {
            _ if span.is_exact() => None,
            (Some(one), Some(two)) => {
                // A side matters if knowing it at one of its ends would change what is possible.
                let ends =
                    |side: &Span| [Some(side.low.clone()), side.high.clone()].into_iter().flatten().map(Span::exactly);
                let one_matters = ends(&self.span).any(|end| with(&end, &other.span) != span);
                let two_matters = ends(&other.span).any(|end| with(&self.span, &end) != span);
                match (one_matters, two_matters) {
                    (true, false) => Some(one),
                    (false, true) => Some(two),
                    _ => Some(one.and(two)),
                }
            }
            (one, two) => one.or(two),
        };
        Self { span, blank }
    }
}
