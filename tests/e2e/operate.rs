//! What an operator does: back up and restore across engines, look after schema and index.

use std::time::Duration;

use e2e::{Program, books, patience};
use serde_json::Value;

use crate::EXE;

fn demo_city() -> Program {
    let program = Program::on_sqlite(EXE);
    program.ok(&["demo", "--no-serve", "--port", "0"]);
    program
}

/// The counts of a full match without the position of a change feed, what has changed since the last look and the time it took.
fn matched(program: &Program) -> Value {
    let mut report = program.json(&["match", "--all"]);
    for key in ["as_of_revision", "changed", "stages"] {
        report.as_object_mut().unwrap().remove(key);
    }
    report
}

fn assert_nothing_left_to_tell(program: &Program, before: usize) {
    let report = program.json(&["push", "run"]);
    assert_eq!(report["delivery"]["sent"], serde_json::json!({}), "{:#}", report["delivery"]);
    assert_eq!(books::pushes(program).len(), before, "the ledger came with the backup");
}

#[test]
fn a_backup_restored_into_another_directory_and_another_engine_is_the_same_city() {
    let city = demo_city();
    let (matches, pushes) = (matched(&city), books::pushes(&city).len());
    let file = city.dir().join("备份.hqt");
    let file = file.to_str().unwrap();
    city.ok(&["backup", file]);
    let copies = [Some(Program::on_sqlite(EXE)), Program::on_postgres(EXE)];
    for copy in copies.into_iter().flatten() {
        copy.ok(&["restore", file]);
        assert_eq!(matched(&copy), matches);
        assert_nothing_left_to_tell(&copy, pushes);
        assert!(copy.ok(&["search", "研发"]).stdout.contains("共 "), "the index is there");
        copy.ok(&["audit", "verify"]);
        let again = copy.run(&["restore", file]);
        assert_ne!(again.code, Some(0), "a database with content is no target");
        assert!(e2e::letter::is_readable_chinese(&again.stderr), "{}", again.stderr);
        assert_eq!(matched(&copy), matches, "the refusal changed nothing");
    }
}

#[test]
fn a_broken_backup_is_refused() {
    let city = demo_city();
    let whole = city.dir().join("备份.hqt");
    city.ok(&["backup", whole.to_str().unwrap()]);
    let bytes = std::fs::read(&whole).unwrap();
    let target = Program::on_sqlite(EXE);
    let half = target.dir().join("半.hqt");
    std::fs::write(&half, &bytes[..bytes.len() / 2]).unwrap();
    let outcome = target.run(&["restore", half.to_str().unwrap()]);
    assert_ne!(outcome.code, Some(0), "{}", outcome.stdout);
    assert!(e2e::letter::is_readable_chinese(&outcome.stderr), "{}", outcome.stderr);
    assert!(books::enterprises(&target).is_empty(), "half a backup came in");
}

#[test]
fn schema_checks_say_what_is_missing_and_the_doctor_says_that_all_is_well() {
    let program = Program::on_sqlite(EXE);
    for arguments in [&["migrate", "--check"][..], &["match", "--all"], &["doctor"]] {
        let outcome = program.run(arguments);
        assert_eq!(outcome.code, Some(1), "{arguments:?}: {}", outcome.stderr);
        assert!(
            format!("{}{}", outcome.stdout, outcome.stderr).contains("hanqitong migrate"),
            "{arguments:?}: {}",
            outcome.stderr
        );
    }
    program.ok(&["migrate"]);
    program.ok(&["migrate", "--check"]);
    program.ok(&["seed"]);
    let health = program.json(&["doctor"]);
    let findings = health["findings"].as_array().unwrap();
    assert!(findings.len() >= 6 && findings.iter().all(|one| one["well"] == true), "{health:#}");
}

#[test]
fn a_database_of_a_newer_program_is_left_alone() {
    let program = Program::on_sqlite(EXE);
    program.ok(&["migrate"]);
    books::pretend_newer(&program);
    for arguments in [&["migrate"][..], &["migrate", "--check"], &["push", "run"]] {
        let outcome = program.run(arguments);
        assert_eq!(outcome.code, Some(1), "{arguments:?}");
        assert!(outcome.stderr.contains("更新版本"), "{arguments:?}: {}", outcome.stderr);
    }
}

#[test]
fn a_deleted_index_is_made_anew_and_answers_never_stop() {
    let program = Program::on_sqlite(EXE).with("SERVER__BIND", "127.0.0.1:0");
    program.ok(&["migrate"]);
    program.ok(&["seed"]);
    let serving = program.serve(&["serve"]);
    let total = || matching(&serving.get("/api/v1/policies?q=研发").json());
    let before =
        patience::until("the index to be there", Duration::from_secs(30), || Some(total()).filter(|total| *total > 0));
    std::fs::remove_dir_all(program.data().join("index")).unwrap();
    assert!(total() > 0, "the open index still answers");
    drop(serving);
    let serving = program.serve(&["serve"]);
    patience::until("the index to be made anew", Duration::from_secs(30), || {
        (matching(&serving.get("/api/v1/policies?q=研发").json()) == before).then_some(())
    });
    drop(serving);
    std::fs::remove_dir_all(program.data().join("index")).unwrap();
    let found = program.json(&["search", "研发"]);
    assert_eq!(matching(&found), before, "a command makes it anew as well");
    program.ok(&["index", "rebuild"]);
}

/// Every policy that matches. Which of them are shown folded under a more local one depends on how well each answers
/// the words, and that on how the index has grown.
fn matching(answer: &serde_json::Value) -> u64 {
    answer["total"].as_u64().unwrap() + answer["folded"].as_u64().unwrap()
}
