//! The life of the index on disk: followed, rebuilt, damaged, healed.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use domain::Level;
use search::{Dictionary, Document, Error, Index, Opened};
use tempfile::TempDir;

use crate::library::{ask, codes, policy, sample};

fn open(directory: &Path) -> Opened {
    Index::open(directory, Dictionary::builtin()).unwrap()
}

/// A filled index at position 7, closed again.
fn filled() -> TempDir {
    let directory = TempDir::new().unwrap();
    let opened = open(directory.path());
    assert!(opened.rebuild_needed && opened.trouble.is_none());
    opened.index.replace_all(&sample(), 7).unwrap();
    directory
}

fn files(directory: &Path) -> Vec<PathBuf> {
    let generation = fs::read_to_string(directory.join("current")).unwrap();
    let entries = fs::read_dir(directory.join(generation)).unwrap();
    entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).collect()
}

/// The generation's files that hold data (not locks).
fn data_files(directory: &Path) -> Vec<PathBuf> {
    let is_data = |path: &PathBuf| fs::metadata(path).unwrap().len() > 0;
    files(directory).into_iter().filter(is_data).collect()
}

#[test]
fn a_closed_index_opens_where_it_was() {
    let directory = filled();
    let opened = open(directory.path());
    assert!(!opened.rebuild_needed && opened.trouble.is_none());
    assert_eq!((opened.index.position(), opened.index.len()), (Some(7), sample().len() as u64));
    assert_eq!(codes(&ask(&opened.index, "高企奖励"))[0], "gq");
}

#[test]
fn a_change_is_found_as_soon_as_apply_returns_and_carries_its_position() {
    let directory = filled();
    let Opened { index, .. } = open(directory.path());
    let published = policy("new", "集成电路流片补贴", Level::City);
    index.apply(&[published], &["gq".to_owned()], 9).unwrap();
    let results = ask(&index, "集成电路流片补贴");
    assert_eq!((codes(&results)[0], results.position), ("new", Some(9)));
    assert!(!codes(&ask(&index, "高新技术企业认定奖励办法")).contains(&"gq"));
    drop(index);
    assert_eq!(open(directory.path()).index.position(), Some(9));
}

#[test]
fn a_policy_written_twice_is_there_once_with_its_newest_words() {
    let index = crate::library::index(&sample());
    index
        .apply(&[policy("gq", "高企新办法甲", Level::City), policy("gq", "高企新办法乙", Level::City)], &[], 2)
        .unwrap();
    assert_eq!(index.len(), sample().len() as u64);
    assert_eq!(ask(&index, "高企新办法").hits[0].title, "高企新办法乙");
}

#[test]
fn every_single_damaged_file_is_noticed_and_healed() {
    for truncate in [true, false] {
        let count = data_files(filled().path()).len();
        for position in 0..count {
            let directory = filled();
            let mut victims = data_files(directory.path());
            victims.sort();
            let victim = &victims[position.min(victims.len() - 1)];
            let length = fs::metadata(victim).unwrap().len();
            if truncate {
                fs::File::options().write(true).open(victim).unwrap().set_len(length / 2).unwrap();
            } else {
                fs::write(victim, vec![0; usize::try_from(length).unwrap()]).unwrap();
            }
            assert!(open(directory.path()).rebuild_needed, "{} goes unnoticed", victim.display());
            heals(directory.path(), &victim.display().to_string());
        }
    }
}

/// Whatever was done, the index opens, and after a rebuild (if it asks for one) it answers.
fn heals(directory: &Path, what: &str) {
    let Opened { index, rebuild_needed, .. } = open(directory);
    if rebuild_needed {
        assert!(index.is_empty(), "{what}");
        index.replace_all(&sample(), 8).unwrap();
    }
    assert!(index.is_on_disk(), "{what}");
    assert_eq!(codes(&ask(&index, "高企奖励"))[0], "gq", "{what}");
    drop(index);
    assert!(!open(directory).rebuild_needed, "{what}: stays healed");
}

#[test]
fn a_lost_directory_a_lost_name_and_foreign_files_are_healed() {
    let gone = filled();
    fs::remove_dir_all(gone.path()).unwrap();
    heals(gone.path(), "deleted");
    let nameless = filled();
    fs::remove_file(nameless.path().join("current")).unwrap();
    heals(nameless.path(), "without a name");
    let misled = filled();
    fs::write(misled.path().join("current"), "../../etc").unwrap();
    heals(misled.path(), "a name that leads out");
    let foreign = filled();
    fs::write(foreign.path().join("current"), "generation-000099").unwrap();
    heals(foreign.path(), "a name of nothing");
}

#[test]
fn an_index_of_another_dictionary_is_rebuilt() {
    let directory = filled();
    let other = Dictionary::parse("高企", "", "").unwrap();
    let Opened { rebuild_needed, trouble, .. } = Index::open(directory.path(), &other).unwrap();
    assert!(rebuild_needed);
    assert!(matches!(trouble, Some(Error::Outdated)), "{trouble:?}");
}

#[test]
fn damage_under_a_running_index_never_ends_the_process() {
    let directory = filled();
    let Opened { index, .. } = open(directory.path());
    for file in files(directory.path()) {
        fs::File::options().write(true).open(&file).unwrap().set_len(0).unwrap();
    }
    // Words and counts come from memory; only the stored documents can fail, as an error.
    if let Err(error) = index.search(&search::Query::new("奖励", crate::library::today())) {
        assert!(!error.to_string().is_empty());
    }
    index.replace_all(&sample(), 8).unwrap();
    assert_eq!(codes(&ask(&index, "高企奖励"))[0], "gq");
}

#[test]
fn an_index_deleted_under_a_running_process_is_rebuilt_by_it() {
    let directory = filled();
    let Opened { index, .. } = open(directory.path());
    fs::remove_dir_all(directory.path()).unwrap();
    assert!(!ask(&index, "奖励").hits.is_empty(), "open files go on answering");
    let failed = index.apply(&[policy("new", "新政策", Level::City)], &[], 8);
    assert!(failed.is_err(), "a write says that it failed");
    fs::create_dir_all(directory.path()).unwrap();
    index.replace_all(&sample(), 8).unwrap();
    assert!(!ask(&index, "奖励").hits.is_empty());
    drop(index);
    assert!(!open(directory.path()).rebuild_needed);
}

#[test]
fn a_directory_that_cannot_be_used_gives_an_index_in_memory_and_the_reason() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("file");
    fs::write(&file, "not a directory").unwrap();
    let Opened { index, rebuild_needed, trouble } = open(&file.join("index"));
    assert!(rebuild_needed && !index.is_on_disk());
    assert!(matches!(trouble, Some(Error::Directory { .. })), "{trouble:?}");
    index.replace_all(&sample(), 1).unwrap();
    assert_eq!(codes(&ask(&index, "高企奖励"))[0], "gq");
}

#[test]
fn a_second_writer_is_refused_and_a_second_reader_is_not() {
    let directory = filled();
    let first = open(directory.path()).index;
    let second = open(directory.path()).index;
    first.apply(&[], &[], 8).unwrap();
    let refused = second.apply(&[], &[], 9);
    assert!(matches!(refused, Err(Error::Busy { .. })), "{refused:?}");
    assert!(!ask(&second, "奖励").hits.is_empty());
    assert_eq!(first.position(), Some(8));
}

#[test]
fn a_rebuild_leaves_one_generation_behind() {
    let directory = filled();
    let index = open(directory.path()).index;
    for seq in 8..11 {
        index.replace_all(&sample(), seq).unwrap();
    }
    let is_generation = |name: &str| name.starts_with("generation-");
    let entries = fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().file_name());
    assert_eq!(entries.filter(|name| is_generation(name.to_str().unwrap())).count(), 1);
}

#[test]
fn two_threads_read_one_consistent_state_while_a_third_writes() {
    let directory = TempDir::new().unwrap();
    let index = open(directory.path()).index;
    let batch = |seq: i64| -> Vec<Document> {
        (0..20).map(|number| policy(&format!("p{number}"), &format!("技术改造奖励第{seq}版"), Level::City)).collect()
    };
    index.replace_all(&batch(0), 0).unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let reader = || {
            let mut answers = 0;
            while !done.load(Ordering::Relaxed) || answers == 0 {
                let results = ask(&index, "技术改造");
                let mut titles: Vec<&str> = results.hits.iter().map(|hit| hit.title.as_str()).collect();
                titles.dedup();
                assert_eq!((results.total, titles.len()), (20, 1), "{titles:?}");
                answers += 1;
            }
            answers
        };
        let readers = [scope.spawn(reader), scope.spawn(reader)];
        for seq in 1..=12 {
            if seq % 4 == 0 {
                index.replace_all(&batch(seq), seq).unwrap();
            } else {
                index.apply(&batch(seq), &[], seq).unwrap();
            }
        }
        done.store(true, Ordering::Relaxed);
        assert!(readers.into_iter().map(|reader| reader.join().unwrap()).sum::<usize>() >= 2);
    });
    assert_eq!(index.position(), Some(12));
}

#[cfg(unix)]
#[test]
fn a_read_only_index_answers_and_says_that_it_cannot_be_written() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = filled();
    let generation = fs::read_to_string(directory.path().join("current")).unwrap();
    let folders = [directory.path().join(generation), directory.path().to_owned()];
    let allow = |mode| {
        for folder in &folders {
            fs::set_permissions(folder, fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    fs::remove_file(directory.path().join("lock")).unwrap();
    allow(0o555);
    let binds = fs::write(directory.path().join("probe"), "").is_err();
    if binds {
        let Opened { index, rebuild_needed, trouble } = open(directory.path());
        assert!(!rebuild_needed && trouble.is_none(), "{trouble:?}");
        assert_eq!(codes(&ask(&index, "高企奖励"))[0], "gq");
        let refused = index.apply(&[policy("new", "新政策", Level::City)], &[], 8);
        assert!(matches!(refused, Err(Error::Directory { .. })), "{refused:?}");
        assert!(index.replace_all(&sample(), 8).is_err());
        assert_eq!((index.position(), codes(&ask(&index, "高企奖励"))[0]), (Some(7), "gq"));
    }
    allow(0o755);
}
