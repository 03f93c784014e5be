//! Wiring: configuration becomes the parts that the commands work with.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::Context as _;
use census::Census;
use chrono::NaiveDate;
use delivery::{Hooks, Login, MailTransport, Mailer, SmtpSettings};
use domain::quiet::OfficeHours;
use domain::url_policy::UrlPolicy;
use ipnet::IpNet;
use letters::Letters;
use outbound::{Limits, Outbound, Trust};
use pipeline::{Context, Crons, Settings};
use rules::Reference;
use search::{Dictionary, Index};
use storage::Store;

use crate::clock::SystemClock;
use crate::config::Config;
use crate::config::{InDoubt, Mail, Security, Transport};
use crate::failure::Failure;

/// Connections to the database; SQLite takes them as readers.
const CONNECTIONS: u32 = 8;

/// What a command may need beyond the configuration.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Options {
    /// Replaces the day of evaluation.
    pub(crate) as_of: Option<NaiveDate>,
    /// The built-in webhook receiver of the demo is on this machine: let webhooks reach the loopback.
    pub(crate) reach_loopback: bool,
}

/// Connects to a database whose schema is current.
pub(crate) async fn open(config: &Config, options: Options) -> Result<Context, Failure> {
    let reference = reference();
    let store = connect(config, Arc::clone(&reference)).await?;
    let index = index(config)?;
    let outbound = guarded_client(config, options)?;
    let settings = settings(config, options.as_of);
    pipeline::scheduler::check(&settings).map_err(|error| match error.for_user() {
        Some(message) => Failure::bad_input(message),
        None => Failure::from(error),
    })?;
    let census = Census::new(
        store.clone(),
        Arc::clone(&reference),
        census::Settings { threads: threads(), file: Some(config.census_file()), limit: config.census.limit() },
    );
    Ok(Context {
        store,
        census,
        index,
        reference,
        letters: Arc::new(Letters::new(&std::collections::BTreeMap::new())?),
        mailer: Arc::new(mailer(config)?),
        hooks: Arc::new(Hooks::new(outbound)),
        clock: Arc::new(SystemClock),
        settings: Arc::new(settings),
        stopping: Arc::new(AtomicBool::new(false)),
    })
}

/// Threads a question about everybody may take.
fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// The reference data of this installation.
pub(crate) fn reference() -> Arc<Reference> {
    Arc::new(Reference::builtin().clone())
}

/// Connects and refuses a schema that is older or newer than this program.
async fn connect(config: &Config, reference: Arc<Reference>) -> Result<Store, Failure> {
    crate::command::migrate::require_current(config).await?;
    let url = config.database_url();
    Ok(Store::connect(&url, CONNECTIONS, reference)
        .await
        .context("数据库连不上;请检查 database.url 与数据库是否在运行")?)
}

fn index(config: &Config) -> Result<Index, Failure> {
    let opened = Index::open(&config.index_dir(), Dictionary::builtin())?;
    if let Some(trouble) = opened.trouble {
        tracing::warn!(error = %trouble, "the index is made anew");
    }
    Ok(opened.index)
}

fn guarded_client(config: &Config, options: Options) -> Result<Outbound, Failure> {
    let mut allow = config.outbound.allow.clone();
    if options.reach_loopback {
        allow.push("127.0.0.0/8".to_owned());
    }
    let bad = |text: &String| Failure::bad_input(format!("outbound.allow:`{text}` 不是网段;写作 10.0.0.0/8"));
    let allow = allow.iter().map(|text| text.parse().map_err(|_| bad(text))).collect::<Result<Vec<IpNet>, _>>()?;
    let limits =
        Limits { connect: config.webhook.connect_timeout.0, total: config.webhook.timeout.0, ..Limits::default() };
    Ok(Outbound::new(UrlPolicy::new(allow), limits, &Trust::builtin())?)
}

fn mailer(config: &Config) -> Result<Mailer, Failure> {
    let mail = &config.mail;
    let transport = match mail.transport {
        Transport::Mailbox => MailTransport::Mailbox(config.mailbox_dir()),
        Transport::Smtp => MailTransport::Smtp(Box::new(relay(mail)?)),
    };
    Ok(Mailer::new(&mail.from, &transport)?)
}

fn relay(mail: &Mail) -> Result<SmtpSettings, Failure> {
    let security = match mail.security {
        Security::None => delivery::Security::None,
        Security::Starttls => delivery::Security::StartTls,
        Security::Tls => delivery::Security::Tls,
    };
    let mut settings = SmtpSettings::new(&mail.host, mail.port, security);
    settings.sessions = mail.connections;
    if !mail.username.is_empty() {
        let password = read(&mail.password_file, "mail.password_file")?;
        let password = String::from_utf8_lossy(&password).trim_end_matches(['\r', '\n']).to_owned();
        settings.login = Some(Login { username: mail.username.clone(), password });
    }
    if !mail.root_file.as_os_str().is_empty() {
        settings.trust = Trust::with_pem(&read(&mail.root_file, "mail.root_file")?)?;
    }
    Ok(settings)
}

fn read(file: &Path, key: &str) -> Result<Vec<u8>, Failure> {
    std::fs::read(file).map_err(|error| Failure::bad_input(format!("{key}:读不了 {}({error})", file.display())))
}

fn settings(config: &Config, as_of: Option<NaiveDate>) -> Settings {
    let push = &config.push;
    Settings {
        zone: config.city.zone,
        base_url: config.base_url(),
        sender: config.city.sender.clone(),
        as_of,
        crons: Crons { daily: push.daily_cron.clone(), weekly: push.cron.clone(), monthly: push.monthly_cron.clone() },
        missed_within_millis: push.missed_within.millis(),
        office_hours: OfficeHours { from: push.office_from, until: push.office_until },
        lines: push.lines,
        lease_millis: push.lease.millis(),
        in_doubt: match push.in_doubt {
            InDoubt::ResendOnce => storage::InDoubt::ResendOnce { after_millis: push.in_doubt_after.millis() },
            InDoubt::Hold => storage::InDoubt::Hold,
            InDoubt::Resolve => storage::InDoubt::Resolve,
        },
        mail_connections: config.mail.connections,
        webhook_connections: config.webhook.connections,
    }
}

/// The pages and the API over the same parts.
pub(crate) fn pages(config: &Config, cx: &Context, demo: Option<web::Demo>) -> Result<web::State, Failure> {
    let parts = web::Parts {
        store: cx.store.clone(),
        census: cx.census.clone(),
        index: cx.index.clone(),
        reference: Arc::clone(&cx.reference),
        clock: Arc::clone(&cx.clock),
        zone: config.city.zone,
        city: config.city.name.clone(),
        area: config.city.area.clone(),
        base_url: config.base_url(),
        as_of: cx.settings.as_of,
        demo,
        templates: std::collections::BTreeMap::new(),
    };
    Ok(web::State::new(parts)?)
}

/// What a demo run shows besides the library: its mailbox and its webhook receiver.
pub(crate) fn demo_pages(config: &Config) -> web::Demo {
    web::Demo { scope: domain::Scope::System, mailbox: config.mailbox_dir(), receiver: config.receiver_dir() }
}
