//! Core → core: what several leaves ask in common is asked once, so that a gap does not leave open what every way to
//! fill it decides alike: `p 或 没有 p`, `≥ 5 或 < 5`, a tier whose branches speak of its key.
//!
//! Kleene's logic takes leaves for independent. On one side of the verdict that costs nothing: a conjunction is certain
//! exactly when its members are, a disjunction possible when a member is; and leaves that rise together lose nothing
//! either. Elsewhere the condition is split by the cells of the shared question: certain when in every cell the answer
//! may lie in what is left of the condition is, possible when in one it is. Splitting is bounded, so a condition that
//! shares much stays as it is: open a little too often, never wrong.

use super::axis::{Axis, Cells};
use crate::core::Core;
use crate::reference::Reference;

/// So many shared questions are split at most, one within the other.
const DEPTH: u8 = 4;

/// A split may make a formula so many times its size.
const GROWTH: usize = 4;

/// Small formulas may grow to this.
const SMALL: usize = 24;

/// One side of a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Certain,
    Possible,
}

const SIDES: [Side; 2] = [Side::Certain, Side::Possible];

/// The same condition, less often open. Where it was decided it stays so.
pub(crate) fn narrowed(core: Core, reference: &Reference) -> Core {
    Narrowing { reference }.both(core)
}

struct Narrowing<'a> {
    reference: &'a Reference,
}

/// What joins the members of a group.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Join {
    All,
    Any,
    AtLeast(usize),
    /// No group: a leaf by itself.
    Alone,
}

impl Join {
    fn of(self, members: Vec<Core>) -> Core {
        match self {
            Self::All | Self::Alone => Core::all(members),
            Self::Any => Core::any(members),
            Self::AtLeast(k) => Core::at_least(k, members),
        }
    }

    /// Whether the side of the whole is nothing but that of its members.
    fn passes(self, side: Side) -> bool {
        matches!((self, side), (Self::All, Side::Certain) | (Self::Any, Side::Possible) | (Self::Alone, _))
    }
}

fn taken_apart(core: Core) -> (Join, Vec<Core>) {
    match core {
        Core::All(members) => (Join::All, members),
        Core::Any(members) => (Join::Any, members),
        Core::AtLeast { k, of } => (Join::AtLeast(k), of),
        leaf => (Join::Alone, vec![leaf]),
    }
}

impl Narrowing<'_> {
    /// Narrows both sides, keeping apart only what must be.
    fn both(&self, core: Core) -> Core {
        if let Core::Sides { certain, possible } = core {
            return Core::sides(self.one(*certain, Side::Certain, DEPTH), self.one(*possible, Side::Possible, DEPTH));
        }
        let (join, members) = taken_apart(core);
        if join == Join::Alone {
            return join.of(members);
        }
        let members: Vec<Core> = members.into_iter().map(|member| self.both(member)).collect();
        let tangled = self.tangled(join, &members);
        if tangled.is_empty() {
            return join.of(members);
        }
        let (tangled, mut rest) = parted(members, &tangled);
        let whole = join.of(tangled);
        let [certain, possible] = SIDES.map(|side| self.one(whole.clone(), side, DEPTH));
        let split = if certain == whole.clone().certain() && possible == whole.clone().possible() {
            whole
        } else {
            Core::sides(certain, possible)
        };
        if rest.is_empty() {
            return split;
        }
        rest.push(split);
        join.of(rest)
    }

    /// The members that share a question and lose by it on either side; of counted members all, if any do.
    fn tangled(&self, join: Join, members: &[Core]) -> Vec<usize> {
        let mut found: Vec<usize> = Vec::new();
        for axis in self.axes(members) {
            if SIDES.into_iter().any(|side| self.loses(join, members, &axis, side)) {
                found.extend(self.touching(members, &axis));
            }
        }
        if !found.is_empty() && matches!(join, Join::AtLeast(_)) {
            return (0..members.len()).collect();
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn axes(&self, members: &[Core]) -> Vec<Axis> {
        let mut leaves = Vec::new();
        for member in members {
            collect(member, None, &mut leaves);
        }
        Axis::shared(leaves.into_iter(), self.reference)
    }

    fn touching(&self, members: &[Core], axis: &Axis) -> Vec<usize> {
        let touches = |member: &Core| {
            let mut leaves = Vec::new();
            collect(member, None, &mut leaves);
            leaves.into_iter().any(|leaf| axis.held_by(leaf, self.reference).is_some())
        };
        (0..members.len()).filter(|index| touches(&members[*index])).collect()
    }

    /// Whether this side of a group is open more often than need be because several members ask the same question.
    fn loses(&self, join: Join, members: &[Core], axis: &Axis, side: Side) -> bool {
        if join.passes(side) {
            return false;
        }
        let mut touching = 0;
        let mut all = Vec::new();
        for member in members {
            let cells = self.cells_of(member, axis, side);
            touching += usize::from(!cells.is_empty());
            all.extend(cells);
        }
        touching > 1 && !axis.is_lossless(&all, side == Side::Certain)
    }

    fn cells_of(&self, member: &Core, axis: &Axis, side: Side) -> Vec<Cells> {
        let mut leaves = Vec::new();
        collect(member, Some(side), &mut leaves);
        leaves.into_iter().filter_map(|leaf| axis.held_by(leaf, self.reference)).collect()
    }

    /// Narrows a formula of which only one side is read.
    fn one(&self, core: Core, side: Side, depth: u8) -> Core {
        if let Core::Sides { certain, possible } = core {
            let read = if side == Side::Certain { certain } else { possible };
            return self.one(*read, side, depth);
        }
        let (join, members) = taken_apart(core);
        if join == Join::Alone {
            return join.of(members);
        }
        let members = members.into_iter().map(|member| self.one(member, side, depth)).collect();
        self.split(join.of(members), side, depth)
    }

    /// Splits a group by the questions its members share, one after the other.
    fn split(&self, core: Core, side: Side, depth: u8) -> Core {
        let (join, members) = taken_apart(core);
        if depth == 0 || join.passes(side) {
            return join.of(members);
        }
        for axis in self.axes(&members) {
            if !self.loses(join, &members, &axis, side) {
                continue;
            }
            let touching = match join {
                Join::AtLeast(_) => (0..members.len()).collect(),
                _ => self.touching(&members, &axis),
            };
            let (tangled, mut rest) = parted(members.clone(), &touching);
            let whole = join.of(tangled);
            let pieces = self.by_cells(&whole, &axis, side, depth - 1);
            if size(&pieces) > SMALL.max(GROWTH * size(&whole)) {
                continue;
            }
            if rest.is_empty() {
                return pieces;
            }
            rest.push(pieces);
            return self.split(join.of(rest), side, depth - 1);
        }
        join.of(members)
    }

    /// The formula, cell by cell of one question.
    fn by_cells(&self, core: &Core, axis: &Axis, side: Side, depth: u8) -> Core {
        let mut left: Vec<(Cells, Core)> = Vec::new();
        for cell in axis.cells() {
            let inside = self.one(self.given(core, axis, cell), side, depth);
            match left.iter_mut().find(|(_, same)| *same == inside) {
                Some((cells, _)) => *cells |= cell,
                None => left.push((cell, inside)),
            }
        }
        let pieces = left.into_iter().map(|(cells, inside)| match side {
            Side::Certain => Core::any(vec![axis.within(cells, true), inside]),
            Side::Possible => Core::all(vec![axis.within(cells, false), inside]),
        });
        match side {
            Side::Certain => Core::all(pieces.collect()),
            Side::Possible => Core::any(pieces.collect()),
        }
    }

    /// What is left of a formula when the answer to a question is known to lie in a cell.
    fn given(&self, core: &Core, axis: &Axis, cell: Cells) -> Core {
        let given = |members: &[Core]| members.iter().map(|member| self.given(member, axis, cell)).collect();
        match core {
            Core::All(members) => Core::all(given(members)),
            Core::Any(members) => Core::any(given(members)),
            Core::AtLeast { k, of } => counted_out(*k, given(of)),
            // One side of a formula has no sides of its own.
            leaf => match axis.held_by(leaf, self.reference) {
                Some(cells) => Core::Constant(cells & cell != 0),
                None => leaf.clone(),
            },
        }
    }
}

/// At least k, with the members that are settled counted out.
fn counted_out(k: usize, members: Vec<Core>) -> Core {
    let met = members.iter().filter(|member| **member == Core::Constant(true)).count();
    let open: Vec<Core> = members.into_iter().filter(|member| !matches!(member, Core::Constant(_))).collect();
    Core::at_least(k.saturating_sub(met), open)
}

/// Members at some places, and the others.
fn parted(members: Vec<Core>, places: &[usize]) -> (Vec<Core>, Vec<Core>) {
    let (chosen, rest): (Vec<_>, Vec<_>) =
        members.into_iter().enumerate().partition(|(index, _)| places.contains(index));
    let bare = |members: Vec<(usize, Core)>| members.into_iter().map(|(_, member)| member).collect();
    (bare(chosen), bare(rest))
}

/// The leaves of a formula, of one of its sides or of both.
fn collect<'a>(core: &'a Core, side: Option<Side>, leaves: &mut Vec<&'a Core>) {
    match core {
        Core::All(members) | Core::Any(members) | Core::AtLeast { of: members, .. } => {
            for member in members {
                collect(member, side, leaves);
            }
        }
        Core::Sides { certain, possible } => {
            if side != Some(Side::Possible) {
                collect(certain, side, leaves);
            }
            if side != Some(Side::Certain) {
                collect(possible, side, leaves);
            }
        }
        leaf => leaves.push(leaf),
    }
}

fn size(core: &Core) -> usize {
    match core {
        Core::All(members) | Core::Any(members) | Core::AtLeast { of: members, .. } => {
            1 + members.iter().map(size).sum::<usize>()
        }
        Core::Sides { certain, possible } => 1 + size(certain) + size(possible),
        _ => 1,
    }
}
