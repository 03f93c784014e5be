//! Policies, items and calls: revisions, drafts and owners.

use domain::{ItemId, PolicyId, PolicyStatus, Relation, RelationKind, Scope, sample};
use storage::{Effect, Error, PolicyFilter};

use crate::engines::{Place, on_both_engines};
use crate::material::{NOW, SYSTEM, actor, bureau, item, library, policy};

on_both_engines! {
    a_new_text_makes_a_new_revision_and_an_equal_one_makes_nothing,
    a_policy_comes_back_as_it_was_saved,
    a_draft_is_seen_by_its_bureau_and_nobody_else,
    a_bureau_cannot_write_what_another_owns,
    an_open_item_of_a_suspended_policy_is_hidden_with_it,
    the_amount_and_the_relations_of_an_item_come_back_as_they_were_saved,
    a_past_revision_of_an_item_can_be_read_by_number,
    a_call_keeps_its_revision_when_only_its_status_changes,
    pages_follow_the_code_and_end,
    filters_narrow_and_a_percent_sign_is_only_a_character,
    the_library_is_loaded_without_bodies_and_says_as_of_when,
    an_item_of_an_unknown_policy_is_refused,
    a_row_that_does_not_decode_is_named_and_hides_no_other,
    every_write_to_the_library_is_audited,
}

async fn a_new_text_makes_a_new_revision_and_an_equal_one_makes_nothing(place: &Place) {
    let mut draft = policy("p", None, PolicyStatus::Published);
    let mut effects = Vec::new();
    for title in ["甲", "甲", "乙"] {
        draft.revision.title = title.to_owned();
        let mut tx = place.store.begin().await.unwrap();
        let saved = tx.save_policy(&SYSTEM, draft.clone(), &actor(), NOW).await.unwrap();
        tx.commit().await.unwrap();
        effects.push((saved.effect, saved.value.revision_number));
    }
    assert_eq!(effects, [(Effect::Created, 1), (Effect::Unchanged, 1), (Effect::Changed, 2)]);
    let history = place.store.policy_history(&SYSTEM, PolicyId::of("p")).await.unwrap();
    let titles: Vec<_> = history.iter().map(|one| (one.number, one.content.title.as_str())).collect();
    assert_eq!(titles, [(1, "甲"), (2, "乙")]);
    assert_eq!(place.store.latest_change(&SYSTEM).await.unwrap(), 2, "the equal save entered the feed");
}

async fn a_policy_comes_back_as_it_was_saved(place: &Place) {
    let mut draft = policy("p", None, PolicyStatus::Published);
    draft.revision.body = Some("第一条 为了……\n\n第二条".to_owned());
    draft.revision.valid_until = "2027-12-31".parse().ok();
    draft.revision.document_numbers = vec!["武政规〔2026〕1号".to_owned()];
    let mut tx = place.store.begin().await.unwrap();
    let saved = tx.save_policy(&SYSTEM, draft, &actor(), NOW).await.unwrap().value;
    tx.commit().await.unwrap();
    assert_eq!(place.store.find_policy(&Scope::Public, "p").await.unwrap(), Some(saved.clone()));
    assert_eq!(place.store.find_policy_by_id(&Scope::Public, saved.id).await.unwrap(), Some(saved));
}

async fn the_amount_and_the_relations_of_an_item_come_back_as_they_were_saved(place: &Place) {
    let relation = |kind, items: &[&str]| Relation {
        kind,
        items: items.iter().map(ToString::to_string).collect(),
        cap: (kind == RelationKind::Cap).then(|| "30万元 + 上年度纳税额".to_owned()),
        wording: Some("与另一项累计".to_owned()),
    };
    let mut draft = item("i", "p", None, PolicyStatus::Published);
    let mut effects = Vec::new();
    for (amount, relations) in [
        (None, Vec::new()),
        (Some("上年度研发费用 * 10% 最高 30万元".to_owned()), Vec::new()),
        (Some("上年度研发费用 * 10% 最高 30万元".to_owned()), vec![relation(RelationKind::Cap, &["j"])]),
        (None, vec![relation(RelationKind::Obligation, &[])]),
    ] {
        (draft.revision.amount, draft.revision.relations) = (amount, relations);
        let mut tx = place.store.begin().await.unwrap();
        tx.save_policy(&SYSTEM, policy("p", None, PolicyStatus::Published), &actor(), NOW).await.unwrap();
        let saved = tx.save_item(&SYSTEM, draft.clone(), &actor(), NOW).await.unwrap();
        tx.commit().await.unwrap();
        effects.push((saved.effect, saved.value.revision_number));
        assert_eq!(place.store.find_item(&Scope::Public, "i").await.unwrap(), Some(saved.value));
    }
    let changed = |number| (Effect::Changed, number);
    assert_eq!(effects, [(Effect::Created, 1), changed(2), changed(3), changed(4)]);
}

async fn a_draft_is_seen_by_its_bureau_and_nobody_else(place: &Place) {
    let (own, other) = (bureau(&place.store, "own").await, bureau(&place.store, "other").await);
    let mut tx = place.store.begin().await.unwrap();
    let own_scope = Scope::Bureau(own);
    tx.save_policy(&own_scope, policy("p", None, PolicyStatus::Draft), &actor(), NOW).await.unwrap();
    tx.save_item(&own_scope, item("i", "p", None, PolicyStatus::Draft), &actor(), NOW).await.unwrap();
    tx.save_call(&own_scope, sample::call("i", "1", None, None), &actor(), NOW).await.unwrap();
    tx.commit().await.unwrap();
    let stranger = domain::EnterpriseOrdinal(1);
    let readers = [
        (Scope::System, 1),
        (own_scope, 1),
        (Scope::Bureau(other), 0),
        (Scope::Public, 0),
        (Scope::Enterprise(stranger), 0),
        (Scope::Area("420000".to_owned()), 0),
    ];
    for (scope, seen) in readers {
        let found = place.store.load_library(&scope).await.unwrap();
        assert_eq!((found.policies.len(), found.items.len(), found.calls.len()), (seen, seen, seen), "{scope:?}");
        assert_eq!(place.store.find_policy(&scope, "p").await.unwrap().is_some(), seen == 1, "{scope:?}");
        assert_eq!(place.store.find_item(&scope, "i").await.unwrap().is_some(), seen == 1, "{scope:?}");
        let call = sample::call("i", "1", None, None).id;
        assert_eq!(place.store.find_call(&scope, call).await.unwrap().is_some(), seen == 1, "{scope:?}");
        let history = place.store.policy_history(&scope, PolicyId::of("p")).await.unwrap();
        assert_eq!(history.len(), seen, "{scope:?}");
        let revision = place.store.item_revision(&scope, ItemId::of("i"), 1).await.unwrap();
        assert_eq!(revision.is_some(), seen == 1, "{scope:?}");
    }
}

async fn a_bureau_cannot_write_what_another_owns(place: &Place) {
    let (own, other) = (bureau(&place.store, "own").await, bureau(&place.store, "other").await);
    let mut tx = place.store.begin().await.unwrap();
    tx.save_policy(&SYSTEM, policy("p", Some(own), PolicyStatus::Published), &actor(), NOW).await.unwrap();
    tx.save_item(&SYSTEM, item("i", "p", Some(own), PolicyStatus::Published), &actor(), NOW).await.unwrap();
    tx.commit().await.unwrap();
    for scope in [Scope::Bureau(other), Scope::Public, Scope::Area("420100".to_owned())] {
        let (who, at) = (actor(), NOW);
        let mut tx = place.store.begin().await.unwrap();
        let status = PolicyStatus::Published;
        let refusals = [
            tx.save_policy(&scope, policy("p", Some(other), status), &who, at).await.map(|_| ()),
            tx.save_policy(&scope, policy("p", Some(own), status), &who, at).await.map(|_| ()),
            tx.save_policy(&scope, policy("new", Some(own), status), &who, at).await.map(|_| ()),
            tx.save_item(&scope, item("i", "p", Some(other), status), &who, at).await.map(|_| ()),
            tx.save_item(&scope, item("new", "p", None, status), &who, at).await.map(|_| ()),
            tx.save_call(&scope, sample::call("i", "1", None, None), &who, at).await.map(|_| ()),
            tx.set_policy_status(&scope, PolicyId::of("p"), PolicyStatus::Repealed, &who, at).await.map(|_| ()),
            tx.set_item_status(&scope, ItemId::of("i"), PolicyStatus::Repealed, &who, at).await.map(|_| ()),
        ];
        for refusal in refusals {
            assert!(matches!(refusal, Err(Error::NotFound { .. })), "{scope:?}: {refusal:?}");
        }
    }
    let mut tx = place.store.begin().await.unwrap();
    let repealed = tx
        .set_policy_status(&Scope::Bureau(own), PolicyId::of("p"), PolicyStatus::Repealed, &actor(), NOW)
        .await
        .unwrap();
    assert!(repealed);
}

async fn an_open_item_of_a_suspended_policy_is_hidden_with_it(place: &Place) {
    library(&place.store, &["i"]).await;
    assert!(place.store.find_item(&Scope::Public, "i").await.unwrap().is_some());
    for (status, visible) in [(PolicyStatus::Suspended, false), (PolicyStatus::Repealed, true)] {
        let mut tx = place.store.begin().await.unwrap();
        assert!(tx.set_policy_status(&SYSTEM, PolicyId::of("p"), status, &actor(), NOW).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(place.store.find_item(&Scope::Public, "i").await.unwrap().is_some(), visible, "{status:?}");
    }
}

async fn a_past_revision_of_an_item_can_be_read_by_number(place: &Place) {
    library(&place.store, &["i"]).await;
    let mut draft = item("i", "p", None, PolicyStatus::Published);
    draft.revision.condition = Some("上年度研发费用 >= 100万元".to_owned());
    let mut tx = place.store.begin().await.unwrap();
    assert_eq!(tx.save_item(&SYSTEM, draft, &actor(), NOW).await.unwrap().value.revision_number, 2);
    tx.commit().await.unwrap();
    let condition = |number| {
        let store = place.store.clone();
        async move {
            let revision = store.item_revision(&SYSTEM, ItemId::of("i"), number).await.unwrap();
            revision.map(|revision| revision.condition)
        }
    };
    assert_eq!(condition(1).await, Some(None));
    assert_eq!(condition(2).await, Some(Some("上年度研发费用 >= 100万元".to_owned())));
    assert_eq!(condition(3).await, None);
}

async fn a_call_keeps_its_revision_when_only_its_status_changes(place: &Place) {
    library(&place.store, &["i"]).await;
    let mut call = sample::call("i", "2026-1", Some("2026-12-01"), None);
    let mut numbers = Vec::new();
    for change in ["new", "withdrawn", "longer"] {
        match change {
            "withdrawn" => call.status = domain::CallStatus::Withdrawn,
            "longer" => call.closes_on = "2026-12-31".parse().ok(),
            _ => {}
        }
        let mut tx = place.store.begin().await.unwrap();
        numbers.push(tx.save_call(&SYSTEM, call.clone(), &actor(), NOW).await.unwrap().value.revision_number);
        tx.commit().await.unwrap();
    }
    assert_eq!(numbers, [1, 1, 2]);
    let kept = place.store.list_calls(&Scope::Public, Some(ItemId::of("i"))).await.unwrap();
    assert_eq!(kept, [domain::Call { revision_number: 2, ..call }]);
}

async fn pages_follow_the_code_and_end(place: &Place) {
    let mut tx = place.store.begin().await.unwrap();
    for code in ["c", "a", "e", "b", "d"] {
        tx.save_policy(&SYSTEM, policy(code, None, PolicyStatus::Published), &actor(), NOW).await.unwrap();
    }
    tx.commit().await.unwrap();
    let (mut codes, mut after, mut pages) = (Vec::new(), None, 0);
    loop {
        let page = place.store.list_policies(&Scope::Public, &PolicyFilter::default(), after, 2).await.unwrap();
        codes.extend(page.rows.into_iter().map(|policy| policy.code));
        pages += 1;
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!((codes.concat().as_str(), pages), ("abcde", 3));
}

async fn filters_narrow_and_a_percent_sign_is_only_a_character(place: &Place) {
    let mut tx = place.store.begin().await.unwrap();
    for (code, title, area) in
        [("a", "增长5%奖励", "420111"), ("b", "增长5个点奖励", "420100"), ("c", "SaaS 上云", "430000")]
    {
        let mut draft = policy(code, None, PolicyStatus::Published);
        draft.revision.title = title.to_owned();
        draft.revision.area = area.to_owned();
        tx.save_policy(&SYSTEM, draft, &actor(), NOW).await.unwrap();
    }
    tx.commit().await.unwrap();
    let codes = |filter: PolicyFilter| {
        let store = place.store.clone();
        async move {
            let page = store.list_policies(&Scope::Public, &filter, None, 10).await.unwrap();
            page.rows.into_iter().map(|policy| policy.code).collect::<String>()
        }
    };
    let text = |text: &str| PolicyFilter { text: Some(text.to_owned()), ..PolicyFilter::default() };
    let area = |area: &str| PolicyFilter { area: Some(area.to_owned()), ..PolicyFilter::default() };
    assert_eq!(codes(text("增长5")).await, "ab");
    assert_eq!(codes(text("5%")).await, "a");
    assert_eq!(codes(text("saas")).await, "c");
    assert_eq!(codes(area("420100")).await, "ab");
    assert_eq!(codes(area("420111")).await, "a");
    assert_eq!(codes(area("100000")).await, "abc");
    let level = PolicyFilter { level: Some(domain::Level::National), ..PolicyFilter::default() };
    assert_eq!(codes(level).await, "");
}

async fn the_library_is_loaded_without_bodies_and_says_as_of_when(place: &Place) {
    library(&place.store, &["i", "j"]).await;
    let mut draft = policy("q", None, PolicyStatus::Published);
    draft.revision.body = Some("正文".to_owned());
    let mut tx = place.store.begin().await.unwrap();
    tx.save_policy(&SYSTEM, draft, &actor(), NOW).await.unwrap();
    let seq = tx.commit().await.unwrap();
    let loaded = place.store.load_library(&Scope::Public).await.unwrap();
    assert_eq!(Some(loaded.seq), seq);
    assert_eq!(loaded.items.len(), 2);
    assert!(loaded.policies.iter().all(|policy| policy.revision.body.is_none()));
}

async fn an_item_of_an_unknown_policy_is_refused(place: &Place) {
    let mut tx = place.store.begin().await.unwrap();
    let refused = tx.save_item(&SYSTEM, item("i", "none", None, PolicyStatus::Draft), &actor(), NOW).await;
    assert!(matches!(refused, Err(Error::NotFound { what: "policy", .. })));
}

async fn a_row_that_does_not_decode_is_named_and_hides_no_other(place: &Place) {
    library(&place.store, &["broken", "whole"]).await;
    let broken = ItemId::of("broken").to_string();
    let sql = format!("UPDATE item_revision SET document = '{{' WHERE item_id = '{broken}'");
    crate::engines::execute(&place.url, &sql).await;
    let error = place.store.find_item(&Scope::Public, "broken").await.unwrap_err();
    assert_eq!(error.to_string(), format!("table `item_revision`, column `document`, row `{broken}` does not decode"));
    assert!(std::error::Error::source(&error).is_some());
    let rest = place.store.list_items(&Scope::Public, None).await.unwrap();
    assert_eq!(rest.iter().map(|item| item.code.as_str()).collect::<Vec<_>>(), ["whole"]);
}

async fn every_write_to_the_library_is_audited(place: &Place) {
    library(&place.store, &["i"]).await;
    let entries = place.store.list_audit(&SYSTEM, 0, 10).await.unwrap();
    let acts: Vec<_> = entries.iter().map(|entry| (entry.seq, entry.actor.as_str(), entry.action.as_str())).collect();
    assert_eq!(acts, [(1, "test", "policy.written"), (2, "test", "item.written")]);
}
