//! What a firm must have, or must not have had: certificates, lists, incidents.

mod names;

use std::ops::Range;

use self::names::{distributed, values};
use crate::dictionary;
use crate::text::Text;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) span: Range<usize>,
    pub(crate) values: Vec<String>,
    pub(crate) negated: bool,
    pub(crate) kind: Kind,
    /// Nothing says 不得, but the thing itself is bad.
    pub(crate) is_guess: bool,
    /// 未发生…: the time said before holds on.
    pub(crate) happened: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// 名单、名录
    Register,
    /// 事故、处罚、违法
    Incident,
    /// 资质、奖励
    Certificate,
    /// 行业、领域
    Field,
    /// 以…为主业
    Business,
}

const NOT: &[&str] =
    &["从未被", "从未", "未曾被", "未曾", "未被", "没有被", "没有", "不存在", "无", "未", "不得有", "不曾"];
const HAPPENED: &[&str] = &["受到过", "受到", "受过", "发生过", "发生", "出现过", "出现", "存在", "有过", "有"];
const LISTED: &[&str] = &["列入", "列为", "纳入", "认定为", "被列入", "列在", "进入"];
const HAD: &[&str] =
    &["获得过", "获得", "取得", "通过", "拥有", "具有", "持有", "获评", "具备", "享受过", "认定为", "评为"];

const BAD: &[&str] = &[
    "名单",
    "名录",
    "失信",
    "异常",
    "事故",
    "违法",
    "违规",
    "处罚",
    "纠纷",
    "拖欠",
    "欠缴",
    "走私",
    "偷税",
    "漏税",
    "骗取",
    "事件",
    "失信被执行人",
    "不良",
    "逾期",
];
const LISTS: &[&str] = &["名单", "名录", "失信", "拖欠", "欠缴", "记录"];
const HONOURS: &[&str] = &[
    "研发机构",
    "技术中心",
    "研究中心",
    "实验室",
    "工作站",
    "标准",
    "资格",
    "资质",
    "称号",
    "证书",
    "认证",
    "许可证",
    "认定",
    "奖励",
    "试点单位",
    "示范单位",
    "试点企业",
    "示范企业",
    "龙头企业",
    "领军企业",
    "骨干企业",
    "示范基地",
    "示范园区",
    "示范社",
];

/// The event whose words begin at `at`.
pub(crate) fn read(text: &Text, at: usize, end: usize, honours: &[&str]) -> Option<Event> {
    if let Some((_, next)) = text.any_at(at, NOT) {
        return denied(text, at, next, end, honours);
    }
    if let Some((_, next)) = text.any_at(at, &["被"]) {
        return listed(text, at, next, end);
    }
    if let Some((_, next)) = text.any_at(at, &["以"]) {
        return business(text, at, next, end);
    }
    let is_list = |word: &str| word == "属于" || is_sample(text, at..end);
    if let Some((_, next)) = text.any_at(at, &["属于", "包括", "符合"]).filter(|(word, _)| is_list(word)) {
        if dictionary::flag_at(text, next).is_some() {
            return None;
        }
        return belongs(text, at, next, end);
    }
    let (_, next) = text.any_at(at, HAD)?;
    if text.at(next) == Some('的') || dictionary::flag_at(text, next).is_some() {
        return None;
    }
    let (values, end) = values(text, next, end)?;
    if !values.iter().all(|value| is_honour(value, honours)) {
        return None;
    }
    Some(Event { span: at..end, values, negated: false, kind: Kind::Certificate, is_guess: false, happened: false })
}

/// The name of a certificate, not a phrase that happens to end like one.
fn is_honour(value: &str, honours: &[&str]) -> bool {
    const NO_NAME: &[&str] = &[
        "须",
        "应当",
        "应在",
        "应为",
        "应具",
        "之日",
        "条件",
        "有效期为",
        "提供",
        "影响",
        "给予",
        "予以",
        "不予",
        "纳入",
        "可按",
        "进行",
        "申请",
        "方式",
        "资金",
        "支持的",
        "认定的而",
    ];
    const VAGUE: &[&str] = &["相应", "相关", "有关", "专业", "法定", "国家法定", "必要", "一定", "的", ""];
    let is_vague = HONOURS.iter().any(|word| value.strip_suffix(word).is_some_and(|rest| VAGUE.contains(&rest)));
    if is_vague || value.starts_with("相应") || value.contains("相关") || value.ends_with('后') {
        return false;
    }
    (honours.iter().any(|honour| value.contains(honour)) || HONOURS.iter().any(|word| value.ends_with(word)))
        && !NO_NAME.iter().any(|word| value.contains(word))
}

fn denied(text: &Text, at: usize, next: usize, end: usize, honours: &[&str]) -> Option<Event> {
    // 无法, 无需: words of their own; “…” quotes whole sentences.
    if text.any_at(at, &["无法", "无需", "无须", "无偿", "无论"]).is_some() || text.at(next) == Some('“') {
        return None;
    }
    if let Some((_, next)) = text.any_at(next, HAD).filter(|_| !text.contains_any(next..end, &["名单", "名录"])) {
        let (values, end) = values(text, next, end)?;
        return values.iter().all(|value| is_honour(value, honours)).then_some(Event {
            span: at..end,
            values,
            negated: true,
            kind: Kind::Certificate,
            is_guess: false,
            happened: false,
        });
    }
    let mut next = next;
    // 未被国家、省、市相关部门列入…
    next = enlisted(text, next, end).unwrap_or(next);
    let happened = text.any_at(next, HAPPENED);
    // 未严格履行… has a verb of its own.
    let is_bare = text.any_at(at, NOT).is_some_and(|(word, behind)| word == "未" && behind == next);
    if is_bare && happened.is_none() {
        return None;
    }
    next = happened.map_or(next, |(_, behind)| behind);
    let (values, end) = values(text, next, end)?;
    let words = text.plain(next..end);
    if !BAD.iter().any(|word| words.contains(word)) {
        return None;
    }
    let names_list = values.iter().any(|value| LISTS.iter().any(|word| value.contains(word)));
    let kind = if names_list && happened.is_none_or(|(word, _)| !word.starts_with("发生")) {
        Kind::Register
    } else {
        Kind::Incident
    };
    let values = distributed(values);
    Some(Event { span: at..end, values, negated: true, kind, is_guess: false, happened: happened.is_some() })
}

/// Under a refusal: 被列入黑名单的 says what must not be. What has happened in so many words stays for a person.
pub(crate) fn refused(text: &Text, at: usize, end: usize) -> Option<Event> {
    if at > 0 && text.at(at - 1).is_some_and(|one| "未无没不".contains(one)) {
        return None;
    }
    let next = match text.any_at(at, &["被"]) {
        Some((_, next)) => enlisted(text, next, end)?,
        None => text.any_at(at, LISTED).map(|(_, next)| next)?,
    };
    let (values, behind) = values(text, next, end)?;
    let names_list = values.iter().all(|value| LISTS.iter().any(|word| value.contains(word)));
    let kind = Kind::Register;
    names_list.then_some(Event { span: at..behind, values, negated: false, kind, is_guess: false, happened: false })
}

/// Behind 未…被列入 and 被…列入, with whoever does it and why stepped over: 未因违法被主管部门列入.
fn enlisted(text: &Text, at: usize, end: usize) -> Option<usize> {
    const NEAR: usize = 24;
    let limit = end.min(at + NEAR);
    // Behind these another thing begins.
    let limit = (at..limit).find(|at| text.at(*at).is_some_and(|one| ",;。且并未的".contains(one))).unwrap_or(limit);
    let words = LISTED.iter();
    words.filter_map(|words| text.find(at..limit, words).map(|at| at + words.chars().count())).min()
}

const FIELDS: &[&str] = &["行业", "产业", "领域", "业", "类", "业态"];
const NO_FIELDS: &[&str] = &["就业", "创业", "毕业", "失业", "从业", "作业", "事业"];

/// 新材料、智能制造等高精尖产业领域, 百货、超市等业态: named one by one and by what they are.
fn is_sample(text: &Text, span: Range<usize>) -> bool {
    const LONGEST: usize = 60;
    const NEAR: usize = 10;
    let limit = span.end.min(span.start + LONGEST);
    let Some(at) = text.find(span.start..limit, "等") else { return false };
    !text.contains_any(span.start..at, &[",", ";", "。"])
        && text.contains_any(at..span.end.min(at + NEAR), &["业态", "行业", "领域", "产业"])
}

/// 以农产品加工、流通为主业
fn business(text: &Text, at: usize, next: usize, end: usize) -> Option<Event> {
    const LONGEST: usize = 60;
    let limit = end.min(next + LONGEST);
    let (stop, words) = ["为主业", "为主营业务", "为主产业", "为主要业务"]
        .iter()
        .filter_map(|words| text.find(next..limit, words).map(|stop| (stop, *words)))
        .min()?;
    if text.contains_any(next..stop, &[",", ";", "。", "年", "上"]) {
        return None;
    }
    let (values, behind) = values(text, next, stop)?;
    let span = at..stop + words.chars().count();
    let kind = Kind::Business;
    (behind == stop).then_some(Event { span, values, negated: false, kind, is_guess: false, happened: false })
}

/// 属于制造业、建筑业等行业
fn belongs(text: &Text, at: usize, next: usize, end: usize) -> Option<Event> {
    let (values, end) = values(text, next, end)?;
    let words = text.words(next..end);
    let words = words.trim_end_matches('的').trim_end_matches("企业");
    let is_field =
        FIELDS.iter().any(|word| words.ends_with(word)) && !NO_FIELDS.iter().any(|word| words.ends_with(word));
    let negated = ["不", "非"].iter().any(|not| text.ends_with(0, at, not).is_some());
    is_field.then_some(Event { span: at..end, values, negated, kind: Kind::Field, is_guess: false, happened: false })
}

/// 被列为失信被执行人 without a word of refusal.
fn listed(text: &Text, at: usize, next: usize, end: usize) -> Option<Event> {
    let found = enlisted(text, next, end)?;
    let (values, end) = values(text, found, end)?;
    let is_bad = values
        .iter()
        .all(|value| dictionary::register(value).is_some() || value.contains("失信") || value.contains("异常"));
    is_bad.then_some(Event {
        span: at..end,
        values,
        negated: true,
        kind: Kind::Register,
        is_guess: true,
        happened: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(words: &str) -> String {
        let text = Text::new(words);
        let found = (0..text.len()).find_map(|at| read(&text, at, text.len(), &["高新技术企业"]));
        found.map_or("-".into(), |event| {
            format!("{}{:?} {}", if event.negated { "非 " } else { "" }, event.kind, event.values.join("|"))
        })
    }

    #[test]
    fn lists_incidents_and_certificates_are_read_with_their_sense() {
        for (words, expected) in [
            ("未被列入经营异常名录或严重失信主体名单", "非 Register 经营异常名录|严重失信主体名单"),
            ("近三年未发生重大安全事故、质量事故", "非 Incident 重大安全事故|质量事故"),
            ("未被国家、省、市相关部门列入严重失信主体名单。", "非 Register 严重失信主体名单"),
            ("企业被列为失信被执行人", "非 Register 失信被执行人"),
            ("往年未获得高新技术企业资质", "非 Certificate 高新技术企业资质"),
            ("拥有有效期内高新技术企业资格证书", "Certificate 高新技术企业资格证书"),
            ("近两年未发生重大安全、环保、质量事故", "非 Incident 重大安全事故|重大环保事故|重大质量事故"),
            ("未发生重大安全事故、失信行为", "非 Incident 重大安全事故|失信行为"),
            ("无欠缴社会保险费等严重违规记录的小微企业", "非 Register 欠缴社会保险费"),
            ("近五年内未受过刑事处罚", "非 Incident 刑事处罚"),
            ("认定为高新技术企业须同时满足以下条件", "-"),
            ("未被列入整改名单且未完成整改、失信被执行人名单", "非 Register 整改名单|失信被执行人名单"),
            ("没有重大违法违规记录且未被列入失信名单", "非 Register 重大违法违规记录"),
            ("未因违法被主管部门列入黑名单", "非 Register 黑名单"),
            ("以茶叶种植、加工为主业的企业", "Business 茶叶种植|加工"),
            ("应符合新能源、生物医药等新兴产业领域", "Field 新能源|生物医药"),
            ("已被认定为省级知识产权试点单位", "Certificate 省级知识产权试点单位"),
            ("获得一次性资金奖励", "-"),
            ("取得相应的食品经营许可证", "-"),
            ("没收违法所得", "-"),
            ("无法按程序办理的违规事项", "-"),
            ("未严格审核导致违法", "-"),
            ("属于非因本人意愿中断就业的", "-"),
            ("属于战略性新兴产业", "Field 战略性新兴产业"),
            ("具有相应资质的机构", "-"),
            ("获得的科技奖励情况", "-"),
            ("具有良好的发展前景", "-"),
            ("无需申报", "-"),
        ] {
            assert_eq!(event(words), expected, "{words}");
        }
    }
}
