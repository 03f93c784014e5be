//! What a change of a profile did, fact by fact, so that any past state can be rebuilt.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The object whose members are compared one by one; everything else in the document is one part.
const FACTS: &str = "facts";

/// Parts set and removed, each under its path: `name`, `facts/revenue`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Patch {
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    set: BTreeMap<String, Value>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    unset: BTreeSet<String>,
}

impl Patch {
    /// What turns `old` into `new`. For the first state `old` is `null`.
    pub(crate) fn between(old: &Value, new: &Value) -> Self {
        let (mut gone, new) = (parts(old), parts(new));
        let mut patch = Self::default();
        for (path, value) in new {
            if gone.remove(&path).as_ref() != Some(&value) {
                patch.set.insert(path, value);
            }
        }
        patch.unset = gone.into_keys().collect();
        patch
    }

    /// The state after this change, given the one before it.
    pub(crate) fn apply(self, old: &Value) -> Value {
        let mut parts = parts(old);
        for path in &self.unset {
            parts.remove(path);
        }
        parts.extend(self.set);
        whole(parts)
    }
}

fn parts(document: &Value) -> BTreeMap<String, Value> {
    let mut parts = BTreeMap::new();
    for (key, value) in document.as_object().into_iter().flatten() {
        match value.as_object().filter(|_| key == FACTS) {
            Some(facts) => {
                parts.insert(format!("{FACTS}/"), Value::Bool(true));
                parts.extend(facts.iter().map(|(fact, value)| (format!("{FACTS}/{fact}"), value.clone())));
            }
            None => {
                parts.insert(key.clone(), value.clone());
            }
        }
    }
    parts
}

/// `facts/` alone says that there is such an object, so that an empty one survives.
fn whole(parts: BTreeMap<String, Value>) -> Value {
    let mut document = Map::new();
    let mut facts = None;
    for (path, value) in parts {
        match path.strip_prefix(FACTS).and_then(|rest| rest.strip_prefix('/')) {
            Some("") => facts = Some(facts.unwrap_or_default()),
            Some(fact) => {
                facts.get_or_insert_with(Map::new).insert(fact.to_owned(), value);
            }
            None => {
                document.insert(path, value);
            }
        }
    }
    if let Some(facts) = facts {
        document.insert(FACTS.to_owned(), Value::Object(facts));
    }
    Value::Object(document)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn value() -> impl Strategy<Value = Value> {
        let leaf =
            prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::from), any::<i64>().prop_map(Value::from)];
        leaf.prop_recursive(2, 8, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                prop::collection::btree_map("[a-c/]{0,2}", inner, 0..3).prop_map(|map| json!(map)),
            ]
        })
    }

    fn document() -> impl Strategy<Value = Value> {
        let facts = prop::collection::btree_map("[a-d/]{1,2}", value(), 0..4);
        (prop::option::of("[a-z]{0,3}"), prop::option::of(facts)).prop_map(|(name, facts)| {
            let mut document = Map::new();
            document.extend(name.map(|name| ("name".to_owned(), json!(name))));
            document.extend(facts.map(|facts| (FACTS.to_owned(), json!(facts))));
            Value::Object(document)
        })
    }

    proptest! {
        #[test]
        fn a_patch_turns_the_old_document_into_the_new(old in document(), new in document()) {
            prop_assert_eq!(Patch::between(&old, &new).apply(&old), new);
        }

        #[test]
        fn a_patch_survives_its_stored_text(old in document(), new in document()) {
            let patch = Patch::between(&old, &new);
            let text = serde_json::to_string(&patch).unwrap();
            prop_assert_eq!(serde_json::from_str::<Patch>(&text).unwrap(), patch);
        }
    }

    #[test]
    fn a_patch_names_only_the_facts_that_changed() {
        let old = json!({ "name": "甲", "facts": { "revenue": [1], "employees_stat": [2], "x": [3] } });
        let new = json!({ "name": "甲", "facts": { "revenue": [9], "employees_stat": [2] } });
        let patch = serde_json::to_value(Patch::between(&old, &new)).unwrap();
        assert_eq!(patch, json!({ "set": { "facts/revenue": [9] }, "unset": ["facts/x"] }));
    }
}
