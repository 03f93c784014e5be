//! Where PostgreSQL's programs are.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Problem;

/// A directory that holds all programs a server needs.
#[derive(Clone, Debug)]
pub struct Binaries {
    directory: PathBuf,
}

impl Binaries {
    const NEEDED: [&str; 5] = ["initdb", "pg_ctl", "postgres", "createdb", "dropdb"];

    /// First PATH (following links, because distributions link single programs), then the newest version under
    /// the distribution's directory.
    pub fn find() -> Result<Self, Problem> {
        let path = env::var_os("PATH").unwrap_or_default();
        let linked = env::split_paths(&path).filter_map(|directory| fs::canonicalize(directory.join("initdb")).ok());
        let in_path = linked.filter_map(|program| program.parent().map(Path::to_path_buf));
        in_path
            .chain(installed(Path::new("/usr/lib/postgresql")))
            .find(|directory| Self::NEEDED.iter().all(|program| directory.join(program).is_file()))
            .map(|directory| Self { directory })
            .ok_or(Problem::NotInstalled)
    }

    pub(crate) fn command(&self, program: &str) -> Command {
        Command::new(self.program(program))
    }

    pub(crate) fn program(&self, program: &str) -> PathBuf {
        self.directory.join(program)
    }
}

/// `<root>/<major>/bin`, newest first.
fn installed(root: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(root).into_iter().flatten().flatten();
    let mut versions: Vec<(u32, PathBuf)> = entries
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    versions.sort_unstable_by(|a, b| b.cmp(a));
    versions.into_iter().map(|(_, directory)| directory).collect()
}

/// Runs a program to its end and turns a refusal into its own words.
pub(crate) fn run(command: &mut Command) -> Result<(), Problem> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output =
        command.output().map_err(|error| Problem::Failed { program: program.clone(), said: error.to_string() })?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(if output.stderr.is_empty() { &output.stdout } else { &output.stderr });
    Err(Problem::Failed { program, said: said.trim().to_owned() })
}
