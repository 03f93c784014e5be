//! API keys: who may do what, and within which scope. Only the SHA-256 of a key is kept.

use std::collections::BTreeSet;

use domain::{BureauId, EnterpriseOrdinal, Instant, Permission, Scope};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::access::system_only;
use crate::connect::Store;
use crate::entity::api_key;
use crate::error::Error;
use crate::row::{Row, json, readable, sha256};
use crate::tx::{Actor, Tx};

/// A key as known here; the secret itself is with its holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Short and public, for lists and the audit.
    pub id: String,
    pub name: String,
    pub permissions: BTreeSet<Permission>,
    pub scope: Scope,
    pub created_at: Instant,
    pub expires_at: Option<Instant>,
    pub revoked_at: Option<Instant>,
}

/// A scope as stored.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredScope {
    Public,
    Enterprise(EnterpriseOrdinal),
    Bureau(BureauId),
    Area(String),
    System,
}

impl Store {
    /// The live key of this secret. This is how a caller gets a scope, so it takes none.
    pub async fn find_api_key(&self, secret: &str, now: Instant) -> Result<Option<ApiKey>, Error> {
        let query = api_key::Entity::find().filter(api_key::Column::KeyHash.eq(sha256(secret)));
        let Some(row) = query.one(self.reader()).await? else { return Ok(None) };
        let live = row.revoked_at.is_none() && row.expires_at.is_none_or(|end| now.0 < end);
        if live { decode(row).map(Some) } else { Ok(None) }
    }

    /// Every key ever made, by name.
    pub async fn list_api_keys(&self, scope: &Scope) -> Result<Vec<ApiKey>, Error> {
        system_only(scope, "manage API keys")?;
        let query = api_key::Entity::find().order_by_asc(api_key::Column::Name).order_by_asc(api_key::Column::Id);
        Ok(readable(query.all(self.reader()).await?, decode))
    }
}

impl Tx {
    /// Makes a key. `secret` must come from a secure random source; only its hash is kept. `id`, `created_at` and
    /// `revoked_at` of `key` are set here.
    pub async fn add_api_key(
        &mut self,
        scope: &Scope,
        secret: &str,
        key: ApiKey,
        actor: &Actor,
        at: Instant,
    ) -> Result<ApiKey, Error> {
        system_only(scope, "manage API keys")?;
        let hash = sha256(secret);
        let key = ApiKey { id: hash.chars().take(12).collect(), created_at: at, revoked_at: None, ..key };
        let row = api_key::ActiveModel {
            id: Set(key.id.clone()),
            name: Set(key.name.clone()),
            key_hash: Set(hash),
            permissions: Set(json("permissions", &key.permissions)?),
            scope: Set(json("scope", &StoredScope::from(key.scope.clone()))?),
            created_at: Set(at.0),
            expires_at: Set(key.expires_at.map(|end| end.0)),
            revoked_at: Set(None),
        };
        api_key::Entity::insert(row).exec_without_returning(&self.db).await?;
        self.audit(actor, "api_key.added", &key.id, json!({ "name": key.name }), at);
        Ok(key)
    }

    /// Returns whether the key was live.
    pub async fn revoke_api_key(&mut self, scope: &Scope, id: &str, actor: &Actor, at: Instant) -> Result<bool, Error> {
        system_only(scope, "manage API keys")?;
        let row = api_key::Entity::find_by_id(id).lock_exclusive().one(&self.db).await?;
        let row = row.ok_or_else(|| Error::not_found("api key", id))?;
        if row.revoked_at.is_some() {
            return Ok(false);
        }
        let revoked = api_key::ActiveModel { revoked_at: Set(Some(at.0)), ..row.into_active_model() };
        api_key::Entity::update(revoked).exec(&self.db).await?;
        self.audit(actor, "api_key.revoked", id, json!({}), at);
        Ok(true)
    }
}

impl From<Scope> for StoredScope {
    fn from(scope: Scope) -> Self {
        match scope {
            Scope::Public => Self::Public,
            Scope::Enterprise(ordinal) => Self::Enterprise(ordinal),
            Scope::Bureau(bureau) => Self::Bureau(bureau),
            Scope::Area(area) => Self::Area(area),
            Scope::System => Self::System,
        }
    }
}

impl From<StoredScope> for Scope {
    fn from(scope: StoredScope) -> Self {
        match scope {
            StoredScope::Public => Self::Public,
            StoredScope::Enterprise(ordinal) => Self::Enterprise(ordinal),
            StoredScope::Bureau(bureau) => Self::Bureau(bureau),
            StoredScope::Area(area) => Self::Area(area),
            StoredScope::System => Self::System,
        }
    }
}

fn decode(row: api_key::Model) -> Result<ApiKey, Error> {
    let place = Row::new("api_key", &row.id);
    Ok(ApiKey {
        permissions: place.json("permissions", &row.permissions)?,
        scope: place.json::<StoredScope>("scope", &row.scope)?.into(),
        created_at: Instant(row.created_at),
        expires_at: row.expires_at.map(Instant),
        revoked_at: row.revoked_at.map(Instant),
        name: row.name,
        id: row.id,
    })
}
