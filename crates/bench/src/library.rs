//! A made-up library: conditions drawn from the operators the seed policies use, in about their proportions, but with
//! more ratios, windows and growth, because those are what costs time.

use std::collections::BTreeMap;

use domain::synthetic::Stream;
use rules::{Condition, Reference, Severity};

/// One way a notice asks, with its weight in a hundred leaves and whether figures are worked out for it.
struct Operator {
    name: &'static str,
    weight: i64,
    derived: bool,
    write: fn(&mut Stream) -> String,
}

const fn operator(name: &'static str, weight: i64, derived: bool, write: fn(&mut Stream) -> String) -> Operator {
    Operator { name, weight, derived, write }
}

static OPERATORS: [Operator; 12] = [
    operator("threshold", 19, false, threshold),
    operator("code or industry", 14, false, code),
    operator("place", 8, false, place),
    operator("records", 8, false, records),
    operator("never, not listed", 5, false, never),
    operator("promise", 5, false, promise),
    operator("age, residence", 5, false, age),
    operator("ratio", 12, true, ratio),
    operator("derived fact", 4, true, derived_fact),
    operator("window", 9, true, window),
    operator("every year", 3, true, every_year),
    operator("growth", 8, true, growth),
];

const AMOUNTS: [&str; 13] = [
    "营业收入",
    "主营业务收入",
    "销售收入",
    "工业总产值",
    "利润总额",
    "净利润",
    "资产总额",
    "负债总额",
    "固定资产",
    "研发费用",
    "设备投资",
    "新增股权融资",
    "应纳税所得额",
];
const HEADS: [&str; 5] = ["从业人员", "职工总数", "参保人数", "科技人员", "研发人员"];
const YEARS: [&str; 3] = ["上年度", "2025年", "2024年"];
const PLACES: [&str; 9] =
    ["武汉市", "湖北省", "江夏区", "洪山区", "武昌区", "东湖高新区", "蔡甸区", "黄陂区", "{江汉区, 江岸区}"];
const SIGNS: [&str; 4] = [">=", ">=", ">", "<"];

/// Conditions with the number of leaves of every operator.
#[derive(Debug)]
pub struct Library {
    pub conditions: Vec<Condition>,
    pub leaves: BTreeMap<&'static str, usize>,
    pub derived: usize,
}

impl Library {
    /// The same for the same seed. What contradicts itself is drawn again: no bureau could publish it.
    pub fn made_up(seed: u64, conditions: usize, reference: &Reference) -> Self {
        let mut library = Self { conditions: Vec::with_capacity(conditions), leaves: BTreeMap::new(), derived: 0 };
        for index in 0_u64.. {
            if library.conditions.len() == conditions {
                break;
            }
            let mut drawn = Vec::new();
            let text = text(&mut Stream::new(seed, index), &mut drawn);
            let Ok(condition) = rules::text::parse(&text, reference) else { continue };
            if rules::check(&condition, reference).iter().any(|problem| problem.severity == Severity::Error) {
                continue;
            }
            library.conditions.push(condition);
            for operator in drawn {
                *library.leaves.entry(operator.name).or_default() += 1;
                library.derived += usize::from(operator.derived);
            }
        }
        library
    }
}

/// One to seven members, one in six of them a group.
fn text(stream: &mut Stream, drawn: &mut Vec<&'static Operator>) -> String {
    let members: Vec<String> = (0..stream.between(1, 7)).map(|_| member(stream, drawn)).collect();
    members.join(" 且 ")
}

fn member(stream: &mut Stream, drawn: &mut Vec<&'static Operator>) -> String {
    if !stream.chance(170) {
        return leaf(stream, drawn);
    }
    let mut leaves = |stream: &mut Stream, count| -> Vec<String> { (0..count).map(|_| leaf(stream, drawn)).collect() };
    match stream.between(0, 3) {
        0 => format!("满足任意2项 {{ {} }}", leaves(stream, 3).join(" ; ")),
        1 => format!("没有 ( {} )", leaves(stream, 1).join(" 或 ")),
        count => format!("( {} )", leaves(stream, count).join(" 或 ")),
    }
}

fn leaf(stream: &mut Stream, drawn: &mut Vec<&'static Operator>) -> String {
    let operator = stream.weighted(&OPERATORS, |operator| operator.weight);
    drawn.push(operator);
    (operator.write)(stream)
}

/// A round number as notices write them.
fn amount(stream: &mut Stream) -> String {
    let unit = stream.pick(&["万元", "0万元", "00万元"]);
    format!("{}{unit}", stream.between(1, 60))
}

fn percent(stream: &mut Stream) -> String {
    let half = if stream.chance(300) { ".5" } else { "" };
    format!("{}{half}%", stream.between(1, 60))
}

fn threshold(stream: &mut Stream) -> String {
    let (year, sign) = (*stream.pick(&YEARS), *stream.pick(&SIGNS));
    match stream.between(0, 9) {
        0 => format!("研发场地面积 >= {}0㎡", stream.between(5, 99)),
        1 => format!("研发仪器设备原值 >= {}", amount(stream)),
        2 => format!("专职研发人员 >= {}人", stream.between(3, 60)),
        3 | 4 => format!("{year}{} {sign} {}人", stream.pick(&HEADS), stream.between(5, 300)),
        _ => format!("{year}{} {sign} {}", stream.pick(&AMOUNTS), amount(stream)),
    }
}

fn code(stream: &mut Stream) -> String {
    let negated = stream.chance(150);
    let verb = if negated { "不属于" } else { "属于" };
    match stream.between(0, 5) {
        0 => format!("登记状态 {} 存续", if negated { "不为" } else { "为" }),
        1 => "独立法人 为 是".to_owned(),
        2 => format!("企业规模 {verb} {{{}}}", stream.pick(&["微型, 小型", "小型, 中型", "微型, 小型, 中型"])),
        3 => format!("一般纳税人 为 {}", stream.pick(&["是", "否"])),
        _ => format!(
            "所属行业 {verb} {}",
            stream.pick(&["制造业", "软件和信息技术服务业", "{制造业, 批发业}", "建筑业", "餐饮业", "零售业"])
        ),
    }
}

fn place(stream: &mut Stream) -> String {
    let which = stream.pick(&["注册地", "注册地", "税务征管地", "统计关系所在地"]);
    format!("{which} 属于 {}", stream.pick(&PLACES))
}

fn records(stream: &mut Stream) -> String {
    match stream.between(0, 3) {
        0 => format!("资质证书 含 {} 有效", stream.pick(&["高新技术企业", "科技型中小企业"])),
        1 => format!("近{}年 获奖 含 省级科技奖励 ( 单位排名 <= {} )", stream.between(1, 5), stream.between(1, 5)),
        2 => format!("近{}年 知识产权 ( 类别 为 Ⅰ类 ) >= {}项", stream.between(1, 5), stream.between(1, 6)),
        _ => format!("投资项目 ( 建设地点 属于 武汉市 且 总投资 >= {} )", amount(stream)),
    }
}

fn never(stream: &mut Stream) -> String {
    match stream.between(0, 3) {
        0 => "未列入 经营异常名录".to_owned(),
        1 => "未列入 严重失信名单".to_owned(),
        2 => format!("没有 ( 近{}年 重大违法 )", stream.between(1, 3)),
        _ => format!("没有 ( 近{}年 事故 ( 等级 不低于 较大 ) )", stream.between(1, 3)),
    }
}

fn promise(stream: &mut Stream) -> String {
    format!("承诺「未发生第{}类情形」", stream.between(1, 40))
}

fn age(stream: &mut Stream) -> String {
    match stream.between(0, 3) {
        0 => format!("成立 不超过 {}年", stream.between(3, 20)),
        1 => format!("在{}注册 满 {}年", stream.pick(&["武汉市", "江夏区", "东湖高新区"]), stream.between(1, 5)),
        2 => format!("成立 满 {}个月", stream.between(3, 48)),
        _ => format!("成立 满 {}年", stream.between(1, 10)),
    }
}

fn ratio(stream: &mut Stream) -> String {
    let of: &[&str] = if stream.chance(700) { &AMOUNTS } else { &HEADS };
    let sign = *stream.pick(&SIGNS);
    let (a, b) = (*stream.pick(of), *stream.pick(of));
    let period = *stream.pick(&["上年度", "上年度", "2024年", "近2年", "近3年"]);
    format!("{period}{a} / {period}{b} {sign} {}", percent(stream))
}

fn derived_fact(stream: &mut Stream) -> String {
    let (fact, sign) = *stream.pick(&[("资产负债率", "<="), ("研发强度", ">="), ("科技人员占比", ">=")]);
    format!("上年度{fact} {sign} {}", percent(stream))
}

fn window(stream: &mut Stream) -> String {
    let (years, shorter) = (stream.between(2, 3), if stream.chance(400) { "(不足按实际)" } else { "" });
    let fold = stream.pick(&["", "", "平均", "最低", "最高"]);
    let sign = stream.pick(&SIGNS);
    format!("近{years}年{shorter}{fold}{} {sign} {}", stream.pick(&AMOUNTS), amount(stream))
}

fn every_year(stream: &mut Stream) -> String {
    let (years, fact) = (stream.between(2, 3), *stream.pick(&AMOUNTS));
    if stream.chance(500) {
        format!("近{years}年每年 ( {fact} / 营业收入 >= {} )", percent(stream))
    } else {
        format!("近{years}年每年 ( {fact} >= {} )", amount(stream))
    }
}

fn growth(stream: &mut Stream) -> String {
    let fact = *stream.pick(&AMOUNTS);
    match stream.between(0, 2) {
        0 => format!("上年度{fact} 同比增长率 >= {}", percent(stream)),
        1 => format!("近2年{fact} 平均增长率 >= {}", percent(stream)),
        _ => format!("近2年{fact} 复合增长率 >= {}", percent(stream)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operator_reads_and_passes_the_check_often_enough_to_be_drawn() {
        let reference = Reference::builtin();
        for operator in &OPERATORS {
            let readable = (0..60).filter(|index| {
                let text = (operator.write)(&mut Stream::new(1, *index));
                match rules::text::parse(&text, reference) {
                    Ok(condition) => {
                        rules::check(&condition, reference).iter().all(|problem| problem.severity != Severity::Error)
                    }
                    Err(problems) => panic!("{text}: {problems:?}"),
                }
            });
            assert!(readable.count() >= 50, "{}", operator.name);
        }
    }

    #[test]
    fn a_third_of_the_leaves_is_worked_out_and_the_same_seed_makes_the_same_library() {
        let reference = Reference::builtin();
        let library = Library::made_up(7, 300, reference);
        assert_eq!(library.conditions.len(), 300);
        assert_eq!(library.leaves.len(), OPERATORS.len(), "{:?}", library.leaves);
        let leaves: usize = library.leaves.values().sum();
        assert!(library.derived * 3 >= leaves, "{} of {leaves}", library.derived);
        assert_eq!(library.conditions, Library::made_up(7, 300, reference).conditions);
        assert_ne!(library.conditions, Library::made_up(8, 300, reference).conditions);
    }
}
