//! What the machine under the measurements is, and how fast it reads.

use std::hint::black_box;

use population::Isa;

/// Working sets in bytes: within the nearest cache, within the second, and far beyond all of them.
pub const SETS: [(&str, usize); 3] = [("L1", 16 << 10), ("L2", 512 << 10), ("DRAM", 256 << 20)];

/// Bytes one measurement of a working set reads.
pub const READ: usize = 512 << 20;

/// Reads a working set again and again, until [`READ`] bytes have come in.
pub fn read(isa: Isa, words: &[u64]) {
    for _ in 0..(READ / size_of_val(words).max(1)).max(1) {
        black_box(isa.read(black_box(words)));
    }
}

/// The processor as it calls itself; empty where the system does not say.
pub fn processor() -> String {
    line("/proc/cpuinfo", "model name").unwrap_or_default()
}

/// The most memory this process has held, in MiB; `None` where the system does not say.
pub fn peak_mebibytes() -> Option<u64> {
    let line = line("/proc/self/status", "VmHWM")?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kibibytes| kibibytes >> 10)
}

fn line(file: &str, name: &str) -> Option<String> {
    let text = std::fs::read_to_string(file).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    Some(line.trim_start_matches([' ', '\t', ':']).to_owned())
}
