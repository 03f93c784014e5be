//! The 41 facts, and a catalogue that holds nothing else.

use std::fmt::Write as _;

use rules::problem::Problem;
use rules::{FactKey, Reference, ReferenceTexts};

/// What a field holds, and over how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One of so many codes.
    Code(u16),
    /// Any of so many tags, at most 64.
    Tags(u16),
    /// Money in 分.
    Amount,
    /// A count.
    Number,
    /// Days of the common era.
    Date,
    Flag,
}

/// One fact of the flat city.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    pub key: &'static str,
    pub name: &'static str,
    pub kind: Kind,
    /// How often it is missing, in thousandths.
    pub missing: i64,
}

const fn field(key: &'static str, name: &'static str, kind: Kind, missing: i64) -> Field {
    Field { key, name, kind, missing }
}

/// In the order in which a firm holds their values.
pub static FIELDS: [Field; 41] = [
    field("district", "所在区", Kind::Code(16), 10),
    field("street", "所在街道", Kind::Code(160), 60),
    field("section", "行业门类", Kind::Code(20), 30),
    field("division", "行业大类", Kind::Code(97), 60),
    field("class", "行业小类", Kind::Code(473), 110),
    field("size", "规模档次", Kind::Code(4), 90),
    field("form", "组织类别", Kind::Code(8), 40),
    field("ownership", "控股类别", Kind::Code(7), 120),
    field("credit", "信用档次", Kind::Code(5), 200),
    field("taxpayer", "纳税人类别", Kind::Code(3), 110),
    field("state", "登记情况", Kind::Code(6), 20),
    field("park", "所在园区", Kind::Code(24), 150),
    field("listing", "上市进程", Kind::Code(6), 210),
    field("stage", "成长阶段", Kind::Code(5), 230),
    field("certificates", "资质标签", Kind::Tags(48), 180),
    field("chains", "产业链标签", Kind::Tags(8), 190),
    field("honours", "荣誉标签", Kind::Tags(30), 210),
    field("revenue", "营业额", Kind::Amount, 160),
    field("assets", "总资产", Kind::Amount, 190),
    field("profit", "盈利额", Kind::Amount, 210),
    field("tax", "缴税额", Kind::Amount, 150),
    field("research", "研发投入", Kind::Amount, 260),
    field("investment", "投资额", Kind::Amount, 240),
    field("exports", "出口额", Kind::Amount, 250),
    field("capital", "实收资金", Kind::Amount, 120),
    field("power", "用电度数", Kind::Number, 230),
    field("staff", "员工数", Kind::Number, 130),
    field("insured", "社保人数", Kind::Number, 110),
    field("researchers", "研究人员数", Kind::Number, 260),
    field("patents", "专利数", Kind::Number, 200),
    field("area", "场地平方米", Kind::Number, 250),
    field("founded", "创办日", Kind::Date, 20),
    field("moved", "迁入日", Kind::Date, 190),
    field("certified", "认证日", Kind::Date, 260),
    field("legal", "法人单位", Kind::Flag, 30),
    field("accounts", "单独核算", Kind::Flag, 160),
    field("arrears", "拖欠记录", Kind::Flag, 250),
    field("punished", "处罚记录", Kind::Flag, 240),
    field("audited", "审计完成", Kind::Flag, 220),
    field("exporter", "出口资格", Kind::Flag, 190),
    field("technology", "技术企业", Kind::Flag, 110),
];

impl Field {
    pub fn fact(&self) -> FactKey {
        FactKey::from(self.key)
    }

    /// The code of the option or tag with this number.
    pub fn option(index: usize) -> String {
        format!("代{index}")
    }
}

/// Reference data whose catalogue is the 41 fields.
pub fn reference() -> Result<Reference, Vec<Problem>> {
    Reference::parse(&ReferenceTexts { catalogue: catalogue(), ..ReferenceTexts::builtin() })
}

fn catalogue() -> String {
    let mut text = "[[origins]]\nkey = \"registry\"\nname = \"登记\"\ngrade = \"A\"\n\
                    [[origins]]\nkey = \"declared\"\nname = \"自报\"\ngrade = \"D\"\n\
                    [precedence]\nall = [[\"registry\"], [\"declared\"]]\n"
        .to_owned();
    for field in &FIELDS {
        let kind = match field.kind {
            Kind::Code(_) => "code",
            Kind::Tags(_) => "codes",
            Kind::Amount => "amount",
            Kind::Number => "integer",
            Kind::Date => "date",
            Kind::Flag => "bool",
        };
        text += &format!(
            "[[facts]]\nkey = \"{}\"\nname = \"{}\"\nquestion = \"{}?\"\ntype = \"{kind}\"\nsources = \"all\"\ngrade = \"A\"\n",
            field.key, field.name, field.name
        );
        match field.kind {
            Kind::Code(count) | Kind::Tags(count) => {
                let options: Vec<_> = (0..count.into()).map(|index| format!("\"{}\"", Field::option(index))).collect();
                // Writing into a text cannot fail.
                let _ = writeln!(text, "options = [{}]", options.join(", "));
            }
            Kind::Amount => text += "signed = true\n",
            Kind::Flag => text += "yes = \"有\"\nno = \"没有\"\n",
            Kind::Number | Kind::Date => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_reads_and_a_sixth_of_it_is_missing() {
        let reference = reference().unwrap();
        assert!(FIELDS.iter().all(|field| reference.catalogue.fact(&field.fact()).is_some()));
        let missing: i64 = FIELDS.iter().map(|field| field.missing).sum();
        assert_eq!(missing / 41, 157);
    }
}
