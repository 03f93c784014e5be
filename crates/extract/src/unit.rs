//! Units behind numbers, with what they measure and how many base units they hold.

use rules::number::Rational;

use crate::text::Text;

/// What a number measures; thresholds are only comparable within one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    Money,
    Dollars,
    Share,
    Months,
    Days,
    Age,
    People,
    Things,
    Surface,
    /// 1, and whatever else is counted
    Other,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unit {
    pub(crate) measure: Measure,
    pub(crate) name: &'static str,
    pub(crate) numerator: i64,
    pub(crate) denominator: i64,
    pub(crate) end: usize,
}

/// Longer names before their beginnings.
const UNITS: &[(&str, Measure, i64, i64)] = &[
    ("元人民币", Measure::Money, 1, 1),
    ("人民币元", Measure::Money, 1, 1),
    ("元", Measure::Money, 1, 1),
    ("美元", Measure::Dollars, 1, 1),
    ("欧元", Measure::Other, 1, 1),
    ("港元", Measure::Other, 1, 1),
    ("%", Measure::Share, 1, 100),
    ("‰", Measure::Share, 1, 1000),
    ("个百分点", Measure::Share, 1, 100),
    ("倍", Measure::Other, 1, 1),
    ("个月", Measure::Months, 1, 1),
    ("周年", Measure::Months, 12, 1),
    ("个完整会计年度", Measure::Months, 12, 1),
    ("个完整年度", Measure::Months, 12, 1),
    ("个会计年度", Measure::Months, 12, 1),
    ("个自然年度", Measure::Months, 12, 1),
    ("个年度", Measure::Months, 12, 1),
    ("周岁", Measure::Age, 1, 1),
    ("年", Measure::Months, 12, 1),
    ("岁", Measure::Age, 1, 1),
    ("月", Measure::Months, 1, 1),
    ("个工作日", Measure::Days, 1, 1),
    ("工作日", Measure::Days, 1, 1),
    ("天", Measure::Days, 1, 1),
    ("日", Measure::Days, 1, 1),
    ("平方公里", Measure::Surface, 1_000_000, 1),
    ("平方米", Measure::Surface, 1, 1),
    ("平米", Measure::Surface, 1, 1),
    ("㎡", Measure::Surface, 1, 1),
    ("m2", Measure::Surface, 1, 1),
    ("m²", Measure::Surface, 1, 1),
    ("亩", Measure::Other, 1, 1),
    ("公顷", Measure::Other, 1, 1),
    ("人次", Measure::Other, 1, 1),
    ("人", Measure::People, 1, 1),
    ("名", Measure::People, 1, 1),
    ("位", Measure::People, 1, 1),
    ("强", Measure::Other, 1, 1),
    ("吨标准煤", Measure::Other, 1, 1),
    ("吨", Measure::Other, 1, 1),
    ("公里", Measure::Other, 1, 1),
    ("千瓦时", Measure::Other, 1, 1),
    ("千瓦", Measure::Other, 1, 1),
    ("兆瓦", Measure::Other, 1, 1),
    ("小时", Measure::Other, 1, 1),
    ("课时", Measure::Other, 1, 1),
    ("学时", Measure::Other, 1, 1),
    ("标准箱", Measure::Other, 1, 1),
    ("分", Measure::Other, 1, 1),
    ("级", Measure::Other, 1, 1),
    ("个", Measure::Things, 1, 1),
    ("件", Measure::Things, 1, 1),
    ("项", Measure::Things, 1, 1),
    ("家", Measure::Things, 1, 1),
    ("户", Measure::Things, 1, 1),
    ("种", Measure::Things, 1, 1),
    ("次", Measure::Things, 1, 1),
    ("条", Measure::Things, 1, 1),
    ("台", Measure::Things, 1, 1),
    ("套", Measure::Things, 1, 1),
    ("笔", Measure::Things, 1, 1),
    ("张", Measure::Things, 1, 1),
    ("场", Measure::Things, 1, 1),
    ("款", Measure::Things, 1, 1),
    ("篇", Measure::Things, 1, 1),
    ("部", Measure::Things, 1, 1),
    ("所", Measure::Things, 1, 1),
    ("处", Measure::Things, 1, 1),
    ("座", Measure::Things, 1, 1),
    ("间", Measure::Things, 1, 1),
    ("辆", Measure::Things, 1, 1),
    ("席", Measure::Things, 1, 1),
    ("只", Measure::Things, 1, 1),
    ("头", Measure::Things, 1, 1),
    ("幢", Measure::Things, 1, 1),
    ("栋", Measure::Things, 1, 1),
    ("门", Measure::Things, 1, 1),
    ("期", Measure::Things, 1, 1),
    ("届", Measure::Things, 1, 1),
];

/// Words that begin like a unit and are none.
const NO_UNITS: &[&str] = &[
    "年度",
    "级以上人民政府",
    "部分",
    "人民",
    "个别",
    "日起",
    "项目",
    "条件",
    "家庭",
    "名单",
    "名录",
    "分别",
    "分之",
    "月度",
    "强度",
];

/// The unit at `at`, with what it is counted per (`万元/平方米`, `万元/年`) stepped over.
pub(crate) fn read(text: &Text, at: usize) -> Option<Unit> {
    if NO_UNITS.iter().any(|words| text.starts_with(at, words)) {
        return None;
    }
    let (name, measure, numerator, denominator) =
        UNITS.iter().find(|(name, ..)| text.starts_with(at, name)).copied()?;
    let mut end = at + name.chars().count();
    if text.starts_with(end, "人民币") {
        end += 3;
    }
    if text.at(end) == Some('/') {
        let per = UNITS.iter().find(|(name, ..)| text.starts_with(end + 1, name));
        end += per.map_or(0, |(name, ..)| 1 + name.chars().count());
    }
    Some(Unit { measure, name, numerator, denominator, end })
}

impl Unit {
    pub(crate) fn base(&self, value: &Rational) -> Rational {
        let factor = Rational::ratio(self.numerator, self.denominator);
        factor.map_or_else(|| value.clone(), |factor| value.multiply(&factor))
    }
}
