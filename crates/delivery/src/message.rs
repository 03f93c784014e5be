//! The MIME message: the same bytes in the mailbox folder and on the wire, the same for every attempt but the date.

use std::time::{Duration, UNIX_EPOCH};

use domain::{EmailAddress, Instant, MailLetter, PushId};
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};
use thiserror::Error;

/// A letter that cannot be a mail; retrying would not help.
#[derive(Debug, Error)]
pub(crate) enum MessageError {
    #[error("the address is refused by the mail library")]
    Address(#[from] lettre::address::AddressError),
    #[error("the unsubscribe address cannot stand in a header")]
    UnsubscribeUrl,
    #[error("the message cannot be built")]
    Build(#[from] lettre::error::Error),
}

/// Writes the whole message.
///
/// Header injection is impossible by construction: addresses are [`EmailAddress`], texts lose their control
/// characters and are encoded by the library, the unsubscribe address is checked.
pub(crate) fn compose(
    letter: &MailLetter,
    sender: &EmailAddress,
    to: &EmailAddress,
    push: PushId,
    at: Instant,
) -> Result<Vec<u8>, MessageError> {
    let domain = sender.domain();
    let mut builder = Message::builder()
        .from(Mailbox::new(Some(one_line(&letter.sender_name)), address(sender)?))
        .to(Mailbox::new(None, address(to)?))
        .subject(one_line(&letter.subject))
        .date(UNIX_EPOCH + Duration::from_millis(u64::try_from(at.0).unwrap_or(0)))
        .message_id(Some(format!("<{push}@{domain}>")));
    for (name, value) in list_headers(letter, domain)? {
        builder = builder.raw_header(HeaderValue::new(HeaderName::new_from_ascii_str(name), value));
    }
    // A boundary from the push keeps the message a function of its inputs.
    let body = MultiPart::alternative()
        .boundary(format!("push-{push}"))
        .singlepart(part(ContentType::TEXT_PLAIN, &letter.text))
        .singlepart(part(ContentType::TEXT_HTML, &letter.html));
    Ok(builder.multipart(body)?.formatted())
}

/// What tells mail programs that this is a list one can leave with one click (RFC 2369, 2919, 8058) and a machine
/// that wants no automatic answer (RFC 3834), and tells large providers which sending it belongs to.
fn list_headers(letter: &MailLetter, domain: &str) -> Result<[(&'static str, String); 5], MessageError> {
    let url = &letter.unsubscribe_url;
    if !url.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>,".contains(&byte)) {
        return Err(MessageError::UnsubscribeUrl);
    }
    Ok([
        ("List-Id", format!("<push.{domain}>")),
        ("List-Unsubscribe", format!("<{url}>")),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()),
        ("Auto-Submitted", "auto-generated".to_owned()),
        ("Feedback-ID", format!("{}:push:{domain}", one_line(&letter.campaign).replace(':', "-"))),
    ])
}

/// Base64 whatever the text holds: the message is ASCII and needs no extension of any relay on its way, and Chinese
/// takes half the bytes it would in quoted-printable.
fn part(content_type: ContentType, text: &str) -> SinglePart {
    let encoding = ContentTransferEncoding::Base64;
    let body = Body::new_with_encoding(text.to_owned(), encoding).unwrap_or_else(Body::new);
    SinglePart::builder().header(content_type).body(body)
}

fn address(address: &EmailAddress) -> Result<Address, lettre::address::AddressError> {
    address.as_str().parse()
}

fn one_line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter() -> MailLetter {
        MailLetter {
            sender_name: "武汉惠企政策服务".into(),
            subject: "3 项政策与武汉示例精密机械有限公司有关，最早 2026 年 11 月 26 日截止（还有 3 天）".into(),
            text: "周明，您好：\n\n.\n一行只有一个点".into(),
            html: "<p>周明，您好</p>".into(),
            unsubscribe_url: format!("https://hqt.example.cn/unsubscribe/{}", "a".repeat(90)),
            campaign: "weekly-2026-W48".into(),
        }
    }

    fn composed(letter: &MailLetter) -> Result<String, MessageError> {
        let sender = EmailAddress::parse("push@hqt.example.cn").unwrap();
        let to = EmailAddress::parse("zhou@example.com").unwrap();
        compose(letter, &sender, &to, PushId::of("test"), Instant(1_795_396_200_000))
            .map(|bytes| String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn a_message_is_ascii_and_carries_every_header_once() {
        let message = composed(&letter()).unwrap();
        assert!(message.is_ascii());
        let (head, _) = message.split_once("\r\n\r\n").unwrap();
        let id = format!("Message-ID: <{}@hqt.example.cn>", PushId::of("test"));
        let unsubscribe = format!("List-Unsubscribe: <{}>", letter().unsubscribe_url);
        for expected in [
            "To: zhou@example.com",
            "Date: Mon, 23 Nov 2026 01:10:00 +0000",
            id.as_str(),
            unsubscribe.as_str(),
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
            "List-Id: <push.hqt.example.cn>",
            "Auto-Submitted: auto-generated",
            "Feedback-ID: weekly-2026-W48:push:hqt.example.cn",
            "MIME-Version: 1.0",
        ] {
            assert_eq!(head.lines().filter(|line| *line == expected).count(), 1, "{expected}\n{head}");
        }
        assert!(head.contains("From: =?utf-8?") && head.contains("<push@hqt.example.cn>"), "{head}");
        assert!(head.contains("Subject: 3 =?utf-8?") || head.contains("Subject: =?utf-8?"), "{head}");
    }

    #[test]
    fn the_same_push_makes_the_same_bytes() {
        assert_eq!(composed(&letter()).unwrap(), composed(&letter()).unwrap());
    }

    #[test]
    fn no_text_can_add_a_header() {
        let evil = "x\r\nBcc: victim@example.com\r\n\r\nbody\u{0}";
        for broken in [
            MailLetter { subject: evil.into(), ..letter() },
            MailLetter { sender_name: evil.into(), ..letter() },
            MailLetter { campaign: evil.into(), ..letter() },
        ] {
            let message = composed(&broken).unwrap();
            assert!(!message.lines().any(|line| line.starts_with("Bcc")), "{message}");
        }
        let broken = MailLetter { unsubscribe_url: "https://x/\r\nBcc: a@b.c".into(), ..letter() };
        assert!(matches!(composed(&broken), Err(MessageError::UnsubscribeUrl)));
    }

    #[test]
    fn no_line_is_longer_than_smtp_allows() {
        let message = composed(&MailLetter { text: "长".repeat(5000), ..letter() }).unwrap();
        assert!(message.lines().all(|line| line.len() <= 998));
    }
}
