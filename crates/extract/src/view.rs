//! Leaves and trees as JSON, for other programs and for pages.

use serde_json::{Value, json};

use crate::leaf::{Leaf, Reading, Role, Tree};
use crate::window::Window;

/// One leaf; numbers are exact decimals in base units, spans are bytes of the notice.
pub fn view(leaf: &Leaf) -> Value {
    json!({
        "span": [leaf.span.start, leaf.span.end],
        "words": leaf.words,
        "role": leaf.role,
        "reading": reading(&leaf.reading),
        "negated": leaf.negated,
        "subject": leaf.subject,
        "window": leaf.window.map(Window::words),
        "fact": leaf.fact,
        "unmapped": leaf.role == Role::Requirement && leaf.fact.is_none(),
        "rule": leaf.rule,
        "sure": leaf.role == Role::Requirement && leaf.rule.is_some() && leaf.doubts.is_empty(),
        "doubts": leaf.doubts.iter().map(|doubt| doubt.words()).collect::<Vec<_>>(),
    })
}

fn reading(reading: &Reading) -> Value {
    match reading {
        Reading::Number { operator, value, upper, measure, .. } => json!({
            "operator": operator,
            "value": rules::number::trimmed(value, 9),
            "upper": upper.as_ref().map(|(upper, includes)| json!({
                "operator": if *includes { "<=" } else { "<" },
                "value": rules::number::trimmed(upper, 9),
            })),
            "measure": measure,
        }),
        Reading::Day { operator, day } => json!({ "operator": operator, "day": day.words() }),
        Reading::Flag(name) => json!({ "is": name }),
        Reading::Among(values) => json!({ "among": values }),
        Reading::Within(place) => json!({ "within": place }),
        Reading::Words => Value::Null,
    }
}

/// The tree; leaves are numbers into the sentence's list.
pub fn view_tree(tree: &Tree) -> Value {
    let many = |children: &[Tree]| Value::Array(children.iter().map(view_tree).collect());
    match tree {
        Tree::All(children) => json!({ "all": many(children) }),
        Tree::Any(children) => json!({ "any": many(children) }),
        Tree::None(children) => json!({ "none": many(children) }),
        Tree::AtLeast(k, children) => json!({ "at_least": k, "of": many(children) }),
        Tree::When(guard, then) => json!({ "when": view_tree(guard), "then": view_tree(then) }),
        Tree::Leaf(index) => json!(index),
    }
}
