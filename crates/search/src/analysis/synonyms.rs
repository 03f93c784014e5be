//! Reviewed equivalents, kept as data and expanded when a query is read.

use std::collections::{BTreeMap, BTreeSet};

use super::fold::fold;
use crate::Error;

/// Word → the words that also answer it.
#[derive(Debug, Default)]
pub(crate) struct Synonyms {
    expansions: BTreeMap<String, BTreeSet<String>>,
}

impl Synonyms {
    /// Reads `a = b = c` (all equal) and `a > b, c` (a also finds b and c).
    ///
    /// # Errors
    /// [`Error::Dictionary`] with the line that has no relation or an empty word.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let mut synonyms = Self::default();
        for (line, content) in super::dictionary::lines(text) {
            synonyms.read(content).map_err(|reason| Error::Dictionary { file: "synonyms.txt", line, reason })?;
        }
        Ok(synonyms)
    }

    fn read(&mut self, line: &str) -> Result<(), String> {
        if let Some((from, to)) = line.split_once('>') {
            let from = word(from)?;
            for to in to.split([',', '，']) {
                self.add(&from, &word(to)?);
            }
            return Ok(());
        }
        let equals = line.split('=').map(word).collect::<Result<Vec<_>, _>>()?;
        if equals.len() < 2 {
            return Err("expected `a = b` or `a > b`".to_owned());
        }
        for from in &equals {
            equals.iter().filter(|to| *to != from).for_each(|to| self.add(from, to));
        }
        Ok(())
    }

    fn add(&mut self, from: &str, to: &str) {
        self.expansions.entry(from.to_owned()).or_default().insert(to.to_owned());
    }

    /// Every word named on either side.
    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        self.expansions.iter().flat_map(|(from, to)| std::iter::once(from).chain(to)).map(String::as_str)
    }

    /// The other words for `word`, in a fixed order.
    pub(crate) fn of(&self, word: &str) -> impl Iterator<Item = &str> {
        self.expansions.get(word).into_iter().flatten().map(String::as_str)
    }
}

fn word(text: &str) -> Result<String, String> {
    let word = fold(text.trim());
    if word.is_empty() { Err("empty word".to_owned()) } else { Ok(word) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_words_find_each_other_and_directed_ones_only_forward() {
        let synonyms = Synonyms::parse("高企 = 高新技术企业\n补贴 > 补助, 奖补 # directed\n").unwrap();
        assert_eq!(synonyms.of("高新技术企业").collect::<Vec<_>>(), ["高企"]);
        assert_eq!(synonyms.of("补贴").count(), 2);
        assert_eq!(synonyms.of("奖补").count(), 0);
    }

    #[test]
    fn a_line_without_a_relation_is_named() {
        let error = Synonyms::parse("# fine\n\n高企\n").unwrap_err();
        assert!(matches!(error, Error::Dictionary { line: 3, .. }), "{error}");
    }
}
