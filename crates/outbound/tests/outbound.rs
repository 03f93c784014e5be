//! The guarded client against a hostile server.
#![expect(clippy::unwrap_used, reason = "the helpers of tests stop them")]

use std::net::TcpListener;
use std::time::Duration;

use domain::UrlPolicy;
use doubles::{Answer, Authority, HttpSink};
use outbound::{Limits, Outbound, OutboundError, Reply, Request, Trust};

/// Where nothing hangs no machine may be too slow.
const PATIENT: Limits =
    Limits { connect: Duration::from_secs(30), total: Duration::from_secs(30), reply_bytes: 64 * 1024 };

/// Where something hangs the test waits for it.
const BRIEF: Limits = Limits { total: Duration::from_secs(1), ..PATIENT };

fn loopback() -> UrlPolicy {
    UrlPolicy::new(["127.0.0.0/8", "::1/128"].map(|cidr| cidr.parse().unwrap()).to_vec())
}

async fn post(policy: UrlPolicy, trust: &Trust, url: &str) -> Result<Reply, OutboundError> {
    post_within(PATIENT, policy, trust, url).await
}

async fn post_within(limits: Limits, policy: UrlPolicy, trust: &Trust, url: &str) -> Result<Reply, OutboundError> {
    let client = Outbound::new(policy, limits, trust).unwrap();
    client.post(&Request { url, headers: &[("x-test", "1")], body: "{\"文\":1}" }).await
}

async fn answer(answer: Answer) -> (Result<Reply, OutboundError>, usize) {
    let folder = tempfile::tempdir().unwrap();
    let sink = HttpSink::start(folder.path(), None).await.unwrap();
    let limits = if matches!(answer, Answer::Hang | Answer::Stall) { BRIEF } else { PATIENT };
    sink.script([answer]);
    let reply = post_within(limits, loopback(), &Trust::builtin(), &sink.url("/hook")).await;
    let received = sink.requests().len();
    (reply, received)
}

#[tokio::test]
async fn a_request_arrives_whole_and_its_answer_comes_back() {
    let ok = Answer::Status { code: 201, headers: vec![], body: "好".into() };
    let (reply, received) = answer(ok).await;
    assert_eq!(reply.unwrap(), Reply { status: 201, retry_after: None, body: "好".into() });
    assert_eq!(received, 1);
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let (reply, received) = answer(Answer::with_header(302, "location", "/elsewhere")).await;
    assert_eq!(reply.unwrap().status, 302);
    assert_eq!(received, 1);
}

#[tokio::test]
async fn of_a_body_without_end_only_the_limit_is_read() {
    let (reply, _) = answer(Answer::Endless).await;
    assert_eq!(reply.unwrap().body.len(), PATIENT.reply_bytes);
}

#[tokio::test]
async fn a_body_that_stalls_keeps_its_status_and_what_arrived() {
    let (reply, _) = answer(Answer::Stall).await;
    assert_eq!(reply.unwrap(), Reply { status: 200, retry_after: None, body: "ok".into() });
}

#[tokio::test]
async fn silence_and_a_closed_connection_may_have_arrived() {
    let (hung, _) = answer(Answer::Hang).await;
    assert!(matches!(hung, Err(OutboundError::Deadline(_))), "{hung:?}");
    let (closed, _) = answer(Answer::Close).await;
    assert!(matches!(closed, Err(OutboundError::Unanswered(_))), "{closed:?}");
    assert!(hung.unwrap_err().may_have_arrived() && closed.unwrap_err().may_have_arrived());
}

#[tokio::test]
async fn a_refused_connection_cannot_have_arrived() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let refused = post(loopback(), &Trust::builtin(), &format!("http://127.0.0.1:{free}/")).await.unwrap_err();
    assert!(matches!(refused, OutboundError::Connect(_)) && !refused.may_have_arrived(), "{refused:?}");
}

#[tokio::test]
async fn no_spelling_of_an_inside_address_opens_a_connection() {
    let sentinel = TcpListener::bind("127.0.0.1:0").unwrap();
    sentinel.set_nonblocking(true).unwrap();
    let port = sentinel.local_addr().unwrap().port();
    let hosts =
        ["127.0.0.1", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "0177.0.0.1", "localhost", "localhost.", "0"];
    for host in hosts {
        for scheme in ["http", "https"] {
            let refused = post(UrlPolicy::default(), &Trust::builtin(), &format!("{scheme}://{host}:{port}/")).await;
            assert!(matches!(refused, Err(OutboundError::Refused(_))), "{scheme}://{host}: {refused:?}");
        }
    }
    assert!(sentinel.accept().is_err(), "something connected");
}

/// `localhost` passes the written check once *something* is opened as loopback, so here only the resolver holds.
#[tokio::test]
async fn a_name_that_resolves_out_of_reach_is_refused_at_connection_time() {
    let sentinel = TcpListener::bind("127.0.0.1:0").unwrap();
    sentinel.set_nonblocking(true).unwrap();
    let port = sentinel.local_addr().unwrap().port();
    let policy = UrlPolicy::new(vec!["10.9.8.0/24".parse().unwrap(), "::1/128".parse().unwrap()]);
    for scheme in ["http", "https"] {
        let refused = post(policy.clone(), &Trust::builtin(), &format!("{scheme}://localhost:{port}/")).await;
        assert!(matches!(refused, Err(OutboundError::ForbiddenResolution)), "{scheme}: {refused:?}");
    }
    assert!(sentinel.accept().is_err(), "something connected");
}

#[tokio::test]
async fn only_a_trusted_certificate_is_spoken_to() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new();
    let sink = HttpSink::start(folder.path(), Some(authority.clone())).await.unwrap();
    let stranger = post(loopback(), &Trust::builtin(), &sink.url("/")).await;
    assert!(matches!(stranger, Err(OutboundError::Connect(_))), "{stranger:?}");
    let trusted = post(loopback(), &Trust::with_pem(authority.pem().as_bytes()).unwrap(), &sink.url("/")).await;
    assert_eq!(trusted.unwrap().status, 204);
    assert_eq!(sink.requests().len(), 1);
}

#[test]
fn a_file_without_a_certificate_is_not_trust() {
    assert!(matches!(Trust::with_pem(b"hello"), Err(OutboundError::Certificate(_))));
}
