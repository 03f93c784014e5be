//! One piece (between 。 and ;) → a tree: how the clauses in it join, which are cases of which, what is refused.

mod case;

use std::ops::Range;

use crate::clause::award::{self, Paid};
use crate::clause::{self, Atom, Carried, Lexicon};
use crate::leaf::{Doubt, Leaf, Reading, Role, Tree};
use crate::split;
use crate::text::Text;

/// The leaves of a sentence as they are found.
#[derive(Debug, Default)]
pub(crate) struct Leaves(pub(crate) Vec<Leaf>);

impl Leaves {
    pub(crate) fn add(&mut self, leaf: Leaf) -> Tree {
        self.0.push(leaf);
        Tree::Leaf(self.0.len() - 1)
    }

    pub(crate) fn manual(&mut self, text: &Text, span: Range<usize>) -> Tree {
        let mut leaf = Leaf::new(text.words(span.clone()), span, Reading::Words);
        leaf.role = Role::Manual;
        self.add(leaf)
    }
}

/// What a clause came to.
struct Part {
    tree: Tree,
    lead: Lead,
    kind: Kind,
    /// It ends in 的: what follows is about firms like this.
    is_guard: bool,
    is_refusal: bool,
}

/// The word a clause begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lead {
    Plain,
    /// 或
    Or,
    /// 且, 但, 并, 同时
    And,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Unread,
    Award,
    Numeric,
    Other,
}

const REFUSALS: &[&str] = &[
    "不予支持",
    "不予贴息",
    "不予受理",
    "不予补助",
    "不予补贴",
    "不予奖励",
    "不予资助",
    "不予认定",
    "不得申报",
    "不得申请",
    "不得享受",
    "不得参与",
    "不得参加",
    "不享受",
    "不再重复",
    "不重复申报",
    "不能申报",
    "不能享受",
    "不能重复",
    "不纳入",
    "不再享受",
    "不再支持",
    "不再奖励",
    "不可申报",
    "均不得",
    "不得再申报",
    "不得重复",
];

/// Whether it says that something is not supported.
pub(crate) fn refuses(text: &Text, span: Range<usize>) -> bool {
    text.contains_any(span, REFUSALS)
}

/// Reads one piece. `alternative` says that it stands in a list of which one is enough.
pub(crate) fn read(
    text: &Text,
    span: Range<usize>,
    lexicon: &Lexicon<'_>,
    carried: &mut Carried,
    leaves: &mut Leaves,
    alternative: bool,
) -> Option<Tree> {
    let follows = text.at(span.start.wrapping_sub(1)) == Some(';');
    let (label, body) = case::label(text, span);
    let measured = label.clone().map(|label| text.words(label)).filter(|label| case::is_measure(label));
    let above = carried.heading;
    let label_pays = label.clone().map(|label| award::heads(&text.words(label)));
    carried.labelled = label_pays.unwrap_or(carried.labelled && follows);
    carried.heading.pays |= carried.labelled;
    carried.heading.refusing |= refuses(text, body.clone());
    (carried.pending, carried.unread) = (None, None);
    if carried.paid != Paid::No && !follows {
        carried.paid = Paid::Before;
    }
    let mut parts = Vec::new();
    let mut kind = None;
    for clause in split::clauses(text, body) {
        let mut atoms = clause::read(text, clause.clone(), lexicon, carried);
        if parts.is_empty() && label.is_none() {
            kind = kind.or_else(|| case::kind_of(text, &mut atoms));
        }
        if goes_on(text, &mut atoms, parts.last(), leaves) && atoms.is_empty() {
            continue;
        }
        let case = case::case_of(&mut atoms, measured.as_deref());
        if let Some(mut part) = part(text, clause, atoms, leaves) {
            if let Some(case) = case {
                part.tree = Tree::when(leaves.add(case), part.tree);
            }
            parts.push(part);
        }
    }
    carried.heading = above;
    let tree = assembled(parts, alternative)?;
    if let Some(kind) = kind {
        return Some(Tree::when(leaves.add(kind), tree));
    }
    Some(case::labelled(text, label, tree, leaves))
}

/// The first atom of a clause may belong to the last leaf of the clause before.
fn goes_on(text: &Text, atoms: &mut Vec<Atom>, before: Option<&Part>, leaves: &mut Leaves) -> bool {
    let is_last = before.is_some_and(|part| part.tree.last_leaf() == leaves.0.len().checked_sub(1));
    let (Some(atom), Some(last), true) = (atoms.first(), leaves.0.last_mut(), is_last) else { return false };
    let absorbed = !atom.or && clause::absorbed(last, &atom.leaf, text);
    if absorbed {
        atoms.remove(0);
    }
    absorbed
}

fn part(text: &Text, clause: Range<usize>, atoms: Vec<Atom>, leaves: &mut Leaves) -> Option<Part> {
    let refusal = REFUSALS.iter().filter_map(|words| text.find(clause.clone(), words)).min();
    // 不予资助的违法行为 refuses nothing here, it names a thing.
    let refusal = refusal.filter(|at| !atoms.iter().any(|atom| atom.leaf.span.contains(at)));
    let mut part = Part {
        tree: Tree::All(Vec::new()),
        lead: lead(text, clause.start),
        kind: kind(&atoms),
        is_guard: is_guard(text, &clause),
        is_refusal: refusal.is_some(),
    };
    if atoms.is_empty() {
        if let Some(at) = refusal {
            part.tree = case::refused_kind(text, clause.start..at, leaves).unwrap_or(part.tree);
            return Some(part);
        }
        if !is_demand(text, &clause) {
            return None;
        }
        part.tree = leaves.manual(text, clause);
        return Some(part);
    }
    part.tree = joined(atoms, part.lead == Lead::Or, leaves);
    Some(part)
}

fn lead(text: &Text, at: usize) -> Lead {
    if text.starts_with(at, "或") {
        return Lead::Or;
    }
    if text.any_at(at, &["且", "并", "但", "同时", "其中"]).is_some() { Lead::And } else { Lead::Plain }
}

fn kind(atoms: &[Atom]) -> Kind {
    if atoms.is_empty() {
        return Kind::Unread;
    }
    if atoms.iter().all(|atom| atom.leaf.role == Role::Award) {
        return Kind::Award;
    }
    let numeric = atoms.iter().any(|atom| matches!(atom.leaf.reading, Reading::Number { .. }));
    if numeric { Kind::Numeric } else { Kind::Other }
}

/// Wording that asks for something, however vague; remarks and connecting words are none.
fn is_demand(text: &Text, clause: &Range<usize>) -> bool {
    let words = text.words(clause.clone());
    let long = words.chars().filter(|one| one.is_alphanumeric()).count() >= 4;
    long && !words.contains("下列") && !words.contains("以下条件")
}

/// …的, …的企业, …的科技服务机构
fn is_guard(text: &Text, clause: &Range<usize>) -> bool {
    const NOUN: usize = 10;
    let from = clause.end.saturating_sub(NOUN).max(clause.start);
    let Some(at) = (from..clause.end).rev().find(|at| text.at(*at) == Some('的')) else { return false };
    let noun = text.words(at + 1..clause.end);
    noun.is_empty()
        || ["企业", "单位", "机构", "项目", "组织", "个体工商户", "园区", "基地", "平台", "中心"]
            .iter()
            .any(|end| noun.ends_with(end))
}

/// The leaves of a clause: runs of 且 between 或.
fn joined(atoms: Vec<Atom>, leads_with_or: bool, leaves: &mut Leaves) -> Tree {
    let mut run: Vec<Tree> = Vec::new();
    for (index, atom) in atoms.into_iter().enumerate() {
        let or = atom.or && (index > 0 || !leads_with_or);
        let tree = of_atom(atom, leaves);
        // 甲且(乙或丙) cannot be told from (甲且乙)或丙 here: 或 joins its neighbour.
        match run.pop() {
            Some(neighbour) if or => run.push(neighbour.or(tree)),
            before => {
                run.extend(before);
                run.push(tree);
            }
        }
    }
    Tree::All(run)
}

/// 10%(超过100人的企业达到5%): above the case its own threshold, else the main one.
fn of_atom(atom: Atom, leaves: &mut Leaves) -> Tree {
    let Some((case, threshold)) = atom.exception.map(|pair| *pair) else {
        return match case::sex_of(&atom.leaf) {
            Some(sex) => Tree::when(leaves.add(sex), leaves.add(atom.leaf)),
            None => leaves.add(atom.leaf),
        };
    };
    let mut other = case.clone();
    if let Reading::Number { operator, .. } = &mut other.reading {
        *operator = operator.opposite();
    }
    let mut main = atom.leaf;
    main.doubts.push(Doubt::Case);
    let special = Tree::when(leaves.add(case), leaves.add(threshold));
    let usual = Tree::when(leaves.add(other), leaves.add(main));
    Tree::All(vec![special, usual])
}

fn assembled(parts: Vec<Part>, alternative: bool) -> Option<Tree> {
    let parts = refused(parts);
    let boundary = parts.iter().rposition(|part| part.is_guard);
    let Some(boundary) = boundary.filter(|at| at + 1 < parts.len()) else { return alternatives(parts).simplified() };
    let mut guard = parts;
    let then = guard.split_off(boundary + 1);
    let is = |parts: &[Part], kind| parts.iter().any(|part| part.kind == kind);
    let pays = then.iter().all(|part| matches!(part.kind, Kind::Award | Kind::Unread)) && is(&then, Kind::Award);
    let asks = is(&guard, Kind::Numeric) && then.first().is_some_and(|part| part.kind == Kind::Numeric);
    let is_case = pays || asks && !alternative;
    let (guard, then) = (alternatives(guard), alternatives(then));
    if is_case { respectively(guard, then) } else { Tree::All(vec![guard, then]) }.simplified()
}

/// 达甲、乙、丙的,分别奖励子、丑、寅: as many cases as there are tiers; else one case.
fn respectively(guard: Tree, then: Tree) -> Tree {
    let is_leaf = |tree: &Tree| matches!(tree, Tree::Leaf(_));
    match (guard.simplified(), then.simplified()) {
        (Some(Tree::Any(tiers)), Some(Tree::All(thens)))
            if tiers.len() <= thens.len() && tiers.iter().chain(thens.iter().take(tiers.len())).all(is_leaf) =>
        {
            let mut thens = thens.into_iter();
            let mut cases: Vec<Tree> =
                tiers.into_iter().zip(thens.by_ref()).map(|(tier, then)| Tree::when(tier, then)).collect();
            cases.extend(thens);
            Tree::All(cases)
        }
        (Some(guard), Some(then)) => Tree::when(guard, then),
        (guard, then) => guard.or(then).unwrap_or(Tree::All(Vec::new())),
    }
}

/// What stands before 不予支持 must not be so.
fn refused(parts: Vec<Part>) -> Vec<Part> {
    let mut done: Vec<Part> = Vec::new();
    let mut from = 0;
    for mut part in parts {
        if !part.is_refusal {
            done.push(part);
            continue;
        }
        let mut children: Vec<Tree> = done.drain(from..).map(|part| part.tree).collect();
        children.push(part.tree);
        part.tree = Tree::None(vec![Tree::All(children)]);
        part.is_guard = false;
        done.push(part);
        from = done.len();
    }
    done
}

/// A clause led by 或 is the alternative of the numeric clauses in front of it.
fn alternatives(parts: Vec<Part>) -> Tree {
    let mut all: Vec<(Tree, bool)> = Vec::new();
    let mut open = false;
    for part in parts {
        if part.lead == Lead::Or && !all.is_empty() {
            let from = all.iter().rposition(|(_, numeric)| !numeric).map_or(0, |at| at + 1).min(all.len() - 1);
            let mut before: Vec<Tree> = all.drain(from..).map(|(tree, _)| tree).collect();
            let before = if before.len() == 1 { before.pop().unwrap_or(Tree::All(before)) } else { Tree::All(before) };
            all.push((before.or(part.tree), true));
            open = true;
        } else if open && part.lead == Lead::And {
            if let Some((Tree::Any(children), _)) = all.last_mut()
                && let Some(last) = children.pop()
            {
                children.push(last.and(part.tree));
            }
        } else {
            open = false;
            all.push((part.tree, part.kind == Kind::Numeric));
        }
    }
    Tree::All(all.into_iter().map(|(tree, _)| tree).collect())
}
