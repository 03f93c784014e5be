//! The self-check. Without script; what is typed is judged and forgotten.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::{Data, Form};
use rules::Profile;

use crate::asking::Pairs;
use crate::error::Error;
use crate::results;
use crate::selfcheck::{Answers, Ask, Asker};
use crate::shelf::Shelf;
use crate::state::State;
use crate::templates::View;
use crate::views::{Check, CheckResult, Question};

/// Questions of the first page: as many as an owner answers on a phone.
const FIRST: usize = 12;
/// Questions added after a result.
const FURTHER: usize = 5;

pub(crate) async fn ask(state: Data<State>) -> Result<HttpResponse, Error> {
    let shelf = state.shelf().await?;
    let asker = asker(&state, &shelf);
    let nobody = shelf.matcher.explain_all(&Profile::default(), state.reference(), state.day());
    let asks = asker.choose(&results::wanted(&nobody, state.reference()), FIRST);
    let answers = Answers::default();
    private(&state, &form(&state, &shelf, &asker, &asks, &answers), StatusCode::OK)
}

pub(crate) async fn answer(state: Data<State>, Form(pairs): Form<Pairs>) -> Result<HttpResponse, Error> {
    let shelf = state.shelf().await?;
    let asker = asker(&state, &shelf);
    let mut answers = Answers::new(pairs, state.reference());
    let profile = answers.profile(&asker);
    let asked = answers.asks(state.reference());
    if answers.faults() > 0 {
        let again = form(&state, &shelf, &asker, &asked, &answers);
        return private(&state, &again, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let matches = shelf.matcher.explain_all(&profile, state.reference(), state.day());
    let mut wanted = results::wanted(&matches, state.reference());
    let mut further = asker.days(&wanted, &answers);
    wanted.retain(|want| !asker.choose(std::slice::from_ref(want), 1).iter().any(|ask| asked.contains(ask)));
    further.extend(asker.choose(&wanted, FURTHER));
    further.truncate(FURTHER);
    let view = CheckResult {
        shell: state.shell("自测结果", "check", shelf.seq),
        answered: asked.len(),
        total: results::total(&matches, &profile, state.reference(), state.day()),
        groups: results::groups(&matches, state.day()),
        further: questions(&asker, &further, &answers),
        carried: answers.carried(),
    };
    private(&state, &view, StatusCode::OK)
}

fn asker<'a>(state: &'a State, shelf: &'a Shelf) -> Asker<'a> {
    let conditions = shelf.matcher.entries().iter().filter_map(|entry| entry.item.revision.condition.as_deref());
    Asker { reference: state.reference(), day: state.day(), city: &state.parts.area, conditions: conditions.collect() }
}

fn form(state: &State, shelf: &Shelf, asker: &Asker<'_>, asks: &[Ask], answers: &Answers) -> Check {
    Check {
        shell: state.shell("自测", "check", shelf.seq),
        questions: questions(asker, asks, answers),
        faults: answers.faults(),
        carried: Vec::new(),
    }
}

fn questions(asker: &Asker<'_>, asks: &[Ask], answers: &Answers) -> Vec<Question> {
    asks.iter().enumerate().filter_map(|(at, ask)| asker.question(at + 1, ask, answers)).collect()
}

/// A page that no cache keeps: it is about one firm.
fn private<V: View>(state: &State, view: &V, status: StatusCode) -> Result<HttpResponse, Error> {
    Ok(HttpResponse::build(status)
        .insert_header((CACHE_CONTROL, "no-store"))
        .content_type("text/html; charset=utf-8")
        .body(state.render(view)?))
}
