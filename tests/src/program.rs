//! One installation: a directory, settings, and the program run on them.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::serving::Serving;

/// A fresh installation in its own temporary directory.
#[derive(Debug)]
pub struct Program {
    exe: PathBuf,
    dir: TempDir,
    settings: Vec<(String, String)>,
    /// Keeps the database of a PostgreSQL installation until the end of the test.
    database: Option<cluster::Database>,
}

/// How one command ended.
#[derive(Debug)]
pub struct Outcome {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Program {
    /// On SQLite below its own directory, as the default run is.
    pub fn on_sqlite(exe: impl Into<PathBuf>) -> Self {
        Self {
            exe: exe.into(),
            dir: tempfile::tempdir().expect("a temporary directory"),
            settings: Vec::new(),
            database: None,
        }
    }

    /// The same with one setting changed; `None` where no PostgreSQL is installed and none is required.
    pub fn on_postgres(exe: impl Into<PathBuf>) -> Option<Self> {
        let database = cluster::database()?;
        let mut program = Self::on_sqlite(exe).with("DATABASE__URL", database.url());
        program.database = Some(database);
        Some(program)
    }

    /// Sets `HANQITONG__{key}`.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<String>) -> Self {
        self.settings.push((format!("HANQITONG__{key}"), value.into()));
        self
    }

    /// Sets an environment variable that is no setting of the program.
    #[must_use]
    pub fn with_variable(mut self, name: &str, value: &str) -> Self {
        self.settings.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The installation's own directory; `data` below it is `data.dir`.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    pub fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    pub fn mailbox(&self) -> PathBuf {
        self.data().join("mailbox")
    }

    /// The command, ready to run: nothing of the surrounding configuration reaches it.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.exe);
        command
            .args(args)
            .current_dir(self.dir.path())
            .env("HANQITONG__DATA__DIR", self.data())
            .env("HANQITONG__LOG__LEVEL", "warn")
            .envs(self.settings.iter().map(|(key, value)| (key, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs to the end.
    pub fn run(&self, args: &[&str]) -> Outcome {
        let output = self.command(args).output().expect("the program starts");
        Outcome {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("UTF-8 on stdout"),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Runs to the end and insists on success.
    pub fn ok(&self, args: &[&str]) -> Outcome {
        let outcome = self.run(args);
        assert_eq!(outcome.code, Some(0), "{args:?}\nstdout:\n{}\nstderr:\n{}", outcome.stdout, outcome.stderr);
        outcome
    }

    /// Runs with `--json` and gives the one document on stdout.
    pub fn json(&self, args: &[&str]) -> Value {
        let args: Vec<&str> = args.iter().copied().chain(["--json"]).collect();
        let outcome = self.ok(&args);
        serde_json::from_str(&outcome.stdout).unwrap_or_else(|error| panic!("{error} in\n{}", outcome.stdout))
    }

    /// A second installation with the same settings and a copy of everything this one holds. No process of this
    /// one may be running.
    pub fn copy(&self) -> Self {
        let copy = Self::on_sqlite(self.exe.clone());
        copy_directory(self.dir.path(), copy.dir.path());
        let mut copy = Self { settings: self.settings.clone(), ..copy };
        if let Some(database) = &self.database {
            let database = database.copy().expect("a copy of the database");
            copy = copy.with("DATABASE__URL", database.url());
            copy.database = Some(database);
        }
        copy
    }

    /// The address of its database as storage takes it.
    pub fn database_url(&self) -> String {
        match &self.database {
            Some(database) => database.url().to_owned(),
            None => format!("sqlite://{}", self.data().join("hanqitong.db").display()),
        }
    }

    /// Starts a serving command and waits until it answers.
    pub fn serve(&self, args: &[&str]) -> Serving {
        Serving::start(self.command(args))
    }
}

fn copy_directory(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a directory");
    for entry in std::fs::read_dir(from).expect("a readable directory") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy_directory(&path, &target);
        } else {
            std::fs::copy(&path, &target).expect("a copied file");
        }
    }
}
