//! Amounts in text: `分档 上年度营业收入 { < 1亿元 : 上年度研发费用 * 10% ; 其余 : 20万元 } 最高 30万元`.

use super::super::names::Names;
use super::Printer;
use crate::amount::{Amount, Part};
use crate::reference::Reference;
use crate::tree::Expression;

/// The text of an amount: what [`crate::text::parse_amount`] reads back as the same amount.
pub fn print_amount(amount: &Amount, reference: &Reference) -> String {
    let printer = Printer { names: Names::new(reference) };
    let mut text = printer.part(&amount.part);
    if !amount.shares.is_empty() {
        let shares: Vec<String> = amount.shares.iter().map(|share| format!("{} {}", share.level, share.part)).collect();
        text.push_str(&format!(" 分担 {{ {} }}", shares.join(" ; ")));
    }
    text
}

impl Printer<'_> {
    fn part(&self, part: &Part) -> String {
        match part {
            Part::Of(expression) => self.expression(expression),
            Part::Bounded { part, floor, cap } => {
                let bound = |word: &str, bound: &Option<Expression>| {
                    bound.as_ref().map(|bound| format!(" {word} {}", self.expression(bound))).unwrap_or_default()
                };
                format!("{}{}{}", self.part(part), bound("最低", floor), bound("最高", cap))
            }
            Part::Sum(parts) => format!("合计 {}", self.parts(parts)),
            Part::Best(parts) => format!("择高 {}", self.parts(parts)),
            Part::UpTo(part) => format!("至多 {}", self.part(part)),
            Part::Tier(bands) => format!("分档 {}", self.bands(bands, |part| self.part(part))),
            Part::Cases(cases) => format!("分情形 {}", self.cases(cases, |part| self.part(part))),
        }
    }

    fn parts(&self, parts: &[Part]) -> String {
        let parts: Vec<String> = parts.iter().map(|part| self.part(part)).collect();
        format!("{{ {} }}", parts.join(" ; "))
    }
}
