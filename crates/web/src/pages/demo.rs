//! The demo's synthetic enterprises and the way to its mailbox and receiver.

use actix_web::HttpResponse;
use actix_web::web::{Data, Query};
use domain::{Enterprise, EnterpriseOrdinal};
use rules::{FactKey, FactState, Value};
use serde::Deserialize;

use super::{mailbox, page, receiver};
use crate::error::Error;
use crate::state::State;
use crate::views::{Demo, DemoFirm, Link};
use crate::words;

const PAGE: u64 = 50;

#[derive(Debug, Deserialize)]
pub(crate) struct After {
    after: Option<i64>,
}

pub(crate) async fn firms(state: Data<State>, Query(query): Query<After>) -> Result<HttpResponse, Error> {
    let demo = state.demo()?;
    let after = query.after.map(EnterpriseOrdinal);
    let firms = state.store().page_enterprises(&demo.scope, after, PAGE).await?;
    let full = u64::try_from(firms.len()).unwrap_or(u64::MAX) == PAGE;
    let next = firms.last().filter(|_| full).map(|last| format!("/demo?after={}", last.ordinal.0));
    let revision = state.store().latest_change(&domain::Scope::Public).await?;
    let view = Demo {
        shell: state.shell("演示环境", "demo", revision),
        firms: firms.iter().filter(|firm| firm.synthetic).map(|firm| row(&state, firm)).collect(),
        mails: mailbox::names(&demo.mailbox).await?.len(),
        hooks: receiver::names(&demo.receiver).await?.len(),
        next,
    };
    page(&state, &view)
}

fn row(state: &State, firm: &Enterprise) -> DemoFirm {
    let reference = state.reference();
    let newest = |key: &str| {
        let entries = firm.profile.facts.get(&FactKey::from(key))?;
        entries.iter().max_by_key(|entry| entry.period.from).map(|entry| &entry.state)
    };
    let place = match newest("place_registered") {
        Some(FactState::Known(Value::Area(code))) => Some(words::area(reference, code)),
        _ => None,
    };
    let industry = match newest("industry") {
        Some(FactState::Known(Value::Industry(code))) => reference.industries.name(code).map(str::to_owned),
        _ => None,
    };
    DemoFirm {
        link: Link::new(firm.profile.name.clone(), format!("/enterprises/{}", firm.profile.uscc)),
        uscc: firm.profile.uscc.clone(),
        place,
        industry,
        facts: firm.profile.facts.len() + firm.profile.lists.len(),
    }
}
