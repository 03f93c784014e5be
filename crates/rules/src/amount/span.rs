//! Money of which only the ends are known.

use crate::number::{Rational, money_text};

/// `low ≤ value`, and `value ≤ high` where there is an upper end; never below zero. In 元.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) low: Rational,
    pub(super) high: Option<Rational>,
}

impl Span {
    pub(super) fn exactly(value: Rational) -> Self {
        Self { low: value.clone(), high: Some(value) }
    }

    pub(super) fn nothing() -> Self {
        Self::exactly(Rational::whole(0))
    }

    pub(super) fn is_exact(&self) -> bool {
        self.high.as_ref() == Some(&self.low)
    }

    pub(super) fn plus(&self, other: &Self) -> Self {
        let high = self.high.as_ref().zip(other.high.as_ref()).map(|(one, two)| one.add(two));
        Self { low: self.low.add(&other.low), high }
    }

    pub(super) fn capped_at(&self, cap: &Self) -> Self {
        let high = match (&self.high, &cap.high) {
            (Some(high), Some(cap)) => Some(high.min(cap).clone()),
            (high, cap) => high.clone().or_else(|| cap.clone()),
        };
        Self { low: (&self.low).min(&cap.low).clone(), high }
    }

    /// The greater of the two.
    pub(super) fn raised_to(&self, floor: &Self) -> Self {
        let high = self.high.as_ref().zip(floor.high.as_ref()).map(|(high, floor)| high.max(floor).clone());
        Self { low: (&self.low).max(&floor.low).clone(), high }
    }

    /// The smallest span that holds both.
    pub(super) fn hull(&self, other: &Self) -> Self {
        let high = self.high.as_ref().zip(other.high.as_ref()).map(|(one, two)| one.max(two).clone());
        Self { low: (&self.low).min(&other.low).clone(), high }
    }

    pub(super) fn times(&self, share: &Rational) -> Self {
        Self { low: self.low.multiply(share), high: self.high.as_ref().map(|high| high.multiply(share)) }
    }

    /// In plain words. Nothing known at all is 待核; an upper end that is open is said to be.
    pub(super) fn display(&self) -> String {
        match &self.high {
            Some(high) if *high == self.low => about(high),
            Some(high) if self.low.signum() == 0 => format!("最高 {}", money_text(high)),
            Some(high) => format!("{} 至 {}", money_text(&self.low), money_text(high)),
            None if self.low.signum() == 0 => "待核".to_owned(),
            None => format!("至少 {}", money_text(&self.low)),
        }
    }
}

/// 分 from `low` up to `high`, open where there is none, in the words estimates have: `20 万元 至 50 万元`.
pub fn range_text(low: i64, high: Option<i64>) -> String {
    Span { low: Rational::scaled(low, 2), high: high.map(|high| Rational::scaled(high, 2)) }.display()
}

/// 约 where the number shown is rounded: only the showing rounds, never the reckoning.
fn about(yuan: &Rational) -> String {
    let text = money_text(yuan);
    let whole_fen = yuan.multiply(&Rational::whole(100)).is_whole();
    if whole_fen { text } else { format!("约 {text}") }
}

/// 元 in 分, rounded down or up so that the interval still holds the exact value.
pub(super) fn fen(yuan: &Rational, up: bool) -> i64 {
    let exact = yuan.multiply(&Rational::whole(100));
    if let Some(whole) = exact.whole_number() {
        return whole;
    }
    let Ok(nearest) = exact.rounded_text(0).parse::<i64>() else { return i64::MAX };
    let shown = Rational::whole(nearest);
    match up {
        true if shown < exact => nearest.saturating_add(1),
        false if shown > exact => nearest - 1,
        _ => nearest,
    }
}
