//! The groups of a program as gates. Groups of one condition are run just before it, in wires that the next condition
//! uses again; groups of several are run first and kept. Conditions of one shape run one after the other, so that the
//! processor foresees every turn.

use std::collections::HashMap;

use rules::Program;
use rules::program::{Group, GroupId, GroupKind, Node};

use crate::gates::{Circuit, Gate, Kind, Target};

/// What an input wire carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Wire {
    Constant(bool),
    /// Open for everybody.
    Open,
    Atom {
        atom: usize,
        negated: bool,
    },
}

struct Compiler<'a> {
    program: &'a Program,
    inputs: HashMap<Wire, u32>,
    wires: Vec<Wire>,
    uses: Vec<u32>,
    kept: HashMap<GroupId, u32>,
}

/// A condition's gates with inner wires counted from 0, and its shape.
struct Draft {
    shape: Vec<(Kind, usize)>,
    gates: Vec<(Kind, Vec<Pin>, Option<u32>)>,
    root: usize,
}

impl Draft {
    /// What it reads, in order: of two conditions of one shape those that read alike stand together.
    fn pins(&self) -> Vec<Pin> {
        self.gates.iter().flat_map(|(_, pins, _)| pins.iter().copied()).collect()
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Pin {
    Wire(u32),
    Inner(u32),
}

/// The input wires of some roots, and the circuit over them.
pub(crate) fn compile(program: &Program, roots: impl Iterator<Item = usize>) -> (Vec<Wire>, Circuit) {
    let roots: Vec<(usize, Node)> =
        roots.filter_map(|root| program.roots().get(root).map(|node| (root, *node))).collect();
    let uses = uses(program, &roots);
    let mut compiler = Compiler { program, inputs: HashMap::new(), wires: Vec::new(), uses, kept: HashMap::new() };
    compiler.find_inputs(&roots);
    let mut next = small(compiler.wires.len());
    let mut circuit = Circuit::default();
    for (id, group) in program.groups() {
        if compiler.uses[id.index()] > 1 {
            let mut draft = Draft { shape: Vec::new(), gates: Vec::new(), root: 0 };
            compiler.group(group, None, &mut draft, 0);
            compiler.kept.insert(id, next);
            append(&mut circuit, draft, next + 1, Target::Wire(next));
            next += 1;
        }
    }
    let mut drafts: Vec<Draft> = roots.iter().map(|(root, node)| compiler.root(*node, *root)).collect();
    drafts.sort_by_cached_key(|draft| (draft.shape.clone(), draft.pins(), draft.root));
    let mut most = next;
    for draft in drafts {
        let root = small(draft.root);
        most = most.max(append(&mut circuit, draft, next, Target::Root(root)));
    }
    let kept_most = circuit.gates.iter().filter_map(|gate| match gate.target {
        Target::Wire(wire) => Some(wire + 1),
        Target::Root(_) => None,
    });
    circuit.wires = kept_most.max().unwrap_or(0).max(most) as usize;
    (compiler.wires, circuit)
}

/// Writes a draft's gates with its inner wires from `base` on; returns the first wire after them.
fn append(circuit: &mut Circuit, draft: Draft, base: u32, target: Target) -> u32 {
    let mut most = base;
    for (kind, pins, inner) in draft.gates {
        let first = small(circuit.inputs.len());
        circuit.inputs.extend(pins.iter().map(|pin| match pin {
            Pin::Wire(wire) => *wire,
            Pin::Inner(inner) => base + inner,
        }));
        let target = inner.map_or(target, |inner| Target::Wire(base + inner));
        most = most.max(inner.map_or(base, |inner| base + inner + 1));
        circuit.gates.push(Gate { kind, first, count: small(pins.len()), target });
    }
    most
}

impl Compiler<'_> {
    /// Atoms in the order of their ids, so that those of one column stand together.
    fn find_inputs(&mut self, roots: &[(usize, Node)]) {
        let groups = self.program.groups().filter(|(id, _)| self.uses[id.index()] > 0);
        let members = groups.flat_map(|(_, group)| group.members.iter().copied());
        let mut nodes: Vec<Node> = members.chain(roots.iter().map(|(_, node)| *node)).collect();
        nodes.extend([Node::Constant(false), Node::Constant(true)]);
        nodes.sort_unstable();
        nodes.dedup();
        for node in nodes {
            let wire = match node {
                Node::Constant(holds) => Wire::Constant(holds),
                Node::Open => Wire::Open,
                Node::Atom { atom, negated } => Wire::Atom { atom: atom.index(), negated },
                Node::Group(_) => continue,
            };
            self.inputs.insert(wire, small(self.wires.len()));
            self.wires.push(wire);
        }
    }

    fn root(&self, node: Node, root: usize) -> Draft {
        let mut draft = Draft { shape: Vec::new(), gates: Vec::new(), root };
        match node {
            Node::Group(id) if !self.kept.contains_key(&id) => {
                if let Some(group) = self.program.group(id) {
                    self.group(group, None, &mut draft, 0);
                }
            }
            other => {
                let pin = self.pin(other, &mut draft, &mut 0);
                draft.shape.push((Kind::All, 1));
                draft.gates.push((Kind::All, vec![pin], None));
            }
        }
        draft
    }

    /// Inner groups first; `free` is the first inner wire not in use.
    fn group(&self, group: &Group, into: Option<u32>, draft: &mut Draft, free: u32) {
        let mut free = free;
        let pins: Vec<Pin> = group.members.iter().map(|member| self.pin(*member, draft, &mut free)).collect();
        let (kind, pins) = match group.kind {
            GroupKind::All if pins.is_empty() => (Kind::All, vec![self.constant(true)]),
            GroupKind::AtLeast(0) => (Kind::All, vec![self.constant(true)]),
            GroupKind::Any if pins.is_empty() => (Kind::Any, vec![self.constant(false)]),
            GroupKind::AtLeast(k) if k > pins.len() => (Kind::Any, vec![self.constant(false)]),
            GroupKind::Sides => (Kind::Sides, pins),
            GroupKind::All => (Kind::All, pins),
            GroupKind::Any => (Kind::Any, pins),
            GroupKind::AtLeast(k) => (Kind::AtLeast(u16::try_from(k).unwrap_or(u16::MAX)), pins),
        };
        draft.shape.push((kind, pins.len()));
        draft.gates.push((kind, pins, into));
    }

    fn constant(&self, holds: bool) -> Pin {
        Pin::Wire(self.inputs.get(&Wire::Constant(holds)).copied().unwrap_or(0))
    }

    fn pin(&self, node: Node, draft: &mut Draft, free: &mut u32) -> Pin {
        let wire = match node {
            Node::Constant(holds) => Wire::Constant(holds),
            Node::Open => Wire::Open,
            Node::Atom { atom, negated } => Wire::Atom { atom: atom.index(), negated },
            Node::Group(id) => {
                if let Some(kept) = self.kept.get(&id) {
                    return Pin::Wire(*kept);
                }
                let inner = *free;
                *free += 1;
                if let Some(group) = self.program.group(id) {
                    self.group(group, Some(inner), draft, *free);
                }
                return Pin::Inner(inner);
            }
        };
        Pin::Wire(self.inputs.get(&wire).copied().unwrap_or(0))
    }
}

/// How often each group is used, by other groups in use and as a condition; groups come after their members.
fn uses(program: &Program, roots: &[(usize, Node)]) -> Vec<u32> {
    let mut uses = vec![0; program.groups().len()];
    let used = |node: &Node, uses: &mut Vec<u32>| {
        if let Node::Group(group) = node {
            uses[group.index()] += 1;
        }
    };
    for (_, node) in roots {
        used(node, &mut uses);
    }
    let groups: Vec<_> = program.groups().collect();
    for (id, group) in groups.into_iter().rev() {
        if uses[id.index()] > 0 {
            for member in &group.members {
                used(member, &mut uses);
            }
        }
    }
    uses
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
