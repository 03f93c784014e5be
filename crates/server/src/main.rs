//! The `hanqitong` binary; everything is in the library so that tests can run the same program.

fn main() -> std::process::ExitCode {
    server::main()
}
