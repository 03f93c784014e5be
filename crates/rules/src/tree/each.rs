//! 近N年每年 ( … ): a comparison that must hold in every year of a window (均不低于).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::compare::Comparison;
use super::logic::all;
use super::period::{When, Window, Year};
use crate::evaluate::facts::{ESTABLISHED, Facts};
use crate::evaluate::finding::Finding;
use crate::evaluate::reading::Need;
use crate::value::FactKey;
use crate::verdict::{Actual, UnknownCause, Verdict};

/// Yearly facts inside are written without a period and mean the year in turn.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Each {
    pub window: Window,
    pub comparison: Comparison,
}

impl Each {
    pub(crate) fn find(&self, facts: &Facts<'_>) -> Finding {
        let years: Vec<Finding> = self.window.years_ago().map(|ago| self.find_year(ago, facts)).collect();
        let verdict = all(years.iter().map(|year| year.verdict));
        let shown: Vec<&Actual> = years.iter().filter_map(|year| year.actual.as_ref()).collect();
        let actual = shown.first().map(|first| Actual {
            display: shown.iter().map(|actual| actual.display.as_str()).collect::<Vec<_>>().join(";"),
            period: joined(shown.iter().map(|actual| actual.period.as_deref())),
            source: joined(shown.iter().map(|actual| actual.source.as_deref())),
            grade: shown.iter().map(|actual| actual.grade).max().unwrap_or(first.grade),
        });
        let threshold = years.first().and_then(|year| year.threshold.clone());
        let needs = years.iter().filter(|year| year.verdict == Verdict::Unknown).flat_map(|year| year.needs.clone());
        let needs = if verdict == Verdict::Unknown { needs.collect() } else { Vec::new() };
        // The year that decides speaks for all.
        let deciding = years.into_iter().find(|year| year.verdict == verdict);
        let (gap, cause) = deciding.map(|year| (year.gap, year.cause)).unwrap_or_default();
        Finding { verdict, actual, threshold, gap, cause, needs }
    }

    /// One year of the window. With 不足按实际 a year before the founding asks nothing, except the last completed one.
    fn find_year(&self, ago: u8, facts: &Facts<'_>) -> Finding {
        let year = When::Year(Year::Ago(ago));
        let finding = self.comparison.find(&Facts { bare: Some(year), ..*facts });
        if !self.window.actual_years || ago == 1 || finding.verdict == Verdict::Met {
            return finding;
        }
        match facts.is_before_founding(year) {
            Verdict::Met => Finding::plain(Verdict::Met),
            Verdict::NotMet => finding,
            Verdict::Unknown => {
                let need = Need { fact: FactKey::from(ESTABLISHED), period: None };
                let cause = finding.cause.unwrap_or(UnknownCause::Missing);
                Finding::open(cause, finding.needs.into_iter().chain([need]).collect())
            }
        }
    }
}

fn joined<'a>(words: impl Iterator<Item = Option<&'a str>>) -> Option<String> {
    let mut known: Vec<&str> = words.flatten().collect();
    known.dedup();
    (!known.is_empty()).then(|| known.join("、"))
}
