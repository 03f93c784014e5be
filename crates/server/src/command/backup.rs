//! `backup FILE` and `restore FILE`: the whole database as one file, for either engine.

use std::path::Path;

use domain::Scope;

use super::migrate;
use crate::app::{self, Options};
use crate::config::Config;
use crate::failure::Failure;
use crate::output;

pub(super) async fn backup(config: &Config, file: &Path) -> Result<(), Failure> {
    let cx = app::open(config, Options::default()).await?;
    let manifest = cx.store.backup_to(&Scope::System, file).await?;
    Ok(output::line(format!("已备份 {} 行到 {}(sha256 {})", manifest.rows, file.display(), manifest.sha256))?)
}

/// Migrates an empty database and fills it; a database with content is refused.
pub(super) async fn restore(config: &Config, file: &Path) -> Result<(), Failure> {
    if !file.is_file() {
        return Err(Failure::bad_input(format!("没有备份文件 {}", file.display())));
    }
    migrate::apply(config).await?;
    let cx = app::open(config, Options::default()).await?;
    let manifest = cx.store.restore_from(&Scope::System, file).await.map_err(refused)?;
    pipeline::index::rebuild(&cx, |_| ()).await?;
    Ok(output::line(format!("已恢复 {} 行;索引已重建", manifest.rows))?)
}

fn refused(error: storage::Error) -> Failure {
    use storage::Error;
    match error {
        Error::NotEmpty { .. } => Failure::bad_input("目标数据库已有数据,不会覆盖;请指定一个空的数据库或数据目录"),
        Error::OtherSchema { backup, database } => Failure::bad_input(format!(
            "备份的结构版本是 {backup},数据库是 {database};请用生成备份的那一版程序恢复,再升级"
        )),
        Error::BadBackup { .. } => Failure::bad_input(format!("备份文件不完整或被改动过:{error}")),
        other => Failure::from(other),
    }
}
