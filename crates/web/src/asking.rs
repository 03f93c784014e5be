//! A search as an address spells it: words, choices, order, place in the list. Read and written here only.

use domain::{Category, Level};
use search::{Filters, Sort, Status};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::Error;

/// Name and value pairs of a query string; a name may repeat.
pub(crate) type Pairs = Vec<(String, String)>;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Asking {
    pub(crate) text: String,
    pub(crate) filters: Filters,
    pub(crate) sort: Sort,
    pub(crate) offset: usize,
}

impl Asking {
    /// Reads an address.
    ///
    /// # Errors
    /// A value that is none of its choices, named with its parameter.
    pub(crate) fn read(pairs: &[(String, String)]) -> Result<Self, Error> {
        let mut asking = Self::default();
        for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
            match name.as_str() {
                "q" => asking.text.clone_from(value),
                "level" => push_new(&mut asking.filters.levels, word(name, value)?),
                "area" => push_new(&mut asking.filters.areas, value.clone()),
                "category" => push_new(&mut asking.filters.categories, word(name, value)?),
                "status" => push_new(&mut asking.filters.statuses, word(name, value)?),
                "sort" => asking.sort = word(name, value)?,
                "offset" | "cursor" => asking.offset = number(name, value)?,
                // Tracking parameters of mail clients and the like.
                _ => {}
            }
        }
        Ok(asking)
    }

    /// Nothing typed, chosen or leafed: the front page.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The choices as pairs, without words, order and place.
    pub(crate) fn choices(&self) -> Pairs {
        let pair = |name: &str, value: String| (name.to_owned(), value);
        let filters = &self.filters;
        let mut pairs: Pairs = filters.levels.iter().map(|level| pair("level", spelled(level))).collect();
        pairs.extend(filters.areas.iter().map(|area| pair("area", area.clone())));
        pairs.extend(filters.categories.iter().map(|category| pair("category", spelled(category))));
        pairs.extend(filters.statuses.iter().map(|status| pair("status", spelled(status))));
        pairs
    }

    /// The address of this search.
    pub(crate) fn href(&self) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        if !self.text.is_empty() {
            query.append_pair("q", &self.text);
        }
        query.extend_pairs(self.choices());
        if self.sort != Sort::default() {
            query.append_pair("sort", &spelled(&self.sort));
        }
        if self.offset > 0 {
            query.append_pair("offset", &self.offset.to_string());
        }
        match query.finish() {
            empty if empty.is_empty() => "/".to_owned(),
            query => format!("/?{query}"),
        }
    }

    pub(crate) fn at(&self, offset: usize) -> Self {
        Self { offset, ..self.clone() }
    }

    pub(crate) fn sorted(&self, sort: Sort) -> Self {
        Self { sort, offset: 0, ..self.clone() }
    }

    pub(crate) fn toggled_level(&self, level: Level) -> Self {
        self.changed(|filters| toggle(&mut filters.levels, level))
    }

    pub(crate) fn toggled_area(&self, area: &str) -> Self {
        self.changed(|filters| toggle(&mut filters.areas, area.to_owned()))
    }

    pub(crate) fn toggled_category(&self, category: Category) -> Self {
        self.changed(|filters| toggle(&mut filters.categories, category))
    }

    pub(crate) fn toggled_status(&self, status: Status) -> Self {
        self.changed(|filters| toggle(&mut filters.statuses, status))
    }

    fn changed(&self, change: impl FnOnce(&mut Filters)) -> Self {
        let mut changed = self.at(0);
        change(&mut changed.filters);
        changed
    }
}

fn push_new<T: PartialEq>(values: &mut Vec<T>, value: T) {
    if !values.contains(&value) {
        values.push(value);
    }
}

fn toggle<T: PartialEq>(values: &mut Vec<T>, value: T) {
    match values.iter().position(|known| *known == value) {
        Some(at) => drop(values.remove(at)),
        None => values.push(value),
    }
}

/// The word an enumeration has on the wire.
pub(crate) fn spelled<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}

pub(crate) fn word<T: DeserializeOwned>(name: &str, value: &str) -> Result<T, Error> {
    serde_json::from_value(Value::String(value.to_owned())).map_err(|_| {
        Error::bad_request(format!("参数 {name} 的值「{value}」不在可选范围内。可选值见 /api/v1/openapi.json。"))
    })
}

pub(crate) fn number<T: std::str::FromStr>(name: &str, value: &str) -> Result<T, Error> {
    value.parse().map_err(|_| Error::bad_request(format!("参数 {name} 的值「{value}」不是非负整数。")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(list: &[(&str, &str)]) -> Pairs {
        list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn an_address_read_and_written_again_is_the_same() {
        let read = |href: &str| {
            let query = href.strip_prefix("/?").unwrap_or_default();
            Asking::read(&url::form_urlencoded::parse(query.as_bytes()).into_owned().collect::<Pairs>()).unwrap()
        };
        let asking = Asking::read(&pairs(&[
            ("q", "研发 & 补贴"),
            ("level", "city"),
            ("level", "district"),
            ("area", "420100"),
            ("category", "innovation"),
            ("status", "open"),
            ("sort", "newest"),
            ("offset", "20"),
        ]))
        .unwrap();
        assert_eq!(read(&asking.href()), asking);
        assert_eq!(Asking::default().href(), "/");
    }

    #[test]
    fn choosing_twice_takes_back_and_starts_from_the_first_page() {
        let leafed = Asking { offset: 40, ..Asking::default() };
        let chosen = leafed.toggled_level(Level::City);
        assert_eq!((chosen.offset, chosen.filters.levels.as_slice()), (0, &[Level::City][..]));
        assert!(chosen.toggled_level(Level::City).is_empty());
    }

    #[test]
    fn an_unknown_choice_is_named_with_its_parameter() {
        let error = Asking::read(&pairs(&[("level", "village")])).unwrap_err();
        assert!(error.detail().contains("level") && error.detail().contains("village"), "{}", error.detail());
    }
}
