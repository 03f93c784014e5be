//! The effect of a condition nobody has published yet: counts, places, money, and which demand excludes most.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use population::draft::{Demand, Draft, Money};
use population::{Coding, Count, Isa, Plan, Refused, run};
use rules::{Amount, Condition, Context, Core, FactKey, Value, given_words, lower};

use crate::city::{City, WORDS};
use crate::questions::Root;
use crate::standings::{Joined, Standings, Visitor};
use crate::tally::ItemTally;

/// What is asked.
#[derive(Clone, Debug)]
pub struct Proposal {
    pub condition: Condition,
    pub amount: Option<Amount>,
    pub as_of: NaiveDate,
    pub parameters: BTreeMap<String, String>,
    /// Facts to break the counts down by.
    pub by: Vec<FactKey>,
}

/// What it comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    pub enterprises: usize,
    /// The sequence of the change feed it is true for.
    pub seq: i64,
    pub tally: ItemTally,
    /// Without and with each demand of the outermost conjunction.
    pub demands: Vec<Demand>,
    /// By value of each fact asked for; last those of whom nothing single is said.
    pub by: Vec<Vec<(Option<Value>, Count)>>,
    /// What all who meet it are paid, and what all who may are if they do, in 分.
    pub money: Option<(Money, Money)>,
}

impl City {
    /// Asks everybody.
    pub fn effect(&self, proposal: &Proposal) -> Result<Effect, Refused> {
        let Proposal { condition, amount, as_of, parameters, by } = proposal;
        let context = Context { reference: self.reference(), as_of: *as_of, parameters };
        let draft = Draft::new(condition, self.population(), &context, Isa::detect(), self.threads())?;
        let money = amount.as_ref().map(|amount| {
            let answered = draft.answered();
            (draft.money(amount, &answered.met), draft.money(amount, &answered.open))
        });
        Ok(Effect {
            enterprises: self.enterprises(),
            seq: self.seq(),
            tally: self.tally(condition, &context)?,
            demands: draft.effect().demands,
            by: by.iter().map(|fact| draft.by(fact)).collect(),
            money,
        })
    }

    /// How many meet a condition, lack nothing but words, or lack something else.
    fn tally(&self, condition: &Condition, context: &Context<'_>) -> Result<ItemTally, Refused> {
        let mut cores: Vec<Core> = vec![lower(condition, context.reference)];
        cores.extend(given_words(condition, context.reference));
        let waiting = (cores.len() > 1).then_some(0);
        let root = |place| Root { entry: 0, waiting, is_given: place > 0 };
        let roots: Vec<Root> = (0..cores.len()).map(root).collect();
        let plan = Plan::of(&cores, context);
        let coding = Coding::derive(&plan, self.population(), self.threads())?;
        let forms = [cores.len()];
        let joined = || Joined::new(&roots, &forms, Sum::default());
        let parts = run::<WORDS, _>(&plan, &coding, Isa::detect(), self.threads(), joined);
        Ok(parts.into_iter().fold(ItemTally::default(), |sum, part| sum.plus(part.visitor.0)))
    }
}

#[derive(Default)]
struct Sum(ItemTally);

impl<const W: usize> Visitor<W> for Sum {
    fn visit(&mut self, _entry: usize, standings: &Standings<W>) {
        self.0 = self.0.plus(ItemTally::of(standings));
    }
}
