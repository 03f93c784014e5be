//! One clause (between commas) → the leaves in it, in reading order, with how each joins the one before.

pub(crate) mod award;
mod quality;
mod threshold;

use std::ops::Range;

use self::award::Paid;
use crate::dictionary::Nouns;
use crate::leaf::{Doubt, Leaf, Reading, Role};
use crate::number;
use crate::quantity;
use crate::text::Text;
use crate::window::{self, Window};

/// What reading needs besides the text: names of facts and of certificates.
pub(crate) struct Lexicon<'a> {
    pub(crate) nouns: Nouns<'a>,
    pub(crate) honours: Vec<&'a str>,
}

/// A leaf, or two cases of one threshold.
#[derive(Debug)]
pub(crate) struct Atom {
    pub(crate) leaf: Leaf,
    pub(crate) or: bool,
    /// 10%(超过100人的企业达到5%): the case and its threshold.
    pub(crate) exception: Option<Box<(Leaf, Leaf)>>,
}

/// What carries over from the clauses before.
#[derive(Clone, Debug, Default)]
pub(crate) struct Carried {
    pub(crate) window: Option<Window>,
    pub(crate) subject: String,
    pub(crate) paid: Paid,
    /// The label of the piece in front said what is paid; it holds up to the end of the sentence.
    pub(crate) labelled: bool,
    pub(crate) heading: Heading,
    pub(crate) was_denied: bool,
    /// A clause of nothing but a time: 近2年, …
    pub(crate) pending: Option<Window>,
    /// 近三年经营状况良好, 无…: the time of a clause that took a person.
    pub(crate) unread: Option<Window>,
}

/// What the words above say of all that is read below them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Heading {
    /// 补贴标准: what is paid.
    pub(crate) pays: bool,
    /// 不予支持: none of it may be so.
    pub(crate) refusing: bool,
    /// 近三年有下列情形之一的: the time of the items below.
    pub(crate) window: Option<Window>,
}

pub(crate) struct Clause<'a> {
    text: &'a Text,
    span: Range<usize>,
    lexicon: &'a Lexicon<'a>,
    award_at: Option<usize>,
    atoms: Vec<Atom>,
    /// Where the last leaf ended.
    read_to: usize,
    /// The time said since.
    said: Option<Window>,
    /// The time of a clause in front that no leaf was read from.
    unread: Option<Window>,
}

/// 近2年 with little beside it.
const LONGEST_TIME: usize = 12;

/// The subject of what must not have happened.
const INCIDENTS: &str = "违法违规与事故";

/// Reads one clause. `carried` is what the clauses before said and what the next ones may lean on.
pub(crate) fn read(text: &Text, span: Range<usize>, lexicon: &Lexicon<'_>, carried: &mut Carried) -> Vec<Atom> {
    let award_at = award::begins(text, span.clone());
    let read_to = span.start;
    let (said, unread) = (carried.pending.take(), carried.unread.take());
    let mut clause = Clause { text, span, lexicon, award_at, atoms: Vec::new(), read_to, said, unread };
    clause.scan(carried);
    // Nothing but a time, or a time that opens what follows.
    if clause.atoms.is_empty() && clause.span.len() <= LONGEST_TIME {
        carried.pending = clause.said;
    }
    if clause.atoms.is_empty() {
        carried.unread = clause.said;
    }
    let pays = clause.atoms.iter().any(|atom| atom.leaf.role == Role::Award);
    carried.paid = if award_at.is_some() || pays { Paid::Now } else { Paid::No };
    if let Some(atom) = clause.atoms.iter().rev().find(|atom| atom.leaf.window.is_some()) {
        carried.window = atom.leaf.window;
    }
    carried.was_denied = clause.atoms.last().is_some_and(|atom| atom.leaf.negated);
    clause.atoms
}

/// 未发生甲,未发生乙: one demand that neither has happened. Whether `next` has become part of `leaf`.
pub(crate) fn absorbed(leaf: &mut Leaf, next: &Leaf, text: &Text) -> bool {
    let alike = leaf.subject == INCIDENTS
        && next.subject == INCIDENTS
        && leaf.words.contains("发生")
        && next.words.contains("发生")
        && (leaf.negated, leaf.window, &leaf.doubts) == (next.negated, next.window, &next.doubts);
    let (Reading::Among(values), Reading::Among(more)) = (&mut leaf.reading, &next.reading) else { return false };
    if !alike || !leaf.negated {
        return false;
    }
    values.extend(more.iter().cloned());
    leaf.span.end = next.span.end;
    leaf.words = text.words(leaf.span.clone());
    true
}

impl Clause<'_> {
    fn scan(&mut self, carried: &mut Carried) {
        let mut at = self.span.start;
        while at < self.span.end {
            at = self.step(at, carried).max(at + 1);
        }
    }

    /// Reads what begins at `at`, or steps over one character.
    fn step(&mut self, at: usize, carried: &mut Carried) -> usize {
        let Some(character) = self.text.at(at) else { return at + 1 };
        if let Some(behind) = self.remark(at) {
            return behind;
        }
        let is_number = character.is_ascii_digit() || "零一二两三四五六七八九十百千万亿半".contains(character);
        if is_number {
            if let Some(end) = self.since(at) {
                return end;
            }
            if let Some((window, end)) = window::read(self.text, at, self.span.end) {
                self.said = Some(window);
                return end;
            }
            if let Some(quantity) = quantity::read(self.text, self.read_to.max(self.span.start), at) {
                return self.quantity(quantity, at, carried);
            }
            return number::run_end(self.text, at, self.span.end);
        }
        if let Some(end) = self.young(at) {
            return end;
        }
        if let Some((window, end)) = window::read(self.text, at, self.span.end) {
            // 比上年度增加 compares with it, it does not ask for it.
            let is_base = ["比", "较", "高于", "低于", "大于", "小于", "少于", "超过"]
                .iter()
                .any(|words| self.text.ends_with(self.span.start, at, words).is_some());
            // 占当年职工总数 says of which year the whole is.
            let is_whole = window == Window::CurrentYear
                && self.text.contains_any(self.read_to.max(self.span.start)..at, &["占", "与", "达到", "不低于"]);
            self.said = if is_base || is_whole { self.said } else { Some(window) };
            return end;
        }
        if let Some(end) = self
            .place(at)
            .or_else(|| self.size(at))
            .or_else(|| self.event(at, carried))
            .or_else(|| self.flag(at))
            .or_else(|| self.trend(at, carried))
        {
            return end;
        }
        at + 1
    }

    /// A window said before 、 or in front of 其中, 且 goes on.
    fn leaned(&self, start: usize, carried: &Carried) -> Option<Window> {
        let leans = self.text.at(start.wrapping_sub(1)) == Some('、')
            || self.text.at(start) == Some('、')
            || self.text.any_at(start, &["其中"]).is_some();
        // 、3000户 in a row of values has no subject and no time of its own.
        let first = self.text.any_at(start, &["其中", "、"]).map_or(start, |(_, end)| end);
        let named = !(first..first + 2).any(|at| self.text.at(at).is_some_and(|one| one.is_ascii_digit()));
        self.atoms.last().and_then(|atom| atom.leaf.window).or(carried.window).filter(|_| leans && named)
    }

    fn softened(&self, span: Range<usize>) -> Vec<Doubt> {
        let soft = self.text.contains_any(span, &["原则上", "一般"]);
        if soft { vec![Doubt::Softened] } else { Vec::new() }
    }

    /// Where the words in front of `end` begin that say whose number it is; remarks in brackets are part of them.
    fn subject_start(&self, end: usize) -> usize {
        let from = self.read_to.max(self.span.start);
        let mut depth = 0_usize;
        for at in (from..end).rev() {
            match self.text.at(at) {
                Some(')') => depth += 1,
                Some('(') if depth == 0 => return at + 1,
                Some('(') => depth -= 1,
                Some(one) if depth == 0 && ",;。:\n".contains(one) => return at + 1,
                _ => {}
            }
        }
        from.min(end)
    }

    fn leaf(&self, span: Range<usize>, reading: Reading) -> Leaf {
        Leaf::new(self.text.words(span.clone()), span, reading)
    }

    /// 达50万元、80万元: another value of the same figure is another tier of it, not one more demand.
    fn is_tier(&self, leaf: &Leaf) -> bool {
        let measure = |leaf: &Leaf| match leaf.reading {
            Reading::Number { measure, .. } if leaf.role == Role::Requirement => Some(measure),
            _ => None,
        };
        let is_bare =
            leaf.words.strip_prefix('、').is_some_and(|rest| rest.starts_with(|one: char| one.is_ascii_digit()));
        let before = self.atoms.last().and_then(|atom| measure(&atom.leaf));
        is_bare && before.is_some() && before == measure(leaf)
    }

    fn push(&mut self, leaf: Leaf, end: usize) {
        let between = self.read_to..leaf.span.start.max(self.read_to);
        let joint = self.text.words(between.clone());
        let joint = joint.trim_start_matches(['(', ')', '的', ' ']);
        let or = joint.starts_with('或') || leaf.words.trim_start_matches(['(', ' ', ')']).starts_with('或');
        let or = or || self.is_tier(&leaf);
        self.atoms.push(Atom { leaf, or, exception: None });
        self.read_to = end.max(self.read_to);
        self.said = None;
    }
}
