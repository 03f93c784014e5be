//! All verdicts of a city, packed: what the next run is compared with.
//!
//! Of each item and block two planes are kept, met and open; where both are empty nothing is.

mod changes;
mod pack;

use std::sync::{Arc, Mutex};

use chrono::{Datelike as _, NaiveDate};

pub use self::changes::{Change, Changes, Renewals};
#[cfg(feature = "measure")]
pub(crate) use self::pack::pack;
use self::pack::{pack_pair, taken, unpack_pair};
use crate::kernel::Isa;
use crate::plane::{Verdicts, WORD};
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
    isa: Isa,
    spare: Option<Arc<Spare>>,
    done: Vec<(usize, Packed)>,
}

/// The memory of a snapshot nobody needs any more, for the next one: fresh pages cost more than packing does.
#[derive(Debug, Default)]
pub struct Spare(Mutex<Vec<Packed>>);

impl Spare {
    pub fn of(snapshot: Snapshot) -> Self {
        Self(Mutex::new(snapshot.blocks))
    }

    /// One block's memory, emptied.
    fn taken(&self) -> Option<Packed> {
        let mut packed = self.0.lock().ok()?.pop()?;
        packed.begins.clear();
        packed.bytes.clear();
        Some(packed)
    }
}

impl Snapshots {
    pub fn new(items: usize) -> Self {
        Self::on(Isa::detect(), items)
    }

    /// Packs with an instruction set of the caller's choice; the bytes are the same.
    pub fn on(isa: Isa, items: usize) -> Self {
        Self { items, isa, spare: None, done: Vec::new() }
    }

    /// Packs into memory that is at hand.
    pub fn over(self, spare: &Arc<Spare>) -> Self {
        Self { spare: Some(Arc::clone(spare)), ..self }
    }

    /// Packs the verdicts of an item in the block begun last; `None` where all are no.
    fn pack(&mut self, item: usize, verdicts: &Verdicts<WORDS>) -> Option<&[u8]> {
        let (_, packed) = self.done.last_mut()?;
        let begin = packed.bytes.len();
        if !pack_pair(self.isa, verdicts, &mut packed.bytes) {
            packed.bytes.truncate(begin);
            return None;
        }
        packed.begins[item] = u32::try_from(begin).unwrap_or(NOTHING);
        packed.bytes.get(begin..)
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
        let mut packed = self.spare.as_ref().and_then(|spare| spare.taken()).unwrap_or_default();
        packed.begins.resize(self.items, NOTHING);
        // Blocks of a city are alike: with the last one's length and a little more, bytes are seldom moved.
        let alike = self.done.last().map_or(0, |(_, packed)| packed.bytes.len());
        packed.bytes.reserve(alike + alike / 16);
        self.done.push((first / BLOCK, packed));
    }

    fn take(&mut self, item: usize, verdicts: &Verdicts<WORDS>) {
        self.pack(item, verdicts);
    }
}

impl Snapshot {
    /// Memory of the packed verdicts.
    pub fn bytes(&self) -> usize {
        self.blocks.iter().map(|block| block.bytes.len() + 4 * block.begins.len()).sum()
    }

    /// The packed verdicts of an item in a block, and what follows them; `None` where all are no.
    fn packed(&self, item: usize, block: usize) -> Option<&[u8]> {
        let packed = self.blocks.get(block)?;
        let begin = packed.begins.get(item).filter(|begin| **begin != NOTHING)?;
        // A place behind the end holds nothing readable either.
        Some(packed.bytes.get(*begin as usize..).unwrap_or_default())
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
        let isa = Isa::detect();
        let sound = |item| {
            (0..snapshot.blocks.len()).all(|block| {
                let packed = snapshot.packed(item, block);
                packed.is_none_or(|packed| unpack_pair(isa, packed).is_some())
            })
        };
        (rest.is_empty() && (0..items).all(sound)).then_some(snapshot)
    }
}

fn number(rest: &mut &[u8]) -> Option<usize> {
    usize::try_from(u64::from_le_bytes(taken(rest, 8)?.try_into().ok()?)).ok()
}
