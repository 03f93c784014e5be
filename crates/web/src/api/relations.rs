//! Relations between items as an official sends them: sound in themselves, with items that exist, never in a circle.

use domain::Relation;
use domain::relations::{Prerequisites, before, circle_words, circles};
use rules::{Problem, Reference, nearest};

/// Notes everything that keeps the relations of the item `own` from being recorded beside the library.
pub(super) fn check(
    relations: &[Relation],
    own: &str,
    library: &Prerequisites,
    reference: &Reference,
    problems: &mut Vec<Problem>,
) {
    for (number, relation) in relations.iter().enumerate() {
        let place = |field: &str| format!("relations[{number}].{field}");
        for mut problem in relation.problems(own, reference) {
            let field = problem.place.take().unwrap_or_default();
            problems.push(problem.place(place(&field)));
        }
        for code in relation.items.iter().filter(|code| *code != own && !library.contains_key(*code)) {
            let meant = nearest(code, library.keys().map(String::as_str));
            let remedy = meant.map_or_else(|| "先录入那个事项".to_owned(), |meant| format!("是不是「{meant}」？"));
            problems.push(Problem::error(format!("没有事项「{code}」")).place(place("items")).remedy(remedy));
        }
    }
    let mut first = library.clone();
    first.insert(own.to_owned(), before(relations));
    for circle in circles(&first).iter().filter(|circle| circle.iter().any(|code| code == own)) {
        let message = format!("前置事项绕成了一圈：{}", circle_words(circle));
        problems.push(Problem::error(message).place("relations").remedy("核对先后，删去其中一条前置"));
    }
}
