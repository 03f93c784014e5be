//! Configuration: embedded default, then a file, then `HANQITONG__SECTION__KEY`. Checked as a whole at start.

mod duration;
mod sections;

use std::path::{Path, PathBuf};

use figment::Figment;
use figment::providers::{Env, Format, Toml};
use serde::Deserialize;

pub use sections::{
    Census, City, Data, Database, InDoubt, Log, LogFormat, Mail, Outbound, Push, Security, Server, Transport, Webhook,
    Worker,
};

/// `config/default.toml`: every key, commented.
pub const DEFAULT: &str = include_str!("../../../config/default.toml");

/// The whole configuration, checked.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub data: Data,
    pub database: Database,
    pub city: City,
    pub census: Census,
    pub server: Server,
    pub log: Log,
    pub mail: Mail,
    pub webhook: Webhook,
    pub outbound: Outbound,
    pub push: Push,
    pub worker: Worker,
}

impl Config {
    /// Reads default, file and environment. The error names the key, its source and the remedy, in Chinese.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        let mut figment = Figment::from(Toml::string(DEFAULT));
        if let Some(path) = file {
            if !path.is_file() {
                return Err(ConfigError::NoFile(path.to_owned()));
            }
            figment = figment.merge(Toml::file_exact(path));
        }
        // Lists and numbers in the environment are read as TOML values: HANQITONG__OUTBOUND__ALLOW=["10.0.0.0/8"]
        Self::from_figment(&figment.merge(Env::prefixed("HANQITONG__").split("__")))
    }

    /// The embedded default alone.
    pub fn embedded() -> Result<Self, ConfigError> {
        Self::from_figment(&Figment::from(Toml::string(DEFAULT)))
    }

    fn from_figment(figment: &Figment) -> Result<Self, ConfigError> {
        let config: Self = figment.extract().map_err(|error| ConfigError::Value(describe(error)))?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), ConfigError> {
        let mut problems = Vec::new();
        self.mail.check(&mut problems);
        self.push.check(&mut problems);
        if problems.is_empty() { Ok(()) } else { Err(ConfigError::Value(problems)) }
    }

    /// Address of the database: as configured, else SQLite below `data.dir`.
    pub fn database_url(&self) -> String {
        match self.database.url.as_str() {
            "" => format!("sqlite://{}?mode=rwc", self.data.dir.join("hanqitong.db").display()),
            url => url.to_owned(),
        }
    }

    pub fn index_dir(&self) -> PathBuf {
        self.data.dir.join("index")
    }

    /// The rows of the city in memory, for a quick restart; deleting it loses nothing.
    pub fn census_file(&self) -> PathBuf {
        self.data.dir.join("city.rows")
    }

    pub fn mailbox_dir(&self) -> PathBuf {
        self.data.dir.join("mailbox")
    }

    pub fn receiver_dir(&self) -> PathBuf {
        self.data.dir.join("receiver")
    }

    /// Where links in letters lead.
    pub fn base_url(&self) -> String {
        match self.server.base_url.trim_end_matches('/') {
            "" => format!("http://{}", self.server.bind),
            url => url.to_owned(),
        }
    }
}

/// What is wrong with the configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("配置文件 {} 不存在;请检查 --config 的路径", .0.display())]
    NoFile(PathBuf),
    #[error("配置有误:\n{}", .0.join("\n"))]
    Value(Vec<String>),
}

fn describe(error: figment::Error) -> Vec<String> {
    error
        .into_iter()
        .map(|one| {
            let key = one.path.join(".");
            let source = one.metadata.as_ref().map_or_else(String::new, |metadata| match &metadata.source {
                Some(source) => format!("({source})"),
                None => format!("({})", metadata.name),
            });
            let key = if key.is_empty() { "(顶层)".to_owned() } else { key };
            format!("  {key}{source}:{}", in_chinese(&one.kind))
        })
        .collect()
}

fn in_chinese(kind: &figment::error::Kind) -> String {
    use figment::error::Kind;
    match kind {
        Kind::MissingField(field) => format!("缺少 {field};所有键见 config/default.toml"),
        Kind::UnknownField(field, known) => format!("没有名为 {field} 的键;可用的键:{}", known.join("、")),
        Kind::UnknownVariant(value, known) => format!("不认识 {value};可选:{}", known.join("、")),
        Kind::InvalidType(actual, expected) => format!("类型不对:得到 {actual},应为 {expected}"),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(toml: &str) -> Result<Config, String> {
        let figment = Figment::from(Toml::string(DEFAULT)).merge(Toml::string(toml));
        Config::from_figment(&figment).map_err(|error| error.to_string())
    }

    #[test]
    fn the_embedded_default_is_complete_and_opens_nothing_to_the_outside() {
        let config = Config::embedded().unwrap();
        assert_eq!(config.server.bind.ip(), std::net::Ipv4Addr::LOCALHOST);
        assert!(config.outbound.allow.is_empty());
        assert_eq!(config.base_url(), "http://127.0.0.1:8080");
        assert_eq!(config.database_url(), "sqlite://data/hanqitong.db?mode=rwc");
    }

    #[test]
    fn the_production_example_is_accepted() {
        let config = load(include_str!("../../../config/production.toml")).unwrap();
        assert_eq!(config.mail.port, 587);
    }

    #[test]
    fn a_misspelled_key_is_named_with_the_keys_there_are() {
        let message = load("[push]\ncorn = \"10 9 * * 1\"").unwrap_err();
        assert!(message.contains("push") && message.contains("corn") && message.contains("cron"), "{message}");
    }

    #[test]
    fn a_bad_duration_names_its_key_and_the_form() {
        let message = load("[push]\nlease = \"2 minutes\"").unwrap_err();
        assert!(message.contains("push.lease") && message.contains("15m"), "{message}");
    }

    #[test]
    fn a_relay_without_a_host_is_refused_at_start() {
        let message = load("[mail]\ntransport = \"smtp\"").unwrap_err();
        assert!(message.contains("mail.host"), "{message}");
    }
}
