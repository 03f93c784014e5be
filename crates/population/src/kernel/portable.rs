//! Plain loops; ARM and old processors take them, and the compiler may widen them.

#![expect(clippy::inline_always, reason = "the wider paths compile these loops for their own instruction set")]

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
pub(super) fn look_up(codes: &[u8], entries: &[u8; 256], certain: &mut [u64], open: &mut [u64]) {
    for ((certain, open), codes) in certain.iter_mut().zip(open).zip(codes.chunks_exact(WORD)) {
        (*certain, *open) = (0, 0);
        for (bit, code) in codes.iter().enumerate() {
            let entry = entries[usize::from(*code)];
            *certain |= u64::from(entry & 1) << bit;
            *open |= u64::from(entry >> 1 & 1) << bit;
        }
    }
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
