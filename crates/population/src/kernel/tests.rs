use proptest::prelude::*;

use super::*;
use crate::gates::{Gate, Kind, Target};
use crate::plane::{Plane, Verdicts};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_path_compares_alike(
        bytes in prop::collection::vec(any::<u8>(), 128), shorts in prop::collection::vec(any::<u16>(), 128),
        ends in any::<(u8, u8, u16, u16)>(), table in any::<u64>(),
    ) {
        let (a, b, c, d) = ends;
        let entries: [u8; 256] = std::array::from_fn(|code| {
            u8::try_from((table.rotate_left(u32::try_from(code).unwrap())) % 3).unwrap()
        });
        for isa in Isa::supported() {
            let mut out = [0; 2];
            isa.between_u8(&bytes, (a, b), &mut out);
            for row in 0..128 {
                prop_assert_eq!(out[row / 64] >> (row % 64) & 1 == 1, (a..=b).contains(&bytes[row]), "{}", isa.name());
            }
            isa.between_u16(&shorts, (c, d), &mut out);
            for row in 0..128 {
                prop_assert_eq!(out[row / 64] >> (row % 64) & 1 == 1, (c..=d).contains(&shorts[row]), "{}", isa.name());
            }
            for classes in [64, 128, 256] {
                let within: Vec<u8> = bytes.iter().map(|code| u8::try_from(usize::from(*code) % classes).unwrap()).collect();
                for bit in [1, 2] {
                    isa.look_up(&within, &entries, classes, bit, &mut out);
                    for row in 0..128 {
                        let expected = entries[usize::from(within[row])] & bit != 0;
                        prop_assert_eq!(out[row / 64] >> (row % 64) & 1 == 1, expected, "{} of {}", isa.name(), classes);
                    }
                }
            }
        }
    }
}

struct Last(Verdicts<8>);

impl Outlet<8> for Last {
    const COUNTS: bool = false;

    fn root(&mut self, _: u32, verdicts: &Verdicts<8>) {
        self.0 = *verdicts;
    }
}

/// Two words of rows, and six of nobody.
fn eight([first, second]: [u64; 2]) -> Plane<8> {
    Plane([first, second, 0, 0, 0, 0, 0, 0])
}

struct Counting;

impl Outlet<8> for Counting {
    const COUNTS: bool = true;

    fn root(&mut self, _: u32, _: &Verdicts<8>) {}
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_path_counts_like_kleene(
        planes in prop::collection::vec(any::<([u64; 2], [u64; 2])>(), 1..21), k in 1_usize..21, kind in 0_usize..4,
    ) {
        use rules::tree::logic::{all, any, at_least};
        use rules::Verdict;
        // Two sides are two.
        let planes = if kind == 3 { [planes[0], planes[planes.len() - 1]].to_vec() } else { planes };
        let n = planes.len();
        let k = k.min(n);
        let kind = [Kind::All, Kind::Any, Kind::AtLeast(u16::try_from(k).unwrap()), Kind::Sides][kind];
        let count = u32::try_from(n).unwrap();
        let gate = Gate { kind, first: 0, count, target: Target::Root(0) };
        let circuit = Circuit { gates: vec![gate], inputs: (0..count).collect(), wires: n };
        for isa in Isa::supported() {
            let mut wires = Wires::<8>::new(n, 0);
            for (wire, (certain, open)) in planes.iter().enumerate() {
                wires.certain[wire] = eight(*certain);
                wires.open[wire] = eight([open[0] & !certain[0], open[1] & !certain[1]]);
            }
            let mut last = Last(Verdicts::NONE);
            isa.run(&circuit, &mut wires, &mut last);
            isa.run(&circuit, &mut wires, &mut Counting);
            let counted = [last.0.certain.count(), last.0.possible.count()];
            prop_assert_eq!(wires.tally(&circuit).collect::<Vec<_>>(), [(0, counted)], "{}", isa.name());
            for row in 0..128 {
                let mut members = (0..n).map(|wire| match (wires.certain[wire].contains(row), wires.open[wire].contains(row)) {
                    (true, _) => Verdict::Met,
                    (false, true) => Verdict::Unknown,
                    (false, false) => Verdict::NotMet,
                });
                let expected = match kind {
                    Kind::All => all(members),
                    Kind::Any => any(members),
                    Kind::Sides => match (members.next(), members.next()) {
                        (Some(Verdict::Met), _) => Verdict::Met,
                        (_, Some(Verdict::NotMet)) => Verdict::NotMet,
                        _ => Verdict::Unknown,
                    },
                    Kind::AtLeast(k) => at_least(usize::from(k), members),
                };
                let found = (last.0.certain.contains(row), last.0.possible.contains(row));
                prop_assert_eq!(found, (expected == Verdict::Met, expected != Verdict::NotMet), "{}", isa.name());
            }
        }
    }
}
