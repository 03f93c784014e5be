//! 64 bytes at a time, and comparisons that give one bit per lane.

use std::arch::x86_64::{
    __m512i, _mm512_andnot_si512, _mm512_cmple_epu8_mask, _mm512_cmple_epu16_mask, _mm512_loadu_si512,
    _mm512_mask_blend_epi8, _mm512_maskz_compress_epi8, _mm512_maskz_expand_epi8, _mm512_movepi8_mask,
    _mm512_permutex2var_epi8, _mm512_permutexvar_epi8, _mm512_set1_epi8, _mm512_set1_epi16, _mm512_storeu_si512,
    _mm512_sub_epi8, _mm512_sub_epi16, _mm512_test_epi8_mask,
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

/// `first ≤ code ≤ last` is one comparison: what lies below `first` wraps round to the top.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vbmi2,avx512vpopcntdq,popcnt")]
pub(super) fn between_u8(codes: &[u8], first: u8, last: u8, out: &mut [u64]) {
    let (first, span) =
        (_mm512_set1_epi8(first.cast_signed()), _mm512_set1_epi8(last.wrapping_sub(first).cast_signed()));
    for (word, codes) in out.iter_mut().zip(codes.as_chunks::<WORD>().0) {
        *word = _mm512_cmple_epu8_mask(_mm512_sub_epi8(load(codes), first), span);
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vbmi2,avx512vpopcntdq,popcnt")]
pub(super) fn between_u16(codes: &[u16], first: u16, last: u16, out: &mut [u64]) {
    let span = _mm512_set1_epi16(last.wrapping_sub(first).cast_signed());
    let first = _mm512_set1_epi16(first.cast_signed());
    for (word, codes) in out.iter_mut().zip(codes.as_chunks::<WORD>().0) {
        let half = |codes: &[u16]| u64::from(_mm512_cmple_epu16_mask(_mm512_sub_epi16(load(codes), first), span));
        *word = half(&codes[..32]) | half(&codes[32..]) << 32;
    }
}

/// One permute of 64 entries, one of 128, or two of 128 with the top bit of the code to choose between them.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vbmi2,avx512vpopcntdq,popcnt")]
pub(super) fn look_up(codes: &[u8], entries: &[u8; 256], classes: usize, bit: u8, out: &mut [u64]) {
    let [a, b, c, d] = [0, 1, 2, 3].map(|quarter| load(&entries[64 * quarter..][..64]));
    let bit = _mm512_set1_epi8(bit.cast_signed());
    let words = out.iter_mut().zip(codes.as_chunks::<WORD>().0);
    match classes {
        0..=64 => words.for_each(|(word, codes)| {
            *word = _mm512_test_epi8_mask(_mm512_permutexvar_epi8(load(codes), a), bit);
        }),
        65..=128 => words.for_each(|(word, codes)| {
            *word = _mm512_test_epi8_mask(_mm512_permutex2var_epi8(a, load(codes), b), bit);
        }),
        _ => words.for_each(|(word, codes)| {
            let codes = load(codes);
            let low = _mm512_permutex2var_epi8(a, codes, b);
            let high = _mm512_permutex2var_epi8(c, codes, d);
            *word = _mm512_test_epi8_mask(_mm512_mask_blend_epi8(_mm512_movepi8_mask(codes), low, high), bit);
        }),
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vbmi2,avx512vpopcntdq,popcnt")]
pub(super) fn run<const W: usize, O: Outlet<W>>(circuit: &Circuit, wires: &mut Wires<W>, outlet: &mut O) {
    gates::run(circuit, wires, outlet);
}

/// Eight words give 64 masks of bytes, one register; the eight masks of a block are a register again. Nothing depends on
/// which words are empty, so there is no turn to foresee wrongly.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vbmi2,avx512vpopcntdq,popcnt")]
pub(super) fn squeeze(words: &[u64; SQUEEZED], without: &[u64; SQUEEZED], out: &mut Vec<u8>) {
    let (parts, minus) = (words.as_chunks::<8>().0, without.as_chunks::<8>().0);
    let parts: [__m512i; 8] = std::array::from_fn(|part| _mm512_andnot_si512(load(&minus[part]), load(&parts[part])));
    let masks = parts.map(|part| _mm512_test_epi8_mask(part, part));
    let all = load(&masks);
    let top = _mm512_test_epi8_mask(all, all);
    out.extend_from_slice(&top.to_le_bytes());
    if top == 0 {
        return;
    }
    // Masks, bytes, and room for the last store.
    out.reserve(64 + 512 + 64);
    compress(top, all, out);
    for (mask, part) in masks.into_iter().zip(parts) {
        compress(mask, part, out);
    }
}

/// Appends the chosen bytes of a register. There must be room for all 64.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vbmi2,avx512vpopcntdq,popcnt")]
fn compress(chosen: u64, bytes: __m512i, out: &mut Vec<u8>) {
    let end = out.len();
    assert!(out.capacity() - end >= 64, "room for a whole register");
    // A store of all 64 bytes is far quicker than one that stores the chosen alone.
    // SAFETY: there is room for the 64 bytes after the end, and they are written; as many as are chosen, 64 at most,
    // become part of the vector.
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
