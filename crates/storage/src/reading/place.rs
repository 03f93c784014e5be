//! Since when a place has been in an area without a break.
//!
//! Entries of one source do not overlap. So going back from the present one, from entry to the entry that ends where it
//! begins, stops at the latest entry in the area that has no such entry before it.

use rules::number::Rational;
use rules::tree::When;
use rules::{FactKey, FactKind};

use super::interval::{End, Interval};
use super::leaf::{LATEST_DAY, begins, ends, step};
use super::number::Num;
use super::sql::{Layers, Sql, sql};
use super::{Reader, Stop};

impl Reader<'_> {
    pub(super) fn held_since(&mut self, key: &FactKey, area: &str) -> Result<Interval, Stop> {
        let Some(fact) = self.fact(key).cloned() else { return Ok(Interval::unknown()) };
        if !matches!(fact.kind, FactKind::Area) {
            return Err(Stop::refused(format!("「{}」", fact.name), "不是地点", "改用注册地等地点事实"));
        }
        let engine = self.engine;
        let path = step(fact.key.as_str())?;
        let within = self.area_verdict("j.value ->> 'value'", &[area.to_owned()]);
        let stays = format!(
            "SELECT CASE WHEN j.value ->> 'value' IS NULL THEN 0 ELSE {within} END AS w, {} AS f, {} AS t, \
             j.value ->> 'source' AS src FROM {}",
            begins("j.value"),
            ends("j.value", engine),
            engine.elements(&["facts", &path]),
        );
        // The entries that count now, as stays.
        let entries = self.entries(&fact, When::Now, None)?;
        let now_within = self.area_verdict("n.x", &[area.to_owned()]);
        let now = format!(
            "SELECT CASE WHEN n.x IS NULL THEN 0 ELSE {now_within} END AS w, {} AS f, n.e ->> 'source' AS src \
             FROM ({entries}) AS n",
            begins("n.e"),
        );
        let start = "SELECT max(COALESCE(p.f, '')) FROM stays AS p WHERE p.src = n.src AND p.w > 0 AND \
                     COALESCE(p.f, '') <= n.f AND NOT EXISTS (SELECT 1 FROM stays AS b WHERE b.src = p.src AND \
                     b.t = p.f AND COALESCE(b.f, '') < p.f AND b.w > 0)";
        let doubtful = "EXISTS (SELECT 1 FROM stays AS u WHERE u.src = n.src AND u.w = 1 AND COALESCE(u.f, '') >= \
                        n.start AND COALESCE(u.f, '') < n.f)";
        let day = engine.days("start");
        let state = "CASE WHEN count(*) = 0 OR max(vague) = 1 THEN 1 WHEN max(w) = 0 THEN 0 WHEN min(w) = 0 THEN 1 \
                     ELSE 2 END";
        let packed = engine.pack(&[state.to_owned(), "min(day)".to_owned(), "max(day)".to_owned()]);
        let packed = self.layers.name(Layers::read(format!(
            "(WITH stays AS ({stays}) SELECT {packed} FROM (SELECT w, vague, CASE WHEN w = 2 AND vague = 0 THEN {day} \
             END AS day FROM (SELECT n.w, n.start, CASE WHEN n.w = 1 OR n.w = 2 AND (COALESCE(n.start, '') = '' OR \
             {doubtful}) THEN 1 ELSE 0 END AS vague FROM (SELECT n.w, n.f, n.src, ({start}) AS start FROM ({now}) AS n) \
             AS n) AS n) AS n)"
        )));
        let mut part = |place| {
            let part = engine.unpack(&packed.to_string(), place);
            self.layers.name(Sql::of(part, &[&packed]))
        };
        let (state, low, high) = (sql!("{}", part(0)), part(1), part(2));
        let end = |sql: Sql| End::whole(Num::within(LATEST_DAY, sql));
        Ok(Interval { state, unit: Rational::whole(1), low: end(low), high: end(high) })
    }
}
