//! The front page and the results of a search.

use actix_web::HttpResponse;
use actix_web::web::{Data, Query};
use chrono::NaiveDate;
use domain::Window;
use search::{Facets, Hit, HitItem, Results, Sort, Status};

use super::page;
use crate::asking::{Asking, Pairs};
use crate::error::Error;
use crate::finding::{Finding, find};
use crate::markdown::SafeHtml;
use crate::shelf::Shelf;
use crate::state::State;
use crate::views::{Card, FacetGroup, FacetValue, Figures, ItemRow, Link, SearchPage, Topic};
use crate::words;

const PAGE: usize = 20;

pub(crate) async fn show(state: Data<State>, Query(pairs): Query<Pairs>) -> Result<HttpResponse, Error> {
    let asking = Asking::read(&pairs)?;
    let shelf = state.shelf().await?;
    let limit = if asking.is_empty() { PAGE / 2 } else { PAGE };
    let Finding { results, complete } = find(&state, &shelf, &asking, limit).await?;
    page(&state, &view(&state, &shelf, &asking, &results, complete))
}

fn view(state: &State, shelf: &Shelf, asking: &Asking, results: &Results, complete: bool) -> SearchPage {
    let day = state.day();
    let shown = asking.offset + results.hits.len();
    let title = if asking.text.is_empty() { "找政策".to_owned() } else { format!("{} - 找政策", asking.text) };
    SearchPage {
        shell: state.shell(title, "search", shelf.seq),
        query: asking.text.clone(),
        front: asking.is_empty().then(|| figures(shelf, day)),
        topics: topics(asking, &results.facets),
        chosen: asking.choices(),
        removable: removable(state, asking),
        total: results.total,
        facets: facets(state, asking, &results.facets),
        sorts: sorts(asking),
        cards: results.hits.iter().map(|hit| card(state, shelf, hit)).collect(),
        hints: hints(results, complete),
        previous: (asking.offset > 0).then(|| asking.at(asking.offset.saturating_sub(PAGE)).href()),
        next: (shown < results.total && !results.hits.is_empty()).then(|| asking.at(shown).href()),
    }
}

fn figures(shelf: &Shelf, day: NaiveDate) -> Figures {
    let entries = shelf.matcher.entries();
    let open = entries.iter().filter(|entry| entry.window(day).is_open()).count();
    Figures { policies: shelf.policies.len(), items: entries.len(), open }
}

fn topics(asking: &Asking, facets: &Facets) -> Vec<Topic> {
    let topic = |(category, count): &(domain::Category, usize)| Topic {
        name: words::category(*category),
        count: *count,
        href: asking.toggled_category(*category).href(),
    };
    facets.categories.iter().map(topic).collect()
}

/// Every choice made, each with the address that takes it back.
fn removable(state: &State, asking: &Asking) -> Vec<Link> {
    let chosen = &asking.filters;
    let levels = chosen.levels.iter().map(|one| Link::new(words::level(*one), asking.toggled_level(*one).href()));
    let areas = chosen.areas.iter().map(|one| Link::new(area_name(state, one), asking.toggled_area(one).href()));
    let categories =
        chosen.categories.iter().map(|one| Link::new(words::category(*one), asking.toggled_category(*one).href()));
    let statuses = chosen.statuses.iter().map(|one| Link::new(status_words(*one), asking.toggled_status(*one).href()));
    levels.chain(areas).chain(categories).chain(statuses).collect()
}

fn facets(state: &State, asking: &Asking, facets: &Facets) -> Vec<FacetGroup> {
    let chosen = &asking.filters;
    let value = |label: &str, count: usize, active, next: Asking| FacetValue {
        label: label.to_owned(),
        count: Some(count),
        href: next.href(),
        active,
    };
    let levels = facets
        .levels
        .iter()
        .map(|(one, count)| value(words::level(*one), *count, chosen.levels.contains(one), asking.toggled_level(*one)));
    let areas = facets.areas.iter().map(|(one, count)| {
        value(&area_name(state, one), *count, chosen.areas.contains(one), asking.toggled_area(one))
    });
    let categories = facets.categories.iter().map(|(one, count)| {
        value(words::category(*one), *count, chosen.categories.contains(one), asking.toggled_category(*one))
    });
    let statuses = facets.statuses.iter().map(|(one, count)| {
        value(status_words(*one), *count, chosen.statuses.contains(one), asking.toggled_status(*one))
    });
    let groups = [
        FacetGroup { title: "受理状态", values: statuses.collect() },
        FacetGroup { title: "层级", values: levels.collect() },
        FacetGroup { title: "适用地区", values: areas.collect() },
        FacetGroup { title: "主题分类", values: categories.collect() },
    ];
    groups.into_iter().filter(|group| !group.values.is_empty()).collect()
}

fn area_name(state: &State, code: &str) -> String {
    words::area(state.reference(), code)
}

fn status_words(status: Status) -> &'static str {
    match status {
        Status::Open => "开放中",
        Status::Soon => "即将开放",
        Status::Rolling => "常年受理",
        Status::Expected => "按往年预计",
        Status::Unannounced => "时间未公布",
        Status::Closed => "已截止",
        Status::Ended => "已废止或失效",
    }
}

fn sorts(asking: &Asking) -> Vec<FacetValue> {
    let all = [(Sort::Relevance, "最相关"), (Sort::Actionable, "能办的在前"), (Sort::Newest, "最新发布")];
    // Without words there is no relevance: it means the same as the second.
    let wordless = asking.text.is_empty();
    let current = if wordless && asking.sort == Sort::Relevance { Sort::Actionable } else { asking.sort };
    let value = |(sort, label): (Sort, &str)| FacetValue {
        label: label.to_owned(),
        count: None,
        href: asking.sorted(sort).href(),
        active: sort == current,
    };
    all.into_iter().skip(usize::from(wordless)).map(value).collect()
}

fn hints(results: &Results, complete: bool) -> Vec<String> {
    let said = [
        (results.truncated, "输入太长，只用了前 200 个字搜索。"),
        (results.nothing_named, "没有认出可以搜索的词，请换一个说法。"),
        (results.relaxed, "没有同时包含全部词语的政策，以下是包含其中一部分的。"),
        (!complete, "搜索索引正在重建，暂时按标题和摘要查找，结果可能不全。"),
    ];
    let read_as = results.read_as.iter().map(|meant| format!("已按「{meant}」查找。"));
    read_as.chain(said.into_iter().filter(|(holds, _)| *holds).map(|(_, text)| text.to_owned())).collect()
}

fn card(state: &State, shelf: &Shelf, hit: &Hit) -> Card {
    let day = state.day();
    let mut badges = vec![words::level_badge(hit.level)];
    if matches!(hit.window, Window::Ended) || hit.items.is_empty() {
        badges.push(words::window_badge(&hit.window, day));
    }
    let mut meta = hit.document_numbers.clone();
    meta.extend(hit.issuers.first().map(|first| match hit.issuers.len() {
        1 => first.clone(),
        many => format!("{first}等 {many} 家"),
    }));
    meta.extend(hit.area.as_ref().map(|area| format!("适用：{}", area_name(state, &area.code))));
    let snippet = Some(SafeHtml::from_search(&hit.snippet_html)).filter(|html| !html.is_empty());
    Card {
        href: format!("/policies/{}", hit.code),
        title: SafeHtml::from_search(&hit.title_html),
        badges,
        meta,
        snippet,
        upper: uppers(&hit.items),
        items: hit.items.iter().map(|item| row(shelf, item, day)).collect(),
        more: hit.item_total.saturating_sub(hit.items.len()),
    }
}

/// The upper items that the shown ones carry out, each once.
fn uppers(items: &[HitItem]) -> Vec<Link> {
    let mut links: Vec<Link> = Vec::new();
    for upper in items.iter().flat_map(|item| &item.upper) {
        let href = format!("/items/{}", upper.code);
        if links.iter().all(|link| link.href != href) {
            links.push(Link::new(format!("{}（{}级）", upper.name, words::level(upper.level)), href));
        }
    }
    links
}

fn row(shelf: &Shelf, item: &HitItem, day: NaiveDate) -> ItemRow {
    let mut badges = vec![words::window_badge(&item.window, day), words::mode_badge(item.mode, None)];
    badges.extend(shelf.matcher.find(&item.code).and_then(|entry| words::synthetic_badge(entry, day)));
    ItemRow {
        href: format!("/items/{}", item.code),
        name: SafeHtml::from_search(&item.name_html),
        badges,
        amount: item.amount_text.clone(),
        coverage: words::coverage_notice(item.coverage),
    }
}
