//! What a draft would come to for everybody, by columns. A small group of a breakdown is said to be small, not how small.

use std::collections::BTreeMap;

use census::{Census, Count, Effect, Phase, Proposal};
use rules::{Amount, Condition, Context, FactKey, Problem, Reference, Value as Held};
use serde_json::{Value, json};

use crate::error::Error;
use crate::state::State;

/// 注册地, by whose district counts are always broken down.
const REGISTERED: &str = "place_registered";
/// Nation, province and city come before the district in the path of an area.
const DISTRICT: usize = 3;
/// Groups below this are not counted out: few firms of a kind in a street can be named by their neighbours.
const SMALL: u64 = 5;

/// A draft and what to say of it.
pub(super) struct Asked<'a> {
    pub(super) condition: &'a Condition,
    pub(super) amount: Option<&'a Amount>,
    pub(super) context: &'a Context<'a>,
    pub(super) by: &'a [FactKey],
}

/// While everybody is being read it says how far that has come.
pub(super) async fn effect(state: &State, asked: Asked<'_>) -> Result<Value, Error> {
    check(asked.by, state.reference())?;
    let census = state.census();
    match census.phase() {
        Phase::Ready { .. } => {}
        Phase::Loading { done, of } => return Ok(json!({ "state": "loading", "done": done, "of": of })),
        Phase::Idle => {
            load(census.clone(), state.day());
            return Ok(json!({ "state": "loading", "done": 0, "of": null }));
        }
    }
    let started = state.now();
    census.follow(state.day()).await?;
    let proposal = Proposal {
        condition: asked.condition.clone(),
        amount: asked.amount.cloned(),
        as_of: asked.context.as_of,
        parameters: asked.context.parameters.clone(),
        by: std::iter::once(FactKey::from(REGISTERED)).chain(asked.by.iter().cloned()).collect(),
    };
    let by = proposal.by.clone();
    let effect = match census.ask(move |city| city.effect(&proposal)).await? {
        Ok(effect) => effect,
        Err(refused) => return Ok(json!({ "state": "refused", "reason": refused.to_string() })),
    };
    Ok(body(&effect, &asked, &by, (state.reference(), state.now().millis_since(started))))
}

fn check(by: &[FactKey], reference: &Reference) -> Result<(), Error> {
    let unknown = by.iter().filter(|fact| reference.catalogue.fact(fact).is_none());
    let problems: Vec<Problem> = unknown
        .map(|fact| Problem::error(format!("没有「{fact}」这个事实")).place("by").remedy("写事实目录中的英文键"))
        .collect();
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

/// Reads everybody beside whatever is being answered; who asks again is told how far it is.
fn load(census: Census, day: chrono::NaiveDate) {
    tokio::spawn(async move {
        if let Err(error) = census.follow(day).await {
            tracing::error!(error = %error, source = ?std::error::Error::source(&error), "the city cannot be read");
        }
    });
}

fn body(effect: &Effect, asked: &Asked<'_>, by: &[FactKey], (reference, took_ms): (&Reference, i64)) -> Value {
    let demands = match asked.condition {
        Condition::All(demands) => demands.as_slice(),
        other => std::slice::from_ref(other),
    };
    let count = |count: &Count| json!({ "met": count.met, "open": count.open });
    let demands = demands.iter().zip(&effect.demands).map(|(text, demand)| {
        json!({
            "text": rules::text::print(text, reference),
            "without": count(&demand.without),
            "alone": count(&demand.alone),
        })
    });
    let groups = by.iter().zip(&effect.by).enumerate().map(|(place, (fact, counts))| match place {
        0 => ("district".to_owned(), districts(counts, reference)),
        _ => (fact.to_string(), groups(counts, reference)),
    });
    json!({
        "state": "ready",
        "as_of_revision": effect.seq,
        "enterprises": effect.enterprises,
        "met": effect.tally.met,
        "almost_met": effect.tally.almost_met,
        "open": effect.tally.open,
        "demands": demands.collect::<Vec<_>>(),
        "by": groups.collect::<BTreeMap<_, _>>(),
        "money": effect.money.map(|(met, open)| {
            let with_open = met.high.zip(open.high).map(|(met, open)| met + open);
            json!({ "low": yuan(met.low), "high": met.high.map(yuan), "high_with_open": with_open.map(yuan) })
        }),
        "took_ms": took_ms,
    })
}

type Counted = (Option<Held>, Count);

fn groups(counts: &[Counted], reference: &Reference) -> Value {
    let group = |(value, count): &Counted| {
        let name = match value {
            Some(Held::Area(code)) => reference.areas.name(code).map(str::to_owned),
            _ => None,
        };
        json!({ "value": value.as_ref().map(plain), "name": name, "met": shown(count.met), "open": shown(count.open) })
    };
    counts.iter().filter(|(_, count)| count.met + count.open > 0).map(group).collect()
}

/// A value of a code, flag or place as a profile writes it.
fn plain(value: &Held) -> Value {
    match value {
        Held::Bool(flag) => json!(flag),
        Held::Number(number) => json!(number),
        Held::Date(date) => json!(date),
        Held::Text(text) | Held::Code(text) | Held::Area(text) | Held::Industry(text) => json!(text),
        Held::Codes(codes) => json!(codes),
    }
}

/// Streets are counted to their districts; last whoever has no single place, or one outside of all districts.
fn districts(counts: &[Counted], reference: &Reference) -> Value {
    let mut by_district: BTreeMap<Option<&str>, Count> = BTreeMap::new();
    for (value, count) in counts {
        let district = match value {
            Some(Held::Area(code)) => reference.areas.path(code).get(DISTRICT).copied(),
            _ => None,
        };
        let all = by_district.entry(district).or_default();
        all.met += count.met;
        all.open += count.open;
    }
    let nowhere = by_district.remove(&None).map(|count| (None, count));
    let group = |(district, count): (Option<&str>, Count)| {
        let name = district.and_then(|code| reference.areas.name(code));
        json!({ "value": district, "name": name, "met": shown(count.met), "open": shown(count.open) })
    };
    by_district.into_iter().chain(nowhere).filter(|(_, count)| count.met + count.open > 0).map(group).collect()
}

/// None, how many, or that they are few.
fn shown(count: u64) -> Value {
    if (1..SMALL).contains(&count) { json!(format!("<{SMALL}")) } else { json!(count) }
}

/// 分 as 元. Amounts are never below zero.
fn yuan(fen: i128) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}
