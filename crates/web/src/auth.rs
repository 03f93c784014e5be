//! API keys: `Authorization: Bearer …`. What a key may do and see comes with it.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use domain::{Permission, Scope};
use storage::{Actor, ApiKey};

use crate::error::Error;
use crate::state::State;

/// Somebody with a valid key.
#[derive(Clone, Debug)]
pub(crate) struct Caller(ApiKey);

impl Caller {
    /// The scope of the key if it may do this.
    pub(crate) fn may(&self, permission: Permission) -> Result<&Scope, Error> {
        if self.0.permissions.contains(&permission) { Ok(&self.0.scope) } else { Err(Error::Forbidden(permission)) }
    }

    /// As the audit names them.
    pub(crate) fn actor(&self) -> Actor {
        Actor::new(format!("key:{}", self.0.name))
    }

    /// Separates the idempotency keys of callers.
    pub(crate) fn id(&self) -> &str {
        &self.0.id
    }
}

/// Anybody; with a key, somebody who may see more.
#[derive(Clone, Debug)]
pub(crate) struct Reader(Option<Caller>);

impl Reader {
    pub(crate) fn scope(&self) -> Scope {
        self.0.as_ref().map_or(Scope::Public, |caller| caller.0.scope.clone())
    }

    /// Nothing for somebody with a key that may do this.
    pub(crate) fn may(&self, permission: Permission) -> Result<(), Error> {
        self.0.as_ref().ok_or(Error::Unauthenticated)?.may(permission).map(drop)
    }
}

impl FromRequest for Caller {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let presented = presented(request);
        let state = request.app_data::<Data<State>>().cloned();
        Box::pin(async move {
            let (Some(Ok(key)), Some(state)) = (presented, state) else { return Err(Error::Unauthenticated) };
            find(&state, &key).await
        })
    }
}

impl FromRequest for Reader {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let presented = presented(request);
        let state = request.app_data::<Data<State>>().cloned();
        Box::pin(async move {
            match (presented, state) {
                (None, _) => Ok(Self(None)),
                // A key that does not work is an error, not less to see: its holder would wonder why.
                (Some(Ok(key)), Some(state)) => Ok(Self(Some(find(&state, &key).await?))),
                _ => Err(Error::Unauthenticated),
            }
        })
    }
}

async fn find(state: &State, secret: &str) -> Result<Caller, Error> {
    let key = state.store().find_api_key(secret, state.now()).await?;
    key.map(Caller).ok_or(Error::Unauthenticated)
}

/// The presented key; `None` without the header, an error when it is of another kind.
fn presented(request: &HttpRequest) -> Option<Result<String, Error>> {
    let header = request.headers().get(AUTHORIZATION)?;
    let key = header.to_str().ok().and_then(|text| text.strip_prefix("Bearer ")).map(str::trim);
    Some(key.filter(|key| !key.is_empty()).map(str::to_owned).ok_or(Error::Unauthenticated))
}
