//! Records of a list: certificates, awards, incidents, grants. An empty list is not knowledge.

use std::borrow::Cow;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::compare::Operator;
use super::logic::all;
use super::period::Span;
use crate::evaluate::facts::Facts;
use crate::evaluate::finding::Finding;
use crate::evaluate::reading::{Evidence, Need};
use crate::profile::{Record, RecordList};
use crate::reference::{Fact, ListShape};
use crate::text::names::{NO, YES};
use crate::value::{FactKey, Value};
use crate::verdict::{Gap, UnknownCause, Verdict};

mod completeness;
mod count;
mod figure;
mod filter;

pub(crate) use count::Count;
pub use figure::Figure;
pub(crate) use figure::field_value;
pub use filter::Filter;

/// `近3年 获奖 含 省级科技奖励 ( 单位排名 <= 3 )`, `从未 …`, `未列入 …`, `知识产权 含 Ⅰ类 >= 4项`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Records {
    pub list: FactKey,
    /// A named part of the list from the catalogue: 重大违法 is the part of 违法记录 that is serious.
    pub selection: Option<String>,
    pub span: Span,
    pub quantifier: Quantifier,
    /// All must hold for a record to count.
    pub filters: Vec<Filter>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Quantifier {
    /// At least one.
    Some,
    /// Not one: 从未, 未列入, 无.
    None,
    /// The number of them compared.
    Count(Operator, u32),
    /// 每项都 ( … ): each of them must pass these as well. Where the list is complete and empty, they all do.
    Every(Vec<Filter>),
}

/// The records of a list by whether they count.
#[derive(Default)]
pub(crate) struct Sifted<'a> {
    pub(crate) certain: Vec<&'a Record>,
    /// They lack a field that was asked for.
    pub(crate) vague: Vec<&'a Record>,
    /// Whether a statement says that the list holds everything asked for.
    pub(crate) complete: bool,
}

/// The field that says how many pieces one record stands for; a record without it is one piece.
pub(crate) const PIECES: &str = "count";

impl Records {
    /// The verdict alone.
    pub(crate) fn judge(&self, facts: &Facts<'_>) -> Verdict {
        let (operator, count) = self.bound();
        self.count(facts).0.compare(operator, count.into())
    }

    /// What is asked of the number of records; 每项都 counts those that fall short.
    fn bound(&self) -> (Operator, u32) {
        match self.quantifier {
            Quantifier::Some => (Operator::AtLeast, 1),
            Quantifier::None | Quantifier::Every(_) => (Operator::Less, 1),
            Quantifier::Count(operator, count) => (operator, count),
        }
    }

    /// The same question as a number of records compared.
    pub(crate) fn counted(&self) -> (Operator, u32, Self) {
        let (operator, count) = self.bound();
        let mut filters = self.filters.clone();
        filters.extend(self.shortfall());
        (operator, count, Self { quantifier: Quantifier::Count(operator, count), filters, ..self.clone() })
    }

    /// What a record that 每项都 counts against the enterprise is like.
    fn shortfall(&self) -> Option<Filter> {
        match &self.quantifier {
            Quantifier::Every(demand) => Some(match demand.as_slice() {
                [one] => Filter::None(vec![one.clone()]),
                many => Filter::None(vec![Filter::All(many.to_vec())]),
            }),
            _ => None,
        }
    }

    pub(crate) fn find(&self, facts: &Facts<'_>) -> Finding {
        let (count, hits) = self.count(facts);
        let verdict = self.judge(facts);
        let need = Need { fact: self.list.clone(), period: self.need_period(facts) };
        let mut finding = match verdict {
            Verdict::Unknown if count.complete || count.vague && count.certain > 0 => {
                Finding::open(UnknownCause::Missing, vec![need])
            }
            Verdict::Unknown => Finding::open(UnknownCause::IncompleteList, vec![need]),
            decided => Finding::plain(decided),
        };
        if verdict == Verdict::NotMet {
            finding.gap = self.gap(count);
        }
        if verdict != Verdict::Unknown || !hits.is_empty() {
            let evidence = self.evidence(facts);
            finding = finding.actual(self.shown(&hits, facts), evidence);
        }
        finding.threshold(self.threshold(facts))
    }

    /// The records that count and those that may.
    pub(crate) fn count<'a>(&self, facts: &Facts<'a>) -> (Count, Vec<&'a Record>) {
        let sifted = self.sift(facts);
        let certain: u64 = sifted.certain.iter().map(|record| pieces(record)).sum();
        let vague: u64 = sifted.vague.iter().map(|record| pieces(record)).sum();
        let count = Count {
            certain,
            possible: sifted.complete.then_some(certain.saturating_add(vague)),
            vague: !sifted.vague.is_empty(),
            complete: sifted.complete,
        };
        (count, sifted.certain)
    }

    /// Which records count, which may, and whether there can be others.
    pub(crate) fn sift<'a>(&self, facts: &Facts<'a>) -> Sifted<'a> {
        let mut sifted = Sifted::default();
        let Some(shape) = facts.fact(&self.list).and_then(Fact::list) else { return sifted };
        let filters = self.demands(shape);
        let days = facts.days(self.span);
        sifted.complete = completeness::covers(self.list_of(facts), &filters, days, facts);
        for record in self.list_of(facts).map(|list| list.records.as_slice()).unwrap_or_default() {
            let timed = self.counts_in_time(shape, record, days, facts.as_of());
            let matched = filters.iter().map(|filter| filter.matches(shape, record, facts));
            match all(std::iter::once(timed).chain(matched)) {
                Verdict::Met => sifted.certain.push(record),
                Verdict::Unknown => sifted.vague.push(record),
                Verdict::NotMet => {}
            }
        }
        sifted
    }

    fn list_of<'a>(&self, facts: &Facts<'a>) -> Option<&'a RecordList> {
        facts.profile.lists.get(&self.list)
    }

    /// What a record must be to count: the filters of the named part, those written out, and what 每项都 counts against
    /// the enterprise.
    pub fn demands(&self, shape: &ListShape) -> Cow<'_, [Filter]> {
        if self.selection.is_none() && !matches!(self.quantifier, Quantifier::Every(_)) {
            return Cow::Borrowed(&self.filters);
        }
        let selection = self.selection.as_ref();
        let selection = selection.and_then(|name| shape.selections.iter().find(|one| one.name == *name));
        let mut filters: Vec<Filter> = selection
            .into_iter()
            .flat_map(|selection| &selection.filter)
            .map(|(field, values)| Filter::among(field, values.iter().map(value_words).collect()))
            .collect();
        filters.extend(self.filters.iter().cloned());
        filters.extend(self.shortfall());
        Cow::Owned(filters)
    }

    /// The same records with all that is asked of one written out.
    pub(crate) fn written_out(&self, shape: &ListShape) -> Self {
        let filters = self.demands(shape).into_owned();
        Self { selection: None, quantifier: Quantifier::Some, filters, ..self.clone() }
    }

    /// Whether the record lies in the span: by its date, or by its time in force for 有效 and 列入.
    fn counts_in_time(
        &self,
        shape: &ListShape,
        record: &Record,
        (first, last): (Option<NaiveDate>, Option<NaiveDate>),
        as_of: NaiveDate,
    ) -> Verdict {
        let date = |field: &Option<String>| field.as_ref().and_then(|field| filter::date(record, field));
        let (on, until) = (date(&shape.on), date(&shape.until));
        if self.span == Span::InForce {
            return all([known(on.map(|on| on <= as_of)), lasts(shape, until, as_of)]);
        }
        match on {
            Some(on) => known(Some(first.is_none_or(|first| first <= on) && last.is_none_or(|last| on <= last))),
            // A record without a date happened at some time.
            None if self.span == Span::Ever => Verdict::Met,
            None => Verdict::Unknown,
        }
    }

    fn gap(&self, found: Count) -> Option<Gap> {
        if matches!(self.quantifier, Quantifier::Every(_)) {
            return Some(Gap { display: format!("有 {} 项没有做到", found.certain), from_date: None });
        }
        let Quantifier::Count(Operator::AtLeast | Operator::More, count) = self.quantifier else { return None };
        let wanted = u64::from(count) + u64::from(matches!(self.quantifier, Quantifier::Count(Operator::More, _)));
        let short = wanted.checked_sub(found.possible?).filter(|short| *short > 0)?;
        Some(Gap { display: format!("差 {short} 项"), from_date: None })
    }

    fn threshold(&self, facts: &Facts<'_>) -> String {
        match &self.quantifier {
            Quantifier::Every(demand) => {
                let demand = crate::text::print_demands(&self.list, demand, facts.reference());
                format!("每项都 ( {demand} )")
            }
            Quantifier::Some => "至少 1 项".into(),
            Quantifier::None => "没有".into(),
            Quantifier::Count(operator, count) => format!("{} {count} 项", operator.sign()),
        }
    }

    pub(crate) fn need_period(&self, facts: &Facts<'_>) -> Option<String> {
        match (self.span, facts.days(self.span)) {
            (Span::InForce, _) => Some(format!("截至 {}", facts.as_of())),
            (_, (Some(first), Some(last))) => Some(format!("{first} 至 {last}")),
            (_, (None, Some(last))) => Some(format!("截至 {last}")),
            _ => None,
        }
    }

    /// A count with the first few records by label and date.
    fn shown(&self, hits: &[&Record], facts: &Facts<'_>) -> String {
        const SHOWN: usize = 3;
        let shape = facts.fact(&self.list).and_then(Fact::list);
        let words = |record: &&Record| {
            let value = |field: Option<&String>| -> Option<String> {
                let field = shape?.fields.iter().find(|one| Some(&one.key) == field)?;
                Some(field.shape().display(record.get(&field.key)?, facts.reference()))
            };
            let label = value(shape.and_then(|shape| shape.label.as_ref()));
            let on = value(shape.and_then(|shape| shape.on.as_ref()));
            [label, on].into_iter().flatten().collect::<Vec<_>>().join(" ")
        };
        let total: u64 = hits.iter().map(|record| pieces(record)).sum();
        let named: Vec<String> = hits.iter().take(SHOWN).map(words).filter(|text| !text.is_empty()).collect();
        let is_every = matches!(self.quantifier, Quantifier::Every(_));
        let short = if is_every { "没有做到的 " } else { "" };
        match (total, named.is_empty()) {
            (0, _) if is_every => "没有一项没做到".into(),
            (0, _) => "没有记录".into(),
            (_, true) => format!("{short}{total} 项"),
            (_, false) => {
                format!("{short}{total} 项:{}{}", named.join("、"), if hits.len() > SHOWN { " 等" } else { "" })
            }
        }
    }

    /// Records carry no source of their own; the completeness statement names who says so.
    pub(crate) fn evidence(&self, facts: &Facts<'_>) -> Evidence {
        let statements = self.list_of(facts).map(|list| list.complete.as_slice()).unwrap_or_default();
        let mut evidence = Evidence { periods: self.need_period(facts).into_iter().collect(), ..Evidence::default() };
        for statement in statements {
            let origin = facts.reference().catalogue.origin(&statement.source);
            let name = origin.map_or_else(|| statement.source.clone(), |origin| origin.name.clone());
            if !evidence.sources.contains(&name) {
                evidence.sources.push(name);
            }
            evidence.grade = evidence.grade.max(Some(statement.grade));
        }
        evidence
    }
}

/// An end that can only lie in the past (移出日期) and is absent has not come; an absent 有效期至 is unknown.
fn lasts(shape: &ListShape, until: Option<NaiveDate>, as_of: NaiveDate) -> Verdict {
    let Some(field) = shape.until.as_ref().and_then(|key| shape.fields.iter().find(|field| field.key == *key)) else {
        return Verdict::Met;
    };
    match until {
        // The last day of validity is a day of validity; on the day of removal one is no longer listed.
        Some(until) => known(Some(if field.past { as_of < until } else { as_of <= until })),
        None if field.past => Verdict::Met,
        None => Verdict::Unknown,
    }
}

fn known(holds: Option<bool>) -> Verdict {
    match holds {
        Some(true) => Verdict::Met,
        Some(false) => Verdict::NotMet,
        None => Verdict::Unknown,
    }
}

fn pieces(record: &Record) -> u64 {
    match record.get(PIECES) {
        Some(Value::Number(pieces)) => u64::try_from(*pieces).unwrap_or(0),
        _ => 1,
    }
}

fn value_words(value: &Value) -> String {
    match value {
        Value::Bool(true) => YES.into(),
        Value::Bool(false) => NO.into(),
        Value::Text(text) | Value::Code(text) | Value::Area(text) | Value::Industry(text) => text.clone(),
        Value::Codes(codes) => codes.iter().next().cloned().unwrap_or_default(),
        Value::Number(number) => number.to_string(),
        Value::Date(date) => date.to_string(),
    }
}
