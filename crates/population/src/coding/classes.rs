//! Codes as classes: values of one fact that all its memberships judge alike share a class.

use std::collections::HashMap;

use rules::{Context, Verdict};

use super::Codes;
use crate::plan::Register;
use crate::plane::WORD;
use crate::population::Population;

/// One coded fact of every row.
#[derive(Clone, Debug)]
pub(crate) struct Classes {
    pub(crate) codes: Codes,
    /// For every member of the register, the verdict of each class: 1 is met, 2 is open.
    pub(crate) verdicts: Vec<Vec<u8>>,
    /// The verdicts of all members, and their class.
    known: HashMap<Vec<u8>, u32>,
    /// The class of each value of the dictionary.
    class_of: Vec<u32>,
}

/// The codes of one register for all rows.
pub(super) fn classes(register: &Register, population: &Population, context: &Context<'_>) -> Classes {
    let mut classes = Classes::new(register);
    classes.learn(register, population, context);
    let mut codes = Codes::up_to(classes.known.len());
    for row in 0..population.live().len() * WORD {
        codes.push(classes.class(register, population, row));
    }
    Classes { codes, ..classes }
}

impl Classes {
    /// Class 0 is that of rows without an enterprise, where nothing is met. Of a fact that was not loaded, class 1 is
    /// open.
    fn new(register: &Register) -> Self {
        let mut classes = Self {
            codes: Codes::up_to(0),
            verdicts: vec![Vec::new(); register.members.len()],
            known: HashMap::new(),
            class_of: Vec::new(),
        };
        classes.class_for(vec![0; register.members.len()]);
        classes.class_for(vec![2; register.members.len()]);
        classes
    }

    fn class_for(&mut self, signature: Vec<u8>) -> u32 {
        let next = u32::try_from(self.known.len()).unwrap_or(u32::MAX);
        *self.known.entry(signature).or_insert_with_key(|signature| {
            for (verdicts, verdict) in self.verdicts.iter_mut().zip(signature) {
                verdicts.push(*verdict);
            }
            next
        })
    }

    /// Judges what was said since: values fall into classes that all members of the register judge alike.
    pub(super) fn learn(&mut self, register: &Register, population: &Population, context: &Context<'_>) {
        let Some(said) = population.said(&register.fact) else { return };
        for said in &said.values[self.class_of.len()..] {
            let judged = register.members.iter().map(|member| match said.judge(member, context.reference) {
                Verdict::Met => 1,
                Verdict::Unknown => 2,
                Verdict::NotMet => 0,
            });
            let class = self.class_for(judged.collect());
            self.class_of.push(class);
        }
    }

    pub(super) fn class(&self, register: &Register, population: &Population, row: usize) -> u32 {
        if population.live()[row / WORD] >> (row % WORD) & 1 == 0 {
            return 0;
        }
        population.said(&register.fact).map_or(1, |said| self.class_of[said.codes[row] as usize])
    }
}
