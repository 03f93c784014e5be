//! Groups, atoms and choices as predicates, one for each side.

use rules::number::Rational;
use rules::program::{Atom, AtomId, Group, GroupId, GroupKind, Node, TermId};

use super::interval::{End, Interval, KNOWN, UNKNOWN, certainly, known, may_apply, possibly};
use super::number::Num;
use super::sql::{Sql, all, any, not, sql};
use super::{Reader, Side, Stop};

impl Side {
    fn opposite(self) -> Self {
        match self {
            Self::Certainly => Self::Possibly,
            Self::Possibly => Self::Certainly,
        }
    }
}

impl Reader<'_> {
    /// Whether a condition certainly, or possibly, holds.
    pub(super) fn node(&mut self, node: Node, side: Side) -> Result<Sql, Stop> {
        match node {
            Node::Constant(holds) => Ok(holds.into()),
            Node::Open => Ok((side == Side::Possibly).into()),
            Node::Atom { atom, negated: true } => Ok(not(&self.atom(atom, side.opposite())?)),
            Node::Atom { atom, negated: false } => self.atom(atom, side),
            Node::Group(group) => self.group(group, side),
        }
    }

    fn group(&mut self, id: GroupId, side: Side) -> Result<Sql, Stop> {
        if let Some(known) = self.groups.get(&(id, side)) {
            return Ok(known.clone());
        }
        let program = self.program;
        let holds = match program.group(id) {
            Some(group) => self.grouped(group, side)?,
            None => false.into(),
        };
        let holds = self.layers.name(holds);
        self.groups.insert((id, side), holds.clone());
        Ok(holds)
    }

    fn grouped(&mut self, group: &Group, side: Side) -> Result<Sql, Stop> {
        if group.kind == GroupKind::Sides {
            let member = match side {
                Side::Certainly => group.members.first(),
                Side::Possibly => group.members.last(),
            };
            return member.map_or(Ok(false.into()), |member| self.node(*member, side));
        }
        let members = group.members.iter().map(|member| self.node(*member, side)).collect::<Result<Vec<_>, _>>()?;
        Ok(match group.kind {
            GroupKind::All => all(members),
            GroupKind::Any => any(members),
            GroupKind::AtLeast(k) => {
                let ones: Vec<String> =
                    members.iter().map(|one| format!("CASE WHEN {one} THEN 1 ELSE 0 END")).collect();
                Sql::of(format!("{} >= {k}", ones.join(" + ")), &members.iter().collect::<Vec<_>>())
            }
            GroupKind::Sides => false.into(),
        })
    }

    fn atom(&mut self, id: AtomId, side: Side) -> Result<Sql, Stop> {
        if let Some(known) = self.atoms.get(&(id, side)) {
            return Ok(known.clone());
        }
        let program = self.program;
        let holds = match program.atom(id) {
            Some(atom) => {
                self.about = self.words(atom);
                self.asked(atom, side)?
            }
            None => false.into(),
        };
        let holds = self.layers.name(holds);
        self.atoms.insert((id, side), holds.clone());
        Ok(holds)
    }

    fn asked(&mut self, atom: &Atom, side: Side) -> Result<Sql, Stop> {
        match atom {
            Atom::Compare { left, operator, right } => {
                let (left, right) = (self.term(*left)?, self.term(*right)?);
                let mut reckoner = self.reckoner();
                let state = reckoner.both([left.state.clone(), right.state.clone()]);
                let holds = reckoner.compare(&left, *operator, &right, side == Side::Certainly)?;
                Ok(match side {
                    Side::Certainly => certainly(&state, holds),
                    Side::Possibly => possibly(&state, holds),
                })
            }
            Atom::Applies(term) => {
                let state = self.term(*term)?.state;
                Ok(match side {
                    Side::Certainly => known(&state),
                    Side::Possibly => may_apply(&state),
                })
            }
            Atom::Member(member) => {
                let verdict = self.member(member)?;
                Ok(match side {
                    Side::Certainly => sql!("{} = 2", verdict),
                    Side::Possibly => sql!("{} > 0", verdict),
                })
            }
            Atom::Count { records, operator, count } => {
                let program = self.program;
                let counted = match program.record_set(*records) {
                    Some(records) => self.counted(records)?,
                    None => Interval::unknown(),
                };
                let bound = Interval::exactly(&Rational::whole((*count).into()));
                self.reckoner().compare(&counted, *operator, &bound, side == Side::Certainly)
            }
        }
    }

    /// From the least to the greatest number of the rows that can be reached.
    pub(super) fn choice(&mut self, rows: &[(Node, TermId)]) -> Result<Interval, Stop> {
        let mut reached: Vec<(Rational, Sql)> = Vec::with_capacity(rows.len());
        for (node, term) in rows {
            let Some(value) = self.term(*term)?.fixed() else {
                return Err(Stop::refused("分档", "一档的数值不是写定的", "每档写一个写定的数"));
            };
            reached.push((value, self.node(*node, Side::Possibly)?));
        }
        reached.sort_by(|(one, _), (other, _)| one.cmp(other));
        // One unit for all: the least common part of the numbers.
        let unit = reached.iter().fold(Rational::whole(1), |unit, (value, _)| {
            let (_, q) = value.checked_div(&unit).unwrap_or_else(|| Rational::whole(0)).lowest_terms();
            unit.checked_div(&Rational::from(q)).unwrap_or(unit)
        });
        let mut rows = Vec::with_capacity(reached.len());
        for (value, holds) in reached {
            let (whole, _) = value.checked_div(&unit).unwrap_or_else(|| Rational::whole(0)).lowest_terms();
            rows.push((Num::written(&whole.to_string()), holds));
        }
        let holds: Vec<Sql> = rows.iter().map(|(_, holds)| holds.clone()).collect();
        let (low, high) = (self.first(rows.iter()), self.first(rows.iter().rev()));
        let state = sql!("CASE WHEN {} THEN {} ELSE {} END", any(holds), Sql::fixed(KNOWN), Sql::fixed(UNKNOWN));
        Ok(self.reckoner().named(Interval { state, unit, low: End::whole(low), high: End::whole(high) }))
    }

    /// The number of the first row that can be reached.
    fn first<'r>(&self, rows: impl Iterator<Item = &'r (Num, Sql)>) -> Num {
        let rows: Vec<&(Num, Sql)> = rows.collect();
        let most = rows.iter().map(|(number, _)| number.most).max().unwrap_or(0);
        let whens = rows.iter().map(|(number, holds)| format!(" WHEN {holds} THEN {}", number.sql));
        let chosen = format!("CASE{} END", whens.collect::<String>());
        let parts: Vec<&Sql> = rows.iter().map(|(_, holds)| holds).collect();
        Num::within(most, Sql::of(self.engine.number(&chosen), &parts))
    }
}
