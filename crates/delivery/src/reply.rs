//! What the answer to a webhook means. Pure.

use chrono::DateTime;
use domain::{Instant, Outcome};
use outbound::Reply;

use crate::outcome::{brief, dead};

/// | status | outcome |
/// |---|---|
/// | 2xx | sent |
/// | 410 | failed, and the address is suppressed: the owner says it is gone |
/// | 429, 503 | retry, not before `Retry-After` |
/// | any other | retry: a receiver that is being repaired must not lose what was sent meanwhile |
///
/// 3xx is among the others: a redirect is never followed, since its target was never checked or agreed.
pub(crate) fn classify(reply: &Reply, at: Instant) -> Outcome {
    let words = brief(format!("{} {}", reply.status, String::from_utf8_lossy(&reply.body)).trim_end());
    match reply.status {
        200..=299 => Outcome::Sent { receipt: words },
        410 => dead(&words),
        429 | 503 => Outcome::Retry { cause: words, after_millis: retry_after(reply.retry_after.as_deref(), at) },
        _ => Outcome::Retry { cause: words, after_millis: None },
    }
}

/// Seconds or a date (RFC 9110 §10.2.3), as milliseconds from `at`. How long a wait may be is for the schedule.
fn retry_after(header: Option<&str>, at: Instant) -> Option<i64> {
    let header = header?.trim();
    let millis = match header.parse::<i64>() {
        Ok(seconds) => seconds.saturating_mul(1000),
        Err(_) => Instant::from(DateTime::parse_from_rfc2822(header).ok()?).millis_since(at),
    };
    (millis > 0).then_some(millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Instant = Instant(1_795_396_200_000);

    fn reply(status: u16, retry_after: Option<&str>) -> Reply {
        Reply { status, retry_after: retry_after.map(str::to_owned), body: b"ok\r\nno".to_vec() }
    }

    #[test]
    fn only_2xx_is_success_and_only_410_is_the_end() {
        let check = |status: u16, expected: Outcome| assert_eq!(classify(&reply(status, None), NOW), expected);
        let words = |status: u16| format!("{status} ok  no");
        for status in [200, 201, 204, 299] {
            check(status, Outcome::Sent { receipt: words(status) });
        }
        for status in [101, 300, 301, 302, 307, 308, 400, 401, 403, 404, 409, 422, 429, 500, 502, 503, 504, 599] {
            check(status, Outcome::Retry { cause: words(status), after_millis: None });
        }
        check(410, Outcome::Failed { cause: words(410), suppress_channel: true });
    }

    #[test]
    fn retry_after_is_seconds_or_a_date_and_nonsense_is_nothing() {
        let check =
            |header: &str, expected: Option<i64>| assert_eq!(retry_after(Some(header), NOW), expected, "{header}");
        check("120", Some(120_000));
        check("Mon, 23 Nov 2026 01:11:00 GMT", Some(60_000));
        check("Mon, 23 Nov 2026 01:09:00 GMT", None);
        check("-1", None);
        check("0", None);
        check("soon", None);
        check("99999999999999999999", None);
        check("9223372036854775807", Some(i64::MAX));
    }
}
