//! Results go to stdout, everything else to stderr.

use std::io::Write;

use serde::Serialize;

/// Prints one line of result.
pub(crate) fn line(text: impl AsRef<str>) -> std::io::Result<()> {
    writeln!(std::io::stdout().lock(), "{}", text.as_ref())
}

/// Prints the one JSON document of `--json`.
pub(crate) fn json(value: &impl Serialize) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, value)?;
    writeln!(out)?;
    Ok(())
}

/// Tells a person what is going on while they wait.
pub(crate) fn progress(text: impl AsRef<str>) {
    // A closed stderr must not end the work it reports on.
    drop(writeln!(std::io::stderr().lock(), "{}", text.as_ref()));
}
