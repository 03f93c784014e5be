//! Pages with one button, and pages that say what went wrong.

use serde::Serialize;

use super::shell::{Link, Shell};
use crate::templates::View;

/// A page that asks before it changes something, or says that it is done.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Action {
    pub(crate) shell: Shell,
    pub(crate) heading: String,
    pub(crate) text: String,
    /// Words of the button; `None` once it is done. The form posts to its own address.
    pub(crate) button: Option<&'static str>,
    pub(crate) links: Vec<Link>,
}

impl View for Action {
    const TEMPLATE: &'static str = "action.html";

    fn sample() -> Self {
        Self {
            shell: Shell::sample("退订", ""),
            heading: "停止接收政策通知".to_owned(),
            text: "按下按钮后不再发送。".to_owned(),
            button: Some("确认退订"),
            links: vec![Link::new("回首页", "/")],
        }
    }
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct ErrorPage {
    pub(crate) shell: Shell,
    pub(crate) status: u16,
    pub(crate) heading: String,
    pub(crate) text: String,
}

impl View for ErrorPage {
    const TEMPLATE: &'static str = "error.html";

    fn sample() -> Self {
        Self {
            shell: Shell::sample("没有找到", ""),
            status: 404,
            heading: "没有找到".to_owned(),
            text: "没有这个事项。".to_owned(),
        }
    }
}
