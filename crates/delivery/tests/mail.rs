//! Mails against a relay that does everything wrong, and against one that does it right.
#![expect(clippy::unwrap_used, reason = "the helpers of tests stop them")]

use std::future::ready;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use delivery::{Login, MailParcel, MailTransport, Mailer, Security, SmtpSettings, Timeouts};
use domain::{Instant, MailLetter, Outcome, PushId};
use doubles::{Act, Authority, Fault, Phase, SmtpSink, SmtpSinkOptions};
use outbound::Trust;
use tempfile::TempDir;
use tokio::task::JoinSet;

/// Where nothing hangs no machine may be too slow.
const PATIENT: Timeouts = Timeouts {
    connect: Duration::from_secs(30),
    command: Duration::from_secs(30),
    body_per_mib: Duration::from_secs(30),
    dot: Duration::from_secs(30),
};

/// Where something hangs the test waits for it.
const BRIEF: Timeouts =
    Timeouts { command: Duration::from_secs(1), body_per_mib: Duration::ZERO, dot: Duration::from_secs(1), ..PATIENT };

struct Rig {
    sink: SmtpSink,
    authority: Authority,
    _folder: TempDir,
}

impl Rig {
    async fn start(security: doubles::Security, login: Option<doubles::Login>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let authority = Authority::new();
        let options = SmtpSinkOptions { security, login, authority: authority.clone() };
        Self { sink: SmtpSink::start(folder.path(), options).await.unwrap(), authority, _folder: folder }
    }

    async fn clear() -> Self {
        Self::start(doubles::Security::None, None).await
    }

    fn settings(&self, security: Security) -> SmtpSettings {
        let trust = Trust::with_pem(self.authority.pem().as_bytes()).unwrap();
        SmtpSettings { trust, timeouts: PATIENT, ..SmtpSettings::new("localhost", self.sink.port(), security) }
    }

    fn mailer(&self) -> Mailer {
        mailer(self.settings(Security::None))
    }
}

fn mailer(settings: SmtpSettings) -> Mailer {
    Mailer::new("push@hqt.example.cn", &MailTransport::Smtp(Box::new(settings))).unwrap()
}

fn letter() -> MailLetter {
    MailLetter {
        sender_name: "武汉惠企政策服务".into(),
        subject: "3 项政策与贵单位有关".into(),
        text: "周明，您好：\n.\n..两个点\n".into(),
        html: "<p>周明，您好</p>".into(),
        unsubscribe_url: "https://hqt.example.cn/unsubscribe/7f3a".into(),
        campaign: "weekly-2026-W48".into(),
    }
}

async fn send(mailer: &Mailer, key: &str) -> Outcome {
    send_to(mailer, key, "zhou@example.com", || ready(true)).await
}

async fn send_to<C, F>(mailer: &Mailer, key: &str, to: &str, commit: C) -> Outcome
where
    C: FnOnce() -> F,
    F: Future<Output = bool>,
{
    let letter = letter();
    let parcel = MailParcel { push: PushId::of(key), to, letter: &letter, at: Instant(1_795_396_200_000) };
    mailer.send(&parcel, commit).await
}

fn kind(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Sent { .. } => "sent",
        Outcome::Retry { .. } => "retry",
        Outcome::Failed { suppress_channel: true, .. } => "dead",
        Outcome::Failed { .. } => "failed",
        Outcome::InDoubt { .. } => "in doubt",
    }
}

#[tokio::test]
async fn a_mail_arrives_whole_and_its_receipt_is_the_relays_own_words() {
    let rig = Rig::clear().await;
    let outcome = send(&rig.mailer(), "a").await;
    assert_eq!(outcome, Outcome::Sent { receipt: "250 2.0.0 kept".into() });
    let mails = rig.sink.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(
        (mails[0].from.as_str(), mails[0].to.as_slice()),
        ("push@hqt.example.cn", &["zhou@example.com".to_owned()][..])
    );
    assert!(mails[0].data.contains(&format!("Message-ID: <{}@hqt.example.cn>", PushId::of("a"))));
}

#[tokio::test]
async fn every_fault_at_every_step_ends_as_the_table_says_and_the_next_mail_is_not_harmed() {
    let hang = || Act::Hang;
    let cases = [
        (Fault::new(Phase::Greeting, hang()), "retry", 0),
        (Fault::reply(Phase::Greeting, "421 busy"), "retry", 0),
        (Fault::reply(Phase::Greeting, "554 no service"), "retry", 0),
        (Fault::new(Phase::Ehlo, hang()), "retry", 0),
        (Fault::reply(Phase::Ehlo, "451 later"), "retry", 0),
        (Fault::new(Phase::Mail, hang()), "retry", 0),
        (Fault::reply(Phase::Mail, "451 4.3.0 later"), "retry", 0),
        (Fault::reply(Phase::Mail, "421 4.3.2 closing"), "retry", 0),
        (Fault::reply(Phase::Mail, "552 5.3.4 too large"), "failed", 0),
        (Fault::reply(Phase::Mail, "354 out of place"), "retry", 0),
        (Fault::new(Phase::Rcpt, hang()), "retry", 0),
        (Fault::reply(Phase::Rcpt, "450 4.2.0 greylisted"), "retry", 0),
        (Fault::reply(Phase::Rcpt, "550 5.1.1 no such user"), "dead", 0),
        (Fault::reply(Phase::Rcpt, "550 content denied"), "failed", 0),
        (Fault::new(Phase::Data, Act::Close), "retry", 0),
        (Fault::reply(Phase::Data, "451 4.3.0 later"), "retry", 0),
        (Fault::reply(Phase::Data, "250 not 354"), "retry", 0),
        (Fault::reply(Phase::Dot, "451 4.3.0 not stored"), "retry", 0),
        (Fault::reply(Phase::Dot, "550 5.7.1 spam"), "failed", 0),
        (Fault::reply(Phase::Dot, "354 go on"), "in doubt", 0),
        (Fault::new(Phase::Dot, hang()), "in doubt", 0),
        (Fault::new(Phase::Dot, Act::Close), "in doubt", 0),
        (Fault::after_storing(hang()), "in doubt", 1),
        (Fault::after_storing(Act::Close), "in doubt", 1),
    ];
    // At the same time, or the hanging ones would add up.
    let mut running = JoinSet::new();
    for (fault, expected, stored) in cases {
        running.spawn(one_fault(fault, expected, stored));
    }
    while let Some(finished) = running.join_next().await {
        finished.unwrap();
    }
}

async fn one_fault(fault: Fault, expected: &'static str, stored: usize) {
    let rig = Rig::clear().await;
    let timeouts = if fault.act == Act::Hang { BRIEF } else { PATIENT };
    let mailer = mailer(SmtpSettings { timeouts, ..rig.settings(Security::None) });
    rig.sink.script([fault.clone()]);
    let outcome = send(&mailer, "first").await;
    assert_eq!(kind(&outcome), expected, "{fault:?}: {outcome:?}");
    assert_eq!(rig.sink.mails().len(), stored, "{fault:?}");
    let next = send(&mailer, "second").await;
    assert_eq!(next, Outcome::Sent { receipt: "250 2.0.0 kept".into() }, "after {fault:?}");
    let last = rig.sink.mails().pop().unwrap();
    assert!(last.data.contains(&PushId::of("second").to_string()), "after {fault:?}");
    assert_eq!(rig.sink.unused_faults(), 0, "{fault:?}");
}

#[tokio::test]
async fn commit_is_asked_once_when_only_the_message_is_left() {
    let rig = Rig::clear().await;
    let asked = AtomicUsize::new(0);
    let ask = || {
        asked.fetch_add(1, Ordering::SeqCst);
        assert!(rig.sink.mails().is_empty(), "asked before anything is accepted");
        ready(true)
    };
    rig.sink.script([Fault::reply(Phase::Rcpt, "450 later")]);
    assert_eq!(kind(&send_to(&rig.mailer(), "a", "zhou@example.com", ask).await), "retry");
    assert_eq!(asked.load(Ordering::SeqCst), 0, "nothing was about to leave");
    assert_eq!(kind(&send_to(&rig.mailer(), "a", "zhou@example.com", ask).await), "sent");
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn after_a_refused_commit_nothing_leaves_and_the_session_is_not_used_again() {
    let rig = Rig::clear().await;
    let mailer = rig.mailer();
    assert_eq!(kind(&send_to(&mailer, "a", "zhou@example.com", || ready(false)).await), "retry");
    assert!(rig.sink.mails().is_empty());
    assert_eq!(kind(&send(&mailer, "b").await), "sent");
    assert_eq!(rig.sink.connections(), 2);
}

#[tokio::test]
async fn an_address_that_cannot_exist_opens_no_connection() {
    let rig = Rig::clear().await;
    let outcome = send_to(&rig.mailer(), "a", "zhou@example.com\r\nRCPT TO:<x@y.z>", || ready(true)).await;
    assert_eq!(kind(&outcome), "dead");
    assert_eq!(rig.sink.connections(), 0);
}

#[tokio::test]
async fn one_session_serves_a_hundred_mails_and_then_makes_way() {
    let rig = Rig::clear().await;
    let mailer = rig.mailer();
    for number in 0..101 {
        assert_eq!(kind(&send(&mailer, &number.to_string()).await), "sent");
    }
    assert_eq!(rig.sink.mails().len(), 101);
    assert_eq!(rig.sink.connections(), 2);
}

#[tokio::test]
async fn a_refused_recipient_leaves_the_session_in_step() {
    let rig = Rig::clear().await;
    let mailer = rig.mailer();
    rig.sink.script([Fault::reply(Phase::Rcpt, "550 5.1.1 gone"), Fault::reply(Phase::Dot, "554 5.7.1 no")]);
    assert_eq!(kind(&send(&mailer, "a").await), "dead");
    assert_eq!(kind(&send(&mailer, "b").await), "failed");
    assert_eq!(kind(&send(&mailer, "c").await), "sent");
    assert_eq!((rig.sink.connections(), rig.sink.mails().len()), (1, 1));
}

#[tokio::test]
async fn a_session_that_died_while_parked_is_replaced_without_a_word() {
    let rig = Rig::clear().await;
    let mailer = rig.mailer();
    assert_eq!(kind(&send(&mailer, "a").await), "sent");
    rig.sink.script([Fault::new(Phase::Mail, Act::Close)]);
    assert_eq!(kind(&send(&mailer, "b").await), "sent");
    assert_eq!((rig.sink.connections(), rig.sink.mails().len()), (2, 2));
}

/// The library's own pool would take the connection back out of step and count the next mail as sent.
#[tokio::test]
async fn a_send_given_up_while_waiting_for_its_reply_never_shares_its_connection() {
    let rig = Rig::clear().await;
    let mailer = rig.mailer();
    rig.sink.script([Fault::after_storing(Act::Hang)]);
    let stored = async {
        while rig.sink.mails().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        outcome = send(&mailer, "a") => panic!("nothing answers, yet {outcome:?}"),
        () = stored => {}
    }
    rig.sink.script([Fault::reply(Phase::Dot, "451 4.3.0 NOT stored")]);
    assert_eq!(kind(&send(&mailer, "b").await), "retry");
    assert_eq!(kind(&send(&mailer, "b").await), "sent");
    assert_eq!(rig.sink.mails().len(), 2);
}

#[tokio::test]
async fn no_more_sessions_are_open_than_allowed() {
    let rig = Rig::clear().await;
    let mailer = mailer(SmtpSettings { sessions: 2, ..rig.settings(Security::None) });
    let keys: Vec<String> = (0..20).map(|number| number.to_string()).collect();
    let (a, b, c, d) = tokio::join!(
        all(&mailer, &keys[..5]),
        all(&mailer, &keys[5..10]),
        all(&mailer, &keys[10..15]),
        all(&mailer, &keys[15..]),
    );
    assert_eq!(a + b + c + d, 20);
    assert!(rig.sink.connections() <= 2, "{} connections", rig.sink.connections());
}

async fn all(mailer: &Mailer, keys: &[String]) -> usize {
    let mut sent = 0;
    for key in keys {
        sent += usize::from(kind(&send(mailer, key).await) == "sent");
    }
    sent
}

#[tokio::test]
async fn starttls_and_tls_carry_mails_to_a_relay_that_is_trusted() {
    for (theirs, ours) in [(doubles::Security::StartTls, Security::StartTls), (doubles::Security::Tls, Security::Tls)] {
        let rig = Rig::start(theirs, None).await;
        let trusted = mailer(rig.settings(ours));
        for key in ["a", "b"] {
            assert_eq!(kind(&send(&trusted, key).await), "sent", "{ours:?}");
        }
        assert_eq!(rig.sink.connections(), 1);
        assert!(rig.sink.mails().iter().all(|mail| mail.encrypted), "{ours:?}");

        let stranger = mailer(SmtpSettings { trust: Trust::builtin(), ..rig.settings(ours) });
        let outcome = send(&stranger, "c").await;
        assert!(matches!(&outcome, Outcome::Retry { cause, .. } if cause.starts_with("securing")), "{outcome:?}");
        assert_eq!(rig.sink.mails().len(), 2);
    }
}

#[tokio::test]
async fn without_the_tls_that_was_asked_for_nothing_is_sent() {
    let login = doubles::Login { username: "hqt".into(), password: "秘密".into() };
    let rig = Rig::start(doubles::Security::None, Some(login)).await;
    let login = Some(Login { username: "hqt".into(), password: "秘密".into() });
    let mailer = mailer(SmtpSettings { login, ..rig.settings(Security::StartTls) });
    let outcome = send(&mailer, "a").await;
    assert!(matches!(&outcome, Outcome::Retry { cause, .. } if cause.contains("STARTTLS")), "{outcome:?}");
    assert!(rig.sink.mails().is_empty());
}

#[tokio::test]
async fn clear_text_behind_the_reply_to_starttls_ends_the_session() {
    let rig = Rig::start(doubles::Security::StartTls, None).await;
    rig.sink.script([Fault::new(Phase::StartTls, Act::Inject("250 injected".into()))]);
    let outcome = send(&mailer(rig.settings(Security::StartTls)), "a").await;
    assert!(matches!(&outcome, Outcome::Retry { cause, .. } if cause.contains("clear text")), "{outcome:?}");
}

#[tokio::test]
async fn a_login_is_used_and_a_refused_one_is_tried_again_later() {
    let theirs = doubles::Login { username: "hqt".into(), password: "秘密".into() };
    let rig = Rig::start(doubles::Security::Tls, Some(theirs)).await;
    let with = |password: &str| {
        let login = Some(Login { username: "hqt".into(), password: password.into() });
        mailer(SmtpSettings { login, ..rig.settings(Security::Tls) })
    };
    assert_eq!(kind(&send(&with("秘密"), "a").await), "sent");
    let refused = send(&with("wrong"), "b").await;
    assert!(matches!(&refused, Outcome::Retry { cause, .. } if cause.starts_with("logging in: 535")), "{refused:?}");
    assert_eq!(rig.sink.mails().len(), 1);
}

#[tokio::test]
async fn a_relay_that_is_not_there_is_tried_again_later() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let settings = SmtpSettings { timeouts: PATIENT, ..SmtpSettings::new("127.0.0.1", free, Security::None) };
    assert_eq!(kind(&send(&mailer(settings), "a").await), "retry");
}

#[tokio::test]
async fn the_mailbox_keeps_each_mail_once_and_only_after_commit() {
    let folder = tempfile::tempdir().unwrap();
    let mailbox = folder.path().join("mail");
    let mailer = Mailer::new("push@hqt.example.cn", &MailTransport::Mailbox(mailbox.clone())).unwrap();
    let files = || std::fs::read_dir(&mailbox).unwrap().map(|entry| entry.unwrap().file_name()).collect::<Vec<_>>();
    assert_eq!(kind(&send_to(&mailer, "a", "zhou@example.com", || ready(false)).await), "retry");
    assert!(files().is_empty());
    for _ in 0..2 {
        assert_eq!(kind(&send(&mailer, "a").await), "sent");
        assert_eq!(files(), [format!("{}.eml", PushId::of("a")).as_str()]);
    }
    let message = std::fs::read_to_string(mailbox.join(format!("{}.eml", PushId::of("a")))).unwrap();
    assert!(message.is_ascii() && message.contains("To: zhou@example.com"));
}

#[test]
fn a_configuration_that_cannot_work_is_refused_before_the_first_mail() {
    let smtp = |host: &str| MailTransport::Smtp(Box::new(SmtpSettings::new(host, 465, Security::Tls)));
    assert!(Mailer::new("没有地址", &smtp("relay.example.cn")).is_err());
    assert!(Mailer::new("push@example.cn", &smtp("not a host")).is_err());
    assert!(Mailer::new("push@example.cn", &MailTransport::Mailbox("/dev/null/mail".into())).is_err());
}

#[test]
fn neither_password_nor_secret_is_shown() {
    let login = Login { username: "hqt".into(), password: "hunter2".into() };
    assert!(!format!("{login:?}").contains("hunter2"));
}
