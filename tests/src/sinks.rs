//! Where letters end up in these tests: an SMTP server and a webhook receiver that write down what they took before
//! they say so. What they hold is what was really delivered.

use std::path::PathBuf;

use doubles::{HttpSink, Received, SmtpSink, SmtpSinkOptions};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::letter::Letter;
use crate::program::Program;

/// Both sinks with the runtime they live on.
#[derive(Debug)]
pub struct Sinks {
    smtp: SmtpSink,
    http: HttpSink,
    folder: TempDir,
    _runtime: Runtime,
}

/// One delivery as the other side knows it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Delivery {
    /// Message-ID without its domain, or `webhook-id`.
    pub push: String,
    /// Mail address or path of the receiver.
    pub to: String,
}

impl Sinks {
    pub fn start() -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
        let folder = tempfile::tempdir().expect("a temporary directory");
        let smtp = runtime.block_on(SmtpSink::start(&folder.path().join("mail"), SmtpSinkOptions::default()));
        let http = runtime.block_on(HttpSink::start(&folder.path().join("hooks"), None));
        Self { smtp: smtp.expect("a port"), http: http.expect("a port"), folder, _runtime: runtime }
    }

    /// The installation sends its mails here and is allowed to reach the receiver.
    #[must_use]
    pub fn wired(&self, program: Program) -> Program {
        program
            .with("MAIL__TRANSPORT", "smtp")
            .with("MAIL__HOST", "127.0.0.1")
            .with("MAIL__PORT", self.smtp.port().to_string())
            .with("MAIL__SECURITY", "none")
            .with("OUTBOUND__ALLOW", r#"["127.0.0.0/8"]"#)
    }

    /// Address that firms' webhooks of a demo installation start with.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.http.port())
    }

    /// How many deliveries were taken so far, without reading them.
    pub fn count(&self) -> usize {
        let taken = |name: &str| {
            let entries = std::fs::read_dir(self.path(name)).expect("a spool");
            entries
                .filter(|entry| entry.as_ref().is_ok_and(|file| !file.file_name().as_encoded_bytes().starts_with(b".")))
                .count()
        };
        taken("mail") + taken("hooks")
    }

    /// Mails in order of acceptance, from the one with this number on.
    pub fn letters(&self, from: usize) -> Vec<Letter> {
        self.smtp.mails().iter().skip(from).map(|mail| Letter::read(mail.data.as_bytes())).collect()
    }

    /// Webhook requests in order of acceptance, from the one with this number on.
    pub fn requests(&self, from: usize) -> Vec<Received> {
        self.http.requests().split_off(from)
    }

    /// Where the next mail and the next webhook will be.
    pub fn mark(&self) -> Mark {
        Mark { mails: self.smtp.mails().len(), hooks: self.http.requests().len() }
    }

    /// Everything delivered since a mark.
    pub fn deliveries(&self, since: Mark) -> Vec<Delivery> {
        let mails =
            self.letters(since.mails).into_iter().map(|mail| Delivery { push: mail.push().to_owned(), to: mail.to });
        let hooks = self.requests(since.hooks).into_iter().map(|hook| {
            let push = hook.headers.get("webhook-id").cloned().unwrap_or_default();
            Delivery { push, to: hook.path }
        });
        mails.chain(hooks).collect()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// A moment in both spools.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    pub mails: usize,
    pub hooks: usize,
}
