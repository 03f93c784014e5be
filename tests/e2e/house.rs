//! The rules of the house that a compiler does not check.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand};

/// Who may depend on whom, of our own crates. ARCHITECTURE.md prints this table; change both.
const ARROWS: &[(&str, &[&str])] = &[
    ("rules", &[]),
    ("population", &["rules"]),
    ("extract", &["rules"]),
    ("domain", &["rules"]),
    ("letters", &["domain"]),
    ("intake", &[]),
    ("storage", &["domain", "rules"]),
    ("census", &["storage", "population", "domain", "rules"]),
    ("search", &["domain"]),
    ("outbound", &["domain"]),
    ("delivery", &["outbound", "domain"]),
    ("pipeline", &["storage", "census", "search", "delivery", "letters", "intake", "domain", "rules"]),
    ("web", &["storage", "census", "search", "domain", "rules"]),
    (
        "server",
        &[
            "web",
            "pipeline",
            "delivery",
            "outbound",
            "search",
            "storage",
            "census",
            "letters",
            "intake",
            "migrations",
            "domain",
            "extract",
            "rules",
        ],
    ),
    ("migrations", &[]),
    ("bench", &["domain", "population", "rules"]),
];

/// Each of these libraries is named by these crates and by no other.
const OWNERS: &[(&str, &[&str])] = &[
    ("sea-orm", &["storage"]),
    ("sea-orm-migration", &["migrations"]),
    ("tantivy", &["search"]),
    ("jieba-rs", &["search"]),
    ("pinyin", &["search"]),
    ("lettre", &["delivery"]),
    ("reqwest", &["outbound"]),
    ("actix-web", &["web"]),
    ("minijinja", &["letters", "web"]),
    ("calamine", &["intake"]),
    ("zip", &["intake"]),
    ("quick-xml", &["intake"]),
    ("croner", &["pipeline"]),
    ("roaring", &["census"]),
    ("clap", &["server"]),
    ("figment", &["server"]),
];

/// Pure crates may name none of these: no clock, disk, network or runtime.
const PURE: &[&str] = &["rules", "extract", "population", "domain", "letters"];
/// Threads without a clock, a disk or a runtime: a city is matched on every core.
const THREADED: &[&str] = &["population"];
const IMPURE_LIBRARIES: &[&str] = &["tokio", "reqwest", "sea-orm", "actix-web", "futures-util", "tempfile"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn metadata() -> Metadata {
    MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .no_deps()
        .other_options(vec!["--offline".into()])
        .exec()
        .unwrap()
}

/// Normal dependencies of every member, by crate name.
fn normal_dependencies() -> BTreeMap<String, BTreeSet<String>> {
    metadata()
        .packages
        .into_iter()
        .map(|package| {
            let normal = package.dependencies.iter().filter(|one| one.kind == DependencyKind::Normal);
            (package.name.to_string(), normal.map(|one| one.name.clone()).collect())
        })
        .collect()
}

#[test]
fn every_arrow_between_our_crates_is_in_the_table_and_none_is_missing() {
    let actual = normal_dependencies();
    let ours: BTreeSet<&str> = ARROWS.iter().map(|(name, _)| *name).collect();
    for (name, allowed) in ARROWS {
        let found: BTreeSet<&str> =
            actual[*name].iter().map(String::as_str).filter(|dependency| ours.contains(dependency)).collect();
        assert_eq!(found, allowed.iter().copied().collect(), "dependencies of `{name}`");
    }
    let product = |name: &&String| !["e2e", "cluster", "doubles"].contains(&name.as_str());
    let members: BTreeSet<&str> = actual.keys().filter(product).map(String::as_str).collect();
    assert_eq!(members, ours, "a new crate needs a row in the table");
}

#[test]
fn architecture_prints_the_table_of_arrows() {
    let text = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    for (name, allowed) in ARROWS {
        let row = format!("| `{name}` | {} |", if allowed.is_empty() { "–".to_owned() } else { allowed.join(", ") });
        assert!(text.contains(&row), "ARCHITECTURE.md lacks the row\n{row}");
    }
    assert!(text.lines().count() <= 200, "ARCHITECTURE.md has grown past 200 lines");
}

#[test]
fn each_foreign_library_is_named_by_its_own_crate_only() {
    let actual = normal_dependencies();
    for (library, owners) in OWNERS {
        let namers: BTreeSet<&str> = actual
            .iter()
            .filter(|(name, dependencies)| {
                dependencies.contains(*library) && !["e2e", "cluster", "doubles"].contains(&name.as_str())
            })
            .map(|(name, _)| name.as_str())
            .collect();
        assert_eq!(namers, owners.iter().copied().collect(), "who names `{library}`");
    }
}

#[test]
fn the_pure_crates_name_no_runtime_disk_or_network_library() {
    let actual = normal_dependencies();
    for name in PURE {
        for library in IMPURE_LIBRARIES {
            assert!(!actual[*name].contains(*library), "`{name}` names `{library}`");
        }
    }
}

fn sources() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut open = vec![root().join("crates"), root().join("migrations"), root().join("tests")];
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push((path.clone(), std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found
}

#[test]
fn every_module_says_what_it_is_for() {
    let silent: Vec<_> = sources()
        .into_iter()
        .filter(|(path, text)| {
            !text.starts_with("//!")
                && !path.ends_with("tests.rs")
                && !path.components().any(|part| part.as_os_str() == "tests" && !path.starts_with(root().join("tests")))
        })
        .map(|(path, _)| path)
        .collect();
    assert!(silent.is_empty(), "modules without a `//!` line: {silent:#?}");
}

#[test]
fn the_pure_crates_touch_no_clock_disk_or_network() {
    for (path, text) in sources() {
        let pure = PURE.iter().any(|name| path.starts_with(root().join("crates").join(name).join("src")));
        let threaded = THREADED.iter().any(|name| path.starts_with(root().join("crates").join(name).join("src")));
        assert!(!pure || threaded || !text.contains("std::thread"), "{} names std::thread", path.display());
        for forbidden in [
            "std::fs",
            "std::net::Tcp",
            "std::net::Udp",
            "ToSocketAddrs",
            "std::env",
            "SystemTime",
            "std::time::Instant",
        ] {
            assert!(!pure || !text.contains(forbidden), "{} names {forbidden}", path.display());
        }
    }
}

#[test]
fn only_the_kernels_are_unsafe() {
    let kernels = root().join("crates/population/src/kernel");
    // Lints and comments may name it; code has a space or a brace after it.
    let loose = |line: &str| !line.trim_start().starts_with("//") && line.contains(concat!("uns", "afe "));
    for (path, text) in sources() {
        let found = text.lines().find(|line| loose(line));
        assert!(path.starts_with(&kernels) || found.is_none(), "{}: {}", path.display(), found.unwrap_or_default());
    }
}

#[test]
fn only_the_pipeline_and_the_binary_speak_for_the_system() {
    for (path, text) in sources() {
        let web =
            path.starts_with(root().join("crates/web/src")) && !path.starts_with(root().join("crates/web/src/tests"));
        assert!(!web || !text.contains("Scope::System"), "{} names Scope::System", path.display());
    }
}
