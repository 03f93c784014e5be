//! The value of a term as columns: a state and two ends, each a fraction of whole numbers. Nothing is divided; what has no
//! end is NULL.

use rules::number::Rational;

use super::Stop;
use super::number::{Num, Numbers};
use super::sql::{Layers, Sql, all, any, not, sql};

/// States of a value, in the order in which the lesser of two is that of both together.
pub(super) const NOT_APPLICABLE: &str = "0";
pub(super) const UNKNOWN: &str = "1";
pub(super) const KNOWN: &str = "2";

/// One end of an interval: `n / d` of the interval's unit.
#[derive(Clone, Debug)]
pub(super) struct End {
    pub(super) n: Num,
    /// Above zero; absent: one.
    pub(super) d: Option<Num>,
    /// Whether `n` may be NULL for a known value: below every number at the low end, above at the high one.
    pub(super) open: bool,
}

/// From `low` to `high` in units of `unit`; meant only where `state` is [`KNOWN`].
#[derive(Clone, Debug)]
pub(super) struct Interval {
    pub(super) state: Sql,
    /// Above zero.
    pub(super) unit: Rational,
    pub(super) low: End,
    pub(super) high: End,
}

/// What an end without a number means for the lesser or greater of two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Without {
    /// It is the answer.
    Wins,
    /// The other is the answer.
    Loses,
}

impl End {
    pub(super) fn whole(n: Num) -> Self {
        Self { n, d: None, open: false }
    }

    pub(super) fn denominator(&self) -> Num {
        self.d.clone().unwrap_or_else(|| Num::whole(1))
    }

    fn shares_denominator(&self, other: &Self) -> bool {
        match (&self.d, &other.d) {
            (None, None) => true,
            (Some(one), Some(two)) => one.sql == two.sql,
            _ => false,
        }
    }
}

impl Interval {
    /// One number for every enterprise.
    pub(super) fn exactly(value: &Rational) -> Self {
        let sign = value.signum();
        let unit = match sign {
            0 => Rational::whole(1),
            -1 => value.negate(),
            _ => value.clone(),
        };
        let end = End::whole(Num::whole(sign.into()));
        Self { state: Sql::fixed(KNOWN), unit, low: end.clone(), high: end }
    }

    /// A value nobody has.
    pub(super) fn unknown() -> Self {
        Self { state: Sql::fixed(UNKNOWN), ..Self::exactly(&Rational::whole(0)) }
    }

    /// The number, where it is one and the same for every enterprise.
    pub(super) fn fixed(&self) -> Option<Rational> {
        let (low, high) = (self.low.n.fixed?, self.high.n.fixed?);
        let is_one = low == high && self.low.d.is_none() && self.high.d.is_none() && self.state.is(KNOWN);
        let number = i64::try_from(low).ok().filter(|_| is_one)?;
        Some(self.unit.multiply(&Rational::whole(number)))
    }
}

/// Reckoning with intervals: names what is used twice.
#[derive(Debug)]
pub(super) struct Reckoner<'l> {
    pub(super) numbers: Numbers,
    pub(super) layers: &'l mut Layers,
}

impl Reckoner<'_> {
    /// The lesser state: what does not apply makes the whole not apply, then the unknown wins.
    pub(super) fn both(&self, states: impl IntoIterator<Item = Sql>) -> Sql {
        let mut kept: Vec<Sql> = Vec::new();
        for state in states {
            if state.is(NOT_APPLICABLE) {
                return state;
            }
            if !state.is(KNOWN) && !kept.contains(&state) {
                kept.push(state);
            }
        }
        match kept.len() {
            0 => Sql::fixed(KNOWN),
            1 => kept.swap_remove(0),
            _ => {
                let texts: Vec<String> = kept.iter().map(ToString::to_string).collect();
                Sql::of(self.numbers.0.least(&texts), &kept.iter().collect::<Vec<_>>())
            }
        }
    }

    /// Everything of it as columns.
    pub(super) fn named(&mut self, interval: Interval) -> Interval {
        Interval {
            state: self.layers.name(interval.state),
            unit: interval.unit,
            low: self.named_end(interval.low),
            high: self.named_end(interval.high),
        }
    }

    pub(super) fn named_end(&mut self, end: End) -> End {
        let d = end.d.map(|d| self.named_number(d)).filter(|d| !d.is_one());
        End { n: self.named_number(end.n), d, open: end.open }
    }

    pub(super) fn named_number(&mut self, number: Num) -> Num {
        Num { sql: self.layers.name(number.sql), ..number }
    }

    /// Whole factors that bring two units together, and the unit then shared.
    pub(super) fn common(one: &Rational, other: &Rational) -> (Num, Num, Rational) {
        let none = || (Num::whole(1), Num::whole(1), one.clone());
        let Some(share) = other.checked_div(one) else { return none() };
        let (p, q) = share.lowest_terms();
        let (for_one, for_other) = (Num::written(&q.to_string()), Num::written(&p.to_string()));
        match one.checked_div(&Rational::from(q)) {
            Some(unit) => (for_one, for_other, unit),
            None => none(),
        }
    }

    /// The end times a whole number above zero.
    fn stretched(&self, end: &End, factor: &Num) -> Result<End, Stop> {
        Ok(End { n: self.numbers.times(&end.n, factor)?, ..end.clone() })
    }

    /// Both ends in a finer unit.
    pub(super) fn in_unit(&self, interval: &Interval, factor: &Num, unit: &Rational) -> Result<Interval, Stop> {
        Ok(Interval {
            state: interval.state.clone(),
            unit: unit.clone(),
            low: self.stretched(&interval.low, factor)?,
            high: self.stretched(&interval.high, factor)?,
        })
    }

    pub(super) fn add(&mut self, a: &Interval, b: &Interval) -> Result<Interval, Stop> {
        let state = self.both([a.state.clone(), b.state.clone()]);
        if a.fixed().is_some_and(|a| a.signum() == 0) {
            return Ok(Interval { state, ..b.clone() });
        }
        if b.fixed().is_some_and(|b| b.signum() == 0) {
            return Ok(Interval { state, ..a.clone() });
        }
        let (p, q, unit) = Self::common(&a.unit, &b.unit);
        let (a, b) = (self.in_unit(a, &p, &unit)?, self.in_unit(b, &q, &unit)?);
        let (low, high) = (self.add_ends(&a.low, &b.low)?, self.add_ends(&a.high, &b.high)?);
        Ok(self.named(Interval { state, unit, low, high }))
    }

    fn add_ends(&self, a: &End, b: &End) -> Result<End, Stop> {
        let open = a.open || b.open;
        let numbers = self.numbers;
        if a.shares_denominator(b) {
            return Ok(End { n: numbers.plus(&a.n, &b.n)?, d: a.d.clone(), open });
        }
        let (over_a, over_b) = (a.denominator(), b.denominator());
        let n = numbers.plus(&numbers.times(&a.n, &over_b)?, &numbers.times(&b.n, &over_a)?)?;
        Ok(End { n, d: Some(numbers.times(&over_a, &over_b)?), open })
    }

    pub(super) fn negated(&mut self, a: &Interval) -> Result<Interval, Stop> {
        let negated = |end: &End| Ok(End { n: self.numbers.negated(&end.n)?, ..end.clone() });
        let (low, high) = (negated(&a.high)?, negated(&a.low)?);
        Ok(self.named(Interval { low, high, ..a.clone() }))
    }

    /// The lesser or the greater of two ends in one unit.
    pub(super) fn extreme(&mut self, least: bool, without: Without, a: &End, b: &End) -> Result<End, Stop> {
        let open = if without == Without::Wins { a.open || b.open } else { a.open && b.open };
        let most = a.n.most.max(b.n.most);
        let texts = [a.n.sql.to_string(), b.n.sql.to_string()];
        if a.shares_denominator(b) {
            let chosen = if least { self.numbers.0.least(&texts) } else { self.numbers.0.greatest(&texts) };
            let chosen = Sql::of(chosen, &[&a.n.sql, &b.n.sql]);
            // Engines differ on the least of something and nothing; so nothing is kept out.
            let (is_a, is_b) = (&a.n.sql, &b.n.sql);
            let of_both = sql!("CASE WHEN {} IS NOT NULL AND {} IS NOT NULL THEN {} END", is_a, is_b, chosen);
            let n = match without {
                _ if !a.open && !b.open => chosen,
                Without::Wins => of_both,
                Without::Loses => sql!("COALESCE({}, {}, {})", of_both, is_a, is_b),
            };
            return Ok(self.named_end(End { n: Num::within(most, n), d: a.d.clone(), open }));
        }
        let left = self.numbers.times(&a.n, &b.denominator())?;
        let right = self.numbers.times(&b.n, &a.denominator())?;
        let sign = Sql::fixed(if least { "<=" } else { ">=" });
        let nearer = sql!("{} {} {}", left.sql, sign, right.sql);
        let (a_is, b_is) = (sql!("{} IS NULL", a.n.sql), sql!("{} IS NULL", b.n.sql));
        let takes_a = match without {
            _ if !a.open && !b.open => nearer,
            Without::Wins => sql!("CASE WHEN {} THEN TRUE WHEN {} THEN FALSE ELSE {} END", a_is, b_is, nearer),
            Without::Loses => sql!("CASE WHEN {} THEN FALSE WHEN {} THEN TRUE ELSE {} END", a_is, b_is, nearer),
        };
        let takes_a = self.layers.name(takes_a);
        let either = |one: &Num, two: &Num| {
            Num::within(one.most.max(two.most), sql!("CASE WHEN {} THEN {} ELSE {} END", takes_a, one.sql, two.sql))
        };
        let end = End { n: either(&a.n, &b.n), d: Some(either(&a.denominator(), &b.denominator())), open };
        Ok(self.named_end(end))
    }
}

/// Whether the value is known.
pub(super) fn known(state: &Sql) -> Sql {
    is_in(state, KNOWN)
}

/// Holds for certain: the value is known and lies so.
pub(super) fn certainly(state: &Sql, holds: Sql) -> Sql {
    all(vec![known(state), holds])
}

/// May hold: nothing is known, or what is known leaves it open.
pub(super) fn possibly(state: &Sql, holds: Sql) -> Sql {
    any(vec![is_in(state, UNKNOWN), all(vec![known(state), holds])])
}

/// Whether the value is not "not applicable".
pub(super) fn may_apply(state: &Sql) -> Sql {
    not(&is_in(state, NOT_APPLICABLE))
}

fn is_in(state: &Sql, wanted: &str) -> Sql {
    if [NOT_APPLICABLE, UNKNOWN, KNOWN].iter().any(|fixed| state.is(fixed)) {
        return state.is(wanted).into();
    }
    sql!("{} = {}", state, Sql::fixed(wanted))
}
