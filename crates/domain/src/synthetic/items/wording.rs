//! How notices ask: one operator of the condition language each, worded as a bureau would, and how often.

use crate::synthetic::stream::Stream;

/// One way a notice asks, with how many of a thousand leaves ask so and whether figures are worked out for it.
#[derive(Debug)]
pub(super) struct Operator {
    pub(super) name: &'static str,
    pub(super) weight: i64,
    pub(super) derived: bool,
    pub(super) write: fn(&mut Stream) -> String,
}

const fn operator(name: &'static str, weight: i64, derived: bool, write: fn(&mut Stream) -> String) -> Operator {
    Operator { name, weight, derived, write }
}

/// Shares as 549 leaves of real notices have them (the test `mix` of the pipeline prints both), those that have to be
/// worked out raised from a sixth to two fifths.
pub(super) static OPERATORS: [Operator; 18] = [
    operator("threshold", 125, false, threshold),
    operator("code or industry", 110, false, code),
    operator("place", 100, false, place),
    operator("records", 93, false, records),
    operator("never", 88, false, never),
    operator("promise", 50, false, promise),
    operator("manual", 6, false, manual),
    operator("words", 6, false, scope),
    operator("age or residence", 24, false, age),
    operator("ratio", 103, true, ratio),
    operator("derived fact", 103, true, derived_fact),
    operator("window", 50, true, window),
    operator("every year", 14, true, every_year),
    operator("growth", 77, true, growth),
    operator("sum of records", 5, true, tally),
    operator("score", 24, true, score),
    operator("parameter", 18, true, parameter),
    operator("dates", 4, false, date),
];

/// The name of a score a leaf asks for; its definition stands before the condition.
pub(super) const SCORE: &str = "综合评分";

/// Parameters leaves compare with, and what a call may set each to.
pub(super) const PARAMETERS: [(&str, [&str; 3]); 2] =
    [("城镇调查失业率控制目标", ["5%", "5.5%", "6%"]), ("创业担保贷款新招用比例", ["5%", "10%", "15%"])];

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
        2 => format!("主体类型 {} 企业", if negated { "不为" } else { "为" }),
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

fn manual(stream: &mut Stream) -> String {
    format!("人工「主导产品属于第{}类重点方向」", stream.between(1, 40))
}

fn scope(stream: &mut Stream) -> String {
    format!("经营范围 含 {{{}}}", stream.pick(&["生产, 制造", "软件开发", "技术开发", "批发, 零售", "加工"]))
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
    if stream.chance(400) {
        return format!("企业规模 属于 {{{}}}", stream.pick(&["微型, 小型", "小型, 中型", "微型, 小型, 中型"]));
    }
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

/// What the records of a list come to.
fn tally(stream: &mut Stream) -> String {
    match stream.between(0, 2) {
        0 => format!("近3年 投资项目 的 设备投资 合计 >= {}", amount(stream)),
        1 => format!("近3年 已享受政策 的 金额 合计 < {}", amount(stream)),
        _ => format!("近2年 贷款 的 金额 合计 >= {}", amount(stream)),
    }
}

fn score(stream: &mut Stream) -> String {
    format!("{SCORE} >= {}分", stream.between(2, 12) * 5)
}

/// A score of the kind notices define: bands, honours, a growth, each with its points.
pub(super) fn score_definition(stream: &mut Stream) -> String {
    let (high, low) = (stream.between(5, 9), stream.between(2, 4));
    format!(
        "设 {SCORE} = 评分 {{\n  按 上年度研发费用 / 上年度营业收入 {{ >= {high}% : 20分 ; >= {low}% 且 < {high}% : 10分 ; \
         其余 : 0分 }} ;\n  按 上年度主营业务收入 同比增长率 {{ >= 15% : 20分 ; >= 5% 且 < 15% : 10分 ; 其余 : 0分 }} ;\n  \
         当 资质证书 含 高新技术企业 有效 : {}分 ;\n  按 上年度资产负债率 {{ <= 55% : 15分 ; 其余 : 5分 }} ;\n  最高 60分\n}}\n",
        stream.between(2, 4) * 5
    )
}

fn parameter(stream: &mut Stream) -> String {
    match stream.between(0, 1) {
        0 => format!("上年度裁员率 <= 上年度参数「{}」", PARAMETERS[0].0),
        _ => format!("近12个月新招用重点群体人数 / 在职职工 >= 参数「{}」", PARAMETERS[1].0),
    }
}

fn date(stream: &mut Stream) -> String {
    let (year, fact) =
        (stream.between(2008, 2023), stream.pick(&["成立日期", "从事细分市场起始日", "研发机构运行起始日"]));
    format!("{fact} {} {year}-01-01", stream.pick(&["晚于", "早于", "不早于"]))
}

/// How much an item pays: a fixed sum, a share with a cap, a share that depends on size.
pub(super) fn payment(stream: &mut Stream) -> String {
    let cap = stream.between(1, 50) * 10;
    match stream.between(0, 4) {
        0 | 1 => format!("{}万元", stream.between(1, 30) * 5),
        2 => format!("上年度研发费用 * {}% 最高 {cap}万元", stream.between(2, 20)),
        3 => format!("上年度设备投资 * {}% 最高 {cap}万元", stream.between(2, 12)),
        _ => format!(
            "分档 上年度营业收入 {{ < 2000万元 : {}万元 ; >= 2000万元 : 上年度研发费用 * 10% 最高 {cap}万元 }}",
            stream.between(1, 10)
        ),
    }
}
