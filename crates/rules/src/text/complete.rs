//! What may be written next. Every proposal is one the parser takes at this place.
//!
//! The text before the cursor is parsed with each candidate behind it, its open brackets closed; a candidate stays when
//! nothing before its end is complained of. So what the grammar learns, completion knows without being told, and a
//! candidate that would not read is never shown.

mod candidates;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde::Serialize;

use self::candidates::{Candidate, Group, Site};
use super::lex::{half_width, is_word_character, tokens};
use super::parse::{behind_period, parse};
use super::token::Token;
use crate::check::check;
use crate::problem::{Position, Problem, Severity};
use crate::reference::Reference;
use crate::tree::Condition;

/// The longest text completed, in characters: ten times the longest real condition. Longer ones get no proposals.
const MAX_CHARACTERS: usize = 20_000;

/// A word of a private use area: no name, keyword or unit is like it.
const NOBODYS_WORD: &str = "\u{E000}";

/// Words a requirement follows.
const BEFORE_REQUIREMENTS: [&str; 5] = ["且", "或", "当", "按", "分档"];

/// A comparison that fits every number as badly.
const COMPARED: &str = " = 参数「\u{E000}」";

/// What a proposal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CompletionKind {
    Fact,
    List,
    /// A part of a record.
    Field,
    Period,
    Keyword,
    Operator,
    Unit,
    Code,
    Area,
    Industry,
    /// Where a value is from, behind `@`.
    Source,
    Score,
}

/// One proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Completion {
    /// What to write in place of `replace`.
    pub insert: String,
    /// What to show: the name, with the alias it was found by.
    pub label: String,
    pub kind: CompletionKind,
    pub help: Option<String>,
    /// Characters of the text, counted from 0: what has been typed of the word.
    pub replace: Range<usize>,
}

/// What may stand at the cursor, which is a number of characters from the start; what follows it is not looked at.
/// Names that begin with what has been typed come first, those that hold it after them.
///
/// Empty where any wording may stand, and behind a mistake that hides what is expected.
pub fn complete(text: &str, cursor: usize, reference: &Reference) -> Vec<Completion> {
    let characters: Vec<char> = text.chars().take(cursor).collect();
    if characters.len() > MAX_CHARACTERS {
        return Vec::new();
    }
    let start = characters.iter().rposition(|one| !is_word_character(half_width(*one))).map_or(0, |before| before + 1);
    let word: String = characters[start..].iter().copied().map(half_width).collect();
    let mut found = Vec::new();
    for typed in stems(&word) {
        let replace = characters.len() - typed.chars().count()..characters.len();
        let trial = Trial::new(&characters, start, replace.start, reference);
        found.extend(trial.proposals(typed).into_iter().map(|Taken { candidate, label, .. }| Completion {
            insert: candidate.insert,
            label,
            kind: candidate.kind,
            help: candidate.help,
            replace: replace.clone(),
        }));
    }
    found
}

/// The characters before a position, which may lie behind the last one of its line; `None` where the text has no such
/// place.
pub fn cursor_at(text: &str, at: Position) -> Option<usize> {
    let mut lines = text.split('\n').map(|line| line.chars().count());
    let before: usize = lines.by_ref().take(at.line.checked_sub(1)?).map(|length| length + 1).sum();
    let column = at.column.checked_sub(1)?;
    lines.next().filter(|length| column <= *length).map(|_| before + column)
}

/// The word as typed and what is typed behind its number or period: `上年度研` is also `研`, `100万` also `万`.
fn stems(word: &str) -> Vec<&str> {
    let behind_digits = word.trim_start_matches(|one: char| one.is_ascii_digit() || one == '.');
    let behind = if behind_digits.len() < word.len() {
        behind_digits.strip_prefix('年').map_or(behind_digits, |rest| rest.strip_prefix('度').unwrap_or(rest))
    } else {
        behind_period(word)
    };
    if behind.len() == word.len() { vec![word] } else { vec![word, behind] }
}

/// The text before what is replaced, ready to be parsed with something behind it.
struct Trial<'a> {
    before: String,
    surroundings: Surroundings,
    /// What is wrong before the word at the cursor in any case.
    known: Vec<Position>,
    reference: &'a Reference,
}

/// What stands before the word at the cursor.
struct Surroundings {
    last: Option<Token>,
    /// The innermost open bracket is a round one.
    bracket: bool,
    /// The word has begun with a period or digits, or the period is a word of its own.
    within: bool,
}

/// A candidate the parser takes.
struct Taken {
    candidate: Candidate,
    label: String,
    /// What has been typed begins its name.
    first: bool,
    /// Of the check, where the text is whole.
    errors: Option<usize>,
}

impl<'a> Trial<'a> {
    fn new(characters: &[char], start: usize, replaced: usize, reference: &'a Reference) -> Self {
        let text = |end: usize| characters[..end].iter().collect::<String>();
        let before = text(replaced);
        let mut surroundings = Surroundings::of(&text(start));
        surroundings.within |= replaced > start;
        let start = end_of(&text(start));
        let mut trial = Self { before, surroundings, known: Vec::new(), reference };
        if let Err(problems) = trial.parse("") {
            let places = problems.iter().filter_map(|problem| problem.position);
            trial.known = places.filter(|place| *place < start).collect();
        }
        trial
    }

    /// What fits what has been typed and is taken.
    fn proposals(&self, typed: &str) -> Vec<Taken> {
        // Where nobody's word is welcome, anything is, or nothing is looked at.
        if self.errors_with(NOBODYS_WORD, false).is_some() {
            return Vec::new();
        }
        let mut taken = Vec::new();
        for group in candidates::groups(self.reference, &self.before, typed) {
            if self.is_open_to(&group) {
                taken.extend(group.candidates.into_iter().filter_map(|candidate| self.take(candidate, typed)));
            }
        }
        fitting(taken)
    }

    /// Whether members of a group may stand here: where all are alike, the first one stands for all.
    fn is_open_to(&self, group: &Group) -> bool {
        let within = self.surroundings.within;
        let first =
            group.candidates.first().filter(|_| self.surroundings.admit(group.site) && (group.dated || !within));
        first.is_some_and(|first| !group.alike || self.errors_with(&first.insert, first.number).is_some())
    }

    fn take(&self, candidate: Candidate, typed: &str) -> Option<Taken> {
        let (label, first) = candidate.matched(typed)?;
        let errors = self.errors_with(&candidate.insert, candidate.number)?;
        Some(Taken { candidate, label, first, errors })
    }

    /// Parses the text with something behind it; a number then compared, so that the check can say whether it fits.
    /// `None` where the parser complains of it; the errors of the check where the text is whole.
    #[expect(clippy::option_option, reason = "taken or not, and then known or not")]
    fn errors_with(&self, insert: &str, number: bool) -> Option<Option<usize>> {
        let end = end_of(&format!("{}{insert}", self.before));
        let errors = |condition: &Condition| {
            let problems = check(condition, self.reference);
            problems.iter().filter(|problem| problem.severity == Severity::Error).count()
        };
        match self.parse(insert) {
            Ok(condition) => Some(Some(errors(&condition))),
            Err(problems) => {
                let mut places = problems.iter().filter_map(|problem| problem.position);
                if places.any(|place| place < end && !self.known.contains(&place)) {
                    return None;
                }
                let whole = if number { self.parse(&format!("{insert}{COMPARED}")).ok() } else { None };
                Some(whole.as_ref().map(errors))
            }
        }
    }

    fn parse(&self, insert: &str) -> Result<Condition, Vec<Problem>> {
        let text = format!("{}{insert}", self.before);
        parse(&format!("{text}{}", closing(&text)), self.reference)
    }
}

impl Surroundings {
    fn of(before: &str) -> Self {
        let last = tokens(before).unwrap_or_default().into_iter().map(|placed| placed.token).nth_back(1);
        let within = last.as_ref().and_then(Token::word).is_some_and(|word| behind_period(word).is_empty());
        Self { last, bracket: closing(before).starts_with(" )"), within }
    }

    fn admit(&self, site: Site) -> bool {
        let operand = matches!(self.last, Some(Token::Arithmetic(_) | Token::Compare(_)));
        match site {
            Site::Anywhere => true,
            Site::NoOperand => !operand,
            Site::Field => self.bracket || self.last.as_ref().and_then(Token::word) == Some("的"),
            // Behind a brace a set may end, or a score, which another or the condition follows.
            Site::Beginning if self.last == Some(Token::BraceClose) => true,
            Site::Beginning => self.begins() && !operand && !self.within,
            Site::Following => !self.begins() || self.within,
            Site::Ending => !self.begins() || self.within || self.last == Some(Token::Semicolon),
        }
    }

    /// Nothing is written yet of a requirement, a row or an operand.
    fn begins(&self) -> bool {
        match &self.last {
            Some(Token::Word(word)) => BEFORE_REQUIREMENTS.contains(&word.as_str()),
            Some(
                Token::Open(_)
                | Token::BraceOpen
                | Token::Semicolon
                | Token::Colon
                | Token::Arithmetic(_)
                | Token::Compare(_),
            )
            | None => true,
            Some(_) => false,
        }
    }
}

/// Of each kind those with which the check finds least wrong (a unit that does not fit, a fact of another dimension),
/// each once, those that begin with what has been typed first.
fn fitting(mut taken: Vec<Taken>) -> Vec<Taken> {
    let mut least: BTreeMap<CompletionKind, usize> = BTreeMap::new();
    for Taken { candidate, errors, .. } in &taken {
        if let Some(errors) = *errors {
            let known = least.entry(candidate.kind).or_insert(errors);
            *known = errors.min(*known);
        }
    }
    let mut seen = BTreeSet::new();
    taken.retain(|Taken { candidate, errors, .. }| {
        errors.is_none_or(|errors| least.get(&candidate.kind) == Some(&errors)) && seen.insert(candidate.insert.clone())
    });
    taken.sort_by_key(|taken| !taken.first);
    taken
}

/// The position behind the last character.
fn end_of(text: &str) -> Position {
    let line = text.chars().filter(|one| *one == '\n').count() + 1;
    let column = text.chars().rev().take_while(|one| *one != '\n').count() + 1;
    Position { line, column }
}

/// What closes the brackets a text leaves open, up to one that is closed by the wrong sign.
fn closing(text: &str) -> String {
    let mut open = Vec::new();
    for placed in tokens(text).unwrap_or_default() {
        match placed.token {
            Token::Open(_) => open.push(" )"),
            Token::BraceOpen => open.push(" }"),
            Token::Close if open.last() == Some(&" )") => drop(open.pop()),
            Token::BraceClose if open.last() == Some(&" }") => drop(open.pop()),
            Token::Close | Token::BraceClose => break,
            _ => {}
        }
    }
    open.into_iter().rev().collect()
}
