//! The list a station phones from: whom an item concerns, what each lacks and by how much.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::matching::{Entry, Match, Matcher};
use domain::{ChannelKind, ChannelState, Enterprise, EnterpriseOrdinal, Scope, Standing};
use rules::{FactKey, FactState, Node, Profile, Reference, UnknownCause, Value, Verdict};

use crate::context::Context;
use crate::error::Error;

/// Enterprises explained at once.
const PAGE: usize = 500;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Listed {
    pub name: String,
    pub uscc: String,
    /// 区/街道 as registered.
    pub place: String,
    pub standing: Standing,
    /// The word on the page.
    pub label: &'static str,
    /// What would settle it: facts, promises, confirmations.
    pub missing: Vec<String>,
    pub gaps: Vec<String>,
    /// The sentences of the notice it turns on.
    pub sentences: Vec<String>,
    /// Kinds of active channels a message may go to, on a stated basis.
    pub reached_by: BTreeSet<ChannelKind>,
}

/// Shows everybody whom an item concerns, in the order of ordinals; only a page of them is in memory. Returns how many
/// there were; `None` where there is no such item.
pub async fn list(
    cx: &Context,
    code: &str,
    mut take: impl FnMut(Listed) -> Result<(), Error>,
) -> Result<Option<usize>, Error> {
    cx.census.follow(cx.today()).await?;
    let Some((matcher, place, ordinals)) = concerned(cx, code).await? else { return Ok(None) };
    let mut count = 0;
    for page in ordinals.chunks(PAGE) {
        let firms = cx.store.find_enterprises(&Scope::System, page).await?;
        let reached = reached(cx, page).await?;
        let (matcher, reference, day) = (Arc::clone(&matcher), Arc::clone(&cx.reference), cx.today());
        let explain = move || {
            let entry = &matcher.entries()[place];
            let row = |firm: &Enterprise| {
                let found = entry.explain(&firm.profile, &reference, day);
                listed(&found, &firm.profile, &reference, reached.get(&firm.ordinal).cloned().unwrap_or_default())
            };
            let mut rows: Vec<_> = firms.iter().filter_map(|firm| Some((firm.ordinal, row(firm)?))).collect();
            rows.sort_by_key(|(ordinal, _)| *ordinal);
            rows
        };
        for (_, row) in tokio::task::spawn_blocking(explain).await? {
            take(row)?;
            count += 1;
        }
    }
    Ok(Some(count))
}

type Concerned = (Arc<Matcher>, usize, Vec<EnterpriseOrdinal>);

async fn concerned(cx: &Context, code: &str) -> Result<Option<Concerned>, Error> {
    let (code, day) = (code.to_owned(), cx.today());
    let asked = cx.census.ask(move |city| {
        let matcher = Arc::clone(city.matcher());
        let Some(place) = matcher.entries().iter().position(|entry| entry.item.code == code) else { return Ok(None) };
        let entry: &Entry = &matcher.entries()[place];
        let Some(rule) = &entry.rule else { return Ok(Some((Arc::clone(&matcher), place, Vec::new()))) };
        let (as_of, parameters) = (entry.as_of(day), entry.parameters(day));
        let context = rules::Context { reference: city.reference(), as_of, parameters: &parameters };
        let ordinals = city.concerned(rule, &context).map_err(census::Error::from)?;
        Ok::<_, census::Error>(Some((Arc::clone(&matcher), place, ordinals)))
    });
    Ok(asked.await??)
}

/// By which kinds of channels each of these can be reached.
async fn reached(
    cx: &Context,
    ordinals: &[EnterpriseOrdinal],
) -> Result<BTreeMap<EnterpriseOrdinal, BTreeSet<ChannelKind>>, Error> {
    let mut reached: BTreeMap<EnterpriseOrdinal, BTreeSet<ChannelKind>> = BTreeMap::new();
    for recipient in cx.store.recipients_among(&Scope::System, ordinals).await? {
        let Some(enterprise) = recipient.subscription.enterprise else { continue };
        let active = recipient.channels.iter().filter(|channel| channel.state == ChannelState::Active);
        reached.entry(enterprise).or_default().extend(active.map(|channel| channel.kind));
    }
    Ok(reached)
}

/// `None` for whom there is nothing to call about.
fn listed(
    found: &Match<'_>,
    profile: &Profile,
    reference: &Reference,
    reached_by: BTreeSet<ChannelKind>,
) -> Option<Listed> {
    if matches!(found.standing, Standing::NotMet | Standing::NotOpen) {
        return None;
    }
    let explanation = found.explanation.as_ref()?;
    let mut told = Told::default();
    told.visit(&explanation.root);
    let facts = explanation.deciding.iter().map(|fact| match &fact.period {
        Some(period) => format!("{}({period})", fact.name),
        None => fact.name.clone(),
    });
    Some(Listed {
        name: profile.name.clone(),
        uscc: profile.uscc.clone(),
        place: registered(profile, reference),
        standing: found.standing,
        label: found.standing.label(found.entry.item.revision.mode),
        missing: facts.chain(told.words).collect(),
        gaps: told.gaps,
        sentences: told.sentences,
        reached_by,
    })
}

/// What the leaves say that are not simply met.
#[derive(Default)]
struct Told {
    words: Vec<String>,
    gaps: Vec<String>,
    sentences: Vec<String>,
}

impl Told {
    fn visit(&mut self, node: &Node) {
        if node.group.is_some_and(rules::Group::combines) {
            // What a group turns on are those of its parts that say what it says.
            for child in node.children.iter().filter(|child| node.verdict == child.verdict) {
                self.visit(child);
            }
            return;
        }
        let waits = matches!(node.cause, Some(UnknownCause::Attestation | UnknownCause::Manual));
        if node.verdict == Verdict::Unknown && waits {
            push(&mut self.words, &node.plain);
        }
        if let Some(gap) = node.gap.as_ref().filter(|_| node.verdict == Verdict::NotMet) {
            push(&mut self.gaps, &format!("{}:{}", node.plain, gap.display));
        }
        if let Some(sentence) = &node.sentence {
            push(&mut self.sentences, sentence);
        }
    }
}

fn push(texts: &mut Vec<String>, text: &str) {
    if !texts.iter().any(|known| known == text) {
        texts.push(text.to_owned());
    }
}

/// District and street as registered now.
fn registered(profile: &Profile, reference: &Reference) -> String {
    let entries = profile.facts.get(&FactKey::from("place_registered")).into_iter().flatten();
    let code = entries.filter(|entry| entry.period.to.is_none()).find_map(|entry| match &entry.state {
        FactState::Known(Value::Area(code)) => Some(code.as_str()),
        _ => None,
    });
    let path = code.map(|code| reference.areas.path(code)).unwrap_or_default();
    let below_city = path.get(3..).filter(|below| !below.is_empty()).unwrap_or(&path);
    let names: Vec<&str> = below_city.iter().filter_map(|code| reference.areas.name(code)).collect();
    names.join(" ")
}
