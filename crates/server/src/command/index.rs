//! `index rebuild`: write the whole index anew from the database.

use crate::app::{self, Options};
use crate::config::Config;
use crate::failure::Failure;
use crate::output;

pub(super) async fn rebuild(config: &Config) -> Result<(), Failure> {
    let cx = app::open(config, Options::default()).await?;
    let count = pipeline::index::rebuild(&cx, |done| output::progress(format!("已读取 {done} 份政策"))).await?;
    Ok(output::line(format!("索引已重建:{count} 份政策"))?)
}
