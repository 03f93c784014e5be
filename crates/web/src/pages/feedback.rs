//! One-click answers to a line of a letter: 判定不对, 已申报, 不感兴趣. The page asks, the button records:
//! mail scanners open every link.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use domain::matching::Entry;
use domain::{Answer, Scope, Subscription};
use storage::{Event, EventKind, Feedback, FeedbackKind};

use super::{page, unsubscribe};
use crate::error::Error;
use crate::state::State;
use crate::views::{Action, Link};

/// Token of the subscription, item code, answer.
type Address = Path<(String, String, String)>;

pub(crate) async fn ask(state: Data<State>, path: Address) -> Result<HttpResponse, Error> {
    let (token, code, answer) = path.into_inner();
    let (_, answer) = read(&state, &token, &answer).await?;
    let shelf = state.shelf().await?;
    let entry = shelf.find(&code)?;
    let view = Action {
        shell: state.shell(answer.label(), "", shelf.seq),
        heading: format!("{}：{}", answer.label(), entry.item.revision.name),
        text: consequence(answer).to_owned(),
        button: Some("确认"),
        links: vec![guide(entry)],
    };
    page(&state, &view)
}

pub(crate) async fn record(state: Data<State>, path: Address) -> Result<HttpResponse, Error> {
    let (token, code, answer) = path.into_inner();
    let (subscription, answer) = read(&state, &token, &answer).await?;
    let shelf = state.shelf().await?;
    let entry = shelf.find(&code)?;
    keep(&state, entry, &subscription, answer).await?;
    let view = Action {
        shell: state.shell("已收到", "", shelf.seq),
        heading: "已收到，谢谢".to_owned(),
        text: format!("“{}”：{}。", entry.item.revision.name, answer.label()),
        button: None,
        links: vec![guide(entry), Link::new("回首页", "/")],
    };
    page(&state, &view)
}

async fn read(state: &State, token: &str, answer: &str) -> Result<(Subscription, Answer), Error> {
    let answer = answer.parse().map_err(|_| Error::not_found("没有这个地址。请使用邮件里的链接。"))?;
    Ok((unsubscribe::find(state, token).await?, answer))
}

async fn keep(state: &State, entry: &Entry, subscription: &Subscription, answer: Answer) -> Result<(), Error> {
    let at = state.now();
    let feedback = Feedback {
        at,
        kind: match answer {
            Answer::Wrong => FeedbackKind::WrongVerdict,
            Answer::Applied => FeedbackKind::Applied,
            Answer::NotInterested => FeedbackKind::NotInterested,
        },
        push: None,
        item: Some(entry.item.id),
        enterprise: subscription.enterprise,
        note: None,
    };
    let event = Event {
        policy: Some(entry.policy.id),
        item: Some(entry.item.id),
        bureau: entry.item.bureau,
        enterprise: subscription.enterprise,
        ..Event::new(EventKind::Answered, at)
    };
    let mut tx = state.store().begin().await?;
    tx.record_feedback(&Scope::Public, &feedback).await?;
    tx.record_event(&Scope::Public, &event).await?;
    tx.commit().await?;
    Ok(())
}

fn consequence(answer: Answer) -> &'static str {
    match answer {
        Answer::Wrong => "确认后转给政策发布部门核对；如果确实判错，会更正并重新告知您。",
        Answer::Applied => "确认后记下您已经申报。",
        Answer::NotInterested => "确认后记下您对这个事项不感兴趣。",
    }
}

fn guide(entry: &Entry) -> Link {
    Link::new("看一策一表", format!("/items/{}", entry.item.code))
}
