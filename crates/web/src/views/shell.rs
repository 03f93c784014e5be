//! What surrounds every page.

use serde::Serialize;

/// Head and foot of a page.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Shell {
    pub(crate) title: String,
    /// One sentence for search engines and link previews.
    pub(crate) description: String,
    /// Which entry of the navigation is the current one: `search`, `check`, `demo` or nothing.
    pub(crate) section: &'static str,
    /// 武汉市
    pub(crate) city: String,
    /// The day windows and conditions are judged on, in words.
    pub(crate) day: String,
    /// Position of the change feed the page was made from.
    pub(crate) revision: i64,
    /// Whether demo pages exist in this run.
    pub(crate) demo: bool,
    /// Changes with the sheet, so that a browser keeps it for ever and still gets the new one.
    pub(crate) sheet: String,
}

/// A text that leads somewhere.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Link {
    pub(crate) text: String,
    pub(crate) href: String,
}

impl Link {
    pub(crate) fn new(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self { text: text.into(), href: href.into() }
    }
}

impl Shell {
    pub(super) fn sample(title: &str, section: &'static str) -> Self {
        Self {
            title: title.to_owned(),
            description: "示例".to_owned(),
            section,
            city: "武汉市".to_owned(),
            day: "2026 年 11 月 23 日".to_owned(),
            revision: 42,
            demo: true,
            sheet: "0".to_owned(),
        }
    }
}
