//! Terms as intervals of columns.

use chrono::NaiveDate;
use rules::bulk::{Amount, latest_start};
use rules::number::Rational;
use rules::program::{TermId, TermNode};
use rules::tree::{Arithmetic, Fold, When, Year};
use rules::{FactKey, Period};

use super::interval::{End, Interval, KNOWN, NOT_APPLICABLE, Reckoner, UNKNOWN, Without};
use super::leaf::{ABSENT, Stated};
use super::number::{Num, Numbers};
use super::sql::{Sql, all, sql};
use super::{Reader, Stop};

/// A member of a fold, and whether it is left out.
type Member = (Option<Sql>, Interval);

impl Reader<'_> {
    pub(super) fn reckoner(&mut self) -> Reckoner<'_> {
        Reckoner { numbers: Numbers(self.engine), layers: &mut self.layers }
    }

    /// The columns of a term, made once.
    pub(super) fn term(&mut self, id: TermId) -> Result<Interval, Stop> {
        if let Some(known) = self.terms.get(&id) {
            return Ok(known.clone());
        }
        let program = self.program;
        let interval = match program.term(id) {
            Some(node) => self.interval(node)?,
            None => Interval::unknown(),
        };
        self.terms.insert(id, interval.clone());
        Ok(interval)
    }

    fn interval(&mut self, node: &TermNode) -> Result<Interval, Stop> {
        match node {
            TermNode::Number(number) => Ok(Interval::exactly(number)),
            TermNode::Date(date) => Ok(day(*date)),
            TermNode::Undefined => Ok(Interval::unknown()),
            TermNode::LatestStart { duration, by_yesterday, until } => {
                Ok(match latest_start(*duration, *by_yesterday, *until, self.context.as_of) {
                    Amount::Known(range) => range.exact().map_or_else(Interval::unknown, Interval::exactly),
                    Amount::NotApplicable | Amount::Unknown => Interval::unknown(),
                })
            }
            TermNode::YearEnd(year) => {
                let next = year.resolve(self.context.as_of).saturating_add(1);
                Ok(NaiveDate::from_ymd_opt(next, 1, 1).map_or_else(Interval::unknown, day))
            }
            TermNode::Fact { fact, when, source, derived, in_window } => {
                let derived = derived.map(|derived| self.term(derived)).transpose()?;
                self.stated_or_derived(fact, *when, source.as_deref(), derived, *in_window)
            }
            TermNode::HeldSince { fact, area } => self.held_since(fact, area),
            TermNode::Parameter { name, year } => self.parameter(name, *year),
            TermNode::Tally(tally) => self.tally(tally),
            TermNode::Fold { fold, years } => self.fold(*fold, years),
            TermNode::Quotient { now, base } => {
                let (now, base) = (self.term(*now)?, self.term(*base)?);
                self.reckoner().divide(&now, &base, true)
            }
            TermNode::Power { base, exponent } => {
                let base = self.term(*base)?;
                self.reckoner().power(&base, *exponent)
            }
            TermNode::Choice(rows) => self.choice(rows),
            TermNode::Arithmetic { left, operator, right } => {
                let (left, right) = (self.term(*left)?, self.term(*right)?);
                let mut reckoner = self.reckoner();
                match operator {
                    Arithmetic::Plus => reckoner.add(&left, &right),
                    Arithmetic::Minus => {
                        let right = reckoner.negated(&right)?;
                        reckoner.add(&left, &right)
                    }
                    Arithmetic::Times => reckoner.multiply(&left, &right),
                    Arithmetic::Over => reckoner.divide(&left, &right, false),
                }
            }
        }
    }

    /// A fact as stated, or as it follows from others; of a firm founded later a single figure does not apply, one of a
    /// window is unknown.
    fn stated_or_derived(
        &mut self,
        key: &FactKey,
        when: When,
        source: Option<&str>,
        derived: Option<Interval>,
        in_window: bool,
    ) -> Result<Interval, Stop> {
        let Some(Stated { state, values }) = self.stated(key, when, source)? else { return Ok(Interval::unknown()) };
        let end = when.period(self.context.as_of).and_then(|period| period.to);
        let before = match end {
            Some(end) => self.founded_from(end)?,
            None => false.into(),
        };
        let absent = match &derived {
            None if in_window => Sql::fixed(UNKNOWN),
            None => sql!("CASE WHEN {} THEN {} ELSE {} END", before, Sql::fixed(NOT_APPLICABLE), Sql::fixed(UNKNOWN)),
            Some(derived) if in_window => {
                let lost = all(vec![before, sql!("{} = {}", derived.state, Sql::fixed(NOT_APPLICABLE))]);
                sql!("CASE WHEN {} THEN {} ELSE {} END", lost, Sql::fixed(UNKNOWN), derived.state)
            }
            Some(derived) => derived.state.clone(),
        };
        let is_absent = sql!("{} = {}", state, Sql::fixed(ABSENT));
        let state = sql!("CASE WHEN {} THEN {} ELSE {} END", is_absent, absent, state);
        let mut reckoner = self.reckoner();
        let Some(derived) = derived else { return Ok(reckoner.named(Interval { state, ..values })) };
        let (values, derived) = together(&reckoner, values, derived)?;
        let end = |stated: &End, derived: &End| {
            let either = |one: &Num, two: &Num| {
                Num::within(
                    one.most.max(two.most),
                    sql!("CASE WHEN {} THEN {} ELSE {} END", is_absent, one.sql, two.sql),
                )
            };
            let is_whole = stated.d.is_none() && derived.d.is_none();
            let d = (!is_whole).then(|| either(&derived.denominator(), &stated.denominator()));
            End { n: either(&derived.n, &stated.n), d, open: derived.open }
        };
        let (low, high) = (end(&values.low, &derived.low), end(&values.high, &derived.high));
        Ok(reckoner.named(Interval { state, unit: values.unit, low, high }))
    }

    fn fold(&mut self, fold: Fold, years: &[(Option<Year>, TermId)]) -> Result<Interval, Stop> {
        let mut members = Vec::with_capacity(years.len());
        for (left_out, term) in years {
            let left_out = match left_out {
                Some(year) => self.is_left_out(*year)?,
                None => None,
            };
            members.push((left_out, self.term(*term)?));
        }
        let unit = self.share_unit(&mut members)?;
        let mut total = match fold {
            Fold::Sum | Fold::Mean => self.sum(&members)?,
            Fold::Least | Fold::Greatest => self.outermost(fold == Fold::Least, &members, &unit)?,
        };
        total.state = self.counted_state(&members);
        if fold == Fold::Mean {
            total = self.shared_among(total, &members)?;
        }
        Ok(self.reckoner().named(total))
    }

    /// Whether a firm was certainly founded after the year; nothing where that can never be.
    fn is_left_out(&mut self, year: Year) -> Result<Option<Sql>, Stop> {
        let end = Period::year(year.resolve(self.context.as_of)).and_then(|period| period.to);
        let Some(end) = end else { return Ok(None) };
        let left_out = self.founded_from(end)?;
        Ok(Some(self.layers.name(left_out)).filter(|left_out| !left_out.is("FALSE")))
    }

    fn share_unit(&mut self, members: &mut [Member]) -> Result<Rational, Stop> {
        let mut shared: Option<Rational> = None;
        for (_, member) in members.iter() {
            shared = Some(match shared {
                None => member.unit.clone(),
                Some(unit) => Reckoner::common(&unit, &member.unit).2,
            });
        }
        let unit = shared.unwrap_or_else(|| Rational::whole(1));
        for (_, member) in members {
            let (factor, ..) = Reckoner::common(&member.unit, &unit);
            *member = self.reckoner().in_unit(member, &factor, &unit)?;
        }
        Ok(unit)
    }

    fn sum(&mut self, members: &[Member]) -> Result<Interval, Stop> {
        let mut total: Option<Interval> = None;
        for (left_out, member) in members {
            let member = match left_out {
                Some(left_out) => without(member, left_out),
                None => member.clone(),
            };
            total = Some(match total {
                Some(total) => self.reckoner().add(&total, &member)?,
                None => member,
            });
        }
        Ok(total.unwrap_or_else(Interval::unknown))
    }

    fn outermost(&mut self, least: bool, members: &[Member], unit: &Rational) -> Result<Interval, Stop> {
        let skips = members.iter().any(|(left_out, _)| left_out.is_some());
        if skips && members.iter().any(|(_, member)| member.low.open || member.high.open) {
            let remedy = "把清单的合计写成单独的条件";
            return Err(Stop::refused("不足按实际的几年里的最低、最高", "其中有没有上限的数", remedy));
        }
        // An end that is not there is endless, unless years are left out: then it is one of those.
        let without = |wins: bool| if wins && !skips { Without::Wins } else { Without::Loses };
        let mut found: Option<(End, End)> = None;
        for (left_out, member) in members {
            let (low, high) = match left_out {
                Some(left_out) => (skipped(&member.low, left_out), skipped(&member.high, left_out)),
                None => (member.low.clone(), member.high.clone()),
            };
            found = Some(match found {
                None => (low, high),
                Some((all_low, all_high)) => {
                    let mut reckoner = self.reckoner();
                    (
                        reckoner.extreme(least, without(least), &all_low, &low)?,
                        reckoner.extreme(least, without(!least), &all_high, &high)?,
                    )
                }
            });
        }
        let Some((low, high)) = found else { return Ok(Interval::unknown()) };
        Ok(Interval { state: Sql::fixed(KNOWN), unit: unit.clone(), low, high })
    }

    /// That of all members that count; of none the whole does not apply.
    fn counted_state(&mut self, members: &[Member]) -> Sql {
        let counted = members.iter().map(|(left_out, member)| match left_out {
            Some(left_out) => {
                sql!("CASE WHEN {} THEN {} ELSE {} END", left_out, Sql::fixed(KNOWN), member.state)
            }
            None => member.state.clone(),
        });
        let counted: Vec<Sql> = counted.collect();
        let state = self.reckoner().both(counted);
        let left_out: Option<Vec<Sql>> = members.iter().map(|(left_out, _)| left_out.clone()).collect();
        match left_out {
            Some(left_out) => {
                sql!("CASE WHEN {} THEN {} ELSE {} END", all(left_out), Sql::fixed(NOT_APPLICABLE), state)
            }
            None => state,
        }
    }

    /// Divided by how many members count.
    fn shared_among(&mut self, total: Interval, members: &[Member]) -> Result<Interval, Stop> {
        let most = members.len() as u128;
        let count = Rational::whole(i64::try_from(members.len()).unwrap_or(i64::MAX));
        if members.iter().all(|(left_out, _)| left_out.is_none()) {
            let Some(unit) = total.unit.checked_div(&count) else { return Ok(Interval::unknown()) };
            return Ok(Interval { unit, ..total });
        }
        let one = |(left_out, _): &Member| match left_out {
            Some(left_out) => sql!("CASE WHEN {} THEN 0 ELSE 1 END", left_out),
            None => Sql::fixed("1"),
        };
        let ones: Vec<Sql> = members.iter().map(one).collect();
        let texts: Vec<String> = ones.iter().map(|one| format!("({one})")).collect();
        let counted = Sql::of(self.engine.number(&texts.join(" + ")), &ones.iter().collect::<Vec<_>>());
        let counted = Num::within(most, self.layers.name(counted));
        let numbers = Numbers(self.engine);
        let over = |end: &End| -> Result<End, Stop> {
            Ok(End { d: Some(numbers.times(&end.denominator(), &counted)?), ..end.clone() })
        };
        Ok(Interval { low: over(&total.low)?, high: over(&total.high)?, ..total })
    }
}

/// A stated and a derived value in one unit. A share is stated in millionths and derived as a quotient: its millionths
/// become a denominator, so that the quotient's numerator need not grow.
fn together(reckoner: &Reckoner<'_>, stated: Interval, derived: Interval) -> Result<(Interval, Interval), Stop> {
    let (p, q, unit) = Reckoner::common(&stated.unit, &derived.unit);
    if !p.is_one() {
        return Ok((reckoner.in_unit(&stated, &p, &unit)?, reckoner.in_unit(&derived, &q, &unit)?));
    }
    let over = |end: End| End { d: Some(q.clone()).filter(|q| !q.is_one()), ..end };
    let stated = Interval { unit: derived.unit.clone(), low: over(stated.low), high: over(stated.high), ..stated };
    Ok((stated, derived))
}

/// Nothing where a year is left out.
fn without(member: &Interval, left_out: &Sql) -> Interval {
    let end = |end: &End| {
        let or = |number: &Num, other: i128| {
            let most = number.most.max(other.unsigned_abs());
            Num::within(most, sql!("CASE WHEN {} THEN {} ELSE {} END", left_out, Num::whole(other).sql, number.sql))
        };
        End { n: or(&end.n, 0), d: end.d.as_ref().map(|d| or(d, 1)), open: end.open }
    };
    Interval { low: end(&member.low), high: end(&member.high), ..member.clone() }
}

/// No number where a year is left out.
fn skipped(end: &End, left_out: &Sql) -> End {
    let n = Num::within(end.n.most, sql!("CASE WHEN NOT ({}) THEN {} END", left_out, end.n.sql));
    End { n, open: true, ..end.clone() }
}

fn day(date: NaiveDate) -> Interval {
    use chrono::Datelike as _;
    Interval::exactly(&Rational::whole(date.num_days_from_ce().into()))
}
