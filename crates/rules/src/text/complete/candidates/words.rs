//! The words and signs of the grammar with what they mean. A test compares them with the parser's keywords.

use super::super::CompletionKind::{self, Keyword, Operator, Period};
use super::{Candidate, Group, Site};

/// What to write, and its meaning.
type Word = (&'static str, CompletionKind, &'static str);

/// Begin a requirement, a row or a rule of a score.
const LEADING: [Word; 25] = [
    ("没有 (", Keyword, "括号里一个都不能有"),
    ("满足任意1项 {", Keyword, "至少满足几项,各项用分号隔开"),
    ("从未", Keyword, "清单里任何时候都没有"),
    ("无", Keyword, "清单里没有"),
    ("有", Keyword, "清单里至少一项"),
    ("列入", Keyword, "评价日在名录里"),
    ("未列入", Keyword, "评价日不在名录里"),
    ("分档", Keyword, "要求随一个数而变:分档 数 { 区间 : 条件 ; … }"),
    ("分情形 {", Keyword, "要求随情况而变:分情形 { 当 条件 : … ; 其余 : … }"),
    ("当", Keyword, "这种情形"),
    ("其余 :", Keyword, "前面都不是的"),
    ("任意", Keyword, "这个数不限"),
    ("无要求", Keyword, "这一档没有别的要求"),
    ("不符合", Keyword, "这一档不支持"),
    ("设 名称 = 评分 {", Keyword, "给评分起名,写在条件前面"),
    ("按", Keyword, "看一个数落在哪一档得分"),
    ("择高 {", Keyword, "几项里取最高的一项"),
    ("合计 {", Keyword, "几项相加,再封顶"),
    ("承诺「……」", Keyword, "企业自己承诺的话,抄原文"),
    ("人工「……」", Keyword, "由审核人判断的要求,抄原文"),
    ("待确认「……」(", Keyword, "还没有人确认的读法,不能发布"),
    ("择优", Keyword, "只显示:符合了还要比较"),
    ("名额", Keyword, "只显示:名额几个"),
    ("优先「……」", Keyword, "只显示:优先的情形"),
    ("近2年每年 (", Period, "两年里每一年都要满足"),
];

/// Begin a requirement or an operand.
const PERIODS: [Word; 11] = [
    ("上年度", Period, "上一个日历年"),
    ("上上年度", Period, "再前一年"),
    ("当年", Period, "评价日所在的年度"),
    ("当年一季度", Period, "季度数"),
    ("当年上半年", Period, "几个月累计"),
    ("近2年", Period, "前两个完整年度合计"),
    ("近3年", Period, "前三个完整年度合计;清单还算到评价日"),
    ("近2年平均", Period, "前两个完整年度平均"),
    ("近3年(不足按实际)", Period, "成立不满三年的,按已有年度算"),
    ("近12个月", Period, "评价日往前推 12 个月"),
    ("上年度及当年", Period, "上一年 1 月 1 日到评价日"),
];

/// Stand behind something; elsewhere they would be taken and lead nowhere.
const FOLLOWING: [Word; 18] = [
    ("且", Keyword, "都要满足"),
    ("或", Keyword, "满足一个就行"),
    ("每年 (", Keyword, "每一年都要满足,括号里不写年度"),
    ("每项都 (", Keyword, "清单里每一项都要做到"),
    ("有效", Keyword, "评价日在有效期内"),
    ("至 2026-12-31", Keyword, "起止日期之间,两天都算"),
    ("至", Keyword, "到同一条记录的另一个日期,后面写隔多久"),
    ("的", Keyword, "清单某一栏的合计、最高或最低"),
    ("项数", Keyword, "清单里有几项"),
    ("人数", Keyword, "清单里有几人"),
    ("合计", Keyword, "加在一起"),
    ("最低", Keyword, "最低的一个"),
    ("平均", Keyword, "各年平均"),
    ("同比增长率", Keyword, "和上一年同期比"),
    ("平均增长率", Keyword, "各年增长率的平均数"),
    ("复合增长率", Keyword, "按乘方算的年均增长"),
    ("(不足按实际)", Keyword, "成立不满这些年的,按已有年度算"),
    ("@", Operator, "只认这个来源的数"),
];

/// Stand behind something or end a score.
const ENDING: [Word; 1] = [("最高", Keyword, "最高的一个,或封顶")];

/// May stand anywhere the parser lets them.
const SIGNS: [Word; 36] = [
    (">=", Operator, "不低于,含本数"),
    (">", Operator, "超过,不含本数"),
    ("<=", Operator, "不超过,含本数"),
    ("<", Operator, "不足,不含本数"),
    ("=", Operator, "正好"),
    ("≠", Operator, "不是"),
    ("属于", Operator, "是其中之一,地区和行业含下级"),
    ("不属于", Operator, "都不是"),
    ("为", Operator, "是"),
    ("不为", Operator, "不是"),
    ("含", Operator, "文字里有其中一个词;清单的类别"),
    ("不含", Operator, "文字里一个都没有"),
    ("满", Operator, "到期当日即满"),
    ("不满", Operator, "还没有到期"),
    ("超过", Operator, "到期之后"),
    ("不超过", Operator, "最迟到期当日"),
    ("晚于", Operator, "这一天之后"),
    ("早于", Operator, "这一天之前"),
    ("不早于", Operator, "这一天或之后"),
    ("不晚于", Operator, "这一天或之前"),
    ("不低于", Operator, "这一级或更高"),
    ("高于", Operator, "比这一级高"),
    ("不高于", Operator, "这一级或更低"),
    ("低于", Operator, "比这一级低"),
    ("+", Operator, ""),
    ("-", Operator, ""),
    ("*", Operator, ""),
    ("/", Operator, ""),
    ("(", Operator, ""),
    (")", Operator, ""),
    ("{", Operator, "几个值,用逗号隔开"),
    (",", Operator, "下一个"),
    (";", Operator, "下一项"),
    (":", Operator, ""),
    ("}", Operator, ""),
    ("评分 {", Keyword, "几项相加"),
];

pub(super) fn groups() -> [Group; 5] {
    [
        group(Site::Beginning, &LEADING),
        group(Site::Anywhere, &PERIODS),
        group(Site::Following, &FOLLOWING),
        group(Site::Ending, &ENDING),
        group(Site::Anywhere, &SIGNS),
    ]
}

fn group(site: Site, words: &[Word]) -> Group {
    let candidates = words.iter().map(|(word, kind, help)| Candidate::new(*word, *kind).help(*help)).collect();
    Group { alike: false, ..super::alike(site, candidates) }
}
