//! One struct per section of the configuration file; meanings are in `config/default.toml`.

use std::net::SocketAddr;
use std::path::PathBuf;

use chrono::NaiveTime;
use chrono_tz::Tz;
use serde::{Deserialize, Deserializer, de};

use super::duration::Span;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Data {
    pub dir: PathBuf,
}

/// The URL may hold a password and is never printed.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    pub url: String,
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Database")
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct City {
    pub name: String,
    pub area: String,
    #[serde(deserialize_with = "zone")]
    pub zone: Tz,
    pub sender: String,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Census {
    pub memory_mb: usize,
}

impl Census {
    /// In bytes; `None` is as much as there is.
    pub fn limit(self) -> Option<usize> {
        (self.memory_mb > 0).then(|| self.memory_mb.saturating_mul(1 << 20))
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    pub bind: SocketAddr,
    pub base_url: String,
    pub shutdown: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    pub format: LogFormat,
    pub level: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    Mailbox,
    Smtp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    None,
    Starttls,
    Tls,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    pub transport: Transport,
    pub host: String,
    pub port: u16,
    pub security: Security,
    pub username: String,
    pub password_file: PathBuf,
    pub root_file: PathBuf,
    pub from: String,
    pub domain: String,
    pub connections: usize,
}

impl Mail {
    pub(super) fn check(&self, problems: &mut Vec<String>) {
        if self.transport == Transport::Smtp && self.host.is_empty() {
            problems.push("  mail.host:transport 为 smtp 时必填,写中继服务器的主机名".to_owned());
        }
        if !self.username.is_empty() && self.password_file.as_os_str().is_empty() {
            problems.push("  mail.password_file:填了 username 就要给出存放密码的文件".to_owned());
        }
        if !self.username.is_empty() && self.security == Security::None {
            problems.push("  mail.security:不加密的连接不能发送密码;改为 starttls 或 tls".to_owned());
        }
        if self.connections == 0 {
            problems.push("  mail.connections:至少为 1".to_owned());
        }
        if let Err(error) = domain::address::EmailAddress::parse(&self.from) {
            problems.push(format!("  mail.from:{error}"));
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    pub connections: usize,
    pub connect_timeout: Span,
    pub timeout: Span,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outbound {
    pub allow: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InDoubt {
    ResendOnce,
    Hold,
    Resolve,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Push {
    pub cron: String,
    pub daily_cron: String,
    pub monthly_cron: String,
    pub missed_within: Span,
    #[serde(deserialize_with = "time_of_day")]
    pub office_from: NaiveTime,
    #[serde(deserialize_with = "time_of_day")]
    pub office_until: NaiveTime,
    pub lines: usize,
    pub lease: Span,
    pub in_doubt: InDoubt,
    pub in_doubt_after: Span,
}

impl Push {
    pub(super) fn check(&self, problems: &mut Vec<String>) {
        if self.lines == 0 {
            problems.push("  push.lines:至少为 1".to_owned());
        }
        if self.office_from >= self.office_until {
            problems.push("  push.office_from:必须早于 office_until".to_owned());
        }
        if self.lease.millis() < 1_000 {
            problems.push("  push.lease:至少 1s,应长于一次投递的全部时限".to_owned());
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Worker {
    pub tick: Span,
    pub follow: Span,
}

fn zone<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Tz, D::Error> {
    let name = String::deserialize(deserializer)?;
    name.parse().map_err(|_| de::Error::custom(format!("`{name}` 不是时区;例如 Asia/Shanghai")))
}

fn time_of_day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveTime, D::Error> {
    let text = String::deserialize(deserializer)?;
    NaiveTime::parse_from_str(&text, "%H:%M").map_err(|_| de::Error::custom(format!("`{text}` 不是时刻;写作 08:30")))
}
