//! Why a step of the pipeline could not go on.

use thiserror::Error;

use crate::ingest::SeedProblem;

#[derive(Debug, Error)]
pub enum Error {
    #[error("storage")]
    Storage(#[from] storage::Error),
    #[error("the city in memory")]
    Census(#[from] census::Error),
    /// The file as a whole was refused; its lines are reported one by one instead.
    #[error("the file was refused")]
    Intake(#[from] intake::IntakeError),
    #[error("the file has no column for {}", .labels.join(", "))]
    MissingColumns { labels: Vec<String> },
    #[error("{} problems in the seeds", .0.len())]
    Seeds(Vec<SeedProblem>),
    #[error("the index refused")]
    Search(#[from] search::Error),
    #[error("a letter cannot be rendered")]
    Letter(#[from] letters::LetterError),
    #[error("a letter cannot be stored as JSON")]
    LetterJson(#[from] serde_json::Error),
    /// Another planner is at the same lines; the next tick looks again.
    #[error("lines of this plan were claimed by another planner meanwhile")]
    Contended,
    #[error("`{text}` is no cron expression")]
    CronText { key: &'static str, text: String, source: Box<croner::errors::CronError> },
    #[error("the schedule has no such occurrence")]
    Cron(#[source] Box<croner::errors::CronError>),
    #[error("the reading task ended")]
    Reader(#[from] tokio::task::JoinError),
}

impl Error {
    /// What a person reads where the cause lies in what they gave us; `None` where it lies with us.
    pub fn for_user(&self) -> Option<String> {
        match self {
            Self::Intake(error) => Some(error.for_user()),
            Self::MissingColumns { labels } => {
                Some(format!("第 1 行缺少必填的列:{}。请用 import --template 生成的模板", labels.join("、")))
            }
            Self::Seeds(problems) => {
                let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
                Some(format!("种子数据有 {} 处问题,未写入任何数据:\n{}", problems.len(), lines.join("\n")))
            }
            Self::CronText { key, text, .. } => {
                Some(format!("{key} 不是五段的 cron 表达式:`{text}`;例如 10 9 * * 1(周一 09:10)"))
            }
            _ => None,
        }
    }

    pub(crate) fn cron(source: croner::errors::CronError) -> Self {
        Self::Cron(Box::new(source))
    }
}
