//! Made-up firms of which everything is known, as a profile and as the flat object the other engines read.

use domain::synthetic::Stream;
use rules::{Profile, Reference};
use serde_json::{Map, Value as Json, json};

use super::rule::{Facts, PLACE};

pub(crate) struct Firm {
    pub(crate) profile: Profile,
    pub(crate) flat: Map<String, Json>,
}

impl Firm {
    pub(crate) fn draw(facts: &Facts, stream: &mut Stream) -> Result<Self, String> {
        let (mut flat, mut document) = (Map::new(), Map::new());
        for fact in &facts.amounts {
            let yuan = stream.between(0, 70_000) * 1_000;
            flat.insert(fact.key.clone(), json!(yuan));
            document.insert(fact.key.clone(), json!({ "2025": yuan }));
        }
        for fact in &facts.flags {
            let holds = stream.chance(600);
            flat.insert(fact.key.clone(), json!(holds));
            document.insert(fact.key.clone(), json!(holds));
        }
        for (fact, options) in &facts.codes {
            let code = stream.pick(options);
            flat.insert(fact.key.clone(), json!(code));
            document.insert(fact.key.clone(), json!(code));
        }
        let district = &stream.pick(&facts.districts).key;
        flat.insert(PLACE.to_owned(), json!(district));
        document.insert(PLACE.to_owned(), json!({ "value": district, "since": "2015-01-01" }));
        let profile = Profile::from_json(&json!({ "facts": document }), Reference::builtin())
            .map_err(|problems| format!("{problems:?}"))?;
        Ok(Self { profile, flat })
    }
}
