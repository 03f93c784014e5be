//! The e-mail: what the templates see, and the letter they make.

use domain::{MailLetter, Reason, RunKind};
use minijinja::Environment;
use minijinja::value::{Serde, Value};
use serde::Serialize;

use crate::digest::{Digest, Line, LineLinks, Subject};
use crate::error::LetterError;
use crate::grouping;
use crate::words;

/// The typed context of the three mail templates. Words are made here; templates only place them.
#[derive(Debug, Serialize)]
pub(crate) struct MailContext<'a> {
    recipient: &'a str,
    /// The firm, or `None` for a saved search.
    enterprise: Option<&'a str>,
    query: Option<&'a str>,
    sender: &'a str,
    contact: Option<&'a str>,
    basis: &'static str,
    as_of: String,
    count: usize,
    more: usize,
    express: bool,
    synthetic: bool,
    /// Deadline words of the line that closes first.
    soonest: Option<String>,
    groups: Vec<GroupContext<'a>>,
    all_url: &'a str,
    unsubscribe_url: &'a str,
}

#[derive(Debug, Serialize)]
struct GroupContext<'a> {
    heading: &'static str,
    urgent: bool,
    lines: Vec<LineContext<'a>>,
}

#[derive(Debug, Serialize)]
struct LineContext<'a> {
    /// Counts through the letter from 1, so that a reader on the telephone can say "the third one".
    number: usize,
    name: &'a str,
    origin: Option<&'a str>,
    standing: String,
    amount: &'a str,
    deadline: String,
    reason: &'static str,
    because: &'a [String],
    missing: &'a [String],
    synthetic_call: bool,
    /// Taken back: there is nothing to apply for, only something to know.
    taken_back: bool,
    links: &'a LineLinks,
}

impl<'a> MailContext<'a> {
    pub(crate) fn new(digest: &'a Digest) -> Self {
        let (enterprise, query) = match &digest.subject {
            Subject::Enterprise { name, .. } => (Some(name.as_str()), None),
            Subject::Search { query } => (None, Some(query.as_str())),
        };
        Self {
            recipient: &digest.recipient.name,
            enterprise,
            query,
            sender: &digest.sender.name,
            contact: digest.sender.contact.as_deref(),
            basis: words::basis_words(digest.recipient.basis),
            as_of: words::date_words(digest.as_of),
            count: digest.lines.len(),
            more: digest.more,
            express: digest.kind == RunKind::Express,
            synthetic: digest.synthetic,
            soonest: soonest(digest),
            groups: groups(digest),
            all_url: &digest.links.all,
            unsubscribe_url: &digest.links.unsubscribe,
        }
    }
}

fn soonest(digest: &Digest) -> Option<String> {
    let first = digest.lines.iter().filter(|line| line.window.closes_on().is_some_and(|day| day >= digest.as_of));
    first.min_by_key(|line| line.window.closes_on()).map(|line| words::deadline_words(&line.window, digest.as_of))
}

fn groups(digest: &Digest) -> Vec<GroupContext<'_>> {
    let mut numbers = 1..;
    grouping::group(&digest.lines, digest.as_of)
        .into_iter()
        .map(|(group, lines)| GroupContext {
            heading: group.heading(),
            urgent: group.is_urgent(),
            lines: lines.into_iter().zip(&mut numbers).map(|(line, number)| in_words(line, number, digest)).collect(),
        })
        .collect()
}

fn in_words<'a>(line: &'a Line, number: usize, digest: &Digest) -> LineContext<'a> {
    LineContext {
        number,
        name: &line.name,
        origin: line.origin.as_deref(),
        standing: words::standing_words(line),
        amount: line.amount.as_deref().unwrap_or("待核，以官方原文为准"),
        deadline: words::deadline_words(&line.window, digest.as_of),
        reason: words::why_words(line),
        because: &line.because,
        missing: &line.missing,
        synthetic_call: line.synthetic_call,
        taken_back: matches!(line.reason, Reason::Corrected | Reason::Repealed),
        links: &line.links,
    }
}

pub(crate) fn render(environment: &Environment<'_>, digest: &Digest) -> Result<MailLetter, LetterError> {
    let context = Value::from(Serde(MailContext::new(digest)));
    let write = |name: &'static str| {
        let template = environment.get_template(name).map_err(|source| LetterError::Render { name, source })?;
        template.render(context.clone()).map_err(|source| LetterError::Render { name, source })
    };
    Ok(MailLetter {
        sender_name: digest.sender.name.clone(),
        subject: one_line(&write("mail.subject.txt")?),
        text: write("mail.txt")?,
        html: write("mail.html")?,
        unsubscribe_url: digest.links.unsubscribe.clone(),
        campaign: format!("{}-{}", kind_word(digest.kind), digest.slot),
    })
}

fn kind_word(kind: RunKind) -> &'static str {
    match kind {
        RunKind::Daily => "daily",
        RunKind::Weekly => "weekly",
        RunKind::Monthly => "monthly",
        RunKind::Express => "express",
    }
}

/// A subject cannot hold a line break, whatever name a firm gave itself.
fn one_line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}
