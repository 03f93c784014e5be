//! The packed form as sections of a file: a head, then one section per segment, each with its length and checksum.

use std::sync::Arc;

use rules::FactKey;

use super::bytes::{Bytes, Held, Reader, put_size, put_text};
use super::facts::Facts;
use super::lists::Lists;
use super::segment::Segment;

const MAGIC: [u8; 8] = *b"HQTCITY1";
/// Length and checksum before a section.
const FRAME: usize = 12;

/// Why bytes are no population. In Chinese, for the log of an operator.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    #[error("不是企业快照,或版本不同:会从数据库重新读取企业")]
    OtherFormat,
    #[error("企业快照已损坏或不完整:会从数据库重新读取企业")]
    Damaged,
    #[error("企业快照是按另一套参考数据做的:会从数据库重新读取企业")]
    OtherReference,
}

/// What stands before the segments.
#[derive(Debug)]
pub(crate) struct Head {
    pub(crate) reference: String,
    pub(crate) rows: usize,
    pub(crate) live: Vec<u64>,
}

impl Head {
    /// With the mark of the format.
    pub(crate) fn section(&self) -> Vec<u8> {
        let mut body = Vec::new();
        put_text(&mut body, &self.reference);
        put_size(&mut body, self.rows);
        put_size(&mut body, self.live.len());
        body.extend(self.live.iter().flat_map(|word| word.to_le_bytes()));
        let mut out = MAGIC.to_vec();
        out.extend(framed(body));
        out
    }

    fn read(mut rest: Reader<'_>) -> Option<Self> {
        let reference = rest.text()?.to_owned();
        let rows = rest.size()?;
        let words = rest.size()?;
        let bytes = rest.taken(words.checked_mul(8)?)?;
        let (live, _) = bytes.as_chunks::<8>();
        let live = live.iter().map(|word| u64::from_le_bytes(*word)).collect();
        rest.is_empty().then_some(Self { reference, rows, live })
    }
}

impl Segment {
    /// One section.
    pub(crate) fn section(&self) -> Vec<u8> {
        let mut body = Vec::new();
        put_size(&mut body, self.facts.len());
        for (key, facts) in &self.facts {
            put_data(&mut body, key, facts.store.data());
            facts.write(&mut body);
        }
        put_size(&mut body, self.lists.len());
        for (key, lists) in &self.lists {
            put_data(&mut body, key, lists.store.data());
            lists.write(&mut body);
        }
        framed(body)
    }

    fn read(held: &Held, mut rest: Reader<'_>, end: usize) -> Option<Self> {
        let mut segment = Self::default();
        for _ in 0..rest.size()? {
            let (key, data) = data(held, &mut rest, end)?;
            segment.facts.insert(key, Facts::read(&mut rest, data)?);
        }
        for _ in 0..rest.size()? {
            let (key, data) = data(held, &mut rest, end)?;
            segment.lists.insert(key, Lists::read(&mut rest, data)?);
        }
        rest.is_empty().then_some(segment)
    }
}

fn put_data(out: &mut Vec<u8>, key: &FactKey, data: &[u8]) {
    put_text(out, key.as_str());
    put_size(out, data.len());
    out.extend(data);
}

/// The bytes of a store stay where they are; the section ends at `end` of what is held.
fn data(held: &Held, rest: &mut Reader<'_>, end: usize) -> Option<(FactKey, Bytes)> {
    let key = FactKey::from(rest.text()?);
    let length = rest.size()?;
    let begin = end - rest.0.len();
    rest.taken(length)?;
    Some((key, Bytes::Shared { held: Arc::clone(held), range: begin..begin + length }))
}

fn framed(body: Vec<u8>) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() + FRAME);
    out.extend((body.len() as u64).to_le_bytes());
    out.extend(crc32fast::hash(&body).to_le_bytes());
    out.extend(body);
    out
}

/// Reads what [`Head::section`] and [`Segment::section`] wrote, one after the other. Every checksum is checked.
pub(crate) fn read(held: &Held) -> Result<(Head, Vec<Segment>), Unusable> {
    let bytes = (**held).as_ref();
    let mut rest = Reader(bytes);
    if rest.taken(MAGIC.len()) != Some(&MAGIC) {
        return Err(Unusable::OtherFormat);
    }
    let head = unframed(&mut rest).and_then(|body| Head::read(Reader(body))).ok_or(Unusable::Damaged)?;
    let mut segments = Vec::new();
    while !rest.is_empty() {
        let body = unframed(&mut rest).ok_or(Unusable::Damaged)?;
        let end = bytes.len() - rest.0.len();
        segments.push(Segment::read(held, Reader(body), end).ok_or(Unusable::Damaged)?);
    }
    Ok((head, segments))
}

fn unframed<'b>(rest: &mut Reader<'b>) -> Option<&'b [u8]> {
    let length = u64::from_le_bytes(*rest.taken(8)?.first_chunk()?);
    let sum = u32::from_le_bytes(*rest.taken(4)?.first_chunk()?);
    let body = rest.taken(usize::try_from(length).ok()?)?;
    (crc32fast::hash(body) == sum).then_some(body)
}
