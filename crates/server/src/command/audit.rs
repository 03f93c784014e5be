//! `audit verify`: recompute every seal of the audit log.

use domain::Scope;
use serde_json::json;

use crate::app::{self, Options};
use crate::config::Config;
use crate::failure::Failure;
use crate::output;

pub(super) async fn verify(config: &Config, json: bool) -> Result<(), Failure> {
    let cx = app::open(config, Options::default()).await?;
    let report = cx.store.verify_audit(&Scope::System).await?;
    if json {
        output::json(&json!({
            "sound": report.is_sound(), "entries": report.entries, "seals": report.seals,
            "unsealed": report.unsealed, "broken": report.broken, "unchained": report.unchained,
        }))?;
    } else {
        output::line(format!(
            "审计记录 {} 条,封存 {} 次,封存之后 {} 条待下次封存",
            report.entries, report.seals, report.unsealed
        ))?;
        for (from, to) in &report.broken {
            output::line(format!("  第 {from}–{to} 条与封存时不同"))?;
        }
        for seal in &report.unchained {
            output::line(format!("  第 {seal} 次封存与前一次接不上"))?;
        }
    }
    if report.is_sound() { Ok(()) } else { Err(Failure::Failed(anyhow::anyhow!("审计记录与封存不符"))) }
}
