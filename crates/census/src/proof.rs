//! The proof that the city kept up to date is the city read anew: every document, every item, compared pair by pair.

use std::sync::Arc;

use chrono::NaiveDate;
use domain::matching::{Entry, Matcher};
use domain::{EnterpriseOrdinal, Scope};
use roaring::RoaringTreemap;
use rules::{Explanation, Profile};

use crate::city::City;
use crate::error::Error;
use crate::follow::News;
use crate::handle::Census;
use crate::matched::{Matched, number};

/// Enterprises read and matched at once: a few blocks, whatever the size of the city.
const PAGE: u64 = 8_192;
/// Differences explained; more of them have one cause.
const EXPLAINED: usize = 20;

/// A pair of which memory and database say different things.
#[derive(Clone, Debug)]
pub struct Difference {
    pub item: String,
    pub enterprise: EnterpriseOrdinal,
    pub uscc: String,
    /// Whether it matches in the city kept up to date; read anew it is the other way round.
    pub matched: bool,
    /// By the profile in memory; `None` where there is none. If it says what the database says, the bits are wrong.
    pub in_memory: Option<Explanation>,
    /// By the profile in the database.
    pub in_database: Option<Explanation>,
}

/// What a comparison came to.
#[derive(Clone, Debug)]
pub struct Proof {
    /// The sequence of the change feed both were true for.
    pub seq: i64,
    pub enterprises: usize,
    pub items: usize,
    pub differing: u64,
    /// The first of them.
    pub differences: Vec<Difference>,
}

impl Census {
    /// Compares the city with everything read anew. `None` where the library changed meanwhile: ask again. A city that
    /// differs is given up, with its file, and read anew by whoever asks next.
    pub async fn prove(&self, day: NaiveDate) -> Result<Option<Proof>, Error> {
        self.follow(day).await?;
        let kept = self.ask(|city| (Arc::clone(city.matcher()), city.seq(), city.enterprises(), Matched::of(city)));
        let (matcher, seq, enterprises, kept) = kept.await?;
        let fresh = self.read_anew(&matcher, day, seq).await?;
        let news = News::since(self.store(), seq).await?;
        if news.is_library_changed {
            return Ok(None);
        }
        let moved: RoaringTreemap = news.enterprises.into_iter().map(number).collect();
        let pairs = differing(&kept, &fresh, &moved);
        let mut differences = Vec::new();
        for (place, ordinal, matched) in pairs.iter().take(EXPLAINED) {
            differences.push(self.explained(&matcher.entries()[*place], *ordinal, *matched, day).await?);
        }
        if !pairs.is_empty() {
            self.give_up();
        }
        let items = kept.0.iter().flatten().count();
        let proof = Proof { seq, enterprises, items, differing: pairs.len() as u64, differences };
        self.note(&proof);
        Ok(Some(proof))
    }

    async fn read_anew(&self, matcher: &Arc<Matcher>, day: NaiveDate, seq: i64) -> Result<Matched, Error> {
        let mut fresh = Matched::nobody(matcher.entries().len());
        let mut after: Option<EnterpriseOrdinal> = None;
        loop {
            let page = self.store().page_enterprises(&Scope::System, after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(fresh) };
            after = Some(last.ordinal);
            let (matcher, reference) = (Arc::clone(matcher), Arc::clone(self.store().reference()));
            let threads = self.threads();
            let matched = tokio::task::spawn_blocking(move || {
                let mut part = City::empty(matcher, reference, day, seq, threads);
                for enterprise in &page {
                    part.add(enterprise.ordinal, enterprise.revision, &enterprise.profile);
                }
                part.settle()?;
                Ok::<_, Error>(Matched::of(&part))
            });
            fresh.add(matched.await??);
        }
    }

    async fn explained(
        &self,
        entry: &Entry,
        ordinal: EnterpriseOrdinal,
        matched: bool,
        day: NaiveDate,
    ) -> Result<Difference, Error> {
        let in_memory = self.ask(move |city| city.profile(ordinal)).await?;
        let in_database = self.store().find_enterprise_by_ordinal(&Scope::System, ordinal).await?;
        let reference = self.store().reference();
        let explain = |profile: &Profile| entry.explain(profile, reference, day).explanation;
        Ok(Difference {
            item: entry.item.code.clone(),
            enterprise: ordinal,
            uscc: in_database.as_ref().map(|found| found.profile.uscc.clone()).unwrap_or_default(),
            matched,
            in_memory: in_memory.as_ref().and_then(explain),
            in_database: in_database.as_ref().and_then(|found| explain(&found.profile)),
        })
    }
}

/// Entry, enterprise and whether it matches in `kept`, of all that differ and have not moved since.
fn differing(kept: &Matched, fresh: &Matched, moved: &RoaringTreemap) -> Vec<(usize, EnterpriseOrdinal, bool)> {
    let mut pairs = Vec::new();
    for (place, (kept, fresh)) in kept.0.iter().zip(&fresh.0).enumerate() {
        let (Some(kept), Some(fresh)) = (kept, fresh) else { continue };
        let differ = ((&kept.met ^ &fresh.met) | (&kept.almost ^ &fresh.almost)) - moved;
        let ordinal = |number: u64| EnterpriseOrdinal(i64::try_from(number).unwrap_or(i64::MAX));
        pairs.extend(differ.iter().map(ordinal).map(|ordinal| (place, ordinal, kept.holds(ordinal))));
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matched::Sets;

    #[test]
    fn every_bit_that_differs_is_found_unless_its_enterprise_has_moved() {
        let sets = |met: &[u64], almost: &[u64]| {
            Some(Sets { met: met.iter().copied().collect(), almost: almost.iter().copied().collect() })
        };
        let kept = Matched(vec![sets(&[1, 2, 3], &[7]), None, sets(&[1], &[])]);
        assert!(differing(&kept, &kept.clone(), &RoaringTreemap::new()).is_empty());
        let fresh = Matched(vec![sets(&[1, 3, 4], &[]), None, sets(&[], &[1])]);
        let moved: RoaringTreemap = [4].into_iter().collect();
        let found = differing(&kept, &fresh, &moved);
        let expected = [(0, 2, true), (0, 7, true), (2, 1, true)];
        assert_eq!(found, expected.map(|(place, number, kept)| (place, EnterpriseOrdinal(number), kept)));
    }
}
