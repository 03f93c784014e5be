//! What each page shows, as types: texts are Chinese and final, addresses are relative to this site.
//!
//! A template may name only what is here, and every sample here is rendered strictly in a test.

mod action;
mod check;
mod demo;
mod enterprise;
mod guide;
mod policy;
mod search;
mod shell;
mod tree;

pub(crate) use action::{Action, ErrorPage};
pub(crate) use check::{Also, Carried, Check, CheckResult, Choice, Input, Options, Question};
pub(crate) use demo::{Demo, DemoFirm, MailLine, MailPage, Mailbox, Received, Receiver};
pub(crate) use enterprise::{EnterprisePage, FactRow, MatchGroup, MatchLine, QuestionsCard, RelationLine, TotalCard};
pub(crate) use guide::{Guide, Row, Share, UpperLine};
pub(crate) use policy::PolicyPage;
pub(crate) use search::{Card, FacetGroup, FacetValue, Figures, ItemRow, SearchPage, Topic};
pub(crate) use shell::{Link, Shell};
pub(crate) use tree::Branch;
