//! `migrate [--check]`: bring the schema up to this program, or only say what is missing.

use crate::config::Config;
use crate::failure::Failure;
use crate::output;

pub(super) async fn run(config: &Config, check: bool) -> Result<(), Failure> {
    if check {
        let pending = pending(config).await?;
        return match pending.as_slice() {
            [] => Ok(output::line("数据库结构已是最新")?),
            steps => Err(Failure::Failed(anyhow::anyhow!(
                "有 {} 步升级未执行:{};运行 hanqitong migrate",
                steps.len(),
                steps.join("、")
            ))),
        };
    }
    match apply(config).await?.as_slice() {
        [] => output::line("数据库结构已是最新")?,
        steps => output::line(format!("已执行 {} 步:{}", steps.len(), steps.join("、")))?,
    }
    Ok(())
}

/// Applies what is pending; makes the data directory first.
pub(crate) async fn apply(config: &Config) -> Result<Vec<String>, Failure> {
    std::fs::create_dir_all(&config.data.dir)
        .map_err(|error| anyhow::anyhow!("不能创建数据目录 {}:{error}", config.data.dir.display()))?;
    migrations::apply(&config.database_url()).await.map_err(describe)
}

/// Refuses a database that this program would misread.
pub(crate) async fn require_current(config: &Config) -> Result<(), Failure> {
    match pending(config).await?.len() {
        0 => Ok(()),
        count => Err(Failure::Failed(anyhow::anyhow!("数据库结构落后 {count} 步;先运行 hanqitong migrate"))),
    }
}

async fn pending(config: &Config) -> Result<Vec<String>, Failure> {
    let url = config.database_url();
    if let Some(file) = missing_sqlite_file(&url) {
        return Err(Failure::Failed(anyhow::anyhow!(
            "数据库 {file} 还不存在;先运行 hanqitong migrate(或 hanqitong demo)"
        )));
    }
    migrations::pending(&url).await.map_err(describe)
}

/// Asking an absent SQLite file for its state would create it.
fn missing_sqlite_file(url: &str) -> Option<&str> {
    let file = url.strip_prefix("sqlite://")?.split('?').next()?;
    (!std::path::Path::new(file).exists()).then_some(file)
}

fn describe(error: migrations::Error) -> Failure {
    match &error {
        migrations::Error::Newer { .. } => Failure::Failed(anyhow::anyhow!(
            "数据库由更新版本的程序升级过,本程序不认识它的结构;请使用更新的 hanqitong({error})"
        )),
        _ => Failure::Failed(
            anyhow::Error::new(error).context("数据库连不上;请检查 database.url、网络与数据库是否在运行"),
        ),
    }
}
