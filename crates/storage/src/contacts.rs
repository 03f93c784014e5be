//! 联系人, 渠道 and 订阅: who is told, where, and what they asked for.

use std::collections::HashMap;

use domain::{
    Channel, ChannelId, ChannelState, Contact, EnterpriseOrdinal, Instant, Scope, Subscription, SubscriptionId,
};
use rules::Reference;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};

use crate::access::{may_write_for, readable_enterprises};
use crate::changes::{ChangeKind, ROWS_PER_STATEMENT};
use crate::connect::Store;
use crate::entity::{channel, contact, enterprise, subscription, subscription_channel};
use crate::error::Error;
use crate::row::{Row, json, readable, word};
use crate::tx::{Effect, Tx};

/// A live subscription with everything needed to write to its person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    pub subscription: Subscription,
    pub contact: Contact,
    /// Active ones only, in the subscriber's order; empty for a person to be called by a station instead.
    pub channels: Vec<Channel>,
}

impl Store {
    /// Subscriptions that have not ended, by id; pausing is for the reader to judge, who knows the day.
    pub async fn list_recipients(
        &self,
        scope: &Scope,
        after: Option<SubscriptionId>,
        limit: u64,
    ) -> Result<Vec<Recipient>, Error> {
        let past = after.map(|after| subscription::Column::Id.gt(after.to_string()));
        let query = live(scope, self.reference()).filter(Condition::all().add_option(past)).limit(limit);
        recipients(self.reader(), query.all(self.reader()).await?).await
    }

    /// The live subscriptions of one enterprise.
    pub async fn recipients_of(&self, scope: &Scope, enterprise: EnterpriseOrdinal) -> Result<Vec<Recipient>, Error> {
        let query = live(scope, self.reference()).filter(subscription::Column::Enterprise.eq(enterprise.0));
        recipients(self.reader(), query.all(self.reader()).await?).await
    }

    /// The live subscriptions of these enterprises.
    pub async fn recipients_among(
        &self,
        scope: &Scope,
        enterprises: &[EnterpriseOrdinal],
    ) -> Result<Vec<Recipient>, Error> {
        let mut found = Vec::new();
        for some in enterprises.chunks(ROWS_PER_STATEMENT) {
            let among = subscription::Column::Enterprise.is_in(some.iter().map(|ordinal| ordinal.0));
            let query = live(scope, self.reference()).filter(among);
            found.extend(recipients(self.reader(), query.all(self.reader()).await?).await?);
        }
        Ok(found)
    }

    /// The subscription behind an unguessable token: whoever holds it may read and end it, in any scope.
    pub async fn find_subscription_by_token(&self, _scope: &Scope, token: &str) -> Result<Option<Subscription>, Error> {
        let query = subscription::Entity::find().filter(subscription::Column::Token.eq(token));
        let Some(row) = query.one(self.reader()).await? else { return Ok(None) };
        let channels =
            channel_ids(self.reader(), std::slice::from_ref(&row.id)).await?.remove(&row.id).unwrap_or_default();
        decode_subscription(row, &channels).map(Some)
    }

    pub async fn find_channel(&self, scope: &Scope, id: ChannelId) -> Result<Option<Channel>, Error> {
        let Some(row) = channel::Entity::find_by_id(id.to_string()).one(self.reader()).await? else {
            return Ok(None);
        };
        let owner = contact_owner(self.reader(), &row.contact_id).await?;
        if may_write_for(scope, owner) { decode_channel(row).map(Some) } else { Ok(None) }
    }
}

impl Tx {
    pub async fn save_contact(&mut self, scope: &Scope, contact: &Contact) -> Result<Effect, Error> {
        let row = contact::Model {
            id: contact.id.to_string(),
            enterprise: contact.enterprise.map(|ordinal| ordinal.0),
            name: contact.name.clone(),
            role: word("role", contact.role)?,
            basis: word("basis", contact.basis)?,
        };
        let known = contact::Entity::find_by_id(&row.id).lock_exclusive().one(&self.db).await?;
        let held_by = known.as_ref().map(|known| known.enterprise.map(EnterpriseOrdinal));
        if !may_write_for(scope, contact.enterprise) || held_by.is_some_and(|owner| !may_write_for(scope, owner)) {
            return Err(Error::not_found("contact", &contact.id));
        }
        let effect = effect(known.as_ref(), &row);
        match effect {
            Effect::Created => {
                contact::Entity::insert(row.into_active_model()).exec_without_returning(&self.db).await?
            }
            Effect::Changed => update::<contact::Entity>(&self.db, row).await?,
            Effect::Unchanged => 0,
        };
        self.changed_if(effect, ChangeKind::Contact, &contact.id);
        Ok(effect)
    }

    /// Writes a channel. Its state is kept: saving an address book again must not write to somebody who
    /// unsubscribed. A new address is a new start and is active.
    pub async fn save_channel(&mut self, scope: &Scope, channel: &Channel) -> Result<Effect, Error> {
        let contact_id = channel.contact.to_string();
        if !may_write_for(scope, contact_owner(&self.db, &contact_id).await?) {
            return Err(Error::not_found("contact", &channel.contact));
        }
        let known = channel::Entity::find_by_id(channel.id.to_string()).lock_exclusive().one(&self.db).await?;
        if known.as_ref().is_some_and(|known| known.contact_id != contact_id) {
            return Err(Error::not_found("channel", &channel.id));
        }
        let same_address = known.as_ref().filter(|known| known.address == channel.address);
        let (state, cause) = match same_address {
            Some(known) => (known.state.clone(), known.cause.clone()),
            None => (word("channel state", channel.state)?, None),
        };
        let row = channel::Model {
            id: channel.id.to_string(),
            contact_id,
            kind: word("channel kind", channel.kind)?,
            address: channel.address.clone(),
            secret: channel.secret.clone(),
            state,
            cause,
        };
        let effect = effect(known.as_ref(), &row);
        match effect {
            Effect::Created => {
                channel::Entity::insert(row.into_active_model()).exec_without_returning(&self.db).await?
            }
            Effect::Changed => update::<channel::Entity>(&self.db, row).await?,
            Effect::Unchanged => 0,
        };
        self.changed_if(effect, ChangeKind::Channel, &channel.id);
        Ok(effect)
    }

    /// Writes a subscription and its channels in their order. One that has ended stays ended.
    pub async fn save_subscription(&mut self, scope: &Scope, subscription: &Subscription) -> Result<Effect, Error> {
        let owner = contact_owner(&self.db, &subscription.contact.to_string()).await?;
        if !may_write_for(scope, owner) || !may_write_for(scope, subscription.enterprise.or(owner)) {
            return Err(Error::not_found("contact", &subscription.contact));
        }
        let id = subscription.id.to_string();
        let known = subscription::Entity::find_by_id(&id).lock_exclusive().one(&self.db).await?;
        if known.as_ref().is_some_and(|known| known.contact_id != subscription.contact.to_string()) {
            return Err(Error::not_found("subscription", &subscription.id));
        }
        let ended_at = subscription.ended_at.map(|at| at.0);
        let row = subscription::Model {
            id: id.clone(),
            contact_id: subscription.contact.to_string(),
            enterprise: subscription.enterprise.map(|ordinal| ordinal.0),
            topic: json("topic", &subscription.topic)?,
            frequency: word("frequency", subscription.frequency)?,
            express: subscription.express,
            paused_until: subscription.paused_until.map(|at| at.0),
            ended_at: known.as_ref().and_then(|known| known.ended_at).or(ended_at),
            token: subscription.token.clone(),
        };
        let mut effect = effect(known.as_ref(), &row);
        match effect {
            Effect::Created => {
                subscription::Entity::insert(row.into_active_model()).exec_without_returning(&self.db).await?
            }
            Effect::Changed => update::<subscription::Entity>(&self.db, row).await?,
            Effect::Unchanged => 0,
        };
        if self.save_subscription_channels(&id, &subscription.channels).await? && effect == Effect::Unchanged {
            effect = Effect::Changed;
        }
        self.changed_if(effect, ChangeKind::Subscription, &subscription.id);
        Ok(effect)
    }

    async fn save_subscription_channels(&self, id: &str, channels: &[ChannelId]) -> Result<bool, Error> {
        let known = channel_ids(&self.db, &[id.to_owned()]).await?.remove(id).unwrap_or_default();
        let wanted: Vec<String> = channels.iter().map(ToString::to_string).collect();
        if known == wanted {
            return Ok(false);
        }
        let old = subscription_channel::Column::SubscriptionId.eq(id);
        subscription_channel::Entity::delete_many().filter(old).exec(&self.db).await?;
        let rows: Vec<_> = (0..)
            .zip(wanted)
            .map(|(position, channel_id)| subscription_channel::ActiveModel {
                subscription_id: Set(id.to_owned()),
                channel_id: Set(channel_id),
                position: Set(position),
            })
            .collect();
        if !rows.is_empty() {
            subscription_channel::Entity::insert_many(rows).exec_without_returning(&self.db).await?;
        }
        Ok(true)
    }

    /// Ends the subscription of a token, in any scope: one click is enough to be left alone. Returns whether it
    /// was still running; `Ok(None)` when no subscription has this token.
    pub async fn end_subscription(&mut self, _scope: &Scope, token: &str, at: Instant) -> Result<Option<bool>, Error> {
        let query = subscription::Entity::find().filter(subscription::Column::Token.eq(token)).lock_exclusive();
        let Some(row) = query.one(&self.db).await? else { return Ok(None) };
        if row.ended_at.is_some() {
            return Ok(Some(false));
        }
        let id = row.id.clone();
        let ended = subscription::ActiveModel { ended_at: Set(Some(at.0)), ..row.into_active_model() };
        subscription::Entity::update(ended).exec(&self.db).await?;
        self.changed(ChangeKind::Subscription, &id);
        Ok(Some(true))
    }

    /// Stops writing to a channel: `Suppressed` by us with its cause, or `Unsubscribed` by its owner.
    /// Returns whether it was active.
    pub async fn suppress_channel(
        &mut self,
        scope: &Scope,
        id: ChannelId,
        state: ChannelState,
        cause: &str,
    ) -> Result<bool, Error> {
        let row = channel::Entity::find_by_id(id.to_string()).lock_exclusive().one(&self.db).await?;
        let row = row.ok_or_else(|| Error::not_found("channel", &id))?;
        if !may_write_for(scope, contact_owner(&self.db, &row.contact_id).await?) {
            return Err(Error::not_found("channel", &id));
        }
        self.set_channel_state(row, state, Some(cause)).await
    }

    /// The owner returned: the channel may be written to again. Returns whether it was not active.
    pub async fn reopen_channel(&mut self, scope: &Scope, id: ChannelId) -> Result<bool, Error> {
        let row = channel::Entity::find_by_id(id.to_string()).lock_exclusive().one(&self.db).await?;
        let row = row.ok_or_else(|| Error::not_found("channel", &id))?;
        if !may_write_for(scope, contact_owner(&self.db, &row.contact_id).await?) {
            return Err(Error::not_found("channel", &id));
        }
        self.set_channel_state(row, ChannelState::Active, None).await
    }

    pub(crate) async fn set_channel_state(
        &mut self,
        row: channel::Model,
        state: ChannelState,
        cause: Option<&str>,
    ) -> Result<bool, Error> {
        let state = word("channel state", state)?;
        if row.state == state {
            return Ok(false);
        }
        let id = row.id.clone();
        let stopped =
            channel::ActiveModel { state: Set(state), cause: Set(cause.map(str::to_owned)), ..row.into_active_model() };
        channel::Entity::update(stopped).exec(&self.db).await?;
        self.changed(ChangeKind::Channel, &id);
        Ok(true)
    }

    fn changed_if(&mut self, effect: Effect, kind: ChangeKind, id: &(impl ToString + ?Sized)) {
        if effect != Effect::Unchanged {
            self.changed(kind, id);
        }
    }
}

fn effect<M: PartialEq>(known: Option<&M>, row: &M) -> Effect {
    match known {
        None => Effect::Created,
        Some(known) if known == row => Effect::Unchanged,
        Some(_) => Effect::Changed,
    }
}

/// Writes all columns of a known row.
async fn update<E>(db: &impl ConnectionTrait, row: E::Model) -> Result<u64, Error>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: Send,
{
    use sea_orm::ActiveModelTrait;
    E::update(row.into_active_model().reset_all()).exec(db).await?;
    Ok(1)
}

/// The enterprise of a contact; `None` also for a contact that does not exist, which only the system may name.
async fn contact_owner(db: &impl ConnectionTrait, contact_id: &str) -> Result<Option<EnterpriseOrdinal>, Error> {
    let row = contact::Entity::find_by_id(contact_id).one(db).await?;
    Ok(row.and_then(|row| row.enterprise).map(EnterpriseOrdinal))
}

/// Subscriptions not ended that a scope may read: the system all, others those of their enterprises.
fn live(scope: &Scope, reference: &Reference) -> sea_orm::Select<subscription::Entity> {
    let query = subscription::Entity::find()
        .filter(subscription::Column::EndedAt.is_null())
        .order_by_asc(subscription::Column::Id);
    if *scope == Scope::System {
        return query;
    }
    let own = enterprise::Entity::find()
        .select_only()
        .column(enterprise::Column::Ordinal)
        .filter(readable_enterprises(scope, reference))
        .into_query();
    query.filter(subscription::Column::Enterprise.in_subquery(own))
}

async fn recipients(db: &impl ConnectionTrait, rows: Vec<subscription::Model>) -> Result<Vec<Recipient>, Error> {
    let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
    let mut channel_ids = channel_ids(db, &ids).await?;
    let contact_ids: Vec<&str> = rows.iter().map(|row| row.contact_id.as_str()).collect();
    let contacts = contact::Entity::find().filter(contact::Column::Id.is_in(contact_ids)).all(db).await?;
    let contacts: HashMap<String, contact::Model> = contacts.into_iter().map(|row| (row.id.clone(), row)).collect();
    let active = channel::Column::State.eq(word("channel state", ChannelState::Active)?);
    let named: Vec<&str> = channel_ids.values().flatten().map(String::as_str).collect();
    let channels = channel::Entity::find().filter(channel::Column::Id.is_in(named)).filter(active).all(db).await?;
    let channels: HashMap<String, channel::Model> = channels.into_iter().map(|row| (row.id.clone(), row)).collect();
    let joined = rows
        .into_iter()
        .map(|row| {
            let wanted = channel_ids.remove(&row.id).unwrap_or_default();
            let contact = contacts.get(&row.contact_id).cloned();
            let live = wanted.iter().filter_map(|id| channels.get(id).cloned()).collect::<Vec<_>>();
            (row, wanted, contact, live)
        })
        .collect();
    Ok(readable(joined, |(row, wanted, contact, live)| {
        let contact = contact.ok_or_else(|| Error::not_found("contact", &row.contact_id))?;
        Ok(Recipient {
            contact: decode_contact(contact)?,
            channels: live.into_iter().map(decode_channel).collect::<Result<_, _>>()?,
            subscription: decode_subscription(row, &wanted)?,
        })
    }))
}

/// Channel ids of each subscription, in the subscriber's order.
async fn channel_ids(db: &impl ConnectionTrait, ids: &[String]) -> Result<HashMap<String, Vec<String>>, Error> {
    use subscription_channel::Column as C;
    let rows = subscription_channel::Entity::find()
        .filter(C::SubscriptionId.is_in(ids))
        .order_by_asc(C::Position)
        .all(db)
        .await?;
    let mut found: HashMap<String, Vec<String>> = HashMap::new();
    for row in rows {
        found.entry(row.subscription_id).or_default().push(row.channel_id);
    }
    Ok(found)
}

fn decode_contact(row: contact::Model) -> Result<Contact, Error> {
    let place = Row::new("contact", &row.id);
    Ok(Contact {
        id: place.parse("id", &row.id)?,
        enterprise: row.enterprise.map(EnterpriseOrdinal),
        role: place.word("role", &row.role)?,
        basis: place.word("basis", &row.basis)?,
        name: row.name,
    })
}

pub(crate) fn decode_channel(row: channel::Model) -> Result<Channel, Error> {
    let place = Row::new("channel", &row.id);
    Ok(Channel {
        id: place.parse("id", &row.id)?,
        contact: place.parse("contact_id", &row.contact_id)?,
        kind: place.word("kind", &row.kind)?,
        state: place.word("state", &row.state)?,
        address: row.address,
        secret: row.secret,
    })
}

fn decode_subscription(row: subscription::Model, channels: &[String]) -> Result<Subscription, Error> {
    let place = Row::new("subscription", &row.id);
    Ok(Subscription {
        id: place.parse("id", &row.id)?,
        contact: place.parse("contact_id", &row.contact_id)?,
        enterprise: row.enterprise.map(EnterpriseOrdinal),
        topic: place.json("topic", &row.topic)?,
        frequency: place.word("frequency", &row.frequency)?,
        express: row.express,
        channels: channels.iter().map(|id| place.parse("channels", id)).collect::<Result<_, _>>()?,
        paused_until: row.paused_until.map(Instant),
        ended_at: row.ended_at.map(Instant),
        token: row.token,
    })
}
