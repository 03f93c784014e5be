//! Conditions compiled for columns: which subjects are compared at which cuts, which codes are looked up, and the
//! circuit that joins the answers.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use rules::bulk::{Amount, End, Range, fact_of};
use rules::core::{Core, Member};
use rules::number::Rational;
use rules::program::{Atom, Node, RecordsId, TermId, TermNode};
use rules::tree::{Arithmetic, Operator};
use rules::{Context, FactKey, Program, Reference};

use crate::circuit;
use crate::gates::Circuit;
use crate::lanes::positive;
use crate::leaf::Leaves;
use crate::terms::constant;

/// What is compared with constants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Subject {
    Term(TermId),
    Records(RecordsId),
}

/// A place between two values of a subject: just below `at`, or just above it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Cut {
    pub(crate) at: Rational,
    pub(crate) above: bool,
}

/// A subject with every cut any condition makes.
#[derive(Clone, Debug)]
pub(crate) struct Ruler {
    pub(crate) subject: Subject,
    pub(crate) cuts: Vec<Cut>,
}

/// A coded fact with every membership asked about it.
#[derive(Clone, Debug)]
pub(crate) struct Register {
    pub(crate) fact: FactKey,
    pub(crate) members: Vec<Member>,
}

/// How an atom is answered.
#[derive(Clone, Debug)]
pub(crate) enum Question {
    /// The subject lies beyond cut `from`, and not beyond cut `to`.
    Between { ruler: usize, from: Option<usize>, to: Option<usize> },
    /// The member of that place in a register.
    Looked { register: usize, member: usize },
    /// Two sides that both vary: compared row by row.
    Compared { left: TermId, operator: Operator, right: TermId },
}

/// A set of conditions under one context, ready to run over any population of the same reference data.
#[derive(Clone, Debug)]
pub struct Plan {
    pub(crate) program: Program,
    /// Hash of the reference data it was compiled by.
    reference: String,
    as_of: NaiveDate,
    parameters: BTreeMap<String, String>,
    pub(crate) leaves: Leaves,
    pub(crate) rulers: Vec<Ruler>,
    pub(crate) registers: Vec<Register>,
    /// One per atom.
    pub(crate) questions: Vec<Question>,
    /// The terms to evaluate.
    pub(crate) wanted: Vec<bool>,
    /// Atom and negation of each input wire.
    pub(crate) wires: Vec<circuit::Wire>,
    pub(crate) circuit: Circuit,
    derived_terms: usize,
}

/// What plans consist of. Every construct of the language is one of these: none is judged pair by pair.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub items: usize,
    /// Distinct numbers read from profiles.
    pub leaves: usize,
    /// Distinct terms, and those of them that take more than reading.
    pub terms: usize,
    pub derived_terms: usize,
    /// Distinct comparisons, memberships and counts.
    pub atoms: usize,
    /// Columns of ranks, and of classes of codes.
    pub rulers: usize,
    pub registers: usize,
    /// Comparisons of two sides that both vary from enterprise to enterprise: a column of bits each.
    pub compared: usize,
}

/// Of the plans of several contexts together.
impl std::iter::Sum for Report {
    fn sum<I: Iterator<Item = Self>>(reports: I) -> Self {
        reports.fold(Self::default(), |all, one| Self {
            items: all.items + one.items,
            leaves: all.leaves + one.leaves,
            terms: all.terms + one.terms,
            derived_terms: all.derived_terms + one.derived_terms,
            atoms: all.atoms + one.atoms,
            rulers: all.rulers + one.rulers,
            registers: all.registers + one.registers,
            compared: all.compared + one.compared,
        })
    }
}

impl Plan {
    /// Compiles lowered conditions; item `i` of every answer is condition `i`.
    pub fn of<'c>(conditions: impl IntoIterator<Item = &'c Core>, context: &Context<'_>) -> Self {
        Self::new(Program::of(conditions), context)
    }

    /// Compiles a program whose tables are already there.
    pub fn new(program: Program, context: &Context<'_>) -> Self {
        let mut planner = Planner::new(&program, context);
        let questions: Vec<Question> = program.atoms().map(|(_, atom)| planner.question(atom)).collect();
        let (rulers, questions) = planner.sorted(questions);
        let registers = planner.registers;
        let wanted = wanted(&program, &rulers, &questions);
        let leaves = Leaves::of(&program, &wanted);
        let terms = program.terms().zip(&wanted).filter(|(_, wanted)| **wanted);
        let derived_terms = terms.filter(|((_, term), _)| is_derived(term, context)).count();
        let (wires, circuit) = circuit::compile(&program, 0..program.roots().len());
        Self {
            reference: context.reference.hash().to_owned(),
            as_of: context.as_of,
            parameters: context.parameters.clone(),
            program,
            leaves,
            rulers,
            registers,
            questions,
            wanted,
            wires,
            circuit,
            derived_terms,
        }
    }

    pub fn items(&self) -> usize {
        self.program.roots().len()
    }

    pub fn program(&self) -> &Program {
        &self.program
    }

    /// Hash of the reference data it was compiled by.
    pub fn reference(&self) -> &str {
        &self.reference
    }

    pub fn as_of(&self) -> NaiveDate {
        self.as_of
    }

    /// The context it was compiled for.
    pub(crate) fn context<'a>(&'a self, reference: &'a Reference) -> Context<'a> {
        Context { reference, as_of: self.as_of, parameters: &self.parameters }
    }

    pub fn report(&self) -> Report {
        let compared = self.questions.iter().filter(|question| matches!(question, Question::Compared { .. }));
        Report {
            items: self.items(),
            leaves: self.leaves.all.len(),
            terms: self.program.terms().len(),
            derived_terms: self.derived_terms,
            atoms: self.questions.len(),
            rulers: self.rulers.len(),
            registers: self.registers.len(),
            compared: compared.count(),
        }
    }
}

/// Whether a term takes more than reading.
fn is_derived(term: &TermNode, context: &Context<'_>) -> bool {
    let is_read = matches!(
        term,
        TermNode::Fact { derived: None, .. }
            | TermNode::HeldSince { .. }
            | TermNode::Parameter { .. }
            | TermNode::Tally(_)
    );
    !is_read && constant(term, context).is_none()
}

struct Planner<'a> {
    program: &'a Program,
    context: &'a Context<'a>,
    subjects: HashMap<Subject, usize>,
    cuts: Vec<(Subject, BTreeSet<Cut>)>,
    facts: HashMap<FactKey, usize>,
    registers: Vec<Register>,
    /// For each question so far, the cuts it lies between.
    between: Vec<(usize, Option<Cut>, Option<Cut>)>,
}

impl<'a> Planner<'a> {
    fn new(program: &'a Program, context: &'a Context<'a>) -> Self {
        Self {
            program,
            context,
            subjects: HashMap::new(),
            cuts: Vec::new(),
            facts: HashMap::new(),
            registers: Vec::new(),
            between: Vec::new(),
        }
    }

    fn question(&mut self, atom: &Atom) -> Question {
        match atom {
            Atom::Compare { left, operator, right } => {
                let bound = self.program.term(*right).and_then(|right| constant(right, self.context));
                match bound {
                    Some(Amount::Known(Range { low: End::At(bound), .. })) if *operator != Operator::Differs => {
                        let (subject, bound) = self.peeled(*left, bound);
                        self.between(Subject::Term(subject), *operator, bound)
                    }
                    _ => Question::Compared { left: *left, operator: *operator, right: *right },
                }
            }
            Atom::Applies(term) => Question::Between { ruler: self.anywhere(*term), from: None, to: None },
            Atom::Count { records, operator, count } => {
                self.between(Subject::Records(*records), *operator, Rational::whole((*count).into()))
            }
            Atom::Member(member) => {
                let fact = fact_of(member);
                let register = *self.facts.entry(fact.clone()).or_insert_with(|| {
                    self.registers.push(Register { fact: fact.clone(), members: Vec::new() });
                    self.registers.len() - 1
                });
                let members = &mut self.registers[register].members;
                members.push(member.clone());
                Question::Looked { register, member: members.len() - 1 }
            }
        }
    }

    /// `x + 2 ≥ 5` asks whether `x ≥ 3`: one column serves all the rates reckoned from one quotient.
    fn peeled(&self, mut term: TermId, mut bound: Rational) -> (TermId, Rational) {
        while let Some(TermNode::Arithmetic { left, operator, right }) = self.program.term(term) {
            let value = |term: &TermId| self.program.term(*term).and_then(|term| constant(term, self.context));
            let (inner, by) = match (value(left), value(right)) {
                (None, Some(Amount::Known(by))) => (*left, by),
                (Some(Amount::Known(by)), None) if matches!(operator, Arithmetic::Plus | Arithmetic::Times) => {
                    (*right, by)
                }
                _ => break,
            };
            let Some(moved) = moved(&bound, *operator, &by) else { break };
            (term, bound) = (inner, moved);
        }
        (term, bound)
    }

    fn between(&mut self, subject: Subject, operator: Operator, at: Rational) -> Question {
        let below = Cut { at: at.clone(), above: false };
        let above = Cut { at, above: true };
        let (from, to) = match operator {
            Operator::AtLeast => (Some(below), None),
            Operator::More => (Some(above), None),
            Operator::Less => (None, Some(below)),
            Operator::AtMost => (None, Some(above)),
            Operator::Equal | Operator::Differs => (Some(below), Some(above)),
        };
        let ruler = self.ruler(subject);
        self.cuts[ruler].1.extend(from.iter().chain(&to).cloned());
        self.between.push((ruler, from, to));
        Question::Between { ruler: self.between.len() - 1, from: None, to: None }
    }

    /// A place among the cuts that every known value has.
    fn anywhere(&mut self, term: TermId) -> usize {
        let ruler = self.ruler(Subject::Term(term));
        self.between.push((ruler, None, None));
        self.between.len() - 1
    }

    fn ruler(&mut self, subject: Subject) -> usize {
        *self.subjects.entry(subject).or_insert_with(|| {
            self.cuts.push((subject, BTreeSet::new()));
            self.cuts.len() - 1
        })
    }

    /// Now that all cuts are known, each question names them by their place.
    fn sorted(&mut self, questions: Vec<Question>) -> (Vec<Ruler>, Vec<Question>) {
        let cuts = std::mem::take(&mut self.cuts).into_iter();
        let rulers: Vec<Ruler> =
            cuts.map(|(subject, cuts)| Ruler { subject, cuts: cuts.into_iter().collect() }).collect();
        let place =
            |ruler: usize, cut: &Option<Cut>| cut.as_ref().and_then(|cut| rulers[ruler].cuts.binary_search(cut).ok());
        let resolve = |question| match question {
            Question::Between { ruler: index, .. } => {
                let (ruler, from, to) = &self.between[index];
                Question::Between { ruler: *ruler, from: place(*ruler, from), to: place(*ruler, to) }
            }
            other => other,
        };
        let questions = questions.into_iter().map(resolve).collect();
        (rulers, questions)
    }
}

/// The bound after taking `operator by` away from the left side; `None` where that could turn the comparison round.
fn moved(bound: &Rational, operator: Arithmetic, by: &Range) -> Option<Rational> {
    match operator {
        Arithmetic::Plus => Some(bound.subtract(by.exact()?)),
        Arithmetic::Minus => Some(bound.add(by.exact()?)),
        Arithmetic::Times => bound.checked_div(positive(by)?),
        Arithmetic::Over => Some(bound.multiply(positive(by)?)),
    }
}

/// The terms some question needs, with everything they are made of.
fn wanted(program: &Program, rulers: &[Ruler], questions: &[Question]) -> Vec<bool> {
    let mut wanted = vec![false; program.terms().len()];
    for ruler in rulers {
        if let Subject::Term(term) = ruler.subject {
            wanted[term.index()] = true;
        }
    }
    for question in questions {
        if let Question::Compared { left, right, .. } = question {
            (wanted[left.index()], wanted[right.index()]) = (true, true);
        }
    }
    let nodes: Vec<&TermNode> = program.terms().map(|(_, node)| node).collect();
    for index in (0..nodes.len()).rev() {
        if wanted[index] {
            for child in children(program, nodes[index]) {
                wanted[child.index()] = true;
            }
        }
    }
    wanted
}

fn children(program: &Program, term: &TermNode) -> Vec<TermId> {
    match term {
        TermNode::Choice(rows) => {
            let mut terms: Vec<TermId> = rows.iter().map(|(_, term)| *term).collect();
            rows.iter().for_each(|(condition, _)| asked(program, *condition, &mut terms));
            terms
        }
        TermNode::Fact { derived, .. } => derived.iter().copied().collect(),
        TermNode::Fold { years, .. } => years.iter().map(|(_, term)| *term).collect(),
        TermNode::Quotient { now, base } => vec![*now, *base],
        TermNode::Power { base, .. } => vec![*base],
        TermNode::Arithmetic { left, right, .. } => vec![*left, *right],
        _ => Vec::new(),
    }
}

/// The terms a condition compares.
fn asked(program: &Program, node: Node, terms: &mut Vec<TermId>) {
    match node {
        Node::Atom { atom, .. } => match program.atom(atom) {
            Some(Atom::Compare { left, right, .. }) => terms.extend([*left, *right]),
            Some(Atom::Applies(term)) => terms.push(*term),
            _ => {}
        },
        Node::Group(group) => {
            let members = program.group(group).map(|group| group.members.as_ref()).unwrap_or_default();
            for member in members {
                asked(program, *member, terms);
            }
        }
        Node::Constant(_) | Node::Open => {}
    }
}
