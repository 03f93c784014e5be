//! Tables and scores in text: `{ >= 1000万元 且 < 5000万元 : … ; 其余 : … }`.

use super::{Printer, quoted_if_needed};
use crate::tree::{Bands, Bound, Cases, End, Interval, Operator, Part, Quantity, Rule, Score};

impl Printer<'_> {
    /// Keys and rows, with `value` writing what stands behind the colon.
    pub(super) fn bands<T>(&self, bands: &Bands<T>, value: impl Fn(&T) -> String) -> String {
        let keys: Vec<String> = bands.keys.iter().map(|key| self.expression(key)).collect();
        let rows = bands.rows.iter().map(|row| format!("{} : {}", intervals(&row.intervals), value(&row.then)));
        format!("{} {}", keys.join(" , "), rows_of(rows, bands.otherwise.as_deref().map(&value)))
    }

    pub(super) fn cases<T>(&self, cases: &Cases<T>, value: impl Fn(&T) -> String) -> String {
        let rows = cases.rows.iter().map(|row| format!("当 {} : {}", self.inner(&row.when), value(&row.then)));
        rows_of(rows, cases.otherwise.as_deref().map(&value))
    }

    /// `设 创新能力 = 评分 { … }`
    pub(super) fn definition(&self, score: &Score) -> String {
        format!("设 {} = 评分 {}", quoted_if_needed(&score.name), self.score_body(&score.parts, score.cap.as_ref()))
    }

    fn score_body(&self, parts: &[Part], cap: Option<&Quantity>) -> String {
        let parts = parts.iter().map(|part| self.score_part(part)).chain(cap.map(|cap| format!("最高 {cap}")));
        format!("{{ {} }}", parts.collect::<Vec<_>>().join(" ; "))
    }

    fn score_part(&self, part: &Part) -> String {
        let text = match &part.rule {
            Rule::Bands(bands) => format!("按 {}", self.bands(bands, Quantity::to_string)),
            Rule::Cases(cases) => format!("分情形 {}", self.cases(cases, Quantity::to_string)),
            Rule::When { condition, points } => format!("当 {} : {points}", self.inner(condition)),
            Rule::Best(parts) => return format!("择高 {}", self.score_body(parts, part.cap.as_ref())),
            Rule::Sum(parts) => return format!("合计 {}", self.score_body(parts, part.cap.as_ref())),
        };
        match &part.cap {
            Some(cap) => format!("{text} 最高 {cap}"),
            None => text,
        }
    }
}

fn rows_of(rows: impl Iterator<Item = String>, otherwise: Option<String>) -> String {
    let rows = rows.chain(otherwise.map(|value| format!("其余 : {value}")));
    format!("{{ {} }}", rows.collect::<Vec<_>>().join(" ; "))
}

/// The intervals of a row, one for each key.
pub(crate) fn intervals(intervals: &[Interval]) -> String {
    intervals.iter().map(interval).collect::<Vec<_>>().join(" , ")
}

pub(crate) fn interval(interval: &Interval) -> String {
    let end = |end: &End, inclusive: Operator, exclusive: Operator| {
        let operator = if end.inclusive { inclusive } else { exclusive };
        match &end.bound {
            Bound::Number(quantity) => format!("{} {quantity}", operator.sign()),
            Bound::Date(date) => format!("{} {date}", operator.date_words()),
        }
    };
    match (&interval.low, &interval.high) {
        (None, None) => "任意".to_owned(),
        (Some(low), Some(high)) if low == high && low.inclusive => end(low, Operator::Equal, Operator::Equal),
        (low, high) => {
            let low = low.as_ref().map(|low| end(low, Operator::AtLeast, Operator::More));
            let high = high.as_ref().map(|high| end(high, Operator::AtMost, Operator::Less));
            low.into_iter().chain(high).collect::<Vec<_>>().join(" 且 ")
        }
    }
}
