//! What a notice says of its own words: 本办法所称"以上"包含本数,"以下"不含本数.

use rules::tree::Operator;

use crate::leaf::{Leaf, Reading};
use crate::text::Text;

/// Whether 以上 and 以下 leave their number out. By law they do not; a notice may say otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Convention {
    above_excludes: bool,
    below_excludes: bool,
}

/// Reads the clauses that end in 本数; the last word on each counts.
pub(crate) fn of(text: &Text) -> Convention {
    const LONGEST: usize = 40;
    let mut convention = Convention::default();
    for at in (0..text.len()).filter(|at| text.starts_with(*at, "本数")) {
        let from = at.saturating_sub(LONGEST);
        let start = (from..at).rev().find(|at| text.at(*at).is_some_and(|one| ",。;\n".contains(one)));
        let clause = start.map_or(from, |start| start + 1)..at;
        let excludes =
            ["不含", "不包含", "不包括"].iter().any(|words| text.ends_with(clause.start, at, words).is_some());
        if text.contains_any(clause.clone(), &["以上"]) {
            convention.above_excludes = excludes;
        }
        if text.contains_any(clause, &["以下"]) {
            convention.below_excludes = excludes;
        }
    }
    convention
}

impl Convention {
    /// Gives the leaf the boundary its notice defines; a boundary written at the number itself wins.
    pub(crate) fn apply(self, leaf: &mut Leaf) {
        let says_so = leaf.words.contains("含");
        let Reading::Number { operator, upper, .. } = &mut leaf.reading else { return };
        if says_so {
            return;
        }
        if self.above_excludes && leaf.words.contains("以上") && *operator == Operator::AtLeast {
            *operator = Operator::More;
        }
        if self.below_excludes && leaf.words.contains("以下") {
            match upper {
                Some((_, includes)) => *includes = false,
                None if *operator == Operator::AtMost => *operator = Operator::Less,
                None => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_may_define_its_boundaries() {
        let convention = |words| of(&Text::new(words));
        let both = Convention { above_excludes: true, below_excludes: true };
        assert_eq!(convention("本办法所称“以上”“以下”均包含本数。"), Convention::default());
        assert_eq!(convention("“以上”均包含本数，“以下”均不含本数。"), Convention { above_excludes: false, ..both });
        assert_eq!(convention("所称以上、以下不包括本数"), both);
        assert_eq!(convention("营业收入500万元以下"), Convention::default());
    }
}
