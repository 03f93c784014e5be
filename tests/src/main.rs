//! `hanqitong` under another name, so that the tests run a fresh build of it.

fn main() -> std::process::ExitCode {
    server::main()
}
