//! Whether a list holds everything that is asked for: only a statement makes absence knowledge.

use chrono::NaiveDate;
use rules::FactKind;
use rules::reference::Field;
use rules::text::{NO, YES};
use rules::tree::Filter;

use super::engine::iso;
use super::leaf::{number_of, step};
use super::records::Asked;
use super::sql::{Layers, Sql, all, any, sql};
use super::{Reader, Stop};

impl Reader<'_> {
    /// Whether statements cover every record that passes the demands, over all of the time asked for.
    pub(super) fn complete(&mut self, asked: &Asked<'_>) -> Result<Sql, Stop> {
        let timely = self.timely(asked)?;
        let mut ways = vec![self.stated_for(asked, &asked.demands, &timely)?];
        // Several statements, each for one of the values asked for, make one for all of them.
        for demand in &asked.demands {
            let Filter::Among { field, negated: false, values } = demand else { continue };
            if values.len() == 1 {
                continue;
            }
            let each =
                values.iter().map(|value| self.stated_for(asked, &narrowed(&asked.demands, field, value), &timely));
            let mut each = each.collect::<Result<Vec<_>, _>>()?;
            let is_there = self.engine.is_present(&["facts", &asked.path]);
            each.push(Layers::read(is_there));
            ways.push(all(each));
        }
        Ok(self.layers.name(any(ways)))
    }

    /// Whether a statement `j.value` covers the time asked for.
    fn timely(&mut self, asked: &Asked<'_>) -> Result<Sql, Stop> {
        let as_of = self.context.as_of;
        let (first, last) = asked.records.span.days(as_of);
        let last = last.map_or(as_of, |last| last.min(as_of));
        let from = self.engine.days("j.value ->> 'from'");
        let begins = match self.since(first)? {
            Some(since) => sql!("j.value ->> 'from' IS NULL OR COALESCE({} <= {}, FALSE)", Sql::fixed(from), since),
            None => Sql::fixed("j.value ->> 'from' IS NULL"),
        };
        Ok(sql!("({}) AND COALESCE('{}' < j.value ->> 'to', TRUE)", begins, Sql::fixed(iso(last))))
    }

    /// The first day that must be covered: nothing happened to an enterprise before it existed.
    fn since(&mut self, first: Option<NaiveDate>) -> Result<Option<Sql>, Stop> {
        let first = first.map(number_of);
        let Some((is_known, founded)) = self.founded()? else { return Ok(first) };
        let since = match first {
            Some(first) => {
                sql!("CASE WHEN {} AND {} > {} THEN {} ELSE {} END", is_known, founded, first, founded, first)
            }
            None => sql!("CASE WHEN {} THEN {} END", is_known, founded),
        };
        Ok(Some(self.layers.name(since)))
    }

    /// Whether a timely statement applies to every record that passes the demands.
    fn stated_for(&mut self, asked: &Asked<'_>, demands: &[Filter], timely: &Sql) -> Result<Sql, Stop> {
        let statements = self.engine.elements(&["facts", &asked.path, "complete"]);
        let scopes = self.engine.fields("j.value", "scope");
        let mut allowed = Vec::new();
        for scoped in &asked.shape.fields {
            let words = demands.iter().filter_map(|demand| match demand {
                Filter::Among { field, negated: false, values } if *field == scoped.key => Some(values.as_slice()),
                _ => None,
            });
            let words: Vec<&[String]> = words.collect();
            if let Some(fits) = self.fits(scoped, &words) {
                allowed.push(format!("WHEN s.key = '{}' THEN {fits}", step(&scoped.key)?));
            }
        }
        let fits =
            if allowed.is_empty() { "FALSE".to_owned() } else { format!("CASE {} ELSE FALSE END", allowed.join(" ")) };
        let text = format!(
            "EXISTS (SELECT 1 FROM {statements} WHERE {timely} AND NOT EXISTS (SELECT 1 FROM {scopes} WHERE \
             NOT COALESCE({fits}, FALSE)))"
        );
        Ok(self.layers.name(Layers::read_beside(text, &[timely])))
    }

    /// Whether the scoped value `s.value` is all that one of the demands lets through; nothing where none asks for one.
    fn fits(&mut self, field: &Field, demands: &[&[String]]) -> Option<String> {
        let mut words = Vec::new();
        for values in demands {
            match values.split_first() {
                None => return Some("TRUE".to_owned()),
                Some((first, rest)) if rest.iter().all(|other| other == first) => words.push(first.as_str()),
                Some(_) => {}
            }
        }
        if words.is_empty() {
            return None;
        }
        let engine = self.engine;
        match &field.kind {
            FactKind::Bool => {
                let wants = |word: &str| if words.contains(&word) { "TRUE" } else { "FALSE" };
                Some(format!("CASE WHEN {} THEN {} ELSE {} END", engine.is_set("s.value"), wants(YES), wants(NO)))
            }
            FactKind::Codes { .. } => {
                let first = engine.first_code("s.value");
                Some(format!("COALESCE({first}, '') IN ({})", self.layers.list(words)))
            }
            kind if kind.is_number() => {
                let numbers = words
                    .iter()
                    .filter_map(|word| word.parse::<i64>().ok().filter(|number| number.to_string() == **word));
                let numbers: Vec<String> = numbers.map(|number| number.to_string()).collect();
                let scaled = engine.scaled("s.value", field.scale);
                (!numbers.is_empty()).then(|| format!("{scaled} IN ({})", numbers.join(", ")))
            }
            _ => Some(format!("s.value IN ({})", self.layers.list(words))),
        }
    }
}

/// The demands with one value instead of all that a field may have.
fn narrowed(demands: &[Filter], to_field: &str, value: &str) -> Vec<Filter> {
    let narrow = |demand: &Filter| match demand {
        Filter::Among { field, negated: false, .. } if field == to_field => {
            Filter::Among { field: field.clone(), negated: false, values: vec![value.to_owned()] }
        }
        other => other.clone(),
    };
    demands.iter().map(narrow).collect()
}
