//! Cases for an author to confirm: per leaf a made-up enterprise one step below, on and above its boundary, and one
//! of which nothing is known, everything else arranged so that this leaf decides.
//!
//! Found by construction and proven by [`decide`]: a case is proposed with the verdicts it really has.

mod list;
mod number;
mod table;
mod value;
mod write;

use serde::Serialize;

use crate::context::Context;
use crate::core::{Core, decide};
use crate::explain::explain;
use crate::lower::lower;
use crate::plain::plain;
use crate::profile::{Entry, FactState, Period, Profile, RecordList};
use crate::text::wording;
use crate::tree::{Condition, child_path};
use crate::value::{FactKey, Grade, Value};
use crate::verdict::{Node, Verdict};

pub use self::write::to_toml;

/// Where a case stands to the boundary of its leaf.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// The smallest step short of it: a 分, a day, a record.
    Below,
    On,
    Above,
    /// One of the values meant.
    Inside,
    /// The value next to them: a sibling code, the area next door.
    Outside,
    /// What the leaf asks for is not known.
    Unknown,
}

/// One made-up enterprise.
#[derive(Clone, Debug)]
pub struct Case {
    pub step: Step,
    /// What is special about it, with the value the leaf is judged on.
    pub name: String,
    pub profile: Profile,
    /// What the leaf says of it.
    pub leaf: Verdict,
    /// What the whole condition says.
    pub verdict: Verdict,
}

/// The cases of one leaf.
#[derive(Clone, Debug)]
pub struct LeafCases {
    pub path: String,
    pub text: String,
    pub cases: Vec<Case>,
}

impl Step {
    /// Whether the case shows that the boundary is meant as written.
    pub fn is_boundary(self) -> bool {
        matches!(self, Self::Below | Self::On | Self::Above)
    }

    pub fn words(self) -> &'static str {
        match self {
            Self::Below => "界下一步",
            Self::On => "正好在界上",
            Self::Above => "界上一步",
            Self::Inside => "在所列之内",
            Self::Outside => "在所列之外",
            Self::Unknown => "不知道",
        }
    }
}

/// The cases of every leaf but the marks, in reading order.
pub fn propose(condition: &Condition, context: &Context<'_>) -> Vec<LeafCases> {
    let root = lower(condition, context.reference);
    let leaves = condition.leaves().into_iter().filter(|(_, leaf)| !matches!(leaf, Condition::Mark(_)));
    leaves
        .map(|(path, leaf)| {
            let core = lower(leaf, context.reference);
            let known = own(leaf, context);
            let cases = known.into_iter().chain([(Step::Unknown, Profile::default())]).filter_map(|(step, profile)| {
                let claimed = decide(&core, &profile, context);
                let mut stage = Stage { context, profile, promises: vec![(core.clone(), claimed)] };
                stage.isolate(condition, "", &path, true);
                let verdict = decide(&root, &stage.profile, context);
                (step != Step::Unknown || claimed == Verdict::Unknown).then(|| Case {
                    step,
                    name: name(leaf, step, &stage.profile, context),
                    leaf: claimed,
                    verdict,
                    profile: stage.profile,
                })
            });
            let cases = cases.collect();
            LeafCases { cases, text: wording(leaf, context.reference), path }
        })
        .collect()
}

fn name(leaf: &Condition, step: Step, profile: &Profile, context: &Context<'_>) -> String {
    let Node { actual, .. } = explain(leaf, profile, context, &std::collections::BTreeMap::new()).root;
    let said = plain(leaf, context.reference);
    match actual.filter(|_| step != Step::Unknown) {
        Some(actual) => format!("{said}:{},{}", step.words(), actual.display),
        None => format!("{said}:{}", step.words()),
    }
}

/// What one leaf alone is shown with.
fn own(leaf: &Condition, context: &Context<'_>) -> Vec<(Step, Profile)> {
    let empty = Profile::default();
    match leaf {
        Condition::Compare(_) | Condition::Each(_) => number::boundary(leaf, &empty, context),
        Condition::Age(_)
        | Condition::Residence(_)
        | Condition::Membership(_)
        | Condition::Contains(_)
        | Condition::Place(_) => value::around(leaf, context),
        Condition::Records(records) => list::around(records, context),
        Condition::Attestation(sentence) => vec![(Step::Inside, list::promise(sentence, context))],
        Condition::Manual(_)
        | Condition::Mark(_)
        | Condition::Unconfirmed(_)
        | Condition::All(_)
        | Condition::Any(_)
        | Condition::None(_)
        | Condition::AtLeast { .. }
        | Condition::Tier(_)
        | Condition::Cases(_) => Vec::new(),
    }
}

/// A profile being arranged, and the verdicts that must not change any more.
#[derive(Clone)]
struct Stage<'a> {
    context: &'a Context<'a>,
    profile: Profile,
    promises: Vec<(Core, Verdict)>,
}

impl Stage<'_> {
    /// Arranges everything beside the way from here to the leaf at `path` so that the leaf decides.
    fn isolate(&mut self, node: &Condition, here: &str, path: &str, wanted: bool) {
        if !node.is_group() {
            return;
        }
        if let Some(rows) = table::rows(node) {
            self.isolate_row(&rows, here, path, wanted);
            return;
        }
        let inside = wanted != matches!(node, Condition::None(_));
        // A conjunction is decided by one member when the others hold, a disjunction when they fail.
        let mut holding = match node {
            Condition::All(children) => children.len(),
            Condition::AtLeast { k, .. } => k.saturating_sub(1),
            _ => 0,
        };
        for (index, child) in node.children().iter().enumerate() {
            let at = child_path(here, index);
            if path == at || path.starts_with(&format!("{at}.")) {
                self.isolate(child, &at, path, inside);
            } else if !matches!(child, Condition::Mark(_)) {
                let holds = holding > 0;
                holding = holding.saturating_sub(1);
                self.strive(child, holds);
            }
        }
    }

    /// Makes a node hold or fail as far as what is fixed allows; whether it came about.
    fn strive(&mut self, node: &Condition, holds: bool) -> bool {
        if !node.is_group() {
            return self.arrange(node, holds);
        }
        if let Some(rows) = table::rows(node) {
            return self.strive_row(&rows, holds);
        }
        let members: Vec<&Condition> =
            node.children().into_iter().filter(|child| !matches!(child, Condition::Mark(_))).collect();
        let inside = holds != matches!(node, Condition::None(_));
        let enough = match (node, holds) {
            (Condition::All(_) | Condition::None(_), true) | (Condition::Any(_), false) => members.len(),
            (Condition::AtLeast { k, .. }, true) => *k,
            (Condition::AtLeast { k, .. }, false) => (members.len() + 1).saturating_sub(*k),
            _ => 1,
        };
        let mut done = 0;
        for child in members {
            if done == enough {
                break;
            }
            let mut trial = self.clone();
            if trial.strive(child, inside) {
                *self = trial;
                done += 1;
            }
        }
        done >= enough
    }

    fn arrange(&mut self, leaf: &Condition, holds: bool) -> bool {
        let core = lower(leaf, self.context.reference);
        let wanted = if holds { Verdict::Met } else { Verdict::NotMet };
        let mut candidates = vec![self.profile.clone()];
        candidates.extend(self.candidates(leaf));
        let found = candidates.into_iter().find(|profile| {
            let says = |core: &Core| decide(core, profile, self.context);
            says(&core) == wanted && self.promises.iter().all(|(core, verdict)| says(core) == *verdict)
        });
        let Some(profile) = found else { return false };
        self.profile = profile;
        self.promises.push((core, wanted));
        true
    }

    /// The profile so far with one way or another of answering the leaf; nothing that is set is changed.
    fn candidates(&self, leaf: &Condition) -> Vec<Profile> {
        match leaf {
            Condition::Compare(_) | Condition::Each(_) => number::candidates(leaf, &self.profile, self.context),
            other => own(other, self.context).into_iter().map(|(_, part)| joined(&self.profile, part)).collect(),
        }
    }
}

/// What is set stays; what is new is added. Lists grow.
fn joined(profile: &Profile, part: Profile) -> Profile {
    let mut profile = profile.clone();
    for (fact, entries) in part.facts {
        profile.facts.entry(fact).or_insert(entries);
    }
    for (key, list) in part.lists {
        let known = profile.lists.entry(key).or_default();
        known.records.extend(list.records);
        for statement in list.complete {
            if !known.complete.contains(&statement) {
                known.complete.push(statement);
            }
        }
    }
    profile
}

fn with_fact(fact: &FactKey, period: Period, value: Value) -> Profile {
    let mut profile = Profile::default();
    set(&mut profile, fact, period, value, "declared");
    profile
}

fn set(profile: &mut Profile, fact: &FactKey, period: Period, value: Value, source: &str) {
    let entry = Entry { state: FactState::Known(value), period, source: source.to_owned(), grade: Grade::D };
    let entries = profile.facts.entry(fact.clone()).or_default();
    entries.retain(|other| other.period != period || other.source != source);
    entries.push(entry);
}

fn with_list(key: &FactKey, list: RecordList) -> Profile {
    let mut profile = Profile::default();
    profile.lists.insert(key.clone(), list);
    profile
}

#[cfg(test)]
mod tests;
