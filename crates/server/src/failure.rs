//! How a command ends: done (0), failed (1), or wrong usage and bad input (2).

use std::process::ExitCode;

/// Why a command did not finish.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The request itself is wrong; the text names the place and the remedy.
    BadInput(String),
    /// The request is fine and something failed.
    Failed(anyhow::Error),
}

impl Failure {
    pub(crate) fn bad_input(message: impl Into<String>) -> Self {
        Self::BadInput(message.into())
    }

    /// Says it on stderr and gives the exit code.
    pub(crate) fn report(&self) -> ExitCode {
        match self {
            Self::BadInput(_) => {
                crate::output::progress(format!("错误:{self}"));
                ExitCode::from(2)
            }
            Self::Failed(_) => {
                crate::output::progress(format!("失败:{self}"));
                ExitCode::from(1)
            }
        }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::BadInput(message) => f.write_str(message),
            Self::Failed(error) => write!(f, "{error:#}"),
        }
    }
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}
