//! `policy put|publish|suspend|repeal`: what officials do, from files in the format of the seeds.

use std::path::Path;

use domain::relations::prerequisites;
use domain::{PolicyStatus, Scope};
use pipeline::Context;
use pipeline::ingest::{embedded, load_seeds_beside, store_drafts};
use storage::Actor;

use super::rule;
use crate::app::{self, Options};
use crate::cli::PolicyAction;
use crate::config::Config;
use crate::failure::Failure;
use crate::output;

pub(super) async fn run(config: &Config, action: &PolicyAction) -> Result<(), Failure> {
    let cx = app::open(config, Options::default()).await?;
    match action {
        PolicyAction::Put { file } => put(&cx, file).await,
        PolicyAction::Publish { code } => set(&cx, code, PolicyStatus::Published, "已发布").await,
        PolicyAction::Suspend { code } => set(&cx, code, PolicyStatus::Suspended, "已暂停").await,
        PolicyAction::Repeal { code } => set(&cx, code, PolicyStatus::Repealed, "已废止").await,
    }
}

/// Stores a file as a draft, or as a revision of what is there already. Every case in it must hold first.
async fn put(cx: &Context, file: &Path) -> Result<(), Failure> {
    let text = rule::read(file)?;
    let name = file.display().to_string();
    let bureaus = embedded().iter().copied().filter(|(path, _)| *path == "bureaus.toml");
    let texts = bureaus.chain([(name.as_str(), text.as_str())]);
    let library = prerequisites(&cx.store.list_items(&Scope::System, None).await?);
    let seeds = load_seeds_beside(library, texts, &cx.reference).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        Failure::bad_input(format!("{name} 有 {} 处问题,未写入任何数据:\n{}", problems.len(), lines.join("\n")))
    })?;
    let counts = store_drafts(&cx.store, &seeds, &Actor::new("operator"), cx.now()).await?;
    pipeline::index::follow(cx).await?;
    Ok(output::line(format!(
        "政策 {} 份、事项 {} 个、窗口 {} 个;写入 {} 行",
        counts.policies, counts.items, counts.calls, counts.written
    ))?)
}

/// The policy and every item of it.
async fn set(cx: &Context, code: &str, status: PolicyStatus, said: &str) -> Result<(), Failure> {
    let Some(policy) = cx.store.find_policy(&Scope::System, code).await? else {
        return Err(Failure::bad_input(format!("没有代码为 {code} 的政策;先用 hanqitong policy put 写入")));
    };
    let actor = Actor::new("operator");
    let mut tx = cx.store.begin().await?;
    tx.set_policy_status(&Scope::System, policy.id, status, &actor, cx.now()).await?;
    for item in cx.store.list_items(&Scope::System, Some(policy.id)).await? {
        tx.set_item_status(&Scope::System, item.id, status, &actor, cx.now()).await?;
    }
    tx.commit().await?;
    pipeline::index::follow(cx).await?;
    Ok(output::line(format!("{said}:{}", policy.revision.title))?)
}
