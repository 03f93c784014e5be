//! Relations as one enterprise is told them: pair by pair, the better item first.

use std::cmp::Ordering;
use std::collections::HashMap;

use chrono::NaiveDate;
use rules::{AmountEstimate, Verdict};
use serde::Serialize;

use super::{Relation, RelationKind};
use crate::matching::Match;
use crate::standing::Standing;

/// One relation of an item in a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ToldRelation {
    pub kind: RelationKind,
    /// Code of the other item; none for an obligation or a common cap.
    pub item: Option<String>,
    /// Code of the one that pays more, where that is known.
    pub better: Option<String>,
    pub words: String,
    /// What the notice says.
    pub wording: Option<String>,
}

/// What is guaranteed, whether the upper end is open, the upper end.
type Rank = (i64, bool, Option<i64>);

/// The matches of one enterprise with what they have to do with each other.
#[derive(Debug)]
pub struct TellRelations<'m> {
    day: NaiveDate,
    /// Whether it is told to an enterprise, or to anybody who reads the item's page.
    personal: bool,
    by_code: HashMap<&'m str, &'m Match<'m>>,
    /// For each item the relations that name it, with the item that states them.
    stated: HashMap<&'m str, Vec<(&'m Match<'m>, &'m Relation)>>,
}

impl<'m> TellRelations<'m> {
    /// From all matches of one enterprise.
    pub fn new(matches: &'m [Match<'m>], day: NaiveDate) -> Self {
        let mut stated: HashMap<&str, Vec<(&Match<'_>, &Relation)>> = HashMap::new();
        for one in matches {
            for relation in &one.entry.item.revision.relations {
                for code in relation.group(&one.entry.item.code) {
                    stated.entry(code).or_default().push((one, relation));
                }
            }
        }
        let by_code = matches.iter().map(|one| (one.entry.item.code.as_str(), one)).collect();
        Self { day, personal: true, by_code, stated }
    }

    /// Without saying what the reader's own enterprise meets: for a page anybody reads.
    pub fn impersonal(self) -> Self {
        Self { personal: false, ..self }
    }

    /// The relations of one item, each pair once, better items first.
    pub fn of(&self, code: &str) -> Vec<ToldRelation> {
        let Some(own) = self.by_code.get(code) else { return Vec::new() };
        let mut told: Vec<(ToldRelation, Option<Rank>)> = Vec::new();
        for (stating, relation) in self.stated.get(code).into_iter().flatten() {
            for (line, other) in self.lines(own, stating, relation) {
                let is_known = |(known, _): &(ToldRelation, Option<Rank>)| {
                    line.item.is_some() && (known.kind, &known.item) == (line.kind, &line.item)
                };
                if !told.iter().any(is_known) {
                    told.push((line, other.map(|other| self.rank(other))));
                }
            }
        }
        told.sort_by(|(one, with), (two, other)| one.kind.cmp(&two.kind).then_with(|| other.cmp(with)));
        told.into_iter().map(|(line, _)| line).collect()
    }

    fn lines<'a>(
        &'a self,
        own: &'a Match<'a>,
        stating: &'a Match<'a>,
        relation: &'a Relation,
    ) -> Vec<(ToldRelation, Option<&'a Match<'a>>)> {
        let line = |item: Option<&str>, better: Option<&str>, words: String| ToldRelation {
            kind: relation.kind,
            item: item.map(str::to_owned),
            better: better.map(str::to_owned),
            words,
            wording: relation.wording.clone(),
        };
        let is_own = |code: &str| code == own.entry.item.code;
        let states = is_own(&stating.entry.item.code);
        let group = relation.group(&stating.entry.item.code);
        let others = || group.iter().filter(|code| !is_own(code)).filter_map(|code| self.by_code.get(code));
        let code = |other: &Match<'_>| other.entry.item.code.clone();
        match relation.kind {
            RelationKind::Obligation => {
                let wording = relation.wording.as_deref().unwrap_or_default();
                vec![(ToldRelation { wording: None, ..line(None, None, format!("享受后要做到:{wording}")) }, None)]
            }
            RelationKind::Cap => {
                let names: String = others().map(|other| title(other)).collect();
                let cap = relation.cap.as_deref().unwrap_or_default();
                vec![(line(None, None, format!("与{names}累计不超过 {cap}")), None)]
            }
            RelationKind::Prerequisite if states => {
                let words = |other: &Match<'_>| self.before(own, other);
                others().map(|other| (line(Some(&code(other)), None, words(other)), Some(*other))).collect()
            }
            RelationKind::Prerequisite => {
                let words = format!("办成后可以再申报{}", title(stating));
                vec![(line(Some(&stating.entry.item.code), None, words), Some(stating))]
            }
            kind => others()
                .map(|other| {
                    let (better, words) = self.pair(kind, own, other);
                    (line(Some(&code(other)), better, words), Some(*other))
                })
                .collect(),
        }
    }

    /// `要先办成《X》:您现在符合条件,可以先申报`
    fn before(&self, own: &Match<'_>, other: &Match<'_>) -> String {
        let lead = format!("要先办成{}", title(other));
        if !self.personal || own.verdict == Some(Verdict::Met) {
            return lead;
        }
        let state = match other.standing {
            Standing::Met => "现在符合条件,可以先申报",
            Standing::AlmostMet => "现在基本符合,确认后可以先申报",
            Standing::Near => "现在还差一点",
            Standing::MissingInformation => "还缺信息,补齐后才知道能不能办",
            Standing::NotFullyRecorded => "能不能办请对照官方原文",
            Standing::NotMet => "现在不符合条件",
            Standing::NotOpen => "现在没有开放",
        };
        format!("{lead}:{state}")
    }

    /// Two items of which one is to be chosen, with the code of the better one.
    fn pair<'a>(&self, kind: RelationKind, own: &'a Match<'a>, other: &'a Match<'a>) -> (Option<&'a str>, String) {
        let lead = match kind {
            RelationKind::PerProject => format!("同一个项目不能和{}重复享受", title(other)),
            RelationKind::PerLoan => format!("同一笔贷款不能和{}重复享受", title(other)),
            _ => format!("与{}就高不重复,只能享受一项", title(other)),
        };
        if self.personal && other.verdict == Some(Verdict::NotMet) {
            return (None, format!("{lead};现在不符合那一项,不影响本项"));
        }
        let (Some(mine), Some(theirs)) = (&own.amount, &other.amount) else {
            return (None, format!("{lead};金额要核定后才能比较"));
        };
        let is_mine = self.rank(own) >= self.rank(other);
        let (first, second) = if is_mine { (mine, theirs) } else { (theirs, mine) };
        let (name_first, name_second) =
            if is_mine { ("本项".to_owned(), title(other)) } else { (title(other), "本项".to_owned()) };
        let better = if is_mine { own } else { other };
        if mine.is_exact() && theirs.is_exact() && mine.low == theirs.low {
            return (None, format!("{lead};两项一样,都是 {}", mine.display));
        }
        let verdict =
            if is_surely_more(first, second) { "更高" } else { "保底更高,最终高低要看待补的信息" };
        let words = format!(
            "{lead}:{name_first} {}{} {verdict},{name_second} {}{}",
            first.display,
            self.doubt(better),
            second.display,
            self.doubt(if is_mine { other } else { own }),
        );
        (Some(&better.entry.item.code), words)
    }

    fn doubt(&self, one: &Match<'_>) -> &'static str {
        if one.entry.is_selective(self.day) { "(择优,不保证拿到)" } else { "" }
    }

    /// By what is guaranteed, then by what is possible. Of a competitive item nothing is guaranteed.
    fn rank(&self, one: &Match<'_>) -> Rank {
        let Some(amount) = &one.amount else { return (-1, false, None) };
        let low = if one.entry.is_selective(self.day) { 0 } else { amount.low };
        (low, amount.high.is_none(), amount.high)
    }
}

fn is_surely_more(first: &AmountEstimate, second: &AmountEstimate) -> bool {
    second.high.is_some_and(|high| first.low.cmp(&high) != Ordering::Less)
}

fn title(one: &Match<'_>) -> String {
    format!("《{}》", one.entry.item.revision.name)
}
