//! The answer: hits with their best items folded under them, counts, and what was done to the question.

use std::collections::HashMap;

use chrono::NaiveDate;
use domain::{Category, Coverage, Level, Mode, Support, Window};
use serde::Serialize;
use tantivy::collector::TopDocs;
use tantivy::query::{AllQuery, Query as TermTree, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{Searcher, TantivyDocument, Term};

use crate::Error;
use crate::analysis::{Dictionary, fold};
use crate::collector::{Candidate, Implementing, Pass, Sieve};
use crate::document::{Area, Document, Entry};
use crate::facets::Facets;
use crate::generation::Generation;
use crate::highlight;
use crate::plan::{self, Plan};
use crate::query::{Filters, Query};
use crate::schema::{Fields, column};
use crate::timeline::Status;

/// Items shown under a hit.
const MOST_ITEMS: usize = 3;
/// Steps from a local item up to the national one.
const LONGEST_CHAIN: usize = 4;
/// Characters of a snippet.
const SNIPPET: usize = 110;

/// The answer to one [`Query`].
#[derive(Clone, Debug, Serialize)]
pub struct Results {
    pub hits: Vec<Hit>,
    /// Policies that match, without those folded under a more local one.
    pub total: usize,
    /// Policies not listed because every item of theirs is carried out by one more local hit.
    pub folded: usize,
    pub facets: Facets,
    /// Few or none matched all that was asked, so any of the words was enough.
    pub relaxed: bool,
    /// The question was longer than is read.
    pub truncated: bool,
    /// The question named nothing (punctuation only).
    pub nothing_named: bool,
    /// The question as it was read where that is not what was typed: pinyin, initials, a wrong character.
    pub read_as: Option<String>,
    /// Change-feed position of the index that answered.
    pub position: Option<i64>,
}

/// One policy.
#[derive(Clone, Debug, Serialize)]
pub struct Hit {
    pub code: String,
    pub title: String,
    /// Safe HTML with `<mark>`.
    pub title_html: String,
    /// Safe HTML with `<mark>`: where the words meet.
    pub snippet_html: String,
    pub document_numbers: Vec<String>,
    pub issuers: Vec<String>,
    pub level: Level,
    pub area: Option<Area>,
    pub published_on: Option<NaiveDate>,
    pub coverage: Coverage,
    pub status: Status,
    /// The most actionable window of the items that pass the choices, on the day of the query.
    pub window: Window,
    pub score: f32,
    /// The best of the items that pass the choices.
    pub items: Vec<HitItem>,
    /// How many items pass the choices.
    pub item_total: usize,
}

/// One item under its policy.
#[derive(Clone, Debug, Serialize)]
pub struct HitItem {
    pub code: String,
    pub name: String,
    /// Safe HTML with `<mark>`.
    pub name_html: String,
    pub summary: String,
    pub level: Level,
    pub area: String,
    pub category: Category,
    pub support: Support,
    pub mode: Mode,
    pub coverage: Coverage,
    pub amount_text: Option<String>,
    pub status: Status,
    pub window: Window,
    /// The upper items it carries out locally, nearest first.
    pub upper: Vec<Upper>,
}

/// An upper item folded under a local one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Upper {
    pub code: String,
    pub name: String,
    pub level: Level,
    /// Code of its policy.
    pub policy: String,
    pub policy_title: String,
}

pub(crate) fn search(
    generation: &Generation,
    fields: &Fields,
    dictionary: &Dictionary,
    query: &Query,
) -> Result<Results, Error> {
    let position = generation.position();
    let searcher = generation.searcher();
    let browsing = query.text().is_empty();
    let plan = if browsing {
        None
    } else {
        let vocabulary = generation.vocabulary(&searcher, fields, dictionary)?;
        plan::plan(query.text(), fields, dictionary, &searcher, &vocabulary)?
    };
    let nothing_named = plan.is_none() && !browsing;
    let (pass, relaxed) = if nothing_named { (Pass::default(), false) } else { run(&searcher, query, plan.as_ref())? };
    let read_as = plan.as_ref().and_then(|plan| plan.read_as.clone());
    let page = Page { searcher: &searcher, fields, query, terms: plan.map(|plan| plan.terms).unwrap_or_default() };
    let (candidates, folded) = page.unfolded(pass.candidates, &pass.implemented)?;
    Ok(Results {
        total: candidates.len(),
        hits: page.hits(candidates)?,
        folded,
        facets: pass.counts.into_facets(),
        relaxed,
        truncated: query.is_truncated(),
        nothing_named,
        read_as,
        position,
    })
}

/// Runs the strict question and, if nothing passes, the relaxed one.
fn run(searcher: &Searcher, query: &Query, plan: Option<&Plan>) -> Result<(Pass, bool), Error> {
    let Some(plan) = plan else {
        return Ok((searcher.search(&AllQuery, &Sieve::new(query, false))?, false));
    };
    let sieve = Sieve::new(query, true);
    let ask = |tree: &dyn TermTree| searcher.search(tree, &sieve);
    let strict = ask(&*plan.strict)?;
    if !strict.candidates.is_empty() {
        return Ok((strict, false));
    }
    let relaxed = ask(&*plan.relaxed)?;
    let found = !relaxed.candidates.is_empty();
    Ok((relaxed, found))
}

/// One page of candidates on its way to being shown.
struct Page<'a> {
    searcher: &'a Searcher,
    fields: &'a Fields,
    query: &'a Query,
    terms: Vec<String>,
}

impl Page<'_> {
    /// Leaves out policies all of whose items one more local hit carries out; what was asked for
    /// by number or title always stays. Where several local items carry an item out (one per
    /// district, and the searcher's is unknown), none speaks for it, and it stays too; so does one that
    /// answers the words better than the local one.
    fn unfolded(
        &self,
        candidates: Vec<Candidate>,
        implemented: &HashMap<u64, Implementing>,
    ) -> Result<(Vec<Candidate>, usize), Error> {
        if implemented.is_empty() {
            return Ok((candidates, 0));
        }
        let columns =
            self.searcher.segment_readers().iter().map(|segment| segment.fast_fields().u64(column::ITEM_KEYS));
        let columns = columns.collect::<Result<Vec<_>, _>>()?;
        let before = candidates.len();
        let is_folded = |candidate: &Candidate| {
            let column = columns.get(candidate.address.segment_ord as usize);
            let mut items =
                column.into_iter().flat_map(|column| column.values_for_doc(candidate.address.doc_id)).peekable();
            let score = candidate.rank.score();
            items.peek().is_some()
                && items.all(|item| implemented.get(&item).is_some_and(|local| local.speaks_for(score)))
        };
        let asked_for = |candidate: &Candidate| plan::is_exact(candidate.rank.score());
        let kept: Vec<Candidate> =
            candidates.into_iter().filter(|candidate| asked_for(candidate) || !is_folded(candidate)).collect();
        let folded = before - kept.len();
        Ok((kept, folded))
    }

    fn hits(&self, mut candidates: Vec<Candidate>) -> Result<Vec<Hit>, Error> {
        candidates.sort_unstable_by(|left, right| left.rank.order(&right.rank));
        let shown = candidates.into_iter().skip(self.query.offset()).take(self.query.limit());
        shown.map(|candidate| self.hit(candidate)).collect()
    }

    fn hit(&self, candidate: Candidate) -> Result<Hit, Error> {
        let row: TantivyDocument = self.searcher.doc(candidate.address)?;
        let document = self.fields.document(&row)?;
        let today = self.query.today;
        let chosen = self.chosen_items(&document);
        let window = chosen.iter().map(|(item, _)| item.window.at(today)).min_by_key(Window::urgency);
        let window = window.unwrap_or_else(|| document.window.at(today));
        let best = chosen.iter().take(MOST_ITEMS);
        let items = best.map(|(item, _)| self.item(item)).collect::<Result<_, Error>>()?;
        Ok(Hit {
            item_total: chosen.len(),
            items,
            status: Status::of(&window),
            window,
            title_html: highlight::mark(&document.title, &self.terms),
            snippet_html: highlight::best_snippet(&[&document.summary, &document.body], &self.terms, SNIPPET),
            coverage: document.coverage(),
            score: candidate.rank.score(),
            area: document.areas.last().cloned(),
            code: document.code,
            title: document.title,
            document_numbers: document.document_numbers,
            issuers: document.issuers,
            level: document.level,
            published_on: document.published_on,
        })
    }

    /// The items that pass the choices, best first: by the words they hold, then by urgency.
    fn chosen_items<'d>(&self, document: &'d Document) -> Vec<(&'d Entry, usize)> {
        let passing = document.items.iter().filter(|item| passes(&self.query.filters, item, self.query.today));
        let mut chosen: Vec<(&Entry, usize)> = passing.map(|item| (item, self.weight(item))).collect();
        chosen.sort_by_key(|(item, weight)| (std::cmp::Reverse(*weight), item.window.at(self.query.today).urgency()));
        chosen
    }

    fn weight(&self, item: &Entry) -> usize {
        let (name, summary) = (fold(&item.name), fold(&item.summary));
        let weigh =
            |term: &String| term.len() * (3 * usize::from(name.contains(term)) + usize::from(summary.contains(term)));
        self.terms.iter().map(weigh).sum()
    }

    fn item(&self, item: &Entry) -> Result<HitItem, Error> {
        let window = item.window.at(self.query.today);
        Ok(HitItem {
            code: item.code.clone(),
            name: item.name.clone(),
            name_html: highlight::mark(&item.name, &self.terms),
            summary: item.summary.clone(),
            level: item.level,
            area: item.area.clone(),
            category: item.category,
            support: item.support,
            mode: item.mode,
            coverage: item.coverage,
            amount_text: item.amount_text.clone(),
            status: Status::of(&window),
            window,
            upper: self.uppers(item)?,
        })
    }

    /// Follows `implements` upwards through the index.
    fn uppers(&self, item: &Entry) -> Result<Vec<Upper>, Error> {
        let mut uppers: Vec<Upper> = Vec::new();
        let mut next = item.implements.clone();
        while let Some(code) = next.take().filter(|code| uppers.len() < LONGEST_CHAIN && *code != item.code) {
            let Some(document) = self.policy_of(&code)? else { break };
            let Some(entry) = document.items.iter().find(|entry| entry.code == code) else { break };
            next.clone_from(&entry.implements);
            uppers.push(Upper {
                code,
                name: entry.name.clone(),
                level: entry.level,
                policy: document.code.clone(),
                policy_title: document.title.clone(),
            });
        }
        Ok(uppers)
    }

    fn policy_of(&self, item: &str) -> Result<Option<Document>, Error> {
        let term = Term::from_field_text(self.fields.item_code, item);
        let query = TermQuery::new(term, IndexRecordOption::Basic);
        let found = self.searcher.search(&query, &TopDocs::with_limit(1).order_by_score())?;
        let Some((_, address)) = found.into_iter().next() else { return Ok(None) };
        let row: TantivyDocument = self.searcher.doc(address)?;
        Ok(Some(self.fields.document(&row)?))
    }
}

fn passes(filters: &Filters, item: &Entry, today: NaiveDate) -> bool {
    let status = Status::of(&item.window.at(today));
    (filters.categories.is_empty() || filters.categories.contains(&item.category))
        && (filters.statuses.is_empty() || filters.statuses.contains(&status))
}
