//! GB/T 4754-2017: sections and divisions by name, finer classes by prefix; collective terms (工业) as own codes.

use std::collections::BTreeMap;

use super::source::{Source, TomlSource as _, parts};
use crate::problem::Problem;

const HEADER: [&str; 4] = ["code", "name", "aliases", "members"];

#[derive(Clone, Debug)]
pub struct Industry {
    /// `I`, `I65`, `K701`, or `@INDUSTRY` for a collective term.
    pub code: String,
    pub name: String,
    pub aliases: Vec<String>,
    /// The classes a collective term gathers; empty otherwise.
    pub members: Vec<String>,
}

/// The named classes. Classes without a name of their own (`C3921`) are known through their division.
#[derive(Clone, Debug, Default)]
pub struct Industries {
    by_code: BTreeMap<String, Industry>,
    names: BTreeMap<String, String>,
    /// Division digits to section letter, e.g. `65` to `I`.
    sections: BTreeMap<String, char>,
}

impl Industries {
    pub(super) fn parse(source: &Source<'_>, problems: &mut Vec<Problem>) -> Self {
        let mut industries = Self::default();
        let mut members = Vec::new();
        for row in source.rows(HEADER, problems) {
            let [code, name, aliases, gathered] = row.value;
            let section_known = || code.len() == 1 || industries.by_code.contains_key(&code[..1]);
            let known_shape = code.starts_with('@') || (has_class_shape(code) && section_known());
            if !known_shape {
                let remedy = "门类一个字母,大类字母加两位数字;合称以 @ 开头";
                problems.push(source.problem(row.line, format!("行业代码“{code}”不对")).remedy(remedy));
                continue;
            }
            let industry = Industry {
                code: code.to_owned(),
                name: name.to_owned(),
                aliases: parts(aliases).map(str::to_owned).collect(),
                members: parts(gathered).map(str::to_owned).collect(),
            };
            members.extend(industry.members.iter().map(|member| (row.line, member.clone())));
            industries.insert(industry, |message| problems.push(source.problem(row.line, message)));
        }
        for (line, member) in members {
            if industries.normalise(&member).is_none() {
                problems.push(source.problem(line, format!("合称里的代码 {member} 不存在")));
            }
        }
        industries
    }

    fn insert(&mut self, industry: Industry, mut complain: impl FnMut(String)) {
        // A division may repeat its section's name (教育); the section keeps it, being the wider reading.
        for name in std::iter::once(&industry.name).chain(&industry.aliases) {
            match self.names.get(name) {
                Some(taken) if !industry.code.starts_with(taken.as_str()) => complain(format!("名称“{name}”重复")),
                Some(_) => {}
                None => drop(self.names.insert(name.clone(), industry.code.clone())),
            }
        }
        if let (3, Some(section)) = (industry.code.len(), industry.code.chars().next()) {
            self.sections.insert(industry.code[1..].to_owned(), section);
        }
        if let Some(earlier) = self.by_code.insert(industry.code.clone(), industry) {
            complain(format!("代码 {} 重复", earlier.code));
        }
    }

    pub fn get(&self, code: &str) -> Option<&Industry> {
        self.by_code.get(code)
    }

    /// Sorted by code; collective terms first.
    pub fn iter(&self) -> impl Iterator<Item = &Industry> {
        self.by_code.values()
    }

    /// The canonical code: upper case, with its section letter (`6510` becomes `I6510`); `None` if there is no such
    /// class.
    pub fn normalise(&self, code: &str) -> Option<String> {
        let code = code.trim().to_ascii_uppercase();
        if self.by_code.contains_key(&code) {
            return Some(code);
        }
        let (letter, digits) = match code.chars().next() {
            Some(letter) if letter.is_ascii_alphabetic() => (Some(letter), &code[1..]),
            _ => (None, code.as_str()),
        };
        let numeric = (2..=4).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        let section = *self.sections.get(digits.get(..2)?).filter(|_| numeric)?;
        letter.is_none_or(|letter| letter == section).then(|| format!("{section}{digits}"))
    }

    /// The name of the class, or of the narrowest named class above it.
    pub fn name(&self, code: &str) -> Option<&str> {
        (1..=code.len())
            .rev()
            .filter_map(|length| code.get(..length))
            .find_map(|prefix| self.by_code.get(prefix))
            .map(|industry| industry.name.as_str())
    }

    /// The canonical code of a name, an alias or a code.
    pub fn find(&self, name: &str) -> Option<String> {
        let name = name.trim();
        self.names.get(name).cloned().or_else(|| self.normalise(name))
    }

    /// Whether class `inner` belongs to `outer` (both canonical); a class belongs to itself.
    pub fn contains(&self, outer: &str, inner: &str) -> bool {
        match self.by_code.get(outer) {
            Some(term) if !term.members.is_empty() => term.members.iter().any(|member| inner.starts_with(member)),
            _ => inner.starts_with(outer),
        }
    }

    /// From the section down to the class itself, named classes only.
    pub fn path(&self, code: &str) -> Vec<&str> {
        let prefixes = (1..=code.len()).filter_map(|length| code.get(..length));
        prefixes.filter_map(|prefix| self.by_code.get_key_value(prefix)).map(|(code, _)| code.as_str()).collect()
    }

    /// The closest known name to a mistyped one.
    pub fn nearest(&self, name: &str) -> Option<&str> {
        super::nearest(name, self.names.keys().map(String::as_str))
    }
}

fn has_class_shape(code: &str) -> bool {
    let mut characters = code.chars();
    let letter = characters.next().is_some_and(|letter| letter.is_ascii_uppercase());
    let digits = characters.as_str();
    letter && [0, 2, 3, 4].contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}
