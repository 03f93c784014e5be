//! One server in its own directory on its own port.

use std::env;
use std::fs;
use std::io;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{self, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::Problem;
use crate::account::Account;
use crate::binaries::{Binaries, run};
use crate::watchdog::Watchdog;

/// Whether commits wait for the disk. Only tests of power loss need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    Fsync,
    /// Three times faster, and a throw-away server has nothing to lose.
    Fast,
}

/// A running server. Dropped or killed with its process, it is stopped and its data deleted.
#[derive(Debug)]
pub struct Server {
    binaries: Binaries,
    account: Option<Account>,
    root: PathBuf,
    port: u16,
    durability: Durability,
    _watchdog: Watchdog,
}

/// Superuser of the cluster, trusted on the loopback address only.
const USER: &str = "hanqitong";

impl Server {
    /// Makes a cluster and starts it; about two seconds.
    pub fn start(durability: Durability) -> Result<Self, Problem> {
        let binaries = Binaries::find()?;
        let root = fresh_directory()?;
        let account = Account::for_server(&root)?;
        if let Some(account) = account {
            account.give(&root)?;
        }
        let data = root.join("data");
        let watchdog = Watchdog::start(&binaries, &root, account)?;
        let mut init = binaries.command("initdb");
        init.arg("-D").arg(&data).args(["-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
        run(as_account(&mut init, account, &root))?;
        let mut server = Self { binaries, account, root, port: 0, durability, _watchdog: watchdog };
        server.launch_on_free_port()?;
        Ok(server)
    }

    /// A port is free only until somebody else takes it, so a lost race is tried again.
    fn launch_on_free_port(&mut self) -> Result<(), Problem> {
        let mut last = Ok(());
        for _ in 0..5 {
            self.port = free_port()?;
            last = self.resume();
            if last.is_ok() {
                break;
            }
        }
        last
    }

    /// Starts a stopped server again on the same port and data, waiting until it accepts connections.
    pub fn resume(&self) -> Result<(), Problem> {
        let socket = self.root.display();
        let mut options = format!("-p {} -c listen_addresses=127.0.0.1 -k {socket} -c max_connections=200", self.port);
        if self.durability == Durability::Fast {
            options.push_str(" -F -c synchronous_commit=off -c full_page_writes=off");
        }
        self.control(&["start", "-w", "-t", "60", "-o", &options])
    }

    /// Stops it at once, as a crash would: no checkpoint, open transactions lost.
    pub fn crash(&self) -> Result<(), Problem> {
        self.control(&["stop", "-w", "-m", "immediate"])
    }

    fn control(&self, arguments: &[&str]) -> Result<(), Problem> {
        let mut command = self.binaries.command("pg_ctl");
        command.arg("-D").arg(self.root.join("data")).arg("-l").arg(self.root.join("log")).args(arguments);
        // The server inherits these and would keep a pipe of ours open for ever.
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let status = as_account(&mut command, self.account, &self.root).status()?;
        if status.success() {
            return Ok(());
        }
        let said = fs::read_to_string(self.root.join("log")).unwrap_or_default();
        Err(Problem::Failed { program: format!("pg_ctl {}", arguments.join(" ")), said })
    }

    /// Address of the maintenance database.
    pub fn url(&self) -> String {
        self.url_of("postgres")
    }

    pub(crate) fn url_of(&self, database: &str) -> String {
        format!("postgres://{USER}@127.0.0.1:{}/{database}", self.port)
    }

    pub(crate) fn binaries(&self) -> &Binaries {
        &self.binaries
    }

    /// The server's log so far, for a failing test to show.
    pub fn log(&self) -> String {
        fs::read_to_string(self.root.join("log")).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The watchdog would do it too; doing it here means the next test sees the port free.
        if let Err(problem) = self.crash() {
            eprintln!("stopping PostgreSQL: {problem}");
        }
    }
}

pub(crate) fn as_account<'c>(command: &'c mut Command, account: Option<Account>, home: &Path) -> &'c mut Command {
    if let Some(account) = account {
        account.run_as(command);
    }
    command.current_dir(home).env("HOME", home)
}

fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// A directory nobody else has, under the system's temporary directory. A path left by a dead process with our
/// id is skipped, not reused.
fn fresh_directory() -> io::Result<PathBuf> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    loop {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = env::temp_dir().join(format!("hanqitong-pg-{}-{number}", process::id()));
        match fs::create_dir(&path) {
            Ok(()) => {
                fs::set_permissions(&path, fs::Permissions::from_mode(0o700))?;
                return Ok(path);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
}
