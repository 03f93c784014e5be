//! 32 bytes at a time.

use std::arch::x86_64::{
    __m256i, _mm256_and_si256, _mm256_blendv_epi8, _mm256_cmpeq_epi8, _mm256_cmpeq_epi16, _mm256_loadu_si256,
    _mm256_min_epu8, _mm256_min_epu16, _mm256_movemask_epi8, _mm256_packs_epi16, _mm256_permute4x64_epi64,
    _mm256_set1_epi8, _mm256_set1_epi16, _mm256_setzero_si256, _mm256_shuffle_epi8, _mm256_srli_epi16, _mm256_sub_epi8,
    _mm256_sub_epi16, _pdep_u64, _pext_u64,
};

use super::SQUEEZED;
use super::portable::ones;
use crate::gates::{self, Circuit, Outlet, Wires};
use crate::plane::WORD;

#[target_feature(enable = "avx2,bmi2,popcnt")]
fn load<T>(values: &[T]) -> __m256i {
    assert!(size_of_val(values) >= 32, "a whole register");
    // SAFETY: the slice holds the 32 bytes read, and the load needs no alignment.
    unsafe { _mm256_loadu_si256(values.as_ptr().cast()) }
}

/// `first ≤ code ≤ last` is one comparison: what lies below `first` wraps round to the top.
#[target_feature(enable = "avx2,bmi2,popcnt")]
pub(super) fn between_u8(codes: &[u8], first: u8, last: u8, out: &mut [u64]) {
    let (first, span) =
        (_mm256_set1_epi8(first.cast_signed()), _mm256_set1_epi8(last.wrapping_sub(first).cast_signed()));
    let half = |codes: &[u8]| {
        let above = _mm256_sub_epi8(load(codes), first);
        let within = _mm256_cmpeq_epi8(_mm256_min_epu8(above, span), above);
        u64::from(_mm256_movemask_epi8(within).cast_unsigned())
    };
    for (word, codes) in out.iter_mut().zip(codes.as_chunks::<WORD>().0) {
        *word = half(&codes[..32]) | half(&codes[32..]) << 32;
    }
}

#[target_feature(enable = "avx2,bmi2,popcnt")]
pub(super) fn between_u16(codes: &[u16], first: u16, last: u16, out: &mut [u64]) {
    let span = _mm256_set1_epi16(last.wrapping_sub(first).cast_signed());
    let first = _mm256_set1_epi16(first.cast_signed());
    let within = |codes: &[u16]| {
        let above = _mm256_sub_epi16(load(codes), first);
        _mm256_cmpeq_epi16(_mm256_min_epu16(above, span), above)
    };
    let half = |codes: &[u16]| {
        // Packing works on halves of registers: the middle quarters change places.
        let bytes = _mm256_packs_epi16(within(&codes[..16]), within(&codes[16..]));
        u64::from(_mm256_movemask_epi8(_mm256_permute4x64_epi64::<0b11_01_10_00>(bytes)).cast_unsigned())
    };
    for (word, codes) in out.iter_mut().zip(codes.as_chunks::<WORD>().0) {
        *word = half(&codes[..32]) | half(&codes[32..]) << 32;
    }
}

/// The entries are 256 bits, 32 bytes; a code's upper five bits choose the byte and its lower three the bit.
#[target_feature(enable = "avx2,bmi2,popcnt")]
pub(super) fn look_up(codes: &[u8], entries: &[u8; 256], _classes: usize, bit: u8, out: &mut [u64]) {
    let (mut lower, mut upper) = ([0_u8; 32], [0_u8; 32]);
    for (index, entries) in entries.as_chunks::<8>().0.iter().enumerate() {
        let byte =
            entries.iter().enumerate().fold(0, |byte, (place, entry)| byte | u8::from(entry & bit != 0) << place);
        let (table, place) = if index < 16 { (&mut lower, index) } else { (&mut upper, index - 16) };
        (table[place], table[place + 16]) = (byte, byte);
    }
    let (lower, upper) = (load(&lower), load(&upper));
    let of_bit = load(&[[1_u8, 2, 4, 8, 16, 32, 64, 128]; 4]);
    let (seven, fifteen) = (_mm256_set1_epi8(7), _mm256_set1_epi8(15));
    let half = |codes: &[u8]| {
        let codes = load(codes);
        let byte = _mm256_and_si256(_mm256_srli_epi16::<3>(codes), fifteen);
        let found = _mm256_blendv_epi8(_mm256_shuffle_epi8(lower, byte), _mm256_shuffle_epi8(upper, byte), codes);
        let wanted = _mm256_shuffle_epi8(of_bit, _mm256_and_si256(codes, seven));
        let met = _mm256_cmpeq_epi8(_mm256_and_si256(found, wanted), wanted);
        u64::from(_mm256_movemask_epi8(met).cast_unsigned())
    };
    for (word, codes) in out.iter_mut().zip(codes.as_chunks::<WORD>().0) {
        *word = half(&codes[..32]) | half(&codes[32..]) << 32;
    }
}

#[target_feature(enable = "avx2,bmi2,popcnt")]
pub(super) fn run<const W: usize, O: Outlet<W>>(circuit: &Circuit, wires: &mut Wires<W>, outlet: &mut O) {
    gates::run(circuit, wires, outlet);
}

/// Four words give 32 masks of bytes at once; the bytes of a word are gathered by its mask.
#[target_feature(enable = "avx2,bmi2,popcnt")]
pub(super) fn squeeze(words: &[u64; SQUEEZED], without: &[u64; SQUEEZED], out: &mut Vec<u8>) {
    let words: [u64; SQUEEZED] = std::array::from_fn(|word| words[word] & !without[word]);
    let mut masks = [0_u64; 8];
    for (mask, part) in masks.iter_mut().zip(words.as_chunks::<8>().0) {
        *mask = nonzero(&part[..4]) | nonzero(&part[4..]) << 32;
    }
    let top = nonzero(&masks[..4]) | nonzero(&masks[4..]) << 32;
    out.extend_from_slice(&top.to_le_bytes());
    for (place, masks) in masks.iter().enumerate() {
        gather(*masks, u64::from(top.to_le_bytes()[place]), out);
    }
    let masks = masks.map(u64::to_le_bytes);
    for word in ones(top) {
        gather(words[word], u64::from(masks[word / 8][word % 8]), out);
    }
}

/// One bit per byte of four words that is not zero.
#[target_feature(enable = "avx2,bmi2,popcnt")]
fn nonzero(words: &[u64]) -> u64 {
    let zero = _mm256_cmpeq_epi8(load(words), _mm256_setzero_si256());
    u64::from(!_mm256_movemask_epi8(zero).cast_unsigned())
}

/// All bits of the bytes whose bit is set.
#[target_feature(enable = "avx2,bmi2,popcnt")]
fn widened(bytes: u64) -> u64 {
    _pdep_u64(bytes, 0x0101_0101_0101_0101) * 0xff
}

/// Appends the chosen bytes of a word.
#[target_feature(enable = "avx2,bmi2,popcnt")]
fn gather(word: u64, chosen: u64, out: &mut Vec<u8>) {
    let bytes = _pext_u64(word, widened(chosen)).to_le_bytes();
    let end = out.len() + chosen.count_ones() as usize;
    out.extend_from_slice(&bytes);
    out.truncate(end);
}

#[target_feature(enable = "avx2,bmi2,popcnt")]
pub(super) fn unsqueeze(rest: &mut &[u8]) -> Option<[u64; SQUEEZED]> {
    let top = u64::from_le_bytes(*rest.split_off(..8)?.first_chunk()?);
    let masks = rest.split_off(..top.count_ones() as usize)?;
    let mut words = [0; SQUEEZED];
    for (word, mask) in ones(top).zip(masks) {
        let mut bytes = [0; 8];
        match rest.first_chunk() {
            Some(eight) => bytes = *eight,
            None => bytes[..rest.len()].copy_from_slice(rest),
        }
        rest.split_off(..mask.count_ones() as usize)?;
        words[word] = _pdep_u64(u64::from_le_bytes(bytes), widened(u64::from(*mask)));
    }
    Some(words)
}

#[cfg(feature = "measure")]
#[target_feature(enable = "avx2,bmi2,popcnt")]
pub(super) fn read(words: &[u64]) -> u64 {
    super::portable::read(words)
}
