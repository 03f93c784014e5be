//! The unprivileged user that owns the server when the tests run as root.

use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

/// A user and group id; `None` in [`for_server`] means the tests' own user will do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Account {
    uid: u32,
    gid: u32,
}

impl Account {
    /// The account the server must run as, given a file or directory just made by this process.
    pub(crate) fn for_server(own_file: &Path) -> io::Result<Option<Self>> {
        if fs::metadata(own_file)?.uid() != 0 {
            return Ok(None);
        }
        let passwd = fs::read_to_string("/etc/passwd")?;
        let found = ["postgres", "nobody"].iter().find_map(|name| Self::named(&passwd, name));
        found.map(Some).ok_or_else(|| io::Error::other("running as root and neither `postgres` nor `nobody` exists"))
    }

    fn named(passwd: &str, name: &str) -> Option<Self> {
        let line = passwd.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2);
        Some(Self { uid: fields.next()?.parse().ok()?, gid: fields.next()?.parse().ok()? })
    }

    pub(crate) fn give(self, path: &Path) -> io::Result<()> {
        chown(path, Some(self.uid), Some(self.gid))
    }

    pub(crate) fn run_as(self, command: &mut Command) {
        command.uid(self.uid).gid(self.gid);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_found_by_its_whole_name() {
        let passwd = "root:x:0:0::/root:/bin/sh\npostgresql:x:7:7::/:\npostgres:x:111:113::/var/lib:/bin/bash\n";
        assert_eq!(Account::named(passwd, "postgres"), Some(Account { uid: 111, gid: 113 }));
        assert_eq!(Account::named(passwd, "nobody"), None);
    }
}
