//! 32 bytes at a time.

use std::arch::x86_64::{
    __m256i, _mm_movemask_epi8, _mm_packs_epi16, _mm256_and_si256, _mm256_castsi256_si128, _mm256_cmpeq_epi8,
    _mm256_cmpeq_epi16, _mm256_extracti128_si256, _mm256_loadu_si256, _mm256_max_epu8, _mm256_max_epu16,
    _mm256_min_epu8, _mm256_min_epu16, _mm256_movemask_epi8, _mm256_set1_epi8, _mm256_set1_epi16,
};

use super::portable;
use crate::gates::{self, Circuit, Outlet, Wires};
use crate::plane::WORD;

#[target_feature(enable = "avx2,popcnt")]
fn load<T>(values: &[T]) -> __m256i {
    assert!(size_of_val(values) >= 32, "a whole register");
    // SAFETY: the slice holds the 32 bytes read, and the load needs no alignment.
    unsafe { _mm256_loadu_si256(values.as_ptr().cast()) }
}

#[target_feature(enable = "avx2,popcnt")]
pub(super) fn between_u8(codes: &[u8], first: u8, last: u8, out: &mut [u64]) {
    let (first, last) = (_mm256_set1_epi8(first.cast_signed()), _mm256_set1_epi8(last.cast_signed()));
    let mask = |codes: &[u8]| {
        let codes = load(codes);
        let above = _mm256_cmpeq_epi8(_mm256_max_epu8(codes, first), codes);
        let below = _mm256_cmpeq_epi8(_mm256_min_epu8(codes, last), codes);
        u64::from(_mm256_movemask_epi8(_mm256_and_si256(above, below)).cast_unsigned())
    };
    for (word, codes) in out.iter_mut().zip(codes.chunks_exact(WORD)) {
        *word = mask(&codes[..32]) | mask(&codes[32..]) << 32;
    }
}

#[target_feature(enable = "avx2,popcnt")]
pub(super) fn between_u16(codes: &[u16], first: u16, last: u16, out: &mut [u64]) {
    let (first, last) = (_mm256_set1_epi16(first.cast_signed()), _mm256_set1_epi16(last.cast_signed()));
    let mask = |codes: &[u16]| {
        let codes = load(codes);
        let above = _mm256_cmpeq_epi16(_mm256_max_epu16(codes, first), codes);
        let below = _mm256_cmpeq_epi16(_mm256_min_epu16(codes, last), codes);
        let both = _mm256_and_si256(above, below);
        let bytes = _mm_packs_epi16(_mm256_castsi256_si128(both), _mm256_extracti128_si256::<1>(both));
        u64::from(_mm_movemask_epi8(bytes).cast_unsigned())
    };
    for (word, codes) in out.iter_mut().zip(codes.chunks_exact(WORD)) {
        let parts = codes.chunks_exact(16).enumerate();
        *word = parts.fold(0, |word, (part, codes)| word | mask(codes) << (16 * part));
    }
}

#[target_feature(enable = "avx2,popcnt")]
pub(super) fn look_up(codes: &[u8], entries: &[u8; 256], certain: &mut [u64], open: &mut [u64]) {
    portable::look_up(codes, entries, certain, open);
}

#[target_feature(enable = "avx2,popcnt")]
pub(super) fn run<const W: usize, O: Outlet<W>>(circuit: &Circuit, wires: &mut Wires<W>, outlet: &mut O) {
    gates::run(circuit, wires, outlet);
}

#[cfg(feature = "measure")]
#[target_feature(enable = "avx2,popcnt")]
pub(super) fn read(words: &[u64]) -> u64 {
    portable::read(words)
}
