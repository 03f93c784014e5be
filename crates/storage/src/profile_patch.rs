//! What a change of a profile did, fact by fact, so that any past state can be rebuilt.
//!
//! Parts stay the texts they are in the document: nothing is read that only has to be kept.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Error;
use serde_json::value::{RawValue, to_raw_value};

/// The object whose members are compared one by one; everything else in the document is one part.
const FACTS: &str = "facts";
/// Says that there is such an object, so that an empty one survives.
const FACTS_THEMSELVES: &str = "facts/";

/// Parts set and removed, each under its path: `name`, `facts/revenue`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Patch {
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    set: BTreeMap<String, Box<RawValue>>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    unset: BTreeSet<String>,
}

/// A document in parts, on its way from one state to the next.
#[derive(Clone, Debug, Default)]
pub(crate) struct State(BTreeMap<String, Box<RawValue>>);

impl Patch {
    /// What turns the document `old` into `new`. For the first state there is no `old`.
    pub(crate) fn between(old: Option<&str>, new: &str) -> Result<Self, Error> {
        let mut gone = old.map(parts).transpose()?.unwrap_or_default();
        let mut patch = Self::default();
        for (path, value) in parts(new)? {
            if gone.remove(&path).is_none_or(|old| old.get() != value.get()) {
                patch.set.insert(path, value);
            }
        }
        patch.unset = gone.into_keys().collect();
        Ok(patch)
    }
}

impl State {
    pub(crate) fn change(&mut self, patch: Patch) {
        for path in &patch.unset {
            self.0.remove(path);
        }
        self.0.extend(patch.set);
    }

    /// The text of the document.
    pub(crate) fn document(self) -> Result<String, Error> {
        let mut facts: Option<BTreeMap<String, Box<RawValue>>> = None;
        let mut document = BTreeMap::new();
        for (path, value) in self.0 {
            match path.strip_prefix(FACTS_THEMSELVES) {
                Some("") => facts = Some(facts.unwrap_or_default()),
                Some(fact) => drop(facts.get_or_insert_default().insert(fact.to_owned(), value)),
                None => drop(document.insert(path, value)),
            }
        }
        if let Some(facts) = facts {
            document.insert(FACTS.to_owned(), to_raw_value(&facts)?);
        }
        serde_json::to_string(&document)
    }
}

fn parts(document: &str) -> Result<BTreeMap<String, Box<RawValue>>, Error> {
    let mut parts: BTreeMap<String, Box<RawValue>> = serde_json::from_str(document)?;
    if let Some(facts) = parts.get(FACTS).filter(|facts| facts.get().starts_with('{')) {
        let facts: BTreeMap<String, Box<RawValue>> = serde_json::from_str(facts.get())?;
        parts.remove(FACTS);
        parts.insert(FACTS_THEMSELVES.to_owned(), to_raw_value(&true)?);
        parts.extend(facts.into_iter().map(|(fact, value)| (format!("{FACTS_THEMSELVES}{fact}"), value)));
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Map, Value, json};

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

    fn document() -> impl Strategy<Value = String> {
        let facts = prop::collection::btree_map("[a-d/]{1,2}", value(), 0..4);
        (prop::option::of("[a-z]{0,3}"), prop::option::of(facts)).prop_map(|(name, facts)| {
            let mut document = Map::new();
            document.extend(name.map(|name| ("name".to_owned(), json!(name))));
            document.extend(facts.map(|facts| (FACTS.to_owned(), json!(facts))));
            Value::Object(document).to_string()
        })
    }

    fn stored(patch: &Patch) -> Patch {
        serde_json::from_str(&serde_json::to_string(patch).unwrap()).unwrap()
    }

    proptest! {
        #[test]
        fn patches_lead_from_each_document_to_the_next_through_their_stored_texts(
            documents in prop::collection::vec(document(), 1..4)
        ) {
            let mut state = State::default();
            let mut before: Option<&str> = None;
            for document in &documents {
                state.change(stored(&Patch::between(before, document).unwrap()));
                prop_assert_eq!(&state.clone().document().unwrap(), document);
                before = Some(document);
            }
        }
    }

    #[test]
    fn a_patch_names_only_the_facts_that_changed() {
        let old = r#"{"name":"甲","facts":{"revenue":[1],"employees_stat":[2],"x":[3]}}"#;
        let new = r#"{"name":"甲","facts":{"revenue":[9],"employees_stat":[2]}}"#;
        let patch = serde_json::to_string(&Patch::between(Some(old), new).unwrap()).unwrap();
        assert_eq!(patch, r#"{"set":{"facts/revenue":[9]},"unset":["facts/x"]}"#);
    }
}
