//! 一策一表: who may have it, what it is, how, when, where, on what ground, and why people fail.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use chrono::NaiveDate;
use domain::matching::Entry;
use domain::relations::TellRelations;
use domain::window::governing_call;
use domain::{Coverage, Mode};
use rules::Profile;

use super::page;
use crate::error::Error;
use crate::shelf::Shelf;
use crate::state::State;
use crate::views::{Branch, Guide, Link, RelationLine, Row, UpperLine};
use crate::words::{self, Badge};

pub(crate) async fn show(state: Data<State>, code: Path<String>) -> Result<HttpResponse, Error> {
    let shelf = state.shelf().await?;
    page(&state, &view(&state, &shelf, shelf.find(&code)?))
}

fn view(state: &State, shelf: &Shelf, entry: &Entry) -> Guide {
    let day = state.day();
    let revision = &entry.item.revision;
    // An empty profile gives the tree with every sentence and no value.
    let found = shelf.matcher.explain_one(entry, &Profile::default(), state.reference(), day);
    let bare = found.first().and_then(|one| one.explanation.as_ref());
    let relations = TellRelations::new(&found, day).impersonal();
    Guide {
        shell: state.shell(revision.name.clone(), "search", shelf.seq),
        name: revision.name.clone(),
        summary: revision.summary.clone(),
        tags: tags(entry, day),
        window: words::window_sentence(&entry.window(day), day),
        synthetic: words::is_synthetic(entry, day),
        coverage: words::coverage_notice(revision.coverage),
        competitive: revision.mode == Mode::Competitive,
        rows: rows(state, entry, day),
        conditions: bare.iter().map(|explanation| Branch::bare(&explanation.root)).collect(),
        notes: revision.notes.clone(),
        share: format!("/items/{}/share", entry.item.code),
        apply: revision.guide.apply_url.clone().map(|url| Link::new("去官方页面办理", url)),
        related: related(shelf, entry),
        relations: relations.of(&entry.item.code).iter().map(RelationLine::new).collect(),
        revision: entry.item.revision_number,
    }
}

fn tags(entry: &Entry, day: NaiveDate) -> Vec<Badge> {
    let revision = &entry.item.revision;
    vec![
        words::level_badge(revision.level),
        words::window_badge(&entry.window(day), day),
        words::mode_badge(revision.mode, revision.quota),
        Badge::new(words::support(revision.support), "plain"),
        Badge::new(words::category(revision.category), "plain"),
    ]
}

/// The rows of the sheet.
fn rows(state: &State, entry: &Entry, day: NaiveDate) -> Vec<Row> {
    let (revision, policy) = (&entry.item.revision, &entry.policy.revision);
    let guide = &revision.guide;
    let mut benefit: Vec<String> = guide.benefit.clone().into_iter().collect();
    benefit.extend(revision.amount_text.clone().filter(|amount| guide.benefit.as_ref() != Some(amount)));
    let mut when = vec![words::window_sentence(&entry.window(day), day)];
    when.extend(guide.time_limit.as_ref().map(|limit| format!("办理时限：{limit}")));
    let mut basis = vec![policy.title.clone()];
    basis.extend(policy.document_numbers.iter().cloned());
    let reckoned = entry.amount.as_ref().filter(|_| revision.coverage == Coverage::Full);
    let reckoned = reckoned.map(|amount| rules::plain_amount(amount, state.reference()));
    let reckoned: Vec<String> = reckoned.iter().flat_map(|text| text.lines()).map(str::to_owned).collect();
    let mut rows = vec![Row::text("谁能享受", guide.who.clone()), Row::lines("享受什么", benefit)];
    if !reckoned.is_empty() {
        rows.push(Row::lines("金额怎么算", reckoned));
    }
    rows.extend([
        Row::numbered("怎么享受", guide.steps.clone()),
        Row::lines("准备材料", guide.materials.clone()),
        Row::lines("何时", when),
        Row::lines("找谁", contacts(entry, day)),
        Row::lines("依据", basis).linked(Some(Link::new("看政策文件", format!("/policies/{}", entry.policy.code)))),
        Row::lines("常见不符合原因", guide.common_misses.clone()),
    ]);
    rows
}

fn contacts(entry: &Entry, day: NaiveDate) -> Vec<String> {
    let guide = &entry.item.revision.guide;
    let call = governing_call(&entry.calls, day).and_then(|call| call.contact.clone());
    let office = guide.handler.clone();
    let phone = guide.phone.as_ref().map(|phone| format!("电话：{phone}"));
    office.into_iter().chain(phone).chain(call.map(|contact| format!("本批次联系人：{contact}"))).collect()
}

fn related(shelf: &Shelf, entry: &Entry) -> Vec<UpperLine> {
    let line = |relation, other: &Entry| UpperLine {
        relation,
        link: Link::new(other.item.revision.name.clone(), format!("/items/{}", other.item.code)),
        level: words::level_badge(other.item.revision.level),
    };
    let upper = entry.item.implements.and_then(|id| shelf.find_by_id(id)).map(|upper| line("落实", upper));
    upper.into_iter().chain(shelf.carried_out_by(entry.item.id).map(|local| line("地方落实", local))).collect()
}
