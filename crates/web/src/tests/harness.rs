//! A small made-up library behind the whole application.

use std::path::PathBuf;
use std::sync::Arc;

use actix_web::body::to_bytes;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderMap, ORIGIN};
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::web::Data;
use chrono_tz::Asia::Shanghai;
use domain::{
    BureauId, Category, ChannelId, Clock, Contact, ContactId, Coverage, Frequency, Instant, Item, Mode, Permission,
    Policy, Role, Scope, Subscription, SubscriptionId, Topic, sample,
};
use rules::{Profile, Reference};
use search::{Area, Dictionary, Document, Entry, Index};
use serde_json::{Value, json};
use storage::{Actor, ApiKey, ItemDraft, PolicyDraft, Store};

use crate::serve::application;
use crate::state::{Demo, Parts, State};

/// 2026-11-23 09:00 in Wuhan.
pub(super) const NOW: Instant = Instant(1_795_395_600_000);
pub(super) const FIRM: &str = "91420100000000000U";
pub(super) const TOKEN: &str = "token-of-the-subscription";
pub(super) const BUREAU_KEY: &str = "hqt_bureau";
pub(super) const READER_KEY: &str = "hqt_reader";
pub(super) const FEEDER_KEY: &str = "hqt_feeder";
pub(super) const OTHER_KEY: &str = "hqt_other_bureau";
const HOST: &str = "hqt.test";

#[derive(Debug)]
struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> Instant {
        NOW
    }
}

/// The application with its store and the files of the demo.
pub(super) struct Site {
    pub(super) state: Data<State>,
    pub(super) mailbox: PathBuf,
    _directory: tempfile::TempDir,
}

/// What came back.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

impl Answer {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    #[track_caller]
    pub(super) fn says(&self, words: &str) {
        assert!(self.body.contains(words), "`{words}` is not in:\n{}", self.body);
    }

    #[track_caller]
    pub(super) fn is_silent_about(&self, words: &str) {
        assert!(!self.body.contains(words), "`{words}` is in:\n{}", self.body);
    }
}

impl Site {
    pub(super) async fn open() -> Self {
        let site = Self::without_index().await;
        site.index().await;
        site
    }

    /// As on the first start: the index is there and was never filled.
    pub(super) async fn without_index() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", directory.path().join("web.db").display());
        migrations::apply(&url).await.unwrap();
        let reference = Arc::new(Reference::builtin().clone());
        let store = Store::connect(&url, 4, Arc::clone(&reference)).await.unwrap();
        fill(&store, &reference).await;
        let index = Index::in_memory(Dictionary::builtin()).unwrap();
        let mailbox = directory.path().join("mailbox");
        let demo = Demo { scope: Scope::System, mailbox: mailbox.clone(), receiver: directory.path().join("receiver") };
        let settings = census::Settings { threads: 2, file: None, limit: None };
        let census = census::Census::new(store.clone(), Arc::clone(&reference), settings);
        let parts = Parts {
            store,
            census,
            index,
            reference,
            clock: Arc::new(Stopped),
            zone: Shanghai,
            city: "武汉市".to_owned(),
            area: "420100".to_owned(),
            base_url: "https://hqt.example.cn".to_owned(),
            as_of: None,
            demo: Some(demo),
            templates: std::collections::BTreeMap::new(),
        };
        Self { state: Data::new(State::new(parts).unwrap()), mailbox, _directory: directory }
    }

    /// Brings the index up to the library, as its follower does.
    pub(super) async fn index(&self) {
        let store = self.state.store();
        let library = store.load_library(&Scope::Public).await.unwrap();
        let areas = vec![Area { code: "420100".to_owned(), name: "武汉市".to_owned() }];
        let documents: Vec<Document> = library
            .policies
            .iter()
            .map(|policy| {
                let items = library.items.iter().filter(|item| item.policy == policy.id);
                Document::new(policy, areas.clone(), items.map(|item| Entry::new(policy, item, &[], None)).collect())
            })
            .collect();
        self.state.parts.index.replace_all(&documents, library.seq).unwrap();
    }

    pub(super) async fn send(&self, request: TestRequest) -> Answer {
        let app = init_service(application(self.state.clone())).await;
        let response = call_service(&app, request.insert_header(("host", HOST)).to_request()).await;
        let (request, response) = response.into_parts();
        drop(request);
        let (status, headers) = (response.status(), response.headers().clone());
        let body = to_bytes(response.into_body())
            .await
            .map_err(Into::into)
            .unwrap_or_else(|error: Box<dyn std::error::Error>| panic!("{error}"));
        Answer { status, headers, body: String::from_utf8_lossy(&body).into_owned() }
    }

    pub(super) async fn get(&self, path: &str) -> Answer {
        self.send(TestRequest::get().uri(path)).await
    }

    pub(super) async fn get_with(&self, path: &str, key: &str) -> Answer {
        self.send(TestRequest::get().uri(path).insert_header(bearer(key))).await
    }

    /// A form posted by one of our own pages.
    pub(super) async fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let origin = (ORIGIN, format!("https://{HOST}"));
        self.send(TestRequest::post().uri(path).insert_header(origin).set_form(fields)).await
    }

    pub(super) async fn post_json(&self, path: &str, body: &Value) -> Answer {
        self.send(TestRequest::post().uri(path).set_json(body)).await
    }

    pub(super) async fn put(&self, path: &str, key: &str, body: &Value) -> Answer {
        self.send(TestRequest::put().uri(path).insert_header(bearer(key)).set_json(body)).await
    }

    pub(super) async fn post_with(&self, path: &str, key: &str) -> Answer {
        self.send(TestRequest::post().uri(path).insert_header(bearer(key))).await
    }
}

pub(super) fn bearer(key: &str) -> (&'static str, String) {
    ("authorization", format!("Bearer {key}"))
}

/// A firm of 洪山区 with 120 万元 of research.
pub(super) fn firm() -> Value {
    json!({ "uscc": FIRM, "name": "示例软件有限公司（合成）", "facts": {
        "place_registered": { "value": "420111", "since": "2020-05-01", "source": "registry" },
        "industry": "I65",
        "rd_expense": { "2025": 1_200_000 },
    }})
}

async fn fill(store: &Store, reference: &Reference) {
    let actor = Actor::new("test");
    let mut tx = store.begin().await.unwrap();
    tx.save_bureau(&Scope::System, "kjj", "示例市科技局", "420100").await.unwrap();
    tx.save_bureau(&Scope::System, "jxj", "示例市经信局", "420100").await.unwrap();
    let policy = policy();
    let draft = PolicyDraft {
        code: policy.code,
        bureau: Some(BureauId::of("kjj")),
        status: policy.status,
        revision: policy.revision,
    };
    tx.save_policy(&Scope::System, draft, &actor, NOW).await.unwrap();
    for item in items() {
        let draft = ItemDraft {
            code: item.code,
            policy: item.policy,
            bureau: Some(BureauId::of("kjj")),
            implements: None,
            status: item.status,
            revision: item.revision,
        };
        tx.save_item(&Scope::System, draft, &actor, NOW).await.unwrap();
    }
    let profile = Profile::from_json(&firm(), reference).unwrap();
    let firm = tx.save_enterprise(&Scope::System, &profile, true, &actor, NOW).await.unwrap().value;
    keys(&mut tx, &actor).await;
    subscribe(&mut tx, firm.ordinal).await;
    tx.commit().await.unwrap();
}

fn policy() -> Policy {
    let mut policy = sample::policy("wh-rd");
    policy.revision.title = "示例市研发投入补贴办法".to_owned();
    policy.revision.summary = "对研发费用达到一定规模的企业给予补贴".to_owned();
    policy.revision.body =
        Some("第一条 为鼓励研发<script>alert(1)</script>\n\n第二条 研发费用不低于 100 万元".to_owned());
    policy
}

fn items() -> Vec<Item> {
    let item = |code: &str, name: &str| {
        let mut item = sample::item(code);
        item.policy = domain::PolicyId::of("wh-rd");
        item.revision.name = name.to_owned();
        item.revision.category = Category::Innovation;
        item.revision.rolling = true;
        item
    };
    let mut full = item("wh-rd-grant", "研发投入补贴");
    full.revision.condition = Some("注册地 属于 武汉市 且 上年度研发费用 >= 100万元".to_owned());
    full.revision.sentences.insert("上年度研发费用 >= 100万元".to_owned(), "第二条 研发费用不低于 100 万元".to_owned());
    full.revision.amount_text = Some("研发费用的 5%，最高 50 万元".to_owned());
    full.revision.guide.who = Some("注册在武汉、上年度研发费用 100 万元以上的企业".to_owned());
    let mut competitive = item("wh-rd-prize", "研发示范企业");
    competitive.revision.mode = Mode::Competitive;
    competitive.revision.quota = Some(30);
    competitive.revision.condition = Some("上年度研发费用 >= 1000万元".to_owned());
    let mut notice = item("wh-rd-notice", "研发平台奖励");
    notice.revision.coverage = Coverage::None;
    vec![full, competitive, notice]
}

async fn keys(tx: &mut storage::Tx, actor: &Actor) {
    let all = [
        (BUREAU_KEY, Permission::WritePolicy, Scope::Bureau(BureauId::of("kjj"))),
        (OTHER_KEY, Permission::WritePolicy, Scope::Bureau(BureauId::of("jxj"))),
        (READER_KEY, Permission::ReadEnterprise, Scope::Area("420100".to_owned())),
        (FEEDER_KEY, Permission::WriteEnterprise, Scope::System),
    ];
    for (secret, permission, scope) in all {
        let key = ApiKey {
            id: String::new(),
            name: secret.to_owned(),
            permissions: [permission].into(),
            scope,
            created_at: NOW,
            expires_at: None,
            revoked_at: None,
        };
        tx.add_api_key(&Scope::System, secret, key, actor, NOW).await.unwrap();
    }
}

async fn subscribe(tx: &mut storage::Tx, enterprise: domain::EnterpriseOrdinal) {
    let contact = ContactId::of("test");
    let person = Contact {
        id: contact,
        enterprise: Some(enterprise),
        name: "示例联系人".to_owned(),
        role: Role::Handler,
        basis: domain::Basis::Subscribed,
    };
    tx.save_contact(&Scope::System, &person).await.unwrap();
    let subscription = Subscription {
        id: SubscriptionId::of("test"),
        contact,
        enterprise: Some(enterprise),
        topic: Topic::Matches,
        frequency: Frequency::Weekly,
        express: true,
        channels: Vec::<ChannelId>::new(),
        paused_until: None,
        ended_at: None,
        token: TOKEN.to_owned(),
    };
    tx.save_subscription(&Scope::System, &subscription).await.unwrap();
}
