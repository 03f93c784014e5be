//! All verdicts of a city, packed: what the next run is compared with.
//!
//! Of each item and block two planes are kept, met and open, each as the shorter of two forms: the bytes that are not
//! zero with two levels of masks, or the gaps between rows. Where both are empty nothing is kept.

use chrono::{Datelike as _, NaiveDate};
use rules::Verdict;

use crate::plane::{Plane, Verdicts, WORD};
use crate::population::BLOCK;
use crate::run::Sink;

const WORDS: usize = BLOCK / WORD;
const MAGIC: [u8; 8] = *b"HQTVERD1";
/// An item that is empty in a block.
const NOTHING: u32 = u32::MAX;

/// What a snapshot was made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Hash of the reference data.
    pub reference: String,
    pub as_of: NaiveDate,
    pub items: usize,
}

/// The verdicts of all items in all rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    pub stamp: Stamp,
    blocks: Vec<Packed>,
}

/// The verdicts of one block, and where each item begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Packed {
    begins: Vec<u32>,
    bytes: Vec<u8>,
}

/// Why bytes are no snapshot. In Chinese, for the log of an operator.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    #[error("不是判定快照,或版本不同:删掉它,下次全量比对会重建")]
    OtherFormat,
    #[error("判定快照已损坏:删掉它,下次全量比对会重建")]
    Damaged,
}

/// Packs the blocks one thread has run.
#[derive(Clone, Debug)]
pub struct Snapshots {
    items: usize,
    done: Vec<(usize, Packed)>,
}

impl Snapshots {
    pub fn new(items: usize) -> Self {
        Self { items, done: Vec::new() }
    }

    /// One snapshot of what all threads packed.
    pub fn merged(stamp: Stamp, parts: Vec<Self>) -> Snapshot {
        let mut blocks: Vec<_> = parts.into_iter().flat_map(|part| part.done).collect();
        blocks.sort_by_key(|(block, _)| *block);
        Snapshot { stamp, blocks: blocks.into_iter().map(|(_, packed)| packed).collect() }
    }
}

impl Sink<WORDS> for Snapshots {
    fn begin(&mut self, first: usize) {
        self.done.push((first / BLOCK, Packed { begins: vec![NOTHING; self.items], bytes: Vec::new() }));
    }

    fn take(&mut self, item: usize, verdicts: &Verdicts<WORDS>) {
        let Some((_, packed)) = self.done.last_mut() else { return };
        if verdicts.possible.0.iter().all(|word| *word == 0) {
            return;
        }
        packed.begins[item] = u32::try_from(packed.bytes.len()).unwrap_or(NOTHING);
        pack(&verdicts.certain, &mut packed.bytes);
        let open = Plane(std::array::from_fn(|word| verdicts.possible.0[word] & !verdicts.certain.0[word]));
        pack(&open, &mut packed.bytes);
    }
}

impl Snapshot {
    /// Memory of the packed verdicts.
    pub fn bytes(&self) -> usize {
        self.blocks.iter().map(|block| block.bytes.len() + 4 * block.begins.len()).sum()
    }

    /// The verdicts of an item in a block; all no where the snapshot does not reach. `None` where it is damaged.
    fn verdicts(&self, item: usize, block: usize) -> Option<Verdicts<WORDS>> {
        let Some(packed) = self.blocks.get(block) else { return Some(Verdicts::NONE) };
        let Some(begin) = packed.begins.get(item).filter(|begin| **begin != NOTHING) else {
            return Some(Verdicts::NONE);
        };
        let mut rest = packed.bytes.get(*begin as usize..)?;
        let (certain, open) = (unpack(&mut rest)?, unpack(&mut rest)?);
        let possible = Plane(std::array::from_fn(|word| certain.0[word] | open.0[word]));
        Some(Verdicts { certain, possible })
    }

    /// For a file: magic, stamp, blocks and a checksum.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        let number = |number: usize, out: &mut Vec<u8>| out.extend((number as u64).to_le_bytes());
        number(self.stamp.reference.len(), &mut out);
        out.extend(self.stamp.reference.as_bytes());
        out.extend(self.stamp.as_of.num_days_from_ce().to_le_bytes());
        number(self.stamp.items, &mut out);
        number(self.blocks.len(), &mut out);
        for block in &self.blocks {
            out.extend(block.begins.iter().flat_map(|begin| begin.to_le_bytes()));
            number(block.bytes.len(), &mut out);
            out.extend(&block.bytes);
        }
        let sum = crc32fast::hash(&out);
        out.extend(sum.to_le_bytes());
        out
    }

    /// Reads what [`Snapshot::to_bytes`] wrote; every plane is unpacked once, so that a later reader meets no damage.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Unreadable> {
        let (body, sum) = bytes.split_last_chunk::<4>().ok_or(Unreadable::OtherFormat)?;
        if !body.starts_with(&MAGIC) {
            return Err(Unreadable::OtherFormat);
        }
        if crc32fast::hash(body) != u32::from_le_bytes(*sum) {
            return Err(Unreadable::Damaged);
        }
        Self::read(&body[MAGIC.len()..]).ok_or(Unreadable::Damaged)
    }

    fn read(mut rest: &[u8]) -> Option<Self> {
        let length = number(&mut rest)?;
        let reference = String::from_utf8(taken(&mut rest, length)?.to_vec()).ok()?;
        let days = i32::from_le_bytes(taken(&mut rest, 4)?.try_into().ok()?);
        let as_of = NaiveDate::from_num_days_from_ce_opt(days)?;
        let items = number(&mut rest)?;
        let count = number(&mut rest)?;
        let mut blocks = Vec::new();
        for _ in 0..count {
            let begins = taken(&mut rest, items.checked_mul(4)?)?.chunks_exact(4);
            let begins = begins.map(|bytes| bytes.try_into().map(u32::from_le_bytes)).collect::<Result<_, _>>().ok()?;
            let length = number(&mut rest)?;
            blocks.push(Packed { begins, bytes: taken(&mut rest, length)?.to_vec() });
        }
        let snapshot = Self { stamp: Stamp { reference, as_of, items }, blocks };
        let sound = |item| (0..snapshot.blocks.len()).all(|block| snapshot.verdicts(item, block).is_some());
        (rest.is_empty() && (0..items).all(sound)).then_some(snapshot)
    }
}

/// A pair whose verdict is another than before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    pub item: usize,
    pub row: usize,
    pub before: Verdict,
    pub after: Verdict,
}

/// Compares a run with an earlier snapshot.
#[derive(Clone, Debug)]
pub struct Changes<'s> {
    before: &'s Snapshot,
    /// For each item, which one of the snapshot it was.
    was: &'s [Option<usize>],
    first: usize,
    pub found: Vec<Change>,
}

impl<'s> Changes<'s> {
    pub fn new(before: &'s Snapshot, was: &'s [Option<usize>]) -> Self {
        Self { before, was, first: 0, found: Vec::new() }
    }

    /// All that changed, by item and row.
    pub fn merged(parts: Vec<Self>) -> Vec<Change> {
        let mut found: Vec<Change> = parts.into_iter().flat_map(|part| part.found).collect();
        found.sort_unstable_by_key(|change| (change.item, change.row));
        found
    }
}

impl Sink<WORDS> for Changes<'_> {
    fn begin(&mut self, first: usize) {
        self.first = first;
    }

    fn take(&mut self, item: usize, after: &Verdicts<WORDS>) {
        let was = self.was.get(item).copied().flatten();
        let before = was.and_then(|was| self.before.verdicts(was, self.first / BLOCK)).unwrap_or(Verdicts::NONE);
        if before == *after {
            return;
        }
        let differ: Plane<WORDS> = Plane(std::array::from_fn(|word| {
            (before.certain.0[word] ^ after.certain.0[word]) | (before.possible.0[word] ^ after.possible.0[word])
        }));
        for row in differ.rows() {
            let verdict =
                |verdicts: &Verdicts<WORDS>| match (verdicts.certain.contains(row), verdicts.possible.contains(row)) {
                    (true, _) => Verdict::Met,
                    (false, true) => Verdict::Unknown,
                    (false, false) => Verdict::NotMet,
                };
            self.found.push(Change { item, row: self.first + row, before: verdict(&before), after: verdict(after) });
        }
    }
}

const EMPTY: u8 = 0;
const MASKED: u8 = 1;
const GAPS: u8 = 2;

fn pack(plane: &Plane<WORDS>, out: &mut Vec<u8>) {
    let count = plane.count();
    if count == 0 {
        out.push(EMPTY);
        return;
    }
    let start = out.len();
    out.push(MASKED);
    out.extend([0; 8]);
    let mut top = 0_u64;
    let masks = out.len();
    for (word, bits) in plane.0.iter().enumerate().filter(|(_, bits)| **bits != 0) {
        top |= 1 << word;
        let bytes = bits.to_le_bytes();
        out.push((0..8).filter(|byte| bytes[*byte] != 0).fold(0, |mask, byte| mask | 1 << byte));
    }
    for bits in plane.0.iter().filter(|bits| **bits != 0) {
        out.extend(bits.to_le_bytes().into_iter().filter(|byte| *byte != 0));
    }
    out[start + 1..masks].copy_from_slice(&top.to_le_bytes());
    // Gaps are one or two bytes a row; with more rows than that the masks are shorter.
    if (out.len() - start) as u64 > 3 + count {
        let mut gaps = vec![GAPS];
        gaps.extend(u16::try_from(count).unwrap_or(u16::MAX).to_le_bytes());
        let mut next = 0;
        for row in plane.rows() {
            let gap = u16::try_from(row - next).unwrap_or(u16::MAX);
            next = row + 1;
            let [low, high] = gap.to_le_bytes();
            if gap < 0x80 { gaps.push(low) } else { gaps.extend([low | 0x80, (high << 1) | (low >> 7)]) }
        }
        if gaps.len() < out.len() - start {
            out.truncate(start);
            out.extend(gaps);
        }
    }
}

fn unpack(rest: &mut &[u8]) -> Option<Plane<WORDS>> {
    let mut plane = Plane::EMPTY;
    match taken(rest, 1)?[0] {
        EMPTY => {}
        MASKED => {
            let top = u64::from_le_bytes(taken(rest, 8)?.try_into().ok()?);
            let masks = taken(rest, top.count_ones() as usize)?;
            let words = (0..WORDS).filter(|word| top >> word & 1 == 1);
            for (word, mask) in words.zip(masks) {
                for byte in (0..8).filter(|byte| mask >> byte & 1 == 1) {
                    plane.0[word] |= u64::from(taken(rest, 1)?[0]) << (8 * byte);
                }
            }
        }
        GAPS => {
            let count = u16::from_le_bytes(taken(rest, 2)?.try_into().ok()?);
            let mut next = 0_usize;
            for _ in 0..count {
                let low = taken(rest, 1)?[0];
                let gap = if low < 0x80 {
                    usize::from(low)
                } else {
                    usize::from(low & 0x7f) | usize::from(taken(rest, 1)?[0]) << 7
                };
                let row = next + gap;
                *plane.0.get_mut(row / WORD)? |= 1 << (row % WORD);
                next = row + 1;
            }
        }
        _ => return None,
    }
    Some(plane)
}

fn taken<'b>(rest: &mut &'b [u8], count: usize) -> Option<&'b [u8]> {
    let (taken, after) = rest.split_at_checked(count)?;
    *rest = after;
    Some(taken)
}

fn number(rest: &mut &[u8]) -> Option<usize> {
    usize::try_from(u64::from_le_bytes(taken(rest, 8)?.try_into().ok()?)).ok()
}
