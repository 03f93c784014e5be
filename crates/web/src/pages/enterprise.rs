//! What a synthetic enterprise of the demo is told, with every reason. Real enterprises have no public page.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use super::page;
use crate::error::Error;
use crate::facts::fact_rows;
use crate::results;
use crate::state::State;
use crate::views::EnterprisePage;

/// Missing facts worth naming once for all items together.
const MOST_MISSING: usize = 8;

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
    let wanted = results::wanted(&matches, state.reference());
    let missing =
        wanted.iter().take(MOST_MISSING).map(|want| format!("{}（可确定 {} 个事项）", want.words(), want.items));
    let view = EnterprisePage {
        shell: state.shell(enterprise.profile.name.clone(), "demo", shelf.seq),
        name: enterprise.profile.name.clone(),
        uscc: enterprise.profile.uscc.clone(),
        facts: fact_rows(&enterprise.profile, state.reference()),
        missing: missing.collect(),
        total: results::total(&matches, &enterprise.profile, state.reference(), state.day()),
        groups: results::groups(&matches, state.day()),
    };
    page(&state, &view)
}
