//! Checks of scores: their names, their parts, and caps that can never matter.

use std::sync::Arc;

use super::Checker;
use crate::number::{Rational, count_text};
use crate::text::names::KEYWORDS;
use crate::tree::{Dimension, Part, Quantity, Rule, Score};

impl Checker<'_> {
    /// A score where it is used; each is checked once, at its first use.
    pub(super) fn score(&mut self, score: &Arc<Score>, path: &str) {
        let name = &score.name;
        if self.inside_score {
            self.error(path, format!("评分里用了评分「{name}」"), "评分里只能用事实;两个评分在条件里相加");
            return;
        }
        if let Some(known) = self.scores.iter().find(|known| known.name == *name) {
            if known != score {
                self.error(path, format!("有两个不同的评分都叫「{name}」"), "给其中一个换个名称");
            }
            return;
        }
        self.scores.push(Arc::clone(score));
        self.score_name(name, path);
        self.inside_score = true;
        self.points_of(&score.parts, score.cap.as_ref(), &format!("评分「{name}」"), path);
        self.inside_score = false;
    }

    fn score_name(&mut self, name: &str, path: &str) {
        let catalogue = &self.reference.catalogue;
        let taken = catalogue.by_name(name).is_some() || catalogue.selection(name).is_some();
        if name.trim().is_empty() || name.contains(['「', '」', '“', '”']) || KEYWORDS.contains(&name) {
            self.error(path, format!("「{name}」不能作评分的名称"), "名称不能为空,不用关键词和引号");
        } else if taken {
            self.error(path, format!("评分「{name}」和事实同名"), "评分换一个名称");
        }
    }

    fn points_of(&mut self, parts: &[Part], cap: Option<&Quantity>, of: &str, path: &str) {
        if parts.is_empty() {
            self.error(path, format!("{of}一项也没有"), "至少写一项,如 当 独立法人 为 是 : 5分");
        }
        for part in parts {
            self.part_points(part, of, path);
        }
        let total = parts.iter().fold(Rational::whole(0), |sum, part| sum.add(&part.most()));
        self.cap(cap, &total, of, path);
    }

    fn part_points(&mut self, part: &Part, of: &str, path: &str) {
        match &part.rule {
            Rule::Bands(bands) => {
                self.bands(bands, path, "0分", |one, other| Some(one.value().cmp(&other.value())));
                bands.values().for_each(|points| self.points(points, of, path));
            }
            Rule::Cases(cases) => {
                self.cases(cases, path, "0分");
                for row in &cases.rows {
                    self.node(&row.when, path, 1, false);
                }
                cases.values().for_each(|points| self.points(points, of, path));
            }
            Rule::When { condition, points } => {
                self.node(condition, path, 1, false);
                self.points(points, of, path);
            }
            Rule::Best(parts) | Rule::Sum(parts) => {
                let is_best = matches!(part.rule, Rule::Best(_));
                if parts.len() < 2 {
                    let word = if is_best { "择高" } else { "合计" };
                    self.error(path, format!("{of}的「{word}」里不到两项"), "补上另一项,或去掉这一层");
                }
                for part in parts {
                    self.part_points(part, of, path);
                }
            }
        }
        let uncapped = Part { cap: None, rule: part.rule.clone() }.most();
        self.cap(part.cap.as_ref(), &uncapped, of, path);
    }

    fn points(&mut self, points: &Quantity, of: &str, path: &str) {
        if !matches!(points.unit().dimension, Dimension::Score | Dimension::Plain) || points.unit().name == "%" {
            self.error(path, format!("{of}里的「{points}」不是分数"), "写成 20分");
        }
    }

    fn cap(&mut self, cap: Option<&Quantity>, most: &Rational, of: &str, path: &str) {
        let Some(cap) = cap else { return };
        self.points(cap, of, path);
        if cap.value().signum() <= 0 {
            self.error(path, format!("{of}的「最高 {cap}」不给分"), "核对分数");
        } else if cap.value() > *most {
            let message = format!("{of}的「最高 {cap}」起不了作用:各项加起来最多 {}", count_text(most, "分"));
            self.warning(path, message, "核对各项的分数,或删去「最高」");
        }
    }
}
