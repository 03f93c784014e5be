//! The embedded templates, and a city's own versions of them.

use std::collections::BTreeMap;

use domain::{ChannelKind, Letter};
use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};

use crate::digest::Digest;
use crate::error::LetterError;
use crate::{hook, mail};

/// Name and embedded text of every template, so that a city can print them and start from there.
pub const TEMPLATES: [(&str, &str); 3] = [
    ("mail.subject.txt", include_str!("../templates/mail.subject.txt")),
    ("mail.txt", include_str!("../templates/mail.txt")),
    ("mail.html", include_str!("../templates/mail.html")),
];

/// Renders digests. Build it once; it is cheap to share.
#[derive(Debug)]
pub struct Letters {
    environment: Environment<'static>,
}

impl Letters {
    /// The embedded templates with `overrides` (template name → text) in their place.
    ///
    /// Every template is rendered with every sample before this returns, so an override with a misspelt name is
    /// refused at start and not on the morning of the push.
    pub fn new(overrides: &BTreeMap<String, String>) -> Result<Self, LetterError> {
        let mut environment = strict_environment().map_err(LetterError::Syntax)?;
        for (name, text) in TEMPLATES {
            let text = overrides.get(name).map_or(text, String::as_str);
            environment
                .add_template_owned(name, text.to_owned())
                .map_err(|source| LetterError::Parse { name: name.to_owned(), source })?;
        }
        if let Some(name) = overrides.keys().find(|name| TEMPLATES.iter().all(|(known, _)| known != name)) {
            return Err(LetterError::UnknownTemplate { name: name.clone() });
        }
        let letters = Self { environment };
        for sample in Digest::samples() {
            letters.render(&sample, ChannelKind::Email)?;
        }
        Ok(letters)
    }

    pub fn render(&self, digest: &Digest, kind: ChannelKind) -> Result<Letter, LetterError> {
        match kind {
            ChannelKind::Email => mail::render(&self.environment, digest).map(Letter::Mail),
            ChannelKind::Webhook => hook::render(digest).map(Letter::Hook),
        }
    }
}

/// An undefined name is an error, and everything in `.html` is escaped.
///
/// Whole-line tags leave no blank line behind, which is what lets the plain text be laid out in the template.
fn strict_environment() -> Result<Environment<'static>, minijinja::Error> {
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build()?;
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(syntax);
    environment.set_auto_escape_callback(|name| {
        if name.rsplit('.').next() == Some("html") { AutoEscape::Html } else { AutoEscape::None }
    });
    Ok(environment)
}
