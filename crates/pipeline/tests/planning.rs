//! Planning and listing by columns tell exactly what they would pair by pair.

#![expect(clippy::unwrap_used, reason = "a test that cannot set up should fail")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use census::{Census, Library};
use chrono::NaiveDate;
use delivery::{Hooks, MailTransport, Mailer};
use domain::planning::{Candidate, Slot, plan};
use domain::quiet::OfficeHours;
use domain::url_policy::UrlPolicy;
use domain::{
    Basis, Channel, ChannelId, ChannelKind, ChannelState, Clock, Contact, ContactId, Coverage, Enterprise, Frequency,
    Instant, ItemId, PolicyId, PolicyStatus, Role, RunKind, Scope, Standing, Subscription, SubscriptionId, Told, Topic,
    sample,
};
use pipeline::ingest::{embedded, load_seeds, store_seeds};
use pipeline::{Context, Crons, Settings, planning};
use rules::Reference;
use storage::{Actor, ItemDraft, Store};

const FIRMS: u32 = 60;

#[derive(Debug)]
struct Noon;

impl Clock for Noon {
    fn now(&self) -> Instant {
        Instant(1_795_406_400_000)
    }
}

fn settings() -> Settings {
    let time = |hour| chrono::NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
    Settings {
        zone: chrono_tz::Asia::Shanghai,
        base_url: "https://hqt.example.cn".to_owned(),
        sender: "汉企通".to_owned(),
        as_of: None,
        crons: Crons { daily: "10 9 * * *".into(), weekly: "10 9 * * 1".into(), monthly: "10 9 1 * *".into() },
        missed_within_millis: 0,
        office_hours: OfficeHours { from: time(9), until: time(17) },
        lines: usize::MAX,
        lease_millis: 1,
        in_doubt: storage::InDoubt::Hold,
        mail_connections: 1,
        webhook_connections: 1,
    }
}

async fn context(url: &str, dir: &std::path::Path) -> Context {
    migrations::apply(url).await.unwrap();
    let reference = Arc::new(Reference::builtin().clone());
    let store = Store::connect(url, 4, Arc::clone(&reference)).await.unwrap();
    let client =
        outbound::Outbound::new(UrlPolicy::new(Vec::new()), outbound::Limits::default(), &outbound::Trust::builtin());
    Context {
        census: Census::new(
            store.clone(),
            Arc::clone(&reference),
            census::Settings { threads: 2, file: None, limit: None },
        ),
        index: search::Index::open(&dir.join("index"), search::Dictionary::builtin()).unwrap().index,
        letters: Arc::new(letters::Letters::new(&BTreeMap::new()).unwrap()),
        mailer: Arc::new(Mailer::new("hqt@example.cn", &MailTransport::Mailbox(dir.to_owned())).unwrap()),
        hooks: Arc::new(Hooks::new(client.unwrap())),
        clock: Arc::new(Noon),
        settings: Arc::new(settings()),
        stopping: Arc::new(AtomicBool::new(false)),
        store,
        reference,
    }
}

/// The seeds with open calls, and firms that want to hear of them; a condition with a promise makes some 基本符合.
async fn found_city(cx: &Context) -> Vec<(Subscription, Enterprise)> {
    let seeds = load_seeds(embedded().iter().copied(), &cx.reference).unwrap();
    store_seeds(&cx.store, &seeds, &Actor::new("test"), cx.now()).await.unwrap();
    pipeline::demo::open_calls(cx, cx.today()).await.unwrap();
    let mut tx = cx.store.begin().await.unwrap();
    let mut revision = sample::item("promise").revision;
    revision.condition = Some("独立法人 为 是 且 承诺「不裁员」".to_owned());
    revision.rolling = true;
    let policy = PolicyId::of(&seeds.policies[0].code);
    let draft = ItemDraft {
        code: "promise".to_owned(),
        policy,
        bureau: None,
        implements: None,
        status: PolicyStatus::Published,
        revision,
    };
    tx.save_item(&Scope::System, draft, &Actor::new("test"), cx.now()).await.unwrap();
    let mut city = Vec::new();
    for (number, profile) in domain::synthetic::enterprises(7, FIRMS, cx.today()).enumerate() {
        let saved = tx.save_enterprise(&Scope::System, &profile, true, &Actor::new("test"), cx.now()).await.unwrap();
        let name = format!("甲{number}");
        let id = ContactId::of(&name);
        let contact =
            Contact { id, enterprise: Some(saved.value.ordinal), name, role: Role::Handler, basis: Basis::Subscribed };
        let channel = Channel {
            id: ChannelId::of(&contact.name),
            contact: id,
            kind: ChannelKind::Email,
            address: format!("a{number}@example.com"),
            secret: None,
            state: ChannelState::Active,
        };
        let subscription = Subscription {
            id: SubscriptionId::of(&contact.name),
            contact: id,
            enterprise: contact.enterprise,
            topic: Topic::Matches,
            frequency: Frequency::Weekly,
            express: true,
            channels: vec![channel.id],
            paused_until: None,
            ended_at: None,
            token: format!("token-{number}"),
        };
        tx.save_contact(&Scope::System, &contact).await.unwrap();
        tx.save_channel(&Scope::System, &channel).await.unwrap();
        tx.save_subscription(&Scope::System, &subscription).await.unwrap();
        city.push((subscription, saved.value));
    }
    tx.commit().await.unwrap();
    city
}

/// The keys of everything each firm should be told, judged pair by pair.
fn expected(cx: &Context, library: &Library, city: &[(Subscription, Enterprise)]) -> BTreeSet<String> {
    let (day, mut keys) = (cx.today(), BTreeSet::new());
    for (subscription, enterprise) in city {
        let matches = library.matcher.match_all(&enterprise.profile, &cx.reference, day);
        let candidates = matches.into_iter().map(|found| Candidate {
            item: found.entry.item.id,
            item_revision: found.entry.item.revision_number,
            policy_revision: found.entry.policy.revision_number,
            implements: found.entry.item.implements,
            standing: found.standing,
            window: found.window,
            in_area: false,
            rule_changed: false,
            turned: false,
        });
        let slot = Slot { kind: RunKind::Weekly, day, urgent_before: day };
        let lines = plan(subscription, &candidates.collect::<Vec<_>>(), &Told::default(), &slot);
        keys.extend(lines.into_iter().flat_map(|line| line.keys).map(|key| key.to_string()));
    }
    keys
}

async fn tells_what_pairs_tell(url: &str) {
    let dir = tempfile::tempdir().unwrap();
    let cx = context(url, dir.path()).await;
    let city = found_city(&cx).await;
    let library = Library::load(&cx.store, &cx.reference).await.unwrap();
    let expected = expected(&cx, &library, &city);
    assert!(expected.len() > usize::try_from(FIRMS).unwrap(), "{} lines show little", expected.len());
    let report = planning::run(&cx, RunKind::Weekly, cx.today(), cx.now()).await.unwrap();
    assert_eq!(report.recipients, city.len());
    let ids: Vec<SubscriptionId> = city.iter().map(|(subscription, _)| subscription.id).collect();
    let claimed = cx.store.ledger_keys(&Scope::System, &ids).await.unwrap();
    // Whether a notice whose condition is not fully recorded concerns a place is no matter of columns.
    let full = library.matcher.entries().iter().filter(|entry| entry.item.revision.coverage == Coverage::Full);
    let full: BTreeSet<ItemId> = full.map(|entry| entry.item.id).collect();
    let told = claimed.into_iter().filter(|key| key.item.is_some_and(|item| full.contains(&item)));
    let told: BTreeSet<String> = told.map(|key| key.to_string()).collect();
    let differ: Vec<&String> = told.symmetric_difference(&expected).collect();
    assert!(differ.is_empty(), "{differ:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn planning_by_columns_tells_what_pairs_tell_on_sqlite() {
    let dir = tempfile::tempdir().unwrap();
    tells_what_pairs_tell(&format!("sqlite://{}", dir.path().join("hanqitong.db").display())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn planning_by_columns_tells_what_pairs_tell_on_postgresql() {
    let Some(database) = cluster::database() else { return };
    tells_what_pairs_tell(database.url()).await;
}

#[test]
fn the_day_of_the_test_is_an_ordinary_one() {
    let day: NaiveDate = Noon.now().day(chrono_tz::Asia::Shanghai);
    assert_eq!(domain::turn::turned_on(day), None, "{day}: what only the year brings would be held");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_list_to_call_holds_exactly_those_an_explanation_has_something_to_say_to() {
    let dir = tempfile::tempdir().unwrap();
    let cx = context(&format!("sqlite://{}", dir.path().join("hanqitong.db").display()), dir.path()).await;
    let city = found_city(&cx).await;
    let library = Library::load(&cx.store, &cx.reference).await.unwrap();
    let mut seen = BTreeSet::new();
    for entry in library.matcher.entries() {
        let mut listed = BTreeMap::new();
        let count = pipeline::listing::list(&cx, &entry.item.code, |row| {
            listed.insert(row.uscc.clone(), row);
            Ok(())
        });
        assert_eq!(count.await.unwrap(), Some(listed.len()), "{}", entry.item.code);
        for (_, enterprise) in city.iter().filter(|_| entry.rule.is_some()) {
            let standing = entry.explain(&enterprise.profile, &cx.reference, cx.today()).standing;
            let is_listed = !matches!(standing, Standing::NotMet | Standing::NotOpen);
            let row = listed.get(&enterprise.profile.uscc);
            assert_eq!(row.map(|row| row.standing), is_listed.then_some(standing), "{}", entry.item.code);
            let Some(row) = row else { continue };
            seen.insert(standing);
            assert_eq!(row.reached_by, BTreeSet::from([ChannelKind::Email]));
            assert!(!row.place.is_empty() && (standing != Standing::Near || !row.gaps.is_empty()), "{row:?}");
            assert!(standing != Standing::AlmostMet || !row.missing.is_empty(), "{row:?}");
        }
    }
    let expected = [Standing::Met, Standing::AlmostMet, Standing::Near, Standing::MissingInformation];
    assert!(expected.iter().all(|standing| seen.contains(standing)), "only {seen:?} occurred");
    assert_eq!(pipeline::listing::list(&cx, "none", |_| Ok(())).await.unwrap(), None);
}
