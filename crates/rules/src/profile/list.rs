//! Record lists in JSON: the records, and for which scope and time the list is complete.

use serde_json::{Map, Value as Json};

use super::period::read_span;
use super::read::Reader;
use super::{Completeness, Record, RecordList};
use crate::reference::{ListShape, Misfit, nearest};

const LIST_KEYS: [&str; 2] = ["records", "complete"];
const COMPLETE_KEYS: [&str; 7] = ["scope", "from", "since", "to", "until", "source", "grade"];

impl Reader<'_> {
    /// `{"records": […], "complete": […]}`, or just the array of records. In canonical order.
    pub(super) fn list(&mut self, shape: &ListShape, json: &Json, place: &str) -> RecordList {
        let (records, complete) = match json {
            Json::Array(records) => (Some(records), None),
            Json::Object(object) => {
                self.known_keys(object, &LIST_KEYS, place);
                (self.array(object, "records", place), self.array(object, "complete", place))
            }
            _ => {
                self.error(place, "这里要写清单", "写成 {\"records\": [ … ], \"complete\": [ … ]}");
                (None, None)
            }
        };
        let mut list = RecordList::default();
        for (index, record) in records.into_iter().flatten().enumerate() {
            let place = format!("{place}.records[{index}]");
            if let Some(object) = self.object(record, &place) {
                list.records.push(self.record(shape, object, &place));
            }
        }
        for (index, statement) in complete.into_iter().flatten().enumerate() {
            let place = format!("{place}.complete[{index}]");
            if let Some(object) = self.object(statement, &place) {
                list.complete.extend(self.completeness(shape, object, &place));
            }
        }
        list.records.sort();
        list.complete.sort();
        list
    }

    fn array<'j>(&mut self, object: &'j Map<String, Json>, key: &str, place: &str) -> Option<&'j Vec<Json>> {
        match object.get(key) {
            None | Some(Json::Null) => None,
            Some(Json::Array(items)) => Some(items),
            Some(_) => {
                self.error(&format!("{place}.{key}"), "要写成数组", "写成 [ { … } ]");
                None
            }
        }
    }

    fn record(&mut self, shape: &ListShape, object: &Map<String, Json>, place: &str) -> Record {
        let mut record = Record::new();
        for (word, json) in object {
            let place = format!("{place}.{word}");
            let Some(field) = shape.field(word) else {
                let names = || shape.fields.iter().map(|field| field.key.as_str());
                let near = nearest(word, names().chain(shape.fields.iter().map(|field| field.name.as_str())));
                let remedy = near.map_or_else(
                    || format!("可用:{}", names().collect::<Vec<_>>().join("、")),
                    |near| format!("是不是“{near}”?"),
                );
                self.complain(&place, Misfit { message: format!("没有“{word}”这个字段"), remedy: Some(remedy) });
                continue;
            };
            if json.is_null() {
                continue;
            }
            let read = field.shape().read(json, self.reference);
            if let Some(value) = self.check(read, &place)
                && record.insert(field.key.clone(), value).is_some()
            {
                self.error(&place, format!("字段“{}”填了两次", field.name), "留一个");
            }
        }
        record
    }

    fn completeness(&mut self, shape: &ListShape, object: &Map<String, Json>, place: &str) -> Option<Completeness> {
        self.known_keys(object, &COMPLETE_KEYS, place);
        let scope_place = format!("{place}.scope");
        let scope = match object.get("scope") {
            None | Some(Json::Null) => Record::new(),
            Some(scope) => {
                let scope = self.object(scope, &scope_place)?;
                self.record(shape, scope, &scope_place)
            }
        };
        let (source, grade) = self.origin(object, place);
        let period = self.check(read_span(object), place)?;
        Some(Completeness { scope, period, source, grade })
    }
}
