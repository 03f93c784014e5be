//! Stops a server and deletes its data when this process is gone, even by SIGKILL.

use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::account::Account;
use crate::binaries::Binaries;

/// A shell that waits for the end of a pipe whose only writer is this process. It lives in its own process
/// group, so an interrupt from the terminal reaches it only as that end of file.
#[derive(Debug)]
pub(crate) struct Watchdog {
    child: Child,
}

/// `read` returns when the pipe closes; the shell is given paths as arguments, never inside its program.
const PROGRAM: &str = r#"
read -r _
"$1" -D "$2/data" -w -m immediate stop
rm -rf "$2"
"#;

impl Watchdog {
    pub(crate) fn start(binaries: &Binaries, root: &Path, account: Option<Account>) -> io::Result<Self> {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", PROGRAM, "hanqitong-pg-watchdog"]).arg(binaries.program("pg_ctl")).arg(root);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        command.current_dir("/").process_group(0);
        if let Some(account) = account {
            account.run_as(&mut command);
        }
        Ok(Self { child: command.spawn()? })
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        if let Err(error) = self.child.wait() {
            eprintln!("waiting for the PostgreSQL watchdog: {error}");
        }
    }
}
