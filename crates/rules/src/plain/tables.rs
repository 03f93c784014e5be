//! Tables as they are said: which row asks what, and where points come from.

use super::Speaker;
use super::number::{amount_words, date, day_words, quantity};
use crate::tree::{Bands, Bound, Cases, Condition, End, Expression, Interval, Operator, Quantity, Rule, Score};

impl Speaker<'_> {
    pub(super) fn keys(&self, keys: &[Expression]) -> String {
        keys.iter().map(|key| self.expression(key)).collect::<Vec<_>>().join("和")
    }

    pub(super) fn outline_tier(&self, bands: &Bands<Condition>, depth: usize, lines: &mut Vec<String>) {
        let rows = bands.rows.iter().map(|row| (band(&row.intervals), &row.then));
        let rest = bands.otherwise.as_deref().map(|branch| (OTHERWISE.to_owned(), branch));
        for (words, branch) in rows.chain(rest) {
            lines.push(format!("{}· {words}的:", "  ".repeat(depth)));
            self.outline(branch, depth + 1, lines);
        }
    }

    pub(super) fn outline_cases(&self, cases: &Cases<Condition>, depth: usize, lines: &mut Vec<String>) {
        for row in &cases.rows {
            lines.push(format!("{}· 有以下情形的:", "  ".repeat(depth)));
            self.outline(&row.when, depth + 2, lines);
            lines.push(format!("{}要求:", "  ".repeat(depth + 1)));
            self.outline(&row.then, depth + 2, lines);
        }
        if let Some(branch) = cases.otherwise.as_deref() {
            lines.push(format!("{}· {OTHERWISE}的:", "  ".repeat(depth)));
            self.outline(branch, depth + 1, lines);
        }
    }

    /// Where the points of a score come from, a part a line.
    pub(super) fn outline_score(&self, score: &Score, depth: usize, lines: &mut Vec<String>) {
        let cap = score.cap.as_ref().map(|cap| format!(",最多计 {}", quantity(cap))).unwrap_or_default();
        lines.push(format!("{}· {}的算法{cap}:", "  ".repeat(depth), score.name));
        for part in &score.parts {
            self.outline_part(part, depth + 1, lines);
        }
    }

    fn outline_part(&self, part: &crate::tree::Part, depth: usize, lines: &mut Vec<String>) {
        let cap = part.cap.as_ref().map(|cap| format!(",最多计 {}", quantity(cap))).unwrap_or_default();
        let indent = "  ".repeat(depth);
        match &part.rule {
            Rule::Bands(bands) => {
                let rows = bands.rows.iter().map(|row| format!("{}得 {}", band(&row.intervals), quantity(&row.then)));
                let rest = bands.otherwise.as_deref().map(|points| format!("{OTHERWISE}得 {}", quantity(points)));
                let rows: Vec<String> = rows.chain(rest).collect();
                lines.push(format!("{indent}· 按{}:{}{cap}", self.keys(&bands.keys), rows.join(",")));
            }
            Rule::Cases(cases) => {
                lines.push(format!("{indent}· 按情形给分,先符合的先算{cap}:"));
                for row in &cases.rows {
                    self.outline_points(&row.when, &row.then, depth + 1, lines);
                }
            }
            Rule::When { condition, points } => self.outline_points(condition, points, depth, lines),
            Rule::Best(parts) | Rule::Sum(parts) => {
                let words = if matches!(part.rule, Rule::Best(_)) {
                    "以下各项取最高的一项"
                } else {
                    "以下各项相加"
                };
                lines.push(format!("{indent}· {words}{cap}:"));
                for part in parts {
                    self.outline_part(part, depth + 1, lines);
                }
            }
        }
    }

    fn outline_points(&self, condition: &Condition, points: &Quantity, depth: usize, lines: &mut Vec<String>) {
        lines.push(format!("{}· 得 {}的情形:", "  ".repeat(depth), quantity(points)));
        self.outline(condition, depth + 1, lines);
    }
}

pub(crate) const OTHERWISE: &str = "其他情况";

/// A row of a table, without its value: `不低于 1000 万元、低于 5000 万元`.
pub(crate) fn band(intervals: &[Interval]) -> String {
    intervals.iter().map(interval).collect::<Vec<_>>().join(";")
}

fn interval(interval: &Interval) -> String {
    let end = |end: &End, inclusive: Operator, exclusive: Operator| {
        let operator = if end.inclusive { inclusive } else { exclusive };
        match &end.bound {
            Bound::Number(number) => format!("{} {}", amount_words(operator), quantity(number)),
            Bound::Date(day) => format!("{} {}", day_words(operator), date(*day)),
        }
    };
    match (&interval.low, &interval.high) {
        (None, None) => "不限".to_owned(),
        (Some(low), Some(high)) if low == high && low.inclusive => end(low, Operator::Equal, Operator::Equal),
        (low, high) => {
            let low = low.as_ref().map(|low| end(low, Operator::AtLeast, Operator::More));
            let high = high.as_ref().map(|high| end(high, Operator::AtMost, Operator::Less));
            low.into_iter().chain(high).collect::<Vec<_>>().join("、")
        }
    }
}
