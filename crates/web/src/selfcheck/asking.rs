//! Questions: chosen by how many items wait for the fact, worded by the catalogue.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use rules::reference::{AreaLevel, Field, ListShape, PeriodKind};
use rules::{Fact, FactKey, FactKind, MissingFact, Reference};

use super::answers::{ANSWERED, Answers, CONDUCT, NO, STAYED, YES};
use crate::results::Wanted;
use crate::views::{Also, Choice, Input, Options, Question};

/// Radio buttons up to here, a list to choose from beyond.
const MOST_RADIOS: usize = 5;
/// The source of a conduct list that a 专项信用报告 or a 承诺 can complete.
const CONDUCT_SOURCE: &str = "credit_report";

/// One thing to ask: a fact, of one year where the fact is a yearly figure; or all conduct lists at once.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ask {
    Fact {
        key: FactKey,
        year: Option<i32>,
    },
    /// A day of one record that was ticked: when a certificate was issued, until when it holds.
    Day {
        key: FactKey,
        code: String,
        field: String,
    },
    /// One dated 承诺 settles every list it names, for all items.
    Conduct,
}

impl Ask {
    /// Name of the form field: `revenue.2025`, `industry`, `certificates/高新技术企业/issued_on`, `conduct`.
    pub(crate) fn field(&self) -> String {
        match self {
            Self::Day { key, code, field } => format!("{key}/{code}/{field}"),
            Self::Fact { key, year: Some(year) } => format!("{key}.{year}"),
            Self::Fact { key, year: None } => key.to_string(),
            Self::Conduct => CONDUCT.to_owned(),
        }
    }

    /// The other way round; `None` for what is no question.
    pub(crate) fn parse(field: &str, reference: &Reference) -> Option<Self> {
        if field == CONDUCT {
            return Some(Self::Conduct);
        }
        if field.contains('/') {
            return Self::parse_day(field, reference);
        }
        let (key, year) = match field.split_once('.') {
            Some((key, year)) => (key, Some(year.parse().ok()?)),
            None => (field, None),
        };
        let fact = reference.catalogue.fact(&FactKey::from(key))?;
        let yearly = fact.period == PeriodKind::Year;
        (is_askable(fact) && yearly == year.is_some()).then(|| Self::Fact { key: fact.key.clone(), year })
    }
}

impl Ask {
    fn parse_day(text: &str, reference: &Reference) -> Option<Self> {
        let mut parts = text.splitn(3, '/');
        let (key, code, field) = (parts.next()?, parts.next()?, parts.next()?);
        let fact = reference.catalogue.fact(&FactKey::from(key)).filter(|fact| is_askable(fact))?;
        let shape = fact.list()?;
        let label = shape.field(shape.label.as_deref()?)?;
        let known =
            label.kind.options().iter().any(|option| option.code == code) && days(shape).any(|day| day.key == field);
        known.then(|| Self::Day { key: fact.key.clone(), code: code.to_owned(), field: field.to_owned() })
    }
}

/// The fields that date a record.
pub(super) fn days(shape: &ListShape) -> impl Iterator<Item = &Field> {
    [&shape.on, &shape.until].into_iter().flatten().filter_map(|key| shape.field(key))
}

/// `2025年`
fn is_year(period: &str) -> bool {
    period.strip_suffix('年').is_some_and(|year| year.parse::<i32>().is_ok())
}

/// Whether a plain form field can take the fact.
fn is_askable(fact: &Fact) -> bool {
    let by_kind = match &fact.kind {
        FactKind::Text | FactKind::Codes { .. } => false,
        FactKind::List(shape) => shape.label.is_some() && !is_conduct(fact),
        _ => true,
    };
    by_kind && fact.derived.is_none()
}

/// A list of bad things that a 承诺 can declare empty.
pub(super) fn is_conduct(fact: &Fact) -> bool {
    let best = fact.precedence.first();
    fact.list().is_some_and(|shape| shape.field("text").is_none())
        && best.is_some_and(|rank| rank.iter().any(|source| source == CONDUCT_SOURCE))
}

/// Words questions for one library on one day.
#[derive(Debug)]
pub(crate) struct Asker<'a> {
    pub(crate) reference: &'a Reference,
    pub(crate) day: NaiveDate,
    /// The city whose districts are offered.
    pub(crate) city: &'a str,
    /// Condition texts of the library: only codes that some condition names are offered.
    pub(crate) conditions: Vec<&'a str>,
}

impl Asker<'_> {
    /// At most `most` things to ask, the most useful ones, in the order of the catalogue.
    pub(crate) fn choose(&self, wanted: &[Wanted], most: usize) -> Vec<Ask> {
        let mut weights: BTreeMap<Ask, usize> = BTreeMap::new();
        for want in wanted {
            if let Some(ask) = self.ask(&want.fact) {
                let weight = weights.entry(ask).or_default();
                *weight = (*weight).max(want.items);
            }
        }
        let mut asks: Vec<(Ask, usize)> = weights.into_iter().collect();
        asks.sort_by_key(|(ask, weight)| (self.rank(ask), std::cmp::Reverse(*weight), self.order(ask)));
        asks.truncate(most);
        let mut asks: Vec<Ask> = asks.into_iter().map(|(ask, _)| ask).collect();
        asks.sort_by_key(|ask| self.order(ask));
        asks
    }

    /// What is still open about what was ticked: the days of each record, for lists that items wait for.
    pub(crate) fn days(&self, wanted: &[Wanted], answers: &Answers) -> Vec<Ask> {
        let lists = wanted.iter().filter_map(|want| self.reference.catalogue.fact(&want.fact.fact));
        let mut asks = Vec::new();
        for (fact, shape) in lists.filter_map(|fact| Some((fact, fact.list()?))) {
            let ticked = self.offered(shape).filter(|code| answers.has(fact.key.as_str(), code));
            asks.extend(ticked.flat_map(|code| {
                days(shape).map(|day| Ask::Day { key: fact.key.clone(), code: code.to_owned(), field: day.key.clone() })
            }));
        }
        asks.retain(|ask| answers.value(&ask.field()).is_empty());
        asks.dedup();
        asks
    }

    /// First the one promise that settles most, then what the catalogue means for a first check, then the rest.
    fn rank(&self, ask: &Ask) -> u8 {
        match ask {
            Ask::Conduct => 0,
            Ask::Fact { key, year } if self.is_first(key, *year) => 1,
            Ask::Fact { .. } | Ask::Day { .. } => 2,
        }
    }

    fn ask(&self, missing: &MissingFact) -> Option<Ask> {
        let fact = self.reference.catalogue.fact(&missing.fact)?;
        if is_conduct(fact) {
            return Some(Ask::Conduct);
        }
        let year = (fact.period == PeriodKind::Year).then(|| self.year(missing));
        // The form has fields for whole years; a quarter or months of one are asked for elsewhere.
        let is_part = year.is_some() && missing.period.as_ref().is_some_and(|period| !is_year(period));
        (is_askable(fact) && !is_part).then(|| Ask::Fact { key: fact.key.clone(), year })
    }

    /// The year a missing figure is asked for; the last one when its period names none.
    fn year(&self, missing: &MissingFact) -> i32 {
        let digits: Option<String> = missing.period.as_ref().map(|period| period.chars().take(4).collect());
        digits.and_then(|digits| digits.parse().ok()).unwrap_or(self.day.year() - 1)
    }

    /// Earlier years are asked when the last one leaves something open.
    fn is_first(&self, key: &FactKey, year: Option<i32>) -> bool {
        let meant = self.reference.catalogue.fact(key).is_some_and(|fact| fact.ask.is_some());
        meant && year.is_none_or(|year| year == self.day.year() - 1)
    }

    /// `ask` of the catalogue, then the order of the file; conduct last.
    fn order(&self, ask: &Ask) -> (u8, usize, i32) {
        let (key, year) = match ask {
            Ask::Fact { key, year } => (key, *year),
            Ask::Day { key, .. } => (key, None),
            Ask::Conduct => return (u8::MAX, usize::MAX, 0),
        };
        let found = self.reference.catalogue.iter().enumerate().find(|(_, fact)| fact.key == *key);
        let (at, rank) = found.map_or((usize::MAX, None), |(at, fact)| (at, fact.ask));
        (rank.unwrap_or(u8::MAX - 1), at, -year.unwrap_or(0))
    }

    /// The question with what was typed before and what was wrong with it.
    pub(crate) fn question(&self, number: usize, ask: &Ask, answers: &Answers) -> Option<Question> {
        let fact = |key| self.reference.catalogue.fact(key);
        match ask {
            Ask::Conduct => Some(self.conduct(number, answers)),
            Ask::Fact { key, year } => Some(self.about(number, fact(key)?, *year, answers)),
            Ask::Day { key, code, field } => {
                let day = fact(key)?.list()?.field(field)?;
                let field = ask.field();
                Some(Question {
                    number,
                    text: format!("{code}：{}是哪一天？", day.name),
                    help: None,
                    find: fact(key)?.find.clone(),
                    input: Input::Date { value: answers.value(&field).to_owned() },
                    also: None,
                    fault: answers.fault(&field).map(str::to_owned),
                    field,
                })
            }
        }
    }

    fn about(&self, number: usize, fact: &Fact, year: Option<i32>, answers: &Answers) -> Question {
        let field = Ask::Fact { key: fact.key.clone(), year }.field();
        Question {
            number,
            text: text(fact, year),
            help: fact.help.clone(),
            find: fact.find.clone(),
            input: self.input(fact, &field, answers),
            also: Self::also(fact, answers),
            fault: answers.fault(&field).map(str::to_owned),
            field,
        }
    }

    fn conduct(&self, number: usize, answers: &Answers) -> Question {
        let names: Vec<&str> =
            self.reference.catalogue.iter().filter(|fact| is_conduct(fact)).map(|fact| fact.name.as_str()).collect();
        let given = answers.value(CONDUCT);
        let choice = |value: &str, label: &str| Choice::new(value, label, given == value);
        Question {
            number,
            text: "以下情况你们都没有过吗？".to_owned(),
            help: Some(format!("{}。选“都没有过”即作为企业承诺，对所有事项一次有效。", names.join("、"))),
            find: Some("湖北信用平台专项信用报告、国家企业信用信息公示系统".to_owned()),
            input: Input::Choices { choices: vec![choice(YES, "都没有过"), choice(NO, "有过，或不确定")] },
            also: None,
            fault: None,
            field: CONDUCT.to_owned(),
        }
    }

    fn also(fact: &Fact, answers: &Answers) -> Option<Also> {
        let moves = matches!(fact.kind, FactKind::Area) && fact.period == PeriodKind::History;
        moves.then(|| {
            let field = format!("{}{STAYED}", fact.key);
            Also { chosen: answers.value(&field) == YES, label: "成立以来一直在这里".to_owned(), field }
        })
    }

    fn input(&self, fact: &Fact, field: &str, answers: &Answers) -> Input {
        let given = answers.value(field);
        match &fact.kind {
            FactKind::Amount => Input::Number { value: given.to_owned(), unit: "万元".to_owned() },
            FactKind::Ratio => Input::Number { value: given.to_owned(), unit: "%".to_owned() },
            FactKind::Integer => Input::Number { value: given.to_owned(), unit: fact.unit.clone() },
            FactKind::Date => Input::Date { value: given.to_owned() },
            FactKind::Bool => Input::Choices {
                choices: vec![Choice::new(YES, "是", given == YES), Choice::new(NO, "不是", given == NO)],
            },
            FactKind::Area => Input::Select { options: self.areas(given) },
            FactKind::Industry => Input::Select { options: self.industries(given) },
            FactKind::List(shape) => Input::Checks {
                choices: self.kinds(shape, field, answers),
                nothing: Choice::new(ANSWERED, "以上都没有", answers.has(field, ANSWERED)),
            },
            kind => {
                let choices: Vec<Choice> = kind
                    .options()
                    .iter()
                    .map(|option| Choice::new(&option.code, &option.code, option.code == given))
                    .collect();
                if choices.len() <= MOST_RADIOS {
                    Input::Choices { choices }
                } else {
                    Input::Select { options: vec![Options { label: None, choices }] }
                }
            }
        }
    }

    /// The city's districts and zones, then everywhere else.
    fn areas(&self, given: &str) -> Vec<Options> {
        let areas = &self.reference.areas;
        let choice = |code: &str, label: &str| Choice::new(code, label, code == given);
        let local = |area: &&rules::reference::Area| {
            areas.contains(self.city, &area.code) && matches!(area.level, AreaLevel::District | AreaLevel::Zone)
        };
        let inside = areas.iter().filter(local).map(|area| choice(&area.code, &area.name)).collect();
        let around = areas.path(self.city).into_iter().filter(|code| *code != self.city).filter_map(|code| {
            let area = areas.get(code)?;
            let label = if area.level == AreaLevel::Nation {
                "其他省市".to_owned()
            } else {
                format!("{}其他城市", area.name)
            };
            Some(choice(code, &label))
        });
        let city = areas.name(self.city).unwrap_or("本市").to_owned();
        vec![
            Options { label: Some(city), choices: inside },
            Options { label: Some("其他地方".to_owned()), choices: around.collect() },
        ]
    }

    /// Divisions below their sections.
    fn industries(&self, given: &str) -> Vec<Options> {
        let mut groups: Vec<Options> = Vec::new();
        for industry in self.reference.industries.iter() {
            match industry.code.len() {
                1 => groups.push(Options { label: Some(industry.name.clone()), choices: Vec::new() }),
                3 if !industry.code.starts_with('@') => {
                    if let Some(group) = groups.last_mut() {
                        group.choices.push(Choice::new(&industry.code, &industry.name, industry.code == given));
                    }
                }
                _ => {}
            }
        }
        groups
    }

    /// The kinds of a list that some condition names.
    fn kinds(&self, shape: &ListShape, field: &str, answers: &Answers) -> Vec<Choice> {
        self.offered(shape).map(|code| Choice::new(code, code, answers.has(field, code))).collect()
    }

    pub(super) fn offered<'s>(&'s self, shape: &'s ListShape) -> impl Iterator<Item = &'s str> {
        let label = shape.label.as_ref().and_then(|label| shape.field(label));
        let named = |word: &str| self.conditions.iter().any(|text| text.contains(word));
        label
            .into_iter()
            .flat_map(|field| field.kind.options())
            .filter(move |option| named(&option.code) || option.aliases.iter().any(|alias| named(alias)))
            .map(|option| option.code.as_str())
    }
}

/// The catalogue's words; 去年 becomes the year it means, and other years are named. Of a list only the first
/// sentence is asked: its days come later.
fn text(fact: &Fact, year: Option<i32>) -> String {
    let asked = match fact.list() {
        Some(_) => fact.question.split_inclusive(['?', '？']).next().unwrap_or(&fact.question),
        None => &fact.question,
    };
    match year {
        Some(year) if asked.contains("去年") => asked.replacen("去年", &format!("{year} 年"), 1),
        Some(year) => format!("{year} 年：{asked}"),
        None => asked.to_owned(),
    }
}
