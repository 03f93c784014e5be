//! What only the demo has: its synthetic firms, its mailbox and its webhook receiver.

use serde::Serialize;

use super::shell::{Link, Shell};
use crate::templates::View;

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Demo {
    pub(crate) shell: Shell,
    pub(crate) firms: Vec<DemoFirm>,
    pub(crate) mails: usize,
    pub(crate) hooks: usize,
    pub(crate) next: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct DemoFirm {
    pub(crate) link: Link,
    pub(crate) uscc: String,
    pub(crate) place: Option<String>,
    pub(crate) industry: Option<String>,
    pub(crate) facts: usize,
}

impl View for Demo {
    const TEMPLATE: &'static str = "demo.html";

    fn sample() -> Self {
        Self {
            shell: Shell::sample("演示", "demo"),
            firms: vec![DemoFirm {
                link: Link::new("示例软件有限公司", "/enterprises/91420100MA00000000"),
                uscc: "91420100MA00000000".to_owned(),
                place: None,
                industry: Some("软件和信息技术服务业".to_owned()),
                facts: 23,
            }],
            mails: 3,
            hooks: 2,
            next: Some("/demo?after=50".to_owned()),
        }
    }
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Mailbox {
    pub(crate) shell: Shell,
    pub(crate) mails: Vec<MailLine>,
    pub(crate) total: usize,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct MailLine {
    pub(crate) link: Link,
    pub(crate) to: String,
    pub(crate) when: String,
}

impl View for Mailbox {
    const TEMPLATE: &'static str = "mailbox.html";

    fn sample() -> Self {
        let mail = MailLine {
            link: Link::new("本周 3 项政策与您有关", "/demo/mailbox/1.eml"),
            to: "a@example.com".to_owned(),
            when: "2026 年 11 月 23 日".to_owned(),
        };
        Self { shell: Shell::sample("演示信箱", "demo"), mails: vec![mail], total: 1 }
    }
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct MailPage {
    pub(crate) shell: Shell,
    pub(crate) subject: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) text: Option<String>,
    /// Address of the HTML part, shown in a sandboxed frame.
    pub(crate) html: Option<String>,
}

impl View for MailPage {
    const TEMPLATE: &'static str = "mail.html";

    fn sample() -> Self {
        Self {
            shell: Shell::sample("邮件", "demo"),
            subject: "本周 3 项政策与您有关".to_owned(),
            headers: vec![("收件人".to_owned(), "a@example.com".to_owned())],
            text: Some("您好".to_owned()),
            html: Some("/demo/mailbox/1.eml/html".to_owned()),
        }
    }
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Receiver {
    pub(crate) shell: Shell,
    pub(crate) received: Vec<Received>,
    pub(crate) total: usize,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Received {
    pub(crate) name: String,
    pub(crate) when: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl View for Receiver {
    const TEMPLATE: &'static str = "receiver.html";

    fn sample() -> Self {
        let received = Received {
            name: "oa".to_owned(),
            when: "2026 年 11 月 23 日".to_owned(),
            headers: vec![("webhook-id".to_owned(), "msg_1".to_owned())],
            body: "{}".to_owned(),
        };
        Self { shell: Shell::sample("演示接收端", "demo"), received: vec![received], total: 1 }
    }
}
