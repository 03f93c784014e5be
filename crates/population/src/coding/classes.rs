//! Codes as classes: values of one fact that all its memberships judge alike share a class.
//!
//! Where memberships tell more classes apart than a byte holds, they are looked up in several narrower views of the
//! same rows, each for as many of them as 256 classes are enough for.

mod narrow;

use std::borrow::Cow;
use std::collections::HashMap;

use rules::bulk::Said;
use rules::{Reference, Verdict};

use self::narrow::{ENTRIES, Narrow};
use super::codes::Codes;
use crate::plan::Register;

/// One coded fact of the rows of a chunk.
#[derive(Clone, Debug)]
pub(crate) struct Classes {
    codes: Codes,
    /// For every member of the register, the verdict of each class: 1 is met, 2 is open.
    verdicts: Vec<Vec<u8>>,
    /// The verdicts of all members, and their class.
    known: HashMap<Vec<u8>, u32>,
    /// Nothing where the classes fit into bytes.
    narrow: Vec<Narrow>,
    /// Whether a member is open for the same classes as the first.
    open_alike: Vec<bool>,
    /// How many classes were known when the two above were made.
    settled: usize,
}

/// How one member is looked up.
#[derive(Debug)]
pub(crate) struct View<'a> {
    pub(crate) codes: &'a [u8],
    pub(crate) classes: usize,
    /// Bit 0 is met, bit 1 is open.
    pub(crate) entries: Cow<'a, [u8; ENTRIES]>,
}

impl Classes {
    /// Class 0 is that of rows without an enterprise, where nothing is met.
    pub(super) fn new(register: &Register) -> Self {
        let members = register.members.len();
        let mut classes = Self {
            codes: Codes::default(),
            verdicts: vec![Vec::new(); members],
            known: HashMap::new(),
            narrow: Vec::new(),
            open_alike: Vec::new(),
            settled: 0,
        };
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

    pub(super) fn push(&mut self, class: u32) {
        self.codes.push(class);
    }

    /// The class of a row; 0 empties it.
    pub(super) fn set(&mut self, row: usize, class: u32) {
        self.codes.set(row, class);
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

    /// Makes ready to be looked up, after all rows have their classes.
    pub(super) fn settle(&mut self) {
        let open = |member: &Vec<u8>| member.iter().map(|verdict| verdict & 2).collect::<Vec<_>>();
        let first = self.verdicts.first().map(open);
        self.open_alike = self.verdicts.iter().map(|member| first.as_ref() == Some(&open(member))).collect();
        self.narrow = match &self.codes {
            Codes::Bytes(_) => Vec::new(),
            wide => narrow::split(&self.verdicts, wide),
        };
        self.settled = self.known.len();
    }

    /// Makes ready again, after the class of one row changed and others may have come after the last.
    pub(super) fn settle_row(&mut self, row: usize) {
        if self.settled != self.known.len() {
            return self.settle();
        }
        for narrow in &mut self.narrow {
            narrow.follow(&self.codes, row);
        }
    }

    /// Whether what is open of a member is what is open of the first.
    pub(crate) fn is_open_alike(&self, member: usize) -> bool {
        self.open_alike.get(member).copied().unwrap_or(false)
    }

    pub(crate) fn view(&self, member: usize) -> View<'_> {
        if let Codes::Bytes(codes) = &self.codes {
            let mut entries = [0; ENTRIES];
            let verdicts = &self.verdicts[member];
            entries[..verdicts.len()].copy_from_slice(verdicts);
            return View { codes, classes: verdicts.len(), entries: Cow::Owned(entries) };
        }
        let narrow = &self.narrow[self.narrow.partition_point(|narrow| narrow.members.end <= member)];
        View {
            codes: &narrow.codes,
            classes: ENTRIES,
            entries: Cow::Borrowed(&narrow.entries[member - narrow.members.start]),
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.codes.bytes() + self.narrow.iter().map(Narrow::bytes).sum::<usize>()
    }
}
