//! How good the reading is, against sentences a careful reader has structured.
//!
//! A leaf is right when comparison (with inclusiveness), value in base units and window agree, matched one to one and
//! greedily within its sentence. What is paid and what no machine decides are counted apart; facts and the shape of the
//! tree stand beside.

mod claim;
mod file;
mod shape;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::OnceLock;

use rules::Reference;
use serde::Serialize;

pub use file::{Judged, read};

use self::claim::Said;
use self::file::Expected;
use crate::leaf::{Leaf, Role, Tree};
use crate::propose::{propose, propose_refused};

/// Right of what was proposed, and of what was there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Figures {
    pub expected: usize,
    pub proposed: usize,
    pub right: usize,
}

impl Figures {
    pub fn precision(&self) -> f64 {
        share(self.right, self.proposed)
    }

    pub fn recall(&self) -> f64 {
        share(self.right, self.expected)
    }
}

/// A share of sentences or leaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Share {
    pub of: usize,
    pub right: usize,
}

impl Share {
    pub fn value(&self) -> f64 {
        share(self.right, self.of)
    }

    fn count(&mut self, right: bool) {
        self.of += 1;
        self.right += usize::from(right);
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of sentences; shown to three digits")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// The whole report.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    pub sentences: usize,
    /// Requirements: what the goals are about.
    pub leaves: Figures,
    pub precision: f64,
    pub recall: f64,
    /// Thresholds and days among them.
    pub numeric: Figures,
    /// Requirements proposed without a doubt: right of proposed.
    pub sure: Share,
    pub award: Figures,
    pub manual: Figures,
    /// Right leaves whose field is mapped: the fact agrees.
    pub facts: Share,
    /// Sentences with a right leaf: those leaves are joined the same way.
    pub shape: Share,
    /// The same where there is something to join: two right leaves or more.
    pub shape_of_several: Share,
    /// All sentences: every leaf right and all joined the same way.
    pub whole: Share,
    /// Fields without a fact of the catalogue, with how often they occur.
    pub unmapped_fields: BTreeMap<String, usize>,
    pub disagreements: Vec<Disagreement>,
}

/// What differs in one sentence.
#[derive(Clone, Debug, Serialize)]
pub struct Disagreement {
    pub id: String,
    pub missed: Vec<String>,
    pub wrong: Vec<String>,
    pub shape_differs: bool,
}

/// The file's fields and our facts, by meaning; in our words.
fn fields() -> &'static BTreeMap<String, BTreeSet<String>> {
    const FIELDS: &str = include_str!("../../../config/extract/fields.toml");
    static PARSED: OnceLock<BTreeMap<String, BTreeSet<String>>> = OnceLock::new();
    PARSED.get_or_init(|| toml::from_str(FIELDS).unwrap_or_default())
}

/// Reads every sentence and compares.
pub fn judge(sentences: &[Judged], reference: &Reference) -> Report {
    let mut report = Report { sentences: sentences.len(), ..Report::default() };
    for sentence in sentences {
        one(sentence, reference, &mut report);
    }
    report.precision = report.leaves.precision();
    report.recall = report.leaves.recall();
    report
}

fn one(judged: &Judged, reference: &Reference, report: &mut Report) {
    let read = if judged.refused { propose_refused } else { propose };
    let (leaves, tree) = flattened(read(&judged.sentence, reference));
    let ours = said(&tree, leaves.iter().map(Said::of).collect());
    let theirs = said(&judged.tree, judged.leaves.iter().map(|leaf| leaf.said.clone()).collect());
    let pairs = matched(&leaves, &ours, &judged.leaves, &theirs);
    count(judged, &leaves, (&ours, &theirs), &pairs, report);
    let shape_is_right = shapes(judged, &leaves, &tree, &pairs, report);
    let missed = unpaired(&judged.leaves, &pairs, |pair| pair.1, |leaf| leaf.role == Role::Requirement);
    let wrong = unpaired(&leaves, &pairs, |pair| pair.0, |leaf| leaf.role == Role::Requirement);
    if !missed.is_empty() || !wrong.is_empty() || !shape_is_right {
        report.disagreements.push(Disagreement {
            id: judged.id.clone(),
            missed: missed
                .into_iter()
                .map(|index| format!("{} {:?}", judged.leaves[index].field, theirs[index]))
                .collect(),
            wrong: wrong.into_iter().map(|index| format!("{} {:?}", leaves[index].words, ours[index])).collect(),
            shape_differs: !shape_is_right,
        });
    }
}

/// All sentences of a reading as one list of leaves and one tree.
fn flattened(proposal: crate::Proposal) -> (Vec<Leaf>, Tree) {
    let mut leaves = Vec::new();
    let mut trees = Vec::new();
    for sentence in proposal.sentences {
        trees.push(shifted(sentence.tree, leaves.len()));
        leaves.extend(sentence.leaves);
    }
    (leaves, Tree::All(trees))
}

fn shifted(tree: Tree, by: usize) -> Tree {
    let many = |children: Vec<Tree>| children.into_iter().map(|child| shifted(child, by)).collect();
    match tree {
        Tree::All(children) => Tree::All(many(children)),
        Tree::Any(children) => Tree::Any(many(children)),
        Tree::None(children) => Tree::None(many(children)),
        Tree::AtLeast(k, children) => Tree::AtLeast(k, many(children)),
        Tree::When(guard, then) => Tree::When(Box::new(shifted(*guard, by)), Box::new(shifted(*then, by))),
        Tree::Leaf(index) => Tree::Leaf(index + by),
    }
}

/// Each leaf's claim as it stands under the 没有 above it.
fn said(tree: &Tree, claims: Vec<Said>) -> Vec<Said> {
    let mut denied = vec![false; claims.len()];
    mark(tree, false, &mut denied);
    claims.into_iter().zip(denied).map(|(claim, denied)| claim.under(denied)).collect()
}

fn mark(tree: &Tree, denied: bool, marks: &mut [bool]) {
    match tree {
        Tree::All(children) | Tree::Any(children) | Tree::AtLeast(_, children) => {
            for child in children {
                mark(child, denied, marks);
            }
        }
        Tree::None(children) => {
            for child in children {
                mark(child, !denied, marks);
            }
        }
        Tree::When(guard, then) => {
            mark(guard, false, marks);
            mark(then, denied, marks);
        }
        Tree::Leaf(index) => {
            if let Some(mark) = marks.get_mut(*index) {
                *mark = denied;
            }
        }
    }
}

/// Greedy and one to one; of several that agree, one with our fact comes first.
fn matched(leaves: &[Leaf], ours: &[Said], expected: &[Expected], theirs: &[Said]) -> Vec<(usize, usize)> {
    let mut taken = vec![false; expected.len()];
    let mut pairs = Vec::new();
    for (index, leaf) in leaves.iter().enumerate().filter(|(_, leaf)| leaf.role != Role::Manual) {
        let fits =
            |other: &usize| !taken[*other] && expected[*other].role == leaf.role && ours[index].agrees(&theirs[*other]);
        let candidates: Vec<usize> = (0..expected.len()).filter(fits).collect();
        let best = candidates.iter().copied().find(|other| fact_agrees(leaf, &expected[*other].field) == Some(true));
        if let Some(other) = best.or_else(|| candidates.first().copied()) {
            taken[other] = true;
            pairs.push((index, other));
        }
    }
    pairs
}

/// Whether the fact is the field's; none where the field is mapped to no fact.
fn fact_agrees(leaf: &Leaf, field: &str) -> Option<bool> {
    let facts = fields().get(field)?;
    Some(leaf.fact.as_ref().is_some_and(|fact| facts.contains(fact)))
}

fn count(
    judged: &Judged,
    leaves: &[Leaf],
    (ours, theirs): (&[Said], &[Said]),
    pairs: &[(usize, usize)],
    report: &mut Report,
) {
    for (leaf, said) in judged.leaves.iter().zip(theirs) {
        report.of(leaf.role).expected += 1;
        report.numeric.expected += usize::from(leaf.role == Role::Requirement && said.claim.is_numeric());
        if leaf.role == Role::Requirement && !fields().contains_key(&leaf.field) {
            *report.unmapped_fields.entry(leaf.field.clone()).or_default() += 1;
        }
    }
    let right: BTreeSet<usize> = pairs.iter().map(|(index, _)| *index).collect();
    for (index, (leaf, said)) in leaves.iter().zip(ours).enumerate() {
        report.of(leaf.role).proposed += 1;
        if leaf.role == Role::Requirement {
            report.numeric.proposed += usize::from(said.claim.is_numeric());
            if leaf.doubts.is_empty() {
                report.sure.count(right.contains(&index));
            }
        }
    }
    for (index, other) in pairs {
        report.of(leaves[*index].role).right += 1;
        report.numeric.right +=
            usize::from(leaves[*index].role == Role::Requirement && ours[*index].claim.is_numeric());
        if leaves[*index].role == Role::Requirement
            && let Some(agrees) = fact_agrees(&leaves[*index], &judged.leaves[*other].field)
        {
            report.facts.count(agrees);
        }
    }
}

impl Report {
    fn of(&mut self, role: Role) -> &mut Figures {
        match role {
            Role::Requirement => &mut self.leaves,
            Role::Award => &mut self.award,
            Role::Manual => &mut self.manual,
        }
    }
}

fn shapes(judged: &Judged, leaves: &[Leaf], tree: &Tree, pairs: &[(usize, usize)], report: &mut Report) -> bool {
    let pairs: Vec<(usize, usize)> =
        pairs.iter().copied().filter(|(index, _)| leaves[*index].role == Role::Requirement).collect();
    let ours: HashMap<usize, usize> = pairs.iter().enumerate().map(|(pair, (index, _))| (*index, pair)).collect();
    let theirs: HashMap<usize, usize> = pairs.iter().enumerate().map(|(pair, (_, other))| (*other, pair)).collect();
    let same = shape::normal(tree, &ours) == shape::normal(&judged.tree, &theirs);
    if !pairs.is_empty() {
        report.shape.count(same);
    }
    if pairs.len() > 1 {
        report.shape_of_several.count(same);
    }
    let demanded = judged.leaves.iter().filter(|leaf| leaf.role == Role::Requirement).count();
    let proposed = leaves.iter().filter(|leaf| leaf.role == Role::Requirement).count();
    report.whole.count(same && demanded == pairs.len() && proposed == pairs.len());
    same
}

fn unpaired<T>(
    leaves: &[T],
    pairs: &[(usize, usize)],
    side: impl Fn(&(usize, usize)) -> usize,
    counts: impl Fn(&T) -> bool,
) -> Vec<usize> {
    (0..leaves.len())
        .filter(|index| counts(&leaves[*index]) && !pairs.iter().any(|pair| side(pair) == *index))
        .collect()
}
