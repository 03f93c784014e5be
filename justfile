# The same commands as .ci/run, one by one.

# What the README calls the main job: an empty directory becomes a served demo.
demo *args:
    cargo run -- demo {{args}}

test:
    cargo test --workspace

check:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps
    cargo deny check licenses bans sources

# Other rule engines on the same rules; nothing of them is in the product's lockfile.
peers *args:
    cargo run --release --locked --manifest-path crates/bench/peers/Cargo.toml --target-dir target/peers -- {{args}}
