//! Whom one item may concern: everybody it is met, open or nearly met for, found by columns before anybody is explained.

use domain::EnterpriseOrdinal;
use domain::matching::Rule;
use population::{Coding, Isa, Listing, Plan, Refused, run};
use rules::{Context, lower_leniently};

use crate::city::City;

impl City {
    /// Everybody an explanation of this item could call anything but a plain 不符合, by ordinal.
    pub fn concerned(&self, rule: &Rule, context: &Context<'_>) -> Result<Vec<EnterpriseOrdinal>, Refused> {
        let lenient = lower_leniently(&rule.condition, context.reference);
        let plan = Plan::of([&lenient], context);
        let coding = Coding::derive(&plan, self.population(), self.threads())?;
        let parts = run::<64, _>(&plan, &coding, Isa::detect(), self.threads(), Listing::default);
        let found = Listing::merged(parts).into_iter().map(|(_, row, _)| self.ordinal(row));
        let mut ordinals: Vec<EnterpriseOrdinal> = found.collect();
        ordinals.sort_unstable();
        Ok(ordinals)
    }
}
