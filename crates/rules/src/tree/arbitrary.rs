//! Random trees in normal form over the embedded catalogue, for property tests.

#![expect(clippy::unwrap_used, reason = "for tests, over the embedded catalogue")]

use proptest::prelude::*;
use proptest::sample::select;

use std::sync::Arc;

use super::age::Duration;
use super::unit::PLAIN;
use super::{
    Age, Arithmetic, Band, Bands, Bound, Case, Cases, Comparison, Condition, Contains, Each, End, Expression,
    FactReference, Figure, Filter, Fold, Growth, Interval, Mark, Membership, Operator, Part, Place, Quantifier,
    Quantity, Records, Residence, Rule, Score, Span, Tallied, Tally, Unconfirmed, Unit, When, Window, Year, place,
    tier,
};
use crate::reference::{FactKind, Field, ListShape, Reference};
use crate::value::FactKey;

/// A condition every part of which the text form can hold.
pub fn condition() -> impl Strategy<Value = Condition> {
    leaf().prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Condition::All),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Condition::Any),
            prop::collection::vec(inner.clone(), 1..3).prop_map(Condition::None),
            (1_usize..4, prop::collection::vec(inner.clone(), 1..4)).prop_map(|(k, of)| Condition::AtLeast { k, of }),
            ("[一-三,。()a-c]{1,6}", inner.clone()).prop_map(|(sentence, reading)| Condition::Unconfirmed(
                Unconfirmed { sentence, reading: Box::new(reading) }
            )),
            bands(branch(inner.clone())).prop_map(Condition::Tier),
            cases(leaf(), branch(inner)).prop_map(Condition::Cases),
        ]
    })
}

/// A branch of a table may also be 无要求 or 不符合.
fn branch(inner: impl Strategy<Value = Condition> + Clone + 'static) -> impl Strategy<Value = Condition> + Clone {
    prop_oneof![4 => inner, 1 => Just(tier::NO_DEMAND), 1 => Just(tier::REFUSED)]
}

/// Tables as people mistype them too: rows may overlap, leave gaps or be empty.
pub(crate) fn bands<T: std::fmt::Debug + Clone + 'static>(
    value: impl Strategy<Value = T> + Clone + 'static,
) -> impl Strategy<Value = Bands<T>> {
    (1_usize..=2).prop_flat_map(move |keys| {
        let row = (prop::collection::vec(interval(), keys), value.clone())
            .prop_map(|(intervals, then)| Band { intervals, then });
        let otherwise = prop::option::of(value.clone().prop_map(Box::new));
        (prop::collection::vec(expression(), keys), prop::collection::vec(row, 1..4), otherwise)
            .prop_map(|(keys, rows, otherwise)| Bands { keys, rows, otherwise })
    })
}

pub(crate) fn cases<T: std::fmt::Debug + Clone + 'static>(
    when: impl Strategy<Value = Condition> + 'static,
    value: impl Strategy<Value = T> + Clone + 'static,
) -> impl Strategy<Value = Cases<T>> {
    let row = (when, value.clone()).prop_map(|(when, then)| Case { when, then });
    (prop::collection::vec(row, 1..4), prop::option::of(value.prop_map(Box::new)))
        .prop_map(|(rows, otherwise)| Cases { rows, otherwise })
}

fn interval() -> impl Strategy<Value = Interval> {
    let bound = prop_oneof![
        3 => quantity().prop_map(Bound::Number),
        1 => date().prop_map(Bound::Date),
    ];
    let end =
        || prop::option::of((bound.clone(), any::<bool>()).prop_map(|(bound, inclusive)| End { bound, inclusive }));
    let exactly = bound.clone().prop_map(|bound| {
        let end = Some(End { bound, inclusive: true });
        Interval { low: end.clone(), high: end }
    });
    prop_oneof![5 => (end(), end()).prop_map(|(low, high)| Interval { low, high }), 1 => exactly]
}

fn points() -> impl Strategy<Value = Quantity> + Clone {
    (0_i64..40).prop_map(|points| Quantity::new(points, 0, Unit::find("分").unwrap()))
}

/// The name follows from the contents, so that one name never means two scores.
fn score() -> impl Strategy<Value = Expression> {
    let cap = || prop::option::weighted(0.3, points());
    let rule = prop_oneof![
        2 => bands(points()).prop_map(Rule::Bands),
        1 => cases(plain_leaf(), points()).prop_map(Rule::Cases),
        1 => (plain_leaf(), points())
            .prop_map(|(condition, points)| Rule::When { condition: Box::new(condition), points }),
    ];
    let part = (rule, cap()).prop_map(|(rule, cap)| Part { rule, cap }).prop_recursive(2, 6, 3, move |inner| {
        let parts = prop::collection::vec(inner, 1..3);
        let rule = prop_oneof![parts.clone().prop_map(Rule::Best), parts.prop_map(Rule::Sum)];
        (rule, prop::option::weighted(0.3, points())).prop_map(|(rule, cap)| Part { rule, cap })
    });
    (prop::collection::vec(part, 1..4), cap()).prop_map(|(parts, cap)| {
        use std::hash::{DefaultHasher, Hash, Hasher};
        let mut hasher = DefaultHasher::new();
        (&parts, &cap).hash(&mut hasher);
        Expression::Score(Arc::new(Score { name: format!("评分{:x}", hasher.finish()), parts, cap }))
    })
}

fn leaf() -> impl Strategy<Value = Condition> {
    prop_oneof![
        8 => plain_leaf(),
        1 => (score_expression(), operator(), quantity()).prop_map(|(left, operator, right)| {
            Condition::Compare(Comparison { left, operator, right: Expression::Quantity(right) })
        }),
    ]
}

/// A score by itself or added to something.
fn score_expression() -> impl Strategy<Value = Expression> {
    prop_oneof![
        3 => score(),
        1 => (score(), expression()).prop_map(|(left, right)| Expression::Arithmetic {
            left: Box::new(left),
            operator: Arithmetic::Plus,
            right: Box::new(right),
        }),
    ]
}

/// What scores are made of holds no scores.
pub(crate) fn plain_leaf() -> impl Strategy<Value = Condition> {
    prop_oneof![
        4 => comparison().prop_map(Condition::Compare),
        1 => (window(), comparison()).prop_map(|(window, comparison)| Condition::Each(Each { window, comparison })),
        1 => age(),
        2 => membership(),
        1 => contains(),
        2 => place(),
        1 => residence(),
        3 => records(),
        1 => "[一-三,。()a-c]{1,6}".prop_map(Condition::Attestation),
        1 => "[一-三,。()a-c]{1,6}".prop_map(Condition::Manual),
        1 => mark().prop_map(Condition::Mark),
    ]
}

pub(crate) fn facts(accept: impl Fn(&FactKind) -> bool) -> impl Strategy<Value = FactKey> {
    let catalogue = &Reference::builtin().catalogue;
    let keys: Vec<FactKey> = catalogue.iter().filter(|fact| accept(&fact.kind)).map(|fact| fact.key.clone()).collect();
    select(keys)
}

fn numbers() -> impl Strategy<Value = FactKey> {
    facts(FactKind::is_number)
}

fn operator() -> impl Strategy<Value = Operator> {
    select(Operator::ALL.to_vec())
}

fn quantity() -> impl Strategy<Value = Quantity> {
    let units = ["", "%", "万元", "元", "人", "项", "年", "㎡", "分"].map(|name| Unit::find(name).unwrap_or(&PLAIN));
    (any::<i32>(), 0_u8..6, select(units.to_vec()))
        .prop_map(|(mantissa, decimals, unit)| Quantity::new(mantissa.into(), decimals, unit))
}

fn date() -> impl Strategy<Value = chrono::NaiveDate> {
    (700_000_i32..760_000).prop_filter_map("a day", chrono::NaiveDate::from_num_days_from_ce_opt)
}

fn year() -> impl Strategy<Value = Year> {
    prop_oneof![(0_u8..3).prop_map(Year::Ago), (1990_i32..2040).prop_map(Year::Named)]
}

fn when() -> impl Strategy<Value = When> {
    prop_oneof![
        Just(When::Now),
        year().prop_map(When::Year),
        (year(), 1_u8..=4).prop_map(|(year, quarter)| When::Quarter(year, quarter)),
        months(),
    ]
}

fn months() -> impl Strategy<Value = When> {
    (year(), 1_u8..=12, 1_u8..=12).prop_map(|(year, one, two)| When::months(year, one.min(two), one.max(two)))
}

fn window() -> impl Strategy<Value = Window> {
    (1_u8..6, any::<bool>()).prop_map(|(years, actual_years)| Window { years, actual_years })
}

fn source() -> impl Strategy<Value = Option<String>> {
    prop_oneof![4 => Just(None), 1 => Just(Some("tax".to_owned()))]
}

pub(crate) fn expression() -> impl Strategy<Value = Expression> {
    let growth = prop_oneof![
        year().prop_map(|year| Growth::YearOnYear(When::Year(year))),
        months().prop_map(Growth::YearOnYear),
        (1_u8..5).prop_map(Growth::Average),
        (1_u8..5).prop_map(Growth::Compound),
    ];
    let fold = select(vec![Fold::Sum, Fold::Mean, Fold::Least, Fold::Greatest]);
    let operand = prop_oneof![
        2 => quantity().prop_map(Expression::Quantity),
        1 => date().prop_map(Expression::Date),
        4 => (numbers(), when(), source())
            .prop_map(|(fact, when, source)| Expression::Fact(FactReference { fact, when, source })),
        2 => (fold, numbers(), source(), window())
            .prop_map(|(fold, fact, source, window)| Expression::Over { fold, fact, source, window }),
        1 => (numbers(), source(), growth).prop_map(|(of, source, growth)| Expression::Growth { of, source, growth }),
        1 => prop::option::of(year())
            .prop_map(|year| Expression::Parameter { name: "城镇调查失业率控制目标".to_owned(), year }),
        1 => tally().prop_map(Expression::Tally),
    ];
    let sign = select(vec![Arithmetic::Plus, Arithmetic::Minus, Arithmetic::Times, Arithmetic::Over]);
    operand.prop_recursive(3, 8, 2, move |inner| {
        (inner.clone(), sign.clone(), inner).prop_map(|(left, operator, right)| Expression::Arithmetic {
            left: Box::new(left),
            operator,
            right: Box::new(right),
        })
    })
}

fn comparison() -> impl Strategy<Value = Comparison> {
    (expression(), operator(), expression()).prop_map(|(left, operator, right)| Comparison { left, operator, right })
}

fn duration() -> impl Strategy<Value = Duration> {
    prop_oneof![
        (0_u16..100).prop_map(Duration::Years),
        (0_u16..100).prop_map(Duration::Months),
        (0_u16..100).prop_map(Duration::Days),
    ]
}

fn age() -> impl Strategy<Value = Condition> {
    (facts(|kind| matches!(kind, FactKind::Date)), operator_of_age(), duration(), prop::option::of(year()))
        .prop_map(|(fact, operator, duration, until)| Condition::Age(Age { fact, operator, duration, until }))
}

fn operator_of_age() -> impl Strategy<Value = Operator> {
    select(vec![Operator::AtLeast, Operator::More, Operator::AtMost, Operator::Less])
}

fn subset(of: Vec<String>) -> impl Strategy<Value = Vec<String>> {
    let most = of.len().min(3);
    prop::sample::subsequence(of, 1..=most)
}

fn membership() -> impl Strategy<Value = Condition> {
    let reference = Reference::builtin();
    let coded = facts(|kind| {
        matches!(kind, FactKind::Code { .. } | FactKind::Codes { .. } | FactKind::Industry | FactKind::Bool)
    });
    (coded, any::<bool>()).prop_flat_map(move |(fact, negated)| {
        let kind = &reference.catalogue.fact(&fact).unwrap().kind;
        let values: Vec<String> = match kind {
            FactKind::Bool => vec!["是".into(), "否".into()],
            FactKind::Industry => reference.industries.iter().map(|industry| industry.code.clone()).collect(),
            kind => kind.options().iter().map(|option| option.code.clone()).collect(),
        };
        subset(values).prop_map(move |values| Condition::Membership(Membership { fact: fact.clone(), negated, values }))
    })
}

fn contains() -> impl Strategy<Value = Condition> {
    let words = prop::collection::vec("[一-九a-z、 (]{1,5}", 1..3).prop_map(|words| {
        words.into_iter().map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect::<Vec<_>>()
    });
    (facts(|kind| matches!(kind, FactKind::Text)), any::<bool>(), words)
        .prop_filter("some word", |(.., words)| !words.is_empty())
        .prop_map(|(fact, negated, words)| Condition::Contains(Contains { fact, negated, words }))
}

fn areas() -> Vec<String> {
    Reference::builtin().areas.iter().map(|area| area.code.clone()).collect()
}

fn place() -> impl Strategy<Value = Condition> {
    (facts(|kind| matches!(kind, FactKind::Area)), any::<bool>(), subset(areas()))
        .prop_map(|(fact, negated, areas)| Condition::Place(Place { fact, negated, areas }))
}

fn residence() -> impl Strategy<Value = Condition> {
    (select(place::VERBS.to_vec()), select(areas()), operator_of_age(), duration()).prop_map(
        |((fact, _), area, operator, duration)| {
            Condition::Residence(Residence { fact: FactKey::from(fact), area, operator, duration })
        },
    )
}

fn span() -> impl Strategy<Value = Span> {
    prop_oneof![
        Just(Span::Ever),
        Just(Span::InForce),
        (1_u8..6).prop_map(Span::Years),
        (1_u16..99).prop_map(Span::Months),
        year().prop_map(Span::Year),
        Just(Span::SinceLastYear),
        (date(), date()).prop_map(|(from, to)| Span::Between(from, to)),
    ]
}

fn records() -> impl Strategy<Value = Condition> {
    let list = facts(|kind| matches!(kind, FactKind::List(_)));
    (list, span(), any::<bool>()).prop_flat_map(|(list, span, selected)| {
        let shape = Reference::builtin().catalogue.fact(&list).and_then(|fact| fact.list()).unwrap();
        let selection = shape.selections.first().filter(|_| selected).map(|selection| selection.name.clone());
        let quantifier = prop_oneof![
            Just(Quantifier::Some),
            Just(Quantifier::None),
            (operator(), 0_u32..9).prop_map(|(operator, count)| Quantifier::Count(operator, count)),
            prop::collection::vec(filter(shape), 1..3).prop_map(Quantifier::Every),
        ];
        (prop::collection::vec(filter(shape), 0..3), quantifier).prop_map(move |(filters, quantifier)| {
            let (list, selection) = (list.clone(), selection.clone());
            Condition::Records(Records { list, selection, span, quantifier, filters })
        })
    })
}

fn tally() -> impl Strategy<Value = Tally> {
    let sets = records().prop_filter_map("a set of records", |leaf| match leaf {
        Condition::Records(records) => Some(Records { quantifier: Quantifier::Some, ..records }),
        _ => None,
    });
    (sets, 0_usize..4, any::<prop::sample::Index>()).prop_map(|(records, which, index)| {
        let shape = Reference::builtin().catalogue.fact(&records.list).and_then(|fact| fact.list()).unwrap();
        let numbers: Vec<_> = shape.fields.iter().filter(|field| field.kind.is_number()).collect();
        let field = || index.get(&numbers).key.clone();
        let of = match which {
            _ if numbers.is_empty() => Tallied::Number,
            0 => Tallied::Number,
            1 => Tallied::Sum(field()),
            2 => Tallied::Greatest(field()),
            _ => Tallied::Least(field()),
        };
        Tally { records, of }
    })
}

/// Demands on a record of the list, nested as deep as people write them.
fn filter(shape: &'static ListShape) -> BoxedStrategy<Filter> {
    let fields: Vec<_> = shape.fields.iter().map(|field| field_filter(field, shape)).collect();
    let any_field = (0..fields.len(), fields).prop_map(|(index, filters)| filters[index].clone());
    any_field
        .prop_recursive(2, 6, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 2..4).prop_map(Filter::All),
                prop::collection::vec(inner.clone(), 2..4).prop_map(Filter::Any),
                prop::collection::vec(inner, 1..3).prop_map(Filter::None),
            ]
        })
        .boxed()
}

fn field_filter(field: &Field, shape: &ListShape) -> BoxedStrategy<Filter> {
    let among = |values: Vec<String>| {
        let field = field.key.clone();
        (any::<bool>(), subset(values))
            .prop_map(move |(negated, values)| Filter::Among { field: field.clone(), negated, values })
            .boxed()
    };
    match &field.kind {
        FactKind::Bool => among(vec!["是".into(), "否".into()]),
        FactKind::Text => among(vec!["甲".into(), "a、b".into()]),
        FactKind::Area => among(areas()),
        FactKind::Code { options, .. } | FactKind::Codes { options } => {
            among(options.iter().map(|option| option.code.clone()).collect())
        }
        FactKind::Date => {
            let others = shape.fields.iter().filter(|one| matches!(one.kind, FactKind::Date) && one.key != field.key);
            let until: Vec<_> = others.map(|one| Some(one.key.clone())).chain([None]).collect();
            let (field, same) = (field.key.clone(), field.key.clone());
            let right = prop_oneof![3 => date().prop_map(Figure::Date), 1 => Just(Figure::field(&field))];
            prop_oneof![
                (operator(), right).prop_map(move |(operator, right)| {
                    Filter::Compare { left: Figure::field(&field), operator, right }
                }),
                (select(until), operator_of_age(), duration()).prop_map(move |(until, operator, duration)| {
                    Filter::Age { field: same.clone(), until, operator, duration }
                }),
            ]
            .boxed()
        }
        _ => (figure(shape), operator(), figure(shape))
            .prop_map(|(left, operator, right)| Filter::Compare { left, operator, right })
            .boxed(),
    }
}

fn figure(shape: &ListShape) -> impl Strategy<Value = Figure> + use<> {
    let numbers = shape.fields.iter().filter(|field| field.kind.is_number());
    let numbers: Vec<String> = numbers.map(|field| field.key.clone()).collect();
    let operand = prop_oneof![2 => select(numbers).prop_map(Figure::Field), 1 => quantity().prop_map(Figure::Quantity)];
    let sign = select(vec![Arithmetic::Plus, Arithmetic::Minus, Arithmetic::Times, Arithmetic::Over]);
    operand.prop_recursive(2, 5, 2, move |inner| {
        (inner.clone(), sign.clone(), inner).prop_map(|(left, operator, right)| Figure::Arithmetic {
            left: Box::new(left),
            operator,
            right: Box::new(right),
        })
    })
}

fn mark() -> impl Strategy<Value = Mark> {
    prop_oneof![
        Just(Mark::Competitive),
        any::<u32>().prop_map(Mark::Quota),
        "[一-三a-c]{1,6}".prop_map(Mark::Preference),
    ]
}
