//! `serve`: the pages and the API, the worker, or both, until a stop signal.

use std::net::TcpListener;
use std::sync::atomic::Ordering;

use anyhow::Context as _;
use pipeline::Context;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinHandle;

use crate::app::{self, Options};
use crate::cli::RunRole;
use crate::config::Config;
use crate::failure::Failure;
use crate::output;

/// A server that is already running, and how to stop it.
pub(super) type Pages = (web::Handle, JoinHandle<Result<(), web::Error>>);

pub(super) async fn run(config: &Config, role: RunRole) -> Result<(), Failure> {
    let cx = app::open(config, Options::default()).await?;
    let pages = match role {
        RunRole::Worker => None,
        RunRole::All | RunRole::Web => Some(open_pages(config, &cx)?),
    };
    until_stopped(config, &cx, pages, role != RunRole::Web).await
}

/// Binds before anything else starts, so that a taken port is said at once.
pub(super) fn bind(config: &Config) -> Result<TcpListener, Failure> {
    let listener = TcpListener::bind(config.server.bind)
        .with_context(|| format!("端口 {} 不能使用;用 server.bind 或 --port 换一个", config.server.bind))?;
    Ok(listener)
}

fn open_pages(config: &Config, cx: &Context) -> Result<Pages, Failure> {
    let listener = bind(config)?;
    let address = listener.local_addr()?;
    let running = web::serve(listener, app::pages(config, cx, None)?, config.server.shutdown.0)?;
    output::line(format!("网页已打开:http://{address}  (Ctrl-C 停止)"))?;
    Ok((running.handle(), tokio::spawn(running.wait())))
}

/// Works until the stop signal, then lets requests and deliveries under way finish.
pub(super) async fn until_stopped(
    config: &Config,
    cx: &Context,
    pages: Option<Pages>,
    works: bool,
) -> Result<(), Failure> {
    let worker = works
        .then(|| tokio::spawn(pipeline::scheduler::work(cx.clone(), config.worker.tick.0, config.worker.follow.0)));
    stop_signal().await?;
    tracing::info!("stopping: nothing new is begun");
    cx.stopping.store(true, Ordering::Relaxed);
    let finish = async {
        if let Some((handle, serving)) = pages {
            handle.stop().await;
            serving.await??;
        }
        if let Some(worker) = worker {
            worker.await?;
        }
        anyhow::Ok(())
    };
    match tokio::time::timeout(config.server.shutdown.0, finish).await {
        Ok(finished) => Ok(finished?),
        Err(_) => {
            tracing::warn!(
                "what was under way took too long and is left; leases and intents tell the next start what to do"
            );
            Ok(())
        }
    }
}

async fn stop_signal() -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted?,
        _ = terminate.recv() => {}
    }
    Ok(())
}
