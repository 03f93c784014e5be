//! The kind of firm or thing that a threshold is asked of: 畜禽类…, 加工型企业…, 生产企业:…, 房地产企业….

use std::ops::Range;

use super::Leaves;
use crate::clause::Atom;
use crate::leaf::{Doubt, Leaf, Reading, Role, Tree};
use crate::text::Text;
use crate::unit::Measure;

/// 畜禽类9000万元以上, and under 营业面积: 购物中心、百货店应大于5000平方米: the subject is a case, not a measure.
pub(super) fn case_of(atoms: &mut [Atom], measured: Option<&str>) -> Option<Leaf> {
    let leaf = &mut atoms.first_mut()?.leaf;
    if !matches!(leaf.reading, Reading::Number { .. }) || leaf.fact.is_some() || leaf.role != Role::Requirement {
        return None;
    }
    // 园艺(蔬菜、瓜果)类: the remark names no kind of its own.
    let subject = Text::new(&leaf.subject);
    let subject = subject.plain(0..subject.len());
    let is_kind = subject.ends_with('类') || measured.is_some() && !is_measure(&subject);
    if !is_kind || subject.chars().count() < 2 {
        return None;
    }
    let kinds: Vec<String> = subject.split(['、', '和']).map(|kind| kind.trim_end_matches('类').to_owned()).collect();
    let case = kind_leaf(leaf.span.clone(), "类别", kinds);
    measured.unwrap_or_default().clone_into(&mut leaf.subject);
    leaf.doubts.push(Doubt::Case);
    Some(case)
}

/// 加工型企业总资产2000万元以上: the first words are the case of the whole piece.
pub(super) fn kind_of(text: &Text, atoms: &mut [Atom]) -> Option<Leaf> {
    const LONGEST: usize = 10;
    let leaf = &mut atoms.first_mut()?.leaf;
    if !matches!(leaf.reading, Reading::Number { .. }) || leaf.role != Role::Requirement {
        return None;
    }
    let (kind, end, figure) = [("型企业", "型"), ("类企业", "类"), ("领域企业", ""), ("行业企业", "")]
        .iter()
        .find_map(|(firm, end)| leaf.subject.split_once(firm).map(|(kind, figure)| (kind, *end, figure)))?;
    let is_size = kind.chars().all(|one| "大中小微、和".contains(one));
    let is_kind =
        !is_size && kind.chars().count() <= LONGEST && !kind.contains(['的', ',', '(', '对', '于', '相', '各']);
    if !is_kind || !is_measure(figure) {
        return None;
    }
    let kinds: Vec<String> = kind.split(['、', '和']).map(|kind| format!("{kind}{end}")).collect();
    let at = text.find(leaf.span.clone(), kind)?;
    let case = kind_leaf(at..at + kind.chars().count() + 3, "企业类别", kinds);
    leaf.subject = figure.to_owned();
    leaf.doubts.push(Doubt::Case);
    Some(case)
}

/// 女性不超过55周岁: whose age it is.
pub(super) fn sex_of(leaf: &Leaf) -> Option<Leaf> {
    let Reading::Number { measure: Measure::Age, .. } = leaf.reading else { return None };
    let subject = leaf.subject.trim_end_matches('年').trim_end_matches('已').trim_end_matches('性');
    let sex = ["女", "男"].into_iter().find(|sex| subject.ends_with(sex))?;
    Some(kind_leaf(leaf.span.clone(), "性别", vec![sex.to_owned()]))
}

/// A name that can carry a number.
pub(super) fn is_measure(words: &str) -> bool {
    [
        "面积", "收入", "额", "投资", "投入", "人数", "数量", "产值", "规模", "资本", "年限", "时间", "比例", "比重",
        "率", "数", "费用", "资产",
    ]
    .iter()
    .any(|end| words.ends_with(end))
}

/// 生产型企业: … is a case; 申报条件: … is a heading.
pub(super) fn label(text: &Text, span: Range<usize>) -> (Option<Range<usize>>, Range<usize>) {
    const LONGEST: usize = 24;
    let colon = (span.start..span.end.min(span.start + LONGEST)).find(|at| text.at(*at) == Some(':'));
    match colon {
        Some(colon) if colon + 1 < span.end => (Some(span.start..colon), colon + 1..span.end),
        _ => (None, span),
    }
}

pub(super) fn labelled(text: &Text, label: Option<Range<usize>>, tree: Tree, leaves: &mut Leaves) -> Tree {
    let Some(label) = label else { return tree };
    let words = text.words(label.clone());
    let names_a_kind = ["型企业", "类企业", "类", "型", "类项目", "机构"].iter().any(|end| words.ends_with(end));
    let is_heading = [
        "申报", "申请", "条件", "标准", "对象", "要求", "范围", "方面", "补贴", "奖励", "所指", "本", "以下", "下列",
        "同时", "类型",
    ]
    .iter()
    .any(|word| words.contains(word));
    if !names_a_kind || is_heading {
        return tree;
    }
    let kinds = text.plain(label.clone()).split(['、', '和']).map(str::to_owned).collect();
    Tree::when(leaves.add(kind_leaf(label, "企业类别", kinds)), tree)
}

/// 房地产企业(项目)均不享受: the kind of firm stands in front.
pub(super) fn refused_kind(text: &Text, front: Range<usize>, leaves: &mut Leaves) -> Option<Tree> {
    const LONGEST: usize = 16;
    let words = text.words(front.clone());
    let end = ["企业", "项目", "单位", "机构"].into_iter().filter_map(|noun| words.find(noun)).min()?;
    let kind = &words[..end];
    let is_kind = kind.chars().count() >= 2
        && kind.chars().count() <= LONGEST
        && !kind.contains(['的', ',', '(', '、', '已', '未', '本', '其', '同', '每', '该', '上', '在', '各', '有'])
        && !["申报", "承担", "增资", "重复", "入住", "服务"].iter().any(|word| kind.contains(word));
    is_kind.then(|| leaves.add(kind_leaf(front, "所属行业", vec![kind.to_owned()])))
}

fn kind_leaf(span: Range<usize>, subject: &str, kinds: Vec<String>) -> Leaf {
    let mut leaf = Leaf::new(kinds.join("、"), span, Reading::Among(kinds));
    subject.clone_into(&mut leaf.subject);
    leaf.doubts.push(Doubt::Case);
    leaf
}
