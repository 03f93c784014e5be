//! The things a phrase names, one by one: 经营异常名录、严重失信主体名单; 重大安全、环保、质量事故.

use std::ops::Range;

use super::BAD;
use crate::text::Text;

/// The things named from `at` on, up to the end of the phrase.
pub(super) fn values(text: &Text, at: usize, end: usize) -> Option<(Vec<String>, usize)> {
    const LONGEST: usize = 60;
    let mut values = Vec::new();
    let mut start = at;
    let mut index = at;
    let limit = end.min(at + LONGEST);
    while index < limit {
        if let Some((_, behind)) = text.bracket(index) {
            index = behind;
            if text.at(index) == Some('的') {
                break;
            }
            continue;
        }
        let character = text.at(index)?;
        // 、往年未通过… is the next demand, not a thing of this one.
        if index > at
            && text
                .any_at(
                    index,
                    &["未获", "未通过", "未被", "未发生", "未列入", "未享受", "未受", "没有", "从未", "当年度", "往年"],
                )
                .is_some()
        {
            push(text, start..index, &mut values);
            let whole = matches!(text.at(index - 1), Some('、' | '或' | '和' | '及'));
            return (whole && !values.is_empty()).then_some((values, index));
        }
        if let Some(behind) = unfinished(text, index, limit) {
            push(text, start..index, &mut values);
            (index, start) = (behind, behind);
            continue;
        }
        if ",;。:)\n".contains(character) || text.any_at(index, PHRASE_ENDS).is_some() || names_firm(text, index) {
            break;
        }
        let level = text.any_at(index, &["及以上", "及其", "和谐"]).is_some();
        if let Some((_, behind)) = text.any_at(index, &["、", "或者", "或", "以及", "和", "及"]).filter(|_| !level)
        {
            push(text, start..index, &mut values);
            start = behind;
            index = behind;
            continue;
        }
        index += 1;
    }
    push(text, start..index, &mut values);
    (!values.is_empty()).then_some((values, index))
}

const PHRASE_ENDS: &[&str] = &["且", "并", "的企业", "的单位", "的项目", "的机构", "的,", "的。", "的;", "的不"];

/// 列入整改名单且未完成整改: still one thing. Where the remark ends.
fn unfinished(text: &Text, at: usize, limit: usize) -> Option<usize> {
    let (_, start) = text.any_at(at, &["且未", "且尚未"])?;
    let ends = |at: &usize| text.at(*at).is_some_and(|one| "、,;。)".contains(one));
    let end = (start..limit).find(ends).unwrap_or(limit);
    text.contains_any(start..end, &["整改", "移出", "修复"]).then_some(end)
}

/// 的小微企业: what was named before is theirs.
fn names_firm(text: &Text, at: usize) -> bool {
    const NOUN: usize = 8;
    if text.at(at) != Some('的') {
        return false;
    }
    let end = (at..at + NOUN).find(|at| text.at(*at).is_none_or(|one| ",;。)".contains(one))).unwrap_or(at);
    ["企业", "单位", "机构", "主体", "组织", "个体工商户", "个人", "人员"]
        .iter()
        .any(|noun| text.ends_with(at, end, noun).is_some())
}

/// Trims what frames a thing: 有效期内…资格证书, “…”, 等…行为.
fn push(text: &Text, span: Range<usize>, values: &mut Vec<String>) {
    const BACK: &[&str] = &[
        "等情况",
        "等现象",
        "之一",
        "现象",
        "等情形",
        "等行为",
        "等事故",
        "等事件",
        "的情况",
        "的情形",
        "的企业",
        "的单位",
        "的项目",
        "的",
        "等",
        "情况",
        "情形",
    ];
    const FRONT: &[&str] = &["有效期内", "有效的", "经认定的", "属于", "被", "发生", "重复", "纳入", "列入", "列为"];
    let all: String = text.plain(text.trimmed(span)).replace(['“', '”', '"', '《', '》'], "");
    // 偷漏税等违法违规行为 names the first by what it is.
    let named = all.split_once('等').filter(|(first, rest)| !first.is_empty() && rest.chars().count() <= 8);
    let all = named.map_or(all.as_str(), |(first, _)| first);
    let mut words = BACK.iter().find_map(|end| all.strip_suffix(end)).unwrap_or(all);
    for front in FRONT {
        words = words.strip_prefix(front).unwrap_or(words);
    }
    if words.chars().count() >= 2 {
        values.push(words.to_owned());
    }
}

/// 重大安全、环保、质量事故: the first word and the last are everyone's.
pub(super) fn distributed(values: Vec<String>) -> Vec<String> {
    const DEGREES: &[&str] =
        &["较大及以上", "重大及以上", "一般及以上", "特别重大", "重特大", "特大", "重大", "较大", "严重"];
    const THINGS: &[&str] = &["责任事故", "事故", "事件", "违法行为", "违法违规行为"];
    let degree = values.first().and_then(|first| DEGREES.iter().find(|degree| first.starts_with(**degree)));
    let thing = values.last().and_then(|last| THINGS.iter().find(|thing| last.ends_with(**thing)));
    let (Some(degree), Some(thing), true) = (degree, thing, values.len() > 1) else { return values };
    // 重大安全事故、失信行为 are things of their own.
    let is_part = |value: &String| value.trim_start_matches(degree).chars().count() <= 4;
    let middle = &values[..values.len() - 1];
    if !middle.iter().all(|value| is_part(value) && !BAD.iter().any(|word| value.contains(word))) {
        return values;
    }
    let whole = |value: &String| {
        let core = value.trim_start_matches(degree).trim_end_matches(thing);
        format!("{degree}{core}{thing}")
    };
    values.iter().map(whole).collect()
}
