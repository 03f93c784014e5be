//! The container files: never started by these tests, but everything they say to our program, it understands.

use std::path::{Path, PathBuf};

use e2e::Program;
use serde_json::Value;

use crate::EXE;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn read(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap()
}

fn compose() -> Value {
    serde_saphyr::from_str(&read("docker-compose.yml")).unwrap()
}

/// `HANQITONG__SERVER__BIND` → whether `config/default.toml` has `server.bind`.
fn is_setting(variable: &str) -> bool {
    let settings: toml::Table = read("config/default.toml").parse().unwrap();
    let mut path = variable.trim_start_matches("HANQITONG__").split("__").map(str::to_lowercase);
    let section = path.next().and_then(|section| settings.get(&section)?.as_table());
    let key = path.next();
    path.next().is_none() && section.zip(key).is_some_and(|(section, key)| section.contains_key(&key))
}

/// Words before `--help` are parsed as if it were not there.
fn assert_understood(words: &[String]) {
    let arguments: Vec<&str> = words.iter().map(String::as_str).chain(["--help"]).collect();
    let outcome = Program::on_sqlite(EXE).run(&arguments);
    assert_eq!(outcome.code, Some(0), "the program does not understand {words:?}: {}", outcome.stderr);
}

fn words(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned()).collect()
}

/// The JSON array after an instruction of the Dockerfile.
fn instruction(name: &str) -> Vec<String> {
    let file = read("Dockerfile");
    let line = file.lines().rev().find_map(|line| line.strip_prefix(name)).unwrap();
    words(&serde_json::from_str(line).unwrap())
}

#[test]
fn every_variable_of_the_compose_file_is_a_setting() {
    let environment = compose()["services"]["app"]["environment"].clone();
    let variables: Vec<String> = environment.as_object().unwrap().keys().cloned().collect();
    assert!(variables.iter().any(|name| name == "HANQITONG__DATABASE__URL"), "{variables:?}");
    for name in variables.iter().filter(|name| name.starts_with("HANQITONG")) {
        assert!(is_setting(name), "{name} is no key of config/default.toml");
    }
}

#[test]
fn every_variable_of_the_dockerfile_is_a_setting() {
    let file = read("Dockerfile");
    let names: Vec<&str> = file
        .lines()
        .filter_map(|line| line.strip_prefix("ENV "))
        .flat_map(str::split_whitespace)
        .filter_map(|pair| pair.split('=').next())
        .collect();
    assert!(!names.is_empty());
    for name in names {
        assert!(is_setting(name), "{name} is no key of config/default.toml");
    }
}

#[test]
fn the_program_understands_the_commands_of_both_files() {
    assert_eq!(instruction("ENTRYPOINT "), ["hanqitong"]);
    assert_understood(&instruction("CMD "));
    assert_understood(&words(&compose()["services"]["app"]["command"]));
}

#[test]
fn the_compose_file_starts_the_program_a_database_and_a_mail_catcher_that_fit_together() {
    let compose = compose();
    let services = compose["services"].as_object().unwrap();
    assert_eq!(services.keys().map(String::as_str).collect::<Vec<_>>(), ["app", "mail", "postgres"]);
    let app = &services["app"]["environment"];
    assert!(services.contains_key(app["HANQITONG__MAIL__HOST"].as_str().unwrap()));
    let url = app["HANQITONG__DATABASE__URL"].as_str().unwrap();
    let database = &services["postgres"]["environment"];
    let [user, password, name] =
        ["POSTGRES_USER", "POSTGRES_PASSWORD", "POSTGRES_DB"].map(|key| database[key].as_str().unwrap());
    assert_eq!(url, format!("postgres://{user}:{password}@postgres:5432/{name}"));
}

#[test]
fn the_manual_says_when_the_containers_were_last_really_started() {
    let manual = read("README.zh-CN.md");
    let said = manual.lines().any(|line| line.contains("真正启动"));
    assert!(said && manual.contains("docker-compose.yml"), "README.zh-CN.md does not say it");
}
