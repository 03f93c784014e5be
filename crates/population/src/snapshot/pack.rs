//! A plane as the shorter of two forms: the bytes that are not zero with two levels of masks, or, for few rows, the
//! gaps between them.

use super::WORDS;
use crate::kernel::{Isa, ones};
use crate::plane::{Plane, Verdicts, WORD};

const EMPTY: u8 = 0;
const MASKED: u8 = 1;
const GAPS: u8 = 2;
/// Up to so many bytes of masks and bytes, gaps are tried: a row of its own takes one or two bytes instead of two or
/// three.
const FEW: usize = 64;

/// Appends what is met and what is open; `false` where all is no.
pub(super) fn pack_pair(isa: Isa, verdicts: &Verdicts<WORDS>, out: &mut Vec<u8>) -> bool {
    let met = pack(isa, &verdicts.certain, &Plane::EMPTY, out);
    let open = pack(isa, &verdicts.possible, &verdicts.certain, out);
    met || open
}

/// What [`pack_pair`] appended, off the front; `None` where the bytes are no verdicts.
pub(super) fn unpack_pair(isa: Isa, mut rest: &[u8]) -> Option<Verdicts<WORDS>> {
    let (certain, open) = (unpack(isa, &mut rest)?, unpack(isa, &mut rest)?);
    let possible = Plane(std::array::from_fn(|word| certain.0[word] | open.0[word]));
    Some(Verdicts { certain, possible })
}

/// Appends the rows of a plane that are not in the other; `false` where there are none.
pub(crate) fn pack(isa: Isa, plane: &Plane<WORDS>, without: &Plane<WORDS>, out: &mut Vec<u8>) -> bool {
    let start = out.len();
    out.push(MASKED);
    isa.squeeze(&plane.0, &without.0, out);
    let length = out.len() - start;
    if length == 1 + size_of::<u64>() {
        out.truncate(start);
        out.push(EMPTY);
        return false;
    }
    if length <= FEW
        && let Some(top) = out[start + 1..].first_chunk()
        && let Some(gaps) = Gaps::of(u64::from_le_bytes(*top), |word| plane.0[word] & !without.0[word], length)
    {
        out.truncate(start);
        out.extend_from_slice(gaps.bytes());
    }
    true
}

/// The gaps of a plane, in a buffer of their own while they may turn out too long.
struct Gaps {
    bytes: [u8; FEW + 4],
    length: usize,
}

impl Gaps {
    /// Of the words in `top`; `None` where they are no shorter than `limit` bytes.
    fn of(top: u64, bits: impl Fn(usize) -> u64, limit: usize) -> Option<Self> {
        let mut gaps = Self { bytes: [0; FEW + 4], length: 3 };
        gaps.bytes[0] = GAPS;
        let (mut next, mut count) = (0, 0_u16);
        for row in ones(top).flat_map(|word| ones(bits(word)).map(move |bit| word * WORD + bit)) {
            if gaps.length >= limit {
                return None;
            }
            gaps.push(row - next);
            next = row + 1;
            count += 1;
        }
        gaps.bytes[1..3].copy_from_slice(&count.to_le_bytes());
        (gaps.length < limit).then_some(gaps)
    }

    /// One byte below 128, else two, the lower seven bits first.
    fn push(&mut self, gap: usize) {
        let [low, high, ..] = gap.to_le_bytes();
        if gap < 0x80 {
            self.bytes[self.length] = low;
            self.length += 1;
        } else {
            self.bytes[self.length] = low | 0x80;
            self.bytes[self.length + 1] = high << 1 | low >> 7;
            self.length += 2;
        }
    }

    fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

/// Takes one plane off the front; `None` where the bytes are no plane.
fn unpack(isa: Isa, rest: &mut &[u8]) -> Option<Plane<WORDS>> {
    match *rest.split_off_first()? {
        EMPTY => Some(Plane::EMPTY),
        MASKED => isa.unsqueeze(rest).map(Plane),
        GAPS => {
            let count = u16::from_le_bytes(taken(rest, 2)?.try_into().ok()?);
            let mut plane = Plane::EMPTY;
            let mut next = 0_usize;
            for _ in 0..count {
                let low = *rest.split_off_first()?;
                let gap = if low < 0x80 {
                    usize::from(low)
                } else {
                    usize::from(low & 0x7f) | usize::from(*rest.split_off_first()?) << 7
                };
                let row = next + gap;
                *plane.0.get_mut(row / WORD)? |= 1 << (row % WORD);
                next = row + 1;
            }
            Some(plane)
        }
        _ => None,
    }
}

pub(super) fn taken<'b>(rest: &mut &'b [u8], count: usize) -> Option<&'b [u8]> {
    rest.split_off(..count)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn every_path_packs_alike_and_reads_back_what_any_packed(
            rows in prop::collection::vec(0_usize..4_096, 0..300), dense in any::<[u64; 4]>(), runs in 0_usize..5,
            without in any::<Option<[u64; 4]>>(),
        ) {
            let mut plane = Plane::<WORDS>::EMPTY;
            for row in rows {
                plane.0[row / WORD] |= 1 << (row % WORD);
            }
            for (run, word) in dense.iter().take(runs).enumerate() {
                plane.0[run * 17] = if run == 3 { u64::MAX } else { *word };
            }
            let mut minus = Plane::<WORDS>::EMPTY;
            for (word, bits) in without.into_iter().flatten().enumerate() {
                minus.0[word * 20] = bits;
            }
            let without = minus;
            let kept = Plane(std::array::from_fn(|word| plane.0[word] & !without.0[word]));
            let packed = |isa| {
                let mut out = vec![7];
                pack(isa, &plane, &without, &mut out);
                out
            };
            let first = packed(Isa::PORTABLE);
            for isa in Isa::supported() {
                prop_assert_eq!(&packed(isa), &first, "{}", isa.name());
                let mut rest = &first[1..];
                prop_assert_eq!(unpack(isa, &mut rest), Some(kept), "{}", isa.name());
                prop_assert!(rest.is_empty());
                for short in 1..first.len() {
                    prop_assert_eq!(unpack(isa, &mut &first[1..short]), None, "{} cut at {}", isa.name(), short);
                }
            }
        }
    }

    #[test]
    fn few_rows_take_a_byte_or_two_each_and_many_less_than_one() {
        let length = |rows: &[usize]| {
            let mut plane = Plane::<WORDS>::EMPTY;
            for row in rows {
                plane.0[row / WORD] |= 1 << (row % WORD);
            }
            let mut out = Vec::new();
            pack(Isa::detect(), &plane, &Plane::EMPTY, &mut out);
            out.len()
        };
        assert_eq!([length(&[]), length(&[0]), length(&[127]), length(&[128]), length(&[4_095])], [1, 4, 4, 5, 5]);
        assert_eq!(length(&(0..4_096).collect::<Vec<_>>()), 1 + 8 + 64 + 512);
    }
}
