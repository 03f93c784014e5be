//! Codes, flags, industries, places and texts: how one value is judged, and what all that count say together.

use rules::bulk::fact_of;
use rules::core::Member;
use rules::reference::Derivation;
use rules::text::{NO, YES};
use rules::tree::{Contains, Membership};
use rules::{Fact, FactKind};

use super::leaf::step;
use super::sql::{Layers, Sql, sql};
use super::{Reader, Stop};

/// All alike say what they say, different ones leave it open, none at all says nothing.
const TOGETHER: &str = "CASE WHEN min(v) = 2 THEN 2 WHEN max(v) = 0 THEN 0 ELSE 1 END";

/// Where the value of an entry or record stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held<'h> {
    /// The value as text or number.
    pub(super) value: &'h str,
    /// The element of an array that holds it, and under which key.
    pub(super) element: &'h str,
    pub(super) key: &'h str,
}

const ENTRY: Held<'_> = Held { value: "x", element: "e", key: "value" };

impl Reader<'_> {
    /// 2 where the member certainly holds, 0 where it certainly does not, else 1; its negation left to the caller.
    pub(super) fn member(&mut self, member: &Member) -> Result<Sql, Stop> {
        let Some(fact) = self.fact(fact_of(member)).cloned() else { return Ok(Sql::fixed("1")) };
        let when = Self::code_period(&fact);
        let entries = self.entries(&fact, when, None)?;
        let judged = match member {
            Member::Stated { .. } => {
                let stated = format!("CASE WHEN EXISTS ({entries}) THEN 2 ELSE 0 END");
                return Ok(self.layers.name(Layers::read(stated)));
            }
            // Places lie within areas; they are in no set.
            Member::Among(_) if matches!(fact.kind, FactKind::Area) => None,
            Member::Among(membership) => self.among(&fact.kind, ENTRY, &membership.values)?,
            Member::Contains(contains) => self.occurs(&fact.kind, contains),
            Member::Within(place) => match fact.kind {
                FactKind::Area => Some(self.area_verdict("x", &place.areas)),
                _ => None,
            },
        };
        let judged = judged.unwrap_or_else(|| "NULL".to_owned());
        let sized = match member {
            Member::Among(membership) if fact.derived == Some(Derivation::SizeClass) => Some(membership),
            _ => None,
        };
        let together = if sized.is_some() {
            format!("CASE WHEN count(*) = 0 THEN 3 ELSE {TOGETHER} END")
        } else {
            TOGETHER.to_owned()
        };
        let said = self.layers.name(Layers::read(format!(
            "(SELECT {together} FROM (SELECT CASE WHEN x IS NULL THEN 0 ELSE {judged} END AS v FROM ({entries}) AS n) AS m)"
        )));
        match sized {
            Some(membership) => self.said_or_sized(&said, &fact, membership),
            None => Ok(said),
        }
    }

    fn said_or_sized(&mut self, said: &Sql, fact: &Fact, membership: &Membership) -> Result<Sql, Stop> {
        let sized = self.sized(Self::code_period(fact), membership)?;
        let sized = self.layers.name(sized);
        Ok(self.layers.name(sql!("CASE WHEN {} = 3 THEN {} ELSE {} END", said, sized, said)))
    }

    /// The verdict of one value among wanted ones; nothing for a kind that is in no set.
    pub(super) fn among(&mut self, kind: &FactKind, held: Held<'_>, wanted: &[String]) -> Result<Option<String>, Stop> {
        let Held { value, element, key } = held;
        let texts = |layers: &mut Layers| layers.list(wanted.iter().map(String::as_str));
        Ok(match kind {
            FactKind::Integer | FactKind::Amount | FactKind::Ratio | FactKind::Date | FactKind::List(_) => None,
            _ if wanted.is_empty() => Some("0".to_owned()),
            FactKind::Bool => {
                let verdict = |word: &str| if wanted.iter().any(|one| one == word) { 2 } else { 0 };
                let is_set = self.engine.is_set(value);
                Some(format!("CASE WHEN {is_set} THEN {} ELSE {} END", verdict(YES), verdict(NO)))
            }
            FactKind::Code { .. } | FactKind::Text => {
                Some(format!("CASE WHEN {value} IN ({}) THEN 2 ELSE 0 END", texts(&mut self.layers)))
            }
            FactKind::Codes { .. } => {
                let key = step(key)?;
                let codes = self.engine.codes(element, &key);
                let texts = texts(&mut self.layers);
                Some(format!("CASE WHEN EXISTS (SELECT 1 FROM {codes} WHERE c.value IN ({texts})) THEN 2 ELSE 0 END"))
            }
            FactKind::Industry => Some(self.industry_verdict(value, wanted)),
            FactKind::Area => Some(self.area_verdict(value, wanted)),
        })
    }

    fn occurs(&mut self, kind: &FactKind, contains: &Contains) -> Option<String> {
        if !matches!(kind, FactKind::Text) {
            return None;
        }
        let words = contains.words.iter().map(|word| {
            let word = self.layers.text(word);
            self.engine.contains("x", &word)
        });
        let words: Vec<String> = words.collect();
        let occurs = if words.is_empty() { "FALSE".to_owned() } else { words.join(" OR ") };
        Some(format!("CASE WHEN {occurs} THEN 2 ELSE 0 END"))
    }

    /// Whether a place lies in one of the areas; one that contains an area leaves it open.
    pub(super) fn area_verdict(&mut self, place: &str, wanted: &[String]) -> String {
        let areas = &self.context.reference.areas;
        let (mut inside, mut around) = (Vec::new(), Vec::new());
        for area in areas.iter() {
            if wanted.iter().any(|wanted| areas.contains(wanted, &area.code)) {
                inside.push(area.code.as_str());
            } else if wanted.iter().any(|wanted| areas.contains(&area.code, wanted)) {
                around.push(area.code.as_str());
            }
        }
        let layers = &mut self.layers;
        let whens = [(inside, 2), (around, 1)].into_iter().filter(|(codes, _)| !codes.is_empty());
        let whens: Vec<String> =
            whens.map(|(codes, verdict)| format!(" WHEN {place} IN ({}) THEN {verdict}", layers.list(codes))).collect();
        if whens.is_empty() { "0".to_owned() } else { format!("CASE{} ELSE 0 END", whens.concat()) }
    }

    /// Whether an industry belongs to one of the classes; one that is wider than a class leaves it open.
    fn industry_verdict(&mut self, industry: &str, wanted: &[String]) -> String {
        let industries = &self.context.reference.industries;
        let classes: Vec<&str> = wanted
            .iter()
            .flat_map(|class| match industries.get(class) {
                Some(term) if !term.members.is_empty() => term.members.iter().map(String::as_str).collect(),
                _ => vec![class.as_str()],
            })
            .collect();
        let within: Vec<String> = classes.iter().map(|class| self.is_in_class(industry, class)).collect();
        let wider: Vec<String> = classes.iter().map(|class| self.is_wider(industry, class)).collect();
        format!("CASE WHEN {} THEN 2 WHEN {} THEN 1 ELSE 0 END", within.join(" OR "), wider.join(" OR "))
    }

    /// Whether an industry is the class or a part of it.
    pub(super) fn is_in_class(&mut self, industry: &str, class: &str) -> String {
        format!("substr({industry}, 1, {}) = {}", class.chars().count(), self.layers.text(class))
    }

    /// Whether the class is a part of an industry, or it itself.
    pub(super) fn is_wider(&mut self, industry: &str, class: &str) -> String {
        format!("substr({}, 1, length({industry})) = {industry}", self.layers.text(class))
    }
}
