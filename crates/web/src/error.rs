//! Everything a request can end in, and the one table that gives each ending its stable code, status and title.
//!
//! A handler returns [`Error`]. It is answered as RFC 9457 `application/problem+json`; for an address outside
//! `/api/` a middleware turns the same error into a page.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};
use domain::Permission;
use rules::Problem;
use serde_json::{Value, json};

/// How a request failed. `detail`s are Chinese and name place and remedy; sources are kept for the log.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("bad request: {0}")]
    BadRequest(String),
    #[error("invalid content: {} problems", .0.len())]
    Invalid(Vec<Problem>),
    #[error("no usable api key")]
    Unauthenticated,
    #[error("api key may not {0:?}")]
    Forbidden(Permission),
    #[error("the scope of the api key does not allow this")]
    OutOfScope,
    #[error("cross-site request")]
    CrossSite,
    #[error("not found: {0}")]
    NotFound(String),
    #[error("conflict: {0}")]
    Conflict(String),
    #[error("body too large")]
    TooLarge,
    #[error("media type is not application/json")]
    NotJson,
    #[error("method not allowed")]
    MethodNotAllowed { allow: &'static [&'static str] },
    #[error("template")]
    Template(#[from] minijinja::Error),
    #[error("there is no template named `{0}`")]
    UnknownTemplate(String),
    #[error("the database does not answer")]
    Unavailable(#[source] storage::Error),
    #[error("storage")]
    Storage(#[source] storage::Error),
    #[error("the city in memory")]
    Census(#[source] census::Error),
    #[error("file of the demo")]
    DemoFile(#[from] std::io::Error),
    #[error("qr code")]
    Qr(#[from] qrcode::types::QrError),
    #[error("metrics do not encode")]
    Metrics(#[source] std::fmt::Error),
    #[error("answer does not encode")]
    Json(#[source] serde_json::Error),
    #[error("the work was cancelled because the service stops")]
    Stopped,
}

impl From<storage::Error> for Error {
    /// Absent and out of scope are one answer; a value that refers to nothing is the caller's mistake.
    fn from(error: storage::Error) -> Self {
        match error {
            storage::Error::NotFound { .. } => Self::not_found("没有这项内容，或不在密钥的范围内。"),
            storage::Error::OutOfScope { .. } => Self::OutOfScope,
            storage::Error::Conflict(_) => Self::Conflict("同一编号刚被别人写入，请重新读取后再提交。".to_owned()),
            error if error.is_unavailable() => Self::Unavailable(error),
            error => Self::Storage(error),
        }
    }
}

impl From<census::Error> for Error {
    fn from(error: census::Error) -> Self {
        match error {
            census::Error::Storage(error) => error.into(),
            error => Self::Census(error),
        }
    }
}

/// One row of the table of endings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ending {
    /// Stable; clients may switch on it.
    pub code: &'static str,
    pub status: StatusCode,
    pub title: &'static str,
}

const fn ending(code: &'static str, status: StatusCode, title: &'static str) -> Ending {
    Ending { code, status, title }
}

const BAD_REQUEST: Ending = ending("bad_request", StatusCode::BAD_REQUEST, "请求无法理解");
const INVALID: Ending = ending("invalid_content", StatusCode::UNPROCESSABLE_ENTITY, "内容有误");
const UNAUTHENTICATED: Ending = ending("unauthenticated", StatusCode::UNAUTHORIZED, "需要有效的 API 密钥");
const FORBIDDEN: Ending = ending("forbidden", StatusCode::FORBIDDEN, "密钥没有这项权限");
const OUT_OF_SCOPE: Ending = ending("out_of_scope", StatusCode::FORBIDDEN, "超出密钥的范围");
const CROSS_SITE: Ending = ending("cross_site", StatusCode::FORBIDDEN, "请从本站页面提交");
const NOT_FOUND: Ending = ending("not_found", StatusCode::NOT_FOUND, "没有找到");
const CONFLICT: Ending = ending("conflict", StatusCode::CONFLICT, "与现有内容冲突");
const TOO_LARGE: Ending = ending("too_large", StatusCode::PAYLOAD_TOO_LARGE, "内容太大");
const NOT_JSON: Ending = ending("not_json", StatusCode::UNSUPPORTED_MEDIA_TYPE, "只接受 JSON");
const METHOD: Ending = ending("method_not_allowed", StatusCode::METHOD_NOT_ALLOWED, "此地址不支持这种操作");
const UNAVAILABLE: Ending = ending("unavailable", StatusCode::SERVICE_UNAVAILABLE, "系统正忙");
const INTERNAL: Ending = ending("internal", StatusCode::INTERNAL_SERVER_ERROR, "系统暂时出错");

/// Every ending a client can meet; the OpenAPI document lists the same codes.
pub const ENDINGS: [Ending; 13] = [
    BAD_REQUEST,
    INVALID,
    UNAUTHENTICATED,
    FORBIDDEN,
    OUT_OF_SCOPE,
    CROSS_SITE,
    NOT_FOUND,
    CONFLICT,
    TOO_LARGE,
    NOT_JSON,
    METHOD,
    UNAVAILABLE,
    INTERNAL,
];

impl Error {
    pub(crate) fn not_found(what: impl Into<String>) -> Self {
        Self::NotFound(what.into())
    }

    pub(crate) fn bad_request(detail: impl Into<String>) -> Self {
        Self::BadRequest(detail.into())
    }

    pub(crate) fn ending(&self) -> Ending {
        match self {
            Self::BadRequest(_) => BAD_REQUEST,
            Self::Invalid(_) => INVALID,
            Self::Unauthenticated => UNAUTHENTICATED,
            Self::Forbidden(_) => FORBIDDEN,
            Self::OutOfScope => OUT_OF_SCOPE,
            Self::CrossSite => CROSS_SITE,
            Self::NotFound(_) => NOT_FOUND,
            Self::Conflict(_) => CONFLICT,
            Self::TooLarge => TOO_LARGE,
            Self::NotJson => NOT_JSON,
            Self::MethodNotAllowed { .. } => METHOD,
            Self::Unavailable(_) | Self::Stopped => UNAVAILABLE,
            Self::Template(_)
            | Self::UnknownTemplate(_)
            | Self::Storage(_)
            | Self::Census(_)
            | Self::DemoFile(_)
            | Self::Qr(_)
            | Self::Metrics(_)
            | Self::Json(_) => INTERNAL,
        }
    }

    /// What went wrong and what to do, for a person.
    pub(crate) fn detail(&self) -> String {
        match self {
            Self::BadRequest(detail) | Self::NotFound(detail) | Self::Conflict(detail) => detail.clone(),
            Self::Invalid(problems) => format!("共 {} 处问题，见 problems，改好后重新提交。", problems.len()),
            Self::Unauthenticated => {
                "请在请求头 Authorization 中以 Bearer 方式提供有效的密钥；没有密钥请向平台运维申请。".into()
            }
            Self::Forbidden(permission) => {
                format!("这项操作需要权限「{}」，请向平台运维申请。", permission_words(*permission))
            }
            Self::OutOfScope => "密钥的范围不包含这项内容。请使用发布部门或所属企业的密钥。".into(),
            Self::CrossSite => "提交来自其他网站或缺少来源信息。请直接打开本站页面后再提交。".into(),
            Self::TooLarge => "请求内容超过 2 MB，请拆开提交或改用文件导入。".into(),
            Self::NotJson => "请把 Content-Type 设为 application/json。".into(),
            Self::MethodNotAllowed { .. } => "请对照 /api/v1/openapi.json 中的方法与地址。".into(),
            _ => "请稍后再试；多次出现请联系平台运维，并告知时间和页面地址。".into(),
        }
    }

    fn body(&self) -> Value {
        let Ending { code, status, title } = self.ending();
        let mut body = json!({
            "type": format!("urn:hanqitong:problem:{code}"),
            "code": code,
            "title": title,
            "status": status.as_u16(),
            "detail": self.detail(),
        });
        if let Self::Invalid(problems) = self {
            body["problems"] = json!(problems);
        }
        body
    }
}

fn permission_words(permission: Permission) -> &'static str {
    match permission {
        Permission::ReadEnterprise => "read_enterprise 查看企业",
        Permission::WriteEnterprise => "write_enterprise 写入企业",
        Permission::WritePolicy => "write_policy 发布政策",
    }
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        self.ending().status
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        if matches!(self, Self::Unauthenticated) {
            response.insert_header((header::WWW_AUTHENTICATE, "Bearer realm=\"hanqitong\""));
        }
        if let Self::MethodNotAllowed { allow } = self {
            response.insert_header((header::ALLOW, allow.join(", ")));
        }
        response
            .insert_header((header::CONTENT_TYPE, "application/problem+json; charset=utf-8"))
            .body(self.body().to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ending_has_its_own_code() {
        let codes: std::collections::BTreeSet<_> = ENDINGS.iter().map(|ending| ending.code).collect();
        assert_eq!(codes.len(), ENDINGS.len());
    }

    #[test]
    fn a_problem_names_place_and_remedy_and_keeps_causes_to_itself() {
        let problem = Problem::error("不是日期").place("facts.established_on").remedy("写成 2020-03-01");
        let body = Error::Invalid(vec![problem]).body();
        assert_eq!(body["status"], 422);
        assert_eq!(body["problems"][0]["place"], "facts.established_on");
        let inner = Error::DemoFile(std::io::Error::other("/secret/path")).body().to_string();
        assert!(!inner.contains("secret"), "{inner}");
    }
}
