//! What to measure and on how much, from the command line.

pub(crate) const USAGE: &str = "\
bench one  [--conditions 10000] [--profiles 40] [--rounds 7, at least 5] [--seed 20261123]
bench city [--shape flat|real] [--enterprises 900000] [--items 10000] [--rounds 5, at least 5] [--seed 20261123]";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    One(One),
    City(City),
}

/// One firm against a library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct One {
    pub(crate) conditions: usize,
    pub(crate) profiles: u32,
    pub(crate) rounds: usize,
    pub(crate) seed: u64,
}

/// Every firm against a library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct City {
    pub(crate) shape: Shape,
    pub(crate) enterprises: u32,
    pub(crate) items: u32,
    pub(crate) rounds: usize,
    pub(crate) seed: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// 41 facts that stand by themselves.
    Flat,
    /// The product's catalogue, with what is worked out from other figures.
    Real,
}

const SEED: u64 = 20_261_123;

impl Order {
    pub(crate) fn read(arguments: &[String]) -> Option<Self> {
        let (verb, flags) = arguments.split_first()?;
        if flags.len() % 2 != 0 {
            return None;
        }
        let mut flags = flags.chunks(2).map(|pair| (pair[0].as_str(), pair[1].as_str()));
        match verb.as_str() {
            "one" => flags
                .try_fold(One { conditions: 10_000, profiles: 40, rounds: 7, seed: SEED }, One::with)
                .map(Self::One),
            "city" => flags
                .try_fold(
                    City { shape: Shape::Flat, enterprises: 900_000, items: 10_000, rounds: 5, seed: SEED },
                    City::with,
                )
                .map(Self::City),
            _ => None,
        }
    }
}

impl One {
    fn with(mut self, (flag, value): (&str, &str)) -> Option<Self> {
        match flag {
            "--conditions" => self.conditions = value.parse().ok().filter(|conditions| *conditions > 0)?,
            "--profiles" => self.profiles = value.parse().ok().filter(|profiles| *profiles > 0)?,
            "--rounds" => self.rounds = rounds(value)?,
            "--seed" => self.seed = value.parse().ok()?,
            _ => return None,
        }
        Some(self)
    }
}

impl City {
    fn with(mut self, (flag, value): (&str, &str)) -> Option<Self> {
        match flag {
            "--shape" if value == "flat" => self.shape = Shape::Flat,
            "--shape" if value == "real" => self.shape = Shape::Real,
            "--enterprises" => self.enterprises = value.parse().ok().filter(|enterprises| *enterprises >= 8)?,
            "--items" => self.items = value.parse().ok().filter(|items| *items >= 8)?,
            "--rounds" => self.rounds = rounds(value)?,
            "--seed" => self.seed = value.parse().ok()?,
            _ => return None,
        }
        Some(self)
    }
}

/// A median of fewer than five says nothing on a machine that others use too.
fn rounds(value: &str) -> Option<usize> {
    value.parse().ok().filter(|rounds| *rounds >= 5)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Order> {
        Order::read(&text.split(' ').map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn fewer_than_five_rounds_and_unknown_flags_are_refused() {
        let one = One { conditions: 10_000, profiles: 40, rounds: 5, seed: 3 };
        assert_eq!(read("one --rounds 5 --seed 3"), Some(Order::One(one)));
        let city = City { shape: Shape::Real, enterprises: 8, items: 10_000, rounds: 5, seed: SEED };
        assert_eq!(read("city --shape real --enterprises 8"), Some(Order::City(city)));
        for wrong in [
            "",
            "two",
            "one --rounds",
            "one --rounds 4",
            "one --profiles 0",
            "one --speed 9",
            "city --rounds 4",
            "city --shape round",
            "city --enterprises 7",
            "city --items 0",
        ] {
            assert!(read(wrong).is_none(), "{wrong}");
        }
    }
}
