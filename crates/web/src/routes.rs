//! The whole URL table on one screen. The OpenAPI document is compared with it in both directions.

use std::future::{Ready, ready};

use actix_web::guard::{Any, Get, Head};
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpResponse, Route};

use crate::error::Error;
use crate::{api, assets, health, observe, pages};

/// One address with the methods it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address {
    pub path: &'static str,
    pub methods: &'static [&'static str],
}

macro_rules! table {
    ($($path:literal { $($method:ident $($handler:ident)::+),+ })+) => {
        /// Every address of the service.
        pub const ADDRESSES: &[Address] = &[$(Address { path: $path, methods: &[$(stringify!($method)),+] }),+];

        pub(crate) fn configure(config: &mut ServiceConfig) {
            $(config.service(
                web::resource($path)
                    $(.route(method(stringify!($method)).to($($handler)::+)))+
                    .default_service(web::to(|| refuse(&[$(stringify!($method)),+]))),
            );)+
        }
    };
}

table! {
    "/"                                       { GET pages::search::show }
    "/policies/{code}"                        { GET pages::policy::show }
    "/items/{code}"                           { GET pages::guide::show }
    "/items/{code}/share"                     { GET pages::share::show }
    "/items/{code}/share.txt"                 { GET pages::share::text }
    "/items/{code}/qr.svg"                    { GET pages::share::qr }
    "/check"                                  { GET pages::check::ask, POST pages::check::answer }
    "/enterprises/{uscc}"                     { GET pages::enterprise::show }
    "/u/{token}"                              { GET pages::unsubscribe::ask, POST pages::unsubscribe::end }
    "/f/{token}/{item}/{answer}"              { GET pages::feedback::ask, POST pages::feedback::record }
    "/o/{push}/{item}"                        { GET pages::opened::lead_on }
    "/demo"                                   { GET pages::demo::firms }
    "/demo/mailbox"                           { GET pages::mailbox::list }
    "/demo/mailbox/{name}"                    { GET pages::mailbox::show }
    "/demo/mailbox/{name}/html"               { GET pages::mailbox::html }
    "/demo/receiver"                          { GET pages::receiver::list }
    "/demo/receiver/{name}"                   { POST pages::receiver::take }
    "/assets/site.css"                        { GET assets::sheet }
    "/assets/mark.svg"                        { GET assets::mark }
    "/healthz"                                { GET health::alive }
    "/readyz"                                 { GET health::ready }
    "/metrics"                                { GET observe::metrics }
    "/api/v1/openapi.json"                    { GET api::openapi::document }
    "/api/v1/policies"                        { GET api::policies::search }
    "/api/v1/policies/{code}"                 { GET api::policies::find, PUT api::publishing::save_policy }
    "/api/v1/policies/{code}/publish"         { POST api::publishing::publish }
    "/api/v1/policies/{code}/suspend"         { POST api::publishing::suspend }
    "/api/v1/policies/{code}/repeal"          { POST api::publishing::repeal }
    "/api/v1/items/{code}"                    { GET api::items::find, PUT api::publishing::save_item }
    "/api/v1/items/{code}/guide"              { GET api::items::guide }
    "/api/v1/items/{code}/calls/{batch}"      { PUT api::publishing::save_call }
    "/api/v1/enterprises/{uscc}"              { PUT api::enterprises::save }
    "/api/v1/enterprises/{uscc}/matches"      { GET api::enterprises::matches }
    "/api/v1/match"                           { POST api::matching::once }
    "/api/v1/conditions/preview"              { POST api::conditions::preview }
    "/api/v1/conditions/complete"             { POST api::conditions::complete }
    "/api/v1/schemas/{name}"                  { GET api::schemas::find }
}

fn method(name: &str) -> Route {
    match name {
        "POST" => web::post(),
        "PUT" => web::put(),
        // HEAD is GET without a body; link previews and monitors use it.
        _ => web::route().guard(Any(Get()).or(Head())),
    }
}

fn refuse(allow: &'static [&'static str]) -> Ready<Result<HttpResponse, Error>> {
    ready(Err(Error::MethodNotAllowed { allow }))
}

pub(crate) async fn unknown_address() -> Result<HttpResponse, Error> {
    Err(Error::not_found("没有这个地址。请检查网址，或回首页搜索。"))
}
