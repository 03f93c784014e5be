//! `import enterprises|policies|calls FILE [--template]`.

use std::path::Path;

use domain::Clock;
use intake::{Gate, Isolation};
use pipeline::ingest::{self, Import as Run, Kind, Progress};
use serde_json::json;
use storage::Actor;

use crate::app::{self, Options};
use crate::cli::{Import, TableKind};
use crate::clock::SystemClock;
use crate::config::Config;
use crate::failure::Failure;
use crate::output;

pub(super) async fn run(config: &Config, args: &Import) -> Result<(), Failure> {
    let kind = match args.kind {
        TableKind::Enterprises => Kind::Enterprises,
        TableKind::Policies => Kind::Policies,
        TableKind::Calls => Kind::Calls,
    };
    let cx = if args.template { None } else { Some(app::open(config, Options::default()).await?) };
    let Some(cx) = cx else { return template(config, kind, args) };
    let start = SystemClock.now();
    let tell = |progress: Progress| output::progress(told(progress, SystemClock.now().0.saturating_sub(start.0)));
    let import = Run {
        store: &cx.store,
        actor: Actor::new("operator"),
        at: cx.now(),
        today: cx.now().day(config.city.zone),
        gate: Gate::operator(),
        isolation: isolation()?,
        again: false,
        rejects: args.rejects.clone(),
        progress: &tell,
    };
    let report = ingest::import(&import, kind, &args.file).await.map_err(|error| refused(&args.file, error))?;
    pipeline::index::follow(&cx).await?;
    if args.json.json {
        return Ok(output::json(&json!({
            "already_imported": report.already_imported, "accepted": report.accepted, "rejected": report.rejected,
            "created": report.created, "changed": report.changed, "unchanged": report.unchanged,
            "reject_file": report.reject_file, "warnings": report.warnings,
        }))?);
    }
    if report.already_imported {
        return Ok(output::line("这个文件此前已导入,没有变化")?);
    }
    output::line(format!(
        "接收 {} 行(新增 {},更新 {},无变化 {}),未通过 {} 行",
        report.accepted, report.created, report.changed, report.unchanged, report.rejected
    ))?;
    for (warning, count) in &report.warnings {
        output::line(format!("  提醒({count} 次):{warning}"))?;
    }
    if let Some(file) = &report.reject_file {
        output::line(format!("  未通过的行与原因:{}", file.display()))?;
    }
    Ok(())
}

fn template(config: &Config, kind: Kind, args: &Import) -> Result<(), Failure> {
    let today = SystemClock.now().day(config.city.zone);
    let bytes = ingest::template(kind, &app::reference(), today).xlsx()?;
    std::fs::write(&args.file, bytes)
        .map_err(|error| Failure::bad_input(format!("写不了 {}({error})", args.file.display())))?;
    Ok(output::line(format!("模板已写入 {};填好后用同一命令去掉 --template 导入", args.file.display()))?)
}

/// Workbooks are read in a limited child process: this same program.
fn isolation() -> Result<Isolation, Failure> {
    Ok(Isolation::Child(std::env::current_exe()?))
}

/// The child: gate and file as its two arguments, rows on stdout.
pub(super) fn child(args: &[String]) -> Result<(), Failure> {
    let [gate, file] = args else { return Err(Failure::bad_input("intake-child 由程序自己调用")) };
    Ok(intake::sheet::run_child(gate, Path::new(file), &mut std::io::stdout().lock())?)
}

/// How far it is, how fast, and how long it will still take at this speed. `spent` is in milliseconds.
fn told(progress: Progress, spent: i64) -> String {
    let spent = spent.unsigned_abs().max(1);
    let Progress { accepted, rejected, passed, bytes_read, bytes_total } = progress;
    let percent = bytes_read.saturating_mul(100).checked_div(bytes_total).unwrap_or(100);
    let rate = (accepted + rejected).saturating_sub(passed).saturating_mul(1000) / spent;
    let left = bytes_total.saturating_sub(bytes_read).saturating_mul(spent).checked_div(bytes_read).unwrap_or_default();
    let left = match left / 1000 {
        0 => String::new(),
        seconds @ ..60 => format!(",约剩 {seconds} 秒"),
        seconds => format!(",约剩 {} 分 {} 秒", seconds / 60, seconds % 60),
    };
    format!("已读 {percent}%:接收 {accepted} 行,未通过 {rejected} 行,每秒 {rate} 行{left}")
}

/// What lies in the file is bad input; what lies with us is a failure.
fn refused(file: &Path, error: pipeline::Error) -> Failure {
    match error.for_user() {
        Some(message) if message.contains(&*file.to_string_lossy()) => Failure::bad_input(message),
        Some(message) => Failure::bad_input(format!("{}:{message}", file.display())),
        None => Failure::from(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_tells_rate_and_remaining_time_of_what_this_run_did() {
        let progress = Progress { accepted: 3_000, rejected: 10, passed: 1_000, bytes_read: 250, bytes_total: 1_000 };
        assert_eq!(told(progress, 1_000), "已读 25%:接收 3000 行,未通过 10 行,每秒 2010 行,约剩 3 秒");
        assert!(told(progress, 60_000).ends_with("约剩 3 分 0 秒"));
        let done = Progress { bytes_read: 1_000, ..progress };
        assert_eq!(told(done, 0), "已读 100%:接收 3000 行,未通过 10 行,每秒 2010000 行");
        let empty = Progress { accepted: 0, rejected: 0, passed: 0, bytes_read: 0, bytes_total: 0 };
        assert_eq!(told(empty, 0), "已读 100%:接收 0 行,未通过 0 行,每秒 0 行");
    }
}
