//! Lines and matches become the typed letter.

use std::collections::HashMap;

use chrono::NaiveDate;
use domain::links::Answer;
use domain::matching::{Entry, Match};
use domain::planning::{Line, Slot};
use domain::{CallOrigin, Coverage, Enterprise, ItemId, PushId, Reason};
use letters::{Digest, LineLinks, Links, Sender, Subject};
use rules::{Node, Verdict};
use storage::Recipient;

use super::candidates::Looked;
use crate::context::Context;

/// Conditions named under 为什么发给您, most specific first.
const BECAUSE: usize = 3;

/// When, under which push, and how many lines had to stay behind.
pub(super) struct Occasion<'a> {
    pub(super) slot: &'a Slot,
    pub(super) push: PushId,
    pub(super) more: usize,
}

pub(super) fn digest(
    cx: &Context,
    occasion: &Occasion<'_>,
    recipient: &Recipient,
    enterprise: &Enterprise,
    lines: &[Line],
    looked: &[Looked<'_>],
) -> Digest {
    let (slot, site) = (occasion.slot, domain::links::Links::new(&cx.settings.base_url));
    let by_item: HashMap<ItemId, &Entry> = looked.iter().map(|one| (one.entry.item.id, one.entry)).collect();
    Digest {
        kind: slot.kind,
        slot: slot.kind.slot(slot.day),
        as_of: cx.today(),
        planned_at: cx.now(),
        recipient: letters::Recipient { name: recipient.contact.name.clone(), basis: recipient.contact.basis },
        subject: Subject::Enterprise { uscc: enterprise.profile.uscc.clone(), name: enterprise.profile.name.clone() },
        sender: Sender { name: cx.settings.sender.clone(), contact: None },
        lines: lines
            .iter()
            .filter_map(|line| {
                let links = |code: &str| line_links(&site, occasion.push, &recipient.subscription.token, code);
                let found = by_item.get(&line.item)?.explain(&enterprise.profile, &cx.reference, cx.today());
                Some(write(cx, line, found, links))
            })
            .collect(),
        more: occasion.more,
        links: Links {
            all: site.enterprise(&enterprise.profile.uscc),
            unsubscribe: site.unsubscribe(&recipient.subscription.token),
        },
        synthetic: enterprise.synthetic,
    }
}

fn write(cx: &Context, line: &Line, found: Match<'_>, links: impl FnOnce(&str) -> LineLinks) -> letters::Line {
    let (item, revision) = (&found.entry.item, &found.entry.item.revision);
    let root = found.explanation.as_ref().map(|explanation| &explanation.root);
    let place = cx.reference.areas.name(&revision.area).unwrap_or_default();
    let open_batch = found.entry.calls.iter().find(|call| Some(call.batch.as_str()) == batch(&found));
    letters::Line {
        code: item.code.clone(),
        name: revision.name.clone(),
        origin: Some(match found.entry.policy.revision.issuers.first() {
            Some(issuer) => format!("{place} · {issuer}"),
            None => place.to_owned(),
        }),
        reason: line.reason,
        standing: found.standing,
        mode: revision.mode,
        quota: open_batch.and_then(|call| call.quota).or(revision.quota),
        amount: amount(&found, cx.today()),
        synthetic_call: open_batch.is_some_and(|call| call.origin == CallOrigin::Synthetic),
        because: root.map(|root| because(line.reason, root)).unwrap_or_default(),
        missing: root.map(missing).unwrap_or_default(),
        window: found.window,
        links: links(&item.code),
    }
}

/// The official words with what this enterprise can expect. An amount is a promise; only a fully recorded item may make
/// one, and of what is chosen among many nothing is expected.
fn amount(found: &Match<'_>, day: NaiveDate) -> Option<String> {
    let revision = &found.entry.item.revision;
    let official = revision.amount_text.as_deref().filter(|_| revision.coverage == Coverage::Full);
    let sure = found.amount.as_ref().filter(|_| !found.entry.is_selective(day));
    let expected = sure.filter(|amount| amount.low > 0 || amount.high.is_some());
    joined(official, expected.map(|amount| amount.display.as_str()))
}

fn joined(official: Option<&str>, expected: Option<&str>) -> Option<String> {
    match (official, expected) {
        (Some(official), Some(expected)) if !official.contains(expected) => {
            Some(format!("{official}(按已掌握的信息预计 {expected})"))
        }
        (None, Some(expected)) => Some(format!("按已掌握的信息预计 {expected}")),
        (official, _) => official.map(str::to_owned),
    }
}

fn batch<'a>(found: &'a Match<'_>) -> Option<&'a str> {
    match &found.window {
        domain::Window::Open { batch, .. } | domain::Window::Upcoming { batch, .. } => Some(batch),
        _ => None,
    }
}

fn line_links(site: &domain::links::Links, push: PushId, token: &str, code: &str) -> LineLinks {
    LineLinks {
        guide: site.opened(push, code),
        wrong: site.answer(token, code, Answer::Wrong),
        applied: site.answer(token, code, Answer::Applied),
        not_interested: site.answer(token, code, Answer::NotInterested),
    }
}

/// What was found to hold; for a correction, what was found not to.
fn because(reason: Reason, root: &Node) -> Vec<String> {
    let wanted = if reason == Reason::Corrected { Verdict::NotMet } else { Verdict::Met };
    let mut leaves = Vec::new();
    collect(root, wanted, &mut leaves);
    leaves.into_iter().take(BECAUSE).map(evidence).collect()
}

fn missing(root: &Node) -> Vec<String> {
    let mut leaves = Vec::new();
    collect(root, Verdict::Unknown, &mut leaves);
    leaves.into_iter().map(|leaf| leaf.plain.clone()).collect()
}

fn collect<'a>(node: &'a Node, wanted: Verdict, leaves: &mut Vec<&'a Node>) {
    if node.verdict != wanted {
        return;
    }
    if node.group.is_none_or(|group| !group.combines()) {
        leaves.push(node);
        return;
    }
    for child in &node.children {
        collect(child, wanted, leaves);
    }
}

fn evidence(leaf: &Node) -> String {
    match &leaf.actual {
        Some(actual) => format!("{}(您的数据:{})", leaf.plain, actual.display),
        None => leaf.plain.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_official_words_come_first_and_what_they_say_already_is_not_said_again() {
        assert_eq!(joined(Some("一次性 20 万元"), Some("20 万元")).as_deref(), Some("一次性 20 万元"));
        let both = joined(Some("研发费用的 10%"), Some("12 万元"));
        assert_eq!(both.as_deref(), Some("研发费用的 10%(按已掌握的信息预计 12 万元)"));
        assert_eq!(joined(None, Some("12 万元")).as_deref(), Some("按已掌握的信息预计 12 万元"));
        assert_eq!((joined(Some("待定"), None).as_deref(), joined(None, None)), (Some("待定"), None));
    }
}
