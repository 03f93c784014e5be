//! A mail as its reader sees it: decoded by a parser that is not ours.

use std::path::Path;

use mail_parser::MessageParser;

/// One decoded mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Without angle brackets.
    pub id: String,
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
}

impl Letter {
    /// Decodes headers and both bodies.
    pub fn read(raw: &[u8]) -> Self {
        let mail = MessageParser::default().parse(raw).expect("a mail");
        Self {
            id: mail.message_id().expect("a Message-ID").to_owned(),
            to: mail.to().and_then(|to| to.first()?.address()).expect("a recipient").to_owned(),
            subject: mail.subject().expect("a subject").to_owned(),
            text: mail.body_text(0).expect("a text body").into_owned(),
            html: mail.body_html(0).expect("an HTML body").into_owned(),
        }
    }

    /// The push it belongs to: the part of its Message-ID before the `@`.
    pub fn push(&self) -> &str {
        self.id.split('@').next().unwrap_or_default()
    }

    /// Whether a person reads Chinese in it and nothing was garbled on the way.
    pub fn is_readable_chinese(&self) -> bool {
        [&self.subject, &self.text, &self.html].into_iter().all(|part| is_readable_chinese(part))
    }
}

/// Whether a text holds Chinese and no replacement character.
pub fn is_readable_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)) && !text.contains('\u{fffd}')
}

/// Every `.eml` file below a mailbox directory, in order of its name.
pub fn mailbox(folder: &Path) -> Vec<Letter> {
    files(folder, "eml").iter().map(|raw| Letter::read(raw)).collect()
}

/// What the built-in receiver kept: the body of each webhook as JSON.
pub fn receiver(folder: &Path) -> Vec<serde_json::Value> {
    files(folder, "json")
        .iter()
        .map(|raw| {
            let kept: serde_json::Value = serde_json::from_slice(raw).expect("a kept delivery");
            serde_json::from_str(kept["body"].as_str().expect("a body")).expect("a JSON body")
        })
        .collect()
}

fn files(folder: &Path, extension: &str) -> Vec<Vec<u8>> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|found| found == extension));
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).expect("a readable file")).collect()
}
