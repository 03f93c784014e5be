//! What a condition text says before it is saved: problems, normal form, verdicts. Nothing is stored.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::web::{Data, Json};
use chrono::NaiveDate;
use domain::Permission;
use rules::{Amount, Condition, Context, FactKey, Problem, Profile, Severity};
use serde::Deserialize;
use serde_json::{Value, json};

use super::cases::{self, CaseBody, Wording};
use super::everybody::{self, Asked};
use super::read;
use crate::auth::Reader;
use crate::error::Error;
use crate::state::State;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Preview {
    text: String,
    #[serde(default)]
    sentences: BTreeMap<String, String>,
    #[serde(default)]
    parameters: BTreeMap<String, String>,
    /// What the item pays, in text form.
    amount: Option<String>,
    /// A whole profile to explain the condition for.
    profile: Option<Value>,
    #[serde(default)]
    cases: Vec<CaseBody>,
    as_of: Option<NaiveDate>,
    /// Also propose cases for every leaf.
    #[serde(default)]
    propose: bool,
    /// Also say what it would come to for everybody; for those who may write policies.
    #[serde(default)]
    population: bool,
    /// Facts to break the counts of everybody down by, besides the district.
    #[serde(default)]
    by: Vec<FactKey>,
}

/// A text with errors is a good question too: it is answered 200 with `valid: false` and every problem.
pub(crate) async fn preview(
    state: Data<State>,
    reader: Reader,
    Json(body): Json<Value>,
) -> Result<HttpResponse, Error> {
    let preview: Preview = read(body)?;
    if preview.population {
        reader.may(Permission::WritePolicy)?;
    }
    let reference = state.reference();
    let condition = match rules::text::parse(&preview.text, reference) {
        Ok(condition) => condition,
        Err(problems) => return Ok(refusal(&problems)),
    };
    let problems = rules::check(&condition, reference);
    if problems.iter().any(|problem| problem.severity == Severity::Error) {
        return Ok(refusal(&problems));
    }
    let amount = match preview.amount.as_deref().map(|text| Amount::read(text, reference)).transpose() {
        Ok(amount) => amount,
        Err(found) => {
            let placed: Vec<Problem> = found.into_iter().map(|problem| problem.place("amount")).collect();
            return Ok(refusal(&placed));
        }
    };
    let wording = Wording { sentences: &preview.sentences, parameters: &preview.parameters, amount: amount.as_ref() };
    let results = cases::run(&preview.cases, &condition, &wording, reference).map_err(Error::Invalid)?;
    let as_of = preview.as_of.unwrap_or_else(|| state.day());
    let context = Context { reference, as_of, parameters: &preview.parameters };
    let proposed: Option<Vec<Value>> = preview
        .propose
        .then(|| rules::cases::propose(&condition, &context).iter().map(|leaf| leaf.to_json(reference)).collect());
    let explanation = explain(&state, &preview, &condition, &context)?;
    let asked = Asked { condition: &condition, amount: amount.as_ref(), context: &context, by: &preview.by };
    let everybody = if preview.population { Some(everybody::effect(&state, asked).await?) } else { None };
    Ok(HttpResponse::Ok().json(json!({
        "valid": true,
        "problems": problems,
        "text": rules::text::print(&condition, reference),
        "plain": rules::plain_outline(&condition, reference),
        "tree": condition,
        "explanation": explanation,
        "population": everybody,
        "amount": amount.as_ref().map(|amount| json!({
            "text": rules::text::print_amount(amount, reference),
            "plain": rules::plain_amount(amount, reference),
        })),
        "cases": results,
        "proposed": proposed,
    })))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Unfinished {
    text: String,
    /// Characters before the cursor; all of them by default.
    cursor: Option<usize>,
}

/// What may be written next, for editors.
pub(crate) async fn complete(state: Data<State>, Json(body): Json<Value>) -> Result<HttpResponse, Error> {
    let Unfinished { text, cursor } = read(body)?;
    let completions = rules::text::complete(&text, cursor.unwrap_or(usize::MAX), state.reference());
    Ok(HttpResponse::Ok().json(json!({ "completions": completions })))
}

fn refusal(problems: &[Problem]) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "valid": false, "problems": problems }))
}

/// For the profile given, else for one that is empty: the condition in words.
fn explain(
    state: &State,
    preview: &Preview,
    condition: &Condition,
    context: &Context<'_>,
) -> Result<rules::Explanation, Error> {
    let profile = match &preview.profile {
        Some(profile) => Profile::from_json(profile, state.reference()).map_err(Error::Invalid)?,
        None => Profile::default(),
    };
    Ok(rules::explain(condition, &profile, context, &preview.sentences))
}
