//! The real letters through the real channels into software that is not ours: `tests/external/verify.py`.
//!
//! Runs when `HANQITONG_PYTHON` names a Python that has `tests/external/requirements.txt` installed; with
//! `HANQITONG_REQUIRE_PYTHON` set it fails instead of passing without having run.
#![expect(clippy::unwrap_used, reason = "the helpers of tests stop them")]

use std::collections::BTreeMap;
use std::future::ready;
use std::io::{BufRead, BufReader, Lines};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::UNIX_EPOCH;

use delivery::{HookParcel, Hooks, MailParcel, MailTransport, Mailer, Security, SmtpSettings};
use domain::{ChannelKind, HookLetter, Instant, Letter, MailLetter, Outcome, PushId, UrlPolicy};
use letters::{Digest, Letters};
use outbound::{Limits, Outbound, Trust};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// The script, which gives up by itself, and what it says line by line.
struct Verifier {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Verifier {
    fn start(python: &str, mails: usize, hooks: usize) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/external/verify.py");
        let mut child = Command::new(python)
            .arg(script)
            .args(["--mails", &mails.to_string(), "--hooks", &hooks.to_string(), "--secret", SECRET])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    fn says(&mut self) -> serde_json::Value {
        serde_json::from_str(&self.lines.next().unwrap().unwrap()).unwrap()
    }
}

impl Drop for Verifier {
    fn drop(&mut self) {
        // It has ended by itself unless the test failed before its verdict.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[expect(clippy::disallowed_methods, reason = "where the interpreter is, is for the machine to say")]
fn python() -> Option<String> {
    let python = std::env::var("HANQITONG_PYTHON").ok();
    let required = std::env::var("HANQITONG_REQUIRE_PYTHON").is_ok();
    assert!(python.is_some() || !required, "HANQITONG_REQUIRE_PYTHON is set and HANQITONG_PYTHON is not");
    python
}

/// The receiver checks the age of a signature against the clock of its machine.
#[expect(clippy::disallowed_methods, reason = "the other side has a real clock")]
fn now() -> Instant {
    let since = std::time::SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Instant(i64::try_from(since.as_millis()).unwrap())
}

fn letters(digest: &Digest) -> (MailLetter, HookLetter) {
    let letters = Letters::new(&BTreeMap::new()).unwrap();
    let mail = letters.render(digest, ChannelKind::Email).unwrap();
    let hook = letters.render(digest, ChannelKind::Webhook).unwrap();
    match (mail, hook) {
        (Letter::Mail(mail), Letter::Hook(hook)) => (mail, hook),
        other => panic!("asked for a mail and a webhook, got {other:?}"),
    }
}

#[tokio::test]
async fn an_smtp_server_and_a_webhook_library_not_written_by_us_accept_what_we_send() {
    let Some(python) = python() else {
        println!("not run: HANQITONG_PYTHON is not set");
        return;
    };
    let digests = Digest::samples();
    let mut verifier = Verifier::start(&python, digests.len(), digests.len());
    let ports = verifier.says();

    let port = u16::try_from(ports["smtp_port"].as_u64().unwrap()).unwrap();
    let relay = SmtpSettings::new("127.0.0.1", port, Security::None);
    let mailer = Mailer::new("push@hqt.example.cn", &MailTransport::Smtp(Box::new(relay))).unwrap();
    let policy = UrlPolicy::new(vec!["127.0.0.0/8".parse().unwrap()]);
    let hooks = Hooks::new(Outbound::new(policy, Limits::default(), &Trust::builtin()).unwrap());
    for (number, digest) in digests.iter().enumerate() {
        let (mail, hook) = letters(digest);
        let push = PushId::of(&number.to_string());
        let parcel = MailParcel { push, to: "zhou@example.com", letter: &mail, at: now() };
        let sent = mailer.send(&parcel, || ready(true)).await;
        assert!(matches!(sent, Outcome::Sent { .. }), "{sent:?}");
        let url = ports["hook_url"].as_str().unwrap();
        let parcel = HookParcel { push, url, secret: SECRET, letter: &hook, at: now() };
        let sent = hooks.send(&parcel, || ready(true)).await;
        assert!(matches!(sent, Outcome::Sent { .. }), "{sent:?}");
    }
    let verdict = verifier.says();
    assert_eq!(verdict["ok"], true, "{verdict:#}");
}
