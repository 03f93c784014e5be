//! CONTRIBUTING.md walks a bureau from a notice to a published rule; every file, command and output there is real.

use e2e::Program;

use crate::EXE;

const PAGE: &str = include_str!("../../CONTRIBUTING.md");
const PROMPT: &str = "$ hanqitong ";
/// By itself stands for lines left out, at the end of a line for the rest of it.
const LEFT_OUT: &str = "…";

/// The fenced blocks with what is written behind the fence.
fn blocks() -> Vec<(&'static str, Vec<&'static str>)> {
    let mut blocks = Vec::new();
    let mut lines = PAGE.lines();
    while let Some(line) = lines.next() {
        if let Some(info) = line.strip_prefix("```") {
            blocks.push((info, lines.by_ref().take_while(|line| *line != "```").collect()));
        }
    }
    blocks
}

/// Commands with what they are shown to say.
fn commands(block: Vec<&str>) -> Vec<(&str, Vec<&str>)> {
    let mut commands: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in block {
        match (line.strip_prefix(PROMPT), commands.last_mut()) {
            (Some(command), _) => commands.push((command, Vec::new())),
            (None, Some((_, said))) => said.push(line),
            (None, None) => panic!("a console block begins with `{PROMPT}`, not `{line}`"),
        }
    }
    commands
}

/// Whether the lines are those shown, with any number of them where some are left out.
fn fits(shown: &[&str], said: &[&str]) -> bool {
    match shown.split_first() {
        None => said.is_empty(),
        Some((&LEFT_OUT, rest)) => (0..=said.len()).any(|skipped| fits(rest, &said[skipped..])),
        Some((first, rest)) => said.split_first().is_some_and(|(line, more)| {
            let same = first.strip_suffix(LEFT_OUT).map_or(line == first, |begun| line.starts_with(begun));
            same && fits(rest, more)
        }),
    }
}

#[test]
fn every_command_of_the_walk_says_what_the_page_shows() {
    let program = Program::on_sqlite(EXE);
    program.ok(&["migrate"]);
    let (mut files, mut ran) = (0, 0);
    for (info, block) in blocks() {
        if info != "console" {
            let (_, name) = info.split_once(' ').unwrap_or_else(|| panic!("the block `{info}` names no file"));
            std::fs::write(program.dir().join(name), block.join("\n") + "\n").unwrap();
            files += 1;
            continue;
        }
        for (command, shown) in commands(block) {
            let outcome = program.run(&command.split(' ').collect::<Vec<_>>());
            let said = format!("{}{}", outcome.stdout, outcome.stderr);
            let lines: Vec<&str> = said.lines().map(str::trim_end).collect();
            assert!(fits(&shown, &lines), "`{command}` says\n{said}\nand the page shows\n{}", shown.join("\n"));
            ran += 1;
        }
    }
    assert!(files >= 4 && ran >= 8, "{files} files, {ran} commands");
}

#[test]
fn a_line_that_differs_or_is_missing_is_noticed() {
    assert!(fits(&["a", "…", "d"], &["a", "b", "c", "d"]) && fits(&["…"], &[]) && fits(&[], &[]));
    assert!(fits(&["ab…"], &["abc"]) && !fits(&["ab…"], &["acb"]));
    assert!(!fits(&["a", "…", "d"], &["a", "b"]) && !fits(&["a"], &["a", "b"]) && !fits(&[], &["a"]));
}
