//! The application and the server around it.

use std::fmt;
use std::net::TcpListener;
use std::time::Duration;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Server, ServerHandle, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::header::{CONTENT_TYPE, HeaderValue};
use actix_web::middleware::{Next, from_fn};
use actix_web::web::{Data, FormConfig, JsonConfig, PathConfig, QueryConfig};
use actix_web::{App, Error as ActixError, HttpServer};

use crate::error::Error;
use crate::state::State;
use crate::views::ErrorPage;
use crate::{observe, routes, security};

/// Largest JSON body of the API; also said in [`Error::TooLarge`].
const BODY_LIMIT: usize = 2 * 1024 * 1024;

/// A running server: await it to serve, [`Handle::stop`] to end it.
pub struct Running {
    server: Server,
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running").finish_non_exhaustive()
    }
}

/// Stops a [`Running`] server from elsewhere.
#[derive(Clone, Debug)]
pub struct Handle(ServerHandle);

impl Handle {
    /// Takes no new connections, lets requests under way end, and returns when they have.
    pub async fn stop(&self) {
        self.0.stop(true).await;
    }
}

impl Running {
    pub fn handle(&self) -> Handle {
        Handle(self.server.handle())
    }

    /// Serves until stopped.
    ///
    /// # Errors
    /// If the listener fails.
    pub async fn wait(self) -> Result<(), Error> {
        Ok(self.server.await?)
    }
}

/// Serves `state` on `listener`. Signals are the caller's; `shutdown` bounds how long a stop may take.
///
/// # Errors
/// If the listener cannot be used.
pub fn serve(listener: TcpListener, state: State, shutdown: Duration) -> Result<Running, Error> {
    let state = Data::new(state);
    let server = HttpServer::new(move || application(state.clone()))
        .disable_signals()
        .shutdown_timeout(shutdown.as_secs())
        .listen(listener)?
        .run();
    Ok(Running { server })
}

/// The whole application: routes inside, then origin check, error pages, observation and headers around them.
pub(crate) fn application(
    state: Data<State>,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = ActixError,
        InitError = (),
    >,
> {
    App::new()
        .app_data(state)
        .app_data(JsonConfig::default().limit(BODY_LIMIT).error_handler(|error, _| json_error(&error).into()))
        .app_data(PathConfig::default().error_handler(|_, _| Error::not_found("没有这个地址。").into()))
        .app_data(QueryConfig::default().error_handler(|error, _| query_error(&error).into()))
        .app_data(
            FormConfig::default().error_handler(|_, _| Error::bad_request("表单内容无法读取，请返回重新填写。").into()),
        )
        .wrap(from_fn(security::refuse_cross_site))
        .wrap(from_fn(error_pages))
        .wrap(from_fn(observe::observe))
        .wrap(security::headers())
        .configure(routes::configure)
        .default_service(actix_web::web::to(routes::unknown_address))
}

fn json_error(error: &actix_web::error::JsonPayloadError) -> Error {
    use actix_web::error::JsonPayloadError as Json;
    match error {
        Json::OverflowKnownLength { .. } | Json::Overflow { .. } => Error::TooLarge,
        Json::ContentType => Error::NotJson,
        Json::Deserialize(error) => Error::bad_request(format!(
            "JSON 第 {} 行第 {} 字无法读取：{error}。请对照 /api/v1/openapi.json 修改。",
            error.line(),
            error.column()
        )),
        _ => Error::bad_request("请求内容没有读完整，请重试。"),
    }
}

fn query_error(error: &actix_web::error::QueryPayloadError) -> Error {
    Error::bad_request(format!("网址里的参数无法读取：{error}。请从首页重新搜索。"))
}

/// Outside `/api/`, an error is a page.
async fn error_pages(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, ActixError> {
    let for_machines = ["/api/", "/demo/receiver/"].iter().any(|prefix| request.path().starts_with(prefix));
    let response = next.call(request).await?.map_into_boxed_body();
    if for_machines {
        return Ok(response);
    }
    let state = response.request().app_data::<Data<State>>().cloned();
    let Some(page) = state.and_then(|state| error_page(&state, &response)) else { return Ok(response) };
    // Only the body changes: the error stays attached, so that it is logged once, outside.
    let mut response = response.map_body(|_, _| BoxBody::new(page));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    Ok(response)
}

fn error_page(state: &State, response: &ServiceResponse<BoxBody>) -> Option<String> {
    let error = response.response().error()?.as_error::<Error>()?;
    let ending = error.ending();
    let view = ErrorPage {
        shell: state.shell(ending.title, "", 0),
        status: ending.status.as_u16(),
        heading: ending.title.to_owned(),
        text: error.detail(),
    };
    state.render(&view).ok()
}
