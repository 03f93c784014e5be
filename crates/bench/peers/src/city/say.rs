//! A flat rule in the words of other engines. Fields are columns of whole numbers; a missing value is null.

use std::fmt::Write as _;

use bench::flat::{FIELDS, Leaf, Rule, Test};
use rules::tree::Operator;

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

fn listed<T: ToString>(values: impl IntoIterator<Item = T>) -> String {
    values.into_iter().map(|value| value.to_string()).collect::<Vec<_>>().join(", ")
}

fn members(rules: &[Rule], say: impl Fn(&Rule) -> String, between: &str) -> String {
    rules.iter().map(say).collect::<Vec<_>>().join(between)
}

/// SQL of DuckDB and PostgreSQL: three-valued by itself, but for "so many of so many".
pub(crate) fn sql(rule: &Rule) -> String {
    match rule {
        Rule::All(rules) => format!("({})", members(rules, sql, " AND ")),
        Rule::Any(rules) => format!("({})", members(rules, sql, " OR ")),
        Rule::Not(inner) => format!("(NOT {})", sql(inner)),
        Rule::AtLeast(k, rules) => {
            let count = |open: bool| members(rules, |rule| format!("COALESCE({}, {open})::int", sql(rule)), " + ");
            format!("(CASE WHEN {} >= {k} THEN true WHEN {} < {k} THEN false END)", count(false), count(true))
        }
        Rule::Leaf(Leaf { field, test, negated }) => {
            let (key, not) = (FIELDS[*field].key, if *negated { "NOT " } else { "" });
            match test {
                Test::Among(codes) => format!("({key} {not}IN ({}))", listed(codes)),
                Test::Tagged(tags) => format!("({not}({key} & {tags}) <> 0)"),
                Test::Compare(operator, bound) => format!("({key} {} {bound})", sign(*operator)),
                Test::Is(wanted) => format!("({key} = {})", i64::from(*wanted)),
            }
        }
    }
}

/// An expression of Polars, as Python.
pub(crate) fn polars(rule: &Rule) -> String {
    match rule {
        Rule::All(rules) => format!("({})", members(rules, polars, " & ")),
        Rule::Any(rules) => format!("({})", members(rules, polars, " | ")),
        Rule::Not(inner) => format!("(~{})", polars(inner)),
        Rule::AtLeast(k, rules) => format!("at_least({k}, [{}])", members(rules, polars, ", ")),
        Rule::Leaf(Leaf { field, test, negated }) => {
            let (column, not) = (format!("c('{}')", FIELDS[*field].key), if *negated { "~" } else { "" });
            match test {
                Test::Among(codes) => format!("({not}{column}.is_in([{}]))", listed(codes)),
                Test::Tagged(tags) => format!("({not}(({column} & {tags}) != 0))"),
                Test::Compare(Operator::Equal, bound) => format!("({column} == {bound})"),
                Test::Compare(Operator::Differs, bound) => format!("({column} != {bound})"),
                Test::Compare(operator, bound) => format!("({column} {} {bound})", sign(*operator)),
                Test::Is(wanted) => format!("({column} == {})", i64::from(*wanted)),
            }
        }
    }
}

/// An expression of zen, which knows two values: whether the rule is certain, or whether it is possible.
/// `negated` pushes a negation to the leaves.
pub(crate) fn zen(rule: &Rule, certain: bool, negated: bool) -> String {
    let say = |rule: &Rule| zen(rule, certain, negated);
    match (rule, negated) {
        (Rule::All(rules), false) | (Rule::Any(rules), true) => format!("({})", members(rules, say, " and ")),
        (Rule::Any(rules), false) | (Rule::All(rules), true) => format!("({})", members(rules, say, " or ")),
        (Rule::Not(inner), _) => zen(inner, certain, !negated),
        (Rule::AtLeast(k, rules), _) => {
            // Not k of n is n − k + 1 of the opposites.
            let k = if negated { rules.len() + 1 - k } else { *k };
            format!("(({}) >= {k})", members(rules, |rule| format!("({} ? 1 : 0)", say(rule)), " + "))
        }
        (Rule::Leaf(leaf), _) => {
            let key = FIELDS[leaf.field].key;
            let (is, joined) = if certain { ("!=", "and") } else { ("==", "or") };
            format!("({key} {is} null {joined} {})", zen_leaf(leaf, key, negated))
        }
    }
}

fn zen_leaf(leaf: &Leaf, key: &str, negated: bool) -> String {
    let mut text = String::new();
    if leaf.negated != negated {
        text += "not ";
    }
    // Writing into a text cannot fail.
    let _ = match &leaf.test {
        Test::Among(codes) => write!(text, "({key} in [{}])", listed(codes)),
        Test::Tagged(tags) => {
            let tags = (0..64).filter(|tag| tags >> tag & 1 == 1);
            write!(text, "(some({key}, # in [{}]))", listed(tags))
        }
        Test::Compare(Operator::Equal, bound) => write!(text, "({key} == {bound})"),
        Test::Compare(Operator::Differs, bound) => write!(text, "({key} != {bound})"),
        Test::Compare(operator, bound) => write!(text, "({key} {} {bound})", sign(*operator)),
        Test::Is(wanted) => write!(text, "({key} == {})", i64::from(*wanted)),
    };
    text
}
