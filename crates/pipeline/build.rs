//! Compiles the seeds into the library: writes the list of files below `seeds/` with their texts.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or("no CARGO_MANIFEST_DIR")?).join("../../seeds");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut files = vec![root.join("bureaus.toml")];
    for entry in fs::read_dir(root.join("policies"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            files.push(path);
        }
    }
    files.sort();
    let mut list = String::from("static SEED_TEXTS: &[(&str, &str)] = &[\n");
    for file in &files {
        let name = below(&root, file)?;
        writeln!(list, "    ({name:?}, include_str!({:?})),", file.canonicalize()?.display().to_string())?;
    }
    list.push_str("];\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("no OUT_DIR")?).join("seed_texts.rs");
    fs::write(out, list)?;
    Ok(())
}

/// The path below `seeds/` with forward slashes on every system.
fn below(root: &Path, file: &Path) -> Result<String, Box<dyn Error>> {
    let parts: Vec<_> = file.strip_prefix(root)?.iter().map(|part| part.to_string_lossy()).collect();
    Ok(parts.join("/"))
}
