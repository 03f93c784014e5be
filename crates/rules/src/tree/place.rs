//! Where an enterprise is, by the area tree and its overlay zones, and since when.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::age::{Duration, aged};
use super::compare::Operator;
use super::logic::not;
use super::membership::{Members, found};
use super::period::When;
use crate::evaluate::facts::{Facts, date_number};
use crate::evaluate::finding::Finding;
use crate::evaluate::range::Range;
use crate::evaluate::reading::{Blank, Estimate, Evidence, Need, Reading};
use crate::profile::{Entry, FactState};
use crate::reference::{Areas, Fact};
use crate::value::{FactKey, Value};
use crate::verdict::{UnknownCause, Verdict};

/// `注册地 属于 武汉市`: the place lies in one of the areas.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    pub fact: FactKey,
    /// 不属于
    pub negated: bool,
    /// Area codes.
    pub areas: Vec<String>,
}

/// `在武汉市注册 满 2年`: held within the area without a break for that long. Moving inside the area is no break.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Residence {
    pub fact: FactKey,
    pub area: String,
    pub operator: Operator,
    pub duration: Duration,
}

/// The verb of each place fact: 在…注册.
pub const VERBS: [(&str, &str); 4] =
    [("place_registered", "注册"), ("place_tax", "纳税"), ("place_statistics", "统计"), ("place_operating", "经营")];

/// Whether a place known as `known` lies in one of the areas. A place known only coarsely (武汉市) may or may not lie
/// in one of its parts.
pub(crate) fn within<S: AsRef<str>>(areas: &Areas, wanted: &[S], known: &str) -> Verdict {
    if wanted.iter().any(|area| areas.contains(area.as_ref(), known)) {
        return Verdict::Met;
    }
    if wanted.iter().any(|area| areas.contains(known, area.as_ref())) { Verdict::Unknown } else { Verdict::NotMet }
}

impl Place {
    pub(crate) fn find(&self, facts: &Facts<'_>) -> Finding {
        let areas = &facts.reference().areas;
        let judge = |value: &Value| self.holds_for(value, areas);
        let names: Vec<&str> = self.areas.iter().map(|code| areas.name(code).unwrap_or(code)).collect();
        found(&Members { fact: &self.fact, negated: self.negated, names: &names.join("、") }, facts, judge)
    }

    /// The verdict alone.
    pub(crate) fn judge(&self, facts: &Facts<'_>) -> Verdict {
        let areas = &facts.reference().areas;
        let verdict = super::membership::verdict(&self.fact, facts, |value| self.holds_for(value, areas));
        if self.negated { not(verdict) } else { verdict }
    }

    /// Whether one known place lies in one of the areas, before negation.
    pub(crate) fn holds_for(&self, value: &Value, areas: &Areas) -> Option<Verdict> {
        match value {
            Value::Area(code) => Some(within(areas, &self.areas, code)),
            _ => None,
        }
    }
}

impl Residence {
    pub(crate) fn find(&self, facts: &Facts<'_>) -> Finding {
        let held = held_since(&self.fact, &self.area, facts);
        let mut finding = aged(held, self.operator, self.duration, facts.as_of());
        let area = facts.reference().areas.name(&self.area).unwrap_or(&self.area);
        if let Some(actual) = &mut finding.actual {
            actual.display = match finding.verdict {
                Verdict::NotMet if finding.gap.is_none() && actual.display == "不适用" => format!("现不在{area}"),
                _ => format!("{} 起在{area}", actual.display),
            };
        }
        finding
    }
}

/// How long a place has been in an area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Held {
    Since(Range),
    /// It is elsewhere now.
    Elsewhere,
    /// Some say it is there, others that it is not.
    Disputed,
    NotKnown,
}

/// The day since which the place has been in the area without a break; not applicable when it is elsewhere now.
pub(crate) fn held_since(key: &FactKey, area: &str, facts: &Facts<'_>) -> Reading {
    let need = Need { fact: key.clone(), period: None };
    let estimate = match held(key, area, facts) {
        Held::NotKnown => return Reading::unknown(Blank::missing(vec![need])),
        Held::Elsewhere => Estimate::NotApplicable,
        Held::Disputed => Estimate::Unknown(Blank { cause: UnknownCause::Conflict, needs: vec![need.clone()] }),
        Held::Since(range) => Estimate::Known(range),
    };
    let current = facts.fact(key).map(|fact| facts.entries(fact, When::Now, None)).unwrap_or_default();
    let mut evidence = Evidence::of(&current, None, facts);
    if let Estimate::Known(range) = &estimate
        && !range.is_exact()
    {
        evidence.disputed.push(need);
    }
    Reading { estimate, evidence }
}

/// The same without what it was read from.
pub(crate) fn held(key: &FactKey, area: &str, facts: &Facts<'_>) -> Held {
    let Some(fact) = facts.fact(key) else { return Held::NotKnown };
    let areas = &facts.reference().areas;
    let mut since: Option<Range> = None;
    let mut elsewhere = false;
    for entry in facts.entries(fact, When::Now, None) {
        match lies_within(areas, area, entry) {
            Verdict::NotMet => elsewhere = true,
            Verdict::Unknown => return Held::NotKnown,
            Verdict::Met => {
                let Some(day) = beginning(facts, fact, areas, area, entry) else { return Held::NotKnown };
                let day = Range::exactly(date_number(day));
                since = Some(match since {
                    Some(range) => range.hull(day),
                    None => day,
                });
            }
        }
    }
    match (since, elsewhere) {
        (None, false) => Held::NotKnown,
        (None, true) => Held::Elsewhere,
        (Some(_), true) => Held::Disputed,
        (Some(range), false) => Held::Since(range),
    }
}

fn lies_within(areas: &Areas, area: &str, entry: &Entry) -> Verdict {
    match &entry.state {
        FactState::Known(Value::Area(code)) => within(areas, &[area], code),
        _ => Verdict::NotMet,
    }
}

/// Goes back from one entry of a source to the next that ends where it begins, while they stay within the area.
fn beginning(facts: &Facts<'_>, fact: &Fact, areas: &Areas, area: &str, entry: &Entry) -> Option<NaiveDate> {
    let mut start = entry.period.from?;
    let entries = facts.profile.facts.get(&fact.key)?;
    loop {
        let before = entries.iter().find(|other| {
            other.source == entry.source
                && other.period.to == Some(start)
                && other.period.from.is_none_or(|from| from < start)
                && lies_within(areas, area, other) != Verdict::NotMet
        });
        let Some(before) = before else { return Some(start) };
        if lies_within(areas, area, before) == Verdict::Unknown {
            return None;
        }
        start = before.period.from?;
    }
}
