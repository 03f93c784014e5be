//! Plain loops; ARM and old processors take them, and the compiler may widen them.

#![expect(clippy::inline_always, reason = "the wider paths compile these loops for their own instruction set")]

use super::SQUEEZED;
use crate::plane::WORD;

#[inline(always)]
pub(super) fn between_u8(codes: &[u8], first: u8, last: u8, out: &mut [u64]) {
    between(codes, |code| first <= code && code <= last, out);
}

#[inline(always)]
pub(super) fn between_u16(codes: &[u16], first: u16, last: u16, out: &mut [u64]) {
    between(codes, |code| first <= code && code <= last, out);
}

#[inline(always)]
pub(super) fn between<T: Copy>(values: &[T], within: impl Fn(T) -> bool, out: &mut [u64]) {
    for (word, values) in out.iter_mut().zip(values.chunks_exact(WORD)) {
        *word = values.iter().enumerate().fold(0, |word, (bit, value)| word | u64::from(within(*value)) << bit);
    }
}

#[inline(always)]
pub(super) fn look_up(codes: &[u8], entries: &[u8; 256], _classes: usize, bit: u8, out: &mut [u64]) {
    between(codes, |code| entries[usize::from(code)] & bit != 0, out);
}

#[inline(always)]
pub(super) fn squeeze(words: &[u64; SQUEEZED], without: &[u64; SQUEEZED], out: &mut Vec<u8>) {
    let words: [u64; SQUEEZED] = std::array::from_fn(|word| words[word] & !without[word]);
    let masks = words.map(nonzero_bytes);
    let top = masks.iter().enumerate().fold(0, |top, (word, mask)| top | u64::from(*mask != 0) << word);
    out.extend(top.to_le_bytes());
    out.extend(masks.into_iter().filter(|mask| *mask != 0));
    for word in ones(top) {
        out.extend(words[word].to_le_bytes().into_iter().filter(|byte| *byte != 0));
    }
}

#[inline(always)]
pub(super) fn unsqueeze(rest: &mut &[u8]) -> Option<[u64; SQUEEZED]> {
    let top = u64::from_le_bytes(*rest.split_off(..8)?.first_chunk()?);
    let masks = rest.split_off(..top.count_ones() as usize)?;
    let mut words = [0; SQUEEZED];
    for (word, mask) in ones(top).zip(masks) {
        let bytes = rest.split_off(..mask.count_ones() as usize)?;
        for (place, byte) in ones(u64::from(*mask)).zip(bytes) {
            words[word] |= u64::from(*byte) << (8 * place);
        }
    }
    Some(words)
}

/// One bit per byte that is not zero.
#[inline(always)]
fn nonzero_bytes(word: u64) -> u8 {
    word.to_le_bytes().into_iter().enumerate().fold(0, |mask, (place, byte)| mask | u8::from(byte != 0) << place)
}

/// The places of the bits that are set, lowest first.
#[inline(always)]
pub(crate) fn ones(mut bits: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        (bits != 0).then(|| {
            let place = bits.trailing_zeros() as usize;
            bits &= bits - 1;
            place
        })
    })
}

#[cfg(feature = "measure")]
#[inline(always)]
pub(super) fn read(words: &[u64]) -> u64 {
    let mut joined = [0; WORD];
    for words in words.chunks_exact(WORD) {
        for (joined, word) in joined.iter_mut().zip(words) {
            *joined |= word;
        }
    }
    joined.into_iter().fold(0, |all, one| all | one)
}
