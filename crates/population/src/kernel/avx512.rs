//! 64 bytes at a time, and comparisons that give one bit per lane.

use std::arch::x86_64::{
    __m512i, _MM_CMPINT_LE, _MM_CMPINT_NLT, _mm512_cmp_epu8_mask, _mm512_cmp_epu16_mask, _mm512_loadu_si512,
    _mm512_mask_blend_epi8, _mm512_movepi8_mask, _mm512_permutex2var_epi8, _mm512_set1_epi8, _mm512_set1_epi16,
    _mm512_test_epi8_mask,
};

use crate::gates::{self, Circuit, Outlet, Wires};
use crate::plane::WORD;

#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vpopcntdq,popcnt")]
fn load<T>(values: &[T]) -> __m512i {
    assert!(size_of_val(values) >= 64, "a whole register");
    // SAFETY: the slice holds the 64 bytes read, and the load needs no alignment.
    unsafe { _mm512_loadu_si512(values.as_ptr().cast()) }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vpopcntdq,popcnt")]
pub(super) fn between_u8(codes: &[u8], first: u8, last: u8, out: &mut [u64]) {
    let (first, last) = (_mm512_set1_epi8(first.cast_signed()), _mm512_set1_epi8(last.cast_signed()));
    for (word, codes) in out.iter_mut().zip(codes.chunks_exact(WORD)) {
        let codes = load(codes);
        *word =
            _mm512_cmp_epu8_mask::<_MM_CMPINT_NLT>(codes, first) & _mm512_cmp_epu8_mask::<_MM_CMPINT_LE>(codes, last);
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vpopcntdq,popcnt")]
pub(super) fn between_u16(codes: &[u16], first: u16, last: u16, out: &mut [u64]) {
    let (first, last) = (_mm512_set1_epi16(first.cast_signed()), _mm512_set1_epi16(last.cast_signed()));
    for (word, codes) in out.iter_mut().zip(codes.chunks_exact(WORD)) {
        let parts = codes.chunks_exact(32).enumerate();
        *word = parts.fold(0, |word, (part, codes)| {
            let codes = load(codes);
            let mask = _mm512_cmp_epu16_mask::<_MM_CMPINT_NLT>(codes, first)
                & _mm512_cmp_epu16_mask::<_MM_CMPINT_LE>(codes, last);
            word | u64::from(mask) << (32 * part)
        });
    }
}

/// Two permutes of 128 entries each; the top bit of a code chooses between them.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vpopcntdq,popcnt")]
pub(super) fn look_up(codes: &[u8], entries: &[u8; 256], certain: &mut [u64], open: &mut [u64]) {
    let [a, b, c, d] = [0, 1, 2, 3].map(|quarter| load(&entries[64 * quarter..][..64]));
    let (met, unsure) = (_mm512_set1_epi8(1), _mm512_set1_epi8(2));
    for ((certain, open), codes) in certain.iter_mut().zip(open).zip(codes.chunks_exact(WORD)) {
        let codes = load(codes);
        let low = _mm512_permutex2var_epi8(a, codes, b);
        let high = _mm512_permutex2var_epi8(c, codes, d);
        let found = _mm512_mask_blend_epi8(_mm512_movepi8_mask(codes), low, high);
        *certain = _mm512_test_epi8_mask(found, met);
        *open = _mm512_test_epi8_mask(found, unsure);
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vpopcntdq,popcnt")]
pub(super) fn run<const W: usize, O: Outlet<W>>(circuit: &Circuit, wires: &mut Wires<W>, outlet: &mut O) {
    gates::run(circuit, wires, outlet);
}

#[cfg(feature = "measure")]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vpopcntdq,popcnt")]
pub(super) fn read(words: &[u64]) -> u64 {
    super::portable::read(words)
}
