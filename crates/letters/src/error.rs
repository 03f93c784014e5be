//! Why a letter could not be rendered.

use thiserror::Error;

#[derive(Debug, Error)]
pub enum LetterError {
    #[error("unknown template `{name}`, expected one of mail.subject.txt, mail.txt, mail.html")]
    UnknownTemplate { name: String },
    #[error("the template syntax cannot be configured")]
    Syntax(#[source] minijinja::Error),
    #[error("template `{name}` cannot be parsed")]
    Parse { name: String, source: minijinja::Error },
    #[error("template `{name}` cannot be rendered")]
    Render { name: &'static str, source: minijinja::Error },
    #[error("the webhook body cannot be written as JSON")]
    Json(#[from] serde_json::Error),
}
