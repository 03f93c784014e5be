//! Random conditions about the facts of the small world, as text: every operator that has a reading of its own.

use std::fmt;

use crate::evaluate::arbitrary::Dice;
use crate::reference::Reference;
use crate::text::parse;
use crate::tree::Condition;

/// What a random condition is mostly made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// 且, 或, 没有, 满足任意k项 of comparisons, codes, places and lists.
    Groups,
    /// 近N年, 每年, growth, ages.
    Times,
    /// 分档 by one number or two.
    Tiers,
    /// 分情形.
    Cases,
    /// 评分 against a threshold.
    Scores,
}

impl Family {
    pub const ALL: [Self; 5] = [Self::Groups, Self::Times, Self::Tiers, Self::Cases, Self::Scores];
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Groups => "groups",
            Self::Times => "windows, growth, ages",
            Self::Tiers => "tiers",
            Self::Cases => "cases",
            Self::Scores => "scores",
        })
    }
}

const SIGNS: [&str; 4] = [">=", ">", "<=", "<"];
const KEYS: [&str; 4] = ["上年度营业收入", "上年度研发费用", "上年度研发费用 - 上年度营业收入", "上上年度营业收入"];
const FIXED: [&str; 17] = [
    "独立法人 为 是",
    "独立法人 不为 是",
    "登记状态 为 存续",
    "登记状态 不属于 {存续, 停业}",
    "注册地 属于 武汉市",
    "注册地 属于 江夏区",
    "注册地 不属于 江岸区",
    "在武汉市注册 满 2年",
    "近3年 重大违法",
    "从未 重大违法",
    "近1年 违法记录",
    "近3年 违法记录 ( 是否重大 不为 是 )",
    "近3年 违法记录 每项都 ( 是否重大 为 否 )",
    "近3年 违法记录 ( 是否重大 为 是 ) 项数 * 5元 < 上年度营业收入",
    "从未 违法记录 ( 没有 ( 是否重大 为 是 或 决定日期 满 1年 ) )",
    "违法记录 ( 类型 不属于 税务 或 ( 是否重大 为 否 且 决定日期 不超过 1年 ) ) < 1项",
    "成立日期 晚于 2023-11-23",
];

const NAMES: [&str; 6] = ["甲分", "乙分", "丙分", "丁分", "戊分", "己分"];

/// Up to three levels of groups.
#[expect(clippy::panic, reason = "a text of this file that does not read is a mistake of this file")]
pub(super) fn condition(family: Family, dice: &mut Dice) -> Condition {
    let mut writer = Writer { family, dice, scores: Vec::new() };
    let condition = writer.group(2);
    let text = writer.scores.concat() + &condition;
    parse(&text, Reference::builtin()).unwrap_or_else(|problems| panic!("{text}\n{problems:#?}"))
}

struct Writer<'a> {
    family: Family,
    dice: &'a mut Dice,
    /// 设 …, a line each.
    scores: Vec<String>,
}

impl Writer<'_> {
    fn group(&mut self, depth: u8) -> String {
        if depth == 0 || self.dice.roll(3) == 0 {
            return self.member();
        }
        let count = 2 + self.dice.roll(2);
        let of: Vec<String> = (0..count).map(|_| self.group(depth - 1)).collect();
        match self.dice.roll(7) {
            0..=1 => format!("( {} )", of.join(" 且 ")),
            2..=3 => format!("( {} )", of.join(" 或 ")),
            4..=5 => format!("没有 ( {} )", of.join(" 或 ")),
            _ => format!("满足任意{}项 {{ {} }}", 1 + self.dice.roll(2), of.join(" ; ")),
        }
    }

    /// Half of the members are of the family.
    fn member(&mut self) -> String {
        match self.family {
            _ if self.dice.roll(2) == 0 => leaf(self.dice),
            Family::Groups => leaf(self.dice),
            Family::Times => timed(self.dice),
            Family::Tiers => tier(self.dice),
            Family::Cases => cases(self.dice),
            Family::Scores => self.score(),
        }
    }

    fn score(&mut self) -> String {
        let Some(name) = NAMES.get(self.scores.len()) else { return leaf(self.dice) };
        self.scores.push(format!("设 {name} = 评分 {{ {} }}\n", parts(self.dice)));
        format!("{name} {} {}分", self.dice.pick(&SIGNS), 5 + self.dice.roll(5) * 5)
    }
}

fn leaf(dice: &mut Dice) -> String {
    let sign = *dice.pick(&SIGNS);
    match dice.roll(6) {
        0 => format!("{} {sign} {}元", dice.pick(&KEYS), 5 + 5 * dice.roll(2)),
        1 if dice.roll(2) == 0 => format!("上年度营业收入 {} 5元", dice.pick(&["=", "≠"])),
        1 => format!("上年度营业收入 {sign} {}元", 5 + 5 * dice.roll(2)),
        2 => format!("上年度研发费用 / 上年度营业收入 {sign} {}%", (1 + dice.roll(2)) * 50),
        3 => format!("近3年 违法记录 {} {}项", sign, 1 + dice.roll(2)),
        _ => (*dice.pick(&FIXED)).to_owned(),
    }
}

fn timed(dice: &mut Dice) -> String {
    let (sign, shorter) = (*dice.pick(&SIGNS), *dice.pick(&["", "(不足按实际)"]));
    let years = dice.roll(3) + 1;
    let fold = *dice.pick(&["", "平均", "最低", "最高"]);
    let rate = dice.roll(4) * 50;
    match dice.roll(6) {
        0 => format!("近{years}年{shorter}{fold}营业收入 {sign} {}元", 5 + 5 * dice.roll(3)),
        1 => format!("近{years}年{shorter}每年 ( 营业收入 {sign} {}元 )", 5 + 5 * dice.roll(2)),
        2 => format!("上年度营业收入 同比增长率 {sign} {rate}%"),
        3 => format!("近2年营业收入 {}增长率 {sign} {rate}%", dice.pick(&["平均", "复合"])),
        4 => format!("成立 {} {years}年", dice.pick(&["满", "超过", "不超过", "不满"])),
        _ => format!("成立 {} {}个月", dice.pick(&["满", "不满"]), 12 * years + dice.roll(2)),
    }
}

/// `>= 5元 且 < 10元` and what lies around it, some of it left to 其余.
fn bands(dice: &mut Dice) -> [String; 3] {
    let (before, from) = *dice.pick(&[("<", ">="), ("<=", ">")]);
    [format!("{before} 5元"), format!("{from} 5元 且 < 10元"), ">= 10元".to_owned()]
}

fn tier(dice: &mut Dice) -> String {
    let [low, middle, high] = bands(dice);
    let key = *dice.pick(&KEYS);
    let mut branch = || branch(dice);
    let (one, two, rest) = (branch(), branch(), branch());
    if dice.roll(3) > 0 {
        let first = dice.pick(&[low, middle]).clone();
        return format!("分档 {key} {{ {first} : {one} ; {high} : {two} ; 其余 : {rest} }}");
    }
    let other = *dice.pick(&KEYS);
    let [below, _, above] = bands(dice);
    format!(
        "分档 {key}, {other} {{ {low}, {below} : {one} ; {middle}, 任意 : {two} ; {high}, {above} : {one} ; 其余 : {rest} }}"
    )
}

fn branch(dice: &mut Dice) -> String {
    match dice.roll(6) {
        0 => "无要求".to_owned(),
        1 => "不符合".to_owned(),
        2 => format!("{} 且 {}", leaf(dice), leaf(dice)),
        _ => leaf(dice),
    }
}

fn cases(dice: &mut Dice) -> String {
    let when = |dice: &mut Dice| if dice.roll(2) == 0 { leaf(dice) } else { timed(dice) };
    let (first, second) = (when(dice), when(dice));
    let (one, two, rest) = (branch(dice), branch(dice), branch(dice));
    format!("分情形 {{ 当 {first} : {one} ; 当 {second} : {two} ; 其余 : {rest} }}")
}

fn parts(dice: &mut Dice) -> String {
    let points = |dice: &mut Dice| dice.roll(4) * 5;
    let banded = |dice: &mut Dice| {
        let [low, middle, high] = bands(dice);
        let (key, first) = (*dice.pick(&KEYS), dice.pick(&[low, middle]).clone());
        let (one, two, rest) = (points(dice), points(dice), points(dice));
        format!("按 {key} {{ {first} : {one}分 ; {high} : {two}分 ; 其余 : {rest}分 }}")
    };
    match dice.roll(3) {
        0 => format!("{} ; 当 {} : {}分", banded(dice), leaf(dice), points(dice) + 5),
        1 => format!("择高 {{ {} ; {} }} ; 当 {} : 5分 ; 最高 20分", banded(dice), banded(dice), leaf(dice)),
        _ => format!(
            "分情形 {{ 当 {} : {}分 ; 当 {} : {}分 ; 其余 : 0分 }} ; {}",
            leaf(dice),
            points(dice),
            timed(dice),
            points(dice),
            banded(dice)
        ),
    }
}
