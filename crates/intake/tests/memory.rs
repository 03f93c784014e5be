//! What stays bounded. Alone in its process, because a peak of memory is the whole process's.

use std::fs;
use std::io::Write;

use intake::{Gate, Isolation, Line, Source};

#[test]
fn a_line_of_500_megabytes_is_rejected_without_being_held_in_memory() {
    let dir = tempfile::tempdir().unwrap();
    let table = ("long.csv", 500, ["名称,地区", "甲,洪山区"]);
    let objects = ("long.jsonl", 50, ["{\"a\":1}", "{\"a\":2}"]);
    for (name, megabytes, good) in [table, objects] {
        let path = dir.path().join(name);
        let mut out = fs::File::create(&path).unwrap();
        writeln!(out, "{}", good[0]).unwrap();
        let block = vec![b'x'; 1 << 20];
        for _ in 0..megabytes {
            out.write_all(&block).unwrap();
        }
        writeln!(out, "\n{}", good[1]).unwrap();
        drop(out);

        let source = Source::open(&path, &Gate::operator(), &Isolation::Thread).unwrap();
        let mut lines: Vec<_> = source.map(Result::unwrap).collect();
        assert!(matches!(lines.pop(), Some(Line::Row(row)) if row.line == 3));
        let Some(Line::Reject(reject)) = lines.pop() else { panic!("{lines:?}") };
        assert_eq!((reject.line, reject.reason.as_str()), (2, "这一行超过 1024 KB"));
    }
    let peak = peak_memory_kib();
    assert!(peak < 32 * 1024, "the process grew to {peak} KiB");
}

/// `VmHWM`; zero where the system does not tell, which leaves the other assertions.
fn peak_memory_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|text| text.trim().trim_end_matches(" kB").trim().parse().ok()).unwrap_or(0)
}
