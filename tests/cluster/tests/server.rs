//! The throw-away server lives and dies as it says.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::Duration;

use cluster::{Durability, Server};

/// Set for the child of `a_server_does_not_outlive_a_killed_process`, which is this test run again.
const VICTIM: &str = "HANQITONG_CLUSTER_VICTIM";

fn address(url: &str) -> String {
    url.split('@').nth(1).and_then(|rest| rest.split('/').next()).unwrap_or_default().to_owned()
}

#[test]
fn every_database_is_empty_and_its_own() {
    let Some(first) = cluster::database() else { return };
    let Some(second) = cluster::database() else { return };
    assert_ne!(first.url(), second.url());
    assert!(TcpStream::connect(address(first.url())).is_ok());
}

#[test]
fn a_server_can_crash_and_come_back_on_the_same_address() {
    if cluster::Binaries::find().is_err() {
        return eprintln!("skipped: no PostgreSQL");
    }
    let server = Server::start(Durability::Fsync).unwrap();
    server.crash().unwrap();
    assert!(TcpStream::connect(address(&server.url())).is_err());
    server.resume().unwrap();
    assert!(TcpStream::connect(address(&server.url())).is_ok());
}

/// Not a test of its own: the process that is killed below.
#[test]
fn victim() {
    if std::env::var_os(VICTIM).is_none() {
        return;
    }
    let server = Server::start(Durability::Fast).unwrap();
    println!("\nvictim at {}", address(&server.url()));
    std::io::stdout().flush().unwrap();
    loop {
        std::thread::park();
    }
}

#[test]
fn a_server_does_not_outlive_a_killed_process() {
    if cluster::Binaries::find().is_err() {
        return eprintln!("skipped: no PostgreSQL");
    }
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["victim", "--exact", "--nocapture"])
        .env(VICTIM, "1")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let address = lines.find_map(|line| line.strip_prefix("victim at ").map(str::to_owned)).unwrap();
    let mut connection = TcpStream::connect(&address).unwrap();
    connection.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    // The server says nothing to a silent client before its 60 s are over, so an end now is its own end.
    assert_eq!(connection.read(&mut [0]).unwrap(), 0);
}
