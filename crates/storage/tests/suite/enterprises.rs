//! Enterprises: documents, revisions, ordinals and who may see them.

use domain::{EnterpriseOrdinal, Scope};
use rules::Profile;
use storage::{Effect, EnterpriseDraft, Error};

use crate::engines::{Place, execute, on_both_engines};
use crate::material::{NOW, SYSTEM, USCC, actor, enterprise, profile};

on_both_engines! {
    a_profile_comes_back_as_it_was_saved,
    an_equal_profile_makes_no_revision,
    any_past_state_of_a_profile_can_be_rebuilt,
    an_enterprise_sees_and_writes_itself_only,
    an_area_reads_the_enterprises_registered_within_it_and_writes_none,
    pages_read_every_enterprise_once,
    an_ordinal_is_never_used_again,
    a_dropped_write_leaves_nothing,
    many_profiles_are_written_as_one_after_the_other_would_be,
    only_the_system_writes_many_profiles,
    a_stream_reads_every_enterprise_once_in_order_and_the_feed_tells_the_rest,
}

async fn a_profile_comes_back_as_it_was_saved(place: &Place) {
    let saved = enterprise(&place.store, &profile(USCC[0], 12_345_678, "420111")).await;
    assert_eq!(place.store.find_enterprise(&SYSTEM, USCC[0]).await.unwrap(), Some(saved.clone()));
    assert_eq!(place.store.find_enterprise_by_ordinal(&SYSTEM, saved.ordinal).await.unwrap(), Some(saved));
    assert_eq!(place.store.find_enterprise(&SYSTEM, USCC[1]).await.unwrap(), None);
}

async fn an_equal_profile_makes_no_revision(place: &Place) {
    let profile = profile(USCC[0], 1, "420111");
    enterprise(&place.store, &profile).await;
    let mut tx = place.store.begin().await.unwrap();
    let again = tx.save_enterprise(&SYSTEM, &profile, true, &actor(), NOW).await.unwrap();
    assert_eq!((again.effect, again.value.revision), (Effect::Unchanged, 1));
    assert_eq!(tx.commit().await.unwrap(), None);
}

async fn any_past_state_of_a_profile_can_be_rebuilt(place: &Place) {
    let mut states: Vec<Profile> = Vec::new();
    for (revenue, area) in [(100, "420111"), (250, "420111"), (250, "420106"), (70, "420103")] {
        let mut next = profile(USCC[0], revenue, area);
        if states.len() == 2 {
            next.facts.remove(&rules::FactKey::from("revenue"));
        }
        enterprise(&place.store, &next).await;
        states.push(next);
    }
    for (revision, state) in (1..).zip(states) {
        let then = place.store.enterprise_at(&SYSTEM, USCC[0], revision).await.unwrap().unwrap();
        assert_eq!((then.revision, then.profile), (revision, state));
    }
    assert_eq!(place.store.enterprise_at(&SYSTEM, USCC[0], 5).await.unwrap(), None);
    assert_eq!(place.store.enterprise_at(&SYSTEM, USCC[0], 0).await.unwrap(), None);
    let ordinal = place.store.find_enterprise(&SYSTEM, USCC[0]).await.unwrap().unwrap().ordinal;
    let history = place.store.enterprise_history(&SYSTEM, ordinal).await.unwrap();
    assert_eq!(history.len(), 4);
    assert_eq!(history[2].content["unset"], serde_json::json!(["facts/revenue"]));
}

async fn an_enterprise_sees_and_writes_itself_only(place: &Place) {
    let own = enterprise(&place.store, &profile(USCC[0], 1, "420111")).await;
    enterprise(&place.store, &profile(USCC[1], 1, "420111")).await;
    let scope = Scope::Enterprise(own.ordinal);
    assert!(place.store.find_enterprise(&scope, USCC[0]).await.unwrap().is_some());
    assert!(place.store.find_enterprise(&scope, USCC[1]).await.unwrap().is_none());
    assert!(place.store.enterprise_at(&scope, USCC[1], 1).await.unwrap().is_none());
    assert_eq!(place.store.page_enterprises(&scope, None, 10).await.unwrap().len(), 1);
    let mut tx = place.store.begin().await.unwrap();
    tx.save_enterprise(&scope, &profile(USCC[0], 2, "420111"), true, &actor(), NOW).await.unwrap();
    for foreign in [USCC[1], USCC[2]] {
        let refused = tx.save_enterprise(&scope, &profile(foreign, 2, "420111"), true, &actor(), NOW).await;
        assert!(matches!(refused, Err(Error::NotFound { what: "enterprise", .. })), "{refused:?}");
    }
    for blind in [Scope::Public, Scope::Bureau(domain::BureauId::of("b"))] {
        assert!(place.store.find_enterprise(&blind, USCC[0]).await.unwrap().is_none());
        assert_eq!(place.store.count_enterprises(&blind).await.unwrap(), 0);
    }
}

async fn an_area_reads_the_enterprises_registered_within_it_and_writes_none(place: &Place) {
    for (uscc, area) in USCC.into_iter().zip(["420111", "420106", "430000"]) {
        enterprise(&place.store, &profile(uscc, 1, area)).await;
    }
    for (area, seen) in
        [("420111", 1), ("420100", 2), ("420000", 2), ("430000", 1), ("100000", 3), ("110000", 0), ("%", 0)]
    {
        let scope = Scope::Area(area.to_owned());
        assert_eq!(place.store.page_enterprises(&scope, None, 10).await.unwrap().len(), seen, "{area}");
        assert_eq!(place.store.count_enterprises(&scope).await.unwrap(), seen as u64, "{area}");
    }
    let mut tx = place.store.begin().await.unwrap();
    let scope = Scope::Area("420111".to_owned());
    let refused = tx.save_enterprise(&scope, &profile(USCC[0], 2, "420111"), true, &actor(), NOW).await;
    assert!(matches!(refused, Err(Error::NotFound { .. })));
}

async fn pages_read_every_enterprise_once(place: &Place) {
    for uscc in USCC {
        enterprise(&place.store, &profile(uscc, 1, "420111")).await;
    }
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = place.store.page_enterprises(&SYSTEM, after, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.ordinal);
        seen.extend(page.into_iter().map(|enterprise| enterprise.profile.uscc));
    }
    assert_eq!(seen, USCC);
}

async fn an_ordinal_is_never_used_again(place: &Place) {
    let first = enterprise(&place.store, &profile(USCC[0], 1, "420111")).await.ordinal;
    let gone = enterprise(&place.store, &profile(USCC[1], 1, "420111")).await.ordinal;
    for table in ["profile_change WHERE enterprise", "enterprise WHERE ordinal"] {
        execute(&place.url, &format!("DELETE FROM {table} = {}", gone.0)).await;
    }
    let next = enterprise(&place.store, &profile(USCC[2], 1, "420111")).await.ordinal;
    assert!(first < gone && gone < next, "{first:?} {gone:?} {next:?}");
    assert_eq!(place.store.find_enterprise_by_ordinal(&SYSTEM, EnterpriseOrdinal(gone.0)).await.unwrap(), None);
}

async fn a_dropped_write_leaves_nothing(place: &Place) {
    let mut tx = place.store.begin().await.unwrap();
    tx.save_enterprise(&SYSTEM, &profile(USCC[0], 1, "420111"), true, &actor(), NOW).await.unwrap();
    drop(tx);
    assert!(place.store.find_enterprise(&SYSTEM, USCC[0]).await.unwrap().is_none());
    assert_eq!(place.store.latest_change(&SYSTEM).await.unwrap(), 0);
    enterprise(&place.store, &profile(USCC[0], 1, "420111")).await;
}

/// A valid code of a made-up registrar.
fn code(number: usize) -> String {
    rules::uscc::complete(&format!("91420199MA{number:07}")).unwrap()
}

fn drafts(revenues: impl IntoIterator<Item = (usize, i64)>, synthetic: Option<bool>) -> Vec<EnterpriseDraft> {
    let draft = |(number, revenue)| {
        EnterpriseDraft::new(&profile(&code(number), revenue, "420111"), synthetic, rules::Reference::builtin())
    };
    revenues.into_iter().map(draft).collect()
}

/// Takes the figures of the new statement and keeps what it does not mention.
fn merge(mut known: Profile, new: Profile) -> Profile {
    known.facts.extend(new.facts);
    known
}

async fn save_many(place: &Place, drafts: Vec<EnterpriseDraft>) -> Vec<Effect> {
    let mut tx = place.store.begin().await.unwrap();
    let effects = tx.save_enterprises(&SYSTEM, drafts, merge, &actor(), NOW).await.unwrap();
    tx.commit().await.unwrap();
    effects
}

/// More than two statements of rows, so that what is done piece by piece is seen.
const MANY: usize = 1_203;

async fn many_profiles_are_written_as_one_after_the_other_would_be(place: &Place) {
    let effects = save_many(place, drafts((0..MANY).map(|number| (number, 100)), Some(true))).await;
    assert_eq!(effects, vec![Effect::Created; MANY]);
    assert_eq!(place.store.latest_change(&SYSTEM).await.unwrap(), i64::try_from(MANY).unwrap());

    // Again: every third with another figure, and some new ones. Nothing is said of being made up.
    let next = (0..MANY + 5).map(|number| (number, if number % 3 == 0 { 250 } else { 100 }));
    let effects = save_many(place, drafts(next, None)).await;
    for (number, effect) in effects.iter().enumerate() {
        let expected = match number {
            MANY.. => Effect::Created,
            number if number % 3 == 0 => Effect::Changed,
            _ => Effect::Unchanged,
        };
        assert_eq!(*effect, expected, "{number}");
    }
    let changed = MANY.div_ceil(3) + 5;
    assert_eq!(place.store.latest_change(&SYSTEM).await.unwrap(), i64::try_from(MANY + changed).unwrap());

    for (number, revision) in [(0, 2), (1, 1), (600, 2), (MANY + 1, 1)] {
        let found = place.store.find_enterprise(&SYSTEM, &code(number)).await.unwrap().unwrap();
        let alone = profile(&code(number), if number % 3 == 0 { 250 } else { 100 }, "420111");
        assert_eq!((found.revision, &found.profile, found.synthetic), (revision, &alone, number < MANY), "{number}");
        let first = place.store.enterprise_at(&SYSTEM, &code(number), 1).await.unwrap().unwrap();
        let then = profile(&code(number), if number < MANY || number % 3 != 0 { 100 } else { 250 }, "420111");
        assert_eq!(first.profile, then);
        let history = place.store.enterprise_history(&SYSTEM, found.ordinal).await.unwrap();
        assert_eq!(i64::try_from(history.len()).unwrap(), revision);
    }
}

async fn only_the_system_writes_many_profiles(place: &Place) {
    let mut tx = place.store.begin().await.unwrap();
    for scope in [Scope::Public, Scope::Area("420111".to_owned()), Scope::Enterprise(EnterpriseOrdinal(1))] {
        let refused = tx.save_enterprises(&scope, drafts([(1, 1)], None), merge, &actor(), NOW).await;
        assert!(matches!(refused, Err(Error::OutOfScope { .. })), "{refused:?}");
    }
}

async fn a_stream_reads_every_enterprise_once_in_order_and_the_feed_tells_the_rest(place: &Place) {
    let mut empty = place.store.stream_enterprises(&SYSTEM, None).await.unwrap();
    assert!((empty.seq, empty.count) == (0, 0) && empty.next().await.is_none());

    save_many(place, drafts((0..MANY).map(|number| (number, 100)), None)).await;
    let paged = place.store.page_enterprises(&SYSTEM, None, 10_000).await.unwrap();
    let gone = paged[700].ordinal;
    for table in ["profile_change WHERE enterprise", "enterprise WHERE ordinal"] {
        execute(&place.url, &format!("DELETE FROM {table} = {}", gone.0)).await;
    }
    let paged = place.store.page_enterprises(&SYSTEM, None, 10_000).await.unwrap();
    let mut stream = place.store.stream_enterprises(&SYSTEM, None).await.unwrap();
    assert_eq!((stream.seq, stream.count), (i64::try_from(MANY).unwrap(), MANY as u64 - 1));
    // Written while the stream is read: the feed behind `seq` tells of it, whether it was read or not.
    save_many(place, drafts([(9_999, 1)], None)).await;
    assert_eq!(place.store.changes_after(&SYSTEM, stream.seq, 10).await.unwrap().len(), 1);
    let mut read = Vec::new();
    while let Some(page) = stream.next().await {
        read.extend(page.unwrap());
    }
    read.truncate(paged.len());
    assert_eq!(read, paged);

    let mut rest = place.store.stream_enterprises(&SYSTEM, Some(paged[1_000].ordinal)).await.unwrap();
    let first = rest.next().await.unwrap().unwrap();
    assert_eq!(first.first(), Some(&paged[1_001]));
    let mut none = place.store.stream_enterprises(&Scope::Public, None).await.unwrap();
    while let Some(page) = none.next().await {
        assert_eq!(page.unwrap(), []);
    }
}
