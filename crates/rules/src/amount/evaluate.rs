//! What an amount comes to for one enterprise: an interval in 分, what would narrow it, and the reckoning in words.

use serde::Serialize;

use super::words::reckoning;
use super::{Amount, Part};
use crate::context::Context;
use crate::evaluate::facts::Facts;
use crate::evaluate::reading::{Blank, Estimate};
use crate::number::Rational;
use crate::profile::Profile;
use crate::tree::Expression;
use crate::verdict::{MissingFact, UnknownCause};

/// What one enterprise can expect. Money in 分; an absent upper end is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AmountEstimate {
    pub low: i64,
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

/// `low ≤ value`, and `value ≤ high` where there is an upper end; never below zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) low: Rational,
    pub(super) high: Option<Rational>,
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

pub(super) fn size(part: &Part, facts: &Facts<'_>) -> Sized {
    match part {
        Part::Of(expression) => value(expression, facts),
        Part::Bounded { part, floor, cap } => {
            let mut sized = size(part, facts);
            if let Some(floor) = floor {
                sized = sized.bounded(value(floor, facts), Span::raised_to);
            }
            if let Some(cap) = cap {
                sized = sized.bounded(value(cap, facts), Span::capped_at);
            }
            sized
        }
        Part::Sum(parts) => {
            let nothing = Sized { span: Span::exactly(Rational::whole(0)), blank: None };
            parts.iter().map(|part| size(part, facts)).fold(nothing, |sum, part| sum.bounded(part, Span::plus))
        }
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
        Estimate::NotApplicable => Sized { span: Span::exactly(zero), blank: None },
        Estimate::Unknown(blank) => Sized { span: Span { low: zero, high: None }, blank: Some(blank) },
    }
}

impl Sized {
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

impl Span {
    pub(super) fn exactly(value: Rational) -> Self {
        Self { low: value.clone(), high: Some(value) }
    }

    pub(super) fn is_exact(&self) -> bool {
        self.high.as_ref() == Some(&self.low)
    }

    fn plus(&self, other: &Self) -> Self {
        let high = self.high.as_ref().zip(other.high.as_ref()).map(|(one, two)| one.add(two));
        Self { low: self.low.add(&other.low), high }
    }

    fn capped_at(&self, cap: &Self) -> Self {
        let high = match (&self.high, &cap.high) {
            (Some(high), Some(cap)) => Some(high.min(cap).clone()),
            (high, cap) => high.clone().or_else(|| cap.clone()),
        };
        Self { low: (&self.low).min(&cap.low).clone(), high }
    }

    fn raised_to(&self, floor: &Self) -> Self {
        let high = self.high.as_ref().zip(floor.high.as_ref()).map(|(high, floor)| high.max(floor).clone());
        Self { low: (&self.low).max(&floor.low).clone(), high }
    }

    fn times(&self, share: &Rational) -> Self {
        Self { low: self.low.multiply(share), high: self.high.as_ref().map(|high| high.multiply(share)) }
    }

    /// In plain words. Nothing known at all is 待核; an upper end that is open is said to be.
    pub(super) fn display(&self) -> String {
        use crate::number::money_text;
        match &self.high {
            Some(high) if *high == self.low => about(high),
            Some(high) if self.low.signum() == 0 => format!("最高 {}", money_text(high)),
            Some(high) => format!("{} 至 {}", money_text(&self.low), money_text(high)),
            None if self.low.signum() == 0 => "待核".to_owned(),
            None => format!("至少 {}", money_text(&self.low)),
        }
    }
}

/// 约 where the number shown is rounded: only the showing rounds, never the reckoning.
pub(super) fn about(yuan: &Rational) -> String {
    let text = crate::number::money_text(yuan);
    let whole_fen = yuan.multiply(&Rational::whole(100)).is_whole();
    if whole_fen { text } else { format!("约 {text}") }
}

/// 元 in 分, rounded down or up so that the interval still holds the exact value.
fn fen(yuan: &Rational, up: bool) -> i64 {
    let exact = yuan.multiply(&Rational::whole(100));
    let Ok(nearest) = exact.rounded_text(0).parse::<i64>() else { return i64::MAX };
    let shown = Rational::whole(nearest);
    match up {
        true if shown < exact => nearest.saturating_add(1),
        false if shown > exact => nearest - 1,
        _ => nearest,
    }
}
