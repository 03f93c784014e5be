//! The OpenAPI document, written by hand and held to the routes by tests.

use actix_web::HttpResponse;

const DOCUMENT: &str = include_str!("../../openapi.json");

pub(crate) async fn document() -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(DOCUMENT)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;
    use crate::error::ENDINGS;
    use crate::routes::ADDRESSES;

    fn document() -> Value {
        serde_json::from_str(DOCUMENT).unwrap()
    }

    #[test]
    fn the_document_and_the_routes_name_the_same_addresses_in_both_directions() {
        let document = document();
        let documented: BTreeSet<(String, String)> = document["paths"]
            .as_object()
            .unwrap()
            .iter()
            .flat_map(|(path, methods)| {
                methods
                    .as_object()
                    .unwrap()
                    .keys()
                    .filter(|key| *key != "parameters")
                    .map(move |method| (path.clone(), method.to_uppercase()))
            })
            .collect();
        let routed: BTreeSet<(String, String)> = ADDRESSES
            .iter()
            .filter(|address| address.path.starts_with("/api/"))
            .flat_map(|address| address.methods.iter().map(|method| (address.path.to_owned(), (*method).to_owned())))
            .collect();
        assert_eq!(documented, routed);
    }

    #[test]
    fn every_reference_in_the_document_resolves() {
        fn walk<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
            match value {
                Value::Object(map) => map.iter().for_each(|(key, value)| match value {
                    Value::String(target) if key == "$ref" => found.push(target),
                    other => walk(other, found),
                }),
                Value::Array(list) => list.iter().for_each(|value| walk(value, found)),
                _ => {}
            }
        }
        let document = document();
        let mut found = Vec::new();
        walk(&document, &mut found);
        assert!(found.len() > 20);
        for target in found {
            assert!(document.pointer(target.strip_prefix('#').unwrap()).is_some(), "{target} is missing");
        }
    }

    #[test]
    fn the_document_lists_every_stable_code() {
        let listed: BTreeSet<String> = serde_json::from_value(
            document()["components"]["schemas"]["Problem"]["properties"]["code"]["enum"].clone(),
        )
        .unwrap();
        let all: BTreeSet<String> = ENDINGS.iter().map(|ending| ending.code.to_owned()).collect();
        assert_eq!(listed, all);
    }

    #[test]
    fn every_path_parameter_is_declared() {
        for (path, item) in document()["paths"].as_object().unwrap() {
            let declared: BTreeSet<&str> = item["parameters"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|parameter| parameter["name"].as_str().unwrap())
                .collect();
            let used: BTreeSet<&str> =
                path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
            assert_eq!(declared, used, "{path}");
        }
    }
}
