use super::*;

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap_or_default()
}

fn parsed(item: &SyntheticItem) -> Condition {
    rules::text::parse(&item.condition, Reference::builtin())
        .unwrap_or_else(|problems| panic!("{}\n{problems:?}", item.condition))
}

#[test]
fn every_operator_reads_and_passes_the_check_often_enough_to_be_drawn_and_is_counted_under_its_name() {
    let reference = Reference::builtin();
    for operator in &OPERATORS {
        let mut passed = 0;
        for index in 0..60 {
            let mut stream = Stream::new(1, index);
            let mut text = (operator.write)(&mut stream);
            if text.contains(SCORE) {
                text.insert_str(0, &wording::score_definition(&mut stream));
            }
            let condition =
                rules::text::parse(&text, reference).unwrap_or_else(|problems| panic!("{text}: {problems:?}"));
            let problems = rules::check(&condition, reference);
            passed += usize::from(problems.iter().all(|problem| problem.severity != Severity::Error));
            let mut mix = Mix::default();
            mix.add(&condition, reference);
            assert_eq!(mix.leaves.keys().collect::<Vec<_>>(), [&operator.name], "{text}");
        }
        assert!(passed >= 50, "{}: {passed}", operator.name);
    }
}

#[test]
fn the_same_seed_makes_the_same_items_whatever_their_number() {
    let once: Vec<_> = items(7, 12, day()).collect();
    assert_eq!(once, items(7, 30, day()).take(12).collect::<Vec<_>>());
    assert_eq!(once[5], Items::new(7, day()).item(5));
    assert_ne!(once, items(8, 12, day()).collect::<Vec<_>>());
}

#[test]
fn a_third_of_the_leaves_has_to_be_worked_out_and_some_items_have_a_day_parameters_and_money_of_their_own() {
    let reference = Reference::builtin();
    let items: Vec<_> = items(7, 60, day()).collect();
    let mut mix = Mix::default();
    for item in &items {
        mix.add(&parsed(item), reference);
        if let Some(amount) = &item.amount {
            let problems = rules::text::parse_amount(amount, reference);
            assert!(problems.is_ok(), "{amount}: {problems:?}");
        }
    }
    assert!(mix.derived() * 3 >= mix.asked(), "{} of {}", mix.derived(), mix.asked());
    let with = |holds: fn(&SyntheticItem) -> bool| items.iter().filter(|item| holds(item)).count();
    assert!((8..30).contains(&with(|item| item.as_of.is_some())));
    assert!(with(|item| item.amount.is_some()) > 24);
    let asks = |item: &SyntheticItem| item.condition.contains("参数「");
    assert!(items.iter().all(|item| asks(item) != item.parameters.is_empty()));
    assert!(["tier", "cases", "at least", "any", "none"].iter().all(|group| mix.groups.contains_key(group)), "{mix:?}");
}

#[test]
fn some_items_suit_nobody_some_a_few_and_some_nearly_everybody() {
    let items = Items::new(7, day());
    let suited: Vec<usize> =
        (0..40).map(|index| items.item(index)).map(|item| items.suited(&item, &parsed(&item))).collect();
    let share = |low, high| suited.iter().filter(|suits| (low..=high).contains(*suits)).count();
    assert!(share(0, 0) >= 4 && share(1, 100) >= 8 && share(301, 1000) >= 1, "{suited:?}");
}
