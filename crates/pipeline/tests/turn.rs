//! Planning on 31 December and on 1 January: over the seed library nothing is new because the year has turned.

use domain::matching::Matcher;
use domain::turn::is_brought_by;
use domain::{Coverage, Item, sample};
use pipeline::ingest::{embedded, load_seeds};
use rules::{Profile, Reference};

/// What ends or begins on a day of its own, whatever year relative years are counted from.
const DATED: [&str; 8] = ["满", "不超过", "超过", "有效", "个月", "列入", "承诺", "从未"];

#[test]
fn no_seeded_item_is_new_on_new_year_because_of_its_relative_windows() {
    let reference = Reference::builtin();
    let seeds = load_seeds(embedded().iter().copied(), reference).unwrap_or_else(|problems| panic!("{problems:?}"));
    let items = seeds.items().filter(|item| item.revision.coverage == Coverage::Full).map(|item| {
        let mut revision = item.revision.clone();
        // Always open, so that nothing but the condition makes the difference.
        revision.rolling = true;
        Item { revision, ..sample::item(&item.code) }
    });
    let (library, unreadable) = Matcher::new(vec![sample::policy("p")], items.collect(), Vec::new(), reference);
    assert!(unreadable.is_empty() && library.entries().len() > 10, "{unreadable:?}");
    let (eve, new_year) = ("2026-12-31".parse().unwrap(), "2027-01-01".parse().unwrap());
    let firms: Vec<Profile> = domain::synthetic::enterprises(20_261_123, 200, eve).collect();
    let (mut held, mut lost) = (0, 0);
    for entry in library.entries() {
        let condition = entry.item.revision.condition.as_deref().unwrap_or_default();
        for firm in &firms {
            let [before, after] = [eve, new_year].map(|day| entry.explain(firm, reference, day).standing.is_match());
            let is_turned = is_brought_by(entry, firm, reference, new_year);
            held += usize::from(!before && after && is_turned);
            lost += usize::from(before && !after && is_turned);
            let is_dated = DATED.iter().any(|word| condition.contains(word));
            assert!(before == after || is_turned || is_dated, "{}: {}", entry.item.code, firm.name);
        }
    }
    assert!(held + lost > 0, "the year turned for nobody: the test sees nothing");
}
