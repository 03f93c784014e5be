//! Where a firm must be registered, taxed, counted or at work.

mod area;

use std::ops::Range;

use self::area::{area, exception, inside, is_deictic, known_name, named, short_name};
use crate::text::Text;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Placed {
    pub(crate) span: Range<usize>,
    pub(crate) place: String,
    /// 不含深圳市
    pub(crate) except: Option<(String, Range<usize>)>,
    pub(crate) kinds: Vec<Kind>,
    /// 本市, 我区: the reader must know where the notice is from.
    pub(crate) is_deictic: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Registered,
    Tax,
    Statistics,
    Operating,
    Fiscal,
}

impl Kind {
    pub(crate) fn fact(self) -> Option<&'static str> {
        match self {
            Self::Registered => Some("place_registered"),
            Self::Tax => Some("place_tax"),
            Self::Statistics => Some("place_statistics"),
            Self::Operating => Some("place_operating"),
            Self::Fiscal => None,
        }
    }

    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Registered => "注册地",
            Self::Tax => "税务征管地",
            Self::Statistics => "统计关系所在地",
            Self::Operating => "实际经营地",
            Self::Fiscal => "财政收入所在地",
        }
    }
}

/// How far a place and its verb may stand apart.
const REACH: usize = 30;

const VERBS: &[&str] =
    &["住所", "实际经营", "生产经营", "注册", "登记", "纳税", "设立", "成立", "缴税", "税收", "税务", "统计", "工商"];

/// Between a place and its verb, in this order.
const BETWEEN: &[&str] = &[
    "工商行政管理部门",
    "工商管理部门",
    "工商部门",
    "市场监督管理部门",
    "市场监管部门",
    "税务部门",
    "依法",
    "合法",
    "实际",
    "办理法定",
    "办理",
    "进行",
    "完成",
    "已",
    ",",
    "行政区域内",
];

/// A place with its verb beginning at `at`: 在…注册, 注册地在…, 注册在…, 税务登记和统计关系均在….
pub(crate) fn read(text: &Text, at: usize, end: usize) -> Option<Placed> {
    if text.at(at) == Some('在') {
        return short(text, at, end).or_else(|| in_place(text, at, end));
    }
    of_place(text, at, end).or_else(|| bare(text, at, end))
}

/// 在洪山区登记纳税
fn in_place(text: &Text, at: usize, end: usize) -> Option<Placed> {
    let limit = end.min(at + REACH);
    let (place, mut next) = area(text, at + 1, limit)?;
    let (except, behind) = exception(text, next);
    next = behind;
    let (_, start) = inside(text, next).unwrap_or(("", next));
    let (except, start) = match except {
        None => exception(text, start),
        some => (some, start),
    };
    next = BETWEEN
        .iter()
        .fold(start, |at, words| if text.starts_with(at, words) { at + words.chars().count() } else { at });
    let tail = next..limit.max(next);
    let (kinds, end) = verbs(text, tail.start, tail.end)?;
    let is_deictic = is_deictic(&place);
    Some(Placed { span: at..end, place, except, kinds, is_deictic })
}

/// 在京注册: the short name of a place, as data.
fn short(text: &Text, at: usize, end: usize) -> Option<Placed> {
    let letter = || Some((short_name(text.at(at + 1)?)?, at + 2));
    let (place, behind) = known_name(text, at + 1).or_else(letter)?;
    let place = place.to_owned();
    let (_, start) = text.any_at(behind, &["依法", "合法", "办理", ""])?;
    let (kinds, end) = verbs(text, start, end.min(start + REACH))?;
    Some(Placed { span: at..end, place, except: None, kinds, is_deictic: false })
}

/// 北京市辖区内依法成立, 厦门市规模以上工业企业: a place in front of its firms.
fn bare(text: &Text, at: usize, end: usize) -> Option<Placed> {
    let starts = at == 0 || text.at(at - 1).is_none_or(|one| ",;。:()的对为是象\n 、".contains(one));
    if !starts {
        return None;
    }
    let (place, next) = area(text, at, end.min(at + REACH))?;
    let is_deictic = is_deictic(&place);
    let placed = |end, kinds| Placed { span: at..end, place: place.clone(), except: None, kinds, is_deictic };
    let within = inside(text, next).map(|(_, end)| end).or(is_deictic.then_some(next));
    if let Some(start) = within {
        let (_, start) = text.any_at(start, &["工商管理部门", "工商部门", "依法", "合法", "办理", ""])?;
        return verbs(text, start, end.min(start + REACH)).map(|(kinds, end)| placed(end, kinds));
    }
    text.any_at(next, &["规模以上", "限额以上", "规上", "注册企业", "注册登记的"])
        .map(|_| placed(next, vec![Kind::Registered]))
}

/// The verbs that stand at `at`, one behind the other: 注册登记, 登记纳税, 注册、纳税和统计.
fn verbs(text: &Text, mut at: usize, limit: usize) -> Option<(Vec<Kind>, usize)> {
    let mut kinds = Vec::new();
    let start = at;
    while at < limit {
        let Some((kind, end)) = kind_at(text, at) else { break };
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
        at = end;
        if let Some((_, behind)) = text.any_at(at, &["、", "和", "及", "并", "且", "关系", "地址", "并依法"])
            && kind_at(text, behind).is_some()
        {
            at = behind;
        }
    }
    (at > start).then_some((kinds, at))
}

fn kind_at(text: &Text, at: usize) -> Option<(Kind, usize)> {
    const KINDS: &[(&str, Kind)] = &[
        ("工商注册登记", Kind::Registered),
        ("工商注册", Kind::Registered),
        ("工商登记", Kind::Registered),
        ("登记注册", Kind::Registered),
        ("注册登记", Kind::Registered),
        ("注册成立", Kind::Registered),
        ("登记设立", Kind::Registered),
        ("登记纳税", Kind::Tax),
        ("税务登记", Kind::Tax),
        ("税务征管", Kind::Tax),
        ("税收征管", Kind::Tax),
        ("税务关系", Kind::Tax),
        ("税收关系", Kind::Tax),
        ("纳税关系", Kind::Tax),
        ("纳税登记", Kind::Tax),
        ("依法纳税", Kind::Tax),
        ("税务", Kind::Tax),
        ("纳税", Kind::Tax),
        ("统计关系", Kind::Statistics),
        ("统计核算", Kind::Statistics),
        ("统计", Kind::Statistics),
        ("财政收入", Kind::Fiscal),
        ("实际经营", Kind::Operating),
        ("生产经营", Kind::Operating),
        ("注册", Kind::Registered),
        ("登记", Kind::Registered),
        ("税收户管", Kind::Tax),
        ("税务户管", Kind::Tax),
        ("缴税", Kind::Tax),
        ("住所地", Kind::Registered),
        ("住所", Kind::Registered),
        ("设立", Kind::Registered),
        ("成立", Kind::Registered),
        ("落户", Kind::Registered),
        ("工商", Kind::Registered),
    ];
    KINDS.iter().find(|(words, _)| text.starts_with(at, words)).map(|(words, kind)| (*kind, at + words.chars().count()))
}

/// 注册地在鹿城区, 注册地为中关村示范区一区十六园, 税务登记和统计关系均在武汉市行政区域内
fn of_place(text: &Text, at: usize, end: usize) -> Option<Placed> {
    if !VERBS.iter().any(|words| text.starts_with(at, words)) && !text.starts_with(at, "财政收入") {
        return None;
    }
    let mut kinds = Vec::new();
    let mut next = at;
    while let Some((kind, behind)) = kind_at(text, next) {
        kinds.push(kind);
        next = text.any_at(behind, &["所在地", "地址", "地点", "地", "关系"]).map_or(behind, |(_, end)| end);
        next = text.any_at(next, &["以及", "、", "和", "及", "与"]).map_or(next, |(_, end)| end);
    }
    kinds.dedup();
    let (_, next) = text.any_at(
        next,
        &[
            "均在",
            "都在",
            "应在",
            "须在",
            "应当在",
            "位于",
            "在",
            "隶属于",
            "于",
            "均位于",
            "均为",
            "为",
            "需在",
            "必须在",
        ],
    )?;
    let limit = end.min(next + REACH);
    let (place, mut behind) = area(text, next, limit).or_else(|| named(text, next, limit))?;
    let (except, after) = exception(text, behind);
    behind = inside(text, after).map_or(after, |(_, end)| end);
    let is_deictic = is_deictic(&place);
    (!kinds.is_empty()).then_some(Placed { span: at..behind, place, except, kinds, is_deictic })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(words: &str) -> String {
        let text = Text::new(words);
        let found = (0..text.len()).find_map(|at| read(&text, at, text.len()));
        let Some(placed) = found else { return "-".into() };
        let kinds: Vec<&str> = placed.kinds.iter().map(|kind| kind.words()).collect();
        let except = placed.except.map(|(place, _)| format!(" 除 {place}")).unwrap_or_default();
        format!("{} {}{except}", kinds.join("、"), placed.place)
    }

    #[test]
    fn places_are_read_with_what_happens_there() {
        for (words, expected) in [
            ("在洪山区登记纳税", "税务征管地 洪山区"),
            ("在湖北省境内依法注册", "注册地 湖北省"),
            ("税务登记和统计关系均在武汉市行政区域内", "税务征管地、统计关系所在地 武汉市"),
            ("在广东省内（不含深圳）注册", "注册地 广东省 除 深圳"),
            ("在中国境内(不包括港、澳、台地区)注册的居民企业", "注册地 中国"),
            ("注册地和财政收入在鹿城区范围内", "注册地、财政收入所在地 鹿城区"),
            ("注册地在本市", "注册地 本市"),
            ("投资机构应在北京市注册", "注册地 北京市"),
            ("在天河区依法登记注册", "注册地 天河区"),
            ("在申报系统登记", "-"),
            ("在市场监管部门登记", "-"),
            ("对在京注册的企业", "注册地 北京市"),
            ("在武汉依法登记注册", "注册地 武汉市"),
            ("在中华人民共和国境内注册", "注册地 中国"),
            ("须为北京市辖区内依法成立的机构", "注册地 北京市"),
            ("工商、税务、统计关系均在本区", "注册地、税务征管地、统计关系所在地 本区"),
            ("注册于江夏区", "注册地 江夏区"),
            ("项目单位在孝感市内注册", "注册地 孝感市"),
            ("企业原则上应是我市范围内依法登记注册", "注册地 我市"),
            ("须在荆州市工商部门登记注册", "注册地 荆州市"),
            ("在北京地区注册成立", "注册地 北京"),
            ("注册在武汉市其他区域的企业", "注册地 武汉市"),
            ("应为省内工商管理部门登记注册的企业", "注册地 本省"),
            ("工商、税务关系隶属于汉阳区", "注册地、税务征管地 汉阳区"),
            ("首次进入成都市规模以上工业企业名录库", "-"),
        ] {
            assert_eq!(placed(words), expected, "{words}");
        }
    }
}
