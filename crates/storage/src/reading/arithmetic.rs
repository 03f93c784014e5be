//! Products, quotients, powers and comparisons of intervals, by cross-multiplication.

use rules::number::Rational;
use rules::tree::Operator;

use super::Stop;
use super::interval::{End, Interval, KNOWN, Reckoner, UNKNOWN, Without};
use super::number::Num;
use super::sql::{Sql, all, any, not, sql};

/// Two ends multiplied, and on which side it has no end: −1 below, 1 above, 0 nowhere.
struct Corner {
    end: End,
    side: Option<Sql>,
}

impl Reckoner<'_> {
    pub(super) fn multiply(&mut self, a: &Interval, b: &Interval) -> Result<Interval, Stop> {
        let state = self.both([a.state.clone(), b.state.clone()]);
        for (fixed, other) in [(a.fixed(), b), (b.fixed(), a)] {
            if let Some(by) = fixed {
                return Ok(Interval { state, ..self.multiply_by(other, &by)? });
            }
        }
        let pairs = [
            ((&a.low, -1), (&b.low, -1)),
            ((&a.low, -1), (&b.high, 1)),
            ((&a.high, 1), (&b.low, -1)),
            ((&a.high, 1), (&b.high, 1)),
        ];
        let corners = pairs.into_iter().map(|(x, y)| self.corner(x, y)).collect::<Result<Vec<_>, _>>()?;
        let (low, high) = (self.outermost(true, &corners)?, self.outermost(false, &corners)?);
        Ok(self.named(Interval { state, unit: a.unit.multiply(&b.unit), low, high }))
    }

    /// Times one number: what is without end stays so, but nothing times anything is nothing.
    fn multiply_by(&mut self, a: &Interval, by: &Rational) -> Result<Interval, Stop> {
        Ok(match by.signum() {
            0 => Interval { state: a.state.clone(), ..Interval::exactly(by) },
            1 => Interval { unit: a.unit.multiply(by), ..a.clone() },
            _ => {
                let turned = self.negated(a)?;
                Interval { unit: a.unit.multiply(&by.negate()), ..turned }
            }
        })
    }

    fn corner(&mut self, (x, x_side): (&End, i8), (y, y_side): (&End, i8)) -> Result<Corner, Stop> {
        let n = self.numbers.times(&x.n, &y.n)?;
        let d = match (&x.d, &y.d) {
            (None, None) => None,
            _ => Some(self.numbers.times(&x.denominator(), &y.denominator())?),
        };
        if !x.open && !y.open {
            return Ok(Corner { end: self.named_end(End { n, d, open: false }), side: None });
        }
        let sign = |end: &End, side: i8| sql!("COALESCE(sign({}), {})", end.n.sql, Sql::fixed(side.to_string()));
        let sign = self.layers.name(sql!("{} * {}", sign(x, x_side), sign(y, y_side)));
        let endless = any(vec![sql!("{} IS NULL", x.n.sql), sql!("{} IS NULL", y.n.sql)]);
        let endless = self.layers.name(endless);
        let n = Num::within(n.most, sql!("CASE WHEN NOT {} THEN {} WHEN {} = 0 THEN 0 END", endless, n.sql, sign));
        let side = self.layers.name(sql!("CASE WHEN {} THEN {} ELSE 0 END", endless, sign));
        Ok(Corner { end: self.named_end(End { n, d, open: true }), side: Some(side) })
    }

    /// The least or greatest corner; one without end on that side outdoes all.
    fn outermost(&mut self, least: bool, corners: &[Corner]) -> Result<End, Stop> {
        let mut corners_left = corners.iter();
        let mut found = match corners_left.next() {
            Some(first) => first.end.clone(),
            None => End::whole(Num::whole(0)),
        };
        for corner in corners_left {
            found = self.extreme(least, Without::Loses, &found, &corner.end)?;
        }
        let endless = corners.iter().filter_map(|corner| corner.side.as_ref());
        let endless =
            any(endless.map(|side| sql!("{} = {}", side, Sql::fixed(if least { "-1" } else { "1" }))).collect());
        if endless.is("FALSE") {
            return Ok(found);
        }
        let n = Num::within(found.n.most, sql!("CASE WHEN NOT ({}) THEN {} END", endless, found.n.sql));
        Ok(End { n, open: true, ..found })
    }

    /// Unknown where the divisor may be zero or, with `positive`, is not surely above it.
    pub(super) fn divide(&mut self, a: &Interval, b: &Interval, positive: bool) -> Result<Interval, Stop> {
        let state = self.both([a.state.clone(), b.state.clone()]);
        if let Some(by) = b.fixed() {
            let inverse = Rational::whole(1).checked_div(&by).filter(|_| by.signum() > 0 || !positive);
            return Ok(match inverse {
                Some(inverse) => Interval { state, ..self.multiply_by(a, &inverse)? },
                None => Interval { state: self.both([state, Sql::fixed(UNKNOWN)]), ..Interval::unknown() },
            });
        }
        let above = holds(&b.low, ">", false);
        let below = if positive { false.into() } else { holds(&b.high, "<", false) };
        let (a, b) = if positive { (a.clone(), b.clone()) } else { self.turned(a, b, &below)? };
        let divisible = self.layers.name(any(vec![above, below]));
        let state = sql!(
            "CASE WHEN {} = {} AND NOT ({}) THEN {} ELSE {} END",
            state,
            Sql::fixed(KNOWN),
            divisible,
            Sql::fixed(UNKNOWN),
            state
        );
        // Without a number the low end lies below zero, the high one above.
        let (low_side, high_side) = (holds(&a.low, ">=", false), holds(&a.high, ">=", true));
        let low = self.quotient(&a.low, low_side, (&b.high, &b.low))?;
        let high = self.quotient(&a.high, high_side, (&b.low, &b.high))?;
        let Some(unit) = a.unit.checked_div(&b.unit) else { return Ok(Interval::unknown()) };
        Ok(self.named(Interval { state, unit, low, high }))
    }

    /// Both with the other sign, where the divisor is below zero.
    fn turned(&mut self, a: &Interval, b: &Interval, below: &Sql) -> Result<(Interval, Interval), Stop> {
        let below = self.layers.name(below.clone());
        let mut turn = |of: &Interval| {
            let turned = self.negated(of)?;
            let end = |straight: &End, turned: &End| {
                let pick = |one: &Num, two: &Num| {
                    Num::within(
                        one.most.max(two.most),
                        sql!("CASE WHEN {} THEN {} ELSE {} END", below, one.sql, two.sql),
                    )
                };
                let d = (straight.d.is_some() || turned.d.is_some())
                    .then(|| pick(&turned.denominator(), &straight.denominator()));
                End { n: pick(&turned.n, &straight.n), d, open: straight.open || turned.open }
            };
            let (low, high) = (end(&of.low, &turned.low), end(&of.high, &turned.high));
            Ok(self.named(Interval { low, high, ..of.clone() }))
        };
        Ok((turn(a)?, turn(b)?))
    }

    /// An end over a divisor above zero: the first of two where the end is not below zero, else the second.
    fn quotient(&mut self, end: &End, straight: Sql, (first, second): (&End, &End)) -> Result<End, Stop> {
        let straight = self.layers.name(straight);
        let pick = |one: &Num, two: &Num| {
            let most = one.most.max(two.most);
            if one.sql == two.sql {
                return one.clone();
            }
            Num::within(most, sql!("CASE WHEN {} THEN {} ELSE {} END", straight, one.sql, two.sql))
        };
        let (over_n, over_d) = (pick(&first.n, &second.n), pick(&first.denominator(), &second.denominator()));
        let (over_n, over_d) = (self.named_number(over_n), self.named_number(over_d));
        let n = self.numbers.times(&end.n, &over_d)?;
        let d = self.numbers.times(&end.denominator(), &over_n)?;
        if !first.open && !second.open {
            return Ok(self.named_end(End { n, d: Some(d), open: end.open }));
        }
        // Divided by what has no end, a number comes as near to nothing as one likes.
        let n = Num::within(n.most, sql!("CASE WHEN {} IS NULL THEN 0 ELSE {} END", over_n.sql, n.sql));
        let d = Num::within(d.most.max(1), sql!("COALESCE({}, 1)", d.sql));
        Ok(self.named_end(End { n, d: Some(d), open: end.open }))
    }

    /// Equal factors; what is below zero counts as zero.
    pub(super) fn power(&mut self, base: &Interval, exponent: u8) -> Result<Interval, Stop> {
        if let Some(fixed) = base.fixed() {
            let fixed = if fixed.signum() < 0 { Rational::whole(0) } else { fixed };
            return Ok(Interval::exactly(&raised(&fixed, exponent)));
        }
        if exponent == 0 {
            return Ok(Interval { state: base.state.clone(), ..Interval::exactly(&Rational::whole(1)) });
        }
        let low =
            Num::within(base.low.n.most, sql!("CASE WHEN {} > 0 THEN {} ELSE 0 END", base.low.n.sql, base.low.n.sql));
        let high = Num::within(
            base.high.n.most,
            sql!("CASE WHEN {} < 0 THEN 0 ELSE {} END", base.high.n.sql, base.high.n.sql),
        );
        let low = self.raise(&End { n: low, open: false, ..base.low.clone() }, exponent)?;
        let high = self.raise(&End { n: high, ..base.high.clone() }, exponent)?;
        Ok(Interval { state: base.state.clone(), unit: raised(&base.unit, exponent), low, high })
    }

    fn raise(&mut self, base: &End, exponent: u8) -> Result<End, Stop> {
        let base = self.named_end(base.clone());
        let mut product = base.clone();
        for _ in 1..exponent {
            let n = self.numbers.times(&product.n, &base.n)?;
            let d = match (&product.d, &base.d) {
                (Some(one), Some(two)) => Some(self.numbers.times(one, two)?),
                _ => None,
            };
            product = self.named_end(End { n, d, open: base.open });
        }
        Ok(product)
    }

    /// Whether the comparison holds for all (`certain`) or for some pair of values; states are left to the caller.
    pub(super) fn compare(
        &mut self,
        a: &Interval,
        operator: Operator,
        b: &Interval,
        certain: bool,
    ) -> Result<Sql, Stop> {
        let (a_low, a_high) = ((&a.unit, &a.low), (&a.unit, &a.high));
        let (b_low, b_high) = ((&b.unit, &b.low), (&b.unit, &b.high));
        Ok(match operator {
            Operator::AtLeast | Operator::More if certain => self.compare_ends(a_low, operator, b_high, true)?,
            Operator::AtLeast | Operator::More => self.compare_ends(a_high, operator, b_low, false)?,
            Operator::AtMost | Operator::Less if certain => self.compare_ends(a_high, operator, b_low, true)?,
            Operator::AtMost | Operator::Less => self.compare_ends(a_low, operator, b_high, false)?,
            Operator::Equal if certain => all(vec![
                self.compare_ends(a_low, Operator::AtLeast, b_high, true)?,
                self.compare_ends(a_high, Operator::AtMost, b_low, true)?,
            ]),
            Operator::Equal => all(vec![
                self.compare_ends(a_low, Operator::AtMost, b_high, false)?,
                self.compare_ends(a_high, Operator::AtLeast, b_low, false)?,
            ]),
            Operator::Differs => not(&self.compare(a, Operator::Equal, b, !certain)?),
        })
    }

    /// Of two ends; where one is missing the comparison is not certain, and possible.
    fn compare_ends(
        &mut self,
        left: (&Rational, &End),
        operator: Operator,
        right: (&Rational, &End),
        certain: bool,
    ) -> Result<Sql, Stop> {
        let compared = self.compared(left, operator, right)?;
        let open = left.1.open || right.1.open;
        let settled = compared.is("TRUE") || compared.is("FALSE");
        Ok(if open && !settled { sql!("COALESCE({}, {})", compared, Sql::from(!certain)) } else { compared })
    }

    /// Two fractions compared, NULL where one of them is.
    pub(super) fn compared(
        &mut self,
        (left_unit, left): (&Rational, &End),
        operator: Operator,
        (right_unit, right): (&Rational, &End),
    ) -> Result<Sql, Stop> {
        let numbers = self.numbers;
        let (p, q, _) = Self::common(left_unit, right_unit);
        // In the shared unit the left is p of its own, the right q.
        if left.d.is_none() && right.d.is_none() {
            let fixed = |n: &Num, by: &Num| n.fixed.zip(by.fixed).and_then(|(n, by)| n.checked_mul(by));
            let ways = [(left, &p, fixed(&right.n, &q), operator), (right, &q, fixed(&left.n, &p), operator.flipped())];
            for (varying, by, at, operator) in ways {
                if let (Some(by), Some(at), false) = (by.fixed, at, varying.open) {
                    return Ok(threshold(&varying.n, by, operator, at));
                }
            }
        }
        let one = numbers.times(&numbers.times(&left.n, &p)?, &right.denominator())?;
        let two = numbers.times(&numbers.times(&right.n, &q)?, &left.denominator())?;
        Ok(sql!("{} {} {}", one.sql, Sql::fixed(sign(operator)), two.sql))
    }
}

/// Whether `number × by` stands so to `at`, asked of the number alone.
fn threshold(number: &Num, by: i128, operator: Operator, at: i128) -> Sql {
    let (floor, is_whole) = (at.div_euclid(by), at.rem_euclid(by) == 0);
    let ceiling = if is_whole { floor } else { floor + 1 };
    let at = match operator {
        Operator::AtLeast | Operator::Less => ceiling,
        Operator::More | Operator::AtMost => floor,
        Operator::Equal | Operator::Differs if is_whole => floor,
        Operator::Equal | Operator::Differs => return (operator == Operator::Differs).into(),
    };
    if let Some(number) = number.fixed {
        return operator.holds(number.cmp(&at)).into();
    }
    if at.unsigned_abs() > number.most {
        return operator.holds(0.cmp(&at)).into();
    }
    sql!("{} {} {}", number.sql, Sql::fixed(sign(operator)), Sql::fixed(at.to_string()))
}

/// How an end stands to zero; `otherwise` where it has no number.
fn holds(end: &End, sign: &str, otherwise: bool) -> Sql {
    let compared = sql!("{} {} 0", end.n.sql, Sql::fixed(sign));
    if end.open { sql!("COALESCE({}, {})", compared, Sql::from(otherwise)) } else { compared }
}

fn raised(base: &Rational, exponent: u8) -> Rational {
    (0..exponent).fold(Rational::whole(1), |product, _| product.multiply(base))
}

fn sign(operator: Operator) -> &'static str {
    match operator {
        Operator::AtLeast => ">=",
        Operator::More => ">",
        Operator::AtMost => "<=",
        Operator::Less => "<",
        Operator::Equal => "=",
        Operator::Differs => "<>",
    }
}
