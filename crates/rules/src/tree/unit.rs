//! Units of the text form: what `万元` measures and how many base units it holds.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What a unit measures. Two units are comparable when their dimensions are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dimension {
    /// A bare number: scores, ratios, counts written without a unit.
    Plain,
    /// 元
    Money,
    /// 美元
    Dollars,
    /// 人
    People,
    /// 项、件、个、家 …: things counted
    Things,
    /// 平方米
    Surface,
    /// 千瓦时
    Energy,
    /// 个月
    Months,
    /// 天
    Days,
    /// 分, of an evaluation
    Score,
}

/// One unit: its name, dimension and factor `numerator / denominator` to the base unit.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Unit {
    pub name: &'static str,
    pub dimension: Dimension,
    pub numerator: i64,
    pub denominator: i64,
}

const fn unit(name: &'static str, dimension: Dimension, numerator: i64) -> Unit {
    Unit { name, dimension, numerator, denominator: 1 }
}

/// The absence of a unit.
pub static PLAIN: Unit = unit("", Dimension::Plain, 1);

static UNITS: [Unit; 37] = [
    Unit { name: "%", dimension: Dimension::Plain, numerator: 1, denominator: 100 },
    Unit { name: "‰", dimension: Dimension::Plain, numerator: 1, denominator: 1000 },
    unit("倍", Dimension::Plain, 1),
    unit("元", Dimension::Money, 1),
    unit("万元", Dimension::Money, 10_000),
    unit("亿元", Dimension::Money, 100_000_000),
    unit("美元", Dimension::Dollars, 1),
    unit("万美元", Dimension::Dollars, 10_000),
    unit("亿美元", Dimension::Dollars, 100_000_000),
    unit("人", Dimension::People, 1),
    unit("名", Dimension::People, 1),
    unit("万人", Dimension::People, 10_000),
    unit("项", Dimension::Things, 1),
    unit("件", Dimension::Things, 1),
    unit("个", Dimension::Things, 1),
    unit("家", Dimension::Things, 1),
    unit("户", Dimension::Things, 1),
    unit("次", Dimension::Things, 1),
    unit("条", Dimension::Things, 1),
    unit("台", Dimension::Things, 1),
    unit("套", Dimension::Things, 1),
    unit("笔", Dimension::Things, 1),
    unit("张", Dimension::Things, 1),
    unit("位", Dimension::Things, 1),
    unit("级", Dimension::Things, 1),
    unit("㎡", Dimension::Surface, 1),
    unit("平方米", Dimension::Surface, 1),
    unit("万平方米", Dimension::Surface, 10_000),
    unit("千瓦时", Dimension::Energy, 1),
    unit("度", Dimension::Energy, 1),
    unit("万千瓦时", Dimension::Energy, 10_000),
    unit("个月", Dimension::Months, 1),
    unit("月", Dimension::Months, 1),
    unit("年", Dimension::Months, 12),
    unit("天", Dimension::Days, 1),
    unit("日", Dimension::Days, 1),
    unit("分", Dimension::Score, 1),
];

impl Unit {
    /// The unit of that name; the empty name is the bare number.
    pub fn find(name: &str) -> Option<&'static Self> {
        if name.is_empty() || name == "1" {
            return Some(&PLAIN);
        }
        UNITS.iter().find(|unit| unit.name == name)
    }

    /// Every unit with a name.
    pub fn all() -> &'static [Self] {
        &UNITS
    }

    /// The units of a dimension, for remedies: `元、万元、亿元`.
    pub fn names_of(dimension: Dimension) -> Vec<&'static str> {
        UNITS.iter().filter(|unit| unit.dimension == dimension).map(|unit| unit.name).collect()
    }

    /// Whether a number written in `self` may be compared with one of dimension `other`.
    /// Counts and scores are often written without their unit.
    pub fn fits(&self, other: Dimension) -> bool {
        self.dimension.fits(other)
    }
}

impl Dimension {
    /// Equal, or one of them a bare number where the other only counts.
    pub fn fits(self, other: Self) -> bool {
        let loose = |d: Self| matches!(d, Self::Score | Self::Things | Self::People | Self::Months | Self::Days);
        self == other || (self == Self::Plain && loose(other)) || (other == Self::Plain && loose(self))
    }
}

impl Dimension {
    /// The unit values are kept in.
    pub fn base_name(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Money => "元",
            Self::Dollars => "美元",
            Self::People => "人",
            Self::Things => "项",
            Self::Surface => "平方米",
            Self::Energy => "千瓦时",
            Self::Months => "个月",
            Self::Days => "天",
            Self::Score => "分",
        }
    }
}

impl Serialize for Unit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name)
    }
}

impl<'de> Deserialize<'de> for &'static Unit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Unit::find(&name).ok_or_else(|| serde::de::Error::custom(format!("unknown unit `{name}`")))
    }
}

impl JsonSchema for Unit {
    fn schema_name() -> Cow<'static, str> {
        "Unit".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let names: Vec<&str> = [PLAIN.name].into_iter().chain(UNITS.iter().map(|unit| unit.name)).collect();
        json_schema!({ "description": "A unit by its name; empty for a bare number.", "enum": names })
    }
}
