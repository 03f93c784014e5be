//! `user add`: hand out an API key. The key is shown once; only its hash is stored.

use domain::{BureauId, Permission, Scope};
use serde_json::json;
use storage::{Actor, ApiKey};

use crate::app::{self, Options};
use crate::cli::UserAction;
use crate::config::Config;
use crate::failure::Failure;
use crate::{output, secret};

pub(super) async fn run(config: &Config, action: &UserAction) -> Result<(), Failure> {
    let UserAction::Add { name, bureau, enterprise, area, json: format } = action;
    let cx = app::open(config, Options::default()).await?;
    let (scope, permissions) = match (bureau, enterprise, area) {
        (Some(code), None, None) => (bureau_scope(&cx, code).await?, vec![Permission::WritePolicy]),
        (None, Some(uscc), None) => {
            (enterprise_scope(&cx, uscc).await?, vec![Permission::ReadEnterprise, Permission::WriteEnterprise])
        }
        (None, None, Some(area)) => (area_scope(&cx, area)?, vec![Permission::ReadEnterprise]),
        _ => return Err(Failure::bad_input("密钥要有范围:--bureau、--enterprise、--area 选一个")),
    };
    let key = secret::api_key()?;
    let mut tx = cx.store.begin().await?;
    let draft = ApiKey {
        id: String::new(),
        name: name.clone(),
        permissions: permissions.into_iter().collect(),
        scope,
        created_at: cx.now(),
        expires_at: None,
        revoked_at: None,
    };
    let made = tx.add_api_key(&Scope::System, &key, draft, &Actor::new("operator"), cx.now()).await?;
    tx.commit().await?;
    if format.json {
        return Ok(output::json(&json!({ "id": made.id, "name": name, "key": key }))?);
    }
    output::line(format!("已为「{name}」发放密钥(只显示这一次):"))?;
    Ok(output::line(key)?)
}

async fn bureau_scope(cx: &pipeline::Context, code: &str) -> Result<Scope, Failure> {
    let id = BureauId::of(code);
    match cx.store.find_bureau(&Scope::System, id).await? {
        Some(_) => Ok(Scope::Bureau(id)),
        None => {
            let known: Vec<String> = cx
                .store
                .list_bureaus(&Scope::System)
                .await?
                .into_iter()
                .map(|one| format!("{}({})", one.code, one.name))
                .collect();
            Err(Failure::bad_input(format!("--bureau 没有代码为 {code} 的部门;现有:{}", known.join("、"))))
        }
    }
}

async fn enterprise_scope(cx: &pipeline::Context, uscc: &str) -> Result<Scope, Failure> {
    let checked = rules::uscc::check(uscc).map_err(|problem| Failure::bad_input(format!("--enterprise:{problem}")))?;
    let uscc = checked.as_str();
    match cx.store.find_enterprise(&Scope::System, uscc).await? {
        Some(found) => Ok(Scope::Enterprise(found.ordinal)),
        None => Err(Failure::bad_input(format!("--enterprise:库中没有 {uscc};先导入这家企业"))),
    }
}

fn area_scope(cx: &pipeline::Context, name: &str) -> Result<Scope, Failure> {
    let known = cx.reference.areas.name(name).map(|_| name.to_owned());
    let code = known.or_else(|| cx.reference.areas.find(name).map(str::to_owned));
    code.map(Scope::Area)
        .ok_or_else(|| Failure::bad_input(format!("--area 没有「{name}」;写行政区划名称或代码,例如 洪山区")))
}
