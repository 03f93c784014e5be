use super::*;
use crate::reference::Reference;

const WAN: i64 = 1_000_000;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn row(name: &str) -> &'static SizeRow {
    let version = Reference::builtin().size_table.version(day("2026-11-23")).unwrap();
    version.rows.iter().find(|row| row.name == name).unwrap()
}

fn figures(people: Option<i64>, revenue: Option<i64>, assets: Option<i64>) -> Figures {
    Figures { people: people.into(), revenue: revenue.into(), assets: assets.into() }
}

fn exact(name: &str, people: i64, revenue: i64, assets: i64) -> SizeClass {
    let classes = classify(row(name), &figures(Some(people), Some(revenue), Some(assets)));
    assert_eq!(classes.len(), 1);
    *classes.first().unwrap()
}

#[test]
fn every_bound_of_every_row_includes_its_own_number() {
    let version = Reference::builtin().size_table.version(day("2026-11-23")).unwrap();
    assert_eq!(version.rows.len(), 16);
    let below = [SizeClass::Medium, SizeClass::Small, SizeClass::Micro];
    let at = [SizeClass::Large, SizeClass::Medium, SizeClass::Small];
    for row in &version.rows {
        for (index, bounds) in [row.people, row.revenue, row.assets].into_iter().enumerate() {
            let Some(bounds) = bounds else { continue };
            for (step, bound) in bounds.into_iter().enumerate() {
                for (offset, expected) in [(-1, below[step]), (0, at[step]), (1, at[step])] {
                    // The other indices are far above every bound, so this one decides.
                    let mut values = [Some(i64::MAX); 3];
                    values[index] = Some(bound + offset);
                    let classes = classify(row, &figures(values[0], values[1], values[2]));
                    assert_eq!(classes, BTreeSet::from([expected]), "{} {bound}{offset:+}", row.name);
                }
            }
        }
    }
}

#[test]
fn the_lowest_index_decides() {
    assert_eq!(exact("软件和信息技术服务业", 103, 1_573_528 * WAN / 100, 0), SizeClass::Medium);
    assert_eq!(exact("工业", 103, 1_573_528 * WAN / 100, 0), SizeClass::Small);
    assert_eq!(exact("工业", 1500, 250 * WAN, 0), SizeClass::Micro);
    assert_eq!(exact("房地产开发经营", 0, 210_000 * WAN, 9_000 * WAN), SizeClass::Medium);
}

#[test]
fn an_unknown_figure_matters_only_when_it_can_change_the_class() {
    let software = row("软件和信息技术服务业");
    assert_eq!(classify(software, &figures(Some(9), None, None)), BTreeSet::from([SizeClass::Micro]));
    let open = classify(software, &figures(Some(120), None, None));
    assert_eq!(open, BTreeSet::from([SizeClass::Micro, SizeClass::Small, SizeClass::Medium]));
    let known = classify(software, &figures(Some(120), Some(2_000 * WAN), None));
    assert_eq!(known, BTreeSet::from([SizeClass::Medium]), "assets are no index of this row");
}

#[test]
fn a_range_between_two_bounds_is_one_class_and_across_a_bound_two() {
    let revenue = |low: i64, high: i64| Figures {
        people: Range::exactly(120),
        revenue: Range { low: Some(low * WAN), high: Some(high * WAN) },
        assets: Range::default(),
    };
    let software = row("软件和信息技术服务业");
    assert_eq!(classify(software, &revenue(1_200, 1_300)), BTreeSet::from([SizeClass::Medium]));
    assert_eq!(classify(software, &revenue(990, 1_010)), BTreeSet::from([SizeClass::Small, SizeClass::Medium]));
}

#[test]
fn a_code_that_spans_rows_or_leaves_the_table_says_so() {
    let table = &Reference::builtin().size_table;
    let on = day("2026-11-23");
    let figures = figures(Some(30), Some(2_000 * WAN), Some(3_000 * WAN));
    assert_eq!(table.classify("C3921", on, &figures).exact(), Some(SizeClass::Small));
    let coarse = table.classify("K70", on, &figures);
    assert!(coarse.outside && coarse.possible.len() > 1);
    let bank = table.classify("J66", on, &figures);
    assert!(bank.outside && bank.possible.is_empty());
    assert_eq!(table.classify("I65", day("2010-01-01"), &figures).exact(), None, "no standard in force yet");
}
