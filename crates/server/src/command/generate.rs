//! `generate enterprises`: a made-up city of any size, as JSON lines that `import enterprises` reads.

use std::io::{BufWriter, Write};

use domain::{Clock, synthetic};
use rules::Reference;

use crate::cli::{Generate, GenerateKind};
use crate::clock::SystemClock;
use crate::failure::Failure;
use crate::output;

/// Lines between two progress messages.
const STEP: u32 = 10_000;

pub(super) fn run(args: &Generate) -> Result<(), Failure> {
    let GenerateKind::Enterprises = args.kind;
    let as_of = args.as_of.unwrap_or_else(|| SystemClock.now().day(chrono_tz::Asia::Shanghai));
    let reference = Reference::builtin();
    let file = std::fs::File::create(&args.out)
        .map_err(|error| Failure::bad_input(format!("--out:写不了 {}({error})", args.out.display())))?;
    let mut out = BufWriter::new(file);
    for (done, profile) in (1..).zip(synthetic::enterprises(args.seed, args.count, as_of)) {
        serde_json::to_writer(&mut out, &profile.to_json(reference))?;
        out.write_all(b"\n")?;
        if done % STEP == 0 {
            output::progress(format!("已生成 {done} / {} 家", args.count));
        }
    }
    out.flush()?;
    Ok(output::line(format!("已生成 {} 家合成企业:{}", args.count, args.out.display()))?)
}
