//! The whole way with real letters into software that is not ours: aiosmtpd and the reference library of Standard
//! Webhooks, in `tests/external/verify.py`.

use std::io::{BufRead, BufReader, Lines};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use e2e::{Program, books, is_required, python};
use serde_json::Value;

use crate::EXE;

/// The script; it gives up by itself.
struct Verifier {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Verifier {
    fn start(arguments: &[String]) -> Option<Self> {
        let Some(python) = python() else {
            assert!(!is_required("PYTHON"), "HANQITONG_REQUIRE_PYTHON is set and HANQITONG_PYTHON is not");
            eprintln!("skipped: HANQITONG_PYTHON does not name a Python with tests/external/requirements.txt");
            return None;
        };
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("external/verify.py");
        let mut child =
            Command::new(python).arg(script).args(arguments).stdout(Stdio::piped()).spawn().expect("Python starts");
        let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        Some(Self { child, lines })
    }

    fn says(&mut self) -> Value {
        serde_json::from_str(&self.lines.next().expect("a line").expect("text")).expect("JSON")
    }
}

impl Drop for Verifier {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The receiver must know the secrets before it starts and the firms its address before they are told, so a first
/// city is founded for its secrets and moved to the receiver's address after that.
#[test]
fn this_weeks_push_is_taken_by_an_smtp_server_and_a_webhook_library_not_written_by_us() {
    let city = Program::on_sqlite(EXE);
    city.ok(&["migrate"]);
    city.ok(&["seed", "--demo"]);
    let expected = city.json(&["push", "plan"])["pushes"].clone();
    let mut arguments = vec!["--timeout=300".to_owned()];
    arguments.push(format!("--mails={}", expected["email"]));
    arguments.push(format!("--hooks={}", expected["webhook"]));
    arguments.extend(books::secrets(&city).into_iter().map(|secret| format!("--secret={secret}")));
    let Some(mut verifier) = Verifier::start(&arguments) else { return };
    let address = verifier.says();
    let receiver = address["hook_url"].as_str().expect("an address").trim_end_matches("/hook");
    let city = city
        .with("SERVER__BASE_URL", receiver)
        .with("OUTBOUND__ALLOW", r#"["127.0.0.0/8"]"#)
        .with("MAIL__TRANSPORT", "smtp")
        .with("MAIL__HOST", "127.0.0.1")
        .with("MAIL__PORT", address["smtp_port"].to_string())
        .with("MAIL__SECURITY", "none");
    // Secrets and subscriptions stay, addresses are written anew.
    city.ok(&["seed", "--demo"]);
    let report = city.json(&["push", "run"]);
    let verdict = verifier.says();
    assert_eq!(verdict["ok"], true, "{verdict:#}\n{:#}", report["delivery"]);
}
