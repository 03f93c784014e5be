//! Whose number it is: the subject of a threshold → a fact, a ratio of two, or the growth of one.

use crate::dictionary::Nouns;
use crate::leaf::{Doubt, Leaf, Reading};
use crate::unit::Measure;

/// Firms that are not the applicant: a figure of theirs is for a person to place.
const OTHERS: &[&str] =
    &["在孵企业", "入驻企业", "园区内", "子公司", "母公司", "集团", "成员单位", "被投", "服务对象", "合作社社员"];

/// Cleans the subject and finds the fact it speaks of. `before` is the subject of the leaf in front.
pub(crate) fn name(leaf: &mut Leaf, nouns: &Nouns<'_>, before: &str) {
    let Reading::Number { measure, .. } = leaf.reading else { return };
    let cleaned = clean(&leaf.subject);
    leaf.subject = cleaned.to_owned();
    // 占营业收入比重不低于3%且不低于800万元: the amount is of what the share was of.
    if leaf.subject.is_empty() {
        before.split('占').next().unwrap_or(before).clone_into(&mut leaf.subject);
    }
    let subject = leaf.subject.clone();
    if OTHERS.iter().any(|other| subject.contains(other)) && !leaf.doubts.contains(&Doubt::Subject) {
        leaf.doubts.push(Doubt::Subject);
    }
    leaf.fact = match measure {
        Measure::Share => share(&subject, nouns),
        Measure::Months if is_age(&subject) => Some("established_on".to_owned()),
        _ => plain(&subject, nouns, leaf),
    };
}

fn plain(subject: &str, nouns: &Nouns<'_>, leaf: &mut Leaf) -> Option<String> {
    let (name, key) = nouns.find(subject)?;
    // Words behind the name make it another thing: 营业收入增量.
    let behind = subject.rsplit(name).next().unwrap_or_default();
    if ["增量", "增长", "增加", "占", "比", "净增"].iter().any(|word| behind.contains(word)) {
        return None;
    }
    let whole = name.chars().count() + 4 >= subject.chars().count();
    if !whole && !leaf.doubts.contains(&Doubt::Subject) {
        leaf.doubts.push(Doubt::Subject);
    }
    Some(key.to_owned())
}

fn share(subject: &str, nouns: &Nouns<'_>) -> Option<String> {
    if ["增长", "增幅", "增速", "增加"].iter().any(|word| subject.contains(word)) {
        return nouns.find(subject).map(|(_, key)| format!("{key}↑"));
    }
    let parts = ["占", "达到", "不超过", "不得超过", "不高于", "不低于", "超过", "与"]
        .into_iter()
        .find_map(|joint| subject.split_once(joint));
    // 裁员率不高于参保职工总数20%: already a rate of it.
    if let Some((rate, _)) = parts.filter(|(of, _)| of.ends_with('率')) {
        return nouns.find(rate).map(|(_, key)| key.to_owned());
    }
    if let Some((of, whole)) = parts {
        let (_, of) = nouns.find(of)?;
        let (_, whole) = nouns.find(whole)?;
        return Some(format!("{of}/{whole}"));
    }
    nouns.find(subject).map(|(_, key)| key.to_owned())
}

fn is_age(subject: &str) -> bool {
    ["成立", "注册", "设立", "登记"].iter().any(|word| subject.contains(word))
        && !["运营", "经营", "运行", "被投", "股东"].iter().any(|word| subject.contains(word))
}

const FRONT: &[&str] = &[
    "、",
    "且",
    "并且",
    "并",
    "同时",
    "或者",
    "或",
    "其中",
    "和",
    "及",
    "以及",
    "但",
    "的",
    ")",
    " ",
    "要求",
    "对",
    "首次",
    "对于",
    "申报企业",
    "申请企业",
    "申报单位",
    "截至",
    "上年度末",
    "上年末",
    "上一年末",
    "上年度",
    "上一年度",
    "上一年",
    "上年",
];
const BACK: &[&str] = &[
    "应当",
    "应",
    "须",
    "需",
    "每年均",
    "平均",
    "每年",
    "均",
    "首次",
    "原则上",
    "一般",
    "总体",
    "合计",
    "累计",
    "总计",
    "在",
    "为",
    "不",
    " ",
    "已",
    "要",
    "共",
    "的",
    "达",
];

/// Without joints in front and comparison fillers behind.
pub(crate) fn clean(subject: &str) -> &str {
    let mut rest = subject;
    loop {
        let before = rest;
        for words in FRONT {
            rest = rest.strip_prefix(words).unwrap_or(rest);
        }
        for words in BACK {
            rest = rest.strip_suffix(words).unwrap_or(rest);
        }
        if rest == before {
            return rest;
        }
    }
}
