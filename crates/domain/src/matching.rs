//! One profile against every item of the library. The only place where item, call and rule meet.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{Datelike, NaiveDate};
use rules::program::{ConditionId, Evaluator, Scratch};
use rules::{
    Amount, AmountEstimate, Condition, Context, Core, Explanation, Problem, Profile, Program, Reference, Verdict,
};

use crate::call::Call;
use crate::id::{ItemId, PolicyId};
use crate::item::{Coverage, Item, ItemRevision, Mode};
use crate::policy::Policy;
use crate::standing::{Standing, is_told, standing};
use crate::window::{Window, governing_call, window};

/// The library made ready to be decided: each condition parsed and lowered once.
#[derive(Debug)]
pub struct Matcher {
    entries: Vec<Entry>,
    by_code: HashMap<String, usize>,
    /// All conditions as one program: what several of them ask is asked once.
    evaluator: Evaluator,
    /// The condition of each entry in the program.
    conditions: Vec<Option<ConditionId>>,
}

/// The as-of day and the parameters an item is judged with.
type Judging = (NaiveDate, BTreeMap<String, String>);

/// One item with everything its verdict depends on.
#[derive(Debug)]
pub struct Entry {
    pub policy: Policy,
    pub item: Item,
    pub calls: Vec<Call>,
    pub rule: Option<Rule>,
    /// How much it pays, where the item says so.
    pub amount: Option<Amount>,
}

/// A condition in its forms: one to explain, one to decide, and those to decide once words are given.
#[derive(Debug)]
pub struct Rule {
    pub condition: Condition,
    pub core: Core,
    /// Met by whoever lacks nothing but a 承诺 or a confirmation: [`rules::given_words`].
    pub given_words: Vec<Core>,
}

/// An item whose stored condition or amount no longer reads under today's catalogue; it is treated as not recorded.
#[derive(Clone, Debug)]
pub struct UnreadableRule {
    pub code: String,
    pub problems: Vec<Problem>,
}

/// What one enterprise is told about one item on one day.
#[derive(Clone, Debug)]
pub struct Match<'a> {
    pub entry: &'a Entry,
    pub standing: Standing,
    pub window: Window,
    /// The day the condition was judged for: the call's 评价基准日, else the day of evaluation.
    pub as_of: NaiveDate,
    pub verdict: Option<Verdict>,
    /// What the enterprise can expect of a fully recorded item that it meets or may meet.
    pub amount: Option<AmountEstimate>,
    /// Present where reasons were asked for or the standing needed them.
    pub explanation: Option<Explanation>,
}

impl Rule {
    pub fn read(text: &str, reference: &Reference) -> Result<Self, Vec<Problem>> {
        let condition = rules::text::parse(text, reference)?;
        let core = rules::lower(&condition, reference);
        let given_words = rules::given_words(&condition, reference);
        Ok(Self { condition, core, given_words })
    }

    /// Whether an open condition would be met once words are given.
    fn waits_for_words(&self, profile: &Profile, context: &Context<'_>, year: i32) -> bool {
        let met = |core: &Core| rules::decide_in_year(core, profile, context, year) == Verdict::Met;
        self.given_words.iter().any(met)
    }
}

impl Matcher {
    /// Joins policies, items and calls; an item of an absent policy is left out.
    pub fn new(
        policies: Vec<Policy>,
        items: Vec<Item>,
        calls: Vec<Call>,
        reference: &Reference,
    ) -> (Self, Vec<UnreadableRule>) {
        let policies: HashMap<PolicyId, Policy> = policies.into_iter().map(|policy| (policy.id, policy)).collect();
        let mut calls_of: BTreeMap<ItemId, Vec<Call>> = BTreeMap::new();
        for call in calls {
            calls_of.entry(call.item).or_default().push(call);
        }
        let mut unreadable = Vec::new();
        let mut entries = Vec::with_capacity(items.len());
        for item in items {
            let Some(policy) = policies.get(&item.policy).cloned() else { continue };
            let mut note = |problems| unreadable.push(UnreadableRule { code: item.code.clone(), problems });
            let rule = read_rule(&item.revision, reference).map_err(&mut note).ok().flatten();
            let amount = read_amount(&item.revision, reference).map_err(note).ok().flatten();
            entries.push(Entry { policy, calls: calls_of.remove(&item.id).unwrap_or_default(), item, rule, amount });
        }
        entries.sort_by(|a, b| a.item.code.cmp(&b.item.code));
        let by_code = entries.iter().enumerate().map(|(at, entry)| (entry.item.code.clone(), at)).collect();
        let mut program = Program::new();
        let rules = entries.iter().map(|entry| entry.rule.as_ref());
        let conditions = rules.map(|rule| rule.map(|rule| program.add(&rule.core))).collect();
        (Self { entries, by_code, evaluator: Evaluator::new(program, reference), conditions }, unreadable)
    }

    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub fn find(&self, code: &str) -> Option<&Entry> {
        self.by_code.get(code).map(|at| &self.entries[*at])
    }

    /// Every item with its standing, in the order of lists: best standing, then what closes first.
    /// Explanations only where the standing needs one.
    pub fn match_all<'a>(&'a self, profile: &Profile, reference: &Reference, day: NaiveDate) -> Vec<Match<'a>> {
        let verdicts = self.verdicts(profile, reference, day);
        let judged = self.entries.iter().zip(verdicts);
        let mut matches: Vec<_> =
            judged.map(|(entry, verdict)| entry.judge(verdict, profile, reference, day)).collect();
        sort(&mut matches);
        matches
    }

    /// The verdict of every entry that has a condition, in the order of the entries. Entries judged for the same day
    /// with the same parameters share their answers.
    pub fn verdicts(&self, profile: &Profile, reference: &Reference, day: NaiveDate) -> Vec<Option<Verdict>> {
        let mut together: BTreeMap<Judging, Vec<(usize, ConditionId)>> = BTreeMap::new();
        for (at, (entry, condition)) in self.entries.iter().zip(&self.conditions).enumerate() {
            if let Some(condition) = condition {
                let context = (entry.as_of(day), entry.parameters(day));
                together.entry(context).or_default().push((at, *condition));
            }
        }
        let mut verdicts = vec![None; self.entries.len()];
        let mut scratch = Scratch::default();
        let mut reader = self.evaluator.read(profile, &mut scratch);
        for ((as_of, parameters), members) in &together {
            let context = Context { reference, as_of: *as_of, parameters };
            let mut judge = reader.on(&context);
            for (at, condition) in members {
                verdicts[*at] = Some(judge.verdict(*condition));
            }
        }
        verdicts
    }

    /// One item with every reason, and behind it the items it has to do with.
    pub fn explain_one<'a>(
        &'a self,
        entry: &'a Entry,
        profile: &Profile,
        reference: &Reference,
        day: NaiveDate,
    ) -> Vec<Match<'a>> {
        let own = entry.item.code.as_str();
        let groups = self
            .entries
            .iter()
            .flat_map(|entry| entry.item.revision.relations.iter().map(|of| of.group(&entry.item.code)));
        let related: BTreeSet<&str> = groups.filter(|group| group.contains(&own)).flatten().collect();
        let related = related.into_iter().filter(|code| *code != own).filter_map(|code| self.find(code));
        std::iter::once(entry).chain(related).map(|one| one.explain(profile, reference, day)).collect()
    }

    /// Every item with every reason.
    pub fn explain_all<'a>(&'a self, profile: &Profile, reference: &Reference, day: NaiveDate) -> Vec<Match<'a>> {
        let mut matches: Vec<_> = self.entries.iter().map(|entry| entry.explain(profile, reference, day)).collect();
        sort(&mut matches);
        matches
    }
}

fn sort(matches: &mut [Match<'_>]) {
    matches.sort_by(|a, b| {
        (a.standing, a.window.urgency(), &a.entry.item.code).cmp(&(b.standing, b.window.urgency(), &b.entry.item.code))
    });
}

fn read_rule(revision: &ItemRevision, reference: &Reference) -> Result<Option<Rule>, Vec<Problem>> {
    match &revision.condition {
        Some(text) if revision.coverage != Coverage::None => Rule::read(text, reference).map(Some),
        _ => Ok(None),
    }
}

fn read_amount(revision: &ItemRevision, reference: &Reference) -> Result<Option<Amount>, Vec<Problem>> {
    revision.amount.as_deref().map(|text| rules::text::parse_amount(text, reference)).transpose()
}

impl Entry {
    /// Whether meeting the condition is not enough to receive it: competitive, limited in number or with preferences.
    pub fn is_selective(&self, day: NaiveDate) -> bool {
        let revision = &self.item.revision;
        let is_marked = |rule: &Rule| rule.condition.children().iter().any(|part| matches!(part, Condition::Mark(_)));
        revision.mode == Mode::Competitive
            || revision.quota.is_some()
            || governing_call(&self.calls, day).is_some_and(|call| call.quota.is_some())
            || self.rule.as_ref().is_some_and(is_marked)
    }

    /// The window of the item on `day`.
    pub fn window(&self, day: NaiveDate) -> Window {
        window(&self.policy, self.item.status, &self.item.revision, &self.calls, day)
    }

    /// The standing that follows from a verdict; the explanation is made only where the verdict alone does not give it.
    fn judge(&self, verdict: Option<Verdict>, profile: &Profile, reference: &Reference, day: NaiveDate) -> Match<'_> {
        let window = self.window(day);
        let open = is_told(&window);
        if open && matches!(verdict, Some(Verdict::Unknown | Verdict::NotMet)) {
            return self.explain(profile, reference, day);
        }
        let standing = match verdict {
            _ if !open => Standing::NotOpen,
            Some(Verdict::Met) if self.item.revision.coverage == Coverage::Full => Standing::Met,
            _ => Standing::NotFullyRecorded,
        };
        let amount = self.estimate(standing, profile, reference, day);
        Match { entry: self, standing, window, as_of: self.as_of(day), verdict, amount, explanation: None }
    }

    /// Verdict and standing with every reason.
    pub fn explain(&self, profile: &Profile, reference: &Reference, day: NaiveDate) -> Match<'_> {
        self.explain_in_year(profile, reference, day, self.as_of(day).year())
    }

    /// The same with 上年度, 近N年 and 当年 counted from another year: [`crate::turn`].
    pub(crate) fn explain_in_year(
        &self,
        profile: &Profile,
        reference: &Reference,
        day: NaiveDate,
        year: i32,
    ) -> Match<'_> {
        let window = self.window(day);
        let explanation = self.rule.as_ref().map(|rule| {
            self.in_context(reference, day, |cx| {
                rules::explain_in_year(&rule.condition, profile, cx, &self.item.revision.sentences, year)
            })
        });
        let verdict = explanation.as_ref().map(|explanation| explanation.verdict);
        let waits = verdict == Some(Verdict::Unknown)
            && self
                .rule
                .as_ref()
                .is_some_and(|rule| self.in_context(reference, day, |cx| rule.waits_for_words(profile, cx, year)));
        let standing = standing(self.item.revision.coverage, &window, explanation.as_ref(), waits);
        let amount = self.estimate(standing, profile, reference, day);
        Match { entry: self, standing, window, as_of: self.as_of(day), verdict, amount, explanation }
    }

    /// The amount for whoever may have the item. What is not fully recorded, not met or not open names none.
    fn estimate(
        &self,
        standing: Standing,
        profile: &Profile,
        reference: &Reference,
        day: NaiveDate,
    ) -> Option<AmountEstimate> {
        let amount =
            self.amount.as_ref().filter(|_| standing.is_match() || standing == Standing::MissingInformation)?;
        Some(self.in_context(reference, day, |cx| rules::amount::estimate(amount, profile, cx)))
    }

    /// What an older revision of this item would say of the same profile on the same day.
    pub fn verdict_under(
        &self,
        older: &ItemRevision,
        profile: &Profile,
        reference: &Reference,
        day: NaiveDate,
    ) -> Option<Verdict> {
        let rule = read_rule(older, reference).ok().flatten()?;
        Some(self.in_context(reference, day, |cx| rules::decide(&rule.core, profile, cx)))
    }

    /// The day conditions are judged for: the 评价基准日 of the governing call, else `day`.
    pub fn as_of(&self, day: NaiveDate) -> NaiveDate {
        governing_call(&self.calls, day).and_then(|call| call.as_of).unwrap_or(day)
    }

    /// The call's parameters override the item's.
    pub fn parameters(&self, day: NaiveDate) -> BTreeMap<String, String> {
        let mut parameters = self.item.revision.parameters.clone();
        if let Some(call) = governing_call(&self.calls, day) {
            parameters.extend(call.parameters.clone());
        }
        parameters
    }

    pub(crate) fn in_context<T>(
        &self,
        reference: &Reference,
        day: NaiveDate,
        judge: impl FnOnce(&Context<'_>) -> T,
    ) -> T {
        judge(&Context { reference, as_of: self.as_of(day), parameters: &self.parameters(day) })
    }
}
