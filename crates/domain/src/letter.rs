//! A rendered message, complete except for its address and its id: what is stored with the push.

use serde::{Deserialize, Serialize};

/// Stored as JSON in the outbox row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Letter {
    Mail(MailLetter),
    Hook(HookLetter),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailLetter {
    /// Display name of the From header; the address is the installation's.
    pub sender_name: String,
    /// One line, without control characters.
    pub subject: String,
    pub text: String,
    pub html: String,
    /// For `List-Unsubscribe` (RFC 8058): a POST here ends the subscription.
    pub unsubscribe_url: String,
    /// What kind of sending this is, for `Feedback-ID`, e.g. `weekly-2026-W48`.
    pub campaign: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HookLetter {
    /// The exact bytes that are signed and sent, the same on every attempt: `{"type","timestamp","data"}`.
    pub body: String,
}

impl Letter {
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }
}
