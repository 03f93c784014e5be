//! How an amount is reckoned, as it is said: 去年设备投资乘以 10%,最高 2000 万元.

use super::Speaker;
use super::tables::{OTHERWISE, band};
use crate::amount::{Amount, Part};
use crate::number::percent_text;
use crate::reference::Reference;
use crate::text::names::Names;
use crate::tree::Expression;

/// An amount in plain words, without anybody's figures; a row of a table a line.
pub fn plain_amount(amount: &Amount, reference: &Reference) -> String {
    let speaker = Speaker { names: Names::new(reference), reference };
    let mut said = speaker.part(&amount.part);
    if !amount.shares.is_empty() {
        let shares =
            amount.shares.iter().map(|share| format!("{}承担 {}", share.level, percent_text(&share.part.value())));
        said.push_str(&format!(",其中{}", shares.collect::<Vec<_>>().join("、")));
    }
    said
}

impl Speaker<'_> {
    fn part(&self, part: &Part) -> String {
        match part {
            Part::Of(Expression::Quantity(fixed)) if fixed.value().signum() == 0 => "没有金额".to_owned(),
            Part::Of(expression) => self.expression(expression),
            Part::Bounded { part, floor, cap } => {
                // Behind several lines it must be clear that all of them are meant.
                let lead = if matches!(**part, Part::Of(_)) { "," } else { "\n· 以上" };
                let bound = |word: &str, bound: &Option<Expression>| {
                    bound.as_ref().map(|bound| format!("{lead}{word} {}", self.expression(bound))).unwrap_or_default()
                };
                format!("{}{}{}", self.part(part), bound("最低", floor), bound("最高", cap))
            }
            Part::Sum(parts) => format!("以下各项相加:\n{}", self.parts(parts)),
            Part::Best(parts) => format!("以下各项取最高的一项:\n{}", self.parts(parts)),
            Part::UpTo(part) => format!("由主管部门核定,最多:{}", self.part(part)),
            Part::Tier(bands) => {
                let rows = bands.rows.iter().map(|row| (band(&row.intervals), &row.then));
                self.rows(&format!("按{}分档:", self.keys(&bands.keys)), rows, bands.otherwise.as_deref())
            }
            Part::Cases(cases) => {
                let rows = cases.rows.iter().map(|row| (self.inline(&row.when), &row.then));
                self.rows("按情形,先符合的先算:", rows, cases.otherwise.as_deref())
            }
        }
    }

    fn parts(&self, parts: &[Part]) -> String {
        parts.iter().map(|part| format!("· {}", self.part(part))).collect::<Vec<_>>().join("\n")
    }

    fn rows<'p>(
        &self,
        heading: &str,
        rows: impl Iterator<Item = (String, &'p Part)>,
        otherwise: Option<&'p Part>,
    ) -> String {
        let rows = rows.chain(otherwise.map(|part| (OTHERWISE.to_owned(), part)));
        let rows: Vec<String> = rows.map(|(name, part)| format!("· {name}:{}", self.part(part))).collect();
        format!("{heading}\n{}", rows.join("\n"))
    }
}
