//! Codes as classes: values of one fact that all its memberships judge alike share a class.

use std::collections::HashMap;

use rules::bulk::Said;
use rules::{Reference, Verdict};

use super::codes::Codes;
use crate::plan::Register;

/// One coded fact of the rows of a chunk.
#[derive(Clone, Debug)]
pub(crate) struct Classes {
    pub(crate) codes: Codes,
    /// For every member of the register, the verdict of each class: 1 is met, 2 is open.
    pub(crate) verdicts: Vec<Vec<u8>>,
    /// The verdicts of all members, and their class.
    known: HashMap<Vec<u8>, u32>,
}

impl Classes {
    /// Class 0 is that of rows without an enterprise, where nothing is met.
    pub(super) fn new(register: &Register) -> Self {
        let members = register.members.len();
        let mut classes = Self { codes: Codes::default(), verdicts: vec![Vec::new(); members], known: HashMap::new() };
        classes.class_of(vec![0; members]);
        classes
    }

    /// The class of a saying.
    pub(super) fn class(&mut self, register: &Register, said: &Said, reference: &Reference) -> u32 {
        let judged = register.members.iter().map(|member| match said.judge(member, reference) {
            Verdict::Met => 1,
            Verdict::Unknown => 2,
            Verdict::NotMet => 0,
        });
        self.class_of(judged.collect())
    }

    fn class_of(&mut self, verdicts: Vec<u8>) -> u32 {
        let next = u32::try_from(self.known.len()).unwrap_or(u32::MAX);
        *self.known.entry(verdicts).or_insert_with_key(|verdicts| {
            for (all, verdict) in self.verdicts.iter_mut().zip(verdicts) {
                all.push(*verdict);
            }
            next
        })
    }

    pub(crate) fn verdict(&self, member: usize, row: usize) -> Verdict {
        match self.verdicts[member][self.codes.get(row) as usize] {
            1 => Verdict::Met,
            2 => Verdict::Unknown,
            _ => Verdict::NotMet,
        }
    }

    /// Takes over the class of the one row of another of the same register.
    pub(super) fn take(&mut self, row: usize, other: &Self) {
        let class = other.codes.get(0) as usize;
        let class = self.class_of(other.verdicts.iter().map(|verdicts| verdicts[class]).collect());
        self.codes.set(row, class);
    }
}
