//! The small core every fast reader shares: eight nodes, negation only at the leaves.

mod term;

use crate::context::Context;
use crate::evaluate::facts::Facts;
use crate::profile::Profile;
use crate::tree::logic::{all, any, at_least, not};
use crate::tree::membership::is_stated;
use crate::tree::{Contains, Membership, Operator, Place, Records};
use crate::value::FactKey;
use crate::verdict::Verdict;

pub(crate) use term::Amount;
pub use term::{Term, YearTerm};

/// A lowered condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Core {
    Constant(bool),
    /// Waits for somebody's word; no data decides it.
    Open,
    All(Vec<Core>),
    Any(Vec<Core>),
    AtLeast {
        k: usize,
        of: Vec<Core>,
    },
    /// False where either side does not apply, and then true when negated.
    Compare {
        left: Term,
        operator: Operator,
        right: Term,
        negated: bool,
    },
    Member(Member),
    /// The quantifier is always a count.
    Count(Records),
}

/// Membership in a set, a text or an area; each carries its own negation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Member {
    Among(Membership),
    Contains(Contains),
    Within(Place),
    /// Whether anybody states a code or flag for the period it is asked for. Never unknown.
    Stated {
        fact: FactKey,
        negated: bool,
    },
}

impl Member {
    pub(crate) fn judge(&self, facts: &Facts<'_>) -> Verdict {
        match self {
            Self::Among(membership) => membership.judge(facts),
            Self::Contains(contains) => contains.judge(facts),
            Self::Within(place) => place.judge(facts),
            Self::Stated { fact, negated } if is_stated(fact, facts) == *negated => Verdict::NotMet,
            Self::Stated { .. } => Verdict::Met,
        }
    }
}

impl Core {
    /// A conjunction without constants and nested conjunctions.
    pub fn all(members: Vec<Self>) -> Self {
        let mut flat = Vec::with_capacity(members.len());
        for member in members {
            match member {
                Self::Constant(true) => {}
                Self::Constant(false) => return Self::Constant(false),
                Self::All(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        match flat.len() {
            0 => Self::Constant(true),
            1 => flat.swap_remove(0),
            _ => Self::All(flat),
        }
    }

    /// A disjunction without constants and nested disjunctions.
    pub fn any(members: Vec<Self>) -> Self {
        let mut flat = Vec::with_capacity(members.len());
        for member in members {
            match member {
                Self::Constant(false) => {}
                Self::Constant(true) => return Self::Constant(true),
                Self::Any(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        match flat.len() {
            0 => Self::Constant(false),
            1 => flat.swap_remove(0),
            _ => Self::Any(flat),
        }
    }

    /// At least `k` members; one or all of them are a disjunction or a conjunction.
    pub fn at_least(k: usize, of: Vec<Self>) -> Self {
        match k {
            0 => Self::Constant(true),
            1 => Self::any(of),
            k if k == of.len() => Self::all(of),
            k if k > of.len() => Self::Constant(false),
            k => Self::AtLeast { k, of },
        }
    }
}

/// The verdict of a lowered condition: total, without reasons.
pub fn decide(core: &Core, profile: &Profile, context: &Context<'_>) -> Verdict {
    judge(core, &Facts::new(profile, context))
}

fn judge(core: &Core, facts: &Facts<'_>) -> Verdict {
    match core {
        Core::Constant(true) => Verdict::Met,
        Core::Constant(false) => Verdict::NotMet,
        Core::Open => Verdict::Unknown,
        Core::All(members) => all(members.iter().map(|member| judge(member, facts))),
        Core::Any(members) => any(members.iter().map(|member| judge(member, facts))),
        Core::AtLeast { k, of } => at_least(*k, of.iter().map(|member| judge(member, facts))),
        Core::Compare { left, operator, right, negated } => {
            let verdict = compare(left, *operator, right, facts);
            if *negated { not(verdict) } else { verdict }
        }
        Core::Member(member) => member.judge(facts),
        Core::Count(records) => records.judge(facts),
    }
}

fn compare(left: &Term, operator: Operator, right: &Term, facts: &Facts<'_>) -> Verdict {
    match (left.value(facts), right.value(facts)) {
        (Amount::NotApplicable, _) | (_, Amount::NotApplicable) => Verdict::NotMet,
        (Amount::Known(left), Amount::Known(right)) => left.compare(operator, &right),
        _ => Verdict::Unknown,
    }
}
