//! The JSON doors under `/api/v1`. English field names, amounts in 元, problem+json for everything that fails.

pub(crate) mod cases;
pub(crate) mod conditions;
pub(crate) mod drafts;
pub(crate) mod enterprises;
pub(crate) mod everybody;
pub(crate) mod items;
pub(crate) mod matching;
pub(crate) mod openapi;
pub(crate) mod policies;
pub(crate) mod publishing;
mod relations;
pub(crate) mod schemas;

use chrono::NaiveDate;
use domain::matching::{Entry, Match};
use domain::questions::Questions;
use domain::relations::{TellRelations, ToldRelation};
use domain::total::Total;
use domain::{Item, Mode, Standing, Window};
use rules::number::decimal_text;
use rules::{AmountEstimate, Explanation, Verdict};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::error::Error;
use crate::state::State;
use crate::words;

/// Decimal places of money as stored.
const FEN: u8 = 2;

/// One item as a list names it.
#[derive(Debug, Serialize)]
pub(crate) struct ItemSummary<'a> {
    code: &'a str,
    name: &'a str,
    policy: &'a str,
    level: domain::Level,
    area: &'a str,
    category: domain::Category,
    support: domain::Support,
    mode: Mode,
    coverage: domain::Coverage,
    amount_text: Option<&'a str>,
    window: WindowBody,
    /// The window is that of a call made up for the demo.
    synthetic_call: bool,
}

/// A window with the badge's words.
#[derive(Debug, Serialize)]
pub(crate) struct WindowBody {
    #[serde(flatten)]
    window: Window,
    label: String,
}

impl From<Window> for WindowBody {
    fn from(window: Window) -> Self {
        Self { label: window.label(), window }
    }
}

impl<'a> ItemSummary<'a> {
    pub(crate) fn new(entry: &'a Entry, day: NaiveDate) -> Self {
        let revision = &entry.item.revision;
        Self {
            code: &entry.item.code,
            name: &revision.name,
            policy: &entry.policy.code,
            level: revision.level,
            area: &revision.area,
            category: revision.category,
            support: revision.support,
            mode: revision.mode,
            coverage: revision.coverage,
            amount_text: revision.amount_text.as_deref(),
            window: entry.window(day).into(),
            synthetic_call: words::is_synthetic(entry, day),
        }
    }
}

/// An item as recorded, with its amounts in 元.
pub(crate) fn item_body(item: &Item) -> Result<Value, Error> {
    let mut body = serde_json::to_value(item).map_err(Error::Json)?;
    let (low, high) = (item.revision.amount_low, item.revision.amount_high);
    body["revision"]["amount_low"] = json!(low.map(|fen| decimal_text(fen, FEN)));
    body["revision"]["amount_high"] = json!(high.map(|fen| decimal_text(fen, FEN)));
    Ok(body)
}

/// What one profile is told about one item.
#[derive(Debug, Serialize)]
pub(crate) struct MatchBody<'a> {
    item: ItemSummary<'a>,
    item_revision: i64,
    standing: Standing,
    /// The words a person reads.
    label: String,
    verdict: Option<Verdict>,
    as_of: NaiveDate,
    amount: Option<&'a AmountEstimate>,
    /// Meeting the condition does not mean receiving it.
    selective: bool,
    relations: Vec<ToldRelation>,
    explanation: Option<&'a Explanation>,
}

impl<'a> MatchBody<'a> {
    fn new(one: &'a Match<'a>, relations: &TellRelations<'_>, day: NaiveDate) -> Self {
        Self {
            item: ItemSummary::new(one.entry, day),
            item_revision: one.entry.item.revision_number,
            standing: one.standing,
            label: words::standing_words(one.standing, &one.entry.item),
            verdict: one.verdict,
            as_of: one.as_of,
            amount: one.amount.as_ref(),
            selective: one.entry.is_selective(day),
            relations: relations.of(&one.entry.item.code),
            explanation: one.explanation.as_ref(),
        }
    }
}

/// All matches, with what they were made from.
#[derive(Debug, Serialize)]
pub(crate) struct MatchesBody<'a> {
    day: NaiveDate,
    /// Position of the change feed the library was read at.
    library_revision: i64,
    reference_hash: &'a str,
    /// Where all items were asked for.
    total: Option<Total>,
    /// The few facts that settle most items, where all were asked for.
    questions: Option<Questions>,
    matches: Vec<MatchBody<'a>>,
}

/// Which items to judge, on which day.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct MatchQuery {
    item: Option<String>,
    as_of: Option<NaiveDate>,
}

impl MatchQuery {
    pub(crate) fn day(&self, state: &State) -> NaiveDate {
        self.as_of.unwrap_or_else(|| state.day())
    }
}

/// Reads a JSON body the house's way: a misfit is answered with its place.
pub(crate) fn read<T: serde::de::DeserializeOwned>(body: serde_json::Value) -> Result<T, Error> {
    serde_json::from_value(body)
        .map_err(|error| Error::bad_request(format!("内容的字段不对：{error}。请对照 /api/v1/openapi.json 修改。")))
}
