//! Made-up rules that three languages can say, drawn from the catalogue.

use domain::synthetic::Stream;
use rules::reference::{AreaLevel, Fact, FactKind, PeriodKind, Reference};

/// What rules ask about.
pub(crate) struct Facts {
    pub(crate) amounts: Vec<Named>,
    pub(crate) flags: Vec<Named>,
    pub(crate) codes: Vec<(Named, Vec<String>)>,
    pub(crate) districts: Vec<Named>,
}

/// A key and the name a text uses.
#[derive(Clone)]
pub(crate) struct Named {
    pub(crate) key: String,
    pub(crate) name: String,
}

pub(crate) const PLACE: &str = "place_registered";
const CITY: &str = "420100";
const SIGNS: [&str; 4] = [">=", ">", "<=", "<"];

pub(crate) enum Rule {
    All(Vec<Rule>),
    Any(Vec<Rule>),
    Amount { fact: Named, sign: &'static str, yuan: i64 },
    Flag { fact: Named, wanted: bool },
    Code { fact: Named, wanted: Vec<String>, negated: bool },
    Place { districts: Vec<Named>, negated: bool },
}

impl Facts {
    /// Yearly amounts, flags and codes that stand by themselves, and the city's districts.
    pub(crate) fn of(reference: &Reference) -> Self {
        let of = |accept: fn(&Fact) -> bool| -> Vec<&Fact> {
            reference.catalogue.iter().filter(|fact| fact.derived.is_none() && accept(fact)).collect()
        };
        let named = |fact: &&Fact| Named { key: fact.key.to_string(), name: fact.name.clone() };
        let codes = of(|fact| matches!(fact.kind, FactKind::Code { .. }) && fact.period == PeriodKind::None);
        let districts = reference.areas.iter().filter(|area| area.level == AreaLevel::District);
        let districts = districts.filter(|area| area.parent.as_deref() == Some(CITY));
        Self {
            amounts: of(|fact| matches!(fact.kind, FactKind::Amount) && fact.period == PeriodKind::Year)
                .iter()
                .map(named)
                .collect(),
            flags: of(|fact| matches!(fact.kind, FactKind::Bool) && fact.period == PeriodKind::None)
                .iter()
                .map(named)
                .collect(),
            codes: codes
                .iter()
                .map(|fact| (named(fact), fact.kind.options().iter().map(|option| option.code.clone()).collect()))
                .collect(),
            districts: districts.map(|area| Named { key: area.code.clone(), name: area.name.clone() }).collect(),
        }
    }
}

impl Rule {
    /// One to seven demands, one in six of them a choice of two or three.
    pub(crate) fn draw(facts: &Facts, stream: &mut Stream) -> Self {
        let member = |stream: &mut Stream| {
            if stream.chance(170) {
                let count = stream.between(2, 3);
                return Self::Any((0..count).map(|_| Self::leaf(facts, stream)).collect());
            }
            Self::leaf(facts, stream)
        };
        let count = stream.between(1, 7);
        Self::All((0..count).map(|_| member(stream)).collect())
    }

    fn leaf(facts: &Facts, stream: &mut Stream) -> Self {
        match stream.between(0, 9) {
            0 => Self::Flag { fact: stream.pick(&facts.flags).clone(), wanted: !stream.chance(200) },
            1 | 2 => {
                let (fact, options) = stream.pick(&facts.codes).clone();
                let count = stream.between(1, 3);
                let wanted = (0..count).map(|_| stream.pick(&options).clone()).collect();
                Self::Code { fact, wanted, negated: stream.chance(300) }
            }
            3 => {
                let count = stream.between(1, 4);
                let districts = (0..count).map(|_| stream.pick(&facts.districts).clone()).collect();
                Self::Place { districts, negated: stream.chance(200) }
            }
            _ => Self::Amount {
                fact: stream.pick(&facts.amounts).clone(),
                sign: *stream.pick::<&str>(&SIGNS),
                yuan: stream.between(1, 60) * 1_000_000,
            },
        }
    }

    /// As officials write it.
    pub(crate) fn ours(&self) -> String {
        let joined = |rules: &[Self], word: &str| rules.iter().map(Self::ours).collect::<Vec<_>>().join(word);
        let verb = |negated: &bool| if *negated { "不属于" } else { "属于" };
        match self {
            Self::All(rules) => joined(rules, " 且 "),
            Self::Any(rules) => format!("( {} )", joined(rules, " 或 ")),
            Self::Amount { fact, sign, yuan } => format!("上年度{} {sign} {yuan}元", fact.name),
            Self::Flag { fact, wanted } => format!("{} 为 {}", fact.name, if *wanted { "是" } else { "否" }),
            Self::Code { fact, wanted, negated } => {
                let wanted: Vec<String> = wanted.iter().map(|code| format!("「{code}」")).collect();
                format!("{} {} {{{}}}", fact.name, verb(negated), wanted.join(", "))
            }
            Self::Place { districts, negated } => {
                let names: Vec<&str> = districts.iter().map(|area| area.name.as_str()).collect();
                format!("注册地 {} {{{}}}", verb(negated), names.join(", "))
            }
        }
    }

    pub(crate) fn zen(&self) -> String {
        self.spelled(" and ", " or ", "not ")
    }

    pub(crate) fn cel(&self) -> String {
        self.spelled(" && ", " || ", "!")
    }

    /// The two engines differ in three words.
    fn spelled(&self, and: &str, or: &str, not: &str) -> String {
        let joined = |rules: &[Self], word: &str| {
            let members: Vec<String> = rules.iter().map(|rule| rule.spelled(and, or, not)).collect();
            format!("({})", members.join(word))
        };
        let among = |key: &str, values: Vec<&str>, negated: bool| {
            let values: Vec<String> = values.iter().map(|value| format!("\"{value}\"")).collect();
            let among = format!("({key} in [{}])", values.join(", "));
            if negated { format!("({not}{among})") } else { among }
        };
        match self {
            Self::All(rules) => joined(rules, and),
            Self::Any(rules) => joined(rules, or),
            Self::Amount { fact, sign, yuan } => format!("({} {sign} {yuan})", fact.key),
            Self::Flag { fact, wanted } => format!("({} == {wanted})", fact.key),
            Self::Code { fact, wanted, negated } => {
                among(&fact.key, wanted.iter().map(String::as_str).collect(), *negated)
            }
            Self::Place { districts, negated } => {
                among(PLACE, districts.iter().map(|area| area.key.as_str()).collect(), *negated)
            }
        }
    }
}
