//! The small core every fast reader shares: ten nodes, negation only at the leaves.

mod term;

use crate::context::Context;
use crate::evaluate::facts::Facts;
use crate::profile::Profile;
use crate::tree::logic::{all, any, at_least, not};
use crate::tree::membership::is_stated;
use crate::tree::tier::between;
use crate::tree::{Contains, Membership, Operator, Place, Records};
use crate::value::FactKey;
use crate::verdict::Verdict;

pub use term::{Amount, Term, YearTerm, latest_start};

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
    /// Met when `certain` is, not met when `possible` is not, else open. For complete facts both say the same; with
    /// gaps `certain` may be stricter, which tells more than one formula can.
    Sides {
        certain: Box<Core>,
        possible: Box<Core>,
    },
    /// False where either side does not apply, and then true when negated.
    Compare {
        left: Term,
        operator: Operator,
        right: Term,
        negated: bool,
    },
    /// Whether the term applies to the enterprise at all; open while it has no value.
    Applies {
        term: Term,
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

    fn negation(&mut self) -> &mut bool {
        match self {
            Self::Among(membership) => &mut membership.negated,
            Self::Contains(contains) => &mut contains.negated,
            Self::Within(place) => &mut place.negated,
            Self::Stated { negated, .. } => negated,
        }
    }

    /// The membership without its negation, and whether it had one.
    pub(crate) fn affirmed(mut self) -> (Self, bool) {
        let negated = std::mem::take(self.negation());
        (self, negated)
    }

    /// The opposite, if so wished.
    pub(crate) fn negated_if(mut self, negated: bool) -> Self {
        *self.negation() ^= negated;
        self
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

    /// One of two formulas for the same question.
    pub fn sides(certain: Self, possible: Self) -> Self {
        match (&certain, &possible) {
            (Self::Constant(true), _) => Self::Constant(true),
            (_, Self::Constant(false)) => Self::Constant(false),
            _ if certain == possible => certain,
            _ => Self::Sides { certain: Box::new(certain), possible: Box::new(possible) },
        }
    }

    /// The formula that is met exactly when this is met.
    pub fn certain(self) -> Self {
        self.one_sided(true)
    }

    /// The formula that is not met exactly when this is not met.
    pub fn possible(self) -> Self {
        self.one_sided(false)
    }

    fn one_sided(self, is_certain: bool) -> Self {
        let inner = |members: Vec<Self>| members.into_iter().map(|member| member.one_sided(is_certain)).collect();
        match self {
            Self::All(members) => Self::all(inner(members)),
            Self::Any(members) => Self::any(inner(members)),
            Self::AtLeast { k, of } => Self::AtLeast { k, of: inner(of) },
            Self::Sides { certain, .. } if is_certain => certain.one_sided(true),
            Self::Sides { possible, .. } => possible.one_sided(false),
            leaf => leaf,
        }
    }
}

/// The verdict of a lowered condition: total, without reasons.
pub fn decide(core: &Core, profile: &Profile, context: &Context<'_>) -> Verdict {
    judge(core, &Facts::new(profile, context))
}

/// The same with 上年度, 近N年 and 当年 counted from another year, as [`crate::explain_in_year`] does.
pub fn decide_in_year(core: &Core, profile: &Profile, context: &Context<'_>, year: i32) -> Verdict {
    judge(core, &Facts { year, ..Facts::new(profile, context) })
}

pub(crate) fn judge(core: &Core, facts: &Facts<'_>) -> Verdict {
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
        Core::Sides { certain, possible } => match judge(certain, facts) {
            Verdict::Met => Verdict::Met,
            // What is not even possible is not certain either.
            _ => between(Verdict::Unknown, judge(possible, facts)),
        },
        Core::Applies { term, negated } => {
            let verdict = match term.value(facts) {
                Amount::Known(_) => Verdict::Met,
                Amount::NotApplicable => Verdict::NotMet,
                Amount::Unknown => Verdict::Unknown,
            };
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
