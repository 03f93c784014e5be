//! Reads every enterprise of a database as a cold start does, and says how fast.
//!
//!     cargo run --release -p storage --example cold -- sqlite:///path/hanqitong.db

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line program")]

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use domain::Scope;
use storage::{Error, Store};

#[tokio::main]
async fn main() -> ExitCode {
    let Some(url) = std::env::args().nth(1) else {
        eprintln!("cold URL");
        return ExitCode::from(2);
    };
    match read(&url).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn read(url: &str) -> Result<(), Error> {
    let store = Store::connect(url, 4, Arc::new(rules::Reference::builtin().clone())).await?;
    let start = Instant::now();
    let mut stream = store.stream_enterprises(&Scope::System, None).await?;
    let (mut firms, mut statements) = (0_usize, 0_usize);
    while let Some(page) = stream.next().await {
        let page = page?;
        firms += page.len();
        statements += page.iter().flat_map(|firm| firm.profile.facts.values()).map(Vec::len).sum::<usize>();
    }
    let seconds = start.elapsed().as_secs_f64();
    println!("{firms} enterprises with {statements} statements as of change {} in {seconds:.1} s", stream.seq);
    store.close().await
}
