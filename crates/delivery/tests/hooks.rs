//! Webhooks against a receiver that does everything wrong, and mail beside them over the same TLS.
#![expect(clippy::unwrap_used, reason = "the helpers of tests stop them")]

use std::future::ready;
use std::time::Duration;

use delivery::{HookParcel, Hooks, MailParcel, MailTransport, Mailer, Security, SmtpSettings};
use domain::{HookLetter, Instant, MailLetter, Outcome, PushId, UrlPolicy};
use doubles::{Answer, Authority, HttpSink, SmtpSink, SmtpSinkOptions};
use outbound::{Limits, Outbound, Trust};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const NOW: Instant = Instant(1_795_396_200_999);

fn hooks(trust: &Trust) -> Hooks {
    hooks_within(Duration::from_secs(30), trust)
}

fn hooks_within(total: Duration, trust: &Trust) -> Hooks {
    let policy = UrlPolicy::new(["127.0.0.0/8", "::1/128"].map(|cidr| cidr.parse().unwrap()).to_vec());
    let limits = Limits { total, ..Limits::default() };
    Hooks::new(Outbound::new(policy, limits, trust).unwrap())
}

fn letter() -> HookLetter {
    HookLetter { body: r#"{"type":"push.digest","timestamp":"2026-11-23T01:10:00.000Z","data":{"名":"值"}}"#.into() }
}

async fn send(hooks: &Hooks, url: &str, secret: &str, commit: bool) -> Outcome {
    let letter = letter();
    let parcel = HookParcel { push: PushId::of("a"), url, secret, letter: &letter, at: NOW };
    hooks.send(&parcel, || ready(commit)).await
}

async fn answered(answer: Answer) -> (Outcome, usize) {
    let folder = tempfile::tempdir().unwrap();
    let sink = HttpSink::start(folder.path(), None).await.unwrap();
    let patience = Duration::from_secs(if answer == Answer::Hang { 1 } else { 30 });
    sink.script([answer]);
    let outcome = send(&hooks_within(patience, &Trust::builtin()), &sink.url("/hook"), SECRET, true).await;
    (outcome, sink.requests().len())
}

#[tokio::test]
async fn a_webhook_carries_the_three_headers_and_the_exact_body() {
    let folder = tempfile::tempdir().unwrap();
    let sink = HttpSink::start(folder.path(), None).await.unwrap();
    let hooks = hooks(&Trust::builtin());
    for _ in 0..2 {
        let outcome = send(&hooks, &sink.url("/hook"), SECRET, true).await;
        assert_eq!(outcome, Outcome::Sent { receipt: "204".into() });
    }
    let requests = sink.requests();
    let request = &requests[0];
    assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/hook"));
    assert_eq!(request.body, letter().body);
    assert_eq!(request.headers["webhook-id"], PushId::of("a").to_string());
    assert_eq!(request.headers["webhook-timestamp"], "1795396200");
    assert_eq!(request.headers["content-type"], "application/json");
    assert!(request.headers["webhook-signature"].starts_with("v1,"));
    assert_eq!(requests[0], requests[1], "every attempt has the same id");
}

#[tokio::test]
async fn each_answer_ends_as_the_standard_says() {
    let cases = [
        (Answer::status(200), "sent"),
        (Answer::status(410), "dead"),
        (Answer::status(500), "retry"),
        (Answer::status(404), "retry"),
        (Answer::with_header(301, "location", "http://127.0.0.1:1/"), "retry"),
        (Answer::with_header(429, "retry-after", "7"), "retry after 7000 ms"),
        (Answer::with_header(503, "retry-after", "soon"), "retry"),
        (Answer::Hang, "retry"),
        (Answer::Close, "retry"),
        (Answer::Endless, "sent"),
    ];
    for (answer, expected) in cases {
        let (outcome, received) = answered(answer.clone()).await;
        assert_eq!(kind(&outcome), expected, "{answer:?}: {outcome:?}");
        assert_eq!(received, 1, "{answer:?}");
    }
}

fn kind(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Sent { .. } => "sent".into(),
        Outcome::Retry { after_millis: None, .. } => "retry".into(),
        Outcome::Retry { after_millis: Some(millis), .. } => format!("retry after {millis} ms"),
        Outcome::Failed { suppress_channel: true, .. } => "dead".into(),
        Outcome::Failed { .. } => "failed".into(),
        Outcome::InDoubt { .. } => "in doubt".into(),
    }
}

#[tokio::test]
async fn after_a_refused_commit_nothing_leaves() {
    let folder = tempfile::tempdir().unwrap();
    let sink = HttpSink::start(folder.path(), None).await.unwrap();
    let outcome = send(&hooks(&Trust::builtin()), &sink.url("/"), SECRET, false).await;
    assert!(matches!(outcome, Outcome::Retry { .. }));
    assert!(sink.requests().is_empty());
}

#[tokio::test]
async fn a_bad_address_or_secret_fails_without_a_request() {
    let folder = tempfile::tempdir().unwrap();
    let sink = HttpSink::start(folder.path(), None).await.unwrap();
    let hooks = hooks(&Trust::builtin());
    for (url, secret) in [
        ("http://10.0.0.1/", SECRET),
        ("https://169.254.169.254/latest/", SECRET),
        ("file:///etc/passwd", SECRET),
        (sink.url("/").as_str(), "whsec_short"),
    ] {
        let outcome = send(&hooks, url, secret, true).await;
        assert!(matches!(outcome, Outcome::Failed { suppress_channel: false, .. }), "{url}: {outcome:?}");
    }
    assert!(sink.requests().is_empty());
}

#[test]
fn a_parcel_shows_neither_secret_nor_address() {
    let letter = letter();
    let parcel =
        HookParcel { push: PushId::of("a"), url: "https://x.example/token", secret: SECRET, letter: &letter, at: NOW };
    let shown = format!("{parcel:?}");
    assert!(!shown.contains("token") && !shown.contains("whsec_"), "{shown}");
}

/// Two TLS providers in one process would make the second handshake panic.
#[tokio::test]
async fn an_https_and_an_smtps_connection_live_in_one_process() {
    outbound::install_tls_provider();
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new();
    let trust = Trust::with_pem(authority.pem().as_bytes()).unwrap();
    let http = HttpSink::start(&folder.path().join("http"), Some(authority.clone())).await.unwrap();
    let options = SmtpSinkOptions { security: doubles::Security::Tls, login: None, authority };
    let smtp = SmtpSink::start(&folder.path().join("smtp"), options).await.unwrap();

    let hook = send(&hooks(&trust), &http.url("/hook"), SECRET, true).await;
    let settings = SmtpSettings { trust, ..SmtpSettings::new("localhost", smtp.port(), Security::Tls) };
    let mailer = Mailer::new("push@hqt.example.cn", &MailTransport::Smtp(Box::new(settings))).unwrap();
    let letter = MailLetter {
        sender_name: "武汉惠企政策服务".into(),
        subject: "测试".into(),
        text: "正文".into(),
        html: "<p>正文</p>".into(),
        unsubscribe_url: "https://hqt.example.cn/u".into(),
        campaign: "weekly".into(),
    };
    let parcel = MailParcel { push: PushId::of("a"), to: "zhou@example.com", letter: &letter, at: NOW };
    let mail = mailer.send(&parcel, || ready(true)).await;

    assert!(matches!(hook, Outcome::Sent { .. }) && matches!(mail, Outcome::Sent { .. }), "{hook:?} {mail:?}");
    assert_eq!((http.requests().len(), smtp.mails().len()), (1, 1));
}
