//! 64 bytes at a time, and comparisons that give one bit per lane.

use std::arch::x86_64::{
    __m512i, _MM_CMPINT_LE, _MM_CMPINT_NLT, _mm512_cmp_epu8_mask, _mm512_cmp_epu16_mask, _mm512_loadu_si512,
    _mm512_mask_blend_epi8, _mm512_maskz_compress_epi8, _mm512_maskz_expand_epi8, _mm512_movepi8_mask,
    _mm512_permutex2var_epi8, _mm512_set1_epi8, _mm512_set1_epi16, _mm512_storeu_si512, _mm512_test_epi8_mask,
};

use super::SQUEEZED;
use crate::gates::{self, Circuit, Outlet, Wires};
use crate::plane::WORD;

#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vbmi2,avx512vpopcntdq,popcnt")]
fn load<T>(values: &[T]) -> __m512i {
    assert!(size_of_val(values) >= 64, "a whole register");
    // SAFETY: the slice holds the 64 bytes read, and the load needs no alignment.
    unsafe { _mm512_loadu_si512(values.as_ptr().cast()) }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vbmi2,avx512vpopcntdq,popcnt")]
pub(super) fn between_u8(codes: &[u8], first: u8, last: u8, out: &mut [u64]) {
    let (first, last) = (_mm512_set1_epi8(first.cast_signed()), _mm512_set1_epi8(last.cast_signed()));
    for (word, codes) in out.iter_mut().zip(codes.chunks_exact(WORD)) {
        let codes = load(codes);
        *word =
            _mm512_cmp_epu8_mask::<_MM_CMPINT_NLT>(codes, first) & _mm512_cmp_epu8_mask::<_MM_CMPINT_LE>(codes, last);
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vbmi2,avx512vpopcntdq,popcnt")]
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
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vbmi2,avx512vpopcntdq,popcnt")]
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

#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vbmi2,avx512vpopcntdq,popcnt")]
pub(super) fn run<const W: usize, O: Outlet<W>>(circuit: &Circuit, wires: &mut Wires<W>, outlet: &mut O) {
    gates::run(circuit, wires, outlet);
}

/// Eight words give 64 masks of bytes, one register; the eight masks of a block are a register again.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vbmi2,avx512vpopcntdq,popcnt")]
pub(super) fn squeeze(words: &[u64; SQUEEZED], out: &mut Vec<u8>) {
    let (parts, _) = words.as_chunks::<8>();
    let mut masks = [0_u64; 8];
    for (mask, part) in masks.iter_mut().zip(parts) {
        let part = load(part);
        *mask = _mm512_test_epi8_mask(part, part);
    }
    let all = load(&masks);
    let top = _mm512_test_epi8_mask(all, all);
    out.extend_from_slice(&top.to_le_bytes());
    compress(top, all, out);
    for (mask, part) in masks.into_iter().zip(parts).filter(|(mask, _)| *mask != 0) {
        compress(mask, load(part), out);
    }
}

/// Appends the chosen bytes of a register.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vbmi2,avx512vpopcntdq,popcnt")]
fn compress(chosen: u64, bytes: __m512i, out: &mut Vec<u8>) {
    out.reserve(64);
    let end = out.len();
    // A store of all 64 bytes is far quicker than one that stores the chosen alone.
    // SAFETY: 64 bytes after the end were reserved and are written; as many as are chosen, 64 at most, become part of
    // the vector.
    unsafe {
        _mm512_storeu_si512(out.as_mut_ptr().add(end).cast(), _mm512_maskz_compress_epi8(chosen, bytes));
        out.set_len(end + chosen.count_ones() as usize);
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vbmi2,avx512vpopcntdq,popcnt")]
pub(super) fn unsqueeze(rest: &mut &[u8]) -> Option<[u64; SQUEEZED]> {
    let top = u64::from_le_bytes(*rest.split_off(..8)?.first_chunk()?);
    let mut masks = [0; 8];
    expand(top, rest, &mut masks)?;
    let mut words = [0; SQUEEZED];
    for (mask, part) in masks.into_iter().zip(words.as_chunks_mut().0).filter(|(mask, _)| *mask != 0) {
        expand(mask, rest, part)?;
    }
    Some(words)
}

/// Takes as many bytes as are chosen and puts them in their places, the others zero.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vbmi2,avx512vpopcntdq,popcnt")]
fn expand(chosen: u64, rest: &mut &[u8], into: &mut [u64; 8]) -> Option<()> {
    let bytes = if rest.len() >= 64 {
        load(&rest[..64])
    } else {
        let mut padded = [0; 64];
        padded[..rest.len()].copy_from_slice(rest);
        load(&padded)
    };
    rest.split_off(..chosen.count_ones() as usize)?;
    // SAFETY: the array is the 64 bytes written, and the store needs no alignment.
    unsafe { _mm512_storeu_si512(into.as_mut_ptr().cast(), _mm512_maskz_expand_epi8(chosen, bytes)) };
    Some(())
}

#[cfg(feature = "measure")]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vbmi2,avx512vpopcntdq,popcnt")]
pub(super) fn read(words: &[u64]) -> u64 {
    super::portable::read(words)
}
