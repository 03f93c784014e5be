//! What a leaf claims, in a form in which two readers' leaves can be compared.

use rules::number::Rational;
use rules::tree::Operator;

use crate::leaf::{Leaf, Reading};
use crate::window::{Day, Window};

/// A claim, its sense and its time.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Said {
    pub(super) claim: Claim,
    pub(super) negated: bool,
    pub(super) window: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Claim {
    Number { operator: Operator, value: Rational },
    Between { low: Rational, includes_low: bool, high: Rational, includes_high: bool },
    Day { operator: Operator, day: Day },
    True,
    Among(Vec<String>),
    Within(Vec<String>),
    Other,
}

impl Said {
    pub(super) fn of(leaf: &Leaf) -> Self {
        let claim = match &leaf.reading {
            Reading::Number { operator, value, upper: Some((upper, includes)), .. } => Claim::Between {
                low: value.clone(),
                includes_low: *operator == Operator::AtLeast,
                high: upper.clone(),
                includes_high: *includes,
            },
            Reading::Number { operator, value, .. } => Claim::Number { operator: *operator, value: value.clone() },
            Reading::Day { operator, day } => Claim::Day { operator: *operator, day: *day },
            Reading::Flag(_) => Claim::True,
            Reading::Among(values) => Claim::Among(values.clone()),
            Reading::Within(place) => Claim::Within(vec![place.clone()]),
            Reading::Words => Claim::Other,
        };
        Self { claim, negated: leaf.negated, window: leaf.window.map(Window::words) }
    }

    /// The same claim inside a 没有: a threshold turns around, anything else changes its sense.
    pub(super) fn under(mut self, denied: bool) -> Self {
        self.negated ^= denied;
        if self.negated {
            match &mut self.claim {
                Claim::Number { operator, .. } | Claim::Day { operator, .. } => {
                    *operator = operator.opposite();
                    self.negated = false;
                }
                _ => {}
            }
        }
        self
    }

    /// Comparison with inclusiveness, value and window agree.
    pub(super) fn agrees(&self, other: &Self) -> bool {
        self.negated == other.negated && self.window == other.window && self.claim.agrees(&other.claim)
    }
}

impl Claim {
    pub(super) fn is_numeric(&self) -> bool {
        matches!(self, Self::Number { .. } | Self::Between { .. } | Self::Day { .. })
    }

    fn agrees(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Among(ours), Self::Among(theirs)) => same_things(ours, theirs),
            (Self::Within(ours), Self::Within(theirs)) => {
                ours.iter().all(|one| theirs.iter().any(|other| same_place(one, other)))
                    && theirs.iter().all(|one| ours.iter().any(|other| same_place(other, one)))
            }
            (Self::Number { operator, value }, Self::Number { operator: other, value: theirs }) => {
                operator == other && (value == theirs || rounds_to(value, theirs))
            }
            (Self::Other, _) | (_, Self::Other) => false,
            (one, other) => one == other,
        }
    }
}

/// 1/3 written as 33.33%: ours has no end, and theirs is it to four places.
fn rounds_to(ours: &Rational, theirs: &Rational) -> bool {
    let endless = !ours.multiply(&Rational::whole(1_000_000)).is_whole();
    endless && ours.rounded_text(4) == theirs.rounded_text(4)
}

/// Each thing of one set is one thing of the other, one to one.
fn same_things(ours: &[String], theirs: &[String]) -> bool {
    let mut rest: Vec<&String> = theirs.iter().collect();
    let all_found = ours.iter().all(|one| {
        let found = rest.iter().position(|other| same_thing(one, other));
        found.map(|at| rest.swap_remove(at)).is_some()
    });
    !ours.is_empty() && all_found && rest.is_empty()
}

/// Words for one thing: equal after framing words, one within the other, or sharing most pairs of characters.
fn same_thing(one: &str, other: &str) -> bool {
    let (one, other) = (core(one), core(other));
    if one.is_empty() || other.is_empty() {
        return one == other;
    }
    one.contains(&other) || other.contains(&one) || likeness(&one, &other)
}

fn core(words: &str) -> String {
    const FRAMES: &[&str] = &[
        "企业",
        "资格",
        "资质",
        "称号",
        "证书",
        "认定",
        "名单",
        "名录",
        "行为",
        "记录",
        "情况",
        "有效期内",
        "类",
        "型",
        "行业",
        "产业",
    ];
    let mut core: String = words.chars().filter(|one| one.is_alphanumeric()).collect();
    for frame in FRAMES {
        let rest = core.replace(frame, "");
        if !rest.is_empty() {
            core = rest;
        }
    }
    core
}

/// At least half of all pairs of neighbouring characters are shared (Dice).
fn likeness(one: &str, other: &str) -> bool {
    let pairs = |words: &str| -> Vec<(char, char)> { words.chars().zip(words.chars().skip(1)).collect() };
    let (ours, mut theirs) = (pairs(one), pairs(other));
    let all = ours.len() + theirs.len();
    let mut shared = 0;
    for pair in &ours {
        if let Some(at) = theirs.iter().position(|other| other == pair) {
            theirs.swap_remove(at);
            shared += 1;
        }
    }
    all > 0 && shared * 4 >= all
}

/// 洪山区 is 武汉市洪山区; 本市 is the city the reader knew the notice to be from.
fn same_place(ours: &str, theirs: &str) -> bool {
    let deictic = ours.starts_with(['本', '我', '全']);
    let level = |place: &str| place.chars().last();
    let plain = |place: &str| -> String {
        place.trim_end_matches("大陆").trim_end_matches(['省', '市', '区', '县']).to_owned()
    };
    // 武汉市洪山区 names 洪山区 with what it lies in; any other words in front are no place.
    let within = ours.strip_suffix(theirs).is_some_and(|front| front.is_empty() || front.ends_with(['省', '市', '区']));
    theirs.ends_with(ours) || plain(theirs).ends_with(&plain(ours)) || within || deictic && level(ours) == level(theirs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(operator: Operator, value: i64) -> Said {
        Said { claim: Claim::Number { operator, value: Rational::whole(value) }, negated: false, window: None }
    }

    #[test]
    fn inclusiveness_value_and_window_must_agree() {
        let ours = number(Operator::AtLeast, 3);
        assert!(ours.agrees(&number(Operator::AtLeast, 3)));
        assert!(!ours.agrees(&number(Operator::More, 3)));
        assert!(!ours.agrees(&number(Operator::AtLeast, 4)));
        assert!(!ours.agrees(&Said { window: Some("last_year".into()), ..number(Operator::AtLeast, 3) }));
    }

    #[test]
    fn not_below_is_at_least() {
        assert!(number(Operator::Less, 3).under(true).agrees(&number(Operator::AtLeast, 3)));
        let flag = Said { claim: Claim::True, negated: false, window: None };
        assert!(!flag.clone().under(true).agrees(&flag));
    }

    #[test]
    fn things_and_places_are_compared_by_what_names_them() {
        assert!(same_thing("高新技术企业资格证书", "高新技术企业"));
        assert!(same_thing("经营异常名单", "经营异常名录"));
        assert!(!same_thing("失信被执行人", "经营异常名录"));
        assert!(same_place("洪山区", "武汉市洪山区"));
        assert!(same_place("深圳", "深圳市"));
        assert!(same_place("我市", "武汉市"));
        assert!(!same_place("武汉市", "湖北省"));
        assert!(!same_place("我市", "湖北省"));
        assert!(same_place("湖北省武汉市", "武汉市"));
        assert!(!same_place("企业须在武汉市", "武汉市"));
        let set = |things: &[&str]| things.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
        assert!(same_things(&set(&["重大安全事故", "重大环保事故"]), &set(&["重大环保", "重大安全"])));
        assert!(!same_things(&set(&["重大安全、环保事故"]), &set(&["安全", "环保"])));
    }
}
