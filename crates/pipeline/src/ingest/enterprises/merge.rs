//! What is known already, and what a new row says.

use rules::{Entry, Profile};

/// The known profile with the new statements in it. A statement takes the place of the one from the same source about
/// the same fact and time; a later state ends the one before it, as when a firm moves; a list takes the place of the
/// whole list; everything else stays.
pub(super) fn merge(mut known: Profile, new: Profile) -> Profile {
    known.name = new.name;
    for (key, entries) in new.facts {
        let held = known.facts.entry(key).or_default();
        for entry in entries {
            add(held, entry);
        }
        // The order a profile is read in, so that equal knowledge is an equal document.
        held.sort_by(|a, b| (a.period, &a.source).cmp(&(b.period, &b.source)));
    }
    known.lists.extend(new.lists);
    known
}

fn add(held: &mut Vec<Entry>, new: Entry) {
    let lasts = |entry: &Entry| entry.period.to.is_none();
    let rival = |old: &Entry| old.source == new.source && (old.period == new.period || (lasts(old) && lasts(&new)));
    if let Some(old) = held.iter_mut().find(|old| rival(old)) {
        if new.period.from.is_none() && old.state == new.state {
            // The same state without its first day says less than what is known.
            old.grade = new.grade;
            return;
        }
        if lasts(old) && old.period.from < new.period.from && old.state != new.state {
            old.period.to = new.period.from;
        } else {
            *old = new;
            return;
        }
    }
    held.push(new);
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use rules::{FactKey, FactState, Grade, Period, Value};

    use super::*;

    fn figure(year: i32, source: &str, value: i64) -> Entry {
        let period = Period::year(year).unwrap();
        Entry { state: FactState::Known(Value::Number(value)), period, source: source.to_owned(), grade: Grade::A }
    }

    fn place(code: &str, from: Option<&str>, to: Option<&str>) -> Entry {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let period = Period { from: from.map(day), to: to.map(day) };
        let state = FactState::Known(Value::Area(code.to_owned()));
        Entry { state, period, source: "registry".to_owned(), grade: Grade::A }
    }

    fn profile(entries: Vec<Entry>) -> Profile {
        let facts = [(FactKey::new("fact"), entries)].into();
        Profile { uscc: "x".to_owned(), name: "甲".to_owned(), facts, ..Profile::default() }
    }

    #[test]
    fn a_new_figure_takes_the_place_of_its_own_year_and_source_only() {
        let known = profile(vec![figure(2024, "tax", 1), figure(2025, "declared", 3), figure(2025, "tax", 2)]);
        let merged = merge(known, profile(vec![figure(2025, "tax", 9)]));
        assert_eq!(merged, profile(vec![figure(2024, "tax", 1), figure(2025, "declared", 3), figure(2025, "tax", 9)]));
    }

    #[test]
    fn a_move_ends_the_stay_before_it() {
        let merged = merge(
            profile(vec![place("420111", Some("2020-05-01"), None)]),
            profile(vec![place("420115", Some("2025-02-01"), None)]),
        );
        let stays =
            vec![place("420111", Some("2020-05-01"), Some("2025-02-01")), place("420115", Some("2025-02-01"), None)];
        assert_eq!(merged, profile(stays));
    }

    #[test]
    fn the_same_place_without_its_first_day_takes_nothing_away() {
        let known = profile(vec![place("420111", Some("2020-05-01"), None)]);
        assert_eq!(merge(known.clone(), profile(vec![place("420111", None, None)])), known);
    }

    #[test]
    fn facts_that_a_row_does_not_mention_stay() {
        let known = profile(vec![figure(2024, "tax", 1)]);
        assert_eq!(merge(known.clone(), profile(vec![])).facts, known.facts);
    }
}
