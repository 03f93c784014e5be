//! Headers on every answer, and the check that an unsafe page request came from our own pages.
//!
//! There is no cookie and no script. What a page changes is authorised by an unguessable token in its address;
//! the origin check keeps another site from pressing the button for the visitor.

use actix_web::Error as ActixError;
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::{DefaultHeaders, Next};

use crate::error::Error;

/// Nothing is loaded from elsewhere and nothing inline runs; forms go to ourselves, nobody frames us.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-src 'self'; \
     form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'";

pub(crate) fn headers() -> DefaultHeaders {
    DefaultHeaders::new()
        .add((header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY))
        .add((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .add((header::X_FRAME_OPTIONS, "DENY"))
        // Search words stay here; forms of our own pages keep their Origin.
        .add((header::REFERRER_POLICY, "same-origin"))
        .add((header::PERMISSIONS_POLICY, "camera=(), microphone=(), geolocation=()"))
        .add((HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")))
}

/// Refuses unsafe requests from other sites. Exempt are the API (bearer keys, which no browser adds by itself)
/// and the two addresses that machines post to: one-click unsubscribe and the demo's receiver.
pub(crate) async fn refuse_cross_site(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, ActixError> {
    let exempt = ["/api/", "/u/", "/demo/receiver/"].iter().any(|prefix| request.path().starts_with(prefix));
    if request.method().is_safe() || exempt || is_same_origin(request.headers()) {
        Ok(next.call(request).await?.map_into_left_body())
    } else {
        Ok(request.error_response(Error::CrossSite).map_into_right_body())
    }
}

/// Trusts `Sec-Fetch-Site` where the browser sends it, else compares `Origin` with `Host`; neither means no.
fn is_same_origin(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin";
    }
    let authority = text("origin").and_then(|origin| origin.split_once("://")).map(|(_, authority)| authority);
    authority.is_some() && authority == text("host")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(pairs: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        is_same_origin(&headers)
    }

    #[test]
    fn only_our_own_pages_may_post() {
        assert!(judged(&[("sec-fetch-site", "same-origin")]));
        assert!(judged(&[("origin", "https://hqt.example.cn"), ("host", "hqt.example.cn")]));
        assert!(!judged(&[("origin", "https://evil.example"), ("host", "hqt.example.cn")]));
        assert!(!judged(&[("origin", "null"), ("host", "hqt.example.cn")]));
        assert!(!judged(&[("sec-fetch-site", "cross-site"), ("origin", "https://a"), ("host", "a")]));
        assert!(!judged(&[("sec-fetch-site", "same-site")]));
        assert!(!judged(&[("host", "hqt.example.cn")]));
    }
}
