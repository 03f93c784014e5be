//! `import enterprises|policies|calls FILE [--template]`.

use std::path::Path;

use intake::{Gate, Isolation};
use pipeline::ingest::{self, Import as Run, Kind, Progress};
use serde_json::json;
use storage::Actor;

use crate::app::{self, Options};
use crate::cli::{Import, TableKind};
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
    let import = Run {
        store: &cx.store,
        actor: Actor::new("operator"),
        at: cx.now(),
        today: cx.now().day(config.city.zone),
        gate: Gate::operator(),
        isolation: isolation()?,
        again: false,
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
    use domain::Clock;
    let today = crate::clock::SystemClock.now().day(config.city.zone);
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

fn tell(progress: Progress) {
    let percent = progress.bytes_read.saturating_mul(100).checked_div(progress.bytes_total).unwrap_or(100);
    output::progress(format!("已读 {percent}%:接收 {} 行,未通过 {} 行", progress.accepted, progress.rejected));
}

/// What lies in the file is bad input; what lies with us is a failure.
fn refused(file: &Path, error: pipeline::Error) -> Failure {
    match error.for_user() {
        Some(message) if message.contains(&*file.to_string_lossy()) => Failure::bad_input(message),
        Some(message) => Failure::bad_input(format!("{}:{message}", file.display())),
        None => Failure::from(error),
    }
}
