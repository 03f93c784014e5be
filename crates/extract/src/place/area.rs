//! The names of places: 广东省, 武汉市洪山区, 北京地区, 本市, 在京.

use std::ops::Range;

use crate::dictionary;
use crate::text::Text;

const ENDINGS: &[char] = &['省', '市', '区', '县', '州', '镇', '园', '国', '境', '旗', '盟', '岛', '港'];

const INSIDE: &[&str] = &[
    "行政区域范围内",
    "行政区域内",
    "行政区划内",
    "行政区划范围内",
    "辖区范围内",
    "辖区内",
    "辖内",
    "辖区",
    "区域范围内",
    "区域内",
    "域范围内",
    "范围内",
    "境内",
    "(境)内",
    "地区",
    "域内",
    "内",
];

const DEICTIC: &[&str] =
    &["本市", "我市", "全市", "本区", "我区", "全区", "本省", "我省", "全省", "本县", "我县", "本辖区", "本地", "本州"];

/// Words that no name of a place contains: what stands before the name has been read along with it.
const NO_NAME: &[&str] = &[
    "企业", "单位", "项目", "机构", "主体", "平台", "应是", "应为", "应在", "应当", "须", "需", "是", "在", "对", "由",
    "进入", "首次", "同一", "其中", "来源", "贫困", "边远", "象", "依法", "原则", "其他", "其它", "各", "该", "或",
    "及", "以外", "不",
];

/// Offices whose name begins with a place's.
const OFFICES: &[&str] = &["工商", "税务", "市场监", "商务", "科技", "经信", "统计", "财政", "民政", "人社"];

/// 本市: the reader must know where the notice is from.
pub(super) fn is_deictic(place: &str) -> bool {
    DEICTIC.contains(&place)
}

/// The place a letter stands for: 京, 汉.
pub(super) fn short_name(letter: char) -> Option<&'static str> {
    let letter = letter.to_string();
    let known = dictionary::phrases().short_places.iter().find(|place| place.short.contains(&letter));
    known.map(|place| place.name.as_str())
}

/// 在北京注册: a known place without its ending.
pub(super) fn known_name(text: &Text, at: usize) -> Option<(&'static str, usize)> {
    let ending = ["省", "市"];
    dictionary::phrases().short_places.iter().find_map(|place| {
        let stem = ending.iter().find_map(|ending| place.name.strip_suffix(ending))?;
        text.starts_with(at, stem).then(|| (place.name.as_str(), at + stem.chars().count()))
    })
}

/// The longest stretch that ends like a place, and where it ends.
pub(super) fn area(text: &Text, at: usize, limit: usize) -> Option<(String, usize)> {
    if let Some((words, end)) = text.any_at(at, DEICTIC) {
        return Some((words.to_owned(), end));
    }
    // 省内登记注册的企业
    for (words, place) in [("省内", "本省"), ("市内", "本市"), ("区内", "本区"), ("县内", "本县")] {
        if text.starts_with(at, words) {
            return Some((place.to_owned(), at + 2));
        }
    }
    if let Some((_, end)) = text.any_at(at, &["中华人民共和国", "中国大陆", "中国"]) {
        return Some(("中国".to_owned(), end));
    }
    let end = stretch(text, at, limit)?;
    let words = text.words(at..end);
    let is_name = words.chars().count() >= 2 && !NO_NAME.iter().any(|one| words.contains(one));
    is_name.then_some((words, end))
}

fn stretch(text: &Text, at: usize, limit: usize) -> Option<usize> {
    let mut found = None;
    for index in at..limit {
        let character = text.at(index)?;
        let ends = ",;。:()、的".contains(character) || text.any_at(index, &["注册", "登记"]).is_some();
        if ends || found == Some(index) && text.any_at(index, OFFICES).is_some() {
            break;
        }
        if text.starts_with(index, "地区") && index >= at + 2 && found.is_none() {
            return Some(index);
        }
        if inside(text, index).is_some() && index > at + 1 && found.is_some() {
            break;
        }
        let is_region = text.starts_with(index, "区域");
        if ENDINGS.contains(&character) && index > at && !is_region {
            found = Some(index + 1);
        }
    }
    found
}

/// A place without the ending of one, up to the next mark.
pub(super) fn named(text: &Text, at: usize, limit: usize) -> Option<(String, usize)> {
    let end = (at..limit).find(|index| text.at(*index).is_none_or(|one| ",;。:()的".contains(one))).unwrap_or(limit);
    let words = text.words(at..end);
    let is_place = words.chars().last().is_some_and(|one| ENDINGS.contains(&one));
    (is_place && !NO_NAME.iter().any(|one| words.contains(one))).then_some((words, end))
}

pub(super) fn inside(text: &Text, at: usize) -> Option<(&'static str, usize)> {
    text.any_at(at, INSIDE)
}

/// (不含深圳市), stepped over; (不包括港、澳、台地区) names no place of its own.
pub(super) fn exception(text: &Text, at: usize) -> (Option<(String, Range<usize>)>, usize) {
    let Some((remark, end)) = text.bracket(at) else { return (None, at) };
    let Some((_, start)) = text.any_at(remark.start, &["不含", "不包括", "不包含"]) else { return (None, at) };
    let named = text.words(start..remark.end);
    let several = named.contains(['、', '和', '及']);
    ((!several && !named.is_empty()).then_some((named, start..remark.end)), end)
}
