//! A lowered condition as one SQL query over the profile documents: the third reader beside the evaluators and the
//! columns, and the road to databases that run SQL where the documents lie. See `docs/sql-reading.md`.
//!
//! The query has two sides. *Certainly* selects the enterprises the condition is met for, *possibly* those it is not
//! refused for; who is possible and not certain lacks information. Numbers are scaled integers, fractions are compared by
//! cross-multiplication. Nothing is approximated: what an engine cannot hold exactly is [`Refused`], and an enterprise
//! whose numbers are beyond what the query was made for is named.

mod arithmetic;
mod complete;
mod engine;
mod filter;
mod interval;
mod leaf;
mod logic;
mod member;
mod number;
mod parameter;
mod place;
mod records;
mod run;
mod size;
mod sql;
mod term;

use std::collections::HashMap;

use rules::program::{Atom, AtomId, GroupId, TermId, TermNode};
use rules::{Context, Core, Program};

use crate::connect::Engine;
use interval::Interval;
use sql::{Layers, Sql, all, sql};

pub use run::{ReadingCounts, Readings};

/// Of a condition that may be open: who surely meets it, or who may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    Certainly,
    Possibly,
}

/// A condition an engine cannot read exactly, for officials.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{construct}:{reason};{remedy}")]
pub struct Refused {
    /// Which part of the condition.
    pub construct: String,
    pub reason: String,
    pub remedy: String,
}

/// Why reading a condition stopped.
#[derive(Clone, Debug)]
enum Stop {
    /// A number could pass 64 bits.
    TooLarge,
    Refused(Refused),
}

impl Stop {
    fn refused(construct: impl Into<String>, reason: &str, remedy: &str) -> Self {
        Self::Refused(Refused { construct: construct.into(), reason: reason.to_owned(), remedy: remedy.to_owned() })
    }
}

/// How far from zero numbers of a document may be for SQLite to reckon with them. The first is all a document can hold,
/// too much for any sum or product; the others are powers of ten at which more and more products fit. The last is a
/// million million yuan, in fen.
const REACHES: [u128; 5] =
    [i64::MIN.unsigned_abs() as u128, 10_u128.pow(17), 10_u128.pow(16), 10_u128.pow(15), 10_u128.pow(14)];

/// So many can be added up ninety thousand times.
const LARGEST_SUMMAND: u128 = 10_u128.pow(14);

/// Columns a row may have; PostgreSQL holds 1,664, SQLite 2,000.
const WIDEST: usize = 1_600;

/// A condition ready to be asked of an engine.
#[derive(Clone, Debug)]
pub struct Reading {
    engine: Engine,
    layers: Layers,
    certain: Sql,
    possible: Sql,
    /// Holds for enterprises whose numbers are small enough for the query.
    within_reach: Sql,
}

impl Reading {
    /// Reads a lowered condition as of a day.
    ///
    /// # Errors
    ///
    /// [`Refused`] where the engine cannot hold what the condition reckons with: on SQLite products that could pass
    /// 64 bits.
    pub fn of(core: &Core, context: &Context<'_>, engine: Engine) -> Result<Self, Refused> {
        let program = Program::of([core]);
        let mut refused = None;
        for reach in REACHES {
            let mut reader = Reader::new(&program, context, engine, reach);
            match reader.read() {
                Ok(reading) => return Ok(reading),
                Err(Stop::Refused(why)) => return Err(why),
                Err(Stop::TooLarge) => refused = Some(reader.too_large()),
            }
        }
        Err(refused.unwrap_or_else(|| Reader::new(&program, context, engine, 0).too_large()))
    }
}

/// Reads one program.
struct Reader<'a> {
    program: &'a Program,
    context: &'a Context<'a>,
    engine: Engine,
    /// No number of a document is taken to be further from zero.
    reach: u128,
    layers: Layers,
    terms: HashMap<TermId, Interval>,
    groups: HashMap<(GroupId, Side), Sql>,
    atoms: HashMap<(AtomId, Side), Sql>,
    /// What must hold for numbers to be within reach.
    guards: Vec<Sql>,
    /// Numbers of the records being read, still to be guarded.
    beyond: Vec<String>,
    /// The last atom begun, for who asks what was too large.
    about: String,
}

impl<'a> Reader<'a> {
    fn new(program: &'a Program, context: &'a Context<'a>, engine: Engine, reach: u128) -> Self {
        Self {
            program,
            context,
            engine,
            reach,
            layers: Layers::new(engine),
            terms: HashMap::new(),
            groups: HashMap::new(),
            atoms: HashMap::new(),
            guards: Vec::new(),
            beyond: Vec::new(),
            about: String::new(),
        }
    }

    fn read(&mut self) -> Result<Reading, Stop> {
        let root = self.program.roots().first().copied().unwrap_or(rules::program::Node::Constant(false));
        let certain = self.node(root, Side::Certainly)?;
        let possible = self.node(root, Side::Possibly)?;
        let within_reach = all(std::mem::take(&mut self.guards));
        let named = [certain, possible, within_reach].map(|side| self.layers.name(side));
        let [certain, possible, within_reach] = named;
        if self.layers.width() > WIDEST {
            return Err(Stop::refused("整个条件", "一次要算的中间结果超过数据库一行能放的列数", "拆成几个条件"));
        }
        Ok(Reading { engine: self.engine, layers: self.layers.clone(), certain, possible, within_reach })
    }

    /// Whether numbers are taken to be smaller than what a document can hold.
    fn is_guarded(&self) -> bool {
        self.engine == Engine::Sqlite && self.reach < REACHES[0]
    }

    /// Holds where a number is as small as it was taken to be.
    fn guard(&mut self, number: &Sql) {
        if self.is_guarded() {
            let reach = Sql::fixed(self.reach.to_string());
            let guard = sql!("COALESCE({} BETWEEN -{} AND {}, TRUE)", number, reach, reach);
            if !self.guards.contains(&guard) {
                self.guards.push(guard);
            }
        }
    }

    fn too_large(&self) -> Refused {
        Refused {
            construct: self.about.clone(),
            reason: "相乘的数可能超过 SQLite 能准确表示的范围(2 的 63 次方)".to_owned(),
            remedy: "改用 PostgreSQL,或把条件写成数与写定的标准比较".to_owned(),
        }
    }

    /// The facts an atom asks about, by name.
    fn words(&self, atom: &Atom) -> String {
        let mut names = Vec::new();
        if let Atom::Compare { left, right, .. } = atom {
            self.collect(*left, &mut names);
            self.collect(*right, &mut names);
        }
        names.dedup();
        names.join("、")
    }

    fn collect(&self, term: TermId, names: &mut Vec<String>) {
        let of = |key: &rules::FactKey| self.fact(key).map_or_else(|| key.to_string(), |fact| fact.name.clone());
        match self.program.term(term) {
            Some(TermNode::Fact { fact, .. } | TermNode::HeldSince { fact, .. }) => names.push(of(fact)),
            Some(TermNode::Tally(tally)) => names.push(of(&tally.records.list)),
            Some(TermNode::Fold { years, .. }) => years.iter().for_each(|(_, term)| self.collect(*term, names)),
            Some(TermNode::Quotient { now: left, base: right } | TermNode::Arithmetic { left, right, .. }) => {
                self.collect(*left, names);
                self.collect(*right, names);
            }
            Some(TermNode::Power { base, .. }) => self.collect(*base, names),
            _ => {}
        }
    }
}
