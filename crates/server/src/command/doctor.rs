//! `doctor`: is everything here that a good day needs? Reads only; opens no connection beyond the database.

use std::path::Path;

use domain::{Clock, Scope};
use rules::Reference;
use serde::Serialize;
use serde_json::json;

use super::migrate;
use crate::app::{self, Options};
use crate::clock::SystemClock;
use crate::config::{Config, Transport};
use crate::failure::Failure;
use crate::output;

/// One finding. `remedy` is there when it is not well.
#[derive(Debug, Serialize)]
struct Finding {
    name: &'static str,
    well: bool,
    detail: String,
    remedy: Option<String>,
}

impl Finding {
    fn well(name: &'static str, detail: impl Into<String>) -> Self {
        Self { name, well: true, detail: detail.into(), remedy: None }
    }

    fn ill(name: &'static str, detail: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { name, well: false, detail: detail.into(), remedy: Some(remedy.into()) }
    }
}

pub(super) async fn run(config: &Config, json: bool) -> Result<(), Failure> {
    let mut findings =
        vec![data_dir(&config.data.dir), clock(config), calendar(config), mail(config), addresses(config)];
    let counts = database(config, &mut findings).await;
    if json {
        output::json(&json!({ "findings": findings, "counts": counts }))?;
    } else {
        for one in &findings {
            output::line(format!("{} {:<6} {}", if one.well { "✓" } else { "✗" }, one.name, one.detail))?;
            if let Some(remedy) = &one.remedy {
                output::line(format!("         → {remedy}"))?;
            }
        }
    }
    match findings.iter().filter(|one| !one.well).count() {
        0 => Ok(()),
        count => Err(Failure::Failed(anyhow::anyhow!("有 {count} 项需要处理"))),
    }
}

fn data_dir(dir: &Path) -> Finding {
    let probe = dir.join(".doctor");
    let outcome = std::fs::create_dir_all(dir)
        .and_then(|()| std::fs::write(&probe, b""))
        .and_then(|()| std::fs::remove_file(&probe));
    match outcome {
        Ok(()) => Finding::well("数据目录", format!("{} 可写", dir.display())),
        Err(error) => Finding::ill("数据目录", format!("{} 不可写:{error}", dir.display()), "检查 data.dir 与目录权限"),
    }
}

fn clock(config: &Config) -> Finding {
    let now = SystemClock.now().in_zone(config.city.zone);
    Finding::well("时间", format!("{}({})", now.format("%Y-%m-%d %H:%M:%S"), config.city.zone))
}

fn calendar(config: &Config) -> Finding {
    let year = chrono::Datelike::year(&SystemClock.now().day(config.city.zone));
    if Reference::builtin().calendar.is_arranged(year) {
        return Finding::well("工作日历", format!("{year} 年按国务院放假安排"));
    }
    Finding::ill(
        "工作日历",
        format!("{year} 年没有放假安排,按周末与固定节日推算"),
        "更新程序,或补充 config/reference/calendar.toml",
    )
}

fn mail(config: &Config) -> Finding {
    match config.mail.transport {
        Transport::Mailbox => Finding::well("邮件", format!("写入 {},不外发", config.mailbox_dir().display())),
        Transport::Smtp => Finding::well("邮件", format!("经 {}:{} 发送(未连接)", config.mail.host, config.mail.port)),
    }
}

fn addresses(config: &Config) -> Finding {
    let public = !config.server.bind.ip().is_loopback();
    if public && config.server.base_url.is_empty() {
        return Finding::ill(
            "链接地址",
            format!("邮件中的链接指向 {}", config.base_url()),
            "设置 server.base_url 为对外网址",
        );
    }
    Finding::well("链接地址", config.base_url())
}

/// Schema, rows and index; says what it could not reach.
async fn database(config: &Config, findings: &mut Vec<Finding>) -> serde_json::Value {
    if let Err(failure) = migrate::require_current(config).await {
        findings.push(Finding::ill("数据库", failure.to_string(), "运行 hanqitong migrate,并检查 database.url"));
        return serde_json::Value::Null;
    }
    match counts(config).await {
        Ok((counts, position, proof)) => {
            findings.push(Finding::well("数据库", format!("结构最新;{counts}")));
            findings.push(index(&counts, position));
            findings.extend(city(config, &proof));
            counts
        }
        Err(failure) => {
            findings.push(Finding::ill("数据库", failure.to_string(), "检查数据库与索引目录"));
            serde_json::Value::Null
        }
    }
}

/// Row counts, position of the index, and what the last comparison of the city found.
async fn counts(config: &Config) -> Result<(serde_json::Value, Option<i64>, serde_json::Value), Failure> {
    let cx = app::open(config, Options::default()).await?;
    let library = cx.store.load_library(&Scope::System).await?;
    let enterprises = cx.store.count_enterprises(&Scope::System).await?;
    let counts = json!({
        "policies": library.policies.len(), "items": library.items.len(), "calls": library.calls.len(),
        "enterprises": enterprises, "revision": library.seq,
    });
    let proof = cx.store.last_audit(&Scope::System, pipeline::proving::PROVED).await?;
    let proof = proof.and_then(|entry| serde_json::from_str(&entry.detail).ok()).unwrap_or_default();
    Ok((counts, cx.index.position(), proof))
}

/// The rows kept for a quick start, and whether memory and database said the same when last compared.
fn city(config: &Config, proof: &serde_json::Value) -> [Finding; 2] {
    let file = config.census_file();
    let kept = match std::fs::metadata(&file) {
        Ok(kept) => format!("{}({} MB),启动时直接读取", file.display(), kept.len().div_ceil(1 << 20)),
        Err(_) => "还没有,首次判定时从数据库读取企业并生成".to_owned(),
    };
    let number = |key: &str| proof[key].as_u64().unwrap_or_default();
    let (enterprises, items) = (number("enterprises"), number("items"));
    let compared = match proof["differing"].as_u64() {
        None => Finding::well("每周比对", "还没有做过"),
        Some(0) => Finding::well("每周比对", format!("{enterprises} 家 × {items} 项与数据库一致")),
        Some(differing) => Finding::ill(
            "每周比对",
            format!("{enterprises} 家 × {items} 项中有 {differing} 对与数据库不一致"),
            "内存中的企业已重新读取;在审计中查 city.proved,每对都有两份理由,核对是否有人绕过程序改过数据库",
        ),
    };
    [Finding::well("企业快照", kept), compared]
}

fn index(counts: &serde_json::Value, position: Option<i64>) -> Finding {
    match (position, counts["revision"].as_i64()) {
        (Some(at), Some(latest)) if at >= latest => Finding::well("索引", format!("已跟上数据版本 {latest}")),
        (Some(at), Some(latest)) => Finding::well("索引", format!("在数据版本 {at},后台会跟到 {latest}")),
        _ => Finding::ill("索引", "还没有建立", "运行 hanqitong index rebuild,或启动 serve 由后台建立"),
    }
}
