//! Every template with every sample, and the wording as snapshots.

use std::collections::BTreeMap;

use domain::ChannelKind;
use letters::{Digest, Letter, LetterError, Letters, MailLetter};

fn mail(digest: &Digest) -> MailLetter {
    match Letters::new(&BTreeMap::new()).and_then(|letters| letters.render(digest, ChannelKind::Email)) {
        Ok(Letter::Mail(mail)) => mail,
        other => panic!("asked for a mail, got {other:?}"),
    }
}

#[test]
fn every_template_renders_with_every_sample_in_strict_mode() {
    let letters = Letters::new(&BTreeMap::new()).unwrap();
    for digest in Digest::samples() {
        for kind in [ChannelKind::Email, ChannelKind::Webhook] {
            let letter = letters.render(&digest, kind).unwrap();
            assert_eq!(Letter::from_json(&letter.to_json().unwrap()).unwrap(), letter);
        }
    }
}

#[test]
fn the_weekly_mail_reads_as_agreed() {
    let mail = mail(&Digest::sample());
    insta::assert_snapshot!("weekly_subject", mail.subject);
    insta::assert_snapshot!("weekly_text", mail.text);
    insta::assert_snapshot!("weekly_html", mail.html);
}

#[test]
fn the_express_and_search_mails_read_as_agreed() {
    let samples = Digest::samples();
    insta::assert_snapshot!("express_text", mail(&samples[1]).text);
    insta::assert_snapshot!("search_text", mail(&samples[2]).text);
}

#[test]
fn the_webhook_body_is_as_documented() {
    let letters = Letters::new(&BTreeMap::new()).unwrap();
    let Letter::Hook(hook) = letters.render(&Digest::sample(), ChannelKind::Webhook).unwrap() else {
        panic!("asked for a webhook");
    };
    let body: serde_json::Value = serde_json::from_str(&hook.body).unwrap();
    insta::assert_json_snapshot!("weekly_hook", body);
}

#[test]
fn a_hostile_name_stays_text_in_html_and_one_line_in_the_subject() {
    let mail = mail(&Digest::samples()[3]);
    assert!(!mail.html.contains("<script>") && !mail.html.contains("<img"), "{}", mail.html);
    assert!(mail.html.contains("&lt;script&gt;"));
    assert!(mail.text.contains("{{ 7*7 }}"), "data is never a template");
    assert!(!mail.subject.contains(['\r', '\n']), "{:?}", mail.subject);
}

#[test]
fn a_mail_loads_nothing_from_elsewhere() {
    for digest in &Digest::samples()[..3] {
        let html = mail(digest).html;
        for loading in ["<img", " src=", "url(", "<link", "<script", "@import"] {
            assert!(!html.contains(loading), "{loading}");
        }
    }
}

#[test]
fn an_override_replaces_one_template_and_is_checked_at_once() {
    let with = |name: &str, text: &str| Letters::new(&BTreeMap::from([(name.to_owned(), text.to_owned())]));
    let letters = with("mail.subject.txt", "本市 {{ count }} 项").unwrap();
    let Letter::Mail(mail) = letters.render(&Digest::sample(), ChannelKind::Email).unwrap() else { panic!() };
    assert_eq!(mail.subject, "本市 4 项");
    assert!(matches!(with("mail.txt", "{{ cuont }}"), Err(LetterError::Render { name: "mail.txt", .. })));
    assert!(matches!(with("mail.txt", "{% if %}"), Err(LetterError::Parse { .. })));
    assert!(matches!(with("mial.txt", ""), Err(LetterError::UnknownTemplate { .. })));
}
