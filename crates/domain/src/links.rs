//! Addresses of this site, as letters carry them and pages answer them. Made here so that the two never differ.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::id::PushId;

/// What a reader can say about a line of a letter with one click.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// 判定不对
    Wrong,
    /// 已申报
    Applied,
    /// 不感兴趣
    NotInterested,
}

impl Answer {
    pub const ALL: [Self; 3] = [Self::Wrong, Self::Applied, Self::NotInterested];

    /// As in addresses and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wrong => "wrong",
            Self::Applied => "applied",
            Self::NotInterested => "not_interested",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Wrong => "判定不对",
            Self::Applied => "已申报",
            Self::NotInterested => "不感兴趣",
        }
    }
}

/// The text is none of the three answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnAnswer;

impl FromStr for Answer {
    type Err = NotAnAnswer;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|answer| answer.as_str() == text).ok_or(NotAnAnswer)
    }
}

/// Absolute addresses below one base, e.g. `https://hqt.example.cn`. Codes and tokens must be URL-safe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Links {
    base: String,
}

impl Links {
    pub fn new(base_url: &str) -> Self {
        Self { base: base_url.trim_end_matches('/').to_owned() }
    }

    pub fn home(&self) -> String {
        format!("{}/", self.base)
    }

    /// 一策一表
    pub fn item(&self, item_code: &str) -> String {
        format!("{}/items/{item_code}", self.base)
    }

    pub fn policy(&self, policy_code: &str) -> String {
        format!("{}/policies/{policy_code}", self.base)
    }

    /// Everything that concerns an enterprise; a page for demo enterprises only.
    pub fn enterprise(&self, uscc: &str) -> String {
        format!("{}/enterprises/{uscc}", self.base)
    }

    /// 一策一表 reached from a letter: notes that the letter was opened and leads on.
    pub fn opened(&self, push: PushId, item_code: &str) -> String {
        format!("{}/o/{push}/{item_code}", self.base)
    }

    /// One-click unsubscribe (RFC 8058); `token` is the subscription's.
    pub fn unsubscribe(&self, token: &str) -> String {
        format!("{}/u/{token}", self.base)
    }

    /// An answer about one item by the holder of a subscription's token.
    pub fn answer(&self, token: &str, item_code: &str, answer: Answer) -> String {
        format!("{}/f/{token}/{item_code}/{}", self.base, answer.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_survives_its_address() {
        for answer in Answer::ALL {
            let address = Links::new("https://hqt.example.cn/").answer("t", "a", answer);
            let last = address.rsplit('/').next().unwrap();
            assert_eq!(last.parse(), Ok(answer));
        }
        assert_eq!("maybe".parse::<Answer>(), Err(NotAnAnswer));
    }

    #[test]
    fn a_base_with_or_without_a_slash_gives_one_address() {
        assert_eq!(Links::new("http://a").item("x"), Links::new("http://a/").item("x"));
    }
}
