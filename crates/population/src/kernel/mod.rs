//! Loops over whole blocks, written for the widest registers the processor has.
//!
//! The only place with `unsafe`. It has two causes and no other: calling a function that was compiled for an
//! instruction set ([`Isa`] is proof that the processor has it), and loading a register from a slice whose length was
//! checked. Every path gives the same bits; the tests force each one the machine supports.

#![expect(unsafe_code, reason = "instruction sets chosen at run time")]
#![deny(clippy::undocumented_unsafe_blocks)]

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod portable;
#[cfg(test)]
mod tests;

use std::fmt;

pub(crate) use self::portable::ones;
use crate::gates::{self, Circuit, Outlet, Wires};
use crate::plane::WORD;

/// Words that are squeezed together: one for each bit of a word.
pub(crate) const SQUEEZED: usize = 64;

/// An instruction set the processor is known to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Isa(Path);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Path {
    Portable,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl fmt::Display for Isa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Calls the function of that name compiled for the instruction set.
macro_rules! dispatch {
    ($isa:expr, $name:ident($($argument:expr),*)) => {
        match $isa.0 {
            Path::Portable => portable::$name($($argument),*),
            #[cfg(target_arch = "x86_64")]
            // SAFETY: an `Isa` of this path is only made by `supported`, which asked the processor.
            Path::Avx2 => unsafe { avx2::$name($($argument),*) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            Path::Avx512 => unsafe { avx512::$name($($argument),*) },
        }
    };
}

impl Isa {
    /// Runs on every processor.
    pub const PORTABLE: Self = Self(Path::Portable);

    /// The widest the processor has.
    pub fn detect() -> Self {
        Self::supported().pop().unwrap_or(Self::PORTABLE)
    }

    /// All the processor has, narrowest first.
    pub fn supported() -> Vec<Self> {
        #[cfg_attr(not(target_arch = "x86_64"), expect(unused_mut, reason = "other processors have one path"))]
        let mut found = vec![Self::PORTABLE];
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx2")
                && is_x86_feature_detected!("bmi2")
                && is_x86_feature_detected!("popcnt")
            {
                found.push(Self(Path::Avx2));
            }
            if is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512vbmi")
                && is_x86_feature_detected!("avx512vbmi2")
                && is_x86_feature_detected!("avx512vpopcntdq")
                && is_x86_feature_detected!("popcnt")
            {
                found.push(Self(Path::Avx512));
            }
        }
        found
    }

    pub fn name(self) -> &'static str {
        match self.0 {
            Path::Portable => "portable",
            #[cfg(target_arch = "x86_64")]
            Path::Avx2 => "AVX2",
            #[cfg(target_arch = "x86_64")]
            Path::Avx512 => "AVX-512",
        }
    }

    /// All words joined: nothing but loads, so its speed is the most any kernel can read.
    #[cfg(feature = "measure")]
    pub fn read(self, words: &[u64]) -> u64 {
        dispatch!(self, read(words))
    }

    /// Sets bit `i` of `out` where `first <= codes[i] <= last`.
    pub(crate) fn between_u8(self, codes: &[u8], (first, last): (u8, u8), out: &mut [u64]) {
        assert_eq!(codes.len(), out.len() * WORD, "one code per bit");
        if first > last {
            return out.fill(0);
        }
        dispatch!(self, between_u8(codes, first, last, out));
    }

    /// The same over wider codes.
    pub(crate) fn between_u16(self, codes: &[u16], (first, last): (u16, u16), out: &mut [u64]) {
        assert_eq!(codes.len(), out.len() * WORD, "one code per bit");
        if first > last {
            return out.fill(0);
        }
        dispatch!(self, between_u16(codes, first, last, out));
    }

    /// The same over the widest codes, which hardly ever occur: one loop for all.
    pub(crate) fn between_u32(codes: &[u32], (first, last): (u32, u32), out: &mut [u64]) {
        assert_eq!(codes.len(), out.len() * WORD, "one code per bit");
        portable::between(codes, |code| first <= code && code <= last, out);
    }

    /// Sets bit `i` of `out` where the entry of `codes[i]` has the bit; codes are below `classes`.
    pub(crate) fn look_up(self, codes: &[u8], entries: &[u8; 256], classes: usize, bit: u8, out: &mut [u64]) {
        assert_eq!(codes.len(), out.len() * WORD, "one code per bit");
        dispatch!(self, look_up(codes, entries, classes, bit, out));
    }

    /// Appends the words of a block, without the bits of others, as the masks and bytes that are not zero: one bit per
    /// word, one per byte of those words, then the bytes.
    pub(crate) fn squeeze(self, words: &[u64; SQUEEZED], without: &[u64; SQUEEZED], out: &mut Vec<u8>) {
        dispatch!(self, squeeze(words, without, out));
    }

    /// Takes what [`Isa::squeeze`] appended off the front of `rest`; `None` where that is cut short.
    pub(crate) fn unsqueeze(self, rest: &mut &[u8]) -> Option<[u64; SQUEEZED]> {
        dispatch!(self, unsqueeze(rest))
    }

    /// Runs every gate of a circuit over one block and hands the verdict of each root to the outlet.
    pub(crate) fn run<const W: usize, O: Outlet<W>>(self, circuit: &Circuit, wires: &mut Wires<W>, outlet: &mut O) {
        match self.0 {
            Path::Portable => gates::run(circuit, wires, outlet),
            #[cfg(target_arch = "x86_64")]
            // SAFETY: an `Isa` of this path is only made by `supported`, which asked the processor.
            Path::Avx2 => unsafe { avx2::run(circuit, wires, outlet) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            Path::Avx512 => unsafe { avx512::run(circuit, wires, outlet) },
        }
    }
}
