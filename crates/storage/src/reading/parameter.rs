//! Dated parameters: one value for all, or one by the place and trade of the enterprise.

use rules::bulk::Leaves;
use rules::number::Rational;
use rules::reference::{Parameter, ParameterValue};
use rules::tree::{When, Year};
use rules::{FactKey, Profile};

use super::interval::{End, Interval, KNOWN, UNKNOWN};
use super::number::Num;
use super::sql::{Layers, Sql, sql};
use super::{Reader, Stop};

const PLACE: &str = "place_registered";
const INDUSTRY: &str = "industry";
/// A parameter published for the whole country holds without knowing the place.
const NATION: &str = "100000";

impl Reader<'_> {
    pub(super) fn parameter(&mut self, name: &str, year: Option<Year>) -> Result<Interval, Stop> {
        let as_of = self.context.as_of;
        let day = year.map_or(Some(as_of), |year| year.last_day(as_of));
        let published = self.context.reference.parameters.get(name);
        let published = published.filter(|_| !self.context.parameters.contains_key(name));
        let values: Vec<&ParameterValue> = match (published, day) {
            (Some(parameter), Some(day)) => parameter.in_force(day).collect(),
            _ => Vec::new(),
        };
        let by_place = values.iter().any(|value| value.place != NATION);
        let by_trade = values.iter().any(|value| value.industry.is_some());
        match published {
            Some(parameter) if by_place || by_trade => self.by_enterprise(parameter, &values, by_place),
            _ => {
                let nobody = Profile::default();
                let value = Leaves::new(&nobody, self.context).parameter(name, year);
                Ok(value.as_ref().map_or_else(Interval::unknown, Interval::exactly))
            }
        }
    }

    fn by_enterprise(
        &mut self,
        parameter: &Parameter,
        values: &[&ParameterValue],
        by_place: bool,
    ) -> Result<Interval, Stop> {
        let areas = &self.context.reference.areas;
        let places: Vec<&str> =
            if by_place { areas.iter().map(|area| area.code.as_str()).collect() } else { vec![NATION] };
        let mut rows: Vec<(Vec<&str>, String)> = Vec::new();
        let industry = self.single_code(INDUSTRY)?;
        for place in places {
            let here: Vec<&ParameterValue> =
                values.iter().copied().filter(|value| !by_place || areas.contains(&value.place, place)).collect();
            let chosen = self.by_trade(here, &industry.to_string());
            match rows.iter_mut().find(|(_, known)| *known == chosen) {
                Some((codes, _)) => codes.push(place),
                None => rows.push((vec![place], chosen)),
            }
        }
        let value = if by_place {
            let place = self.single_code(PLACE)?;
            let layers = &mut self.layers;
            let whens = rows
                .into_iter()
                .map(|(codes, chosen)| format!(" WHEN {place} IN ({}) THEN {chosen}", layers.list(codes)));
            Sql::of(format!("CASE{} END", whens.collect::<String>()), &[&place, &industry])
        } else {
            let chosen = rows.into_iter().next().map_or_else(|| "NULL".to_owned(), |(_, chosen)| chosen);
            Sql::of(chosen, &[&industry])
        };
        let value = self.layers.name(sql!("{}", Sql::of(self.engine.number(&value.to_string()), &[&value])));
        let most = values.iter().map(|value| u128::from(value.value.unsigned_abs())).max().unwrap_or(0);
        let state = sql!("CASE WHEN {} IS NULL THEN {} ELSE {} END", value, Sql::fixed(UNKNOWN), Sql::fixed(KNOWN));
        let end = End::whole(Num::within(most, value));
        let interval = Interval { state, unit: Rational::scaled(1, parameter.scale), low: end.clone(), high: end };
        Ok(self.reckoner().named(interval))
    }

    /// The value for the trade among those that hold at a place; NULL where the trade is too coarse to tell.
    fn by_trade(&mut self, mut values: Vec<&ParameterValue>, industry: &str) -> String {
        let reference = self.context.reference;
        let depth = |value: &&ParameterValue| {
            let trade = value.industry.as_ref().map_or(0, String::len);
            (reference.areas.path(&value.place).len(), trade, value.from)
        };
        values.sort_by_key(depth);
        values.reverse();
        if values.iter().all(|value| value.industry.is_none()) {
            return values.first().map_or_else(|| "NULL".to_owned(), |value| value.value.to_string());
        }
        let mut whens = vec![format!(" WHEN {industry} IS NULL THEN NULL")];
        for class in values.iter().filter_map(|value| value.industry.as_deref()) {
            let is_wider = self.is_wider(industry, class);
            let class = self.layers.text(class);
            whens.push(format!(" WHEN {industry} <> {class} AND {is_wider} THEN NULL"));
        }
        for value in &values {
            let holds = value.industry.as_deref().map_or_else(
                || "TRUE".to_owned(),
                |class| {
                    let members = match reference.industries.get(class) {
                        Some(term) if !term.members.is_empty() => term.members.clone(),
                        _ => vec![class.to_owned()],
                    };
                    let within = members.iter().map(|member| self.is_in_class(industry, member));
                    within.collect::<Vec<_>>().join(" OR ")
                },
            );
            whens.push(format!(" WHEN {holds} THEN {}", value.value));
        }
        format!("CASE{} END", whens.concat())
    }

    /// The one code stated for a fact; NULL where there is none or several.
    fn single_code(&mut self, key: &str) -> Result<Sql, Stop> {
        let Some(fact) = self.fact(&FactKey::from(key)).cloned() else { return Ok(Sql::fixed("NULL")) };
        let entries = self.entries(&fact, When::Now, None)?;
        Ok(self
            .layers
            .name(Layers::read(format!("(SELECT CASE WHEN min(x) = max(x) THEN min(x) END FROM ({entries}) AS n)"))))
    }
}
