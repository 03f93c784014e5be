//! One log line and two metrics per request. They name the route, never the address: an address holds
//! search words, tokens and codes of enterprises, and none of these is the operator's business.

use std::fmt::Write as _;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::CONTENT_TYPE;
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error as ActixError, HttpResponse};
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::error::Error;
use crate::state::State;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    route: String,
    method: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    route: String,
}

/// Upper bounds in seconds.
const BUCKETS: [f64; 9] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    seconds: Family<RouteLabels, Histogram>,
    indexed: Gauge,
    feed: Gauge,
    city: Gauge,
    city_bytes: Gauge,
    city_position: Gauge,
    city_differing: Gauge,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("hanqitong");
        let requests = Family::default();
        let seconds = Family::new_with_constructor((|| Histogram::new(BUCKETS)) as fn() -> Histogram);
        let (indexed, feed) = (Gauge::default(), Gauge::default());
        let [city, city_bytes, city_position, city_differing]: [Gauge; 4] = std::array::from_fn(|_| Gauge::default());
        registry.register("http_requests", "Requests answered, by route, method and status", requests.clone());
        let help = "Time from request to answer";
        registry.register_with_unit("http_request_duration", help, Unit::Seconds, seconds.clone());
        registry.register("index_policies", "Policies in the search index", indexed.clone());
        registry.register("change_feed_position", "Newest sequence of the change feed", feed.clone());
        registry.register("city_enterprises", "Enterprises held in memory", city.clone());
        registry.register_with_unit("city_memory", "Memory the enterprises take", Unit::Bytes, city_bytes.clone());
        registry.register("city_position", "Sequence of the change feed they are true for", city_position.clone());
        let help = "Pairs the last weekly comparison found memory and database to differ on";
        registry.register("city_differing_pairs", help, city_differing.clone());
        Self { registry, requests, seconds, indexed, feed, city, city_bytes, city_position, city_differing }
    }
}

impl Metrics {
    fn record(&self, route: &str, method: &str, status: u16, millis: i64) {
        let labels = RequestLabels { route: route.to_owned(), method: method.to_owned(), status };
        self.requests.get_or_create(&labels).inc();
        let seconds = f64::from(i32::try_from(millis).unwrap_or(i32::MAX)) / 1000.0;
        self.seconds.get_or_create(&RouteLabels { route: route.to_owned() }).observe(seconds);
    }
}

/// Measures and logs one request.
pub(crate) async fn observe(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, ActixError> {
    let state = request.app_data::<Data<State>>().cloned();
    let started = state.as_ref().map(|state| state.now());
    let response = next.call(request).await?;
    if let (Some(state), Some(started)) = (state, started) {
        report(&state, &response, state.now().millis_since(started));
    }
    Ok(response)
}

fn report<B>(state: &State, response: &ServiceResponse<B>, millis: i64) {
    let request = response.request();
    let route = request.match_pattern().unwrap_or_else(|| "none".to_owned());
    // A made-up method must not make a new time series.
    let method = if request.method().is_safe() { "read" } else { "write" };
    let status = response.status().as_u16();
    state.metrics.record(&route, method, status, millis);
    match response.response().error() {
        Some(error) if status >= 500 => {
            let causes = error.as_error::<Error>().map(causes).unwrap_or_default();
            tracing::error!(route, method, status, millis, causes, "request failed");
        }
        _ => tracing::info!(route, method, status, millis, "request answered"),
    }
}

/// The chain of sources, outermost first.
fn causes(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let _ = write!(text, ": {cause}");
        source = cause.source();
    }
    text
}

pub(crate) async fn metrics(state: Data<State>) -> Result<HttpResponse, Error> {
    state.metrics.indexed.set(i64::try_from(state.parts.index.len()).unwrap_or(i64::MAX));
    state.metrics.feed.set(state.store().latest_change(&domain::Scope::Public).await?);
    if let census::Phase::Ready { enterprises, seq, bytes } = state.census().phase() {
        let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        state.metrics.city.set(number(enterprises));
        state.metrics.city_bytes.set(number(bytes));
        state.metrics.city_position.set(seq);
    }
    if let Some((_, differing)) = state.census().last_proof() {
        state.metrics.city_differing.set(i64::try_from(differing).unwrap_or(i64::MAX));
    }
    let mut body = String::new();
    text::encode(&mut body, &state.metrics.registry).map_err(Error::Metrics)?;
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(HttpResponse::Ok().insert_header((CONTENT_TYPE, kind)).body(body))
}
