//! A leaf → the text form of the rule language, where the catalogue has the fact; the parser and the check have the
//! last word, so a proposed line is always one that `rule check` accepts.

use rules::number::{Rational, trimmed};
use rules::reference::PeriodKind;
use rules::tree::Operator;
use rules::{FactKey, FactKind, Reference, Severity};

use crate::dictionary;
use crate::leaf::{Doubt, Leaf, Reading, Role};
use crate::unit::Measure;
use crate::window::Window;

/// Gives the leaf its line, its doubts and, for lists, its fact.
pub(crate) fn word(leaf: &mut Leaf, reference: &Reference) {
    if leaf.role != Role::Requirement {
        return;
    }
    if let Reading::Among(values) = &leaf.reading
        && let [value] = values.as_slice()
    {
        leaf.fact = leaf.fact.take().or_else(|| dictionary::register(value).map(str::to_owned));
    }
    if !measures(leaf, reference) {
        leaf.fact = None;
        leaf.doubts.retain(|doubt| *doubt != Doubt::Subject);
    }
    let line = leaf.rule.take().or_else(|| line(leaf, reference));
    leaf.rule = line.filter(|line| is_sound(line, reference));
}

/// Whether the fact is counted in what the number counts: 失业保险费3个月 is no sum of money.
fn measures(leaf: &Leaf, reference: &Reference) -> bool {
    let Reading::Number { measure, .. } = leaf.reading else { return true };
    let fact = leaf.fact.as_deref().and_then(|key| reference.catalogue.fact(&FactKey::from(key)));
    match fact.map(|fact| &fact.kind) {
        Some(FactKind::Amount) => matches!(measure, Measure::Money | Measure::Dollars),
        Some(FactKind::Ratio) => matches!(measure, Measure::Share | Measure::Other),
        Some(FactKind::Integer) => !matches!(measure, Measure::Money | Measure::Share),
        _ => true,
    }
}

fn is_sound(line: &str, reference: &Reference) -> bool {
    let Ok(condition) = rules::text::parse(line, reference) else { return false };
    rules::check(&condition, reference).iter().all(|problem| problem.severity != Severity::Error)
}

fn line(leaf: &mut Leaf, reference: &Reference) -> Option<String> {
    match &leaf.reading {
        Reading::Number { operator, value, upper: None, .. } if leaf.place.is_some() => {
            let place = leaf.place.as_ref()?;
            let area = reference.areas.find(place).or_else(|| reference.areas.locate(place))?;
            Some(format!("在{}注册 {}", reference.areas.name(area)?, lasting(*operator, value)?))
        }
        Reading::Number { operator, value, upper, measure, .. } => {
            let (operator, value, upper, measure) = (*operator, value.clone(), upper.clone(), *measure);
            if leaf.fact.as_deref() == Some("established_on") {
                let low = lasting(operator, &value).map(|words| format!("成立日期 {words}"))?;
                let Some((upper, includes)) = upper else { return Some(low) };
                let high = lasting(if includes { Operator::AtMost } else { Operator::Less }, &upper)?;
                return Some(format!("{low} 且 成立日期 {high}"));
            }
            let left = left(leaf, reference)?;
            let low = format!("{left} {} {}", operator.sign(), quantity(&value, measure)?);
            let Some((upper, includes)) = upper else { return Some(low) };
            let sign = if includes { "<=" } else { "<" };
            Some(format!("{low} 且 {left} {sign} {}", quantity(&upper, measure)?))
        }
        Reading::Within(place) => {
            let fact = reference.catalogue.fact(&FactKey::from(leaf.fact.as_deref()?))?;
            let area = reference.areas.find(place).or_else(|| reference.areas.locate(place))?;
            let verb = if leaf.negated { "不属于" } else { "属于" };
            Some(format!("{} {verb} {}", fact.name, reference.areas.name(area)?))
        }
        Reading::Among(values) => among(leaf, values, reference),
        Reading::Day { .. } | Reading::Flag(_) | Reading::Words => None,
    }
}

/// 满 2年
fn lasting(operator: Operator, months: &Rational) -> Option<String> {
    let word = match operator {
        Operator::AtLeast => "满",
        Operator::More => "超过",
        Operator::AtMost => "不超过",
        Operator::Less => "不满",
        Operator::Equal | Operator::Differs => return None,
    };
    let count: u16 = trimmed(months, 3).parse().ok()?;
    let duration = if count.is_multiple_of(12) { format!("{}年", count / 12) } else { format!("{count}个月") };
    Some(format!("{word} {duration}"))
}

fn quantity(value: &Rational, measure: Measure) -> Option<String> {
    let money = |units: [(&str, i64); 3]| {
        units.into_iter().find_map(|(unit, factor)| {
            let scaled = value.checked_div(&Rational::whole(factor))?;
            (factor == 1 || *value >= Rational::whole(factor)).then(|| format!("{}{unit}", trimmed(&scaled, 6)))
        })
    };
    Some(match measure {
        Measure::Money => money([("亿元", 100_000_000), ("万元", 10_000), ("元", 1)])?,
        Measure::Dollars => money([("亿美元", 100_000_000), ("万美元", 10_000), ("美元", 1)])?,
        Measure::Share => format!("{}%", trimmed(&value.multiply(&Rational::whole(100)), 6)),
        Measure::Months => format!("{}个月", trimmed(value, 3)),
        Measure::People => format!("{}人", trimmed(value, 3)),
        Measure::Things => format!("{}项", trimmed(value, 3)),
        Measure::Surface => format!("{}平方米", trimmed(value, 3)),
        Measure::Other | Measure::Age | Measure::Days => trimmed(value, 6),
    })
}

/// The expression on the left: a dated fact, a ratio, a growth.
fn left(leaf: &mut Leaf, reference: &Reference) -> Option<String> {
    let fact = leaf.fact.clone()?;
    if let Some(of) = fact.strip_suffix('↑') {
        let name = dated(leaf, of, reference)?;
        let average = matches!(leaf.window, Some(Window::LastYears(_)));
        return Some(format!("{name} {}", if average { "平均增长率" } else { "同比增长率" }));
    }
    if let Some((of, whole)) = fact.split_once('/') {
        return Some(format!("{} / {}", dated(leaf, of, reference)?, dated(leaf, whole, reference)?));
    }
    dated(leaf, &fact, reference)
}

fn dated(leaf: &mut Leaf, key: &str, reference: &Reference) -> Option<String> {
    let fact = reference.catalogue.fact(&FactKey::from(key))?;
    if fact.period != PeriodKind::Year {
        return Some(fact.name.clone());
    }
    let period = match leaf.window {
        Some(Window::LastYear) => "上年度".to_owned(),
        Some(Window::LastYears(years)) => format!("近{years}年"),
        Some(Window::CurrentYear) => "当年".to_owned(),
        Some(Window::Year(year)) => format!("{year}年"),
        Some(Window::Quarter(year, quarter)) => {
            format!("{year}年{}季度", ["一", "二", "三", "四"].get(usize::from(quarter.max(1) - 1))?)
        }
        Some(Window::Months(_) | Window::YearToApplication | Window::LastAndCurrentYear | Window::Days(..)) => {
            return None;
        }
        None => {
            if !leaf.doubts.contains(&Doubt::Period) {
                leaf.doubts.push(Doubt::Period);
            }
            "上年度".to_owned()
        }
    };
    Some(format!("{period}{}", fact.name))
}

/// Lists: registers by name, certificates by kind, incidents by the catalogue's named parts.
fn among(leaf: &Leaf, values: &[String], reference: &Reference) -> Option<String> {
    if leaf.subject == "资质证书" {
        let fact = reference.catalogue.fact(&FactKey::from("certificates"))?;
        let shape = fact.list()?;
        let field = shape.fields.iter().find(|field| Some(&field.key) == shape.label.as_ref())?;
        let names: Option<Vec<&str>> = values.iter().map(|value| kind(&field.kind, value)).collect();
        let set = names?.join(", ");
        return Some(if leaf.negated {
            format!("从未 资质证书 含 {{{set}}}")
        } else {
            format!("资质证书 含 {{{set}}} 有效")
        });
    }
    if leaf.subject == "所属行业" {
        let names: Option<Vec<&str>> = values.iter().map(|value| industry(value, reference)).collect();
        let verb = if leaf.negated { "不属于" } else { "属于" };
        return Some(format!("所属行业 {verb} {{{}}}", names?.join(", ")));
    }
    let lines: Option<Vec<String>> = values.iter().map(|value| bad(leaf, value, reference)).collect();
    let lines = lines?;
    let joined = lines.join(" 或 ");
    Some(if leaf.negated { format!("没有 ( {joined} )") } else { joined })
}

fn industry<'a>(value: &'a str, reference: &Reference) -> Option<&'a str> {
    let name = value.trim_end_matches("行业").trim_end_matches('等');
    [value, name].into_iter().find(|name| reference.industries.find(name).is_some())
}

fn bad(leaf: &Leaf, value: &str, reference: &Reference) -> Option<String> {
    if let Some(list) = dictionary::register(value) {
        let fact = reference.catalogue.fact(&FactKey::from(list))?;
        return Some(format!("列入 {}", fact.name));
    }
    let span = match leaf.window {
        Some(Window::LastYear) => "上年度 ".to_owned(),
        Some(Window::LastYears(years)) => format!("近{years}年 "),
        Some(Window::Months(months)) => format!("近{months}个月 "),
        Some(Window::CurrentYear) => "当年 ".to_owned(),
        Some(Window::LastAndCurrentYear) => "上年度及当年 ".to_owned(),
        Some(Window::Year(year)) => format!("{year}年 "),
        _ => String::new(),
    };
    reference.catalogue.selection(value).map(|_| format!("{span}{value}"))
}

fn kind<'a>(kind: &'a rules::FactKind, value: &str) -> Option<&'a str> {
    let options = kind.options().iter();
    let named = options
        .flat_map(|option| std::iter::once(&option.code).chain(&option.aliases).map(move |name| (name, &option.code)));
    let plain: String = value.chars().filter(|one| !"“”\"".contains(*one)).collect();
    let found = named
        .filter(|(name, _)| plain.contains(name.as_str()) && name.chars().count() >= 3)
        .max_by_key(|(name, _)| name.len());
    found.map(|(_, code)| code.as_str())
}
