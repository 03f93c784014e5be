//! `[[items.relations]]`, and whether together they lead anywhere: no unknown item, no circle of prerequisites.

use std::collections::{BTreeMap, BTreeSet};

use domain::relations::{Prerequisites, circle_words, circles};
use domain::{Relation, RelationKind};
use rules::{Reference, nearest};

use super::Names;
use super::reading::{Fields, Page};
use crate::ingest::words;

/// A relation as it stands in a file, judged when all files are read.
pub(super) struct Stated<'p, 't> {
    page: &'p Page<'t>,
    line: usize,
    own: String,
    kind: RelationKind,
    items: Vec<String>,
}

/// The relations of the item `own`, each sound in itself.
pub(super) fn relations<'p, 't>(
    fields: &Fields<'p, 't>,
    own: &str,
    reference: &Reference,
    names: &mut Names<'p, 't>,
) -> Vec<Relation> {
    let mut read = |fields: &Fields<'p, 't>| {
        let kind = fields.needed_choice("kind", words::RELATIONS);
        let (items, cap, wording) = (fields.texts("items"), fields.text("cap"), fields.text("wording"));
        fields.finish();
        let relation = Relation { kind: kind?, items, cap, wording };
        for problem in relation.problems(own, reference) {
            fields.wrong(problem.place.as_deref().unwrap_or("kind"), &problem.message, problem.remedy);
        }
        names.relations.push(Stated {
            page: fields.page(),
            line: fields.line("items"),
            own: own.to_owned(),
            kind: relation.kind,
            items: relation.items.clone(),
        });
        Some(relation)
    };
    fields.tables("relations").iter().filter_map(&mut read).collect()
}

/// Notes every relation with an item that is neither in the files nor in the library, and every circle.
pub(super) fn settle(stated: &[Stated<'_, '_>], items: &BTreeMap<String, &str>, library: &Prerequisites) {
    let known: BTreeSet<&str> = items.keys().chain(library.keys()).map(String::as_str).collect();
    // What the files say of an item replaces what the library holds of it.
    let kept = library.iter().filter(|(code, _)| !items.contains_key(*code));
    let mut first: Prerequisites = kept.map(|(code, before)| (code.clone(), before.clone())).collect();
    for relation in stated {
        for code in relation.items.iter().filter(|code| !known.contains(code.as_str())) {
            let meant = nearest(code, known.iter().copied());
            let remedy = meant.map_or_else(|| "先录入那个事项".to_owned(), |meant| format!("是否想写 {meant}?"));
            let message = format!("{} 的关系里,没有事项 {code}", relation.own);
            relation.page.note_line(relation.line, message, Some(remedy));
        }
        if relation.kind == RelationKind::Prerequisite {
            first.entry(relation.own.clone()).or_default().extend(relation.items.iter().cloned());
        }
    }
    for circle in circles(&first) {
        let closes =
            |relation: &&Stated<'_, '_>| relation.kind == RelationKind::Prerequisite && circle.contains(&relation.own);
        if let Some(relation) = stated.iter().find(closes) {
            let message = format!("前置事项绕成了一圈:{}", circle_words(&circle));
            let remedy = "谁也等不到谁:核对先后,删去其中一条前置".to_owned();
            relation.page.note_line(relation.line, message, Some(remedy));
        }
    }
}
