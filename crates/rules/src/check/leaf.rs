//! Checks of single leaves.

use super::Checker;
use crate::reference::{Fact, FactKind, Reference};
use crate::text::names::{NO, Sort, YES, sort};
use crate::tree::{Age, Condition, Contains, Mark, Membership, Operator, Place, Residence, Unconfirmed};
use crate::value::FactKey;

impl<'a> Checker<'a> {
    pub(super) fn leaf(&mut self, leaf: &Condition, path: &str) {
        match leaf {
            Condition::Compare(comparison) => self.comparison(comparison, path, false),
            Condition::Each(each) => self.each(each, path),
            Condition::Age(age) => self.age(age, path),
            Condition::Membership(membership) => self.membership(membership, path),
            Condition::Contains(contains) => self.contains(contains, path),
            Condition::Place(place) => self.place(place, path),
            Condition::Residence(residence) => self.residence(residence, path),
            Condition::Records(records) => self.records(records, path),
            Condition::Attestation(text) | Condition::Manual(text) | Condition::Mark(Mark::Preference(text)) => {
                self.wording(text, path);
            }
            Condition::Unconfirmed(Unconfirmed { sentence, .. }) => self.wording(sentence, path),
            _ => {}
        }
    }

    fn wording(&mut self, text: &str, path: &str) {
        if text.trim().is_empty() {
            self.error(path, "承诺、人工、优先、待确认的文字是空的", "写上原文要求,如 承诺「未拖欠职工工资」");
        }
        if text.contains(['「', '」', '“', '”']) {
            self.error(path, "文字里不能再用「」或引号", "改用『』或删去引号");
        }
    }

    /// The fact, if it exists and is of one of the sorts.
    pub(super) fn fact_of(&mut self, key: &FactKey, sorts: &[Sort], wanted: &str, path: &str) -> Option<&'a Fact> {
        let reference: &'a Reference = self.reference;
        let Some(fact) = reference.catalogue.fact(key) else {
            self.unknown_fact(key, path);
            return None;
        };
        if sorts.contains(&sort(&fact.kind)) {
            return Some(fact);
        }
        let message = format!("「{}」不是{wanted}", fact.name);
        self.error(path, message, "换成合适的事实,或改用与它相配的写法");
        None
    }

    fn unknown_fact(&mut self, key: &FactKey, path: &str) {
        let near = self.reference.catalogue.nearest(key.as_str()).map(str::to_owned);
        let remedy = near.map_or_else(|| "事实名称见事实目录".to_owned(), |near| format!("是不是「{near}」?"));
        self.error(path, format!("事实目录里没有「{key}」"), remedy);
    }

    fn age(&mut self, age: &Age, path: &str) {
        self.fact_of(&age.fact, &[Sort::Date], "日期", path);
        self.age_operator(age.operator, path);
    }

    pub(super) fn age_operator(&mut self, operator: Operator, path: &str) {
        if matches!(operator, Operator::Equal | Operator::Differs) {
            self.error(path, "时长只能用 满、超过、不超过、不满", "改用这四个词之一");
        }
    }

    fn membership(&mut self, membership: &Membership, path: &str) {
        let Membership { fact, values, .. } = membership;
        let sorts = [Sort::Code, Sort::Flag, Sort::Industry];
        let Some(fact) = self.fact_of(fact, &sorts, "代码、是否或行业", path) else { return };
        if values.is_empty() {
            self.error(path, "集合是空的", "至少写一个取值");
        }
        self.values(&fact.kind, &fact.name, values, path);
        let options = fact.kind.options();
        let all =
            matches!(fact.kind, FactKind::Code { .. }) && options.iter().all(|option| values.contains(&option.code));
        if all || matches!(fact.kind, FactKind::Bool) && values.len() > 1 {
            let always = if membership.negated { "永远不成立" } else { "永远成立" };
            self.error(
                path,
                format!("列出了「{}」的全部取值,条件{always}", fact.name),
                "删去这个条件,或只留下要求的取值",
            );
        }
    }

    /// Values that the kind does not know.
    pub(super) fn values(&mut self, kind: &FactKind, name: &str, values: &[String], path: &str) {
        let reference = self.reference;
        for value in values {
            let known = match kind {
                FactKind::Bool => [YES, NO].contains(&value.as_str()),
                FactKind::Area => reference.areas.get(value).is_some(),
                FactKind::Industry => reference.industries.find(value).as_deref() == Some(value),
                FactKind::Code { options, .. } | FactKind::Codes { options } => {
                    options.iter().any(|option| option.code == *value)
                }
                _ => true,
            };
            if !known {
                let near = match kind {
                    FactKind::Area => reference.areas.nearest(value),
                    FactKind::Industry => reference.industries.nearest(value),
                    kind => crate::reference::nearest(value, kind.options().iter().map(|option| option.code.as_str())),
                };
                let remedy = near.map_or_else(|| "请核对取值".to_owned(), |near| format!("是不是「{near}」?"));
                self.error(path, format!("「{name}」没有「{value}」这个取值"), remedy);
            }
        }
        for (index, value) in values.iter().enumerate() {
            if values[..index].contains(value) {
                self.warning(path, format!("「{value}」写了两次"), "删去一个");
            }
        }
    }

    fn contains(&mut self, contains: &Contains, path: &str) {
        self.fact_of(&contains.fact, &[Sort::Text], "文字", path);
        if contains.words.is_empty() || contains.words.iter().any(|word| word.trim().is_empty()) {
            self.error(path, "「含」后面有空的词", "写上要找的词");
        }
    }

    fn place(&mut self, Place { fact, areas, .. }: &Place, path: &str) {
        self.fact_of(fact, &[Sort::Area], "地点", path);
        if areas.is_empty() {
            self.error(path, "地区是空的", "至少写一个地区");
        }
        self.values(&FactKind::Area, "地区", areas, path);
        let tree = &self.reference.areas;
        let inside = areas.iter().flat_map(|outer| areas.iter().map(move |inner| (outer, inner)));
        let redundant: Vec<String> = inside
            .filter(|(outer, inner)| outer != inner && tree.contains(outer, inner) && !tree.contains(inner, outer))
            .map(|(outer, inner)| {
                let name = |code: &String| tree.name(code).unwrap_or_default().to_owned();
                format!("「{}」已经包含「{}」", name(outer), name(inner))
            })
            .collect();
        for message in redundant {
            self.warning(path, message, "删去被包含的地区");
        }
    }

    fn residence(&mut self, residence: &Residence, path: &str) {
        self.fact_of(&residence.fact, &[Sort::Area], "地点", path);
        self.values(&FactKind::Area, "地区", std::slice::from_ref(&residence.area), path);
        self.age_operator(residence.operator, path);
    }
}
