//! What a synthetic enterprise of the demo is told, with every reason. Real enterprises have no public page.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use domain::questions;

use super::page;
use crate::error::Error;
use crate::facts::fact_rows;
use crate::results;
use crate::state::State;
use crate::views::{EnterprisePage, QuestionsCard};

pub(crate) async fn show(state: Data<State>, uscc: Path<String>) -> Result<HttpResponse, Error> {
    let demo = state.demo()?;
    let found = state
        .store()
        .find_enterprise(&demo.scope, &rules::uscc::canonical(&uscc))
        .await?
        .filter(|enterprise| enterprise.synthetic);
    let enterprise = found.ok_or_else(|| Error::not_found("没有这家演示企业。请从演示企业列表进入。"))?;
    let shelf = state.shelf().await?;
    let matches = shelf.matcher.explain_all(&enterprise.profile, state.reference(), state.day());
    let asked = questions::best(&matches, state.reference(), questions::FEW);
    let view = EnterprisePage {
        shell: state.shell(enterprise.profile.name.clone(), "demo", shelf.seq),
        name: enterprise.profile.name.clone(),
        uscc: enterprise.profile.uscc.clone(),
        facts: fact_rows(&enterprise.profile, state.reference()),
        questions: QuestionsCard::new(&asked),
        total: results::total(&matches, &enterprise.profile, state.reference(), state.day()),
        groups: results::groups(&matches, state.day()),
    };
    page(&state, &view)
}
